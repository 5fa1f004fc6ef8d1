"""What must be known of a case before its text can be written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements.documents.clauses.choices import (
    ClauseChoices,
    ClauseDetails,
    ClauseEdit,
    CostKeyMethod,
)
from agreements.documents.forms import AuthorityForms, BodyForms


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AdvanceShare(_Terms):
    """Ein Vorabanteil: what a body (usually the Kreis) bears before the key applies."""

    body: BodyForms
    percent: Decimal = Field(gt=0, lt=100)


class CostKeyTerms(_Terms):
    """Kostenschlüssel. Population means nothing without its date and census basis."""

    method: CostKeyMethod = "inhabitants"
    reference_date: date | None = Field(default=None, description="Stichtag der Einwohnerzahlen")
    census: str | None = Field(default=None, examples=["Zensus 2022"])
    base_percent: Decimal | None = Field(default=None, description="Sockel zu gleichen Teilen")
    advance: tuple[AdvanceShare, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.by_inhabitants and not (self.reference_date and self.census):
            raise ValueError("ein Schlüssel nach Einwohnern braucht Stichtag und Zensusbasis")
        if self.method == "base_and_inhabitants" and self.base_percent is None:
            raise ValueError("der Sockelanteil fehlt")
        if sum(share.percent for share in self.advance) >= 100:
            raise ValueError("die Vorabanteile erreichen 100 v. H.")
        return self

    @property
    def by_inhabitants(self) -> bool:
        """Whether the key looks at populations."""
        return self.method in ("inhabitants", "base_and_inhabitants")


class PrincipleTerms(_Terms):
    """The terms of a Grundsatzbeschluss."""

    project: str = Field(examples=["Smart Region Kreis Unna"])
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    lead: BodyForms = Field(description="federführend")
    performing: BodyForms | None = Field(
        default=None, description="führt die Aufgaben durch; ohne Angabe die federführende"
    )
    applicant: BodyForms = Field(description="stellt den Förderantrag")
    purpose: str = Field(
        description="nach „Aufgabe, …“",
        examples=["die digitale Entwicklung der Region gemeinsam zu gestalten"],
    )
    programme: str | None = Field(default=None, description="Förderprogramm, falls es eines gibt")

    @model_validator(mode="after")
    def _roles_are_parties(self) -> Self:
        for role, body in (
            ("lead", self.lead),
            ("applicant", self.applicant),
            ("performing", self.performer),
        ):
            if body not in self.parties:
                raise ValueError(f"{role}: {body.name} gehört nicht zu den Beteiligten")
        return self

    @property
    def performer(self) -> BodyForms:
        """Wer die Aufgaben durchführt oder übernimmt; im Zweifel die federführende Körperschaft."""
        return self.performing or self.lead

    @property
    def others(self) -> tuple[BodyForms, ...]:
        """Die übrigen Beteiligten neben der durchführenden."""
        return tuple(body for body in self.parties if body != self.performer)

    def designation(self, body: BodyForms, performs: str = "durchführende") -> str:
        """What the text calls a party beside its name. performs: what the legal form calls it."""
        roles = []
        if body == self.lead:
            roles.append("federführende")
        if performs and body == self.performer:
            roles.append(performs)
        if not roles and self.programme and body == self.applicant:
            roles.append("antragstellende")
        return f"{' und '.join(roles)} Körperschaft" if roles else ""


class AgreementTerms(PrincipleTerms):
    """The terms of an agreement in any of its legal forms."""

    tasks: tuple[str, ...] = Field(min_length=1, description="Aufgaben, je im Akkusativ")
    chair: BodyForms = Field(description="führt den Vorsitz im Lenkungskreis")
    authority: AuthorityForms = Field(description="Aufsichtsbehörde nach § 29 Abs. 4 GkG NRW")
    cost_key: CostKeyTerms
    staff: Decimal = Field(gt=0, description="Vollzeitäquivalente der Projektleitstelle")
    minimum_years: int = Field(default=5, ge=1)
    notice_months: int = Field(default=12, ge=1)
    report_by: str = Field(default="31. März", description="Tag des Folgejahres")
    settlement_by: str = Field(default="30. Juni", description="Tag des Folgejahres")
    choices: ClauseChoices = ClauseChoices()
    details: ClauseDetails = ClauseDetails()
    edits: tuple[ClauseEdit, ...] = ()
