"""What the flows and the conductor ask the domain: may this run go on, what is due, who holds it.

A stage knows the run that drives it. Any other run (started by hand, retried after the end)
has no effect. All functions work inside the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from agreements import clock, course, journal, outbox, tasks
from agreements.errors import NotFound
from agreements.journal import Event
from agreements.model.cases import Case, Stage
from agreements.model.enums import Awaits, CaseState, StageKind, StageState
from agreements.model.records import Conductor, StageLease
from agreements.people import Actor
from agreements.procedures.transitions import STAGE, StageAction, StageActionFacts, Who

LEASE_LIFE = timedelta(seconds=15)
LIVE = course.LIVE


class Verdict(StrEnum):
    """May a run go on?"""

    PROCEED = "proceed"
    WITHOUT_EFFECT = "without_effect"
    HALTED = "halted"


@dataclass(frozen=True, slots=True)
class StageView:
    """What a conductor needs to know of a stage; no names of people, no texts."""

    id: UUID
    case_id: UUID
    reference: str
    title: str
    key: str
    kind: StageKind
    state: StageState
    awaits: Awaits
    reason: str
    flow_run_id: UUID | None
    attempt: int
    halted: bool
    failure: str | None


def _views() -> Select[Stage, str, str]:
    return select(Stage, Case.reference, Case.title).join(Case, Case.id == Stage.case_id)


def _view(row: Row[Stage, str, str]) -> StageView:
    return view_of(*row)


def view_of(stage: Stage, reference: str, title: str) -> StageView:
    """A stage of the case with that reference and title as a conductor sees it."""
    return StageView(
        id=stage.id,
        case_id=stage.case_id,
        reference=reference,
        title=title,
        key=stage.key,
        kind=stage.kind,
        state=stage.state,
        awaits=stage.awaits,
        reason=stage.reason,
        flow_run_id=stage.flow_run_id,
        attempt=stage.attempt,
        halted=stage.halted_at is not None,
        failure=stage.failure,
    )


def view(session: Session, stage_id: UUID) -> StageView | None:
    """One stage as a conductor sees it."""
    row = session.execute(_views().where(Stage.id == stage_id)).first()
    return _view(row) if row else None


def view_by_run(session: Session, flow_run_id: UUID) -> StageView | None:
    """The stage that this run drives; None if it drives none."""
    row = session.execute(_views().where(Stage.flow_run_id == flow_run_id)).first()
    return _view(row) if row else None


def live_stages(session: Session) -> list[StageView]:
    """All stages that should have a run now."""
    rows = session.execute(_views().where(Stage.state.in_(LIVE)).order_by(Stage.id))
    return [_view(row) for row in rows]


def unfinished_runs(session: Session) -> list[StageView]:
    """Superseded stages whose run may still be alive."""
    rows = session.execute(
        _views().where(
            Stage.state == StageState.SUPERSEDED,
            Stage.flow_run_id.is_not(None),
            Stage.run_ended.is_(False),
        )
    )
    return [_view(row) for row in rows]


def cases_waiting_for_a_day(session: Session) -> list[UUID]:
    """The cases in which a day has to come first."""
    return list(
        session.scalars(
            select(Stage.case_id)
            .where(Stage.awaits == Awaits.DATE, Stage.state.in_(LIVE))
            .distinct()
        )
    )


def judge_case(session: Session, case_id: UUID) -> None:
    """Judge where a case stands today; one case in a transaction, as everywhere."""
    course.judge(session, course.locked_case(session, case_id))


def record_run(session: Session, stage_id: UUID, attempt: int, flow_run_id: UUID) -> bool:
    """Note the run of an attempt; False if the stage has moved on meanwhile."""
    changed = session.execute(
        update(Stage)
        .where(Stage.id == stage_id, Stage.attempt == attempt, Stage.flow_run_id.is_(None))
        .values(flow_run_id=flow_run_id)
        .returning(Stage.id)
    ).first()
    return changed is not None


def run_key(stage_id: UUID, attempt: int) -> str:
    """The idempotency key of the run of an attempt."""
    return f"{stage_id}:{attempt}"


def adopt_run(session: Session, stage_id: UUID, key: str, flow_run_id: UUID) -> bool:
    """A run that was made for the stage but not noted yet (its maker died in between)."""
    stage = session.get(Stage, stage_id)
    if stage is None or stage.state not in LIVE or key != run_key(stage.id, stage.attempt):
        return False
    return record_run(session, stage.id, stage.attempt, flow_run_id)


def forget_run(session: Session, stage_id: UUID, flow_run_id: UUID) -> None:
    """The run is gone: the conductor makes a new one."""
    session.execute(
        update(Stage)
        .where(Stage.id == stage_id, Stage.flow_run_id == flow_run_id)
        .values(flow_run_id=None, attempt=Stage.attempt + 1)
    )
    outbox.wake(session, stage_id)


def note_run_ended(session: Session, stage_id: UUID) -> None:
    """The run of a superseded stage has ended; nobody needs to look after it any more."""
    session.execute(update(Stage).where(Stage.id == stage_id).values(run_ended=True))


def forget_runs(session: Session) -> int:
    """After a restore: no run of before is known any more. Returns how many were forgotten."""
    session.execute(delete(StageLease))
    forgotten = session.execute(
        update(Stage)
        .where(Stage.flow_run_id.is_not(None), Stage.state.in_(LIVE))
        .values(flow_run_id=None, attempt=Stage.attempt + 1)
        .returning(Stage.id)
    ).all()
    return len(forgotten)


def take_lease(session: Session, stage_id: UUID, flow_run_id: UUID, holder: str) -> bool:
    """Take or renew the lease of a stage; False if somebody else holds it."""
    now = clock.now()
    taken = session.execute(
        insert(StageLease)
        .values(
            stage_id=stage_id,
            flow_run_id=flow_run_id,
            holder=holder,
            expires_at=now + LEASE_LIFE,
        )
        .on_conflict_do_update(
            index_elements=[StageLease.stage_id],
            set_={"holder": holder, "flow_run_id": flow_run_id, "expires_at": now + LEASE_LIFE},
            where=(StageLease.holder == holder) | (StageLease.expires_at < now),
        )
        .returning(StageLease.stage_id)
    ).first()
    return taken is not None


def renew_lease(session: Session, stage_id: UUID, holder: str) -> bool:
    """Renew the lease of a stage that is worked on; False if somebody else holds it now."""
    renewed = session.execute(
        update(StageLease)
        .where(StageLease.stage_id == stage_id, StageLease.holder == holder)
        .values(expires_at=clock.now() + LEASE_LIFE)
        .returning(StageLease.stage_id)
    ).first()
    return renewed is not None


def give_lease_back(session: Session, stage_id: UUID, holder: str) -> None:
    """The holder is through with the stage for now."""
    session.execute(
        delete(StageLease).where(StageLease.stage_id == stage_id, StageLease.holder == holder)
    )


def lease_holder(session: Session, stage_id: UUID) -> str | None:
    """Who holds the stage now; None if nobody does."""
    return session.scalar(
        select(StageLease.holder).where(
            StageLease.stage_id == stage_id, StageLease.expires_at >= clock.now()
        )
    )


def had_lease(session: Session, stage_id: UUID) -> bool:
    """Whether somebody took the stage and never gave it back (alive or dead)."""
    return session.get(StageLease, stage_id) is not None


def enter(session: Session, stage_id: UUID, flow_run_id: UUID) -> Verdict:
    """A run begins or continues: may it? Begins the stage at the first time.

    Only the recorded run of a live stage may; anything else ends without effect.
    """
    stage = session.get(Stage, stage_id)
    if stage is None or stage.flow_run_id != flow_run_id:
        return Verdict.WITHOUT_EFFECT
    case = course.locked_case(session, stage.case_id)
    session.refresh(stage)
    if stage.flow_run_id != flow_run_id or stage.state not in LIVE:
        return Verdict.WITHOUT_EFFECT
    if stage.halted_at is not None:
        return Verdict.HALTED
    if stage.failure is not None:
        stage.failure = None
    if stage.state is StageState.READY:
        stage.state = STAGE.judge(stage.state, StageAction.BEGIN, Who.MACHINE, StageActionFacts())
        stage.state_since = clock.now()
        journal.append(
            session,
            case,
            Event.STAGE_BEGUN,
            None,
            legal_date=course.legal_day(session, case, stage),
            data={"stage": stage.key},
        )
    course.judge(session, case)
    return Verdict.PROCEED


def work_left(session: Session, stage_id: UUID) -> StageView:
    """The stage as it is now; raises ``NotFound`` if there is none."""
    found = view(session, stage_id)
    if found is None:
        raise NotFound("stage-unknown", "Diesen Verfahrensschritt gibt es nicht.")
    return found


def is_prepared(session: Session, stage_id: UUID) -> bool:
    """Whether what opens the stage is done."""
    return session.scalar(select(Stage.prepared_at).where(Stage.id == stage_id)) is not None


def open_stage(session: Session, stage_id: UUID) -> None:
    """Open the tasks that the procedure gives to a stage; then it waits for people."""
    if found := course.locked_live(session, stage_id):
        case, stage = found
        tasks.open_stage_tasks(session, case, stage)
        mark_prepared(session, case, stage)


def mark_prepared(session: Session, case: Case, stage: Stage) -> None:
    """What opens a stage is done; from now on it waits for people."""
    if stage.prepared_at is None:
        stage.prepared_at = clock.now()
    course.judge(session, case)


def close(session: Session, stage_id: UUID) -> bool:
    """Close the stage if nothing is missing; False if something is (or it is closed)."""
    stage = session.get_one(Stage, stage_id)
    case = course.locked_case(session, stage.case_id)
    session.refresh(stage)
    judged = course.judge(session, case)[stage.key]
    if stage.state is not StageState.OPEN or judged.awaits is not Awaits.MACHINE:
        return False
    if stage.prepared_at is None:
        # Somebody has to decide again since the run looked: first that is prepared.
        return False
    facts = StageActionFacts(prepared=True)
    stage.state = STAGE.judge(stage.state, StageAction.CLOSE, Who.MACHINE, facts)
    stage.state_since = clock.now()
    stage.done_on = stage.last_act_on or course.legal_day(session, case, stage)
    journal.append(
        session,
        case,
        Event.STAGE_CLOSED,
        None,
        legal_date=stage.done_on,
        data={"stage": stage.key},
    )
    if stage.kind is StageKind.ENTRY_INTO_FORCE:
        journal.append(session, case, Event.IN_FORCE, None, legal_date=stage.done_on)
    states = {p.state for p in course.judge(session, case).values()}
    if states <= {StageState.DONE, StageState.SKIPPED, StageState.SUPERSEDED}:
        case.state, case.ended_on = CaseState.DONE, stage.done_on
        journal.append(session, case, Event.CASE_COMPLETED, None, legal_date=stage.done_on)
    return True


def note_failure(session: Session, stage_id: UUID, flow_run_id: UUID, sentence: str) -> None:
    """The step can't go on until a person mends what the sentence names."""
    stage = session.get_one(Stage, stage_id)
    case = course.locked_case(session, stage.case_id)
    session.refresh(stage)
    if stage.flow_run_id != flow_run_id or stage.failure == sentence or stage.state not in LIVE:
        return
    stage.failure = sentence
    journal.append(
        session, case, Event.STAGE_FAILED, None, data={"stage": stage.key, "reason": sentence}
    )


