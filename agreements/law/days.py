"""Single days: how they are named, and which of them are holidays of a Land.

Holidays are those that hold in the whole Land. Those of single places (Mariä Himmelfahrt in
parts of Bavaria, Fronleichnam in parts of Saxony and Thuringia) are not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

from holidays import country_holidays

from agreements.errors import Refusal

HolidayName = Callable[[date], str | None]

LANDS: Final = (
    "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH",
)  # fmt: skip
# Before 1991 and after 2100 the table of holidays is empty: a shift would be wrong in silence.
FIRST_YEAR: Final = 1991
LAST_YEAR: Final = 2100
WEEKDAYS: Final = (
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
_SATURDAY: Final = 5
_SUNDAY: Final = 6
_DAY: Final = timedelta(days=1)


def german_date(day: date) -> str:
    """A date as it stands in a sentence: "27. November 2026"."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def german_day(day: date) -> str:
    """A date with its weekday: "Freitag, 27. November 2026"."""
    return f"{WEEKDAYS[day.weekday()]}, {german_date(day)}"


def known_land(land: str) -> str:
    """The code of a Land in capitals. Refusal: no such Land."""
    code = land.strip().upper()
    if code not in LANDS:
        raise Refusal(
            "unknown-land",
            f"Das Land „{land}“ gibt es nicht; bekannt sind {', '.join(LANDS)}.",
            "land",
            ", ".join(LANDS),
        )
    return code


def holidays_of(land: str) -> HolidayName:
    """Statewide public holidays of a Land by their German names.

    Refusal: no such Land; when asked for a day outside of 1991 to 2100.
    """
    code = known_land(land)

    def name(day: date) -> str | None:
        return _holidays_in(code, day.year).get(day)

    return name


@cache
def _holidays_in(land: str, year: int) -> Mapping[date, str]:
    """One complete year: a table that fills while it is read loses holidays between threads."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range(year)
    return dict(country_holidays("DE", subdiv=land, language="de", years=year).items())


def _out_of_range(year: int) -> Refusal:
    return Refusal(
        "deadline-out-of-range",
        f"Für das Jahr {year} sind keine Feiertage hinterlegt; berechnet werden Fristen von "
        f"{FIRST_YEAR} bis {LAST_YEAR}.",
        "start",
        f"{FIRST_YEAR} bis {LAST_YEAR}",
    )


def is_working_day(day: date, holiday: HolidayName) -> bool:
    """Arbeitstag: neither Saturday, Sunday nor holiday (§ 193 BGB)."""
    return holiday(day) is None and day.weekday() < _SATURDAY


def is_werktag(day: date, holiday: HolidayName) -> bool:
    """Werktag: Monday to Saturday, no holiday (as § 3 Abs. 2 BUrlG defines it)."""
    return holiday(day) is None and day.weekday() < _SUNDAY


def next_working_day(day: date, holiday: HolidayName) -> date:
    """``day`` itself, or the first working day after it."""
    while not is_working_day(day, holiday):
        day += _DAY
    return day


def last_working_day(day: date, holiday: HolidayName) -> date:
    """``day`` itself, or the last working day before it."""
    while not is_working_day(day, holiday):
        day -= _DAY
    return day


def why_no_working_day(day: date, holiday: HolidayName) -> str:
    """ "ein gesetzlicher Feiertag (Karfreitag)" or "ein Samstag"."""
    if name := holiday(day):
        return f"ein gesetzlicher Feiertag ({name})"
    return f"ein {WEEKDAYS[day.weekday()]}"


def require_reckonable(day: date, field: str) -> None:
    """Refuse a day that nothing can be reckoned from: most likely its year is a slip."""
    if day.year > LAST_YEAR:
        raise Refusal(
            "day-too-far",
            f"Der {day:%d.%m.%Y} liegt zu weit in der Zukunft. Bitte das Jahr prüfen.",
            field,
            f"ein Tag bis zum 31.12.{LAST_YEAR}",
        )
    if day.year < FIRST_YEAR:
        raise Refusal(
            "day-too-long-ago",
            f"Der {day:%d.%m.}{day.year:04} liegt zu weit zurück. Bitte das Jahr prüfen.",
            field,
            f"ein Tag ab dem 01.01.{FIRST_YEAR}",
        )
