"""Deadlines by §§ 187 to 193 BGB and § 31 VwVfG: examples that can be checked on a calendar."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest

from agreements.clock import BERLIN
from agreements.errors import Refusal
from agreements.law.days import LANDS
from agreements.law.deadlines import (
    Deadline,
    Kind,
    Period,
    Reckoning,
    Unit,
    deadline,
    extended,
    holidays_of,
    hours_after,
    nominal_end,
    parse_period,
    procedure_rule,
    reckon,
)

NW = holidays_of("NW")


def ends(start: str, period: str, land: str = "NW", **facts: bool | Kind) -> str:
    """The end of a deadline, all in ISO."""
    return found(start, period, land, **facts).end.isoformat()


def found(start: str, period: str, land: str = "NW", **facts: bool | Kind) -> Deadline:
    """A deadline with its derivation."""
    day = date.fromisoformat(start)
    wanted = Reckoning(day, parse_period(period), **facts)  # type: ignore[arg-type]
    return reckon(wanted, land)


# § 187 Abs. 1, § 188 BGB, § 31 Abs. 3 VwVfG
@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        # The approval's clock (domain.md section 1): Christmas Day, Boxing Day, Sunday.
        ("2026-11-27", "4w", "2026-12-28"),
        # § 187 Abs. 1: the day of the event is not counted.
        ("2026-06-01", "1d", "2026-06-02"),
        ("2026-06-01", "30d", "2026-07-01"),
        # § 188 Abs. 2: the day of equal name or number.
        ("2026-06-03", "1w", "2026-06-10"),
        ("2026-10-31", "2m", "2026-12-31"),
        ("2026-06-03", "1y", "2027-06-03"),
        # § 188 Abs. 3: the month lacks the day; 29 February 2028 is a Tuesday.
        ("2028-01-31", "1m", "2028-02-29"),
        ("2025-01-31", "1m", "2025-02-28"),
        ("2025-01-29", "1m", "2025-02-28"),
        ("2026-08-31", "1m", "2026-09-30"),
        # A short month's last day counts by its number, not as a last day: 30 May is a Saturday.
        ("2026-04-30", "1m", "2026-06-01"),
        ("2025-02-28", "1m", "2025-03-28"),
        # Leap years: 29 February and a year; 2100 has none.
        ("2028-02-29", "1y", "2029-02-28"),
        ("2024-02-29", "4y", "2028-02-29"),
        ("2027-02-28", "1y", "2028-02-28"),
        ("2099-11-29", "3m", "2100-03-01"),
        # Christmas Eve and New Year's Eve are working days in every Land.
        ("2026-11-26", "4w", "2026-12-24"),
        ("2026-12-03", "4w", "2026-12-31"),
        # So is Rosenmontag, a holiday in no Land.
        ("2026-01-19", "4w", "2026-02-16"),
        # Saturday and Sunday.
        ("2026-06-06", "1w", "2026-06-15"),
        ("2026-06-07", "1w", "2026-06-15"),
        # A holiday on a Friday moves to Monday: the Saturday is a Werktag, but no end (§ 193).
        ("2026-04-24", "1w", "2026-05-04"),
        # Good Friday to Easter Monday.
        ("2026-03-06", "4w", "2026-04-07"),
        # Two holidays in a row: Thursday and Friday, then the weekend.
        ("2025-11-27", "4w", "2025-12-29"),
        # § 189: quarter, half year, half month (15 days), counted last.
        ("2026-11-30", "1q", "2027-03-01"),
        ("2026-06-03", "0.5y", "2026-12-03"),
        ("2026-06-01", "0.5m", "2026-06-16"),
        ("2026-01-31", "1.5m", "2026-03-16"),
    ],
)  # fmt: skip
def test_a_period_ends(start: str, period: str, end: str) -> None:
    assert ends(start, period) == end


# § 187 Abs. 2, § 188 Abs. 2 second alternative BGB
@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2026-06-01", "1d", "2026-06-01"),
        ("2026-06-03", "1w", "2026-06-09"),
        ("2026-07-01", "1m", "2026-07-31"),
        ("2027-01-01", "1y", "2027-12-31"),
        ("2026-06-17", "1m", "2026-07-16"),
        # From 31 March: the day before 31 April is 30 April, which exists.
        ("2026-03-31", "1m", "2026-04-30"),
        # From 30 and 31 January 2025: February lacks 29 and 30, so its last day (Abs. 3).
        ("2025-01-30", "1m", "2025-02-28"),
        ("2025-01-31", "1m", "2025-02-28"),
        ("2024-01-30", "1m", "2024-02-29"),
        # From 1 March, eleven months: to the last day of January.
        ("2027-03-01", "11m", "2028-01-31"),
        ("2028-02-29", "1y", "2029-02-28"),
        ("2026-06-01", "0.5m", "2026-06-15"),
    ],
)
def test_a_period_that_counts_its_first_day_ends(start: str, period: str, end: str) -> None:
    assert ends(start, period, counts_start_day=True) == end


@pytest.mark.parametrize(
    ("start", "period", "counts", "end"),
    [
        # Werktage are Monday to Saturday without holidays (§ 3 Abs. 2 BUrlG).
        ("2026-06-08", "3wt", False, "2026-06-11"),
        ("2026-06-10", "4wt", False, "2026-06-15"),
        # The last Werktag is a Saturday: the end moves (§ 193 BGB; LG Berlin on § 573c BGB).
        ("2026-06-10", "3wt", False, "2026-06-15"),
        # Fronleichnam, 4 June 2026, is not counted.
        ("2026-06-03", "1wt", False, "2026-06-05"),
        ("2026-06-03", "1wt", True, "2026-06-03"),
        # A first day that is no Werktag does not count even if it would.
        ("2026-06-07", "1wt", True, "2026-06-08"),
        # Arbeitstage are Monday to Friday without holidays.
        ("2026-06-10", "3at", False, "2026-06-15"),
        ("2026-12-22", "3at", False, "2026-12-28"),
        ("2026-12-23", "10at", False, "2027-01-08"),
    ],
)
def test_werktage_and_arbeitstage(start: str, period: str, counts: bool, end: str) -> None:
    assert ends(start, period, counts_start_day=counts) == end


# The holiday laws of the Länder: (day, its weekday's week before, where it is a holiday)
REGIONAL = [
    ("2026-01-06", "Heilige Drei Könige", {"BW", "BY", "ST"}),
    ("2027-03-08", "Frauentag", {"BE", "MV"}),
    ("2026-06-04", "Fronleichnam", {"BW", "BY", "HE", "NW", "RP", "SL"}),
    ("2025-08-15", "Mariä Himmelfahrt", {"SL"}),
    ("2027-09-20", "Weltkindertag", {"TH"}),
    ("2025-10-31", "Reformationstag", {"BB", "HB", "HH", "MV", "NI", "SH", "SN", "ST", "TH"}),
    ("2027-11-01", "Allerheiligen", {"BW", "BY", "NW", "RP", "SL"}),
    ("2026-11-18", "Buß- und Bettag", {"SN"}),
]


@pytest.mark.parametrize(("day", "name", "where"), REGIONAL)
@pytest.mark.parametrize("land", LANDS)
def test_a_holiday_moves_the_end_only_where_it_is_one(
    land: str, day: str, name: str, where: set[str]
) -> None:
    holiday = date.fromisoformat(day)
    start = date.fromordinal(holiday.toordinal() - 7)
    end = found(start.isoformat(), "1w", land)
    assert end.nominal_end == holiday
    assert (end.end > holiday) is (land in where)
    assert (name in end.derivation) is (land in where)


@pytest.mark.parametrize(
    ("day", "land", "is_one"),
    [
        ("2022-03-08", "MV", False),  # Mecklenburg-Vorpommern: since 2023
        ("2023-03-08", "MV", True),
        ("2018-03-08", "BE", False),  # Berlin: since 2019
        ("2017-10-31", "NW", True),  # 500 years of the Reformation: once, everywhere
        ("2018-10-31", "NW", False),
        ("2025-05-08", "BE", True),  # Berlin: 80 years after the war, once
        ("1994-11-16", "NW", True),  # Buß- und Bettag, given up in 1995 except in Saxony
        ("1995-11-22", "NW", False),
    ],
)
def test_holidays_are_those_of_their_year(day: str, land: str, is_one: bool) -> None:
    assert (holidays_of(land)(date.fromisoformat(day)) is not None) is is_one


# § 31 Abs. 2 to 5 VwVfG
def test_a_period_set_by_an_authority_begins_the_day_after_its_announcement() -> None:
    set_ = found("2026-06-12", "1w", by_authority=True)
    assert set_.end == date(2026, 6, 19)
    assert "§ 31 Abs. 2 VwVfG NRW" in set_.derivation
    otherwise = found("2026-06-15", "1w", by_authority=True, counts_start_day=True)
    assert otherwise.nominal_end == date(2026, 6, 21)  # told: it begins on Monday
    assert otherwise.end == date(2026, 6, 22)
    assert "§ 31 Abs. 2 VwVfG NRW" in otherwise.derivation


def test_an_end_announced_with_reference_to_the_rule_stays() -> None:
    assert ends("2026-06-06", "1w") == "2026-06-15"
    announced = found("2026-06-06", "1w", announced_end=True)
    assert announced.end == date(2026, 6, 13)
    assert "§ 31 Abs. 3 VwVfG NRW Satz 2" in announced.derivation


@pytest.mark.parametrize(
    ("kind", "rule"), [(Kind.PERFORMANCE, "§ 31 Abs. 4"), (Kind.FIXED, "§ 31 Abs. 5")]
)
@pytest.mark.parametrize("start", ["2026-11-27", "2026-06-06", "2026-06-07", "2026-06-09"])
def test_what_an_authority_performs_and_its_termin_end_on_any_day(
    start: str, kind: Kind, rule: str
) -> None:
    stays = found(start, "4w", kind=kind)
    assert (
        stays.end
        == stays.nominal_end
        == nominal_end(date.fromisoformat(start), Period(4, Unit.WEEKS))
    )
    assert f"{rule} VwVfG NRW" in stays.derivation
    assert "§ 193" not in stays.derivation


def test_a_termin_is_the_day_that_was_set() -> None:
    termin = reckon(Reckoning(date(2026, 12, 26), None, Kind.FIXED), "NW")
    assert termin.end == date(2026, 12, 26)
    assert "Zweiter Weihnachtstag" in termin.derivation
    with pytest.raises(ValueError, match="needs no period"):
        Reckoning(date(2026, 12, 26), None)


# § 31 Abs. 6 VwVfG
@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        # Over a weekend with Pentecost: all of it counts.
        ("2026-05-22T10:30+02:00", 72, "2026-05-25T10:30+02:00"),
        # The night of 29 March 2026 lacks an hour, that of 25 October has one more.
        ("2026-03-28T12:00+01:00", 24, "2026-03-29T13:00+02:00"),
        ("2026-10-24T12:00+02:00", 24, "2026-10-25T11:00+01:00"),
        ("2026-12-31T23:59+01:00", 1, "2027-01-01T00:59+01:00"),
    ],
)
def test_hours_run_through_weekends_and_nights(start: str, hours: int, end: str) -> None:
    got, derivation = hours_after(datetime.fromisoformat(start), hours, "NW")
    assert got.isoformat(timespec="minutes") == end
    assert "§ 31 Abs. 6 VwVfG NRW" in derivation


def test_which_of_two_equal_hours_is_meant_is_said() -> None:
    end, derivation = hours_after(datetime.fromisoformat("2026-10-25T02:30+02:00"), 1, "NW")
    assert end.isoformat(timespec="minutes") == "2026-10-25T02:30+01:00"
    assert "25. Oktober 2026, 02:30 Uhr (Sommerzeit) und endet" in derivation
    assert "25. Oktober 2026, 02:30 Uhr (Winterzeit);" in derivation


def test_hours_need_an_aware_moment_and_a_length() -> None:
    with pytest.raises(ValueError, match="aware"):
        hours_after(datetime(2026, 1, 1, 12), 1, "NW")  # noqa: DTZ001
    with pytest.raises(ValueError, match="at least one hour"):
        hours_after(datetime(2026, 1, 1, 12, tzinfo=BERLIN), 0, "NW")


# § 31 Abs. 7 VwVfG, § 190 BGB
def test_an_extension_runs_on_from_the_end_of_the_earlier_period() -> None:
    first = found("2026-06-06", "1w")  # ends on Monday, 15 June
    longer = extended(first.end, Period(2, Unit.WEEKS), "NW")
    assert longer.end == date(2026, 6, 29)
    assert "§ 190 BGB" in longer.derivation
    assert "§ 31 Abs. 7 VwVfG NRW" in longer.derivation


# Backward: full days before an event, mirrored §§ 187, 188 BGB
@pytest.mark.parametrize(
    ("meeting", "period", "land", "last_day_to_send"),
    [
        # Rhein-Kreis Neuss: 6 calendar days; urgent 3 Werktage (domain.md section 2).
        ("2026-12-15", "6d", "NW", "2026-12-08"),
        ("2026-12-15", "3wt", "NW", "2026-12-10"),
        # Schwelm: 12 full Werktage, i.e. two weeks without a holiday.
        ("2026-12-15", "12wt", "NW", "2026-11-30"),
        # Fronleichnam lies in it: a day more in NRW, none in Lower Saxony.
        ("2026-06-16", "12wt", "NW", "2026-05-31"),
        ("2026-06-16", "12wt", "NI", "2026-06-01"),
        # A Sunday as the last day stays one: it does not move, least of all forward.
        ("2026-06-14", "6d", "NW", "2026-06-07"),
        # Weeks and months; the days between are full.
        ("2026-12-15", "1w", "NW", "2026-12-07"),
        ("2026-12-15", "1m", "NW", "2026-11-14"),
        ("2026-03-31", "1m", "NW", "2026-02-27"),
        ("2028-03-31", "1m", "NW", "2028-02-28"),
        ("2026-12-15", "5at", "NW", "2026-12-07"),
    ],
)  # fmt: skip
def test_the_last_day_to_invite(
    meeting: str, period: str, land: str, last_day_to_send: str
) -> None:
    assert ends(meeting, period, land, backward=True) == last_day_to_send


def test_a_backward_period_may_count_its_own_day() -> None:
    assert ends("2026-12-15", "6d", backward=True, counts_start_day=True) == "2026-12-09"
    assert ends("2026-03-31", "1m", backward=True, counts_start_day=True) == "2026-02-28"
    assert ends("2026-12-15", "1w", backward=True, counts_start_day=True) == "2026-12-08"


def test_a_backward_period_says_that_it_does_not_move_and_when_the_office_is_last_open() -> None:
    sunday = found("2026-06-14", "6d", backward=True)
    assert "Montag, 8. Juni 2026 bis Samstag, 13. Juni 2026" in sunday.derivation
    assert "verschiebt sich nicht" in sunday.derivation
    assert "Freitag, 5. Juni 2026" in sunday.derivation


def test_left_out_holidays_are_named() -> None:
    text = found("2026-12-15", "12wt", "NW").derivation
    assert "25. Dezember 2026 (Erster Weihnachtstag)" in text
    assert "26. Dezember 2026 (Zweiter Weihnachtstag)" in text
    assert "26. Dezember" not in found("2026-12-15", "12at", "NW").derivation  # a Saturday


# The sentences
def test_the_example_of_the_approval_is_derived_in_one_paragraph() -> None:
    example = deadline(
        date(2026, 11, 27),
        Period(4, Unit.WEEKS),
        NW,
        event="Der Antrag ist eingegangen am",
        shift_rule="§ 31 Abs. 3 VwVfG NRW",
    )
    assert example.end == date(2026, 12, 28)
    assert example.derivation == (
        "Der Antrag ist eingegangen am Freitag, 27. November 2026; dieser Tag wird nicht "
        "mitgerechnet (§ 187 Abs. 1 BGB). Die Frist von vier Wochen endet rechnerisch am Freitag, "
        "25. Dezember 2026 (§ 188 Abs. 2 BGB). Dieser Tag ist ein gesetzlicher Feiertag (Erster "
        "Weihnachtstag); die Frist endet daher mit Ablauf des nächsten Werktages, Montag, "
        "28. Dezember 2026 (§ 31 Abs. 3 VwVfG NRW, § 193 BGB)."
    )
    reckoned = reckon(
        Reckoning(date(2026, 11, 27), Period(4, Unit.WEEKS)),
        "NW",
        event="Der Antrag ist eingegangen am",
    )
    assert reckoned == example


@pytest.mark.parametrize(
    ("start", "period", "facts", "words"),
    [
        ("2026-01-31", "1m", {}, "dieser Monat hat keinen 31., daher sein letzter Tag, Abs. 3"),
        ("2025-01-30", "1m", {"counts_start_day": True}, "dieser Monat hat keinen 29."),
        ("2026-11-26", "4w", {}, "Der 24. Dezember ist kein gesetzlicher Feiertag"),
        ("2026-06-01", "1w", {"counts_start_day": True}, "§ 187 Abs. 2 BGB"),
        ("2026-06-01", "1.5m", {}, "einem Monat und einem halben Monat"),
        ("2026-06-01", "0.5y", {}, "einem halben Jahr"),
        ("2026-06-01", "2q", {}, "zwei Vierteljahren"),
        ("2026-06-01", "30d", {}, "30 Tagen"),
    ],
)
def test_the_derivation_says(start: str, period: str, facts: dict[str, bool], words: str) -> None:
    assert words in found(start, period, "NW", **facts).derivation


def test_every_land_has_its_own_act() -> None:
    assert procedure_rule("NW", 3) == "§ 31 Abs. 3 VwVfG NRW"
    assert procedure_rule("BY", 4) == "Art. 31 Abs. 4 BayVwVfG"
    assert procedure_rule("SH", 5) == "§ 89 Abs. 5 LVwG"
    assert len({procedure_rule(land, 3) for land in LANDS}) == 16


# Bad input
def test_a_land_that_is_none_is_refused() -> None:
    with pytest.raises(Refusal, match="bekannt sind BB, BE") as refused:
        holidays_of("XX")
    assert refused.value.code == "unknown-land"


@pytest.mark.parametrize(
    ("start", "period"),
    [("1990-06-01", "1w"), ("2100-12-31", "1d"), ("2026-06-01", "100y"), ("2026-06-01", "9999y")],
)
def test_years_without_known_holidays_are_refused(start: str, period: str) -> None:
    with pytest.raises(Refusal) as refused:
        found(start, period)
    assert refused.value.code == "deadline-out-of-range"


@pytest.mark.parametrize(
    "text", ["", "4", "w", "0d", "-1d", "4x", "1.5d", "1.5w", "4 w", "12345d", "１d"]
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|unit|halves"):
        parse_period(text)


@pytest.mark.parametrize("text", ["30d", "4w", "1m", "1q", "1y", "10wt", "10at", "0.5m", "1.5y"])
def test_a_period_is_written_as_it_is_read(text: str) -> None:
    assert parse_period(text).short == text


def test_many_threads_see_every_holiday() -> None:
    """The library's own tables fill while they are read."""
    days = [date(year, 12, 25) for year in range(1991, 2101)]
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: [holidays_of("MV")(day) for day in days], range(8)))
    assert all(None not in names for names in seen)
