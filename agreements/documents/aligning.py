"""Which part of an old text became which part of a new one: kept, reworded, moved, gone, new."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

# How much of their words two parts share at least to be the same one, reworded.
ALIKE: Final = 0.5
# The same for parts that do not stand at the same place.
ALIKE_ELSEWHERE: Final = 0.75
_MOST_COMPARISONS: Final = 20_000
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a text. group: only parts of one group are the same; key: what it is known by."""

    group: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Places in the old and the new sequence; None: did not exist, or does no longer."""

    old: int | None
    new: int | None
    moved: bool = False


def align(old: Sequence[Item], new: Sequence[Item]) -> list[Pair]:
    """The parts of both texts in the order of the new one.

    What is gone stands after what it followed. A pair that changed its place is moved.
    """
    found = _unchanged(old, new)
    _by_key(old, new, found)
    _alike(old, new, found, ALIKE, near=True)
    _alike(old, new, found, ALIKE_ELSEWHERE, near=False)
    return list(_ordered(len(old), len(new), found))


def _bag(text: str) -> Counter[str]:
    return Counter(_WORDS.findall(text.casefold()))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Which share of their words two texts have in common, from 0 to 1."""
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 1.0


def _unchanged(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Equal parts in the same order, then equal ones elsewhere."""
    before = [(item.group, item.text) for item in old]
    after = [(item.group, item.text) for item in new]
    found: dict[int, int] = {}
    for a, b, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        found.update(zip(range(a, a + size), range(b, b + size), strict=True))
    _pair_up(before, after, found)
    return found


def _by_key(old: Sequence[Item], new: Sequence[Item], found: dict[int, int]) -> None:
    _pair_up(
        [(item.group, item.key) if item.key else None for item in old],
        [(item.group, item.key) if item.key else None for item in new],
        found,
    )


def _pair_up(
    before: Sequence[tuple[str, str] | None],
    after: Sequence[tuple[str, str] | None],
    found: dict[int, int],
) -> None:
    """Pair what is equal and not paired yet, first with first."""
    taken = set(found.values())
    free: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, value in enumerate(after):
        if value is not None and place not in taken:
            free[value].append(place)
    for place, value in enumerate(before):
        if value is not None and place not in found and free.get(value):
            found[place] = free[value].pop(0)


def _alike(
    old: Sequence[Item], new: Sequence[Item], found: dict[int, int], least: float, *, near: bool
) -> None:
    """Pair what has most words in common, the most alike first."""
    taken = set(found.values())
    lonely = [place for place in range(len(old)) if place not in found]
    free = [place for place in range(len(new)) if place not in taken]
    if len(lonely) * len(free) > _MOST_COMPARISONS:
        return
    bags = {place: _bag(new[place].text) for place in free}
    gap_before = _gaps(len(old), found) if near else {}
    gap_after = _gaps(len(new), {b: a for a, b in found.items()}, of_new=True) if near else {}
    scored = []
    for a in lonely:
        own = _bag(old[a].text)
        for b in free:
            if old[a].group != new[b].group or (near and gap_before[a] != gap_after[b]):
                continue
            if (score := _likeness(own, bags[b])) >= least:
                scored.append((-score, a, b))
    for _, a, b in sorted(scored):
        if a not in found and b not in taken:
            found[a] = b
            taken.add(b)


def _gaps(count: int, found: dict[int, int], *, of_new: bool = False) -> dict[int, int]:
    """For each place the old place of the last paired part before it."""
    gaps, last = {}, -1
    for place in range(count):
        if place in found:
            last = found[place] if of_new else place
        gaps[place] = last
    return gaps


def _ordered(olds: int, news: int, found: dict[int, int]) -> Iterator[Pair]:
    back = {new: old for old, new in found.items()}
    kept = _longest_rising([back[new] for new in sorted(back)])
    gone = [place for place in range(olds) if place not in found]
    follows: defaultdict[int, list[int]] = defaultdict(list)
    for place in gone:
        follows[max((k for k in kept if k < place), default=-1)].append(place)
    yield from (Pair(place, None) for place in follows[-1])
    for new in range(news):
        old = back.get(new)
        yield Pair(old, new, moved=old is not None and old not in kept)
        if old in kept:
            yield from (Pair(place, None) for place in follows[old])


def _longest_rising(values: Sequence[int]) -> frozenset[int]:
    """The longest subsequence that only rises: what has kept its place."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for place, value in enumerate(values):
        length = bisect_left(tails, value)
        before.append(ends[length - 1] if length else None)
        if length == len(tails):
            tails.append(value)
            ends.append(place)
        else:
            tails[length], ends[length] = value, place
    found, at = set(), ends[-1] if ends else None
    while at is not None:
        found.add(values[at])
        at = before[at]
    return frozenset(found)
