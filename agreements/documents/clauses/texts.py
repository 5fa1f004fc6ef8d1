"""The clause texts as they are stored: sets of one legal form, and the variants of their slots.

A file ``<kind>.yaml`` is one set; ``slots_<land>.yaml`` holds the variants that the sets of a
Land share. Both say from when they are offered, where they come from, and whether a Rechtsamt
has verified them.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from agreements.errors import StepFailure
from agreements.law.instruments import Instrument
from agreements.yaml_text import parsed

_FOLDER: Final = Path(__file__).parent
_SLOTS: Final = "slots_"

TextKind = Literal["agreement", "principle", "follow_up", "annex"]


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _with_key(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class ParagraphText(_Stored):
    """A paragraph: its text, with a key if others refer to it, or the place of a slot."""

    text: str | None = None
    key: str | None = Field(default=None, description="Ziel von ref(…, …)")
    slot: str | None = Field(default=None, description="hier steht die gewählte Variante")
    part: str = Field(default="text", description="welcher Teil der Variante")


class AnnexText(_Stored):
    """An annex with the key by which texts refer to it, or the place of a slot's annexes."""

    text: str | None = None
    key: str | None = Field(default=None, description="Ziel von anlage(…)")
    slot: str | None = None


Paragraphs = tuple[Annotated[ParagraphText, BeforeValidator(_with_key)], ...]
Annexes = tuple[Annotated[AnnexText, BeforeValidator(_with_key)], ...]


class ClauseText(_Stored):
    """One section as it stands in the clause file."""

    key: str = Field(description="Ziel von ref(…)")
    title: str
    paragraphs: Paragraphs
    when: str | None = Field(default=None, description="Angabe, ohne die der Paragraph entfällt")
    optional: bool = Field(default=False, description="darf im Einzelfall weggelassen werden")


class VariantCondition(_Stored):
    """What must hold for a variant to be allowed; ``because`` says why it does not fit else."""

    instruments: tuple[Instrument, ...] = ()
    written_from: date | None = None
    written_to: date | None = None
    given: str | None = Field(default=None, description="Angabe, die es braucht")
    at_most: int | None = Field(default=None, description="größter Wert der Angabe")
    more_than: int | None = Field(default=None, description="die Angabe muss größer sein")
    together: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Slot -> Varianten, mit denen sie sich verträgt"
    )
    because: str


class Variant(_Stored):
    """One of the texts that a slot may hold."""

    id: str
    title: str
    hint: str = Field(default="", description="wann sie passt")
    source: str
    verified: bool
    conditions: tuple[VariantCondition, ...] = ()
    parts: dict[str, Paragraphs]
    annexes: Annexes = ()


class Slot(_Stored):
    """A place in the text for which legal staff choose a variant."""

    id: str
    title: str
    variants: tuple[Variant, ...] = Field(min_length=1)

    def variant(self, wanted: str) -> Variant:
        """The variant of that id."""
        for variant in self.variants:
            if variant.id == wanted:
                return variant
        raise StepFailure(f"Für „{self.title}“ gibt es keine Variante „{wanted}“.")


class SlotFile(_Stored):
    """The slots that the clause sets of a Land share."""

    land: str
    slots: tuple[Slot, ...]


class ClauseSet(_Stored):
    """The clause texts of one kind of agreement, as offered from a day on."""

    kind: str
    land: str
    form: str = Field(default="", description="wie das Dokument heißt; in der Kopfzeile")
    performs: str = Field(
        default="durchführende", description="wie der Text die Körperschaft nennt, die handelt"
    )
    instruments: tuple[Instrument, ...] = Field(min_length=1)
    text: TextKind = Field(description="was damit geschrieben wird")
    valid_from: date
    source: str
    verified: bool = Field(description="von einem Rechtsamt geprüft")
    defaults: dict[str, str] = Field(default_factory=dict, description="Slot -> Variante")
    title: str
    preamble: tuple[str, ...] = ()
    clauses: tuple[ClauseText, ...] = ()
    annexes: Annexes = ()
    points: tuple[str, ...] = Field(default=(), description="Beschlussvorschlag")
    reasons: tuple[str, ...] = Field(default=(), description="Sachdarstellung")
    legal_basis: tuple[str, ...] = ()
    approval_reasons: tuple[str, ...] = Field(default=(), description="für die Aufsichtsbehörde")
    approval_annexes: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots that this set has, in the order of their places."""
        known = slots_of(self.land)
        places = [p.slot for clause in self.clauses for p in clause.paragraphs if p.slot]
        return tuple(known[slot] for slot in dict.fromkeys(places))


@cache
def clause_set(kind: str) -> ClauseSet:
    """The clause texts of a kind: "mandating_nw" or "principle_nw"."""
    path = _FOLDER / f"{kind}.yaml"
    if not kind.isidentifier() or kind.startswith(_SLOTS) or not path.is_file():
        raise StepFailure(
            f"Für die Art „{kind}“ gibt es keine Mustertexte; vorhanden: {', '.join(_kinds())}."
        )
    return ClauseSet.model_validate(parsed(path.read_text(encoding="utf-8")))


def clause_sets() -> tuple[ClauseSet, ...]:
    """All clause texts."""
    return tuple(clause_set(kind) for kind in _kinds())


def offered(text: TextKind, instrument: Instrument, land: str, on: date) -> ClauseSet | None:
    """The clause texts that fit, the newest of those offered on the day; None if none fits."""
    fitting = [
        texts
        for texts in clause_sets()
        if (texts.text, texts.land) == (text, land)
        and instrument in texts.instruments
        and texts.valid_from <= on
    ]
    return max(fitting, key=lambda texts: texts.valid_from, default=None)


@cache
def slots_of(land: str) -> dict[str, Slot]:
    """The slots of a Land by their id."""
    path = _FOLDER / f"{_SLOTS}{land.lower()}.yaml"
    if not path.is_file():
        return {}
    stored = SlotFile.model_validate(parsed(path.read_text(encoding="utf-8")))
    return {slot.id: slot for slot in stored.slots}


def _kinds() -> list[str]:
    return sorted(p.stem for p in _FOLDER.glob("*.yaml") if not p.stem.startswith(_SLOTS))
