from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agreements.documents import filters

N = "\u00a0"


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("490000", f"490.000,00{N}€"),
        ("54444.45", f"54.444,45{N}€"),
        ("0", f"0,00{N}€"),
        ("-1.5", f"-1,50{N}€"),
    ],
)
def test_money(amount: str, printed: str) -> None:
    assert filters.eur(Decimal(amount)) == printed


def test_fractions_of_a_cent_are_not_rounded_away() -> None:
    with pytest.raises(ValueError, match="Cent"):
        filters.eur(Decimal("0.005"))


def test_dates() -> None:
    assert filters.datum(date(2021, 7, 3)) == f"3.{N}Juli 2021"
    assert filters.datum_kurz(date(2021, 7, 3)) == "03.07.2021"


@pytest.mark.parametrize(
    ("number", "printed"),
    [(393784, "393.784"), (Decimal("2.50"), "2,5"), (Decimal("90.00"), "90"), (1000, "1.000")],
)
def test_numbers(number: int | Decimal, printed: str) -> None:
    assert filters.zahl(number) == printed


def test_an_unknown_number_is_not_zero() -> None:
    assert filters.bekannt(None) == "nicht bekannt"
    assert filters.bekannt(0) == "0"


@pytest.mark.parametrize(
    ("parts", "printed"),
    [([], ""), (["A"], "A"), (["A", "B"], "A und B"), (["A", "B", "C"], "A, B und C")],
)
def test_lists(parts: list[str], printed: str) -> None:
    assert filters.aufzaehlung(parts) == printed


def test_law_does_not_break_at_the_end_of_a_line() -> None:
    assert (
        filters.binding("§ 24 Absatz 2 GkG, am 3. Juli") == f"§{N}24 Absatz{N}2 GkG, am 3.{N}Juli"
    )
    assert filters.binding(7) == 7
