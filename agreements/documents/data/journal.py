"""The journal as a document."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Hash, Part


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
