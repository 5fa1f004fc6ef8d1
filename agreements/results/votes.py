"""The numbers of votes in a text and whom they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from agreements.results.folding import fold
from agreements.results.lexicon import Lexicon
from agreements.results.words import Token

_ONES = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_TEENS = (
    "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn",
    "neunzehn",
)  # fmt: skip
_TENS = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_NONE = {fold(w) for w in ("kein", "keine", "keiner", "keinen", "keinem", "keinerlei", "ohne")}
_ARTICLES = {"ein", "eine", "einer", "einem", "einen", "eines"}
_FILLERS = {
    fold(word)
    for word in (
        "stimme", "stimmen", "x", "mal", "ratsmitglieder", "ratsmitglied", "kreistagsmitglieder",
        "mitglieder", "mitglied", "personen", "weitere", "weiteren", "abgegebene", "gültige",
        "stimmten", "votierten", "waren", "haben", "gestimmt",
    )
}  # fmt: skip
# "eine Zustimmung" may be an article; these count with digits only.
_WEAK_LABELS = {"zustimmung", "zustimmungen", "zustimmend", "ablehnung", "ablehnungen", "enthalten"}
_SINGLE = {"j": "yes", "n": "no", "e": "abstained"}
_STIMMEN_BETWEEN = (["stimmen", "gegen"], ["stimmen", "zu"], ["stimme", "gegen"])
_RATIO_SIGNS = {":", "/", "zu", "gegen", "|"}


def _words_for_numbers() -> dict[str, int]:
    words = {word: n for n, word in enumerate(["null", "eins", *_ONES[1:], *_TEENS])}
    for tens, name in enumerate(_TENS, start=2):
        words[name] = tens * 10
        words |= {f"{one}und{name}": tens * 10 + n for n, one in enumerate(_ONES, start=1)}
    return {fold(word): n for word, n in words.items()}


NUMBERS = _words_for_numbers()


@dataclass(slots=True)
class Votes:
    """What is counted, with every number named for each; ``bare``: "mit 14 Stimmen"."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    bare: int | None = None
    ratio: bool = False  # "12 gegen 5": which is which the word for the outcome tells

    def add(self, label: str, number: int, *places: int) -> None:
        self.counts.setdefault(label, []).append(number)
        self.used.update(places)

    def value(self, label: str) -> int | None:
        """The one number; None if there is none or they differ."""
        found = set(self.counts.get(label, ()))
        return found.pop() if len(found) == 1 else None

    @property
    def contradictory(self) -> bool:
        return any(len(set(n)) > 1 for k, n in self.counts.items() if k != "other")

    @property
    def any(self) -> bool:
        return any(self.counts.get(label) for label in ("yes", "no", "abstained"))


@dataclass(frozen=True, slots=True)
class _Item:
    label: str | None  # None: a number
    number: int
    start: int
    end: int
    word: str = ""


def count(tokens: Sequence[Token], lexicon: Lexicon) -> Votes:
    """Read the votes of a clause."""
    votes = Votes()
    items = _items(tokens, lexicon)
    _labelled_ratio(items, tokens, votes)
    _ratios(tokens, votes)
    numbers_first = _numbers_first(items, tokens, votes)
    for index, item in enumerate(items):
        if item.label is not None and item.start not in votes.used:
            _pair(items, index, tokens, votes, numbers_first)
    _bare(tokens, votes)
    return votes


def number_of(token: Token) -> int | None:
    """A number of at most three digits, or a word for a number; no article."""
    if token.raw.isdecimal() and token.raw.isascii():
        fits = len(token.raw) <= 3 and (token.raw == "0" or token.raw[0] != "0")
        return int(token.raw) if fits else None
    return NUMBERS.get(token.folded)


def _items(tokens: Sequence[Token], lexicon: Lexicon) -> list[_Item]:
    items: list[_Item] = []
    at = 0
    initials = {"j", "n"} <= {token.folded for token in tokens}
    while at < len(tokens):
        item = _item_at(tokens, at, lexicon, initials)
        if item is not None:
            items.append(item)
            at = item.end
        else:
            at += 1
    return items


def _item_at(tokens: Sequence[Token], at: int, lexicon: Lexicon, initials: bool) -> _Item | None:
    for length in (3, 2, 1):
        words = tuple(token.folded for token in tokens[at : at + length])
        if len(words) == length and (label := lexicon.labels.get(words)):
            return _Item(label, 0, at, at + length, words[0])
    word = tokens[at].folded
    if initials and word in _SINGLE:
        return _Item(_SINGLE[word], 0, at, at + 1, word)
    if word in ("fur", "gegen") and _count_follows(tokens, at + 1):
        return _Item("yes" if word == "fur" else "no", 0, at, at + 1, word)
    if word in _NONE or word in _ARTICLES:
        return _Item(None, 0 if word in _NONE else 1, at, at + 1, word)
    number = number_of(tokens[at])
    return None if number is None else _Item(None, number, at, at + 1, word)


