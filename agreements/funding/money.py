"""Euro amounts: exact, in whole cents, read and written in the German way."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

CENT: Final = Decimal("0.01")
_PLAIN: Final = re.compile(r"-?\d+(\.\d+)?")
_GROUPED: Final = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_GERMAN: Final = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}")
_NUMBER_LIKE: Final = re.compile(r"[-+]?[\d.,'\s]*\d[\d.,'\s]*(€|EUR)?")


class NotAnAmount(ValueError):
    """The text is no amount of money at all."""


class AmbiguousAmount(ValueError):
    """The text may be read as two different amounts."""


def parse_amount(text: str) -> Decimal:
    """``560000``, ``560000.00``, ``560000,00`` and ``560.000,00``; never a guess.

    ``560.000`` and ``560,000`` could mean 560 or 560,000: AmbiguousAmount.
    """
    cleaned = text.strip()
    if _PLAIN.fullmatch(cleaned) and not _GROUPED.fullmatch(cleaned):
        return Decimal(cleaned)
    if _GERMAN.fullmatch(cleaned):
        return Decimal(cleaned.replace(".", "").replace(",", "."))
    if _NUMBER_LIKE.fullmatch(cleaned):
        raise AmbiguousAmount(text)
    raise NotAnAmount(text)


def is_whole_cents(amount: Decimal) -> bool:
    """Whether the amount is finite and written with at most two decimals."""
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -2


def fixed(amount: Decimal) -> str:
    """For machines: ``490000.00``."""
    return f"{amount.quantize(CENT):f}"


def euro(amount: Decimal) -> str:
    """For people: ``490.000,00 Euro``."""
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{text} Euro"


def percent(rate: Decimal) -> str:
    """For people: ``90 %``, ``12,5 %``."""
    value = (rate * 100).normalize()
    return f"{value:f} %".replace(".", ",")
