"""Amounts of money: read without guessing, written for machines and for people."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.funding.money import (
    AmbiguousAmount,
    NotAnAmount,
    euro,
    fixed,
    is_whole_cents,
    parse_amount,
    percent,
)

AMOUNTS = st.decimals(Decimal(0), Decimal("999999999999.99"), places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("560000", "560000"),
        ("560000.00", "560000.00"),
        ("560000.5", "560000.5"),
        ("560000,5", "560000.5"),
        ("560.000,00", "560000.00"),
        ("1.560.000,00", "1560000.00"),
        ("-5", "-5"),
        # No thousands: one decimal too many, which the rule refuses by name.
        ("560000.123", "560000.123"),
        ("0.001", "0.001"),
    ],
)
def test_read(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["560.000", "560,000", "560,000.00", "1.560.000", "560 000", "1,2,3"]
)
def test_ambiguous(text: str) -> None:
    with pytest.raises(AmbiguousAmount):
        parse_amount(text)


@pytest.mark.parametrize("text", ["", "abc", "1e5", "NaN", "Infinity", "zwölf Euro"])
def test_no_amount(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_amount(text)


@given(AMOUNTS)
def test_what_is_written_is_read_again(amount: Decimal) -> None:
    assert parse_amount(fixed(amount)) == amount
    assert parse_amount(euro(amount).removesuffix(" Euro")) == amount


def test_written_for_people() -> None:
    assert euro(Decimal("1234567.8")) == "1.234.567,80 Euro"
    assert percent(Decimal("0.90")) == "90 %"
    assert percent(Decimal("0.125")) == "12,5 %"


def test_whole_cents() -> None:
    assert is_whole_cents(Decimal("1.23"))
    assert is_whole_cents(Decimal("1E+3"))
    assert not is_whole_cents(Decimal("1.230"))
    assert not is_whole_cents(Decimal("NaN"))
