"""Stopping: the case is withdrawn, everything that was asked of people is taken back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from agreements import course, journal, rounds, tasks
from agreements.detours.ways import DetourInput, enter
from agreements.journal import Event
from agreements.model.cases import Case, Task
from agreements.model.enums import CaseState, Detour, StageState
from agreements.people import Actor


class WithdrawCase(DetourInput):
    """Den Vorgang zurückziehen."""


def withdraw_case(session: Session, actor: Actor, case: Case, wanted: WithdrawCase) -> None:
    """Stop the case. What was resolved, signed and written stays on record."""
    actor, _ = enter(session, actor, case, Detour.WITHDRAW_CASE, wanted)
    because = "Der Vorgang ist zurückgezogen."
    for stage in course.stages_of(session, case).values():
        if stage.state not in (StageState.DONE, StageState.SKIPPED, StageState.SUPERSEDED):
            rounds.supersede(session, stage, because)
    tasks.cancel(session, Task.case_id == case.id)
    case.state, case.ended_on = CaseState.WITHDRAWN, wanted.decided_on
    case.ended_because = wanted.reason
    journal.append(
        session,
        case,
        Event.CASE_WITHDRAWN,
        actor,
        legal_date=wanted.decided_on,
        reason=wanted.reason,
    )
    session.flush()
