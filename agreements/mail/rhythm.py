"""When somebody's mail goes out: pure, from the clock alone, so nothing has to be remembered.

A notice is due when a moment of its person's rhythm has passed since it was written. Moments are
given in German legal time; the two nights of the year in which it jumps skip none and double none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from agreements.clock import BERLIN
from agreements.model.enums import MailRhythm

# Whoever wants mail at once still gets no more than these on one day.
MAILS_A_DAY: Final = 3
# Until then something urgent still goes out on the day on which it comes up.
LAST_HOUR: Final = 18
# The longest way back to a working day: Christmas, a weekend, New Year.
_LOOK_BACK_DAYS: Final = 14

WorkingDay = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A person's rhythm; ``hour`` in Europe/Berlin, ``weekday`` 1 is Monday."""

    kind: MailRhythm
    hour: int
    weekday: int
    working_day: WorkingDay


def is_due(rhythm: Rhythm, written_at: datetime, urgent: bool, now: datetime) -> bool:
    """Whether what was written then is to go out by now."""
    written_on = written_at.astimezone(BERLIN).date()
    today = now.astimezone(BERLIN).date()
    if rhythm.kind is MailRhythm.IMMEDIATELY and written_on == today:
        return True
    moment = last_moment(rhythm, urgent, now)
    return moment is not None and written_at <= moment


def last_moment(rhythm: Rhythm, urgent: bool, now: datetime) -> datetime | None:
    """The latest moment of the rhythm that is not in the future."""
    today = now.astimezone(BERLIN).date()
    for back in range(_LOOK_BACK_DAYS):
        day = today - timedelta(days=back)
        passed = [moment for moment in _moments(rhythm, urgent, day) if moment <= now]
        if passed:
            return passed[-1]
    return None


def _moments(rhythm: Rhythm, urgent: bool, day: date) -> Iterator[datetime]:
    """The moments of one day, in order."""
    if not urgent and not _regular(rhythm, day):
        return
    yield _at(day, rhythm.hour)
    if urgent and rhythm.kind is not MailRhythm.WEEKLY:
        for hour in range(rhythm.hour + 1, LAST_HOUR + 1):
            yield _at(day, hour)


def _regular(rhythm: Rhythm, day: date) -> bool:
    match rhythm.kind:
        case MailRhythm.WEEKLY:
            return day.isoweekday() == rhythm.weekday
        case MailRhythm.DAILY | MailRhythm.NEVER:
            return rhythm.working_day(day)
        case MailRhythm.IMMEDIATELY:
            return True


def _at(day: date, hour: int) -> datetime:
    # In UTC: within one zone, Python would compare the hands of the clock.
    return datetime.combine(day, time(hour), BERLIN).astimezone(UTC)
