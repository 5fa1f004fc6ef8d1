"""A case's whole journal for somebody to take away, as far as that person may read it.

The chain stays complete whoever asks: of an entry that the person does not see at all, its
number and hash are left; of one whose particulars they may not read, also event and time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import sights
from agreements.glossary import label
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.records import JournalEntry
from agreements.people import Actor
from agreements.sights import Sight


class Visibility(StrEnum):
    """How much of an entry a person sees."""

    FULL = "full"
    MASKED = "masked"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the journal, and how much of it may leave."""

    entry: JournalEntry
    body: Body | None
    visibility: Visibility


def whole(session: Session, actor: Actor, case: Case, sight: Sight) -> list[Line]:
    """Every entry of the case's journal, oldest first."""
    visible = sights.journal_of(actor, sight)
    rows = session.execute(
        select(JournalEntry, Body, visible.label("visible"))
        .outerjoin(Body, Body.id == JournalEntry.body_id)
        .where(JournalEntry.case_id == case.id)
        .order_by(JournalEntry.number)
    )
    return [Line(row[0], row[1], _visibility(sight, row[0], row[2])) for row in rows]


def _visibility(sight: Sight, entry: JournalEntry, visible: bool) -> Visibility:
    if not visible:
        return Visibility.HIDDEN
    return Visibility.FULL if sights.may_read_entry(sight, entry) else Visibility.MASKED


def event_label(entry: JournalEntry) -> str:
    """The event in German; as it stands there if the catalogue does not know it (any more)."""
    known = {event.value: event for event in Event}
    return label(known[entry.event]) if entry.event in known else entry.event


COMPLETE: Final = "Dieser Auszug enthält alle Einträge mit ihrem ganzen Inhalt."


def notice(lines: Sequence[Line]) -> str:
    """What the extract holds and what it can be checked for, as a sentence in German."""
    left_out = sum(line.visibility is not Visibility.FULL for line in lines)
    if not left_out:
        return COMPLETE
    return (
        f"Bei {left_out} von {len(lines)} Einträgen fehlt der Inhalt, weil die abrufende Person "
        "ihn nicht sehen darf. Für diese Einträge lassen sich Vollständigkeit und Verkettung "
        "prüfen, nicht der Inhalt."
    )
