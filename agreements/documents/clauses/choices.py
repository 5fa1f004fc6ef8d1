"""What legal staff choose and change in the text of one case: variants, figures, own clauses."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements.documents.content import FilledText
from agreements.documents.forms import BodyForms

Key = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60, examples=["kosten", "laufzeit"])
]
CostKeyMethod = Literal["inhabitants", "equal", "base_and_inhabitants", "usage", "lead"]


class _Choice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClauseChoices(_Choice):
    """Which variant stands in each slot; None takes the default of the legal form."""

    vat: (
        Literal[
            "public_law_cooperation", "cost_reimbursement", "small_amount", "taxable", "old_law"
        ]
        | None
    ) = Field(default=None, description="Umsatzsteuer (§ 2b UStG)")
    data_protection: Literal["processor", "joint", "taker", "separate"] | None = Field(
        default=None, description="Datenschutz (DSGVO)"
    )
    procurement: Literal["cooperation", "contributions", "inhouse", "transfer"] | None = Field(
        default=None, description="Vergaberechtliche Grundlage (§ 108 GWB)"
    )
    term: Literal["unlimited", "fixed", "long"] | None = Field(
        default=None, description="Laufzeit und Kündigung"
    )
    governance: Literal["one_vote", "weighted", "unanimity"] | None = Field(
        default=None, description="Stimmrecht im Lenkungskreis"
    )
    statute: Literal["none", "granted"] | None = Field(
        default=None, description="Satzungsbefugnis (§ 25 GkG NRW)"
    )


class Votes(_Choice):
    """How many votes a body has."""

    body: BodyForms
    votes: int = Field(ge=1, le=1000)


class ClauseDetails(_Choice):
    """What single variants need to know."""

    fixed_years: int | None = Field(
        default=None, ge=1, le=100, description="Laufzeit in Jahren", examples=[10]
    )
    votes: tuple[Votes, ...] = Field(default=(), description="Stimmen je Körperschaft")
    usage_unit: str | None = Field(
        default=None,
        max_length=200,
        description="Maßeinheit des Schlüssels, im Genitiv Plural nach „Zahl“",
        examples=["der im Vorjahr bearbeiteten Anträge"],
    )
    yearly_supplies: Decimal | None = Field(
        default=None, ge=0, description="erwartete gleichartige Umsätze im Jahr in Euro"
    )
    controlled_entity: str | None = Field(
        default=None,
        max_length=300,
        description="kontrollierte juristische Person, im Akkusativ",
        examples=["die Regionale IT-Dienste AöR"],
    )


class ReplaceClause(_Choice):
    """Den Wortlaut eines Paragraphen ersetzen."""

    act: Literal["replace"] = "replace"
    key: Key
    title: FilledText | None = Field(default=None, description="ohne Angabe bleibt die Überschrift")
    paragraphs: tuple[FilledText, ...] = Field(min_length=1, max_length=100)


class AddClause(_Choice):
    """Einen eigenen Paragraphen einfügen."""

    act: Literal["add"] = "add"
    after: Key | None = Field(default=None, description="nach welchem; ohne Angabe an den Anfang")
    key: Key
    title: FilledText
    paragraphs: tuple[FilledText, ...] = Field(min_length=1, max_length=100)


class DropClause(_Choice):
    """Einen entbehrlichen Paragraphen weglassen."""

    act: Literal["drop"] = "drop"
    key: Key


ClauseEdit = Annotated[ReplaceClause | AddClause | DropClause, Field(discriminator="act")]


class ClauseWishes(_Choice):
    """All that is chosen and changed for one text."""

    choices: ClauseChoices = ClauseChoices()
    details: ClauseDetails = ClauseDetails()
    edits: tuple[ClauseEdit, ...] = Field(default=(), max_length=200)

    @model_validator(mode="after")
    def _one_edit_a_key(self) -> Self:
        keys = [edit.key for edit in self.edits]
        if doubled := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"mehrere Änderungen desselben Paragraphen: {', '.join(doubled)}")
        return self
