"""Stages that are still ahead: nothing is known of them but what the procedure says.

A stage gets its row when its turn comes, when somebody is asked something that belongs to it, or
when only a requirement keeps it waiting. Until then it is made up where a case's stages are read:
not due, or no part of the case, as the conditions and the stages with a row say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state

from agreements.ids import new_id
from agreements.model.base import fresh
from agreements.model.cases import Case, Stage
from agreements.model.enums import Awaits, Condition, StageState
from agreements.procedures.definition import StageDefinition, procedure
from agreements.procedures.progress import CaseFacts, StageFacts, StageProgress, progress

_MADE_UP: Final = "ahead.stages"
_AHEAD: Final = (StageState.NOT_DUE, StageState.SKIPPED)


def with_those_ahead(session: Session, case: Case, rows: Mapping[str, Stage]) -> dict[str, Stage]:
    """The stages that have a row, and those that have none, in the procedure's order."""
    definitions = procedure(case.procedure, case.procedure_version).stages
    holding = frozenset(case.conditions)
    return {
        definition.key: rows.get(definition.key)
        or _ahead(session, case, definition, position, holding)
        for position, definition in enumerate(definitions, start=1)
    }


def _ahead(
    session: Session,
    case: Case,
    definition: StageDefinition,
    position: int,
    holding: frozenset[Condition],
) -> Stage:
    # The same object for all who ask in a session: whoever keeps it keeps it once.
    known: dict[tuple[UUID, str], Stage] = session.info.setdefault(_MADE_UP, {})
    stage = known.get((case.id, definition.key))
    if stage is None:
        stage = known[case.id, definition.key] = _made_up(case, definition, position)
    if is_ahead(stage):
        belongs = holding.issuperset(definition.when)
        state = StageState.NOT_DUE if belongs else StageState.SKIPPED
        if stage.state is not state:
            stage.state = state
    return stage


def _made_up(case: Case, definition: StageDefinition, position: int) -> Stage:
    return fresh(
        Stage,
        id=new_id(),
        case_id=case.id,
        key=definition.key,
        kind=definition.kind,
        round=definition.round,
        number=1,
        position=position,
        state=StageState.NOT_DUE,
        awaits=Awaits.NOBODY,
        reason="",
        state_since=case.started_at,
        attempt=1,
        run_ended=False,
    )


def explain(case: Case, stages: Mapping[str, Stage]) -> None:
    """Say of each stage ahead what it waits for."""
    facts = CaseFacts(
        frozenset(case.conditions),
        stages={
            key: StageFacts(done=stage.state is StageState.DONE) for key, stage in stages.items()
        },
    )
    judged = progress(procedure(case.procedure, case.procedure_version), facts)
    for key, stage in stages.items():
        if is_ahead(stage):
            stage.reason = judged[key].reason


def is_ahead(stage: Stage) -> bool:
    """Whether the stage has no row."""
    return instance_state(stage).transient


def stays_ahead(judged: StageProgress) -> bool:
    """Whether a stage that stands so needs no row: all that is known of it can be made up."""
    return judged.state in _AHEAD and not judged.held
