"""What changes from one text to the next, as the commands of an amendment agreement.

"§ 5 Absatz 2 erhält folgende Fassung: …": a clause is recognised by its title, as in a synopsis.
Numbers before "wird aufgehoben" and "erhält folgende Fassung" are those of the old text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from string import ascii_lowercase

from pydantic import BaseModel, ConfigDict

from agreements.documents.content import CanonicalContent, Clause


class Command(BaseModel):
    """One change: what is to be done, and the new wording as it is printed, line by line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instruction: str
    wording: tuple[str, ...] = ()


def commands(old: CanonicalContent, new: CanonicalContent) -> tuple[Command, ...]:
    """All changes from the old to the new text, in the order of the text; empty: none."""
    return tuple(_commands(old, new))


def _commands(old: CanonicalContent, new: CanonicalContent) -> Iterator[Command]:
    if old.title != new.title:
        yield Command(instruction="Der Titel erhält folgende Fassung:", wording=(new.title,))
    if old.parties != new.parties:
        names = tuple(
            f"{party.name} – {party.designation}" if party.designation else party.name
            for party in new.parties
        )
        yield Command(
            instruction="Das Verzeichnis der Beteiligten erhält folgende Fassung:", wording=names
        )
    yield from _preamble(old.preamble, new.preamble)
    yield from _clauses(old.clauses, new.clauses)
    yield from _annexes(old.annexes, new.annexes)


def _preamble(old: Sequence[str], new: Sequence[str]) -> Iterator[Command]:
    if old == new:
        return
    if not new:
        yield Command(instruction="Die Präambel wird aufgehoben.")
    elif not old:
        yield Command(instruction="Vor § 1 wird folgende Präambel eingefügt:", wording=tuple(new))
    else:
        yield Command(instruction="Die Präambel erhält folgende Fassung:", wording=tuple(new))


def _annexes(old: Sequence[str], new: Sequence[str]) -> Iterator[Command]:
    if old != new:
        lines = tuple(f"Anlage {number}: {title}" for number, title in enumerate(new, start=1))
        instruction = "Das Verzeichnis der Anlagen erhält folgende Fassung:"
        if not new:
            instruction = "Das Verzeichnis der Anlagen wird aufgehoben."
        yield Command(instruction=instruction, wording=lines)


def _clauses(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[Command]:
    matcher = SequenceMatcher(None, [c.title for c in old], [c.title for c in new], autojunk=False)
    moved: list[tuple[int, int]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            for before, after in zip(range(a, b), range(c, d), strict=True):
                yield from _clause(before + 1, old[before], new[after])
                moved.append((before + 1, after + 1))
            continue
        paired = min(b - a, d - c)
        for step in range(paired):
            yield from _rewritten(a + step + 1, new[c + step])
            moved.append((a + step + 1, c + step + 1))
        for before in range(a + paired, b):
            yield Command(instruction=f"§ {before + 1} wird aufgehoben.")
        for after in range(c + paired, d):
            yield _inserted(b, after + 1, new[after])
    yield from _renumbered(moved)


def _clause(number: int, old: Clause, new: Clause) -> Iterator[Command]:
    """A clause of the same title: changed paragraphs, or paragraphs added at its end."""
    if old == new:
        return
    kept = len(old.paragraphs)
    single = kept == 1 or len(new.paragraphs) == 1
    if len(new.paragraphs) < kept or (single and new.paragraphs != old.paragraphs):
        yield from _rewritten(number, new)
        return
    pairs = zip(old.paragraphs, new.paragraphs[:kept], strict=True)
    changed = [place for place, (was, now) in enumerate(pairs, start=1) if was != now]
    if len(new.paragraphs) > kept and changed:
        # Paragraphs were inserted between others: the whole is clearer than its pieces.
        yield from _rewritten(number, new)
        return
    for place in changed:
        yield Command(
            instruction=f"§ {number} Absatz {place} erhält folgende Fassung:",
            wording=_paragraph(place, new.paragraphs[place - 1]),
        )
    for place in range(kept + 1, len(new.paragraphs) + 1):
        yield Command(
            instruction=f"Dem § {number} wird folgender Absatz {place} angefügt:",
            wording=_paragraph(place, new.paragraphs[place - 1]),
        )


def _rewritten(number: int, new: Clause) -> Iterator[Command]:
    yield Command(
        instruction=f"§ {number} erhält folgende Fassung:", wording=_printed(f"§ {number}", new)
    )


def _inserted(after: int, number: int, new: Clause) -> Command:
    place = f"Nach § {after}" if after else "Vor § 1"
    return Command(
        instruction=f"{place} wird folgender § {number} eingefügt:",
        wording=_printed(f"§ {number}", new),
    )


def _renumbered(moved: Sequence[tuple[int, int]]) -> Iterator[Command]:
    """Runs of clauses that keep their wording and get other numbers."""
    run: list[tuple[int, int]] = []
    for was, now in [*(pair for pair in moved if pair[0] != pair[1]), (0, 0)]:
        follows = run and (was, now) == (run[-1][0] + 1, run[-1][1] + 1)
        if run and not follows:
            yield _renumbering(run)
            run = []
        run.append((was, now))


def _renumbering(run: Sequence[tuple[int, int]]) -> Command:
    (first, became), (last, ends) = run[0], run[-1]
    if first == last:
        return Command(instruction=f"Der bisherige § {first} wird § {became}.")
    return Command(
        instruction=f"Die bisherigen §§ {first} bis {last} werden die §§ {became} bis {ends}."
    )


def _printed(number: str, clause: Clause) -> tuple[str, ...]:
    lines = [f"{number} {clause.title}"]
    for place, paragraph in enumerate(clause.paragraphs, start=1):
        lines += _paragraph(place if len(clause.paragraphs) > 1 else None, paragraph)
    return tuple(lines)


def _paragraph(place: int | None, paragraph: str) -> tuple[str, ...]:
    text, *points = paragraph.split("\n")
    head = text if place is None else f"({place}) {text}"
    return (head, *(f"{_letter(number)}) {point}" for number, point in enumerate(points)))


def _letter(number: int) -> str:
    return ascii_lowercase[number] if number < len(ascii_lowercase) else str(number + 1)
