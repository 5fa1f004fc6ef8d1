"""What each body bears by a cost key: exact, in whole cents, with nothing lost by rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from agreements.funding.money import CENT

_HUNDRED: Final = Decimal(100)
# Four decimals tell shares apart that differ by a few inhabitants.
_PERCENT: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Weight:
    """What the key looks at for a body. ``weight``: inhabitants, cases, or 1 for equal shares.

    advance: percent of the whole that it bears before the key applies; it bears nothing else.
    """

    name: str
    weight: int
    advance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What a body bears: percent of the whole (four decimals) and the amount in cents."""

    name: str
    percent: Decimal
    amount: Decimal


def shares(
    total: Decimal, weights: Sequence[Weight], carrier: str, base_percent: Decimal = Decimal(0)
) -> tuple[Share, ...]:
    """The shares of a sum: rounded half up to cents; what rounding leaves the carrier bears.

    base_percent: percent of the rest that is split equally before the weights apply.
    Amounts add up to the total and percents to 100. Raises ValueError if nobody bears the rest.
    """
    sharing = [entry for entry in weights if entry.advance is None]
    if not sharing or sum(entry.weight for entry in sharing) <= 0:
        raise ValueError("niemand trägt den Rest nach dem Schlüssel")
    with localcontext() as context:
        context.prec = 50
        exact = _exact(weights, sharing, base_percent)
        percents = _rounded(exact, _HUNDRED, _PERCENT, carrier)
        amounts = _rounded(exact, total, CENT, carrier)
    return tuple(Share(e.name, percents[e.name], amounts[e.name]) for e in weights)


def _exact(
    weights: Sequence[Weight], sharing: Sequence[Weight], base_percent: Decimal
) -> Mapping[str, Decimal]:
    """Each body's part of 1, not rounded."""
    advance = sum((entry.advance or Decimal(0) for entry in weights), Decimal(0)) / _HUNDRED
    rest, base = 1 - advance, base_percent / _HUNDRED
    whole = sum(entry.weight for entry in sharing)
    return {
        entry.name: entry.advance / _HUNDRED
        if entry.advance is not None
        else rest * (base / len(sharing) + (1 - base) * entry.weight / whole)
        for entry in weights
    }


def _rounded(
    exact: Mapping[str, Decimal], total: Decimal, unit: Decimal, carrier: str
) -> dict[str, Decimal]:
    found = {
        name: (part * total).quantize(unit, rounding=ROUND_HALF_UP) for name, part in exact.items()
    }
    found[carrier] += total - sum(found.values())
    return found
