"""Synopsis: two texts side by side, with what was removed and what was added, word by word.

For an amended resolution the text as proposed at each place and the wording as resolved; for two
versions of a text clause by clause. Pure: nothing is judged here, a difference is only shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from string import ascii_lowercase
from typing import Final

from agreements.acts import Amendment
from agreements.documents.aligning import Item, align
from agreements.documents.content import CanonicalContent, Clause, PrincipleContent

Content = CanonicalContent | PrincipleContent

# Comparing takes the product of both lengths: texts that are longer are compared as a whole.
_MOST_COMPARISONS: Final = 4_000_000
# Words, single signs, and the space between them.
_TOKENS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_NUMBERED: Final = r"(?:Nr\.|Nummer|Ziff\.|Ziffer|Punkt)\s*(?P<point>\d+)"
_CLAUSE: Final = r"§\s*(?P<clause>\d+)(?:,?\s*(?:Abs\.|Absatz)\s*(?P<paragraph>\d+))?"
_PREAMBLE: Final = r"Präambel(?:,?\s*(?:Abs\.|Absatz)\s*(?P<preamble>\d+))?"
_ANNEX: Final = r"Anlage\s*(?P<annex>\d+)"
_ONCE: Final = frozenset(("Titel", "Beteiligte", "Präambel"))
_TITLE: Final = r"(?P<title>Titel|Überschrift|Betreff)"
_PLACE: Final = re.compile(
    "|".join((_NUMBERED, _CLAUSE, f"(?P<whole>{_PREAMBLE})", _ANNEX, _TITLE)), re.IGNORECASE
)


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text, and what became of it."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of the text. old: None if the place was not found or did not exist.

    new: None if nothing takes its place. moved: it stands elsewhere among the others now.
    """

    place: str
    old: str | None
    new: str | None
    found: bool
    segments: tuple[Segment, ...]
    moved: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything differs; a new number alone is no change."""
        return self.moved or any(segment.change is not Change.KEPT for segment in self.segments)


def segments(old: str, new: str) -> tuple[Segment, ...]:
    """The difference of two texts, word by word; of very long ones what lies between."""
    if old == new:
        return (Segment(Change.KEPT, old),) if old else ()
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) * len(after) > _MOST_COMPARISONS:
        return tuple(_between(old, new))
    found: list[Segment] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Segment(Change.KEPT, "".join(before[a:b])))
            continue
        if b > a:
            found.append(Segment(Change.REMOVED, "".join(before[a:b])))
        if d > c:
            found.append(Segment(Change.ADDED, "".join(after[c:d])))
    return tuple(_readable(found))


def _between(old: str, new: str) -> Iterator[Segment]:
    """What both texts begin and end with is kept, all between is exchanged."""
    start = same_beginning(old, new)
    end = same_beginning(old[start:][::-1], new[start:][::-1])
    if start:
        yield Segment(Change.KEPT, old[:start])
    yield from _pair(old[start : len(old) - end], new[start : len(new) - end])
    if end:
        yield Segment(Change.KEPT, old[len(old) - end :])


def same_beginning(one: str, other: str) -> int:
    """With how many equal signs both texts begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _readable(found: Sequence[Segment]) -> Iterator[Segment]:
    """Changes with nothing but space between them read as one."""
    removed, added = "", ""
    for number, segment in enumerate(found):
        inside = 0 < number < len(found) - 1
        between = inside and segment.change is Change.KEPT and segment.text.isspace()
        if segment.change is Change.KEPT and not between:
            yield from _pair(removed, added)
            yield segment
            removed, added = "", ""
            continue
        removed += "" if segment.change is Change.ADDED else segment.text
        added += "" if segment.change is Change.REMOVED else segment.text
    yield from _pair(removed, added)


def _pair(removed: str, added: str) -> Iterator[Segment]:
    if removed:
        yield Segment(Change.REMOVED, removed)
    if added:
        yield Segment(Change.ADDED, added)


def difference(place: str, old: str | None, new: str | None, *, found: bool = True) -> Difference:
    """The difference at one place."""
    return Difference(place, old, new, found, segments(old or "", new or ""))


def of_amendments(
    content: Content, amendments: Sequence[Amendment], *, alone: bool = False
) -> tuple[Difference, ...]:
    """What a committee resolved instead of the proposal, place by place.

    alone: nothing but these places was adopted (partly adopted), so the others were not.
    """
    rows = []
    for amendment in amendments:
        old = find(content, amendment.place)
        rows.append(difference(amendment.place, old, amendment.wording, found=old is not None))
    if alone:
        named = {_whole(amendment.place) for amendment in amendments}
        rows += [
            difference(unit.place, unit.text, None)
            for unit in units(content)
            if unit.key not in ("title", "parties") and _whole(unit.place) not in named
        ]
    return tuple(rows)


