"""What a procedure is: stages, what each needs, and when it is part of a case.

A definition is data (``*.yaml`` beside this file), validated at load: unique keys, known
references, no cycle for any choice that a case may make. Versions stay in their files as
long as a case uses them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import product
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from agreements.law.deadlines import Period, parse_period
from agreements.law.instruments import Instrument
from agreements.model.enums import Condition, Role, Round, StageKind, TaskKind
from agreements.yaml_text import parsed

FOLDER = Path(__file__).parent


OPPOSITES: tuple[tuple[Condition, Condition], ...] = (
    (Condition.PRINCIPLE_ROUND, Condition.NO_PRINCIPLE_ROUND),
    (Condition.KREISTAG_FIRST, Condition.KREISTAG_LAST),
)


class Requirement(StrEnum):
    """The closed vocabulary of ``requires``: facts that change while a case runs."""

    PROGRAMME_CONDITIONS_MET = "programme_conditions_met"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Need(_Data):
    """A stage that must be done before; ``when`` limits the need to some cases.

    ``lasting``: what was done stays good if the needed stage is repeated in a later round.
    """

    stage: str
    when: tuple[Condition, ...] = ()
    lasting: bool = False


def _need(value: object) -> object:
    return {"stage": value} if isinstance(value, str) else value


class Addressee(StrEnum):
    """Which parties a task goes to."""

    LEAD = "lead"
    APPLICANT = "applicant"
    EACH_PARTY = "each_party"


_LONGEST_MONTHS, _LONGEST_DAYS = 24, 730


def _period(value: object) -> object:
    if not isinstance(value, str):
        return value
    period = parse_period(value)
    if period.months > _LONGEST_MONTHS or period.days > _LONGEST_DAYS:
        raise ValueError(f"longer than two years: {value}")
    return period


# As the command line writes it: "4w", "1m", "10at".
InternalPeriod = Annotated[Period, BeforeValidator(_period)]


class TaskDefinition(_Data):
    """A task of a stage. ``at_opening``: open with the stage, else when the domain opens it.

    ``four_eyes``: whoever completed that task of the stage may not complete this one.
    ``within``: the Frist that the procedure sets if nothing else does, from the day on which the
    task opens. ``after_meeting``: the one from the day of the meeting that it waits for, if known.
    """

    kind: TaskKind
    of: Addressee
    role: Role
    title: str
    at_opening: bool = True
    four_eyes: TaskKind | None = None
    within: InternalPeriod | None = None
    after_meeting: InternalPeriod | None = None

    @model_validator(mode="after")
    def _second_after_first(self) -> TaskDefinition:
        if self.four_eyes is not None and self.at_opening:
            raise ValueError("a second pair of eyes is asked when the first part is done")
        return self


class PeriodsSource(_Data):
    """Where the periods of a procedure's tasks come from, and of which day they are."""

    as_of: date
    text: str = Field(min_length=3)


class StageDefinition(_Data):
    """One stage of a procedure. ``title`` is what people read."""

    key: str = Field(pattern=r"^[a-z][a-z_]*$")
    kind: StageKind
    title: str
    round: Round | None = None
    needs: tuple[Annotated[Need, BeforeValidator(_need)], ...] = ()
    when: tuple[Condition, ...] = ()
    requires: tuple[Requirement, ...] = ()
    tasks: tuple[TaskDefinition, ...] = ()

    def task(self, kind: TaskKind) -> TaskDefinition:
        """The stage's task of that kind; ``KeyError`` if it has none."""
        for task in self.tasks:
            if task.kind is kind:
                return task
        raise KeyError(kind)


class Procedure(_Data):
    """A procedure in one version."""

    id: str = Field(pattern=r"^[a-z][a-z-]*$")
    version: int = Field(ge=1)
    title: str
    instruments: tuple[Instrument, ...]
    source: str
    periods: PeriodsSource | None = None
    stages: tuple[StageDefinition, ...]

    @model_validator(mode="after")
    def _is_a_graph(self) -> Procedure:
        keys = [stage.key for stage in self.stages]
        if len(set(keys)) != len(keys):
            raise ValueError("stage keys must be unique")
        if unknown := {n.stage for s in self.stages for n in s.needs} - set(keys):
            raise ValueError(f"unknown stages are needed: {sorted(unknown)}")
        for chosen in every_choice():
            try:
                tuple(TopologicalSorter(self._edges(chosen)).static_order())
            except CycleError as error:
                raise ValueError(f"stages need each other in a circle: {error.args[1]}") from error
        return self

    @model_validator(mode="after")
    def _says_where_its_periods_come_from(self) -> Procedure:
        tasks = [task for stage in self.stages for task in stage.tasks]
        if self.periods is None and any(t.within or t.after_meeting for t in tasks):
            raise ValueError("periods of tasks need a source: periods")
        return self

    def _edges(self, chosen: frozenset[Condition]) -> Mapping[str, Iterable[str]]:
        return {s.key: [n.stage for n in s.needs if chosen.issuperset(n.when)] for s in self.stages}

    def building_on(self, keys: Iterable[str], holding: frozenset[Condition]) -> set[str]:
        """These stages and all that must be repeated with them, since they build on them."""
        found = set(keys)
        while (
            grown := {
                stage.key
                for stage in self.stages
                for need in stage.needs
                if need.stage in found and not need.lasting and holding.issuperset(need.when)
            }
            - found
        ):
            found |= grown
        return found

    def stage(self, key: str) -> StageDefinition:
        """The stage of that key; ``KeyError`` if there is none."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> Mapping[str, StageDefinition]:
        return {stage.key: stage for stage in self.stages}


def every_choice() -> Iterable[frozenset[Condition]]:
    """Every set of conditions that can hold together in a case."""
    paired = {c for pair in OPPOSITES for c in pair}
    free: list[tuple[Condition | None, ...]] = [(None, c) for c in Condition if c not in paired]
    for choice in product(*OPPOSITES, *free):
        yield frozenset(c for c in choice if c is not None)


@lru_cache
def procedures() -> Mapping[tuple[str, int], Procedure]:
    """All shipped procedures by (id, version)."""
    found: dict[tuple[str, int], Procedure] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        procedure = Procedure.model_validate(parsed(path.read_text(encoding="utf-8")))
        key = (procedure.id, procedure.version)
        if key in found:
            raise ValueError(f"{path.name}: {key} is defined twice")
        found[key] = procedure
    return found


def procedure(procedure_id: str, version: int) -> Procedure:
    """That version of a procedure; ``KeyError`` if it is not shipped."""
    return procedures()[(procedure_id, version)]


def latest(procedure_id: str) -> Procedure:
    """The newest version of a procedure, for a case that starts now."""
    return max((p for p in procedures().values() if p.id == procedure_id), key=lambda p: p.version)
