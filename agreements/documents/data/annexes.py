"""Annexes of an agreement that are documents of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from agreements.documents.content import Clause, FilledText, Text
from agreements.documents.data.agreement import Section, sections_of
from agreements.documents.data.base import DocumentData, Money, Part
from agreements.documents.forms import BodyForms


class Annex(DocumentData):
    """What every annex carries."""

    project: FilledText
    annex_label: Text = Field(
        default="", description="Nummer der Anlage, falls sie eine ist", examples=["Anlage 3"]
    )
    agreement_title: FilledText = Field(description="Titel der Vereinbarung, zu der sie gehört")
    parties: tuple[BodyForms, ...] = Field(min_length=2)
    performing: BodyForms = Field(description="wer die Aufgaben durchführt oder übernimmt")
    performing_label: FilledText = Field(
        description="wie die Vereinbarung sie nennt", examples=["durchführende Körperschaft"]
    )


class ServiceItem(Part):
    """Eine Leistung."""

    title: FilledText = Field(examples=["Betrieb der Datenplattform"])
    description: FilledText = Field(description="was geleistet wird")
    standard: Text = Field(
        default="", description="Güte, Frist, Erreichbarkeit", examples=["werktags 8 bis 16 Uhr"]
    )
    contribution: Text = Field(
        default="", description="was die übrigen Beteiligten beitragen", examples=["Daten liefern"]
    )
    since: Text = Field(default="", description="Beginn oder Stufe", examples=["Stufe 1, 2027"])


class ServiceCatalogueData(Annex):
    """Das Leistungsverzeichnis."""

    introduction: tuple[FilledText, ...] = ()
    services: tuple[ServiceItem, ...] = Field(min_length=1)
    exclusions: tuple[FilledText, ...] = Field(default=(), description="was nicht dazugehört")

    @property
    def document_title(self) -> str:
        return f"Leistungsverzeichnis {self.project}"


class ShareRow(Part):
    """Der Anteil einer Körperschaft."""

    body: FilledText = Field(examples=["Stadt Kamen"])
    basis: FilledText = Field(examples=["42.319 Einwohner", "Vorabanteil 20 v. H."])
    percent: Decimal = Field(ge=0, le=100, decimal_places=4)
    amount: Money


class CostKeyData(Annex):
    """Die Berechnung des Kostenschlüssels. Anteile ergeben genau 100 v. H. und die Summe."""

    method: FilledText = Field(examples=["im Verhältnis der Einwohnerzahlen"])
    basis: tuple[FilledText, ...] = Field(description="Stichtag, Zensusgrundlage, Formel")
    occasion: FilledText = Field(
        description="was verteilt wird", examples=["voraussichtliche Kosten des Jahres 2027"]
    )
    total: Money
    rows: tuple[ShareRow, ...] = Field(min_length=1)
    rounding: FilledText = Field(description="Rundungsregel")
    leaver: FilledText = Field(description="wer den Anteil einer ausscheidenden Beteiligten trägt")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if sum((row.amount for row in self.rows), Decimal(0)) != self.total:
            raise ValueError("die Anteile ergeben nicht die Summe")
        if sum((row.percent for row in self.rows), Decimal(0)) != Decimal(100):
            raise ValueError("die Anteile ergeben nicht 100 v. H.")
        return self

    @property
    def document_title(self) -> str:
        return f"Kostenschlüssel {self.project}"


class RulesOfProcedureData(Annex):
    """Die Geschäftsordnung des Lenkungskreises."""

    title: FilledText
    chair: BodyForms = Field(description="führt den Vorsitz und unterzeichnet")
    preamble: tuple[FilledText, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)

    @property
    def sections(self) -> tuple[Section, ...]:
        """Die Paragraphen § 1 bis § n."""
        return sections_of(self.clauses)

    @property
    def document_title(self) -> str:
        return self.title
