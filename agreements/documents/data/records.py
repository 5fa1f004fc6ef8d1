"""What closes the file: its table of contents, and the note at the end of a case."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Hash, Part, TextMark


class CaseFileEntry(Part):
    """Ein Dokument der Vorgangsakte."""

    number: int = Field(ge=1, description="Ordnungsnummer in der Akte")
    stage: FilledText = Field(description="Verfahrensschritt", examples=["Unterzeichnung"])
    title: FilledText = Field(examples=["Beschlussvorlage Kamen"])
    issue: int = Field(default=1, ge=1, description="zählt weiter, wenn ein Dokument ersetzt wird")
    dated_on: date
    file_name: FilledText = Field(examples=["Beschlussvorlage Kamen.docx"])
    digest: Hash = Field(description="SHA-256 der Datei")

    @property
    def short(self) -> str:
        """Die Prüfsumme der Datei, gekürzt."""
        return self.digest[:12]


class CaseFileResolution(Part):
    """Ein Beschluss in der Vorgangsakte."""

    body: FilledText
    committee: FilledText = Field(examples=["Rat"])
    decided_on: date | None = None
    paper_number: Text = ""
    outcome: FilledText = Field(examples=["beschlossen"])
    round_label: FilledText = Field(examples=["Beschluss zur Vereinbarung"])


class CaseFileData(DocumentData):
    """Aktendeckel und Inhaltsverzeichnis der Vorgangsakte."""

    project: FilledText
    subject: FilledText = Field(description="Gegenstand des Vorgangs")
    holder: FilledText = Field(description="aktenführende Stelle", examples=["Stadt Schwerte"])
    parties: tuple[FilledText, ...] = Field(min_length=2)
    instrument: FilledText = Field(examples=["mandatierende Vereinbarung"])
    state: FilledText = Field(description="Stand des Vorgangs", examples=["läuft"])
    started_on: date
    ended_on: date | None = None
    text: TextMark | None = Field(default=None, description="festgeschriebene Textfassung")
    documents: tuple[CaseFileEntry, ...] = ()
    resolutions: tuple[CaseFileResolution, ...] = ()
    journal_entries: int = Field(ge=1, description="Zahl der Einträge der Verlaufsakte")
    journal_digest: Hash = Field(description="Prüfsumme des letzten Eintrags der Verlaufsakte")

    @property
    def document_title(self) -> str:
        return f"Vorgangsakte {self.file_reference}: {self.project}"


class Milestone(Part):
    """Ein Ereignis in der Zusammenfassung des Vorgangs."""

    on: date
    event: FilledText = Field(examples=["Unterzeichnung durch alle Beteiligten abgeschlossen"])
    remark: Text = ""


class Original(Part):
    """Wo ein Original liegt."""

    what: FilledText = Field(examples=["Unterzeichnete Ausfertigung"])
    where: FilledText = Field(examples=["Stadt Schwerte, Rechtsamt, Urkundensammlung Nr. 12"])


class ClosingNoteData(DocumentData):
    """Der Schlussvermerk: was vereinbart ist, seit wann, wo die Originale liegen, wie lange."""

    project: FilledText
    subject: FilledText
    outcome: Literal["concluded", "withdrawn"]
    outcome_reason: Text = Field(default="", description="warum der Vorgang zurückgezogen wurde")
    parties: tuple[FilledText, ...] = Field(min_length=2)
    lead: FilledText
    lead_seat: FilledText
    instrument: FilledText
    agreement_title: Text = ""
    text: TextMark | None = None
    milestones: tuple[Milestone, ...] = Field(min_length=1)
    effective_on: date | None = Field(default=None, description="Tag des Wirksamwerdens")
    effective_basis: Text = ""
    originals: tuple[Original, ...] = ()
    open_points: tuple[FilledText, ...] = ()
    retention_until: date = Field(description="letzter Tag der Aufbewahrung")
    retention_basis: FilledText
    archive: Text = Field(default="", description="Archiv, dem die Akte anzubieten ist")
    documents: int = Field(ge=0, description="Zahl der Dokumente der Akte")
    journal_entries: int = Field(ge=1)
    journal_digest: Hash

    @property
    def document_title(self) -> str:
        return f"Schlussvermerk {self.file_reference}: {self.project}"
