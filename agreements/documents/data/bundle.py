"""The contents of a bundle of documents: what comes first in it."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from agreements.documents.content import FilledText, Text
from agreements.documents.data.base import DocumentData, Part


class ContentsRow(Part):
    """Ein Dokument der Zusammenstellung."""

    number: int = Field(ge=1, description="laufende Nummer", examples=[3])
    heading: Text = Field(
        default="", description="Überschrift des Abschnitts, der mit dieser Zeile beginnt"
    )
    title: FilledText = Field(examples=["Beschlussvorlage Kamen"])
    details: Text = Field(default="", description="Herkunft, Fassung, Hinweise")
    dated_on: date | None = Field(default=None, description="Datum des Dokuments")
    page: int | None = Field(
        default=None, ge=1, description="erste Seite in der Gesamtdatei; leer ohne Gesamtdatei"
    )
    digest: Text = Field(default="", description="Prüfsumme der Datei (SHA-256)")

    @property
    def short(self) -> str:
        """Die Prüfsumme, gekürzt."""
        return f"{self.digest[:12]}…" if self.digest else ""


class ContentsData(DocumentData):
    """Titelblatt und Inhaltsverzeichnis einer Zusammenstellung."""

    title: FilledText = Field(description="was zusammengestellt ist", examples=["Antragsmappe"])
    project: FilledText = Field(examples=["Smart Region Kreis Unna"])
    introduction: FilledText = Field(description="für wen und wann zusammengestellt")
    parties: tuple[FilledText, ...] = ()
    problems: tuple[FilledText, ...] = Field(default=(), description="was fehlt und warum")
    rows: tuple[ContentsRow, ...] = ()
    note: FilledText = Field(description="Hinweise unter dem Verzeichnis")

    @property
    def document_title(self) -> str:
        return f"{self.title} {self.project}"
