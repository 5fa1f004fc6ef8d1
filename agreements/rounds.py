"""New rounds: a stage is repeated, and with it what builds on it. Nothing is overwritten.

The old instance of a stage stays as ``superseded`` with the reason; a new one with the next
number takes its place. Who has a resolution that holds for the text need not decide again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from agreements import clock, councils, course, drafting, journal, outbox, tasks
from agreements.errors import Conflict
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.drafting import TextVersion
from agreements.model.enums import (
    Awaits,
    CaseState,
    Round,
    StageKind,
    StageState,
    TaskKind,
    TaskState,
    VersionKind,
)
from agreements.people import Actor
from agreements.procedures.transitions import STAGE, StageAction, StageActionFacts, Who

_BEGUN: Final = (StageState.READY, StageState.OPEN, StageState.BLOCKED, StageState.DONE)
_LIVE: Final = (StageState.READY, StageState.OPEN, StageState.BLOCKED)
# What people were asked apart from the round: it is still to be done in the next one.
_MOVED: Final = (TaskKind.SETTLE_RESERVATION, TaskKind.CONFIRM_URGENT_DECISION, TaskKind.AD_HOC)
_REOPENED_BY: Final = {
    VersionKind.PRINCIPLE: StageKind.DRAFTING,
    VersionKind.AGREEMENT: StageKind.COORDINATION,
}
_COUNCIL_KINDS: Final = (StageKind.COUNCIL_RESOLUTIONS, StageKind.KREISTAG_DECISION)


def require_running(session: Session, case: Case) -> None:
    """Refuse detours in a case that is over, or whose agreement is in force."""
    if case.state is not CaseState.RUNNING:
        raise Conflict("case-over", "Der Vorgang ist abgeschlossen oder zurückgezogen.")
    in_force = any(
        stage.kind is StageKind.ENTRY_INTO_FORCE and stage.state is StageState.DONE
        for stage in course.stages_of(session, case).values()
    )
    if in_force:
        raise Conflict(
            "agreement-in-force",
            "Die Vereinbarung ist in Kraft. Änderung, Beitritt, Kündigung und Aufhebung sind ein "
            "eigener Vorgang.",
        )


def repeat(
    session: Session,
    actor: Actor | None,
    case: Case,
    keys: Iterable[str],
    because: str,
    *,
    legal_date: date,
    legal_basis: str | None = None,
) -> list[Stage]:
    """Repeat these stages, and those that have begun and build on them; the case is locked.

    Returns the new instances. The caller judges the case when all is done.
    """
    procedure = course.procedure_of(case)
    wanted = procedure.building_on(keys, frozenset(case.conditions))
    stages = course.stages_of(session, case)
    made = []
    for key, stage in stages.items():
        if key in wanted and stage.state in _BEGUN:
            made.append(
                _replace(
                    session,
                    actor,
                    case,
                    stage,
                    because,
                    legal_date=legal_date,
                    legal_basis=legal_basis,
                )
            )
    session.flush()
    return made


def leave_out(
    session: Session, actor: Actor | None, case: Case, because: str, *, legal_date: date
) -> None:
    """End the stages that are no part of the case any more, by its conditions of now.

    Should they become part of it again, they begin anew.
    """
    procedure, holding = course.procedure_of(case), frozenset(case.conditions)
    for key, stage in course.stages_of(session, case).items():
        if holding.issuperset(procedure.stage(key).when):
            continue
        left_out = stage
        if stage.state in _BEGUN:
            left_out = _replace(session, actor, case, stage, because, legal_date=legal_date)
        tasks.cancel(session, Task.stage_id == left_out.id)


def _replace(
    session: Session,
    actor: Actor | None,
    case: Case,
    stage: Stage,
    because: str,
    *,
    legal_date: date,
    legal_basis: str | None = None,
) -> Stage:
    supersede(session, stage, because)
    journal.append(
        session,
        case,
        Event.STAGE_SUPERSEDED,
        actor,
        legal_date=legal_date,
        reason=because,
        legal_basis=legal_basis,
        before={"stage": stage.key, "round": stage.number},
        after={"stage": stage.key, "round": stage.number + 1},
        data={"stage": stage.key},
    )
    return _next_round(session, stage)


def supersede(session: Session, stage: Stage, because: str) -> None:
    """End a stage that will not be carried on: its tasks and open consultations with it."""
    session.add(stage)  # one that was still ahead had no row
    stage.state = STAGE.judge(stage.state, StageAction.SUPERSEDE, Who.MACHINE, StageActionFacts())
    stage.state_since, stage.awaits = clock.now(), Awaits.NOBODY
    stage.reason = stage.superseded_because = because
    if stage.kind in _COUNCIL_KINDS:
        for paper in councils.papers_of(session, stage.id):
            councils.drop_undecided(session, paper, because)
    tasks.cancel(session, (Task.stage_id == stage.id) & Task.kind.not_in(_MOVED))
    outbox.wake(session, stage.id)


def _next_round(session: Session, stage: Stage) -> Stage:
    following = Stage(
        case_id=stage.case_id,
        key=stage.key,
        kind=stage.kind,
        round=stage.round,
        number=stage.number + 1,
        position=stage.position,
        state=StageState.NOT_DUE,
        state_since=clock.now(),
    )
    session.add(following)
    session.flush()
    session.execute(
        update(Task)
        .where(Task.stage_id == stage.id, Task.kind.in_(_MOVED), Task.state == TaskState.OPEN)
        .values(stage_id=following.id)
    )
    return following


def reopen_text(
    session: Session,
    actor: Actor | None,
    case: Case,
    kind: VersionKind,
    because: str,
    *,
    legal_date: date,
    legal_basis: str | None = None,
) -> None:
    """Open the text again: the frozen version stays on record, a new one can be written."""
    frozen = drafting.frozen_version(session, case.id, kind)
    if frozen is None:
        raise Conflict("text-open", "Der Text ist nicht festgeschrieben; er kann geändert werden.")
    _thaw(session, actor, case, frozen, because, legal_date, legal_basis)
    if kind is VersionKind.PRINCIPLE:
        # What builds on the draft is repeated, and with it the coordination of the agreement.
        agreement = drafting.frozen_version(session, case.id, VersionKind.AGREEMENT)
        if agreement is not None:
            _thaw(session, actor, case, agreement, because, legal_date, legal_basis)
    keys = [
        key
        for key, stage in course.stages_of(session, case).items()
        if stage.kind is _REOPENED_BY[kind]
    ]
    repeat(session, actor, case, keys, because, legal_date=legal_date, legal_basis=legal_basis)


def _thaw(
    session: Session,
    actor: Actor | None,
    case: Case,
    frozen: TextVersion,
    because: str,
    legal_date: date,
    legal_basis: str | None,
) -> None:
    frozen.superseded_at = clock.now()
    journal.append(
        session,
        case,
        Event.TEXT_REOPENED,
        actor,
        legal_date=legal_date,
        reason=because,
        legal_basis=legal_basis,
        data={
            "kind": frozen.kind.value,
            "version": frozen.number,
            "text_hash": frozen.text_hash,
        },
    )


def decide_again(
    session: Session,
    actor: Actor | None,
    case: Case,
    body_id: UUID,
    round_: Round,
    because: str,
    *,
    legal_date: date,
    legal_basis: str | None = None,
) -> None:
    """A body decides again on the text of a round: in the stage that runs, else in a new one.

    Before that stage has begun there is nothing to do: the body will decide there anyway.
    """
    stage = stage_of_body(session, case, body_id, round_)
    if stage is None or stage.state not in _BEGUN:
        return
    # Why is the body's own affair where it consults in private; that it does is not.
    short = session.get_one(Body, body_id).forms["short"]
    again = f"{short} befasst sich erneut mit dem Text."
    journal.append(
        session,
        case,
        Event.PAPER_RENEWED,
        actor,
        legal_date=legal_date,
        body_id=body_id,
        reason=because,
        legal_basis=legal_basis,
        confidential=councils.in_private(session, case, body_id),
        data={"stage": stage.key},
    )
    if stage.state is StageState.DONE:
        repeat(session, actor, case, [stage.key], again, legal_date=legal_date)
    else:
        councils.consider_again(session, case, stage, body_id, again)


def stage_of_body(session: Session, case: Case, body_id: UUID, round_: Round) -> Stage | None:
    """The current stage in which a body decides in a round."""
    body = session.scalars(select(Body).where(Body.id == body_id)).unique().one()
    kind = StageKind.KREISTAG_DECISION if body.kind.is_district else StageKind.COUNCIL_RESOLUTIONS
    for stage in course.stages_of(session, case).values():
        if stage.kind is kind and stage.round is round_:
            return stage
    return None


def is_live(stage: Stage) -> bool:
    """Whether the stage runs now."""
    return stage.state in _LIVE
