"""Kosten- und Finanzierungsplan: a pure value and the objections a checker would raise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agreements.funding.money import CENT, euro
from agreements.funding.rules import Quote


def _in_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT)


Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=14, decimal_places=2, allow_inf_nan=False, examples=["560000.00"]),
    AfterValidator(_in_cents),
]
PositiveAmount = Annotated[
    Decimal,
    Field(gt=0, max_digits=14, decimal_places=2, allow_inf_nan=False, examples=["560000.00"]),
    AfterValidator(_in_cents),
]
Label = Annotated[str, Field(min_length=1, max_length=200)]


class CostKind(StrEnum):
    """Ausgabeart."""

    PERSONNEL = "personnel"  # Personalausgaben
    MATERIAL = "material"  # Sachausgaben
    SERVICES = "services"  # Dienstleistungen
    INVESTMENT = "investment"  # Investitionen
    OTHER = "other"  # Sonstiges


class Frozen(BaseModel):
    """Base of the plan's values."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CostItem(Frozen):
    """Ausgabe."""

    label: Label
    kind: CostKind
    amount: PositiveAmount
    eligible: bool = True


class OwnContribution(Frozen):
    """Eigenanteil of one body, by its AGS."""

    ags: Annotated[str, Field(pattern=r"^(\d{5}|\d{8})$")]
    name: Label
    amount: Amount


class OtherFunds(Frozen):
    """Sonstige Einnahme oder Mittel Dritter."""

    label: Label
    amount: PositiveAmount


class YearOfPlan(Frozen):
    """Ausgaben und Zuwendung eines Haushaltsjahres."""

    year: Annotated[int, Field(ge=2000, le=2200, examples=[2027])]
    expenses: Amount
    grant: Amount


class FinancePlan(Frozen):
    """What the project costs and who pays it. ``years``: how it spreads, if that is known."""

    items: tuple[CostItem, ...] = Field(min_length=1)
    grant: Amount
    own_contributions: tuple[OwnContribution, ...] = ()
    other: tuple[OtherFunds, ...] = ()
    years: Annotated[tuple[YearOfPlan, ...], Field(max_length=30)] = ()

    @property
    def total(self) -> Decimal:
        """Gesamtausgaben."""
        return sum((item.amount for item in self.items), Decimal("0.00"))

    @property
    def eligible(self) -> Decimal:
        """Zuwendungsfähige Ausgaben."""
        return sum((item.amount for item in self.items if item.eligible), Decimal("0.00"))

    @property
    def own_contribution(self) -> Decimal:
        """Summe der Eigenanteile."""
        return sum((own.amount for own in self.own_contributions), Decimal("0.00"))

    @property
    def financed(self) -> Decimal:
        """Summe der Finanzierung."""
        others = sum((funds.amount for funds in self.other), Decimal("0.00"))
        return self.grant + self.own_contribution + others


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with a plan, in a sentence, and where."""

    code: str
    message: str
    field: str


def check(plan: FinancePlan, quote: Quote) -> tuple[Objection, ...]:
    """All objections to a plan measured against what the guideline grants; empty: none."""
    return (
        *_sums(plan),
        *_years(plan),
        *_doubled_bodies(plan),
        *_against_quote(plan, quote),
    )


def _sums(plan: FinancePlan) -> tuple[Objection, ...]:
    if plan.financed == plan.total:
        return ()
    gap = plan.total - plan.financed
    words = "fehlen" if gap > 0 else "sind zu viel"
    return (
        Objection(
            "financing-does-not-add-up",
            f"Die Finanzierung von {euro(plan.financed)} deckt die Ausgaben von "
            f"{euro(plan.total)} nicht genau: {euro(abs(gap))} {words}.",
            "own_contributions",
        ),
    )


def _years(plan: FinancePlan) -> tuple[Objection, ...]:
    """The years, if given, stand once each and add up to expenses and grant."""
    if not plan.years:
        return ()
    expenses = sum((year.expenses for year in plan.years), Decimal("0.00"))
    grant = sum((year.grant for year in plan.years), Decimal("0.00"))
    numbers = [year.year for year in plan.years]
    in_order = numbers == sorted(set(numbers))
    beyond = any(year.grant > year.expenses for year in plan.years)
    if (expenses, grant, in_order, beyond) == (plan.total, plan.grant, True, False):
        return ()
    return (
        Objection(
            "years-do-not-add-up",
            f"Die Jahre ergeben Ausgaben von {euro(expenses)} und eine Zuwendung von "
            f"{euro(grant)}; der Plan nennt {euro(plan.total)} und {euro(plan.grant)}. Jedes Jahr "
            "steht einmal, in aufsteigender Folge, mit einer Zuwendung höchstens bis zu seinen "
            "Ausgaben.",
            "years",
        ),
    )


def _doubled_bodies(plan: FinancePlan) -> tuple[Objection, ...]:
    counts = Counter(own.ags for own in plan.own_contributions)
    return tuple(
        Objection(
            "doubled-body",
            f"Der Eigenanteil von {own.name} ist mehrfach angegeben; bitte zusammenfassen.",
            f"own_contributions.{number}",
        )
        for number, own in enumerate(plan.own_contributions)
        if counts[own.ags] > 1 and own.ags in {o.ags for o in plan.own_contributions[:number]}
    )


def _against_quote(plan: FinancePlan, quote: Quote) -> tuple[Objection, ...]:
    found: list[Objection] = []
    quoted = quote.grant + quote.own_contribution
    if plan.eligible != quoted:
        found.append(
            Objection(
                "eligible-differs",
                f"Die zuwendungsfähigen Ausgaben des Planes betragen {euro(plan.eligible)}, "
                f"berechnet ist die Zuwendung aus {euro(quoted)}.",
                "items",
            )
        )
    if plan.grant > quote.grant:
        found.append(
            Objection(
                "grant-too-high",
                f"Die Zuwendung von {euro(plan.grant)} übersteigt den nach der Richtlinie "
                f"möglichen Betrag von {euro(quote.grant)}.",
                "grant",
            )
        )
    if plan.own_contribution < quote.minimum_own_contribution:
        found.append(
            Objection(
                "own-contribution-too-low",
                f"Die Eigenanteile von zusammen {euro(plan.own_contribution)} unterschreiten den "
                f"Mindesteigenanteil von {euro(quote.minimum_own_contribution)}.",
                "own_contributions",
            )
        )
    return tuple(found)
