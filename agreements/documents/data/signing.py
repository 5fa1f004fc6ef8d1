"""The copies to be signed, and the sheet that goes round with them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.agreement import AgreementText
from agreements.documents.data.base import DocumentData, Part, TextMark
from agreements.documents.forms import BodyForms

SigningForm = Literal["written", "electronic", "text"]


class Signatory(Part):
    """Wer zu unterschreiben hat; der Name ist leer, wenn er noch nicht feststeht."""

    name: Text = Field(default="", examples=["Erika Exempel"])
    capacity: FilledText = Field(examples=["Bürgermeisterin"])


class SigningParty(Part):
    """Eine Beteiligte mit den Unterschriften, die sie leistet."""

    forms: BodyForms
    designation: Text = ""
    signatories: tuple[Signatory, ...] = Field(min_length=1)


class SigningData(AgreementText):
    """Die Ausfertigung der Vereinbarung mit Unterschriftsseiten."""

    instrument: FilledText = Field(
        default="Öffentlich-rechtliche Vereinbarung",
        description="Rechtsform, in der Kopfzeile",
        examples=["Kooperationsvereinbarung"],
    )
    form: SigningForm = Field(description="Form, in der unterzeichnet wird")
    form_basis: FilledText = Field(examples=["§ 24 Abs. 1 GkG NRW"])
    electronic: Text = Field(
        default="",
        description="was die Schriftform ersetzt",
        examples=["qualifizierte elektronische Signatur (§ 3a Abs. 2 VwVfG NRW)"],
    )
    copies: int = Field(ge=1, description="Zahl der gleichlautenden Ausfertigungen")
    copies_for: FilledText = Field(
        description="wer eine Ausfertigung erhält",
        examples=["Jede Beteiligte erhält eine Ausfertigung."],
    )
    signing: tuple[SigningParty, ...] = Field(min_length=2)

    @property
    def document_title(self) -> str:
        return f"Ausfertigung: {self.title}"


class SheetParty(Part):
    """Eine Beteiligte auf dem Laufblatt."""

    body: BodyForms
    signatories: tuple[Signatory, ...] = Field(min_length=1)
    deputies: tuple[FilledText, ...] = Field(default=(), description="hinterlegte Vertretung")
    council: FilledText = Field(examples=["Rat"])
    resolved_on: date | None = Field(default=None, description="Beschluss über die Vereinbarung")


class SigningSheetData(DocumentData):
    """Das Laufblatt: wer in welcher Form unterzeichnet, und worauf zu achten ist."""

    project: FilledText
    agreement_title: FilledText
    text: TextMark
    form: SigningForm
    form_basis: FilledText
    electronic: Text = Field(default="", description="was die Schriftform ersetzen kann")
    signatures: int = Field(ge=1, le=2, description="Unterschriften je Beteiligte")
    signatures_basis: FilledText = Field(examples=["§ 64 GO NRW, § 43 KrO NRW"])
    copies: int = Field(ge=1)
    copies_for: FilledText
    parties: tuple[SheetParty, ...] = Field(min_length=2)
    warnings: tuple[FilledText, ...] = Field(
        default=(), description="Regeln, die noch nicht an der amtlichen Quelle geprüft sind"
    )

    @property
    def document_title(self) -> str:
        return f"Laufblatt zur Unterzeichnung: {self.agreement_title}"
