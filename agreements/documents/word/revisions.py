"""Tracked changes as a sequence of pieces: from it follow the old text, the new one, the edits.

Paragraphs are joined where the end of one was removed, and were one where it was added; the sign
of a line (``lines``) stands at the first of them that has text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agreements.documents.word.edits import Edit
from agreements.documents.word.lines import SIGNS, Part, belongs_to
from agreements.documents.word.reading import Paragraph, Piece, Who
from agreements.synopsis import Change


@dataclass(frozen=True, slots=True)
class Revision:
    """A change by one person that hangs together. edit: on the text before all changes."""

    edit: Edit
    gone: str
    author: str
    at: datetime | None
    move: str

    @property
    def removes(self) -> bool:
        """Whether it takes text away."""
        return bool(self.gone)

    @property
    def adds(self) -> bool:
        """Whether it puts text in."""
        return bool(self.edit.text)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a paragraph's piece stands in the old text."""

    paragraph: int
    piece: int
    offset: int


@dataclass(frozen=True, slots=True)
class Tracked:
    """All pieces of a document in a row, signs of lines included.

    units: the bookmark of each line of the new text, empty if it has none.
    """

    pieces: tuple[Piece, ...]
    spots: tuple[Spot, ...]
    units: tuple[str, ...]

    @property
    def old(self) -> str:
        """The text before the changes."""
        return "".join(p.text for p in self.pieces if p.change is not Change.ADDED)

    @property
    def new(self) -> str:
        """The text with all changes."""
        return "".join(p.text for p in self.pieces if p.change is not Change.REMOVED)

    @property
    def is_changed(self) -> bool:
        """Whether there is any tracked change of the text."""
        return any(p.change is not Change.KEPT for p in self.pieces)


def tracked(paragraphs: Sequence[Paragraph]) -> Tracked:
    """The paragraphs in a row."""
    olds = _signed(paragraphs, Change.ADDED, lambda p: p.was)
    news = _signed(paragraphs, Change.REMOVED, lambda p: p.part)
    found: list[Piece] = []
    spots: list[Spot] = []
    offset = 0
    for number, paragraph in enumerate(paragraphs):
        for piece in _sign(paragraphs, number, olds.get(number), news.get(number)):
            found.append(piece)
            offset += len(piece.text) if piece.change is not Change.ADDED else 0
        for place, piece in enumerate(paragraph.pieces):
            spots.append(Spot(number, place, offset))
            found.append(piece)
            offset += len(piece.text) if piece.change is not Change.ADDED else 0
        spots.append(Spot(number, len(paragraph.pieces), offset))
    units = tuple(paragraphs[number].unit for number in sorted(news))
    return Tracked(tuple(found), tuple(spots), units)


def _signed(
    paragraphs: Sequence[Paragraph], without: Change, part: Callable[[Paragraph], Part | None]
) -> dict[int, Part]:
    """In which paragraphs a line begins, and what it is, in the text without that change."""
    found: dict[int, Part] = {}
    group: list[int] = []
    for number, paragraph in enumerate(paragraphs):
        group.append(number)
        # The end of this paragraph isn't there in this text: the next one goes on with it.
        if paragraph.mark.change is without and number + 1 < len(paragraphs):
            continue
        filled = [n for n in group if paragraphs[n].text(without).strip()]
        if filled and (kind := part(paragraphs[filled[0]])) is not None:
            found[filled[0]] = kind
        group = []
    return found


def _sign(
    paragraphs: Sequence[Paragraph], number: int, old: Part | None, new: Part | None
) -> Iterator[Piece]:
    if old is not None and old is new:
        yield Piece(old.value, Change.KEPT)
        return
    if old is not None:
        yield _marked(paragraphs, number, old.value, Change.REMOVED)
    if new is not None:
        yield _marked(paragraphs, number, new.value, Change.ADDED)


def _marked(paragraphs: Sequence[Paragraph], number: int, sign: str, change: Change) -> Piece:
    """The sign in the name of who has changed the style, the end before, or the text."""
    here, before = paragraphs[number], paragraphs[number - 1] if number else None
    candidates = [piece for piece in here.pieces if piece.change is change]
    if candidates and all(p.change is change for p in here.pieces):
        return replace(candidates[0], text=sign)
    if here.restyled is not None:
        return Piece(sign, change, here.restyled)
    for mark in (before.mark if before else None, here.mark):
        if mark is not None and mark.change is change:
            return replace(mark, text=sign)
    changed = [piece for piece in here.pieces if piece.who is not None]
    who = changed[0].who if changed else Who("", None)
    return Piece(sign, change, who)


def revisions(found: Tracked) -> list[Revision]:
    """The changes, each by one person; what was added or removed as a whole line stands alone."""
    clusters: list[Revision] = []
    offset, open_until = 0, -1
    for piece in found.pieces:
        length = len(piece.text) if piece.change is not Change.ADDED else 0
        if piece.change is not Change.KEPT:
            single = _revision(piece, offset, length)
            if clusters and open_until == offset and _belongs(clusters[-1], single):
                clusters[-1] = _joined(clusters[-1], single)
            else:
                clusters.append(single)
            open_until = offset + length
        elif piece.text:
            open_until = -1
        offset += length
    return clusters


def _revision(piece: Piece, offset: int, length: int) -> Revision:
    who = piece.who or Who("", None)
    adds = piece.change is Change.ADDED
    edit = Edit(offset, offset + length, piece.text if adds else "")
    return Revision(edit, "" if adds else piece.text, who.author, who.at, piece.move)


def _belongs(before: Revision, one: Revision) -> bool:
    if (before.author, before.move) != (one.author, one.move):
        return False
    if one.adds:
        return before.removes or not _apart(before.edit.text, one.edit.text)
    return before.adds or not _apart(before.gone, one.gone)


def _apart(before: str, one: str) -> bool:
    """Whether both begin with a line of their own and the second does not belong to the first."""
    both = before[:1] in SIGNS and one[:1] in SIGNS
    return both and not belongs_to(before, one)


def _joined(before: Revision, one: Revision) -> Revision:
    times = [at for at in (before.at, one.at) if at is not None]
    return Revision(
        edit=Edit(before.edit.start, one.edit.end, before.edit.text + one.edit.text),
        gone=before.gone + one.gone,
        author=before.author,
        at=min(times, default=None),
        move=before.move,
    )
