"""The use case: who may correct which entry, the second entry, and what moves over to it."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, course, resolutions, rounds, substitution
from agreements.acts import Reason, RecordResolution
from agreements.corrections.checks import check_entry
from agreements.corrections.effects import has_same_effect, take_effect
from agreements.councils import recording
from agreements.decision import Acting
from agreements.errors import Conflict, NotPermitted, Refusal
from agreements.journal import Event
from agreements.model.base import Json
from agreements.model.cases import Case, Task
from agreements.model.councils import (
    Carry,
    Consultation,
    Paper,
    Reconciliation,
    Resolution,
    ResolutionRecord,
)
from agreements.model.enums import RecordKind, TaskState
from agreements.people import Actor
from agreements.resolutions import Matter
from agreements.standing import Worth

Row = TypeVar("Row", ResolutionRecord, Reconciliation, Carry)


class CorrectResolution(BaseModel):
    """Einen falschen Eintrag berichtigen. `entry`: der richtige Eintrag, vollständig."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: RecordResolution
    reason: Reason


def correct(
    session: Session, actor: Actor, case: Case, resolution_id: UUID, wanted: CorrectResolution
) -> Resolution:
    """Put the right entry in the place of a wrong one; the case is locked.

    Votes, day and remark leave everything else alone; another outcome has its own effects.
    """
    found, actor = _to_correct(session, actor, case, resolution_id)
    paper = recording.whole_paper(session, found.consultation.id)
    entry = wanted.entry
    check_entry(session, found, entry)
    before = _told(found.resolution)
    same = has_same_effect(found, entry)
    if not same:
        _require_changeable(session, found)
    right = _write(session, actor, found, entry, wanted.reason)
    if _told(right) == before and entry.next_meeting_on is None:
        raise Refusal(
            "nothing-corrected",
            "Der neue Eintrag unterscheidet sich nicht von dem, den er berichtigen soll.",
            "entry",
        )
    matter = Matter(case, right, found.consultation, paper, found.stage, found.round)
    if same:
        _move_over(session, found.resolution, right)
    else:
        resolutions.withdraw_tasks(session, found.resolution)
        take_effect(session, actor, found, matter, entry, wanted.reason)
    _set_days(session, matter, found.resolution)
    resolutions.leave_trace(
        session,
        actor,
        matter,
        Event.RESOLUTION_CORRECTED,
        clock.today(),
        reason=wanted.reason,
        legal_basis=None,
        before=before,
        after=_told(right),
        data={"corrects": str(found.resolution.id)},
    )
    course.judge(session, case)
    return right


def why_not(session: Session, actor: Actor, case: Case, resolution_id: UUID) -> Refusal | None:
    """What is against the actor's correcting the entry, whatever the right one is."""
    try:
        _to_correct(session, actor, case, resolution_id)
    except Refusal as refusal:
        return refusal
    return None


def _to_correct(
    session: Session, actor: Actor, case: Case, resolution_id: UUID
) -> tuple[Matter, Actor]:
    found = resolutions.find(session, actor, case, resolution_id)
    actor = resolutions.require_staff(session, actor, found)
    _require_second_person(session, actor, found)
    _require_last_entry(found)
    return found, actor


def _require_second_person(session: Session, actor: Actor, found: Matter) -> None:
    if substitution.is_same_person(session, actor, found.resolution.recorded_by):
        raise NotPermitted(
            "second-person-needed",
            "Vier-Augen-Prinzip: Wer den Eintrag gemacht hat, kann ihn nicht selbst berichtigen, "
            "auch nicht mit einem anderen Konto, und niemand in Vertretung dieser Person. Bitte "
            "eine zweite Person damit befassen.",
        )


def _require_last_entry(found: Matter) -> None:
    if RecordKind.CORRECTION in found.kinds:
        raise Conflict(
            "already-corrected",
            f"{found.what} ist schon berichtigt; zu berichtigen wäre der neue Eintrag.",
        )
    if found.resolution.id != max(r.id for r in found.consultation.resolutions):
        raise Conflict(
            "not-the-last-entry",
            "Zu dieser Beratung gibt es einen späteren Eintrag; nur der letzte kann berichtigt "
            "werden.",
        )
    if found.worth is Worth.VOID:
        raise Conflict("resolution-void", resolutions.why_void(found))


