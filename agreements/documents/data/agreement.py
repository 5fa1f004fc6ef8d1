"""The texts that print an agreement."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from agreements.documents.content import CanonicalContent, Clause, FilledText, Text
from agreements.documents.data.base import DocumentData, Part, TextMark
from agreements.documents.forms import AuthorityForms, BodyForms


class Paragraph(Part):
    """Ein Absatz mit seinen Buchstaben a), b), c)."""

    text: str
    points: tuple[str, ...] = ()


class Section(Part):
    """Ein Paragraph (§) der Vereinbarung."""

    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def numbered(self) -> bool:
        """Ein einziger Absatz trägt keine Nummer."""
        return len(self.paragraphs) > 1


def sections_of(clauses: tuple[Clause, ...]) -> tuple[Section, ...]:
    """The clauses in the form in which templates print them."""
    return tuple(
        Section(title=clause.title, paragraphs=tuple(_paragraph(p) for p in clause.paragraphs))
        for clause in clauses
    )


def _paragraph(text: str) -> Paragraph:
    first, *points = text.split("\n")
    return Paragraph(text=first, points=tuple(points))


class AgreementParty(Part):
    """Eine Beteiligte im Rubrum und im Unterschriftenblock."""

    forms: BodyForms
    designation: Text = Field(default="", examples=["federführende Körperschaft"])


class AgreementText(DocumentData):
    """A document that prints the whole agreement."""

    text: TextMark
    title: FilledText
    parties: tuple[AgreementParty, ...] = Field(min_length=2)
    preamble: tuple[FilledText, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)
    annexes: tuple[FilledText, ...] = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """Die Paragraphen § 1 bis § n."""
        return sections_of(self.clauses)


def text_fields(
    content: CanonicalContent, bodies: tuple[BodyForms, ...], text: TextMark
) -> dict[str, object]:
    """The fields of ``AgreementText`` from a version's content; bodies in the parties' order."""
    if [body.name for body in bodies] != [party.name for party in content.parties]:
        raise ValueError("bodies and parties of the content differ")
    return {
        "text": text,
        "title": content.title,
        "parties": tuple(
            AgreementParty(forms=body, designation=party.designation)
            for body, party in zip(bodies, content.parties, strict=True)
        ),
        "preamble": content.preamble,
        "clauses": content.clauses,
        "annexes": content.annexes,
    }


class AgreementData(AgreementText):
    """Die Vereinbarung zur Unterzeichnung, in jeder Rechtsform."""

    form: FilledText = Field(
        default="Öffentlich-rechtliche Vereinbarung",
        description="Rechtsform, in der Kopfzeile",
        examples=["Kooperationsvereinbarung"],
    )
    status: Text = Field(default="", description="Vermerk über dem Titel", examples=["Entwurf"])

    @property
    def document_title(self) -> str:
        return self.title


class SignedBy(Part):
    """Eine geleistete Unterschrift."""

    body: BodyForms
    name: FilledText = Field(description="wer unterschrieben hat")
    capacity: FilledText = Field(examples=["Bürgermeister", "Allgemeine Vertreterin"])
    place: FilledText
    signed_on: date


class PublicationData(AgreementText):
    """Der Bekanntmachungstext für das Amtsblatt (§ 24 Abs. 3 GkG NRW)."""

    authority: AuthorityForms
    approval: Literal["approved", "deemed_approved", "filed"]
    approved_on: date = Field(description="Tag der Genehmigung oder des Eintritts der Fiktion")
    approval_reference: Text = Field(default="", description="Aktenzeichen der Behörde")
    signatures: tuple[SignedBy, ...] = Field(min_length=2)
    effective_on: date | None = Field(
        default=None, description="ein in der Vereinbarung bestimmter späterer Tag"
    )

    @property
    def document_title(self) -> str:
        return f"Bekanntmachung: {self.title}"
