from __future__ import annotations

from decimal import Decimal

import pytest

from agreements.documents import examples
from agreements.funding.shares import Weight, shares

PEOPLE = [Weight(body.name, count) for body, count in examples.INHABITANTS.items()]


@pytest.mark.parametrize("total", ["0.01", "0.07", "185000.00", "999999999.99"])
@pytest.mark.parametrize("base", ["0", "12.5", "100"])
@pytest.mark.parametrize("advance", [None, "20", "33.33"])
def test_nothing_is_lost_by_rounding(total: str, base: str, advance: str | None) -> None:
    weights = list(PEOPLE)
    if advance is not None:
        weights.append(Weight("Kreis Unna", 0, Decimal(advance)))
    found = shares(Decimal(total), weights, "Stadt Schwerte", Decimal(base))
    assert [share.name for share in found] == [weight.name for weight in weights]
    assert sum(share.amount for share in found) == Decimal(total)
    assert sum(share.percent for share in found) == 100


def test_equal_weights_differ_by_the_cent_that_the_carrier_bears() -> None:
    found = shares(Decimal("100.00"), [Weight(n, 1) for n in "abc"], "b")
    assert [share.amount for share in found] == [
        Decimal("33.33"), Decimal("33.34"), Decimal("33.33")
    ]  # fmt: skip


def test_a_base_is_split_equally_before_inhabitants_count() -> None:
    small, large = shares(
        Decimal("1000.00"), [Weight("a", 100), Weight("b", 300)], "a", Decimal(20)
    )
    assert (small.amount, large.amount) == (Decimal("300.00"), Decimal("700.00"))
    assert (small.percent, large.percent) == (Decimal(30), Decimal(70))


@pytest.mark.parametrize("weights", [[], [Weight("a", 0)], [Weight("a", 5, Decimal(50))]])
def test_somebody_has_to_bear_the_rest(weights: list[Weight]) -> None:
    with pytest.raises(ValueError, match="niemand trägt den Rest"):
        shares(Decimal(1), weights, "a")
