"""Calendars to subscribe to: the dates of a person, or of one case.

A calendar is read by its secret alone, of which only the hash is kept, and shows at each reading
what its owner may see at that moment. What is over stays as cancelled for a while, so that
programs take it out of their own copies. Of non-public consultations it says only that they are.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from agreements import access, clock, people, sights, substitution
from agreements.errors import NotFound, NotPermitted
from agreements.mail import dates
from agreements.mail.dates import DateEntry
from agreements.mail.entries import case_line, one_line
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.conclusion import Approval, Publication
from agreements.model.councils import AgendaItem, Consultation, Meeting, Paper, Resolution
from agreements.model.enums import ConsultationState, TaskState
from agreements.model.people import CalendarFeed, User
from agreements.model.records import JournalEntry
from agreements.model.work import DueMove
from agreements.people import Actor
from agreements.sights import Sight
from agreements.texts import Printable

# How long something that is over is shown as cancelled.
REMEMBERED: Final = timedelta(days=90)
# Nobody reads more dates; the nearest come first.
MOST_TASKS: Final = 1000

PRIVATE: Final = "Nichtöffentliche Beratung"


class NewCalendar(BaseModel):
    """Einen Kalender zum Abonnieren anlegen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Printable
    ]
    case: str | None = Field(default=None, description="Aktenzeichen; ohne: die eigenen Termine")


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar of a person. reference: the case, if it is that of one."""

    calendar: CalendarFeed
    reference: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """A calendar as it is read. etag: changes with the content."""

    text: str
    etag: str


def create(session: Session, actor: Actor, wanted: NewCalendar) -> tuple[str, Feed]:
    """A new calendar and its secret, which is shown this once."""
    case = None
    if wanted.case is not None:
        case, sight = access.visible_case(session, actor, wanted.case)
        sight.require_contents()
    secret = secrets.token_urlsafe(32)
    made = CalendarFeed(
        user_id=actor.user_id,
        case_id=case.id if case is not None else None,
        name=one_line(wanted.name),
        secret_hash=_digest(secret),
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return secret, Feed(made, wanted.case)


def feeds_of(session: Session, actor: Actor) -> list[Feed]:
    """The person's calendars that are not revoked."""
    rows = session.execute(
        select(CalendarFeed, Case.reference)
        .outerjoin(Case, Case.id == CalendarFeed.case_id)
        .where(CalendarFeed.user_id == actor.user_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id)
    )
    return [Feed(*row) for row in rows]


def revoke(session: Session, actor: Actor, calendar_id: UUID) -> None:
    """Whoever has the calendar's secret reads nothing any more."""
    feed = session.get(CalendarFeed, calendar_id)
    if feed is None or feed.user_id != actor.user_id:
        raise NotFound("calendar-unknown", "Diesen Kalender gibt es nicht.")
    feed.revoked_at = feed.revoked_at or clock.now()


def read(session: Session, secret: str, links_url: str) -> Published:
    """The calendar behind a secret, as its owner may see it now; ``NotFound`` if there is none."""
    found = session.execute(
        select(CalendarFeed, User, Case.reference)
        .join(User, User.id == CalendarFeed.user_id)
        .outerjoin(Case, Case.id == CalendarFeed.case_id)
        .where(
            CalendarFeed.secret_hash == _digest(secret),
            CalendarFeed.revoked_at.is_(None),
            User.active,
        )
    ).one_or_none()
    if found is None:
        raise _unknown()
    feed, actor, reference = found[0], people.actor_of(found[1]), found[2]
    if feed.case_id is None:
        entries = _of_person(session, actor, links_url)
    else:
        entries = _of_case(session, actor, reference, links_url)
    ordered = sorted(entries, key=lambda entry: (entry.day, entry.uid))
    text = dates.calendar(ordered, feed.name)
    return Published(text, hashlib.sha256(text.encode()).hexdigest())


def _unknown() -> NotFound:
    return NotFound("calendar-unknown", "Diesen Kalender gibt es nicht.")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _of_person(session: Session, actor: Actor, links_url: str) -> list[DateEntry]:
    standing_in = substitution.stood_in_duties(session, actor)
    responsible = sights.tasks_for(actor, standing_in)
    # What a colleague works on is that colleague's.
    mine = or_(Task.claimed_by.is_(None), Task.claimed_by == actor.user_id)
    which = or_(
        and_(responsible, or_(mine, Task.state != TaskState.OPEN)),
        Task.claimed_by == actor.user_id,
        Task.delegated_by == actor.user_id,
    )
    bodies = Paper.body_id.in_(actor.party_bodies())
    return [*_of_tasks(session, which, links_url), *_of_meetings(session, bodies)]


def _of_case(session: Session, actor: Actor, reference: str, links_url: str) -> list[DateEntry]:
    try:
        case, sight = access.visible_case(session, actor, reference)
        sight.require_contents()
    except (NotFound, NotPermitted):
        raise _unknown() from None
    tasks = and_(Task.case_id == case.id, _visible_tasks(sight))
    meetings = and_(
        Paper.case_id == case.id, sights.papers_of(sight), sights.consultations_of(sight)
    )
    return [
        *_of_tasks(session, tasks, links_url),
        *_of_meetings(session, meetings),
        *_of_authority(session, case),
    ]


def _visible_tasks(sight: Sight) -> ColumnElement[bool]:
    """As ``access.visible_task`` judges of one."""
    private = aliased(Consultation)
    paper = aliased(Paper)
    kept_from_me = (
        exists()
        .where(
            private.id == Task.consultation_id,
            private.public.is_(False),
            paper.id == private.paper_id,
            paper.body_id.not_in(sight.confided),
        )
        .correlate(Task)
    )
    return or_(Task.body_id.in_(sight.bodies), and_(sights.own(sight, Task.body_id), ~kept_from_me))


