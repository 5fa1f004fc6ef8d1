"""The finance plan against what the guideline grants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agreements.funding.plan import (
    CostItem,
    CostKind,
    FinancePlan,
    OtherFunds,
    OwnContribution,
    YearOfPlan,
    check,
)
from agreements.funding.rules import guideline, quote

DAY = date(2022, 6, 30)
QUOTE = quote(guideline("ikz-nrw", DAY), 11, Decimal(560000), DAY)


def plan(
    grant: str = "490000",
    own: tuple[str, ...] = ("40000", "30000"),
    other: str = "",
    extra: str = "",
) -> FinancePlan:
    items = [CostItem(label="Projektleitung", kind=CostKind.PERSONNEL, amount=Decimal(560000))]
    if extra:
        items.append(
            CostItem(label="Feier", kind=CostKind.OTHER, amount=Decimal(extra), eligible=False)
        )
    return FinancePlan(
        items=tuple(items),
        grant=Decimal(grant),
        own_contributions=tuple(
            OwnContribution(ags=f"0597800{n}", name=f"Stadt {n}", amount=Decimal(amount))
            for n, amount in enumerate(own)
        ),
        other=(OtherFunds(label="Spende", amount=Decimal(other)),) if other else (),
    )


@pytest.mark.parametrize(
    "good", [plan(), plan(grant="480000", own=("80000",)), plan(extra="100", other="100")]
)
def test_no_objection(good: FinancePlan) -> None:
    assert check(good, QUOTE) == ()


@pytest.mark.parametrize(
    ("bad", "codes"),
    [
        (plan(own=("40000", "29999.99")), {"financing-does-not-add-up"}),
        (plan(own=("40000", "30000.01")), {"financing-does-not-add-up"}),
        (plan(grant="490000.01", own=("69999.99",)), {"grant-too-high"}),
        (plan(own=("55999.99",), other="14000.01"), {"own-contribution-too-low"}),
        (plan(extra="100"), {"financing-does-not-add-up"}),
    ],
)
def test_objections(bad: FinancePlan, codes: set[str]) -> None:
    found = check(bad, QUOTE)
    assert {objection.code for objection in found} == codes
    assert all(objection.message.endswith(".") and objection.field for objection in found)


def test_a_plan_for_other_expenses_than_quoted() -> None:
    other = quote(guideline("ikz-nrw", DAY), 11, Decimal(560001), DAY)
    assert [objection.code for objection in check(plan(), other)] == ["eligible-differs"]


def test_a_body_stands_once() -> None:
    one = OwnContribution(ags="05978020", name="Stadt Kamen", amount=Decimal(35000))
    doubled = plan().model_copy(update={"own_contributions": (one, one)})
    found = check(doubled, QUOTE)
    assert [objection.field for objection in found] == ["own_contributions.1"]


def test_the_message_says_how_much_is_missing() -> None:
    found = check(plan(own=("69000",)), QUOTE)
    assert "1.000,00 Euro fehlen" in found[0].message


@pytest.mark.parametrize("amount", ["0", "-1", "1.234", "NaN", "1E+20"])
def test_an_item_has_a_proper_amount(amount: str) -> None:
    with pytest.raises(ValidationError):
        CostItem(label="Reise", kind=CostKind.MATERIAL, amount=Decimal(amount))


@given(st.lists(st.decimals(Decimal("0.01"), Decimal(10**6), places=2), min_size=1, max_size=8))
def test_a_plan_survives_storage(amounts: list[Decimal]) -> None:
    made = FinancePlan(
        items=tuple(
            CostItem(label="Posten", kind=CostKind.SERVICES, amount=amount) for amount in amounts
        ),
        grant=Decimal(0),
    )
    assert made.total == made.eligible == sum(amounts)
    assert FinancePlan.model_validate(made.model_dump(mode="json")) == made


@pytest.mark.parametrize(
    ("years", "codes"),
    [
        (((2027, "300000", "260000"), (2028, "260000", "230000")), set()),
        (((2027, "300000", "260000"), (2028, "260000", "229999")), {"years-do-not-add-up"}),
        (((2028, "300000", "260000"), (2027, "260000", "230000")), {"years-do-not-add-up"}),
        (((2027, "0", "490000"), (2028, "560000", "0")), {"years-do-not-add-up"}),
    ],
)
def test_the_years_of_a_plan_add_up(
    years: tuple[tuple[int, str, str], ...], codes: set[str]
) -> None:
    spread = tuple(
        YearOfPlan(year=year, expenses=Decimal(expenses), grant=Decimal(grant))
        for year, expenses, grant in years
    )
    found = check(plan().model_copy(update={"years": spread}), QUOTE)
    assert {objection.code for objection in found} == codes