def _require_changeable(session: Session, found: Matter) -> None:
    """Refuse another outcome where others have already built on the wrong one."""
    rounds.require_running(session, found.case)
    if found.worth is Worth.SUSPENDED:
        raise Conflict(
            "already-objected",
            f"{found.what} ist beanstandet. Ein anderes Ergebnis kann erst eingetragen werden, "
            "wenn die Beanstandung aufgehoben ist.",
        )
    if found.paper.superseded_because is not None:
        raise Conflict(
            "paper-renewed",
            f"Die Beschlussvorlage {found.paper.number} ist durch eine neue ersetzt; das Gremium "
            "befasst sich dort erneut. Stimmen, Tag und Bemerkung können berichtigt werden, das "
            "Ergebnis nicht mehr.",
        )
    position = found.consultation.position
    for later in found.paper.consultations:
        if later.position > position and later.resolutions:
            raise Conflict(
                "consulted-since",
                f"Auf diesem Eintrag beruht schon die Beratung im Gremium "
                f"{later.committee.name}. Stimmen, Tag und Bemerkung können berichtigt werden, "
                "ein anderes Ergebnis nicht: Es hätte einen anderen Gang der Beratung verlangt. "
                "Dafür die Körperschaft erneut mit dem Text befassen.",
                "entry.outcome",
                found.resolution.outcome.value,
            )
    if found.consultation.role.authoritative:
        resolutions.require_latest(session, found)


def _write(
    session: Session, actor: Actor, found: Matter, entry: RecordResolution, reason: str
) -> Resolution:
    wrong = found.resolution
    acting = Acting(session, actor, found.case, found.stage)
    right = recording.add_resolution(acting, found.consultation, entry)
    right.corrects_id = wrong.id
    right.urgency, right.urgent = wrong.urgency, wrong.urgent
    if right.agenda_item_id is None and right.decided_on == wrong.decided_on:
        right.agenda_item_id = wrong.agenda_item_id
    session.flush()
    resolutions.add_record(
        session,
        actor,
        wrong,
        RecordKind.CORRECTION,
        by=actor.name,
        happened_on=clock.today(),
        reason=reason,
        legal_basis="",
        details={"replaced_by": str(right.id)},
    )
    session.refresh(right)
    return right


def _told(resolution: Resolution) -> Json:
    """What an entry says, as the journal keeps it."""
    reservation = resolution.reservation
    return {
        "outcome": resolution.outcome.value,
        "decided_on": resolution.decided_on.isoformat(),
        "votes": {
            "yes": resolution.votes_yes,
            "no": resolution.votes_no,
            "abstained": resolution.votes_abstained,
        },
        "unanimous": resolution.unanimous,
        "members_present": resolution.members_present,
        "members_excluded": resolution.members_excluded,
        "text_hash": resolution.text_hash,
        "wording": resolution.wording,
        "amendments": resolution.amendments,
        "reservation": reservation.wording if reservation is not None else None,
        "source_text": resolution.source_text,
        "remark": resolution.remark,
        "sample": resolution.sample,
        "agenda_item": str(resolution.agenda_item_id) if resolution.agenda_item_id else None,
    }


def _move_over(session: Session, wrong: Resolution, right: Resolution) -> None:
    """What happened to the resolution happened to it, however it was entered."""
    for record in wrong.records:
        if record.kind is not RecordKind.CORRECTION:
            right.records.append(_copied(record, right.id))
    if wrong.reservation is not None and right.reservation is not None:
        for name in ("state", "settled_on", "settled_because", "settled_by", "settled_at"):
            setattr(right.reservation, name, getattr(wrong.reservation, name))
    if wrong.reconciliation is not None:
        session.add(_copied(wrong.reconciliation, right.id))
    for carry in session.scalars(select(Carry).where(Carry.resolution_id == wrong.id)).all():
        session.add(_copied(carry, right.id))
    open_ones = (Task.subject_id == wrong.id) & (Task.state == TaskState.OPEN)
    for task in session.scalars(select(Task).where(open_ones)).all():
        task.subject_id = right.id
    session.flush()


def _copied(row: Row, resolution_id: UUID) -> Row:
    values = {
        column.key: getattr(row, column.key)
        for column in row.__table__.columns
        if column.key != "id"
    }
    return type(row)(**{**values, "resolution_id": resolution_id})


def _set_days(session: Session, matter: Matter, wrong: Resolution) -> None:
    """A stage ends on the latest legal date of its acts: a wrong one must not linger on."""
    stage = matter.stage
    if stage.last_act_on != wrong.decided_on:
        stage.last_act_on = max(filter(None, (stage.last_act_on, matter.resolution.decided_on)))
    else:
        rows = session.execute(
            select(Resolution, Reconciliation.judged_on)
            .join(Consultation, Consultation.id == Resolution.consultation_id)
            .join(Paper, Paper.id == Consultation.paper_id)
            .outerjoin(Reconciliation, Reconciliation.resolution_id == Resolution.id)
            .where(Paper.stage_id == stage.id)
        ).all()
        corrected = {entry.corrects_id for entry, _ in rows}
        days = [entry.decided_on for entry, _ in rows if entry.id not in corrected]
        days += [judged_on for _, judged_on in rows if judged_on is not None]
        stage.last_act_on = max(days, default=stage.last_act_on)
    if stage.done_on is not None:
        stage.done_on = stage.last_act_on
