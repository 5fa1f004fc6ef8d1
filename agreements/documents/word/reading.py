"""Word in: what stands in a document, with what people have changed and where they comment.

Styles are recognised by their names: their identifiers change when another program saves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from agreements.documents.word import writing
from agreements.documents.word.lines import Part, short
from agreements.documents.word.names import Element, local, value, w
from agreements.documents.word.package import Package
from agreements.errors import Refusal
from agreements.synopsis import Change

_MOST_PARAGRAPHS: Final = 3000
_MOST_SIGNS: Final = 600_000
_DEEPEST: Final = 40
_PARTS: Final = {
    "title": Part.TITLE,
    "titel": Part.TITLE,
    "beteiligte": Part.PARTY,
    "präambel": Part.PREAMBLE,
    "paragrafüberschrift": Part.CLAUSE,
    "paragraphüberschrift": Part.CLAUSE,
    "absatz": Part.PARAGRAPH,
    "absatz vor aufzählung": Part.PARAGRAPH,
    "absatz ohne nummer": Part.PARAGRAPH,
    "buchstabe": Part.LETTER,
    "anlage": Part.ANNEX,
    "beschlusspunkt": Part.POINT,
}
# What we print around the text. Whatever is changed there is no change of the text.
_FRAME: Final = frozenset(("vermerk", "rubrumwort", "rubrumschluss", "schlusszeile"))
_HEADINGS: Final = frozenset(("präambel", "anlagen"))
_NUMBERED: Final = frozenset((Part.CLAUSE, Part.PARAGRAPH, Part.LETTER, Part.ANNEX, Part.POINT))
_FOLLOWS: Final = {Part.CLAUSE: Part.PARAGRAPH, Part.TITLE: Part.PREAMBLE}
_PICTURES: Final = frozenset(("drawing", "pict", "object", "AlternateContent"))
_NOTES: Final = frozenset(("footnoteReference", "endnoteReference"))
_INSIDE: Final = frozenset(
    ("hyperlink", "smartTag", "fldSimple", "bdo", "dir", "customXml", "sdtContent")
)
_ADDING, _REMOVING = frozenset(("ins", "moveTo")), frozenset(("del", "moveFrom"))
_SIGN: Final = {"tab": "\t", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Who:
    """Who has changed something, and when, as the document says it."""

    author: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of a paragraph. who: None for what is kept. move: the name of a move."""

    text: str
    change: Change
    who: Who | None = None
    move: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A comment begins or ends before the piece with that number."""

    comment: str
    piece: int
    begins: bool


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the text. mark: what became of its end. part: None outside of the text."""

    part: Part | None
    style: str
    was: Part | None
    unit: str = ""
    pieces: list[Piece] = field(default_factory=list)
    mark: Piece = field(default_factory=lambda: Piece("", Change.KEPT))
    anchors: list[Anchor] = field(default_factory=list)
    formatted: list[Who] = field(default_factory=list)
    restyled: Who | None = None

    def text(self, without: Change) -> str:
        """The text without what was added or without what was removed."""
        return "".join(piece.text for piece in self.pieces if piece.change is not without)

    def settle(self) -> None:
        """Blanks alone are no text; the end of a moved paragraph moves with its text."""
        if not any(piece.text.strip() for piece in self.pieces):
            self.pieces = []
        moved = [p.move for p in self.pieces if p.move and p.change is self.mark.change]
        if moved and not self.mark.move:
            self.mark = replace(self.mark, move=moved[-1])


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read as text. about: the beginning of the paragraph."""

    what: str
    about: str

    def sentence(self) -> str:
        """The problem as a German sentence that names the place."""
        return f"{self.what} (bei „{self.about}“)" if self.about else self.what


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it was read. base: kind, version number, hash of the text it began with."""

    paragraphs: tuple[Paragraph, ...]
    problems: tuple[Problem, ...]
    base: tuple[str, int, str] | None


def read(package: Package) -> Reading:
    """Everything that is text in the document."""
    reader = _Reader(_style_names(package.styles))
    body = package.document.find(w("body"))
    if body is None:
        raise Refusal("word-unreadable", "Das Dokument hat keinen Inhalt.", "file")
    for element in _blocks(body, reader, 0):
        reader.paragraph(element)
    return Reading(tuple(reader.paragraphs), tuple(reader.problems), _base(package, body))


def _blocks(parent: Element, reader: _Reader, depth: int) -> Iterator[Element]:
    if depth > _DEEPEST:
        raise Refusal("word-unreadable", "Das Dokument ist zu tief geschachtelt.", "file")
    for element in parent:
        name = local(element)
        if name == "p":
            yield element
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _blocks(element, reader, depth + 1)
        elif name == "tbl":
            reader.problem("Tabellen im Text können nicht gelesen werden")
        elif name == "altChunk":
            reader.problem("Ein eingebettetes Dokument kann nicht gelesen werden")
        else:
            reader.between(element)


