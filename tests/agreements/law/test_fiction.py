"""Genehmigungsfiktion: two clocks, and what stops them (§§ 24 Abs. 2, 10 Abs. 1 GkG NRW)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.law.fiction import FictionResult, Silence, fiction
from agreements.law.instruments import Instrument
from agreements.law.rules import law_of

RECEIVED = date(2026, 11, 27)
FIRST_END, SECOND_END = date(2026, 12, 28), date(2027, 1, 25)

CASES = [
    pytest.param(None, None, date(2026, 12, 28), "running", None, id="the last day still runs"),
    pytest.param(
        None, None, date(2026, 12, 29), "deemed_approved", date(2026, 12, 29), id="silent"
    ),
    pytest.param(
        date(2026, 12, 29), None, date(2027, 1, 4), "deemed_approved", date(2026, 12, 29), id="late"
    ),
    pytest.param(FIRST_END, None, date(2027, 1, 25), "running", None, id="objected in time"),
    pytest.param(
        FIRST_END, None, date(2027, 1, 26), "deemed_approved", date(2027, 1, 26), id="no meeting"
    ),
    pytest.param(FIRST_END, SECOND_END, date(2027, 2, 1), "no_fiction", None, id="meeting called"),
    pytest.param(
        FIRST_END,
        date(2027, 1, 26),
        date(2027, 2, 1),
        "deemed_approved",
        date(2027, 1, 26),
        id="meeting called late",
    ),
]


@pytest.mark.parametrize(("objected", "called", "on", "result", "deemed_on"), CASES)
def test_what_the_clocks_come_to(
    objected: date | None, called: date | None, on: date, result: str, deemed_on: date | None
) -> None:
    law = law_of("NW", RECEIVED)
    known = Silence(RECEIVED, objected, called)
    found = fiction(law, Instrument.MANDATING_AGREEMENT, known, on)
    assert found.first.end == FIRST_END
    assert (found.second.end if found.second else None) == (
        SECOND_END if objected == FIRST_END else None
    )
    assert (found.result, found.deemed_on) == (FictionResult(result), deemed_on)
    assert found.reasons
