"""Spans of time and how they are counted on the calendar (§§ 187 to 189 BGB), without any shift.

``counts_start_day`` tells § 187 Abs. 1 (an event; its day is not counted) from Abs. 2 (the
beginning of a day; that day is counted). Counting backward mirrors counting forward.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from agreements.law.days import HolidayName, is_werktag, is_working_day

_DAY: Final = timedelta(days=1)
_HALF_MONTH: Final = 15  # § 189 Abs. 1 BGB
_NUMERALS: Final = (
    "null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn",
    "elf", "zwölf",
)  # fmt: skip


class Unit(StrEnum):
    """Einheit einer Frist."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    QUARTERS = "quarters"
    YEARS = "years"
    WERKTAGE = "werktage"
    WORKING_DAYS = "working_days"


# Singular (feminine or masculine numeral included) and dative plural.
_UNIT_WORDS: Final = {
    Unit.DAYS: ("einem Tag", "Tagen"),
    Unit.WEEKS: ("einer Woche", "Wochen"),
    Unit.MONTHS: ("einem Monat", "Monaten"),
    Unit.QUARTERS: ("einem Vierteljahr", "Vierteljahren"),
    Unit.YEARS: ("einem Jahr", "Jahren"),
    Unit.WERKTAGE: ("einem Werktag", "Werktagen"),
    Unit.WORKING_DAYS: ("einem Arbeitstag", "Arbeitstagen"),
}
_HALVES: Final = {Unit.MONTHS: "einem halben Monat", Unit.YEARS: "einem halben Jahr"}
_MONTHS_IN: Final = {Unit.MONTHS: 1, Unit.QUARTERS: 3, Unit.YEARS: 12}
_LETTERS: Final = {
    "d": Unit.DAYS,
    "w": Unit.WEEKS,
    "m": Unit.MONTHS,
    "q": Unit.QUARTERS,
    "y": Unit.YEARS,
    "wt": Unit.WERKTAGE,
    "at": Unit.WORKING_DAYS,
}
_SHORT: Final = {unit: letters for letters, unit in _LETTERS.items()}
_COUNTED: Final[dict[Unit, Callable[[date, HolidayName], bool]]] = {
    Unit.WERKTAGE: is_werktag,
    Unit.WORKING_DAYS: is_working_day,
}


@dataclass(frozen=True, slots=True)
class Period:
    """A span such as four weeks.

    half: and half a unit more; only of months (15 days, counted last) and years (§ 189 BGB).
    """

    count: int
    unit: Unit
    half: bool = False

    def __post_init__(self) -> None:
        if self.half and self.unit not in _HALVES:
            raise ValueError("only months and years have halves")
        if self.count < (0 if self.half else 1):
            raise ValueError("a period has at least one unit")

    def __str__(self) -> str:
        """In the dative: "vier Wochen"."""
        whole = self._whole() if self.count else ""
        half = _HALVES[self.unit] if self.half else ""
        return " und ".join(part for part in (whole, half) if part)

    def _whole(self) -> str:
        singular, plural = _UNIT_WORDS[self.unit]
        if self.count == 1:
            return singular
        number = _NUMERALS[self.count] if self.count < len(_NUMERALS) else str(self.count)
        return f"{number} {plural}"

    @property
    def short(self) -> str:
        """As ``parse_period`` reads it: "4w", "1.5m"."""
        return f"{self.count}{'.5' if self.half else ''}{_SHORT[self.unit]}"

    @property
    def months(self) -> int:
        """How many whole months are in it; 0 for days, weeks, Werktage, Arbeitstage."""
        half_year = 6 if self.half and self.unit is Unit.YEARS else 0
        return self.count * _MONTHS_IN.get(self.unit, 0) + half_year

    @property
    def days(self) -> int:
        """How many calendar days are in it beside the months."""
        if self.unit in _MONTHS_IN:
            return _HALF_MONTH if self.half and self.unit is Unit.MONTHS else 0
        return self.count * (7 if self.unit is Unit.WEEKS else 1)


def parse_period(text: str) -> Period:
    """ "4w", "1m", "30d", "1y", "10wt", "10at"; also "1q", and halves: "0.5m", "1,5y".

    ValueError: anything else, nothing at all ("0d"), more than four digits.
    """
    found = re.fullmatch(r"(\d{1,4})([.,]5)?(d|wt|w|m|q|y|at)", text.strip().lower(), re.ASCII)
    if found is None:
        raise ValueError(f"no period: {text}")
    return Period(int(found[1]), _LETTERS[found[3]], found[2] is not None)


def months_after(day: date, months: int) -> date:
    """The day of equal number; if the month lacks it, its last day (§ 188 Abs. 2, 3 BGB).

    months: negative to count backward.
    """
    year, month = _month_after(day, months)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _month_after(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def lacks_the_day(day: date, months: int) -> bool:
    """Whether the month that many months on has no day of that number (§ 188 Abs. 3 BGB)."""
    return months_after(day, months).day != day.day


def last_day(
    start_on: date, period: Period, holiday: HolidayName, *, counts_start_day: bool = False
) -> date:
    """The last day of a period that runs forward, by counting alone."""
    if counted := _COUNTED.get(period.unit):
        return _nth(start_on, period.count, 1, counted, holiday, counts_start_day)
    if not counts_start_day:
        return months_after(start_on, period.months) + timedelta(days=period.days)
    end = start_on - _DAY
    if period.months:
        end = _day_before_the_equal_one(start_on, period.months)
    return end + timedelta(days=period.days)


def _day_before_the_equal_one(start_on: date, months: int) -> date:
    """§ 188 Abs. 2, second alternative: the day before that of equal number, or Abs. 3."""
    if start_on.day == 1:
        return months_after(start_on, months) - _DAY
    year, month = _month_after(start_on, months)
    return date(year, month, min(start_on.day - 1, calendar.monthrange(year, month)[1]))


def first_day(
    start_on: date, period: Period, holiday: HolidayName, *, counts_start_day: bool = False
) -> date:
    """The earliest day of a period that is counted backward from ``start_on``.

    The whole day belongs to the period: what has to precede it is done the day before.
    """
    if counted := _COUNTED.get(period.unit):
        return _nth(start_on, period.count, -1, counted, holiday, counts_start_day)
    first = months_after(start_on, -period.months) - timedelta(days=period.days)
    return first + _DAY if counts_start_day else first


def _nth(
    start_on: date,
    count: int,
    step: int,
    counted: Callable[[date, HolidayName], bool],
    holiday: HolidayName,
    counts_start_day: bool,
) -> date:
    """The n-th counted day from ``start_on`` on, in steps of one day forward or backward."""
    day = start_on if counts_start_day else start_on + step * _DAY
    while True:
        count -= counted(day, holiday)
        if count == 0:
            return day
        day += step * _DAY


def holidays_passed_over(
    first: date, last: date, unit: Unit, holiday: HolidayName
) -> tuple[tuple[date, str], ...]:
    """The holidays between two days that a period in Werktagen or Arbeitstagen leaves out."""
    if unit not in _COUNTED:
        return ()
    saturday_counts = unit is Unit.WERKTAGE
    span = (first + n * _DAY for n in range((last - first).days + 1))
    return tuple(
        (day, name)
        for day in span
        if (name := holiday(day)) and day.weekday() < (6 if saturday_counts else 5)
    )