def _whole(place: str) -> str:
    """The clause, point or annex to which a place belongs."""
    found = _PLACE.fullmatch(place.strip())
    if found is None:
        return place
    parts = found.groupdict()
    for name in ("clause", "point", "annex"):
        if parts[name] is not None:
            return f"{name} {int(parts[name])}"
    return "preamble" if parts["whole"] else "title"


def find(content: Content, place: str) -> str | None:
    """The text at a place ("§ 4", "§ 4 Abs. 2", "Nr. 3", "Präambel"); None if it is not found."""
    matched = _PLACE.fullmatch(place.strip())
    if matched is None:
        return None
    part = matched.groupdict()
    if part["title"]:
        return content.title
    if isinstance(content, PrincipleContent):
        return _nth(content.points, part["point"])
    if part["whole"]:
        return _paragraph(content.preamble, part["preamble"])
    if part["annex"]:
        return _nth(content.annexes, part["annex"])
    if part["clause"] and 0 < int(part["clause"]) <= len(content.clauses):
        return _paragraph(content.clauses[int(part["clause"]) - 1].paragraphs, part["paragraph"])
    return None


def _paragraph(paragraphs: Sequence[str], number: str | None) -> str | None:
    if number is not None:
        return _nth(paragraphs, number)
    return "\n".join(paragraphs) or None


def _nth(texts: Sequence[str], number: str | None) -> str | None:
    if number is None or not 0 < int(number) <= len(texts):
        return None
    return texts[int(number) - 1]


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a text that is compared as a whole. ``key`` is what it is recognised by."""

    place: str
    key: str
    text: str


def units(content: Content) -> list[Unit]:
    """The parts of a text in their order."""
    head = [Unit("Titel", "title", content.title)]
    if isinstance(content, PrincipleContent):
        return head + [
            Unit(f"Nr. {number}", point, point)
            for number, point in enumerate(content.points, start=1)
        ]
    parties = "\n".join(
        f"{party.name} – {party.designation}" if party.designation else party.name
        for party in content.parties
    )
    preamble = [Unit("Präambel", "preamble", "\n".join(content.preamble))]
    return [
        *head,
        Unit("Beteiligte", "parties", parties),
        *(preamble if content.preamble else ()),
        *(
            Unit(f"§ {number}", clause.title, "\n".join((clause.title, *_printed(clause))))
            for number, clause in enumerate(content.clauses, start=1)
        ),
        *(
            Unit(f"Anlage {number}", annex, annex)
            for number, annex in enumerate(content.annexes, start=1)
        ),
    ]


def _printed(clause: Clause) -> Iterator[str]:
    """The paragraphs as they are printed: (1), (2), and within them a), b)."""
    for number, paragraph in enumerate(clause.paragraphs, start=1):
        text, *points = paragraph.split("\n")
        yield f"({number}) {text}" if len(clause.paragraphs) > 1 else text
        for place, point in enumerate(points):
            mark = ascii_lowercase[place] if place < len(ascii_lowercase) else place + 1
            yield f"{mark}) {point}"


def compare(old: Content, new: Content) -> tuple[Difference, ...]:
    """Two versions of a text, part by part, in the order of the new one.

    A clause is recognised by its title or, where that is another one, by its words; one that
    stands elsewhere now says so.
    """
    before, after = units(old), units(new)
    pairs = align([_item(unit) for unit in before], [_item(unit) for unit in after])
    return tuple(
        _row(
            before[pair.old] if pair.old is not None else None,
            after[pair.new] if pair.new is not None else None,
            moved=pair.moved,
        )
        for pair in pairs
    )


def _item(unit: Unit) -> Item:
    """Title, parties and preamble are there once; clauses, points and annexes are among others."""
    group = unit.key if unit.place in _ONCE else unit.place.partition(" ")[0]
    return Item(group, unit.key, unit.text)


def _row(left: Unit | None, right: Unit | None, *, moved: bool) -> Difference:
    if left is None or right is None:
        [only] = [unit for unit in (left, right) if unit is not None]
        return difference(only.place, left.text if left else None, right.text if right else None)
    place = right.place
    if moved:
        place += f" (verschoben, bisher {left.place})"
    elif left.place != right.place:
        place += f" (bisher {left.place})"
    return replace(difference(place, left.text, right.text), moved=moved)