def halt(session: Session, stage_id: UUID, reason: str) -> bool:
    """An operator stopped the automation of this stage; False if it was halted already."""
    stage = session.get_one(Stage, stage_id)
    case = course.locked_case(session, stage.case_id)
    session.refresh(stage)
    if stage.halted_at is not None or stage.state not in LIVE:
        return False
    stage.halted_at, stage.halt_reason = clock.now(), reason
    journal.append(
        session, case, Event.AUTOMATION_HALTED, None, data={"stage": stage.key, "reason": reason}
    )
    return True


def lift_halt(session: Session, stage_id: UUID, actor: Actor | None, *, new_run: bool) -> None:
    """Let the automation of a halted stage go on.

    new_run: the cancelled run can't be resumed, so the conductor makes a new one; False when
    an operator retried the run itself.
    """
    stage = session.get(Stage, stage_id)
    if stage is None:
        raise NotFound("stage-unknown", "Diesen Verfahrensschritt gibt es nicht.")
    case = course.locked_case(session, stage.case_id)
    session.refresh(stage)
    STAGE.judge(
        stage.state,
        StageAction.LIFT_HALT,
        Who.OPERATOR,
        StageActionFacts(halted=stage.halted_at is not None),
    )
    stage.halted_at, stage.halt_reason = None, None
    if new_run:
        stage.flow_run_id, stage.attempt = None, stage.attempt + 1
    journal.append(session, case, Event.AUTOMATION_HALT_LIFTED, actor, data={"stage": stage.key})
    outbox.wake(session, stage.id)


def conductor_seen(session: Session, name: str, version: str) -> None:
    """A conductor is alive."""
    now = clock.now()
    session.execute(
        insert(Conductor)
        .values(name=name, seen_at=now, version=version)
        .on_conflict_do_update(
            index_elements=[Conductor.name], set_={"seen_at": now, "version": version}
        )
    )
