"""Deadlines: what holds for every start, length and Land, and against an independent count."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agreements.law.days import LANDS
from agreements.law.deadlines import (
    Deadline,
    Kind,
    Period,
    Reckoning,
    Unit,
    german_day,
    holidays_of,
    is_werktag,
    is_working_day,
    months_after,
    reckon,
)

# Holidays are known from 1991 on; the longest period counts six and a half years backward.
DAYS = st.dates(min_value=date(1998, 1, 1), max_value=date(2080, 1, 1))
LONG = st.builds(Period, st.integers(1, 5), st.sampled_from((Unit.QUARTERS, Unit.YEARS)))
SHORT = st.builds(
    Period,
    st.integers(1, 60),
    st.sampled_from([unit for unit in Unit if unit not in (Unit.QUARTERS, Unit.YEARS)]),
)
HALVES = st.builds(
    Period, st.integers(0, 5), st.sampled_from((Unit.MONTHS, Unit.YEARS)), st.just(True)
)
PERIODS = SHORT | LONG | HALVES
IN_DAYS = st.builds(
    Period,
    st.integers(1, 60),
    st.sampled_from((Unit.DAYS, Unit.WEEKS, Unit.WERKTAGE, Unit.WORKING_DAYS)),
)
LAND = st.sampled_from(LANDS)
ONE = timedelta(days=1)


def of(day: date, period: Period, land: str, **facts: bool) -> Deadline:
    """A deadline of the kind that moves."""
    return reckon(Reckoning(day, period, Kind.PERIOD, **facts), land)


def between(after: date, before: date) -> list[date]:
    """The full days between two days."""
    return [after + n * ONE for n in range(1, (before - after).days)]


@given(DAYS, PERIODS, LAND, st.booleans())
def test_an_end_is_a_working_day_and_the_first_from_the_counted_end_on(
    day: date, period: Period, land: str, counts: bool
) -> None:
    found, holiday = of(day, period, land, counts_start_day=counts), holidays_of(land)
    assert is_working_day(found.end, holiday)
    skipped = [found.nominal_end + n * ONE for n in range((found.end - found.nominal_end).days)]
    assert not any(is_working_day(free, holiday) for free in skipped)
    assert german_day(found.end) in found.derivation
    assert "§ 188" in found.derivation
    assert ("§ 193" in found.derivation) is (found.end != found.nominal_end)


@given(DAYS, PERIODS, LAND)
def test_a_shift_is_at_most_five_days(day: date, period: Period, land: str) -> None:
    """Good Friday to Easter Monday, or Christmas next to a weekend: four; a day to spare."""
    found = of(day, period, land)
    assert timedelta() <= found.end - found.nominal_end <= timedelta(days=5)


@given(DAYS, PERIODS, LAND, st.sampled_from((Kind.PERFORMANCE, Kind.FIXED)))
def test_performance_and_termin_never_move(
    day: date, period: Period, land: str, kind: Kind
) -> None:
    found = reckon(Reckoning(day, period, kind), land)
    assert found.end == found.nominal_end == of(day, period, land).nominal_end


@given(DAYS, PERIODS, LAND, st.booleans(), st.booleans())
def test_a_later_start_never_ends_earlier(
    day: date, period: Period, land: str, counts: bool, backward: bool
) -> None:
    facts = {"counts_start_day": counts, "backward": backward}
    assert of(day, period, land, **facts).end <= of(day + ONE, period, land, **facts).end


@given(DAYS, PERIODS, LAND, st.booleans())
def test_a_longer_period_never_ends_earlier_nor_begins_later(
    day: date, period: Period, land: str, counts: bool
) -> None:
    longer = Period(period.count + 1, period.unit, period.half)
    for backward, sign in ((False, 1), (True, -1)):
        facts = {"counts_start_day": counts, "backward": backward}
        nearer = of(day, period, land, **facts).nominal_end
        farther = of(day, longer, land, **facts).nominal_end
        assert (farther - nearer) * sign > timedelta()


@given(DAYS, IN_DAYS, LAND)
def test_a_backward_period_leaves_exactly_its_full_days_between(
    day: date, period: Period, land: str
) -> None:
    found, holiday = of(day, period, land, backward=True), holidays_of(land)
    counted = {
        Unit.WERKTAGE: lambda d: is_werktag(d, holiday),
        Unit.WORKING_DAYS: lambda d: is_working_day(d, holiday),
    }.get(period.unit, lambda _: True)
    full = period.count * (7 if period.unit is Unit.WEEKS else 1)
    assert sum(map(counted, between(found.end, day))) == full
    # It is the last such day: a day later one of them would be missing.
    assert sum(map(counted, between(found.end + ONE, day))) == full - 1
    assert found.end == found.nominal_end
    assert german_day(found.end) in found.derivation


@given(DAYS, IN_DAYS, LAND)
def test_a_forward_period_holds_exactly_its_days(day: date, period: Period, land: str) -> None:
    """Counted by looking at every day, with names of days instead of their numbers."""
    holiday = holidays_of(land)
    free = {
        Unit.WERKTAGE: {"Sonntag"},
        Unit.WORKING_DAYS: {"Samstag", "Sonntag"},
    }.get(period.unit, set())
    found = of(day, period, land)
    days = between(day, found.nominal_end + ONE)
    if free:
        days = [d for d in days if german_day(d).split(",")[0] not in free and not holiday(d)]
        assert days[-1] == found.nominal_end
    assert len(days) == period.count * (7 if period.unit is Unit.WEEKS else 1)


@given(DAYS, IN_DAYS, LAND)
def test_backward_undoes_forward(day: date, period: Period, land: str) -> None:
    """Whoever invites on ``day`` and meets right after the period has invited in time."""
    meeting = of(day, period, land).nominal_end + ONE
    last = of(meeting, period, land, backward=True).end
    assert day <= last < meeting
    if period.unit in (Unit.DAYS, Unit.WEEKS):
        assert last == day


@given(DAYS, IN_DAYS, LAND, st.booleans())
def test_counting_the_first_day_is_an_event_on_the_day_before(
    day: date, period: Period, land: str, backward: bool
) -> None:
    """True of days and weeks; months count by number (§ 188 Abs. 2 second alternative)."""
    neighbour = day + ONE if backward else day - ONE
    counted = of(day, period, land, counts_start_day=True, backward=backward)
    event = of(neighbour, period, land, backward=backward)
    assert counted.end == event.end


def stepwise(day: date, months: int) -> date:
    """The day of equal number so many months on, by walking day by day over the month ends."""
    walked, cursor = 0, day
    while walked < months:
        cursor += ONE
        walked += cursor.day == 1
    # cursor is the first of the target month (or the day itself)
    target = cursor
    while months and target.day < day.day and (target + ONE).month == cursor.month:
        target += ONE
    return target


@given(DAYS, st.integers(1, 60))
def test_months_agree_with_a_walk_over_the_calendar(day: date, months: int) -> None:
    assert months_after(day, months) == stepwise(day, months)
    back = months_after(stepwise(day, months), -months)
    assert back <= day
    assert (day - back).days <= 3
    assert (back.year, back.month) == (day.year, day.month)


@given(DAYS, st.integers(1, 24), LAND)
def test_months_that_count_their_first_day_join_without_gap_from_the_first_on(
    day: date, months: int, land: str
) -> None:
    """From a first of the month on they end with a month; the next day is a first again."""
    first = day.replace(day=1)
    end = of(first, Period(months, Unit.MONTHS), land, counts_start_day=True).nominal_end
    assert end + ONE == stepwise(first, months)


@given(DAYS, st.integers(1, 24), LAND)
def test_months_that_count_their_first_day_end_on_the_day_before_or_at_the_months_end(
    day: date, months: int, land: str
) -> None:
    end = of(day, Period(months, Unit.MONTHS), land, counts_start_day=True).nominal_end
    if end.day != day.day - 1:
        assert (end + ONE).day == 1
        assert day.day == 1 or end.day < day.day - 1
