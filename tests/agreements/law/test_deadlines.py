"""Periods by §§ 187 to 193 BGB: examples that can be checked on a calendar, and properties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.law.deadlines import (
    Period,
    Unit,
    deadline,
    german_day,
    holidays_of,
    is_working_day,
    months_after,
    nominal_end,
)

NW = holidays_of("NW")
DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2090, 1, 1))
PERIODS = st.builds(Period, st.integers(1, 60), st.sampled_from(Unit))


@pytest.mark.parametrize(
    ("event_on", "count", "unit", "end"),
    [
        # Four weeks end on Christmas Day; Saturday and Sunday follow.
        (date(2026, 11, 27), 4, Unit.WEEKS, date(2026, 12, 28)),
        # Christmas Eve and New Year's Eve are working days.
        (date(2026, 11, 26), 4, Unit.WEEKS, date(2026, 12, 24)),
        (date(2026, 12, 3), 4, Unit.WEEKS, date(2026, 12, 31)),
        # Rosenmontag 2026 (16 February) is a working day.
        (date(2026, 1, 19), 4, Unit.WEEKS, date(2026, 2, 16)),
        # Good Friday and Easter Monday 2026.
        (date(2026, 3, 6), 4, Unit.WEEKS, date(2026, 4, 7)),
        # The day of the event is not counted.
        (date(2026, 6, 1), 1, Unit.DAYS, date(2026, 6, 2)),
        # Month ends: 31 January + 1 month, leap year and common year; 29 Feb 2028 is a Tuesday.
        (date(2028, 1, 31), 1, Unit.MONTHS, date(2028, 2, 29)),
        (date(2025, 1, 31), 1, Unit.MONTHS, date(2025, 2, 28)),
        # A month from the last of a short month ends on the equal number, not on the last day.
        (date(2026, 4, 30), 1, Unit.MONTHS, date(2026, 6, 1)),
        # Over the turn of the year; 31 December 2026 is a Thursday.
        (date(2026, 10, 31), 2, Unit.MONTHS, date(2026, 12, 31)),
    ],
)
def test_period_ends(event_on: date, count: int, unit: Unit, end: date) -> None:
    found = deadline(event_on, Period(count, unit), NW, event="Am", shift_rule="§ 31")
    assert found.end == end


def test_holidays_differ_by_land() -> None:
    corpus_christi = date(2026, 6, 4)
    assert NW(corpus_christi) == "Fronleichnam"
    assert holidays_of("HE")(corpus_christi) == "Fronleichnam"
    assert holidays_of("NI")(corpus_christi) is None


def test_derivation_names_the_shift_and_its_reason() -> None:
    shifted = deadline(
        date(2026, 11, 27), Period(4, Unit.WEEKS), NW, event="Eingang am", shift_rule="§ 31 Abs. 3"
    )
    assert "Freitag, 25. Dezember 2026" in shifted.derivation
    assert "Feiertag" in shifted.derivation
    assert "Montag, 28. Dezember 2026" in shifted.derivation
    plain = deadline(
        date(2026, 6, 1), Period(1, Unit.WEEKS), NW, event="Eingang am", shift_rule="§ 31 Abs. 3"
    )
    assert "Werktages" not in plain.derivation
    assert "einer Woche" in plain.derivation


@given(DAYS, PERIODS)
def test_an_end_is_a_working_day_and_never_before_the_counted_end(
    event_on: date, period: Period
) -> None:
    found = deadline(event_on, period, NW, event="Am", shift_rule="§ 31")
    assert is_working_day(found.end, NW)
    assert event_on < found.nominal_end <= found.end
    between = (found.end - found.nominal_end).days
    skipped = [found.nominal_end + timedelta(days=n) for n in range(between)]
    assert not any(is_working_day(day, NW) for day in skipped)
    assert german_day(found.end) in found.derivation


@given(DAYS, st.integers(1, 400))
def test_weeks_keep_the_weekday(event_on: date, weeks: int) -> None:
    assert nominal_end(event_on, Period(weeks, Unit.WEEKS)).weekday() == event_on.weekday()


@given(DAYS, st.integers(1, 120))
def test_months_keep_the_number_or_end_at_the_months_last_day(day: date, months: int) -> None:
    end = months_after(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    is_last_day = (end + timedelta(days=1)).day == 1
    assert end.day == day.day or (end.day < day.day and is_last_day)


@given(DAYS, PERIODS)
def test_a_later_event_never_ends_earlier(event_on: date, period: Period) -> None:
    assert nominal_end(event_on, period) <= nominal_end(event_on + timedelta(days=1), period)


def test_a_period_has_at_least_one_unit() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Period(0, Unit.DAYS)
