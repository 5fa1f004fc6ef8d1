"""Days that can only be a slip of the year."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.decision import check_day
from agreements.errors import Refusal
from agreements.law.days import require_reckonable


@pytest.mark.parametrize("day", [date(1, 1, 1), date(26, 3, 4), date(1990, 12, 31)])
def test_a_year_long_ago_is_a_slip(day: date) -> None:
    with pytest.raises(Refusal) as met:
        require_reckonable(day, "first_day")
    assert (met.value.code, met.value.field) == ("day-too-long-ago", "first_day")
    assert met.value.accepted == "ein Tag ab dem 01.01.1991"


def test_the_year_is_named_in_four_digits() -> None:
    with pytest.raises(Refusal, match=r"Der 04\.03\.0026 liegt zu weit zurück"):
        require_reckonable(date(26, 3, 4), "due_on")


@pytest.mark.parametrize("day", [date(1991, 1, 1), date(2026, 11, 27), date(2100, 12, 31)])
def test_what_can_be_reckoned_from_is_taken(day: date) -> None:
    require_reckonable(day, "first_day")


def test_it_holds_for_legal_dates_as_well() -> None:
    with pytest.raises(Refusal) as met:
        check_day("done_on", date(206, 3, 4))
    assert met.value.code == "day-too-long-ago"
