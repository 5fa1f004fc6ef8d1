"""Meetings: when a committee deals with a paper, and what a later day would endanger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from agreements import body_calendar, course, cutoffs, first_due, journal, substitution
from agreements.acts import Line
from agreements.body_calendar import MeetingDay
from agreements.errors import Conflict, NotFound, Refusal
from agreements.ids import new_id
from agreements.journal import Event
from agreements.law.days import require_reckonable
from agreements.model.bodies import Committee
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import AgendaItem, Consultation, Meeting, Paper
from agreements.model.enums import ConsultationState, Role, TaskState
from agreements.people import Actor


class ScheduleMeeting(BaseModel):
    """Eine Beratung für eine Sitzung vorsehen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    held_on: date
    starts_at: time | None = None
    number: Line | None = None
    place: Line | None = None
    invited_on: date | None = None
    agenda_item: Line | None = None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An item on the agenda of a meeting, and what its day means.

    missed: the cut-offs that this day would miss, as sentences.
    """

    item: AgendaItem
    missed: tuple[str, ...]
    day: MeetingDay


def schedule(
    session: Session,
    actor: Actor,
    case: Case,
    consultation_id: UUID,
    wanted: ScheduleMeeting,
) -> Scheduled:
    """Put a consultation on the agenda of a meeting. Clerks and legal staff of the body."""
    consultation = consultation_of(session, case, consultation_id)
    body_id = consultation.paper.body_id
    actor = substitution.acting_in_any(session, actor, (Role.CLERK, Role.LEGAL), body_id, case.id)
    actor.require(
        actor.holds(Role.CLERK, body_id) or actor.holds(Role.LEGAL, body_id),
        "Sitzungen trägt die Körperschaft ein, deren Gremium berät.",
    )
    if consultation.state not in (ConsultationState.PLANNED, ConsultationState.OPEN):
        raise Conflict(
            "consultation-over", "Diese Beratung ist schon abgeschlossen oder entfallen."
        )
    _check_dates(consultation, wanted)
    item = put_on_agenda(
        session, consultation, wanted.held_on, wanted.number, wanted.agenda_item, wanted
    )
    for task in session.scalars(
        select(Task).where(Task.consultation_id == consultation.id, Task.state == TaskState.OPEN)
    ):
        stage = session.get_one(Stage, task.stage_id)
        definition = course.procedure_of(case).stage(stage.key).task(task.kind)
        due = first_due.after_meeting(case, definition, wanted.held_on)
        if due is not None:
            task.due_on, task.due_kind, task.due_reason = due.on, due.kind, due.reason
    missed = cutoffs.missed_by(case, wanted.held_on)
    journal.append(
        session,
        case,
        Event.MEETING_SCHEDULED,
        actor,
        body_id=body_id,
        confidential=not consultation.public,
        after=wanted.model_dump(mode="json"),
        data={
            "committee": consultation.committee.name,
            "consultation_id": str(consultation.id),
            "missed": list(missed),
        },
    )
    course.judge(session, case)
    day = body_calendar.meeting_day(
        session, consultation.paper.body, wanted.held_on, item.meeting.invited_on
    )
    return Scheduled(item, missed, day)


def consultation_of(session: Session, case: Case, consultation_id: UUID) -> Consultation:
    """A consultation of the case; ``NotFound`` if it is none."""
    found = session.scalar(
        select(Consultation)
        .join(Paper, Paper.id == Consultation.paper_id)
        .where(Consultation.id == consultation_id, Paper.case_id == case.id)
    )
    if found is None:
        raise NotFound("consultation-unknown", "Diese Beratung gibt es in dem Vorgang nicht.")
    return found


def put_on_agenda(
    session: Session,
    consultation: Consultation,
    held_on: date,
    meeting_number: str | None,
    item_number: str | None,
    details: ScheduleMeeting | None = None,
) -> AgendaItem:
    """The agenda item of a consultation in the committee's meeting of that day."""
    values = {"number": meeting_number}
    if details is not None:
        values |= details.model_dump(include={"starts_at", "place", "invited_on"})
    known = {key: value for key, value in values.items() if value is not None}
    meeting_id = session.scalars(
        insert(Meeting)
        .values(id=new_id(), committee_id=consultation.committee_id, held_on=held_on, **known)
        .on_conflict_do_update(
            index_elements=[Meeting.committee_id, Meeting.held_on],
            set_={**known, "held_on": held_on},
        )
        .returning(Meeting.id)
    ).one()
    item_id = session.scalars(
        insert(AgendaItem)
        .values(
            id=new_id(),
            meeting_id=meeting_id,
            consultation_id=consultation.id,
            number=item_number,
            public=consultation.public,
        )
        .on_conflict_do_update(
            index_elements=[AgendaItem.meeting_id, AgendaItem.consultation_id],
            set_={"number": item_number} if item_number else {"public": consultation.public},
        )
        .returning(AgendaItem.id)
    ).one()
    return session.get_one(AgendaItem, item_id, populate_existing=True)


def _check_dates(consultation: Consultation, wanted: ScheduleMeeting) -> None:
    require_reckonable(wanted.held_on, "held_on")
    dated_on = consultation.paper.dated_on
    if wanted.held_on < dated_on:
        raise Refusal(
            "meeting-before-paper",
            f"Die Sitzung am {wanted.held_on:%d.%m.%Y} liegt vor dem Datum der Beschlussvorlage "
            f"({dated_on:%d.%m.%Y}).",
            "held_on",
            f"ein Tag ab dem {dated_on:%d.%m.%Y}",
        )
    if wanted.invited_on is None:
        return
    require_reckonable(wanted.invited_on, "invited_on")
    if wanted.invited_on > wanted.held_on:
        raise Refusal(
            "invited-after-meeting",
            "Die Einladung kann nicht nach der Sitzung liegen.",
            "invited_on",
            f"ein Tag bis zum {wanted.held_on:%d.%m.%Y}",
        )
    require_sitting(consultation.committee, wanted.held_on, "held_on")


def require_sitting(committee: Committee, on: date, field: str) -> None:
    """Refuse a day on which the committee does not exist (before or after its term)."""
    if committee.valid_from is not None and on < committee.valid_from:
        raise Refusal(
            "committee-not-yet",
            f"{committee.name} besteht erst seit dem {committee.valid_from:%d.%m.%Y}.",
            field,
            f"ein Tag ab dem {committee.valid_from:%d.%m.%Y}",
        )
    if committee.valid_to is not None and on > committee.valid_to:
        raise Refusal(
            "committee-no-longer",
            f"{committee.name} besteht seit dem {committee.valid_to:%d.%m.%Y} nicht mehr. Nach "
            "einer Wahl wird die Beratungsfolge an die neuen Gremien angepasst.",
            field,
            f"ein Tag bis zum {committee.valid_to:%d.%m.%Y}",
        )
