"""What must be known before a text beside the agreement itself can be written.

Before it the letter of intent; after it accession, amendment, exit and repeal; with it the annexes
that are texts of their own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements.documents.clauses.amending import Command
from agreements.documents.clauses.choices import Votes
from agreements.documents.forms import AuthorityForms, BodyForms


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    project: str = Field(examples=["Smart Region Kreis Unna"])
    parties: tuple[BodyForms, ...] = Field(min_length=1)
    lead: BodyForms


class IntentStep(BaseModel):
    """Ein nächster Schritt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(examples=["Entwurf der Vereinbarung"])
    due_on: date | None = None


class IntentRole(BaseModel):
    """Was eine Beteiligte in der Vorbereitung übernimmt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body: BodyForms
    role: str = Field(
        description="nach „übernimmt“, im Akkusativ", examples=["die Federführung der Vorbereitung"]
    )


class IntentTerms(_Terms):
    """Absichtserklärung."""

    purpose: str = Field(description="nach „Ziel ist es, …“")
    target: str = Field(
        description="angestrebte Rechtsform, im Akkusativ",
        examples=["eine mandatierende öffentlich-rechtliche Vereinbarung (§ 23 GkG NRW)"],
    )
    roles: tuple[IntentRole, ...] = ()
    steps: tuple[IntentStep, ...] = Field(min_length=1)
    cost_limit: Decimal | None = Field(
        default=None, ge=0, description="gemeinsame Kosten der Vorbereitung höchstens; sonst keine"
    )
    expires_on: date


class BaseAgreement(BaseModel):
    """The agreement that a later text is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    concluded_on: date | None = Field(default=None, description="Tag der letzten Unterschrift")
    publication: str = Field(
        default="",
        description="Fundstelle",
        examples=["Amtsblatt Nr. 32 vom 8. August 2026, S. 245"],
    )
    approval: bool = Field(description="unterliegt §§ 23 und 24 GkG NRW")

    @property
    def inline(self) -> str:
        """Der Titel nach „die“: "öffentlich-rechtliche Vereinbarung über …"."""
        return self.title.replace("Öffentlich-rechtliche", "öffentlich-rechtliche", 1)


class FollowUpTerms(_Terms):
    """What accession, amendment, exit and repeal have in common."""

    base: BaseAgreement
    authority: AuthorityForms

    @property
    def copies(self) -> int:
        """Zahl der Ausfertigungen."""
        return len(self.parties) + (1 if self.base.approval else 0)


class AccessionTerms(FollowUpTerms):
    """Beitrittsvereinbarung; the one that joins is the last of the parties."""

    joining: BodyForms
    joins_on: date | None = Field(default=None, description="späterer Tag des Beitritts")
    compensation: Decimal | None = Field(
        default=None, gt=0, description="Ausgleich für bereits finanzierte Ergebnisse"
    )
    payable_on: date | None = None
    key_basis: str = Field(
        default="", description="Neuberechnung des Kostenschlüssels", examples=["Anlage 1"]
    )

    @model_validator(mode="after")
    def _joins(self) -> Self:
        if self.joining not in self.parties:
            raise ValueError("die beitretende Körperschaft schließt die Vereinbarung mit ab")
        if (self.compensation is None) != (self.payable_on is None):
            raise ValueError("zum Ausgleich gehört der Tag, an dem er fällig ist")
        return self

    @property
    def present(self) -> tuple[BodyForms, ...]:
        """Die bisherigen Beteiligten."""
        return tuple(body for body in self.parties if body != self.joining)


class AmendmentTerms(FollowUpTerms):
    """Änderungsvereinbarung: what changes is the difference of two texts."""

    number: int = Field(default=1, ge=1, description="die wievielte Änderung")
    reason: str = Field(description="Anlass, ein Satz")
    changes: tuple[Command, ...] = Field(min_length=1)
    effective_on: date | None = Field(default=None, description="späterer Tag des Wirksamwerdens")


