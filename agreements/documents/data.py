"""The typed data of each document. Templates read these names and decide nothing."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from agreements.documents.content import (
    CanonicalContent,
    Clause,
    FilledText,
    Text,
    short_hash,
)
from agreements.documents.forms import AuthorityForms, BodyForms

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Money = Annotated[Decimal, Field(ge=0, decimal_places=2)]


class Part(BaseModel):
    """A part of a document's data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DocumentData(Part):
    """What every document carries."""

    file_reference: FilledText = Field(description="Aktenzeichen", examples=["IKZ-2026-0001"])
    dated_on: date = Field(description="Datum des Dokuments; auch in den Dateieigenschaften")
    author: FilledText = Field(description="ausstellende Körperschaft", examples=["Stadt Schwerte"])

    @property
    def document_title(self) -> str:
        """Der Titel in den Dateieigenschaften."""
        raise NotImplementedError


class TextMark(Part):
    """Which text version a document is about."""

    version: int = Field(ge=1, description="Nummer der Textfassung", examples=[3])
    digest: Hash = Field(description="Prüfsumme des Textes (text_hash)")

    @property
    def short(self) -> str:
        """Die Prüfsumme, wie Fußzeilen sie zeigen."""
        return short_hash(self.digest)


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
    """Die öffentlich-rechtliche Vereinbarung zur Unterzeichnung."""

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


class ConsultationRow(Part):
    """Eine Beratung in der Beratungsfolge."""

    committee: FilledText = Field(examples=["Haupt- und Finanzausschuss"])
    role: FilledText = Field(examples=["Vorberatung", "Entscheidung"])
    planned_on: date | None = Field(default=None, description="Sitzungstag, wenn bekannt")


class PaperData(DocumentData):
    """Die Beschlussvorlage einer Körperschaft, für beide Runden."""

    body: BodyForms
    paper_number: FilledText = Field(description="Vorlagennummer", examples=["12/0474"])
    round_label: FilledText = Field(examples=["Grundsatzbeschluss", "Beschluss zur Vereinbarung"])
    public: bool = Field(default=True, description="öffentlich zu beraten")
    office: FilledText = Field(description="federführende Stelle", examples=["Stabsstelle"])
    consultations: tuple[ConsultationRow, ...] = Field(min_length=1)
    subject: FilledText = Field(description="Betreff")
    points: tuple[FilledText, ...] = Field(min_length=1, description="Beschlussvorschlag")
    reasons: tuple[FilledText, ...] = Field(min_length=1, description="Sachdarstellung")
    legal_basis: tuple[FilledText, ...] = Field(min_length=1)
    financial_effects: tuple[FilledText, ...] = Field(min_length=1)
    annexes: tuple[FilledText, ...] = ()
    text: TextMark

    @property
    def visibility(self) -> str:
        """Der Status im Kopf der Vorlage."""
        return "öffentlich" if self.public else "nichtöffentlich"

    @property
    def document_title(self) -> str:
        return f"Beschlussvorlage {self.paper_number} – {self.subject}"


class MatrixRow(Part):
    """Eine Beratung in der Beschlussmatrix. None heißt: nicht bekannt."""

    body: FilledText
    committee: FilledText
    role: FilledText
    decided_on: date | None = None
    paper_number: Text = ""
    outcome: FilledText = Field(examples=["ungeändert beschlossen", "noch offen"])
    yes: int | None = Field(default=None, ge=0)
    no: int | None = Field(default=None, ge=0)
    abstained: int | None = Field(default=None, ge=0)
    text: TextMark | None = None
    remark: Text = ""


class MatrixData(DocumentData):
    """Die Beschlussmatrix einer Runde."""

    project: FilledText
    round_label: FilledText
    rows: tuple[MatrixRow, ...] = Field(min_length=1)
    summary: FilledText = Field(examples=["11 von 11 Vertretungen haben zugestimmt."])

    @property
    def document_title(self) -> str:
        return f"Beschlussmatrix {self.project} – {self.round_label}"


class SynopsisPart(Part):
    """Ein Stück Text; verändert heißt: in der alten Spalte entfallen, in der neuen eingefügt."""

    # Not ``Text``: the space between two pieces belongs to them.
    text: str = Field(min_length=1)
    changed: bool = False


class SynopsisRow(Part):
    """Eine Stelle des Textes in beiden Fassungen."""

    place: FilledText = Field(examples=["§ 5", "§ 6 (bisher § 5)"])
    old: tuple[SynopsisPart, ...] = ()
    new: tuple[SynopsisPart, ...] = ()


