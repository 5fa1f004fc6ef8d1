"""A text as lines: title, parties, preamble, clause titles, paragraphs, letters, annexes.

A line is what stands in one paragraph of a Word document. A whole text is also one string: each
line begins with the sign of its role, a control character, which no text may contain. A change
is then a range of that string and what takes its place (``edits``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase
from typing import Final

from pydantic import ValidationError

from agreements.documents.content import CanonicalContent, Clause, Content, PrincipleContent
from agreements.errors import Refusal


class Part(StrEnum):
    """What a line is in the text. The value is its sign in the string of the whole text."""

    TITLE = "\x01"
    PARTY = "\x02"
    PREAMBLE = "\x03"
    CLAUSE = "\x04"  # Überschrift eines Paragraphen
    PARAGRAPH = "\x05"  # Absatz
    LETTER = "\x06"  # Buchstabe
    ANNEX = "\x07"
    POINT = "\x08"  # Beschlusspunkt


NAMES: Final = {
    Part.TITLE: "Titel",
    Part.PARTY: "Beteiligte",
    Part.PREAMBLE: "Absatz der Präambel",
    Part.CLAUSE: "Paragraf",
    Part.PARAGRAPH: "Absatz",
    Part.LETTER: "Buchstabe",
    Part.ANNEX: "Anlage",
    Part.POINT: "Beschlusspunkt",
}
SIGNS: Final = frozenset(part.value for part in Part)
# What belongs to a line of this part and is added or dropped together with it.
_UNDER: Final = {
    Part.CLAUSE: frozenset((Part.PARAGRAPH, Part.LETTER)),
    Part.PARAGRAPH: frozenset((Part.LETTER,)),
}
# Within these a line break is part of the text; in the others it would be another letter.
_MANY_LINES: Final = frozenset(
    (Part.TITLE, Part.PARTY, Part.PREAMBLE, Part.CLAUSE, Part.ANNEX, Part.POINT)
)
_ORDER: Final = {Part.TITLE: 0, Part.PARTY: 1, Part.PREAMBLE: 2, Part.ANNEX: 4}
_LINE: Final = re.compile(r"([\x01-\x08])([^\x01-\x08]*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the text as Word shows it."""

    part: Part
    text: str


def lines_of(content: Content) -> tuple[Line, ...]:
    """The lines of a text in their order."""
    return tuple(_lines(content))


def _lines(content: Content) -> Iterator[Line]:
    yield Line(Part.TITLE, content.title)
    if isinstance(content, PrincipleContent):
        yield from (Line(Part.POINT, point) for point in content.points)
        return
    for party in content.parties:
        named = f"{party.name} – {party.designation}" if party.designation else party.name
        yield Line(Part.PARTY, named)
    yield from (Line(Part.PREAMBLE, text) for text in content.preamble)
    for clause in content.clauses:
        yield Line(Part.CLAUSE, clause.title)
        for paragraph in clause.paragraphs:
            text, *letters = paragraph.split("\n")
            yield Line(Part.PARAGRAPH, text)
            yield from (Line(Part.LETTER, letter) for letter in letters)
    yield from (Line(Part.ANNEX, annex) for annex in content.annexes)


def encoded(lines: Iterable[Line]) -> str:
    """The lines as one string."""
    return "".join(line.part.value + line.text for line in lines)


def decoded(text: str) -> tuple[Line, ...]:
    """The lines of such a string, without empty ones."""
    found = (Line(Part(sign), tidy(Part(sign), words)) for sign, words in _LINE.findall(text))
    return tuple(line for line in found if line.text)


def tidy(part: Part, text: str) -> str:
    """The text of a line without space around it; one line where a break would be a letter."""
    rows = [row.strip() for row in text.replace("\u00a0", " ").split("\n")]
    glue = "\n" if part in _MANY_LINES else " "
    return glue.join(row for row in rows if row)


def rank(part: Part) -> int:
    """Which of the text's parts comes first: title, parties, preamble, clauses, annexes."""
    return _ORDER.get(part, 3)


def belongs_to(first: str, other: str) -> bool:
    """Whether a line belongs to another one: a paragraph to its clause, a letter to both.

    Both by their strings, which begin with the sign of their part.
    """
    if first[:1] not in SIGNS or other[:1] not in SIGNS or not first or not other:
        return False
    return Part(other[0]) in _UNDER.get(Part(first[0]), frozenset())


def letter_of(number: int) -> str:
    """``a`` for the first; after ``z`` the number itself, as the synopsis prints it."""
    return ascii_lowercase[number - 1] if number <= len(ascii_lowercase) else str(number)


def places(lines: Sequence[Line]) -> list[str]:
    """Where each line stands: "§ 4 Absatz 2 Buchstabe a"."""
    found: list[str] = []
    clause = paragraph = letter = 0
    counts = dict.fromkeys(Part, 0)
    sizes = _sizes(lines)
    for line in lines:
        counts[line.part] += 1
        if line.part is Part.CLAUSE:
            clause, paragraph, letter = clause + 1, 0, 0
            found.append(f"§ {clause} Überschrift")
        elif line.part is Part.PARAGRAPH:
            paragraph, letter = paragraph + 1, 0
            found.append(_paragraph(clause, paragraph, sizes))
        elif line.part is Part.LETTER:
            letter += 1
            found.append(f"{_paragraph(clause, paragraph, sizes)} Buchstabe {letter_of(letter)}")
        else:
            found.append(_elsewhere(line.part, counts[line.part]))
    return found


