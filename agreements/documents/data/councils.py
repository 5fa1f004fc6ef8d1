"""What councils get: Beschlussvorlage, Beschlussmatrix, Synopse."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Part, TextMark
from agreements.documents.forms import BodyForms


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