def _of_tasks(session: Session, which: ColumnElement[bool], links_url: str) -> list[DateEntry]:
    since = clock.now() - REMEMBERED
    moved_at = (
        select(func.max(DueMove.moved_at))
        .where(DueMove.task_id == Task.id)
        .correlate(Task)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Task, Case, Body, moved_at)
        .join(Case, Case.id == Task.case_id)
        .join(Body, Body.id == Task.body_id)
        .where(
            which,
            or_(Task.due_on.is_not(None), Task.follow_up_on.is_not(None)),
            or_(
                Task.state == TaskState.OPEN,
                Task.completed_at > since,
                Task.cancelled_at > since,
            ),
        )
        .order_by(Task.due_on, Task.id)
        .limit(MOST_TASKS)
    )
    return [
        entry
        for task, case, body, moved in rows
        for entry in _dates_of(task, case, body, moved, links_url)
    ]


def _dates_of(
    task: Task, case: Case, body: Body, moved_at: datetime | None, links_url: str
) -> Iterable[DateEntry]:
    known = (moved_at, task.opened_at, task.claimed_at, task.completed_at, task.cancelled_at)
    changed_at = max(instant for instant in known if instant is not None).astimezone(UTC)
    over = task.state is not TaskState.OPEN
    title, named = one_line(task.title), case_line(case.reference, case.title)
    if task.due_on is not None:
        yield dates.due_date(task, named, body.name, links_url, changed_at, cancelled=over)
    if task.follow_up_on is not None:
        yield DateEntry(
            uid=dates.uid(task.id, "follow-up"),
            sequence=task.version,
            day=task.follow_up_on,
            title=f"Wiedervorlage: {title} - {named}",
            description=body.name,
            changed_at=changed_at,
            link=f"{links_url}/aufgaben/{task.id}",
            cancelled=over,
        )


def _last_change() -> ScalarSelect[datetime]:
    """When something was recorded last in the case; its version grows with that."""
    return (
        select(func.max(JournalEntry.recorded_at))
        .where(JournalEntry.case_id == Case.id)
        .correlate(Case)
        .scalar_subquery()
    )


def _of_meetings(session: Session, which: ColumnElement[bool]) -> list[DateEntry]:
    later = aliased(AgendaItem)
    replaced = exists().where(
        later.consultation_id == AgendaItem.consultation_id, later.id > AgendaItem.id
    )
    decided = exists().where(Resolution.agenda_item_id == AgendaItem.id)
    gone = or_(
        and_(replaced, ~decided),
        Consultation.state == ConsultationState.CANCELLED,
        and_(Paper.superseded_because.is_not(None), ~decided),
    )
    rows = session.execute(
        select(AgendaItem, Consultation, Paper, Case, gone, _last_change())
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Consultation, Consultation.id == AgendaItem.consultation_id)
        .join(Paper, Paper.id == Consultation.paper_id)
        .join(Case, Case.id == Paper.case_id)
        .where(which, Meeting.held_on > clock.today() - REMEMBERED)
    )
    return [_meeting(*row) for row in rows]


def _meeting(
    item: AgendaItem,
    consultation: Consultation,
    paper: Paper,
    case: Case,
    gone: bool,
    changed_at: datetime | None,
) -> DateEntry:
    meeting, named = item.meeting, case_line(case.reference, case.title)
    public = consultation.public
    committee = f"{consultation.committee.name}, {paper.body.name}"
    return DateEntry(
        uid=dates.uid(item.id, "meeting"),
        sequence=case.version,
        day=meeting.held_on,
        title=one_line(f"{committee if public else PRIVATE} - {named}"),
        description=one_line(_about(item, paper)) if public else "",
        changed_at=(changed_at or case.started_at).astimezone(UTC),
        starts_at=meeting.starts_at if public else None,
        place=meeting.place if public else None,
        cancelled=gone,
    )


def _about(item: AgendaItem, paper: Paper) -> str:
    number = f"Tagesordnungspunkt {item.number}, " if item.number else ""
    return f"{number}Vorlage {paper.number}"


def _of_authority(session: Session, case: Case) -> list[DateEntry]:
    """The authority's clock and the day of effect."""
    changed = session.scalar(select(_last_change()).where(Case.id == case.id))
    changed_at = (changed or case.started_at).astimezone(UTC)
    approvals = session.scalars(
        select(Approval).where(Approval.case_id == case.id, Approval.clock_end_on.is_not(None))
    )
    publications = session.scalars(select(Publication).where(Publication.case_id == case.id))
    named = case_line(case.reference, case.title)
    found = [
        (
            dates.uid(approval.id, "clock"),
            approval.clock_end_on,
            f"Fristende bei der Aufsichtsbehörde - {named}",
            approval.clock_derivation or "",
            approval.answered_on is not None,
        )
        for approval in approvals
    ] + [
        (
            dates.uid(publication.id, "effective"),
            publication.effective_on,
            f"Inkrafttreten - {named}",
            publication.effective_basis,
            False,
        )
        for publication in publications
    ]
    return [
        DateEntry(
            uid=uid,
            sequence=case.version,
            day=day,
            title=title,
            description=one_line(why),
            changed_at=changed_at,
            cancelled=over,
        )
        for uid, day, title, why, over in found
        if day is not None
    ]
