"""Dates as iCalendar: what a mail carries and what the feeds show are the same events.

The UID of an event never changes, its SEQUENCE grows with the version of what it is about.
Escaping and folding are the library's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from icalendar import Calendar, Event, Timezone, vText

from agreements.clock import BERLIN
from agreements.mail.entries import one_line
from agreements.model.cases import Task

# No host: an address of the installation would change all events when it moves.
_UID_SUFFIX: Final = "vereinbar"
PRODUCT: Final = "-//vereinbar//Fristen und Sitzungen//DE"


@dataclass(frozen=True, slots=True)
class DateEntry:
    """An event of a calendar; without ``starts_at`` it lasts the whole day.

    uid: stable, of ``uid``. changed_at: when it last changed, as far as is known.
    """

    uid: str
    sequence: int
    day: date
    title: str
    description: str
    changed_at: datetime
    starts_at: time | None = None
    place: str | None = None
    link: str | None = None
    cancelled: bool = False


def uid(of: UUID, what: str) -> str:
    """The UID of the date ``what`` (``due``, ``meeting`` …) of a row."""
    return f"{of}.{what}@{_UID_SUFFIX}"


def due_date(
    task: Task,
    case: str,
    body: str,
    link: str,
    changed_at: datetime,
    *,
    cancelled: bool = False,
) -> DateEntry:
    """The due date of a task that has one; ``case`` and ``body`` as they are named."""
    if task.due_on is None:
        raise ValueError("the task has no due date")
    return DateEntry(
        uid=uid(task.id, "due"),
        sequence=task.version,
        day=task.due_on,
        title=f"Frist: {one_line(task.title)} - {case}",
        description="\n".join(filter(None, (body, task.due_reason))),
        changed_at=changed_at,
        link=f"{link}/aufgaben/{task.id}",
        cancelled=cancelled,
    )


def calendar(entries: Iterable[DateEntry], name: str | None = None) -> str:
    """A published calendar of these events."""
    found = list(entries)
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if name is not None:
        made.add("name", name)
        made.add("x-wr-calname", name)
    if any(entry.starts_at is not None for entry in found):
        made.add_component(Timezone.from_tzid("Europe/Berlin"))
    for entry in found:
        made.add_component(_event(entry))
    content: bytes = made.to_ical()
    return content.decode()


def _event(entry: DateEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("summary", entry.title)
    if entry.description:
        event.add("description", entry.description)
    if entry.place is not None:
        event.add("location", entry.place)
    if entry.link is not None:
        event.add("url", entry.link)
    event.add("status", vText("CANCELLED" if entry.cancelled else "CONFIRMED"))
    # A date does not make anybody busy.
    event.add("transp", vText("TRANSPARENT" if entry.starts_at is None else "OPAQUE"))
    _add_days(event, entry)
    return event


def _add_days(event: Event, entry: DateEntry) -> None:
    if entry.starts_at is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        return
    begin = datetime.combine(entry.day, entry.starts_at, BERLIN)
    event.add("dtstart", begin)
    # Nobody knows how long a council sits.
    event.add("duration", timedelta(hours=2))
