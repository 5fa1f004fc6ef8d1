"""The funding application."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Money, Part
from agreements.documents.data.councils import ResolutionReference
from agreements.documents.forms import AuthorityForms, BodyForms


class CostItem(Part):
    """Ein Ansatz des Kostenplans."""

    title: FilledText = Field(examples=["Personalkosten der Projektleitstelle"])
    explanation: Text = ""
    amount: Money


class OwnShare(Part):
    """Der Anteil einer Beteiligten am Eigenanteil."""

    body: BodyForms
    basis: FilledText = Field(examples=["42.319 Einwohner", "Vorabanteil 20 v. H."])
    amount: Money


class OtherFunds(Part):
    """Mittel Dritter und sonstige Einnahmen."""

    title: FilledText
    amount: Money


class OtherFundsRow(OtherFunds):
    """Mittel Dritter mit ihrem Anteil an der Finanzierung."""

    percent: Decimal


class ConditionRow(Part):
    """Eine Fördervoraussetzung und wie sie erfüllt ist."""

    text: FilledText
    fulfilment: FilledText


class YearRow(Part):
    """Ausgaben und Finanzierung eines Haushaltsjahres."""

    year: int = Field(ge=2000, le=2200, examples=[2027])
    expenses: Money
    grant: Money

    @property
    def rest(self) -> Decimal:
        """Was Eigenanteil und Mittel Dritter in diesem Jahr decken."""
        return self.expenses - self.grant


class FinancingData(DocumentData):
    """Ausgaben und Finanzierung eines Vorhabens; die Summen müssen aufgehen."""

    applicant: BodyForms
    programme: FilledText
    guideline: FilledText = Field(description="Richtlinie mit Datum")
    financing: FilledText = Field(
        default="Festbetragsfinanzierung", description="Finanzierungsart nach der Richtlinie"
    )
    project: FilledText
    starts_on: date
    ends_on: date
    costs: tuple[CostItem, ...] = Field(min_length=1)
    other_costs: tuple[CostItem, ...] = Field(default=(), description="nicht zuwendungsfähig")
    eligible: Annotated[Money, Field(gt=0)] = Field(description="zuwendungsfähige Gesamtausgaben")
    grant: Money
    own_contribution: Money
    other_funds: tuple[OtherFunds, ...] = ()
    grant_derivation: tuple[FilledText, ...] = Field(min_length=1, description="Herleitung")
    shares: tuple[OwnShare, ...] = Field(min_length=1)
    years: tuple[YearRow, ...] = Field(default=(), description="Verteilung auf die Jahre")

    @model_validator(mode="after")
    def _sums_add_up(self) -> Self:
        sums = (
            ("Ansätze", sum(item.amount for item in self.costs), "Ausgaben", self.eligible),
            (
                "Zuwendung, Eigenanteil und Mittel Dritter",
                self.grant + self.own_contribution + sum(f.amount for f in self.other_funds),
                "Gesamtausgaben",
                self.total,
            ),
            (
                "Anteile",
                sum(share.amount for share in self.shares),
                "Eigenanteil",
                self.own_contribution,
            ),
            *self._sums_of_years(),
        )
        for name, found, target, wanted in sums:
            if found != wanted:
                raise ValueError(f"{name} ergeben {found} Euro, {target}: {wanted} Euro")
        if self.ends_on <= self.starts_on:
            raise ValueError("der Durchführungszeitraum endet, bevor er beginnt")
        return self

    def _sums_of_years(self) -> tuple[tuple[str, Decimal, str, Decimal], ...]:
        if not self.years:
            return ()
        expenses = sum((row.expenses for row in self.years), Decimal(0))
        grant = sum((row.grant for row in self.years), Decimal(0))
        return (
            ("Jahre", expenses, "Gesamtausgaben", self.total),
            ("Jahre", grant, "Zuwendung", self.grant),
        )

    @property
    def total(self) -> Decimal:
        """Gesamtausgaben."""
        return self.eligible + sum((item.amount for item in self.other_costs), Decimal(0))

    @property
    def rest(self) -> Decimal:
        """Eigenanteil und Mittel Dritter."""
        return self.total - self.grant

    @property
    def grant_percent(self) -> Decimal:
        """Anteil der Zuwendung an den Ausgaben, gerundet; maßgeblich ist der Betrag."""
        return self._percent(self.grant)

    @property
    def own_percent(self) -> Decimal:
        """Der übrige Anteil."""
        return 100 - self.grant_percent - sum(row.percent for row in self.other_rows)

    @property
    def other_rows(self) -> tuple[OtherFundsRow, ...]:
        """Die Mittel Dritter mit ihrem Anteil."""
        return tuple(
            OtherFundsRow(
                title=funds.title, amount=funds.amount, percent=self._percent(funds.amount)
            )
            for funds in self.other_funds
        )

    def _percent(self, amount: Decimal) -> Decimal:
        share = amount / self.total * 100
        return share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class FundingApplicationData(FinancingData):
    """Förderantrag mit Kosten- und Finanzierungsplan."""

    authority: AuthorityForms = Field(description="Bewilligungsbehörde")
    performing: BodyForms
    description: tuple[FilledText, ...] = Field(min_length=1)
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    conditions: tuple[ConditionRow, ...] = Field(min_length=1)
    resolutions: tuple[ResolutionReference, ...] = ()
    attachments: tuple[FilledText, ...] = Field(min_length=1)
    early_start_requested: bool = Field(
        default=False, description="vorzeitiger Maßnahmebeginn wird beantragt"
    )
    declarations: tuple[FilledText, ...] = Field(
        default=(), description="Erklärungen, die das Förderprogramm verlangt"
    )

    @property
    def document_title(self) -> str:
        return f"Förderantrag {self.project}"


class FinancePlanData(FinancingData):
    """Kosten- und Finanzierungsplan als eigene Anlage."""

    planned_on: date = Field(description="Tag der Aufstellung")
    checked_on: date | None = Field(default=None, description="Tag der Prüfung, Vier-Augen-Prinzip")

    @property
    def document_title(self) -> str:
        return f"Kosten- und Finanzierungsplan {self.project}"


class FundingLetterData(DocumentData):
    """Anschreiben an die Bewilligungsbehörde, mit dem Verzeichnis der Anlagen."""

    authority: AuthorityForms = Field(description="Bewilligungsbehörde")
    applicant: BodyForms
    performing: BodyForms
    programme: FilledText
    guideline: FilledText = Field(description="Richtlinie mit Datum")
    project: FilledText
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    starts_on: date
    ends_on: date
    eligible: Money
    grant: Money
    resolutions_missing: tuple[FilledText, ...] = Field(
        default=(), description="Körperschaften, deren Beschluss nachgereicht wird"
    )
    early_start_requested: bool = Field(
        default=False, description="vorzeitiger Maßnahmebeginn wird beantragt"
    )
    enclosures: tuple[FilledText, ...] = Field(min_length=1)

    @property
    def document_title(self) -> str:
        return f"Anschreiben zum Förderantrag {self.project}"
