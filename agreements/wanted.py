"""What legal staff give to have a text version written; bodies by their AGS, never by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agreements.cases import Ags
from agreements.documents.clauses import ClauseChoices, ClauseEdit, CostKeyMethod
from agreements.documents.content import Clause, FilledText


def _one_line(text: str) -> str:
    return " ".join(text.split())


Line = Annotated[FilledText, AfterValidator(_one_line), Field(max_length=1000)]
Note = Annotated[str, Field(max_length=4000)]
Percent = Annotated[Decimal, Field(gt=0, max_digits=5, decimal_places=2, examples=["20"])]


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AdvanceInput(_Input):
    """Vorabanteil: what a body bears before the key applies."""

    ags: Ags
    percent: Percent


class CostKeyInput(_Input):
    """Kostenschlüssel; inhabitants need the date and the census basis of the series."""

    method: CostKeyMethod = "inhabitants"
    reference_date: date | None = None
    census: Line | None = Field(default=None, examples=["Zensus 2022"])
    base_percent: Percent | None = None
    advance: tuple[AdvanceInput, ...] = ()


class VotesInput(_Input):
    """Stimmen einer Körperschaft im Lenkungskreis."""

    ags: Ags
    votes: int = Field(ge=1, le=1000)


class DetailsInput(_Input):
    """Was einzelne Varianten wissen müssen; nur anzugeben, wenn eine sie braucht."""

    fixed_years: int | None = Field(
        default=None, ge=1, le=100, description="Laufzeit in Jahren", examples=[10]
    )
    votes: tuple[VotesInput, ...] = Field(
        default=(), max_length=200, description="Stimmen je Körperschaft"
    )
    usage_unit: Annotated[Line, Field(max_length=200)] | None = Field(
        default=None,
        description="was gezählt wird, nach „Zahl“",
        examples=["der im Vorjahr bearbeiteten Anträge"],
    )
    yearly_supplies: (
        Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2, allow_inf_nan=False)] | None
    ) = Field(default=None, description="erwartete gleichartige Umsätze im Jahr in Euro")
    controlled_entity: Annotated[Line, Field(max_length=300)] | None = Field(
        default=None,
        description="kontrollierte juristische Person, im Akkusativ",
        examples=["die Regionale IT-Dienste AöR"],
    )


class PrincipleInput(_Input):
    """Wortlaut eines Grundsatzbeschlusses. ``purpose`` follows "Aufgabe, …"."""

    kind: Literal["principle"] = "principle"
    purpose: Line = Field(examples=["die digitale Entwicklung der Region gemeinsam zu gestalten"])
    note: Note = ""
    written_on: date


class AgreementInput(_Input):
    """Vereinbarungstext. ``tasks`` stand in the accusative.

    ``choices`` choose among the offered variants, ``edits`` change single clauses by their key;
    ``clauses`` replace all of ours, word for word.
    """

    kind: Literal["agreement"] = "agreement"
    purpose: Line
    tasks: tuple[Line, ...] = Field(min_length=1, max_length=50)
    chair: Ags
    cost_key: CostKeyInput
    staff: Annotated[Decimal, Field(gt=0, max_digits=6, decimal_places=2, examples=["2.5"])]
    minimum_years: int = Field(default=5, ge=1, le=100)
    notice_months: int = Field(default=12, ge=1, le=120)
    report_by: Line = "31. März"
    settlement_by: Line = "30. Juni"
    note: Note = ""
    written_on: date
    choices: ClauseChoices = ClauseChoices()
    details: DetailsInput = DetailsInput()
    edits: tuple[ClauseEdit, ...] = Field(default=(), max_length=200)
    clauses: tuple[Clause, ...] | None = Field(default=None, min_length=1, max_length=200)


VersionInput = Annotated[PrincipleInput | AgreementInput, Field(discriminator="kind")]
