"""Which variant stands in each slot, and whether the combination is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from agreements.documents.clauses.terms import AgreementTerms
from agreements.documents.clauses.texts import ClauseSet, Slot, Variant, VariantCondition
from agreements.law.instruments import Instrument


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a variant does not fit, in a sentence that says how to mend it."""

    slot: str
    variant: str
    message: str


def chosen(texts: ClauseSet, slot: Slot, data: BaseModel) -> Variant:
    """The variant in a slot: the one chosen, else the default of the legal form."""
    return slot.variant(chosen_ids(texts, data)[slot.id])


def chosen_ids(texts: ClauseSet, data: BaseModel) -> dict[str, str]:
    """Slot -> variant for these terms."""
    return {slot.id: _wanted(texts, slot, data) for slot in texts.slots}


def objections(
    texts: ClauseSet, data: AgreementTerms, instrument: Instrument, on: date
) -> tuple[Objection, ...]:
    """All that stands against the chosen variants; empty: they may be combined."""
    ids = chosen_ids(texts, data)
    return tuple(
        Objection(slot.id, ids[slot.id], message)
        for slot in texts.slots
        for message in against(slot.variant(ids[slot.id]), ids, instrument, on, data)
    )


def against(
    variant: Variant,
    ids: dict[str, str],
    instrument: Instrument,
    on: date,
    data: AgreementTerms | None,
) -> Iterator[str]:
    """What stands against one variant; data: None leaves figures aside that are yet to come."""
    for condition in variant.conditions:
        if not _holds(condition, ids, instrument, on, data):
            yield condition.because
    if data is not None:
        yield from _votes(variant, data)


def _wanted(texts: ClauseSet, slot: Slot, data: BaseModel) -> str:
    if not isinstance(data, AgreementTerms):
        return texts.defaults[slot.id]
    if slot.id == "cost_key":
        return data.cost_key.method
    wanted = getattr(data.choices, slot.id)
    return str(wanted) if wanted is not None else texts.defaults[slot.id]


def _holds(
    condition: VariantCondition,
    ids: dict[str, str],
    instrument: Instrument,
    on: date,
    data: AgreementTerms | None,
) -> bool:
    if condition.instruments and instrument not in condition.instruments:
        return False
    if condition.written_from is not None and on < condition.written_from:
        return False
    if condition.written_to is not None and on > condition.written_to:
        return False
    if any(ids.get(slot, fits[0]) not in fits for slot, fits in condition.together.items()):
        return False
    return condition.given is None or data is None or _given(condition, condition.given, data)


def _given(condition: VariantCondition, field: str, data: AgreementTerms) -> bool:
    value: object = getattr(data.details, field)
    if not value:
        return value == 0 and condition.at_most is not None
    if not isinstance(value, (int, Decimal)):
        return True
    below = condition.at_most is None or value <= condition.at_most
    return below and (condition.more_than is None or value > condition.more_than)


def _votes(variant: Variant, data: AgreementTerms) -> Iterator[str]:
    """Weighted votes are named for every party once."""
    if variant.id != "weighted" or not data.details.votes:
        return
    named = [entry.body.name for entry in data.details.votes]
    lacking = [body.name for body in data.parties if named.count(body.name) != 1]
    if lacking:
        yield (
            "Für die Stimmgewichte ist jede Beteiligte genau einmal zu nennen; das stimmt nicht "
            f"für: {', '.join(lacking)}."
        )
