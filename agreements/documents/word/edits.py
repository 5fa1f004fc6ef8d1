"""Changes of a text as edits on its string: compared, joined, carried on to a newer text.

Two edits get into each other's way when they touch the same words; then people decide, nothing is
mixed. Units that are added at the same place stand one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agreements.documents.aligning import Item, Pair, align
from agreements.documents.word.lines import SIGNS, Line, Part, belongs_to, encoded, rank
from agreements.synopsis import Change, Segment, same_beginning, segments

_WORD: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Edit:
    """A range of a text's string, and what takes its place."""

    start: int
    end: int
    text: str

    @property
    def adds_units(self) -> bool:
        """Whether whole lines are put in and nothing is taken away."""
        return self.start == self.end and self.text[:1] in SIGNS


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of two texts at once: what was removed in it, what was added, what is kept.

    change: REMOVED, ADDED if the whole line is only in one of the texts.
    """

    part: Part
    change: Change
    segments: tuple[Segment, ...]


def paired(
    old: Sequence[Line], new: Sequence[Line], keys: Sequence[tuple[str, ...]] = ()
) -> list[Pair]:
    """Which line became which. keys: what old and new lines are recognised by, if known."""
    before, after = keys or (("",) * len(old), ("",) * len(new))
    return align(
        [Item(line.part, key, line.text) for line, key in zip(old, before, strict=True)],
        [Item(line.part, key, line.text) for line, key in zip(new, after, strict=True)],
    )


def marked(old: Sequence[Line], new: Sequence[Line]) -> list[Marked]:
    """Both texts in one: without what was removed it is the new one, without what was added
    the old one. A line that was moved is removed at one place and added at the other.
    """
    found: list[Marked] = []
    for a, b in in_both_orders(paired(old, new), old, new):
        if a is not None and b is not None:
            parts = segments(old[a].text, new[b].text)
            found.append(Marked(old[a].part, Change.KEPT, parts))
        elif a is not None:
            found.append(_whole(old[a], Change.REMOVED))
        elif b is not None:
            found.append(_whole(new[b], Change.ADDED))
    return found


def _whole(line: Line, change: Change) -> Marked:
    return Marked(line.part, change, (Segment(change, line.text),))


def in_both_orders(
    pairs: Sequence[Pair], old: Sequence[Line], new: Sequence[Line]
) -> Iterator[tuple[int | None, int | None]]:
    """The pairs so that the old ones and the new ones each stand in their own order.

    Where lines are gone and others are new, the gone ones come first, but no part of the text (the
    clauses, the annexes) is torn apart.
    """
    gone = {pair.old for pair in pairs if pair.new is None or pair.moved}
    next_old = 0
    waiting: list[int] = []
    for pair in pairs:
        if pair.new is None:
            continue
        if pair.old is None or pair.moved:
            waiting.append(pair.new)
            continue
        lost = [place for place in range(next_old, pair.old) if place in gone]
        yield from _merged(old, new, lost, waiting)
        yield pair.old, pair.new
        next_old, waiting = pair.old + 1, []
    yield from _merged(old, new, [p for p in range(next_old, len(old)) if p in gone], waiting)


def _merged(
    old: Sequence[Line], new: Sequence[Line], lost: Sequence[int], added: Sequence[int]
) -> Iterator[tuple[int | None, int | None]]:
    rest = list(added)
    for place in lost:
        while rest and rank(new[rest[0]].part) < rank(old[place].part):
            yield None, rest.pop(0)
        yield place, None
    yield from ((None, place) for place in rest)


def between(
    old: Sequence[Line], new: Sequence[Line], keys: Sequence[tuple[str, ...]] = ()
) -> list[tuple[Edit, ...]]:
    """What changed, unit by unit: each entry can be wanted without the others."""
    starts = offsets(old)
    pairs = paired(old, new, keys)
    moves = {pair.new: pair.old for pair in pairs if pair.moved and pair.old is not None}
    found: list[tuple[Edit, ...]] = []
    gone: dict[int, Edit] = {}
    at = 0
    for a, b in in_both_orders(pairs, old, new):
        if a is not None:
            end = starts[a] + 1 + len(old[a].text)
            if b is None:
                gone[a] = Edit(starts[a], end, "")
            elif inside := tuple(_inside(starts[a] + 1, old[a].text, new[b].text)):
                found.append(inside)
            at = end
        elif b is not None:
            added = Edit(at, at, new[b].part.value + new[b].text)
            if b in moves:
                found.append((added, Edit(-1, moves[b], "")))
            else:
                found.append((added,))
    moved = set(moves.values())
    whole = [_with_origin(entry, gone) for entry in found]
    whole += [(edit,) for place, edit in gone.items() if place not in moved]
    whole.sort(key=lambda edits: (edits[0].start, edits[0].end))
    return list(_grouped(encoded(old), whole))


def _grouped(text: str, entries: Iterable[tuple[Edit, ...]]) -> Iterator[tuple[Edit, ...]]:
    """What is added, dropped or moved together with the line to which it belongs is one change."""
    before: tuple[Edit, ...] | None = None
    for entry in entries:
        if before is not None and _goes_with(text, before, entry):
            before = tuple(_joined(a, b) for a, b in zip(before, entry, strict=True))
            continue
        if before is not None:
            yield before
        before = entry
    if before is not None:
        yield before


def _goes_with(text: str, before: tuple[Edit, ...], one: tuple[Edit, ...]) -> bool:
    if len(before) != len(one):
        return False
    fitting = (
        a.end == b.start
        and bool(a.text) is bool(b.text)
        and (a.start == a.end) is (b.start == b.end)
        and belongs_to(a.text or text[a.start : a.end], b.text or text[b.start : b.end])
        for a, b in zip(before, one, strict=True)
    )
    return all(fitting)


def _joined(a: Edit, b: Edit) -> Edit:
    return Edit(a.start, b.end, a.text + b.text)


def _with_origin(entry: tuple[Edit, ...], gone: dict[int, Edit]) -> tuple[Edit, ...]:
    return tuple(gone[edit.end] if edit.start == -1 else edit for edit in entry)


def _inside(start: int, old: str, new: str) -> Iterator[Edit]:
    at, pending = start, None
    for segment in segments(old, new):
        if segment.change is Change.REMOVED:
            pending = Edit(at, at + len(segment.text), "")
            at += len(segment.text)
            continue
        if segment.change is Change.ADDED:
            begin = pending.start if pending else at
            yield Edit(begin, at, segment.text)
        else:
            if pending:
                yield pending
            at += len(segment.text)
        pending = None
    if pending:
        yield pending


def offsets(lines: Sequence[Line]) -> list[int]:
    """Where each line begins in the string of the text: the place of its sign."""
    found, at = [], 0
    for line in lines:
        found.append(at)
        at += 1 + len(line.text)
    return found


def line_at(starts: Sequence[int], place: int) -> int:
    """The number of the line in which a place lies; its end belongs to it."""
    return max((n for n, start in enumerate(starts) if start < place), default=0)


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits, which do not overlap; those at one place in their order."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        parts += (text[at : edit.start], edit.text)
        at = max(at, edit.end)
    parts.append(text[at:])
    return "".join(parts)


def conflict(text: str, one: Edit, other: Edit) -> bool:
    """Whether two different edits want something else for the same words."""
    if one == other:
        return False
    if one.adds_units and other.adds_units:
        return False
    (a, b), (c, d) = _reach(text, one), _reach(text, other)
    if a == b or c == d:
        # Something put in collides with what stands around it, or with what is put in there too.
        return (a == c and b == d) or c < a < d or a < c < b
    return max(a, c) < min(b, d)


def widened(text: str, edit: Edit) -> Edit:
    """The same edit on whole words and as far left as it goes, so that equal wishes are equal."""
    edit = _leftmost(text, _trimmed(text, edit))
    start, end = _reach(text, edit)
    return Edit(start, end, text[start : edit.start] + edit.text + text[edit.end : end])


def _trimmed(text: str, edit: Edit) -> Edit:
    """Without what the old and the new words begin and end with."""
    old, new = text[edit.start : edit.end], edit.text
    if not old or not new:
        return edit
    begin = same_beginning(old, new)
    old, new = old[begin:], new[begin:]
    end = same_beginning(old[::-1], new[::-1])
    return Edit(edit.start + begin, edit.end - end, new[: len(new) - end])


def _leftmost(text: str, edit: Edit) -> Edit:
    """What only puts in or only takes away can stand at several places with the same effect."""
    start, end, words = edit.start, edit.end, edit.text
    if edit.adds_units or (words and end > start):
        return edit
    changed = words or text[start:end]
    while start > 0 and text[start - 1] == changed[-1:] and changed[-1] not in SIGNS:
        start, end = start - 1, end - 1
        changed = changed[-1] + changed[:-1]
    return Edit(start, end, changed if words else "")


def _reach(text: str, edit: Edit) -> tuple[int, int]:
    """The edit's range, widened to whole words."""
    start, end = edit.start, edit.end
    if edit.adds_units:
        return start, end
    while start > 0 and _WORD.match(text[start - 1]) and _touches(edit, text, start):
        start -= 1
    while end < len(text) and _WORD.match(text[end]) and end > 0 and _WORD.match(text[end - 1]):
        end += 1
    return start, end


def _touches(edit: Edit, text: str, start: int) -> bool:
    """Whether the word before ``start`` goes on in what is changed."""
    changed = text[start : edit.end] or edit.text
    return bool(_WORD.match(changed[:1]))


def rebased(old: Sequence[Line], new: Sequence[Line]) -> tuple[Edit, ...]:
    """What has become of a text meanwhile, as edits on it."""
    return tuple(edit for entry in between(old, new) for edit in entry)
