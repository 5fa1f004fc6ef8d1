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


def adopt(
    base: Sequence[Line], current: Sequence[Line], wanted: Sequence[Wanted]
) -> tuple[Line, ...] | Collision:
    """The current text with what is wanted of the text on which the proposals are based."""
    text = encoded(base)
    entries: list[tuple[int | None, Edit]] = [
        (None, widened(text, edit)) for edit in rebased(base, current)
    ]
    wishes: dict[Edit, str | None] = {edit: None for _, edit in entries}
    for one in wanted:
        for edit in (widened(text, edit) for edit in one.edits):
            # The same wish from somebody else, or fulfilled already.
            if wishes.setdefault(edit, one.source) == one.source:
                entries.append((one.number, edit))
    if (collision := _collision(text, entries)) is not None:
        return collision
    return decoded(applied(text, [edit for _, edit in entries]))


def _collision(text: str, entries: Sequence[tuple[int | None, Edit]]) -> Collision | None:
    row = sorted(entries, key=lambda entry: (entry[1].start, entry[1].end))
    for place, (number, edit) in enumerate(row):
        for other, later in row[place + 1 :]:
            if later.start > edit.end:
                break
            if number != other and conflict(text, edit, later):
                numbers = sorted(n for n in (number, other) if n is not None)
                return Collision(numbers[0], numbers[1] if len(numbers) > 1 else None)
    return None
