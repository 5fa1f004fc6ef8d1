"""Letters to the supervisory authority."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Part, TextMark
from agreements.documents.data.councils import ResolutionReference
from agreements.documents.forms import AuthorityForms, BodyForms


class ApprovalData(DocumentData):
    """Antrag auf Genehmigung (§ 24 Abs. 2 GkG NRW) oder Anzeige der Vereinbarung."""

    variant: Literal["approval", "filing"] = "approval"
    authority: AuthorityForms
    sender: BodyForms = Field(description="federführend; handelt für alle Beteiligten")
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    performing: BodyForms = Field(description="nimmt die Aufgabe wahr (§ 29 Abs. 4 GkG NRW)")
    agreement_title: FilledText
    signed_on: date = Field(description="Tag der letzten Unterschrift")
    text: TextMark
    resolutions: tuple[ResolutionReference, ...] = Field(min_length=2)
    reasons: tuple[FilledText, ...] = Field(min_length=1)
    annexes: tuple[FilledText, ...] = Field(min_length=1)

    @property
    def document_title(self) -> str:
        kind = "Antrag auf Genehmigung" if self.variant == "approval" else "Anzeige"
        return f"{kind}: {self.agreement_title}"


class CertificateRequestData(DocumentData):
    """Antrag auf Bescheinigung der Genehmigungsfiktion (§ 42a Abs. 3 VwVfG NRW)."""

    authority: AuthorityForms
    sender: BodyForms = Field(description="federführend; handelt für alle Beteiligten")
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    agreement_title: FilledText
    text: TextMark
    applied_on: date
    received_on: date = Field(description="Eingang des Antrags; beginnt die Frist")
    period_end: date = Field(description="letzter Tag der Frist")
    deemed_on: date = Field(description="seit diesem Tag gilt die Genehmigung als erteilt")
    derivation: tuple[FilledText, ...] = Field(min_length=1)

    @property
    def document_title(self) -> str:
        return f"Antrag auf Bescheinigung der Genehmigungsfiktion: {self.agreement_title}"


class ClockRow(Part):
    """Eine Frist mit ihrer Herleitung."""

    name: FilledText = Field(examples=["Erste Frist"])
    starts: FilledText = Field(examples=["Eingang des Antrags am 6. Juli 2026"])
    end: date
    derivation: FilledText


class FictionNoteData(DocumentData):
    """Vermerk: ob und seit wann die Genehmigung als erteilt gilt."""

    authority: FilledText
    authority_basis: FilledText
    lead: BodyForms
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    agreement_title: FilledText
    text: TextMark
    legal_basis: FilledText = Field(examples=["§ 24 Abs. 2 GkG NRW"])
    applied_on: date
    received_on: date
    objected_on: date | None = Field(
        default=None, description="Mitteilung, dass versagt oder nur geändert genehmigt werde"
    )
    meeting_called_on: date | None = Field(default=None, description="Einladung zur Erörterung")
    clocks: tuple[ClockRow, ...] = Field(min_length=1)
    result: Literal["deemed_approved", "running", "no_fiction"]
    deemed_on: date | None = None
    reasons: tuple[FilledText, ...] = Field(min_length=1, description="Würdigung, Satz für Satz")
    warnings: tuple[FilledText, ...] = Field(default=(), description="offene Rechtsfragen")

    @model_validator(mode="after")
    def _says_since_when(self) -> Self:
        if self.result == "deemed_approved" and self.deemed_on is None:
            raise ValueError("deemed_on: der Tag, an dem die Fiktion eingetreten ist, fehlt")
        return self

    @property
    def document_title(self) -> str:
        return f"Vermerk zur Genehmigungsfiktion: {self.agreement_title}"


class EndFilingData(DocumentData):
    """Anzeige der Kündigung oder Aufhebung (§ 24 Abs. 5 GkG NRW)."""

    variant: Literal["termination", "repeal"]
    authority: AuthorityForms
    sender: BodyForms = Field(description="federführend; handelt für alle Beteiligten")
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    leaving: BodyForms | None = Field(default=None, description="wer gekündigt hat")
    remaining: tuple[BodyForms, ...] = Field(
        default=(), description="wer die Vereinbarung fortsetzt"
    )
    agreement_title: FilledText
    text: TextMark
    published: Text = Field(
        default="", description="Fundstelle der Bekanntmachung der Vereinbarung"
    )
    declared_on: date = Field(description="Tag der Kündigung oder des Aufhebungsvertrages")
    ends_on: date = Field(description="Tag, zu dem sie wirken soll")
    reasons: tuple[FilledText, ...] = Field(min_length=1)
    annexes: tuple[FilledText, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _says_who_leaves(self) -> Self:
        if self.variant == "termination" and not (self.leaving and self.remaining):
            raise ValueError(
                "leaving, remaining: bei einer Kündigung fehlt, wer geht und wer bleibt"
            )
        return self

    @property
    def document_title(self) -> str:
        kind = "Kündigung" if self.variant == "termination" else "Aufhebung"
        return f"Anzeige der {kind}: {self.agreement_title}"
