"""What must be known of a case before its text can be written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements.documents.forms import AuthorityForms, BodyForms


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AdvanceShare(_Terms):
    """Ein Vorabanteil: what a body (usually the Kreis) bears before the key applies."""

    body: BodyForms
    percent: Decimal = Field(gt=0, lt=100)


class CostKeyTerms(_Terms):
    """Kostenschlüssel. Population means nothing without its date and census basis."""

    method: Literal["inhabitants", "equal", "base_and_inhabitants"] = "inhabitants"
    reference_date: date | None = Field(default=None, description="Stichtag der Einwohnerzahlen")
    census: str | None = Field(default=None, examples=["Zensus 2022"])
    base_percent: Decimal | None = Field(default=None, description="Sockel zu gleichen Teilen")
    advance: tuple[AdvanceShare, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.method != "equal" and not (self.reference_date and self.census):
            raise ValueError("ein Schlüssel nach Einwohnern braucht Stichtag und Zensusbasis")
        if self.method == "base_and_inhabitants" and self.base_percent is None:
            raise ValueError("der Sockelanteil fehlt")
        if sum(share.percent for share in self.advance) >= 100:
            raise ValueError("die Vorabanteile erreichen 100 v. H.")
        return self


class PrincipleTerms(_Terms):
    """The terms of a Grundsatzbeschluss."""

    project: str = Field(examples=["Smart Region Kreis Unna"])
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    lead: BodyForms = Field(description="federführend; führt die Aufgaben durch")
    applicant: BodyForms = Field(description="stellt den Förderantrag")
    purpose: str = Field(
        description="nach „Aufgabe, …“",
        examples=["die digitale Entwicklung der Region gemeinsam zu gestalten"],
    )
    programme: str | None = Field(default=None, description="Förderprogramm, falls es eines gibt")

    @model_validator(mode="after")
    def _roles_are_parties(self) -> Self:
        for role, body in (("lead", self.lead), ("applicant", self.applicant)):
            if body not in self.parties:
                raise ValueError(f"{role}: {body.name} gehört nicht zu den Beteiligten")
        return self

    @property
    def others(self) -> tuple[BodyForms, ...]:
        """Die übrigen Beteiligten."""
        return tuple(body for body in self.parties if body != self.lead)

    def designation(self, body: BodyForms) -> str:
        """What the text calls a party beside its name."""
        if body == self.lead:
            return "federführende und durchführende Körperschaft"
        if self.programme and body == self.applicant:
            return "antragstellende Körperschaft"
        return ""


class AgreementTerms(PrincipleTerms):
    """The terms of a mandating agreement (§ 23 Abs. 1 Alt. 2 GkG NRW)."""

    tasks: tuple[str, ...] = Field(min_length=1, description="Aufgaben, je im Akkusativ")
    chair: BodyForms = Field(description="führt den Vorsitz im Lenkungskreis")
    authority: AuthorityForms = Field(description="Aufsichtsbehörde nach § 29 Abs. 4 GkG NRW")
    cost_key: CostKeyTerms
    staff: Decimal = Field(gt=0, description="Vollzeitäquivalente der Projektleitstelle")
    minimum_years: int = Field(default=5, ge=1)
    notice_months: int = Field(default=12, ge=1)
    report_by: str = Field(default="31. März", description="Tag des Folgejahres")
    settlement_by: str = Field(default="30. Juni", description="Tag des Folgejahres")
