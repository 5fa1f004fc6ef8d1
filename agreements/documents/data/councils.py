"""What councils get: Beschlussvorlage, Beschlussmatrix, Synopse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Money, Part, TextMark
from agreements.documents.forms import BodyForms, CommitteeForms


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


class ConsultationRow(Part):
    """Eine Beratung in der Beratungsfolge."""

    committee: FilledText = Field(examples=["Haupt- und Finanzausschuss"])
    role: FilledText = Field(examples=["Vorberatung", "Entscheidung"])
    planned_on: date | None = Field(default=None, description="Sitzungstag, wenn bekannt")
    forms: CommitteeForms | None = Field(
        default=None, description="Name des Gremiums in den Fällen; fehlt, wenn nichtöffentlich"
    )
    decides: bool = Field(default=False, description="entscheidet, statt zu empfehlen")
    public: bool = Field(default=True, description="berät öffentlich")


class FinancialRow(Part):
    """Eine Zeile der finanziellen Auswirkungen. Ohne Betrag: fällt so nicht an."""

    year: FilledText = Field(description="Haushaltsjahr", examples=["2027"])
    title: FilledText = Field(examples=["Anteil am Eigenanteil"])
    one_off: Money | None = Field(default=None, description="einmaliger Betrag")
    annual: Money | None = Field(default=None, description="jährlicher Betrag")
    account: Text = Field(default="", description="Produkt und Konto", examples=["01.06.01/5313"])
    cover: Text = Field(default="", description="Deckung", examples=["Ansatz im Haushaltsplan"])


class PaperSection(Part):
    """Ein weiterer Abschnitt der Vorlage, je nach Körperschaft."""

    title: FilledText = Field(examples=["Personelle Auswirkungen"])
    paragraphs: tuple[FilledText, ...] = Field(min_length=1)


class PaperChanges(Part):
    """Was sich gegenüber der zuvor beratenen Fassung geändert hat.

    ``rows``: die Gegenüberstellung, wenn sie kurz ist; sonst ``places``: die geänderten Stellen.
    """

    earlier: TextMark = Field(description="die Textfassung, die zuvor zu beschließen war")
    reason: Text = Field(default="", description="warum der Text geändert wurde")
    rows: tuple[SynopsisRow, ...] = ()
    places: tuple[FilledText, ...] = ()


class PaperData(DocumentData):
    """Die Beschlussvorlage einer Körperschaft, für beide Runden."""

    body: BodyForms
    kind: FilledText = Field(default="Beschlussvorlage", description="Art der Vorlage")
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
    financial_rows: tuple[FinancialRow, ...] = Field(
        default=(), description="Beträge nach Jahren, soweit bekannt"
    )
    sections: tuple[PaperSection, ...] = Field(
        default=(), description="Personal, Klima, Gleichstellung und Weiteres"
    )
    changes: PaperChanges | None = Field(
        default=None, description="Änderungen seit der vorherigen Beratung"
    )
    annexes: tuple[FilledText, ...] = ()
    cosigners: tuple[FilledText, ...] = Field(
        default=(), description="mitzeichnende Stellen", examples=[["Kämmerei", "Rechtsamt"]]
    )
    text: TextMark

    @property
    def visibility(self) -> str:
        """Der Status im Kopf der Vorlage."""
        return "öffentlich" if self.public else "nichtöffentlich"

    @property
    def confidential(self) -> bool:
        return any(row.decides and not row.public for row in self.consultations)

    @property
    def recommending(self) -> tuple[ConsultationRow, ...]:
        """Die Gremien, die eine Empfehlung geben."""
        return tuple(row for row in self.consultations if row.forms and not row.decides)

    @property
    def decider(self) -> CommitteeForms:
        """Das Gremium, das entscheidet; ohne Angabe die Vertretung."""
        found = next((row.forms for row in self.consultations if row.forms and row.decides), None)
        return found or CommitteeForms(
            name=self.body.council_nominative.split(" ", 1)[-1],
            nominative=self.body.council_nominative,
            genitive=self.body.council_genitive,
            dative=self.body.council_dative,
        )

    @property
    def one_off_total(self) -> Decimal:
        """Summe der einmaligen Beträge."""
        return sum((row.one_off or Decimal(0) for row in self.financial_rows), Decimal(0))

    @property
    def annual_total(self) -> Decimal:
        """Summe der jährlichen Beträge über alle Jahre."""
        return sum((row.annual or Decimal(0) for row in self.financial_rows), Decimal(0))

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
