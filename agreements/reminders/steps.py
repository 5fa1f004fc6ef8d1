"""Which reminder of a due date it is time for: pure, from dates alone.

Of several reminders whose day has come, the latest counts: who looks again after days without
anybody looking reminds once, of where things stand now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.law.deadlines import (
    HolidayName,
    Period,
    Unit,
    last_working_day,
    nominal_end,
)
from agreements.model.enums import DueKind, NoticeKind
from agreements.reminders.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class DueDate:
    """A task's due date. ``known_on``: the day since which it is what it is."""

    on: date
    kind: DueKind
    known_on: date


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder: what it says, by how many days before or after the end, and when."""

    kind: NoticeKind
    days: int
    on: date

    @property
    def name(self) -> str:
        """What tells it from the other reminders of the same due date."""
        return f"{self.kind.value}-{self.days}"


def step_of(due: DueDate, today: date, rhythm: Rhythm, holiday: HolidayName) -> Step | None:
    """The reminder that it is time for today; None: nothing to say (yet)."""
    come = [step for step in _steps(due, rhythm, holiday) if due.known_on < step.on <= today]
    return max(come, key=lambda step: step.on) if come else None


def _steps(due: DueDate, rhythm: Rhythm, holiday: HolidayName) -> Iterator[Step]:
    """All reminders of a due date; of two on one day the first in this order counts."""
    if rhythm.on_the_day:
        yield Step(NoticeKind.REMINDER_DUE, 0, due.on)
    for days in reversed(rhythm.days_before((due.on - due.known_on).days)):
        day = last_working_day(due.on - timedelta(days=days), holiday)
        yield Step(NoticeKind.REMINDER_BEFORE, days, day)
    for days in rhythm.after:
        yield Step(NoticeKind.REMINDER_AFTER, days, working_days_after(due.on, days, holiday))
    if due.kind is DueKind.STATUTORY and due.on < due.known_on:
        # Recorded when it had run out already; what follows from that has to be said all the same.
        yield Step(NoticeKind.REMINDER_AFTER, 0, due.known_on + timedelta(days=1))


def escalates_on(due: DueDate, working_days: int, holiday: HolidayName) -> date:
    """The day on which it has been missed for so many Arbeitstage, and known for as many."""
    return working_days_after(max(due.on, due.known_on), working_days, holiday)


def working_days_after(day: date, count: int, holiday: HolidayName) -> date:
    """The day so many Arbeitstage later."""
    return nominal_end(day, Period(count, Unit.WORKING_DAYS), holiday)