def _count_follows(tokens: Sequence[Token], at: int) -> bool:
    """After "für" or "gegen": ":" and a number, or a number and "Stimmen" or the end."""
    following = [token.folded for token in tokens[at : at + 3]]
    if following[:1] == [":"]:
        following = following[1:]
    if not following:
        return False
    digits = following[0].isdecimal()
    alone = len(following) == 1 or not following[1].isalpha() or following[1] in ("gegen", "enth")
    votes = len(following) > 1 and following[1] in ("stimme", "stimmen")
    known = digits or following[0] in NUMBERS or following[0] in _ARTICLES
    return known and (votes or (digits and alone))


def _labelled_ratio(items: list[_Item], tokens: Sequence[Token], votes: Votes) -> None:
    """ "Ja/Nein/Enthaltung: 14/3/1": as many numbers as labels, in one order."""
    for start in range(len(items)):
        rest = items[start:]
        labels = list(takewhile(lambda item: item.label is not None, rest))
        numbers = rest[len(labels) : 2 * len(labels)]
        if len(labels) < 2 or len(numbers) < len(labels) or any(n.label for n in numbers):
            continue
        run = [*labels, *numbers]
        if not all(_near(one.end, two.start, tokens, "/,|") for one, two in pairwise(run)):
            continue
        for label, number in zip(labels, numbers, strict=True):
            votes.add(label.label or "", number.number, label.start, number.start)
        return


def _ratios(tokens: Sequence[Token], votes: Votes) -> None:
    """ "14:3", "14 zu 3", "14/3/1", "14 gegen 3 Stimmen bei 1 Enthaltung"."""
    at = 0
    while at < len(tokens):
        numbers, end = _ratio_at(tokens, at, votes)
        if len(numbers) in (2, 3):
            votes.ratio = not votes.counts
            for label, number in zip(("yes", "no", "abstained"), numbers, strict=False):
                votes.add(label, number, *range(at, end))
        at = max(end, at + 1)


def _ratio_at(tokens: Sequence[Token], at: int, votes: Votes) -> tuple[list[int], int]:
    numbers: list[int] = []
    signs: list[str] = []
    end = at
    while end < len(tokens) and end not in votes.used:
        number = number_of(tokens[end])
        if number is None:
            return numbers if not signs else [], at + 1
        numbers.append(number)
        end += 1
        if [token.folded for token in tokens[end : end + 2]] in _STIMMEN_BETWEEN:
            end += 1
        if end + 1 < len(tokens) and tokens[end].folded in _RATIO_SIGNS:
            if number_of(tokens[end + 1]) is None:
                break
            signs.append(tokens[end].folded)
            end += 1
            continue
        break
    if not signs or (len(signs) == 1 and signs[0] in "/|") or end > at + 7:
        return [], end
    return numbers, end


def _numbers_first(items: list[_Item], tokens: Sequence[Token], votes: Votes) -> bool:
    """Does the number stand before its label ("14 Ja")? Said by the first label."""
    for index, item in enumerate(items):
        if item.label is None or item.start in votes.used:
            continue
        if _colon_after(item, tokens):
            return False
        before = items[index - 1] if index else None
        return (
            before is not None
            and before.label is None
            and before.start not in votes.used
            and _near(before.end, item.start, tokens)
        )
    return False


def _colon_after(item: _Item, tokens: Sequence[Token]) -> bool:
    return item.end < len(tokens) and tokens[item.end].raw in (":", "=")


def _pair(
    items: list[_Item], index: int, tokens: Sequence[Token], votes: Votes, numbers_first: bool
) -> None:
    """Give the label its number: the preferred side first, then the other."""
    label = items[index]
    sides = (index - 1, index + 1) if numbers_first else (index + 1, index - 1)
    if label.word in ("fur", "gegen") and label.end == label.start + 1:
        sides = (index + 1, index + 1)  # a preposition
    for side in sides:
        if not 0 <= side < len(items) or items[side].label is not None:
            continue
        number = items[side]
        if number.start in votes.used or not _belongs(label, number, tokens):
            continue
        gap = range(min(label.end, number.end), max(label.start, number.start))
        votes.add(label.label or "", number.number, *range(label.start, label.end), number.start)
        votes.used.update(gap)
        return


def _belongs(label: _Item, number: _Item, tokens: Sequence[Token]) -> bool:
    digits = tokens[number.start].raw.isdecimal()
    if label.word in _WEAK_LABELS and not digits:
        return False
    if number.start > label.start:
        after = tokens[number.end].folded if number.end < len(tokens) else ""
        if number.word in _ARTICLES and after not in ("stimme", "") and after.isalpha():
            return False
        if number.word == "ohne":
            return False
        return _near(label.end, number.start, tokens)
    return _near(number.end, label.start, tokens)


def _near(start: int, end: int, tokens: Sequence[Token], signs: str = "") -> bool:
    """Nothing stands between but signs and words like "Stimmen"."""
    between = tokens[start:end]
    return all(t.folded in _FILLERS or t.raw in (*":=-.(", *signs) for t in between)


def _bare(tokens: Sequence[Token], votes: Votes) -> None:
    """ "mit 14 Stimmen": votes for what was resolved, whatever it was."""
    for at in range(len(tokens) - 2):
        number = number_of(tokens[at + 1])
        named = tokens[at].folded == "mit" and tokens[at + 2].folded in ("stimmen", "stimme")
        if named and number is not None and at + 1 not in votes.used:
            votes.bare = number
            votes.used.update((at + 1, at + 2))