class ExitTerms(FollowUpTerms):
    """Ausscheidensvereinbarung mit Auseinandersetzung."""

    leaving: BodyForms
    leaves_on: date
    settlement: Decimal = Field(default=Decimal(0), ge=0, description="Ausgleichsbetrag in Euro")
    settled_by: Literal["leaving", "remaining"] = Field(
        default="leaving", description="wer den Ausgleich zahlt"
    )
    payable_on: date | None = None
    settlement_basis: str = Field(
        default="", examples=["Personal- und Sachkosten bis zum Ausscheiden, abzüglich Abschlägen"]
    )
    grant_risk: bool = Field(default=False, description="es läuft eine Zuwendung mit Zweckbindung")

    @model_validator(mode="after")
    def _leaves(self) -> Self:
        if self.leaving not in self.parties:
            raise ValueError("die ausscheidende Körperschaft schließt die Vereinbarung mit ab")
        if self.settlement and self.payable_on is None:
            raise ValueError("zum Ausgleichsbetrag gehört der Tag, an dem er fällig ist")
        return self

    @property
    def remaining(self) -> tuple[BodyForms, ...]:
        """Die verbleibenden Beteiligten."""
        return tuple(body for body in self.parties if body != self.leaving)

    @property
    def counterpart(self) -> BodyForms:
        """Wer für die verbleibenden Beteiligten zahlt oder empfängt."""
        return self.lead if self.lead != self.leaving else self.remaining[0]


class RepealTerms(FollowUpTerms):
    """Aufhebungsvereinbarung."""

    ends_on: date
    reason: str = Field(description="Anlass, ein Satz")
    performing: BodyForms
    delegated: bool = Field(default=False, description="Aufgaben waren übertragen")
    assets: str = Field(default="", description="Verbleib gemeinsamer Werte, ein Satz")
    archive_until: date | None = Field(default=None, description="Aufbewahrung der Akten bis")


class GovernanceTerms(_Terms):
    """Geschäftsordnung des Lenkungskreises."""

    chair: BodyForms
    performing: BodyForms
    voting: Literal["one_vote", "weighted", "unanimity"] = "one_vote"
    votes: tuple[Votes, ...] = ()
    meetings: int = Field(default=2, ge=1, le=12, description="Sitzungen im Jahr mindestens")
    notice_weeks: int = Field(default=2, ge=1, le=12)
    minutes_weeks: int = Field(default=4, ge=1, le=12)
    circular_days: int = Field(default=14, ge=3, le=60, description="Frist im Umlaufverfahren")
    advisers: tuple[str, ...] = Field(
        default=(), description="wer beratend teilnimmt", examples=[("die Projektleitung",)]
    )


class JointControllersTerms(_Terms):
    """Vereinbarung nach Art. 26 DSGVO."""

    performing: BodyForms
    contact: BodyForms = Field(description="Anlaufstelle für betroffene Personen")
    purposes: tuple[str, ...] = Field(min_length=1, description="Zwecke")
    data_categories: tuple[str, ...] = Field(min_length=1)
    subjects: tuple[str, ...] = Field(min_length=1, description="Kategorien betroffener Personen")
    legal_basis: str = Field(examples=["Artikel 6 Absatz 1 Buchstabe e DSGVO"])
    storage: str = Field(description="Speicherdauer, ein Satz")


class ProcessingTerms(_Terms):
    """Vertrag nach Art. 28 DSGVO; lead is not a role in it."""

    processor: BodyForms
    subject: str = Field(description="Gegenstand der Verarbeitung")
    purpose: str = Field(description="Art und Zweck der Verarbeitung")
    data_categories: tuple[str, ...] = Field(min_length=1)
    subjects: tuple[str, ...] = Field(min_length=1)
    duration: str = Field(examples=["die Laufzeit der Vereinbarung"], description="Akkusativ")
    breach_hours: int = Field(default=24, ge=1, le=72, description="Meldung einer Verletzung")
    objection_days: int = Field(
        default=14, ge=5, le=60, description="Widerspruch gegen Unterauftrag"
    )
    has_subprocessors: bool = False

    @property
    def controllers(self) -> tuple[BodyForms, ...]:
        """Die Verantwortlichen."""
        return tuple(body for body in self.parties if body != self.processor)
