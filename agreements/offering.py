"""Which clause texts a case is offered on a day, with the variants that legal staff may choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agreements import wording
from agreements.documents.clauses import ClauseSet
from agreements.documents.clauses.texts import ClauseText, Slot, Variant
from agreements.documents.clauses.variants import against
from agreements.model.cases import Case
from agreements.model.enums import VersionKind


@dataclass(frozen=True, slots=True)
class OfferedVariant:
    """A variant; ``objections`` say why it does not fit this legal form on this day."""

    variant: Variant
    default: bool
    objections: tuple[str, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """The details that it has to be told."""
        return tuple(c.given for c in self.variant.conditions if c.given)


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A slot with its variants in their order."""

    slot: Slot
    variants: tuple[OfferedVariant, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """The clause texts of a case's legal form."""

    texts: ClauseSet
    slots: tuple[OfferedSlot, ...]

    @property
    def clauses(self) -> tuple[ClauseText, ...]:
        """The clauses in their order."""
        return self.texts.clauses


def offer(case: Case, on: date) -> Offer:
    """The clause texts offered on a day; refuses if none are kept for the legal form."""
    texts = wording.offered_texts(case, VersionKind.AGREEMENT, on)
    return Offer(texts, tuple(_slot(case, texts, slot, on) for slot in texts.slots))


def _slot(case: Case, texts: ClauseSet, slot: Slot, on: date) -> OfferedSlot:
    # Combinations and figures are judged when a text is written: here nothing is chosen yet.
    default = texts.defaults.get(slot.id)
    return OfferedSlot(
        slot,
        tuple(
            OfferedVariant(
                variant,
                variant.id == default,
                tuple(against(variant, {}, case.instrument, on, None)),
            )
            for variant in slot.variants
        ),
    )
