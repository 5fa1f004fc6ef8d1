"""Periods of time by §§ 187 to 193 BGB: pure calendar arithmetic with its derivation.

A period that begins with an event does not count the day of the event (§ 187 Abs. 1 BGB).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from holidays import HolidayBase, country_holidays

HolidayName = Callable[[date], str | None]

_WEEKDAYS: Final = (
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonntag",
)
_MONTHS: Final = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_NUMERALS: Final = {2: "zwei", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs", 7: "sieben", 8: "acht"}
_SATURDAY: Final = 5


class Unit(StrEnum):
    """Einheit einer Frist."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


# Singular (feminine or masculine numeral included) and dative plural.
_UNIT_WORDS: Final = {
    Unit.DAYS: ("einem Tag", "Tagen"),
    Unit.WEEKS: ("einer Woche", "Wochen"),
    Unit.MONTHS: ("einem Monat", "Monaten"),
}
_END_RULES: Final = {
    Unit.DAYS: "§ 188 Abs. 1 BGB",
    Unit.WEEKS: "§ 188 Abs. 2 BGB",
    Unit.MONTHS: "§ 188 Abs. 2 und 3 BGB",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A span such as four weeks."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a period has at least one unit")

    def __str__(self) -> str:
        """In the dative: "vier Wochen"."""
        singular, plural = _UNIT_WORDS[self.unit]
        if self.count == 1:
            return singular
        return f"{_NUMERALS.get(self.count, str(self.count))} {plural}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a period, and how it was found.

    nominal_end: by counting alone. end: after the shift to the next Werktag.
    """

    event_on: date
    nominal_end: date
    end: date
    derivation: str


def german_date(day: date) -> str:
    """A date as it stands in a sentence: "27. November 2026"."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def german_day(day: date) -> str:
    """A date with its weekday: "Freitag, 27. November 2026"."""
    return f"{_WEEKDAYS[day.weekday()]}, {german_date(day)}"


def months_after(day: date, months: int) -> date:
    """The day of equal number; if the month lacks it, its last day (§ 188 Abs. 2, 3 BGB)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def nominal_end(event_on: date, period: Period) -> date:
    """The last day of a period that begins with an event on ``event_on``, by counting alone."""
    if period.unit is Unit.MONTHS:
        return months_after(event_on, period.count)
    days = period.count * (7 if period.unit is Unit.WEEKS else 1)
    return event_on + timedelta(days=days)


def holidays_of(land: str) -> HolidayName:
    """Statewide public holidays of a Land by their German names.

    Holidays of single places (Mariä Himmelfahrt in parts of Bavaria, for instance) are not in it.
    """
    table = _holiday_table(land)

    def name(day: date) -> str | None:
        return table.get(day)

    return name


@lru_cache
def _holiday_table(land: str) -> HolidayBase:
    return country_holidays("DE", subdiv=land, language="de")


def is_working_day(day: date, holiday: HolidayName) -> bool:
    """Whether ``day`` is neither Saturday, Sunday nor holiday (§ 193 BGB)."""
    return day.weekday() < _SATURDAY and holiday(day) is None


def next_working_day(day: date, holiday: HolidayName) -> date:
    """``day`` itself, or the first working day after it."""
    while not is_working_day(day, holiday):
        day += timedelta(days=1)
    return day


def deadline(
    event_on: date, period: Period, holiday: HolidayName, *, event: str, shift_rule: str
) -> Deadline:
    """The end of ``period`` after an event, shifted off Saturdays, Sundays and holidays.

    event: the sentence's opening without date, "Der Antrag ist eingegangen am".
    shift_rule: what the shift rests on beside § 193 BGB, "§ 31 Abs. 3 VwVfG NRW".
    """
    counted = nominal_end(event_on, period)
    end = next_working_day(counted, holiday)
    sentences = [
        f"{event} {german_day(event_on)}; dieser Tag wird nicht mitgerechnet (§ 187 Abs. 1 BGB).",
        f"Die Frist von {period} endet rechnerisch am {german_day(counted)} "
        f"({_END_RULES[period.unit]}).",
    ]
    if end != counted:
        sentences.append(
            f"Dieser Tag ist {_why_no_working_day(counted, holiday)}; die Frist endet daher mit "
            f"Ablauf des nächsten Werktages, {german_day(end)} ({shift_rule}, § 193 BGB)."
        )
    return Deadline(event_on, counted, end, " ".join(sentences))


def _why_no_working_day(day: date, holiday: HolidayName) -> str:
    if name := holiday(day):
        return f"ein gesetzlicher Feiertag ({name})"
    return f"ein {_WEEKDAYS[day.weekday()]}"
