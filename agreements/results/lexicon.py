"""The phrases of ``phrases.yaml``, checked when loaded, and how they are found in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from agreements.results.words import Token, fold

EVENTS = (
    "resolved", "agreed", "rejected", "tie", "deferred", "referred", "passed_on", "withdrawn",
    "noted", "recommended", "elected", "settled", "no_vote", "no_result", "discussed",
)  # fmt: skip
MANNERS = ("unanimous", "majority", "opposed")
# The first kind that knows a phrase wins.
KINDS = (
    "mere_negation", "draft", "defer_motion", "refer_motion", "motion", "occasion",
    "following_advice", "unconditional", "conditional", "unamended", "amended", "part", "part_word",
    "split", *MANNERS, *EVENTS, "doubt", "sequel", "negation", "body", "filler",
)  # fmt: skip
_OTHER_KEYS = {"separable", "labels"}
_FUZZY_KINDS = {"resolved", "agreed", "rejected", "unanimous", "majority", "deferred", "unamended"}
_FUZZY_LENGTH = 8
_PARTICIPLE = re.compile(
    r"(?:ab|an|auf|aus|ein|fest|ge|her|hin|los|nach|nieder|ruck|uber|um|unter|ver|vor|weg|wieder|wider"
    r"|zu|zuruck|be|ent|er|zer)\w{2,}(?:t|en)"
)
_ATTRIBUTE = re.compile(r"\w+(?:nden|ten|enen|ssenen)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A phrase found in a text: tokens ``start`` to ``end`` (exclusive)."""

    kind: str
    start: int
    end: int
    word: str
    guessed: bool = False  # misspelt


@dataclass(frozen=True, slots=True)
class Lexicon:
    """kind of each phrase; the longest number of words; separable verbs; labels of votes."""

    phrases: dict[tuple[str, ...], str]
    longest: int
    separable: dict[tuple[str, str], str]
    labels: dict[tuple[str, ...], str]

    def longest_at(self, tokens: Sequence[Token], start: int) -> Mark | None:
        """The longest phrase that begins with this token."""
        for length in range(min(self.longest, len(tokens) - start), 0, -1):
            words = tuple(token.folded for token in tokens[start : start + length])
            if kind := self.phrases.get(words):
                return Mark(kind, start, start + length, " ".join(words))
        return None

    def guess(self, token: Token, start: int) -> Mark | None:
        """A misspelt word of the result, or two words written as one."""
        word = token.folded
        if len(word) < _FUZZY_LENGTH:
            return None
        for (known, *more), kind in self.phrases.items():
            if more or kind not in _FUZZY_KINDS or len(known) < _FUZZY_LENGTH:
                continue
            if known[0] == word[0] and _one_slip(known, word):
                return Mark(kind, start, start + 1, known, guessed=True)
        return None

    def split(self, token: Token) -> tuple[str, str] | None:
        """ "einstimmigbeschlossen" is two known words."""
        word = token.folded
        for at in range(5, len(word) - 5):
            kinds = (self.phrases.get((word[:at],)), self.phrases.get((word[at:],)))
            if kinds[0] in (*MANNERS, "unamended", "amended") and kinds[1] in EVENTS:
                return word[:at], word[at:]
        return None


def looks_like_a_verb(token: Token, shouting: bool) -> bool:
    """An unknown participle or infinitive, which could turn the result round."""
    lower = shouting or token.raw[0].islower()
    whole = bool(_PARTICIPLE.fullmatch(token.folded))
    return lower and whole and not _ATTRIBUTE.fullmatch(token.folded)


def _one_slip(known: str, word: str) -> bool:
    """One letter too many, too few, wrong, or two exchanged."""
    if abs(len(known) - len(word)) > 1:
        return False
    short, long = sorted((known, word), key=len)
    same = next((i for i, sign in enumerate(short) if sign != long[i]), len(short))
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    swapped = short[same + 1 : same + 2] + short[same : same + 1] + short[same + 2 :]
    return short[same + 1 :] == long[same + 1 :] or swapped == long[same:]


@cache
def lexicon() -> Lexicon:
    """Load ``phrases.yaml``; ValueError if it is not as it should be."""
    source = Path(__file__).with_name("phrases.yaml")
    return checked(yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def checked(data: object) -> Lexicon:
    """The lexicon in parsed YAML; ValueError names what is wrong."""
    if not isinstance(data, dict) or set(data) != set(KINDS) | _OTHER_KEYS:
        raise ValueError("phrases.yaml: the kinds are not those the reader knows")
    phrases: dict[tuple[str, ...], str] = {}
    for kind in KINDS:
        for words in _phrases(data[kind], kind):
            phrases.setdefault(words, kind)
    labels: dict[tuple[str, ...], str] = {}
    for label, names in data["labels"].items():
        if label not in ("yes", "no", "abstained", "other"):
            raise ValueError(f"phrases.yaml: unknown label {label}")
        labels |= dict.fromkeys(_phrases(names, label), label)
    separable = {
        (fold(verb), fold(particle)): kind
        for kind, pairs in data["separable"].items()
        for verb, particle in pairs
    }
    if not set(separable.values()) <= set(EVENTS):
        raise ValueError("phrases.yaml: unknown kind of a separable verb")
    return Lexicon(phrases, max(map(len, phrases)), separable, labels)


def _phrases(entries: object, kind: str) -> list[tuple[str, ...]]:
    if not isinstance(entries, list) or not all(isinstance(e, str) and e for e in entries):
        raise ValueError(f"phrases.yaml: {kind} is no list of phrases")
    return [tuple(map(fold, entry.split())) for entry in entries]
