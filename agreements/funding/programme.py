"""Funding programmes and their dated guidelines, read from YAML and validated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements.yaml_text import parsed


class Frozen(BaseModel):
    """Base of all values that are read from data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Frozen):
    """Zuwendungsvoraussetzung; the id is stable and is what a stage of the procedure checks."""

    id: str
    text: str


class Attachment(Frozen):
    """Anlage, die dem Antrag beizufügen ist."""

    id: str
    title: str


class Declaration(Frozen):
    """Erklärung, die mit dem Antrag abzugeben ist. ``verified``: in der Quelle gelesen."""

    id: str
    text: str
    source: str
    verified: bool


class Applicants(Frozen):
    """Wer den Antrag stellen darf. ``kinds`` holds values of ``BodyKind``."""

    text: str
    kinds: tuple[str, ...]
    one_for_all: bool


class Guideline(Frozen):
    """Förderrichtlinie: one dated version of a programme's rules."""

    id: str
    title: str
    short_title: str
    short_title_dative: str
    issued_on: date
    valid_from: date
    valid_to: date
    applications_until: date
    verified: bool
    note: str | None = None
    sources: tuple[str, ...] = Field(min_length=1)
    authority: str
    financing: str
    base_amount: Decimal
    base_parties: int = Field(ge=2)
    further_amount: Decimal
    max_rate: Decimal = Field(gt=0, le=1)
    min_own_rate: Decimal = Field(ge=0, lt=1)
    amount_section: str | None = None
    rate_section: str | None = None
    hints: tuple[str, ...] = ()
    applicants: Applicants
    conditions: tuple[Condition, ...]
    attachments: tuple[Attachment, ...]
    declarations: tuple[Declaration, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.issued_on <= self.valid_from <= self.applications_until <= self.valid_to:
            raise ValueError("dates of the guideline are not in order")
        if self.max_rate + self.min_own_rate != 1:
            raise ValueError("max_rate and min_own_rate must make one whole")
        return self

    def accepts_on(self, day: date) -> bool:
        """Whether an application may be filed under this guideline on ``day``."""
        return self.valid_from <= day <= self.applications_until


class Programme(Frozen):
    """Förderprogramm with all its guidelines, oldest first."""

    id: str
    name: str
    land: str
    guidelines: tuple[Guideline, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_guideline_a_day(self) -> Self:
        for earlier, later in zip(self.guidelines, self.guidelines[1:], strict=False):
            if later.valid_from <= earlier.valid_to:
                raise ValueError(f"{later.id} begins before {earlier.id} has ended")
        return self


@lru_cache
def load_programmes() -> dict[str, Programme]:
    """All programmes by id."""
    folder = files("agreements.funding").joinpath("programmes")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    programmes = (
        Programme.model_validate(parsed(entry.read_text("utf-8")))
        for entry in entries
        if entry.name.endswith(".yaml")
    )
    return {programme.id: programme for programme in programmes}
