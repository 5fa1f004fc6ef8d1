"""What somebody proposes with an edited document: changes and comments, each with its place.

Where all changes are tracked, each keeps its author and moment. Where text was changed without
tracking, the document is compared with the text that it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from agreements.documents.word.comments import Comment, comments
from agreements.documents.word.edits import Edit, applied, between, line_at, offsets
from agreements.documents.word.lines import (
    NAMES,
    SIGNS,
    Line,
    Part,
    decoded,
    encoded,
    places,
    short,
)
from agreements.documents.word.package import Package
from agreements.documents.word.reading import Paragraph, Piece, Reading, read
from agreements.documents.word.revisions import Revision, Tracked, revisions, tracked
from agreements.documents.word.writing import UNIT_BOOKMARK
from agreements.errors import Refusal
from agreements.model.enums import ProposalKind
from agreements.synopsis import Change

MOST: Final = 1000
_BLANK: Final = "".join((*SIGNS, " ", "\n", "\t"))


@dataclass(frozen=True, slots=True)
class Found:
    """A proposal as it was found. author: empty if the document doesn't say who.

    old: None if something is added, new: None if it is dropped. key: of a comment in its document;
    answers: the key of the comment that it answers.
    """

    kind: ProposalKind
    author: str
    authored_at: datetime | None
    place: str
    old: str | None = None
    new: str | None = None
    comment: str = ""
    edits: tuple[Edit, ...] = ()
    key: str = ""
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """All proposals of a document, and what people should know about how they were read."""

    proposals: tuple[Found, ...]
    hints: tuple[str, ...]


def lines_in(reading: Reading) -> tuple[Line, ...]:
    """The text of a document in which all changes are settled; refuses what is unclear."""
    row = tracked(reading.paragraphs)
    if row.is_changed:
        first = next(p for p in row.pieces if p.change is not Change.KEPT)
        author = f" von {first.who.author}" if first.who and first.who.author else ""
        raise Refusal(
            "word-open-changes",
            f"Das Dokument enthält nachverfolgte Änderungen{author} (bei "
            f"„{short(first.text.strip(''.join(SIGNS))) or 'Absatzmarke'}“). Bitte zuerst alle "
            "annehmen oder ablehnen, oder sie als Vorschläge einreichen.",
            "file",
        )
    if reading.problems:
        sentences = dict.fromkeys(problem.sentence() for problem in reading.problems)
        raise Refusal(
            "word-not-text",
            "; ".join(list(sentences)[:10]) + ". Bitte im Dokument bereinigen.",
            "file",
        )
    return decoded(row.new)


def findings(package: Package, base: Sequence[Line]) -> Findings:
    """What the document proposes for the text ``base``. Refuses if that cannot be said."""
    reading = read(package)
    row = tracked(reading.paragraphs)
    look = _Look(tuple(base), reading, row)
    found = [*(_tracked(look) if look.exact else _compared(look)), *_formatted(look)]
    found += _commented(look, comments(package))
    if len(found) > MOST:
        raise Refusal("too-many-proposals", f"Mehr als {MOST} Vorschläge in einem Dokument.")
    return Findings(tuple(found), tuple(_hints(look)))


class _Look:
    """A document beside the text that it came from."""

    def __init__(self, base: tuple[Line, ...], reading: Reading, row: Tracked) -> None:
        self.base, self.reading, self.row = base, reading, row
        self.text = encoded(base)
        self.starts = offsets(base)
        self.names = places(base)
        # Everything that was changed is tracked: without the changes it is the same text.
        self.exact = row.old == self.text

    def place_of(self, paragraph: int, piece: int) -> str:
        """Where a piece of the document stands in the text that it came from."""
        found = self.reading.paragraphs[paragraph]
        if not self.exact:
            return self.alike(found)
        at = (paragraph, min(piece, len(found.pieces)))
        spot = next(spot for spot in self.row.spots if (spot.paragraph, spot.piece) == at)
        return self.names[line_at(self.starts, spot.offset)]

    def alike(self, paragraph: Paragraph) -> str:
        """Where the words of a paragraph stand; by its bookmark, else by its text."""
        number = paragraph.unit.removeprefix(UNIT_BOOKMARK)
        if number.isascii() and number.isdigit() and int(number) < len(self.base):
            return self.names[int(number)]
        words = paragraph.text(Change.REMOVED).strip()
        found = (n for n, line in enumerate(self.base) if line.text == words)
        place = next(found, None)
        return self.names[place] if place is not None else f"„{short(words)}“"


def _tracked(look: _Look) -> Iterator[Found]:
    moves: dict[tuple[str, str], list[Revision]] = {}
    for revision in revisions(look.row):
        if revision.move:
            moves.setdefault((revision.author, revision.move), []).append(revision)
    for revision in revisions(look.row):
        together = moves.get((revision.author, revision.move), [revision])
        if together[0] is not revision and together[0] != revision:
            continue
        yield _change(look, tuple(r.edit for r in together), revision.author, revision.at)


def _compared(look: _Look) -> Iterator[Found]:
    """The differences, unit by unit; where tracked changes fit, with their author."""
    keys = [f"{UNIT_BOOKMARK}{number}" for number in range(len(look.base))]
    new = decoded(look.row.new)
    units = look.row.units if len(look.row.units) == len(new) else ("",) * len(new)
    for edits in between(look.base, new, (tuple(keys), units)):
        author, at = _author(look, edits)
        yield _change(look, edits, author, at)


def _author(look: _Look, edits: Sequence[Edit]) -> tuple[str, datetime | None]:
    """Who has tracked all that these edits put in and take away; nobody if it was not tracked."""
    added = "".join(edit.text for edit in edits)
    removed = "".join(look.text[edit.start : edit.end] for edit in edits)
    fitting = [
        piece
        for piece in look.row.pieces
        if piece.who is not None
        and piece.text.strip(_BLANK)
        and _overlap(piece.text, added if piece.change is Change.ADDED else removed)
    ]
    names = list(dict.fromkeys(piece.who.author for piece in fitting if piece.who))
    times = [piece.who.at for piece in fitting if piece.who and piece.who.at]
    return ", ".join(names), min(times, default=None)


def _overlap(one: str, other: str) -> bool:
    """Whether one of two texts stands in the other."""
    return bool(other.strip(_BLANK)) and (one in other or other in one)


def _change(look: _Look, edits: tuple[Edit, ...], author: str, at: datetime | None) -> Found:
    """A change with its place and both wordings."""
    added = [edit for edit in edits if edit.text]
    if len(edits) > 1 and any(e.adds_units for e in edits) and len(added) < len(edits):
        return _move(look, edits, author, at)
    if all(edit.adds_units and _is_between(look, edit.start) for edit in edits):
        new = decoded("".join(edit.text for edit in edits))
        place = _after(look, edits[0].start, new)
        return Found(ProposalKind.ADDITION, author, at, place, None, _words(new), edits=edits)
    return _inside(look, edits, author, at)


def _inside(look: _Look, edits: tuple[Edit, ...], author: str, at: datetime | None) -> Found:
    """A change of lines that are there: both wordings of all that it touches."""
    begin = _line_of(look, edits[0])
    end = max(begin, line_at(look.starts, max(edit.end for edit in edits)))
    start, stop = look.starts[begin], look.starts[end] + 1 + len(look.base[end].text)
    shifted = [Edit(e.start - start, e.end - start, e.text) for e in edits]
    new = decoded(applied(look.text[start:stop], shifted))
    old = look.base[begin : end + 1]
    place = look.names[begin]
    if end > begin and len(new) != 1:
        place += f" bis {look.names[end]}"
    shown = _words(new) if new else None
    if shown == _words(old):
        # The words are the same, but they are something else now.
        shown = "\n".join(f"[{NAMES[line.part]}] {line.text}" for line in new)
    return Found(_kind(edits), author, at, place, _words(old), shown, edits=edits)


def _kind(edits: Sequence[Edit]) -> ProposalKind:
    if not any(edit.text for edit in edits):
        return ProposalKind.DELETION
    if not any(edit.end > edit.start for edit in edits):
        return ProposalKind.ADDITION
    return ProposalKind.REWORDING


def _is_between(look: _Look, place: int) -> bool:
    """Whether one line ends here and the next begins; elsewhere a new line splits an old one."""
    return place == len(look.text) or place in look.starts


def _line_of(look: _Look, edit: Edit) -> int:
    """The first line that an edit changes; its sign belongs to it."""
    if edit.end > edit.start and look.text[edit.start] in SIGNS:
        return look.starts.index(edit.start)
    return line_at(look.starts, edit.start)


def _move(look: _Look, edits: tuple[Edit, ...], author: str, at: datetime | None) -> Found:
    came = [e for e in edits if e.end > e.start]
    went = [e for e in edits if e.text]
    old = decoded("".join(look.text[e.start : e.end] for e in came))
    new = decoded("".join(e.text for e in went))
    place = f"{look.names[_line_of(look, came[0])]} → {_after(look, went[0].start, new)}"
    return Found(
        ProposalKind.MOVE,
        author,
        at,
        place,
        _words(old) or "".join(look.text[e.start : e.end] for e in came),
        _words(new) or "".join(e.text for e in went),
        edits=edits,
    )


def _after(look: _Look, offset: int, new: Sequence[Line]) -> str:
    name = look.names[line_at(look.starts, offset)]
    if new and new[0].part is Part.CLAUSE:
        name = name.removesuffix(" Überschrift").partition(" Absatz")[0].partition(" Buchst")[0]
    return f"nach {name}"


def _words(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _formatted(look: _Look) -> Iterator[Found]:
    for number, paragraph in enumerate(look.reading.paragraphs):
        if paragraph.part is None:
            continue
        for author in dict.fromkeys(who.author for who in paragraph.formatted):
            times = [w.at for w in paragraph.formatted if w.author == author and w.at]
            place = look.place_of(number, 0)
            yield Found(ProposalKind.FORMATTING, author, min(times, default=None), place)


def _commented(look: _Look, found: Sequence[Comment]) -> Iterator[Found]:
    begins: dict[str, tuple[int, int]] = {}
    ends: dict[str, tuple[int, int]] = {}
    for number, paragraph in enumerate(look.reading.paragraphs):
        for anchor in paragraph.anchors:
            known = begins if anchor.begins else ends
            known.setdefault(anchor.comment, (number, anchor.piece))
    for comment in found:
        start = begins.get(comment.key)
        place = look.place_of(*start) if start else ""
        quoted = _quoted(look.reading.paragraphs, start, ends.get(comment.key, start))
        yield Found(
            ProposalKind.COMMENT,
            comment.author,
            comment.at,
            place,
            quoted or None,
            comment=comment.text,
            key=comment.key,
            answers=comment.answers,
        )


def _quoted(
    paragraphs: Sequence[Paragraph], start: tuple[int, int] | None, end: tuple[int, int] | None
) -> str:
    """The words to which a comment belongs, with what was added to them."""
    if start is None or end is None or end < start:
        return ""
    rows = []
    for number in range(start[0], end[0] + 1):
        pieces: list[Piece] = paragraphs[number].pieces
        first = start[1] if number == start[0] else 0
        last = end[1] if number == end[0] else len(pieces)
        rows.append("".join(p.text for p in pieces[first:last] if p.change is not Change.REMOVED))
    return "\n".join(row for row in rows if row)


def _hints(look: _Look) -> Iterator[str]:
    if not look.exact and look.row.is_changed:
        yield (
            "Das Dokument enthält auch Änderungen, die nicht nachverfolgt sind. Es wurde mit dem "
            "Text verglichen, aus dem es entstand."
        )
    yield from dict.fromkeys(problem.sentence() for problem in look.reading.problems)
