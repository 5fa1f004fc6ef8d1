"""Letters to the supervisory authority."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from agreements.documents.content import FilledText
from agreements.documents.data.base import DocumentData, TextMark
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