def _style_names(styles: Element | None) -> dict[str, list[str]]:
    """For each style its name and those it is based on, the nearest first."""
    if styles is None:
        return {}
    names: dict[str, str] = {}
    based: dict[str, str] = {}
    for style in styles.iter(w("style")):
        key = style.get(w("styleId"), "")
        names[key] = value(style.find(w("name"))).casefold()
        based[key] = value(style.find(w("basedOn")))
    return {key: list(_ancestry(key, names, based)) for key in names}


def _ancestry(key: str, names: dict[str, str], based: dict[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    while key in names and key not in seen:
        seen.add(key)
        yield names[key]
        key = based[key]


class _Reader:
    """Goes through the paragraphs in their order."""

    def __init__(self, styles: dict[str, list[str]]) -> None:
        self._styles = styles
        self._last: Part | None = None
        self._signs = 0
        # For each open field whether its result has begun: what stands before is no text.
        self._fields: list[bool] = []
        self._move = ""
        self._waiting: list[tuple[str, bool]] = []
        self.paragraphs: list[Paragraph] = []
        self.problems: list[Problem] = []

    def problem(self, what: str, about: str = "") -> None:
        """Note what cannot be read, near the paragraph read last."""
        if not about and self.paragraphs:
            about = short(self.paragraphs[-1].text(Change.REMOVED))
        self.problems.append(Problem(what, about))

    def between(self, element: Element) -> None:
        """A comment or a move begins or ends between paragraphs."""
        name = local(element)
        if name in {"commentRangeStart", "commentRangeEnd"}:
            self._waiting.append((element.get(w("id"), ""), name == "commentRangeStart"))
        else:
            self._moving(element, name)

    def _moving(self, element: Element, name: str) -> None:
        if name in {"moveFromRangeStart", "moveToRangeStart"}:
            self._move = element.get(w("name"), "")
        elif name in {"moveFromRangeEnd", "moveToRangeEnd"}:
            self._move = ""

    def paragraph(self, element: Element) -> None:
        """Read a paragraph with its changes."""
        properties = element.find(w("pPr"))
        style = value(properties.find(w("pStyle"))) if properties is not None else ""
        found = Paragraph(None, style, None)
        found.anchors += [Anchor(comment, 0, begins) for comment, begins in self._waiting]
        self._waiting = []
        before = len(self.problems)
        for child in element:
            self._inline(child, found, Piece("", Change.KEPT), 0)
        if properties is not None:
            self._properties(properties, found)
        found.settle()
        text = found.text(Change.REMOVED) or found.text(Change.ADDED)
        self.problems[before:] = [Problem(p.what, short(text)) for p in self.problems[before:]]
        found.part = self._part(style, text)
        found.was = self._was(properties, found)
        if not text.strip():
            self._empty(found)
        elif found.part is not None:
            self._last = found.part
        if found.part is not None or not text.strip():
            self.paragraphs.append(found)
        self._signs += sum(len(piece.text) for piece in found.pieces)
        if len(self.paragraphs) > _MOST_PARAGRAPHS or self._signs > _MOST_SIGNS:
            raise Refusal("word-too-long", "Das Dokument ist für einen Vereinbarungstext zu lang.")

    def _empty(self, found: Paragraph) -> None:
        """An empty line is nothing; one with a number would shift those of the others."""
        names = self._styles.get(found.style, [""])
        numbered = found.part in _NUMBERED and names[0] != "absatz ohne nummer"
        if numbered and found.mark.change is Change.KEPT and not found.pieces:
            self.problem(f"Ein leerer Absatz trägt die Formatvorlage „{names[0].capitalize()}“")
        found.part = None

    def _part(self, style: str, text: str) -> Part | None:
        names = self._styles.get(style, [])
        for name in names:
            if name in _PARTS:
                return _PARTS[name]
            if name in _FRAME:
                return None
        if not text.strip() or self._is_heading(names, text):
            return None
        shown = names[0] if names else style or "Standard"
        if self._last in (None, Part.PARTY):
            # Between the frame and the first clause only a preamble can stand.
            guess = Part.PREAMBLE if self._last else Part.TITLE
        else:
            guess = _FOLLOWS.get(self._last, self._last)
        if guess is not Part.PREAMBLE or self._last is None:
            self.problem(
                f"Die Formatvorlage „{shown}“ sagt nicht, was der Absatz ist; es gibt Titel, "
                "Präambel, Paragrafüberschrift, Absatz, Buchstabe und Anlage",
                short(text),
            )
        return guess

    def _is_heading(self, names: list[str], text: str) -> bool:
        is_heading = any(name in {"heading 1", "überschrift 1"} for name in names)
        return is_heading and text.strip().casefold() in _HEADINGS

    def _was(self, properties: Element | None, found: Paragraph) -> Part | None:
        """Which part the paragraph was before its style was changed."""
        change = properties.find(w("pPrChange")) if properties is not None else None
        if change is None:
            return found.part
        before = change.find(w("pPr"))
        style = value(before.find(w("pStyle"))) if before is not None else ""
        names = self._styles.get(style, [])
        part = next((_PARTS[name] for name in names if name in _PARTS), found.part)
        if part is found.part:
            found.formatted.append(_who(change))
        else:
            found.restyled = _who(change)
        return part

    def _properties(self, properties: Element, found: Paragraph) -> None:
        for element in properties.iterfind(f"{w('rPr')}/*"):
            name = local(element)
            if name in _ADDING:
                found.mark = self._changed(found.mark, element, Change.ADDED)
            elif name in _REMOVING:
                gone = found.mark.change is Change.ADDED
                found.mark = (
                    Piece("", Change.KEPT, _who(element))
                    if gone
                    else self._changed(found.mark, element, Change.REMOVED)
                )

    def _changed(self, around: Piece, element: Element, change: Change) -> Piece:
        is_move = local(element).startswith("move")
        return Piece("", change, _who(element), self._move if is_move else "")

    def _inline(self, element: Element, found: Paragraph, state: Piece | None, depth: int) -> None:
        """state: what has become of the text here; None: added by one and removed by another."""
        name = local(element)
        if depth > _DEEPEST:
            raise Refusal("word-unreadable", "Das Dokument ist zu tief geschachtelt.", "file")
        if name == "r":
            self._run(element, found, state)
        elif name in _ADDING or name in _REMOVING:
            inner = self._inside(element, name, state)
            for child in element:
                self._inline(child, found, inner, depth + 1)
        elif name in _INSIDE or name == "sdt":
            for child in element:
                self._inline(child, found, state, depth + 1)
        else:
            self._beside(element, name, found)

    def _inside(self, element: Element, name: str, state: Piece | None) -> Piece | None:
        change = Change.ADDED if name in _ADDING else Change.REMOVED
        if state is None or (state.change is not Change.KEPT and state.change is not change):
            return None
        return self._changed(state, element, change)

    def _beside(self, element: Element, name: str, found: Paragraph) -> None:
        self._moving(element, name)
        if name == "bookmarkStart":
            marked = element.get(w("name"), "")
            if marked.startswith(writing.UNIT_BOOKMARK) and not found.unit:
                found.unit = marked
        elif name in {"commentRangeStart", "commentRangeEnd"}:
            begins = name == "commentRangeStart"
            found.anchors.append(Anchor(element.get(w("id"), ""), len(found.pieces), begins))
        elif name in {"oMath", "oMathPara"}:
            self.problem("Formeln im Text können nicht gelesen werden")

    def _run(self, run: Element, found: Paragraph, state: Piece | None) -> None:
        properties = run.find(w("rPr"))
        if properties is not None:
            self._run_properties(properties, found)
        words: list[str] = []
        for element in run:
            words.append(self._sign(element))
        text = "".join(words)
        if text and state is not None:
            found.pieces.append(Piece(text, state.change, state.who, state.move))

    def _run_properties(self, properties: Element, found: Paragraph) -> None:
        change = properties.find(w("rPrChange"))
        if change is not None:
            found.formatted.append(_who(change))
        hidden = properties.find(w("vanish"))
        if hidden is not None and value(hidden, "1") not in {"0", "false", "off"}:
            self.problem("Der Absatz enthält verborgenen Text")

    def _sign(self, element: Element) -> str:
        name = local(element)
        if name == "fldChar":
            self._field(element.get(w("fldCharType"), ""))
        elif name in _PICTURES:
            self.problem("Bilder und Zeichnungen können nicht gelesen werden")
        elif name in _NOTES:
            self.problem("Fußnoten können nicht gelesen werden")
        elif name == "sym":
            self.problem("Ein Symbol aus einer Sonderschrift kann nicht gelesen werden")
        elif self._fields and not self._fields[-1]:
            return ""
        elif name in {"t", "delText"}:
            return _CONTROL.sub("", (element.text or "").replace("\u00a0", " "))
        elif name == "br":
            return "\n" if element.get(w("type"), "textWrapping") == "textWrapping" else ""
        return _SIGN.get(name, "")

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()


def _who(element: Element) -> Who:
    return Who(author_name(element.get(w("author"), "")), moment(element.get(w("date"), "")))


def author_name(name: str) -> str:
    """The author as the document names them, without signs that nothing can print."""
    return " ".join(_CONTROL.sub("", name).split())[:200]


def moment(text: str) -> datetime | None:
    """When something was done, as the document says it; None if it doesn't."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_BASE_NAME: Final = re.compile(rf"{writing.BASE_BOOKMARK}(\w+)_(\d{{1,9}})_([0-9a-f]+)")


def _base(package: Package, body: Element) -> tuple[str, int, str] | None:
    """Which version the document was made from; by its properties, else by its bookmark."""
    properties = package.properties
    values = (
        {
            entry.get("name", ""): "".join(child.text or "" for child in entry)
            for entry in properties
        }
        if properties is not None
        else {}
    )
    number = values.get(writing.VERSION, "")
    if writing.KIND in values and number.isascii() and number.isdigit() and len(number) < 10:
        return values[writing.KIND], int(number), values.get(writing.DIGEST, "")
    for bookmark in body.iter(w("bookmarkStart")):
        if found := _BASE_NAME.fullmatch(bookmark.get(w("name"), "")):
            return found[1], int(found[2]), found[3]
    return None