class SynopsisData(DocumentData):
    """Die Gegenüberstellung zweier Textfassungen."""

    project: FilledText
    parties: tuple[FilledText, ...] = Field(min_length=2)
    subject: FilledText = Field(description="was verglichen wird", examples=["Vereinbarung"])
    earlier: TextMark = Field(description="die Textfassung, die zuvor zu beschließen war")
    text: TextMark = Field(description="die Textfassung, die jetzt zu beschließen ist")
    reason: Text = Field(default="", description="warum der Text geändert wurde")
    rows: tuple[SynopsisRow, ...] = ()

    @property
    def document_title(self) -> str:
        return f"Synopse {self.project}"


class ResolutionReference(Part):
    """Ein gefasster Beschluss, auf den ein Antrag Bezug nimmt."""

    body: BodyForms
    council: FilledText = Field(examples=["Rat", "Kreistag"])
    decided_on: date
    paper_number: Text = ""


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


class FundingApplicationData(DocumentData):
    """Förderantrag mit Kosten- und Finanzierungsplan."""

    authority: AuthorityForms = Field(description="Bewilligungsbehörde")
    applicant: BodyForms
    performing: BodyForms
    programme: FilledText
    guideline: FilledText = Field(description="Richtlinie mit Datum")
    project: FilledText
    description: tuple[FilledText, ...] = Field(min_length=1)
    parties: tuple[BodyForms, ...] = Field(min_length=2)
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
    conditions: tuple[ConditionRow, ...] = Field(min_length=1)
    resolutions: tuple[ResolutionReference, ...] = ()
    attachments: tuple[FilledText, ...] = Field(min_length=1)
    early_start_requested: bool = Field(
        default=False, description="vorzeitiger Maßnahmebeginn wird beantragt"
    )

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
        )
        for name, found, target, wanted in sums:
            if found != wanted:
                raise ValueError(f"{name} ergeben {found} Euro, {target}: {wanted} Euro")
        if self.ends_on <= self.starts_on:
            raise ValueError("der Durchführungszeitraum endet, bevor er beginnt")
        return self

    @property
    def total(self) -> Decimal:
        """Gesamtausgaben."""
        return self.eligible + sum((item.amount for item in self.other_costs), Decimal(0))

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

    @property
    def document_title(self) -> str:
        return f"Förderantrag {self.project}"


class JournalRow(Part):
    """Ein Eintrag der Verlaufsakte; leer ist, was die abrufende Person nicht sehen darf."""

    number: int = Field(ge=1)
    recorded_at: Text = Field(default="", examples=["01.06.2026, 12:00:05 Uhr"])
    who: Text = Field(default="", examples=["Änne Öztürk"])
    on_behalf_of: Text = Field(default="", description="in wessen Namen gehandelt wurde")
    body: Text = Field(default="", description="Körperschaft")
    legal_date: date | None = Field(default=None, description="Rechtsdatum")
    act: Text = Field(default="", examples=["Beschluss erfasst"])
    reason: Text = ""
    legal_basis: Text = ""
    particulars: Text = Field(
        default="", description="was sich geändert hat, und weitere Angaben; je Zeile eine"
    )
    note: Text = Field(default="", description="warum Angaben fehlen")
    digest: Hash = Field(description="Prüfsumme des Eintrags")

    @property
    def short(self) -> str:
        """Die Prüfsumme, gekürzt."""
        return self.digest[:12]


class JournalData(DocumentData):
    """Die Verlaufsakte eines Vorgangs, oder ein Teil davon."""

    project: FilledText
    parties: tuple[FilledText, ...] = ()
    retrieved_by: FilledText = Field(description="für wen der Auszug erstellt wurde")
    retrieved_at: FilledText
    notice: FilledText = Field(description="was der Auszug enthält")
    total: int = Field(ge=1, description="Zahl aller Einträge des Vorgangs")
    last_digest: Hash = Field(description="Prüfsumme des letzten Eintrags des Vorgangs")
    rows: tuple[JournalRow, ...] = Field(min_length=1)

    @property
    def extent(self) -> str:
        """Welche Einträge der Auszug enthält."""
        first, last = self.rows[0].number, self.rows[-1].number
        shown = f"Eintrag {first}" if first == last else f"Einträge {first} bis {last}"
        return f"{shown} von {self.total}"

    @property
    def document_title(self) -> str:
        return f"Verlaufsakte {self.project}"
