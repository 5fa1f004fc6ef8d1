"""What is next in a case: a pure function of the procedure and the case's facts.

Everything else (the flows, the inbox, "what is missing") reads its answer; nothing else
names a stage's successor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agreements.model.enums import Awaits, Condition, StageState
from agreements.procedures.definition import Procedure, Requirement, StageDefinition


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What is known of one stage of a case.

    superseded: why this stage will not be carried on, as a sentence.
    missing: what people still have to do, as sentences. obstacle: why the stage cannot end
    as things stand. not_before: a day that has to come first, as a sentence.
    """

    begun: bool = False
    prepared: bool = False
    done: bool = False
    superseded: str | None = None
    missing: tuple[str, ...] = ()
    obstacle: str | None = None
    not_before: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of a case. unmet: why a requirement does not hold yet."""

    conditions: frozenset[Condition]
    unmet: Mapping[Requirement, str] = field(default_factory=dict)
    stages: Mapping[str, StageFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StageProgress:
    """Where a stage stands, who is on turn, and why, in a sentence.

    held: all that it builds on is there, only a requirement does not hold yet.
    """

    state: StageState
    awaits: Awaits
    reason: str
    held: bool = False


def progress(procedure: Procedure, facts: CaseFacts) -> dict[str, StageProgress]:
    """Where every stage of the procedure stands."""
    judged: dict[str, StageProgress] = {}

    def of(key: str) -> StageProgress:
        if key not in judged:
            judged[key] = _judge(procedure.stage(key))
        return judged[key]

    def _judge(stage: StageDefinition) -> StageProgress:
        own = facts.stages.get(stage.key, StageFacts())
        if not facts.conditions.issuperset(stage.when):
            return _nobody(StageState.SKIPPED, "Gehört nicht zu diesem Vorgang.")
        if own.superseded:
            return _nobody(StageState.SUPERSEDED, own.superseded)
        if own.done:
            return _nobody(StageState.DONE, "Abgeschlossen.")
        if own.begun:
            return _open(own)
        if waiting_for := list(dict.fromkeys(_waiting_for(stage))):
            return _nobody(StageState.NOT_DUE, "Wartet auf: " + ", ".join(waiting_for) + ".")
        unmet = [facts.unmet[r] for r in stage.requires if r in facts.unmet]
        if unmet:
            return StageProgress(StageState.NOT_DUE, Awaits.NOBODY, " ".join(unmet), held=True)
        return StageProgress(StageState.READY, Awaits.MACHINE, "Wird vorbereitet.")

    def _waiting_for(stage: StageDefinition) -> Iterator[str]:
        for need in stage.needs:
            if not facts.conditions.issuperset(need.when):
                continue
            needed, state = procedure.stage(need.stage), of(need.stage).state
            if state is StageState.SKIPPED:
                # What is left out still stands between its neighbours: its needs are ours.
                yield from _waiting_for(needed)
            elif state is not StageState.DONE:
                yield needed.title

    return {stage.key: of(stage.key) for stage in procedure.stages}


def _nobody(state: StageState, reason: str) -> StageProgress:
    return StageProgress(state, Awaits.NOBODY, reason)


def _open(own: StageFacts) -> StageProgress:
    if not own.prepared:
        return StageProgress(StageState.OPEN, Awaits.MACHINE, "Wird vorbereitet.")
    if own.obstacle:
        return StageProgress(StageState.BLOCKED, Awaits.PEOPLE, own.obstacle)
    if own.missing:
        return StageProgress(StageState.OPEN, Awaits.PEOPLE, " ".join(own.missing))
    if own.not_before:
        return StageProgress(StageState.OPEN, Awaits.DATE, own.not_before)
    return StageProgress(StageState.OPEN, Awaits.MACHINE, "Wird abgeschlossen.")
