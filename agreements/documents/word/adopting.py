"""Accepted proposals become a text: together, and on what the text has become meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.documents.word.edits import Edit, applied, conflict, rebased, widened
from agreements.documents.word.lines import Line, decoded, encoded


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is accepted of one proposal. source: what comes from the same document is never the
    same wish twice.
    """

    number: int
    edits: tuple[Edit, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Collision:
    """Two proposals want something else for the same words. other: None for the newer text."""

    one: int
    other: int | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """An edit to apply. number: of its proposal, None for what the newer text has changed."""

    number: int | None
    source: str | None
    edit: Edit


def adopt(
    base: Sequence[Line], current: Sequence[Line], wanted: Sequence[Wanted]
) -> tuple[Line, ...] | Collision:
    """The current text with what is wanted of the text on which the proposals are based."""
    text = encoded(base)
    entries = [_Entry(None, None, edit) for edit in rebased(base, current)]
    wishes: dict[Edit, str | None] = {widened(text, entry.edit): None for entry in entries}
    for one in wanted:
        for edit in one.edits:
            # The same wish from somebody else, or fulfilled already, counts once.
            if wishes.setdefault(widened(text, edit), one.source) == one.source:
                entries.append(_Entry(one.number, one.source, edit))
    if (collision := _collision(text, entries)) is not None:
        return collision
    return decoded(applied(text, [entry.edit for entry in entries]))


def _collision(text: str, entries: Sequence[_Entry]) -> Collision | None:
    """What comes from one document fits together; only different ones collide."""
    reaches = [(widened(text, entry.edit), entry) for entry in entries]
    row = sorted(reaches, key=lambda pair: (pair[0].start, pair[0].end))
    for place, (reach, entry) in enumerate(row):
        for later, other in row[place + 1 :]:
            if later.start > reach.end:
                break
            if entry.source != other.source and conflict(text, reach, later):
                numbers = sorted(n for n in (entry.number, other.number) if n is not None)
                return Collision(numbers[0], numbers[1] if len(numbers) > 1 else None)
    return None