def _sizes(lines: Sequence[Line]) -> list[int]:
    """How many paragraphs each clause has; the first entry is what stands before all clauses."""
    sizes = [0]
    for line in lines:
        if line.part is Part.CLAUSE:
            sizes.append(0)
        elif line.part is Part.PARAGRAPH:
            sizes[-1] += 1
    return sizes


def _paragraph(clause: int, paragraph: int, sizes: Sequence[int]) -> str:
    # A clause's only paragraph carries no number.
    alone = clause < len(sizes) and sizes[clause] < 2
    return f"§ {clause}" if alone else f"§ {clause} Absatz {paragraph}"


def _elsewhere(part: Part, number: int) -> str:
    match part:
        case Part.TITLE:
            return "Titel"
        case Part.PREAMBLE:
            return f"Präambel Absatz {number}"
        case Part.ANNEX:
            return f"Anlage {number}"
        case Part.POINT:
            return f"Nr. {number}"
        case _:
            return "Beteiligte"


def content_of(lines: Sequence[Line], base: Content) -> Content:
    """The content that the lines make; the parties stay those of the text they come from.

    Refuses with the place what is no text: an empty clause, a letter without a paragraph,
    something in a wrong order, a changed list of parties.
    """
    _check_order(lines)
    try:
        if isinstance(base, PrincipleContent):
            return _principle(lines)
        return _agreement(lines, base)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        raise Refusal(
            "word-text-invalid", f"Aus dem Dokument entsteht kein gültiger Text: {first['msg']}."
        ) from problem


def _principle(lines: Sequence[Line]) -> PrincipleContent:
    for place, line in zip(places(lines), lines, strict=True):
        if line.part not in (Part.TITLE, Part.POINT):
            raise _wrong(place, line, "gehört nicht in einen Grundsatzbeschluss")
    points = tuple(line.text for line in lines if line.part is Part.POINT)
    if not points:
        raise Refusal("word-text-invalid", "Das Dokument enthält keinen Beschlusspunkt.")
    return PrincipleContent(title=_title(lines), points=points)


def _agreement(lines: Sequence[Line], base: CanonicalContent) -> CanonicalContent:
    named = [line.text for line in lines if line.part is Part.PARTY]
    expected = [line.text for line in lines_of(base) if line.part is Part.PARTY]
    if named != expected:
        raise Refusal(
            "party-list-changed",
            "Die Liste der Beteiligten ist geändert. Wer beteiligt ist, steht im Vorgang; bitte "
            "die Liste im Dokument lassen, wie sie war, und Beteiligte im Vorgang ändern.",
            "parties",
            "; ".join(expected),
        )
    return base.model_copy(
        update={
            "title": _title(lines),
            "preamble": tuple(line.text for line in lines if line.part is Part.PREAMBLE),
            "clauses": _clauses(lines),
            "annexes": tuple(line.text for line in lines if line.part is Part.ANNEX),
        }
    )


def _title(lines: Sequence[Line]) -> str:
    titles = [line.text for line in lines if line.part is Part.TITLE]
    if len(titles) != 1:
        raise Refusal(
            "word-title",
            "Das Dokument braucht genau einen Absatz mit der Formatvorlage „Titel“; "
            f"gefunden: {len(titles)}.",
        )
    return titles[0]


def _clauses(lines: Sequence[Line]) -> tuple[Clause, ...]:
    found: list[tuple[str, list[str]]] = []
    for place, line in zip(places(lines), lines, strict=True):
        if line.part is Part.CLAUSE:
            found.append((line.text, []))
        elif line.part is Part.POINT:
            raise _wrong(place, line, "gehört nicht in eine Vereinbarung")
        elif line.part in (Part.PARAGRAPH, Part.LETTER):
            _add(found, place, line)
    for number, (title, paragraphs) in enumerate(found, start=1):
        if not paragraphs:
            raise Refusal(
                "word-empty-clause",
                f"§ {number} („{short(title)}“) hat keinen Text. Bitte einen Absatz mit der "
                "Formatvorlage „Absatz“ ergänzen oder die Überschrift entfernen.",
            )
    if not found:
        raise Refusal(
            "word-text-invalid",
            "Das Dokument enthält keinen Paragrafen. Überschriften tragen die Formatvorlage "
            "„Paragrafüberschrift“.",
        )
    return tuple(Clause(title=title, paragraphs=tuple(texts)) for title, texts in found)


def _add(found: list[tuple[str, list[str]]], place: str, line: Line) -> None:
    if not found:
        raise _wrong(place, line, "steht vor der ersten Paragrafüberschrift")
    paragraphs = found[-1][1]
    if line.part is Part.PARAGRAPH:
        paragraphs.append(line.text)
    elif paragraphs:
        paragraphs[-1] += f"\n{line.text}"
    else:
        raise _wrong(place, line, "folgt auf keinen Absatz")


def _check_order(lines: Sequence[Line]) -> None:
    """Title, parties, preamble, clauses, annexes: what stands elsewhere would be moved silently."""
    reached = 0
    for place, line in zip(places(lines), lines, strict=True):
        if rank(line.part) < reached:
            raise _wrong(place, line, "steht an der falschen Stelle")
        reached = rank(line.part)


def _wrong(place: str, line: Line, why: str) -> Refusal:
    return Refusal(
        "word-text-misplaced",
        f"{place}: „{short(line.text)}“ (Formatvorlage {NAMES[line.part]}) {why}. Bitte den "
        "Absatz verschieben oder seine Formatvorlage ändern.",
    )


def short(text: str) -> str:
    """The beginning of a text, to recognise it by."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:59]}…"
