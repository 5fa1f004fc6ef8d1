"""The law tables: one YAML file per Land, every rule dated, sourced, and marked when unverified."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agreements.law.instruments import Act, Instrument, TaskKind
from agreements.yaml_text import parsed

# First two digits of the AGS.
LANDS: Final = {
    "01": "SH",
    "02": "HH",
    "03": "NI",
    "04": "HB",
    "05": "NW",
    "06": "HE",
    "07": "RP",
    "08": "BW",
    "09": "BY",
    "10": "SL",
    "11": "BE",
    "12": "BB",
    "13": "MV",
    "14": "SN",
    "15": "ST",
    "16": "TH",
}


class RequirementKind(StrEnum):
    """What the supervisory authority has to do with an agreement."""

    APPROVAL = "approval"  # Genehmigung
    FILING = "filing"  # Anzeige
    NONE = "none"


class FormKind(StrEnum):
    """Form der Erklärung."""

    WRITTEN = "written"  # Schriftform
    TEXT = "text"  # Textform, § 126b BGB
    NONE = "none"


class Publisher(StrEnum):
    """Who publishes an agreement."""

    AUTHORITY = "authority"
    EACH_PARTY = "each_party"
    NOBODY = "nobody"


class Trigger(StrEnum):
    """The event that an agreement's entry into force is reckoned from."""

    PUBLICATION = "publication"  # Bekanntmachung
    LAST_NOTICE = "last_notice"  # letzte Bekanntmachung der Beteiligten
    LAST_SIGNATURE = "last_signature"  # Beschlüsse und Unterschriften aller


class AuthorityScheme(StrEnum):
    """Ways to find the competent authority. Each has its evaluation in ``rules``."""

    DISTRICT_GOVERNMENT_OR_LANDRAT = "district_government_or_landrat"  # § 29 Abs. 4 GkG NRW


class Frozen(BaseModel):
    """Base of all values that are read from data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Dated(Frozen):
    """A rule with the days it is valid on, and where it was read."""

    valid_from: date
    valid_to: date | None = None
    basis: str = Field(min_length=1)
    source: str = Field(min_length=1)
    verified: bool
    note: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to before valid_from")
        return self

    def valid_on(self, day: date) -> bool:
        """Whether the rule is in force on ``day`` (both ends inclusive)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class ForInstruments(Dated):
    """A dated rule for some legal forms."""

    instruments: tuple[Instrument, ...] = Field(min_length=1)


class SupervisionRule(ForInstruments):
    """Approval, filing or nothing, where its criteria hold. Criteria left out do not matter."""

    acts: tuple[Act, ...] = (Act.CONCLUSION,)
    task_kinds: tuple[TaskKind, ...] | None = None
    transfers_powers: bool | None = None
    essential_change: bool | None = None
    requirement: RequirementKind


class SignaturesRule(Frozen):
    """How many persons sign for each party, with a source of its own.

    With two, the first is the head of administration or the general deputy.
    """

    count: int = Field(ge=1, le=2)
    basis: str = Field(min_length=1)
    source: str = Field(min_length=1)
    verified: bool
    note: str | None = None


class FormRule(ForInstruments):
    """The form in which the parties declare themselves. ``signatures`` left out: one."""

    form: FormKind
    electronic: str | None = None
    signatures: SignaturesRule | None = None


class PublicationRule(ForInstruments):
    """Who publishes, where, and whether every party points to it."""

    publisher: Publisher
    organ: str | None = None
    notice_by_parties: bool = False


class EffectRule(ForInstruments):
    """When an agreement takes effect: some days after the trigger, or a date agreed."""

    trigger: Trigger
    days_after: int = Field(ge=0, le=1)
    later_date_allowed: bool


class ClockRule(ForInstruments):
    """Genehmigungsfiktion: weeks to object, then weeks to call a meeting."""

    weeks: int = Field(ge=1)
    meeting_weeks: int | None = Field(default=None, ge=1)
    calendar_basis: str
    shift_basis: str


class TerminationRule(ForInstruments):
    """From which term on an agreement must say how it can be ended (always when unlimited)."""

    required_above_years: int | None = None


class Office(Frozen):
    """An authority that is the same whoever takes part; gazette: as it stands after "im"."""

    name: str
    address: str
    gazette: str


class AuthorityRule(Dated):
    """How the competent supervisory authority is found."""

    scheme: AuthorityScheme
    offices: tuple[Office, ...]


class LandLaw(Frozen):
    """The law of cooperation of one Land, all its dated rules; ``on`` is the day looked at."""

    land: str
    name: str
    law: str
    title: str
    on: date
    supervision: tuple[SupervisionRule, ...] = ()
    forms: tuple[FormRule, ...] = ()
    publication: tuple[PublicationRule, ...] = ()
    effect: tuple[EffectRule, ...] = ()
    clocks: tuple[ClockRule, ...] = ()
    termination: tuple[TerminationRule, ...] = ()
    authorities: tuple[AuthorityRule, ...] = ()

    def all_rules(self) -> tuple[Dated, ...]:
        """Every rule, whatever its subject and date."""
        return (
            *self.supervision,
            *self.forms,
            *self.publication,
            *self.effect,
            *self.clocks,
            *self.termination,
            *self.authorities,
        )


@cache
def known_lands() -> tuple[str, ...]:
    """The Länder with a table, as codes (``NW``)."""
    names = (entry.name for entry in files("agreements.law").iterdir())
    # A Land's table is named by its code; the law of councils stands in a table of its own.
    return tuple(sorted(n[:2].upper() for n in names if re.fullmatch(r"[a-z]{2}\.yaml", n)))


@lru_cache
def read_table(land: str) -> LandLaw:
    """The whole table of a Land, validated; ``on`` is the first day that any rule covers."""
    text = files("agreements.law").joinpath(f"{land.lower()}.yaml").read_text("utf-8")
    data = parsed(text)
    law = LandLaw.model_validate({**data, "on": date.min})
    return law.model_copy(update={"on": min(rule.valid_from for rule in law.all_rules())})


def land_of_ags(ags: str) -> str:
    """The Land of an official key: ``05978020`` -> ``NW``. KeyError if there is none."""
    return LANDS[ags[:2]]
