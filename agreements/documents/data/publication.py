"""Publication: the letter that asks for it, and the parties' notices of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, TextMark
from agreements.documents.forms import AuthorityForms, BodyForms

Answered = Literal["approved", "deemed_approved", "filed"]


class PublicationRequestData(DocumentData):
    """Bitte an die Aufsichtsbehörde, die Vereinbarung bekannt zu machen (§ 24 Abs. 3 GkG NRW)."""

    authority: AuthorityForms
    sender: BodyForms = Field(description="federführend; handelt für alle Beteiligten")
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    agreement_title: FilledText
    text: TextMark
    approval: Answered
    approved_on: date
    approval_reference: Text = ""
    annexes: tuple[FilledText, ...] = Field(min_length=1)

    @property
    def document_title(self) -> str:
        return f"Bitte um Bekanntmachung: {self.agreement_title}"


class NoticeData(DocumentData):
    """Der Hinweis einer Beteiligten auf die Bekanntmachung (§ 24 Abs. 3 Satz 2 GkG NRW)."""

    body: BodyForms
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    agreement_title: FilledText
    text: TextMark
    approval: Answered
    gazette: FilledText = Field(
        description="wie es nach „im“ steht",
        examples=["Amtsblatt für den Regierungsbezirk Arnsberg"],
    )
    issue: FilledText = Field(examples=["31/2026"])
    page: Text = ""
    published_on: date
    effective_on: date
    effective_basis: FilledText = Field(examples=["§ 24 Abs. 4 GkG NRW"])

    @property
    def document_title(self) -> str:
        return f"Hinweisbekanntmachung {self.body.name}: {self.agreement_title}"
