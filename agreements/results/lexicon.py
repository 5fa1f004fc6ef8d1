"""The phrases of ``phrases.yaml``, checked when loaded, and how they are found in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agreements.results.folding import fold
from agreements.results.words import Token
from agreements.yaml_text import parsed

EVENTS = (
    "resolved", "agreed", "rejected", "tie", "deferred", "referred", "passed_on", "withdrawn",
    "noted", "recommended", "elected", "settled", "no_vote", "no_result", "discussed",
)  # fmt: skip
MANNERS = ("unanimous", "majority", "opposed")
# The first kind that knows a phrase wins.
KINDS = (
    "mere_negation", "draft", "defer_motion", "refer_motion", "motion", "occasion",
    "following_advice", "unconditional", "conditional", "unamended", "amended", "part", "part_word",
    "split", *MANNERS, *EVENTS, "doubt", "soft_doubt", "other_text", "proposed", "sequel",
    "negation", "body", "filler",
)  # fmt: skip
_OTHER_KEYS = {"separable", "labels"}
_FUZZY_KINDS = {"resolved", "agreed", "rejected", "unanimous", "majority", "deferred", "unamended"}
_FUZZY_LENGTH = 8
_PARTICIPLE = re.compile(
    r"(?:ab|an|auf|aus|be|ein|ent|er|fest|ge|her|hin|los|nach|nieder|ruck|uber|um|unter|ver|vor"
    r"|weg|wider|wieder|zer|zu|zuruck)\w{2,}(?:t|en)"
)
_TO_DO = re.compile(
    r"(?:ab|an|auf|aus|bei|ein|fest|her|hin|nach|um|vor|weg|weiter|wieder|zuruck)zu\w+en"
)
# In a word that is not known these tell that the result may be another one.
_WARNING_STEMS = (
    "ablehn", "abgelehn", "vertag", "zuruck", "absetz", "abgesetz", "verschieb", "verschob",
    "verweis", "verwies", "uberweis", "kenntnis", "empfehl", "empfohl", "vorbehal", "widerruf",
    "aufheb", "aufgehob", "nicht", "teilw", "weiterberat", "weiterverhand", "neuverhand",
)  # fmt: skip
_ATTRIBUTE = re.compile(r"\w+(?:nden|ten|enen|ssenen|samen|lichen|ischen|iven|haften)")


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


def kind_of_unknown(token: Token, before: Token | None, shouting: bool) -> str:
    """What an unknown word may do: verbs and some stems could turn the result round."""
    word = token.folded
    if "antrag" in word and word[:6] not in ("beantr", "antrag"):
        return "motion"
    if word.startswith(("alternativ", "gegen")) or "vorschlag" in word:
        return "soft_doubt"
    if any(stem in word for stem in _WARNING_STEMS):
        return "doubt"
    if not (shouting or token.raw[0].islower()):
        named = before is not None and before.folded in ("herr", "herrn", "frau", "dr")
        return "filler" if named else "unknown"
    to_do = _TO_DO.fullmatch(word) or (before is not None and before.folded == "zu")
    participle = _PARTICIPLE.fullmatch(word) and not _ATTRIBUTE.fullmatch(word)
    return "verb" if to_do or participle else "unknown"


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
    return checked(parsed(source.read_text(encoding="utf-8")))


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
        for verbs, particles in pairs
        for verb in verbs.split()
        for particle in particles.split()
    }
    if not set(separable.values()) <= set(EVENTS):
        raise ValueError("phrases.yaml: unknown kind of a separable verb")
    return Lexicon(phrases, max(map(len, phrases)), separable, labels)


def _phrases(entries: object, kind: str) -> list[tuple[str, ...]]:
    if not isinstance(entries, list) or not all(isinstance(e, str) and e for e in entries):
        raise ValueError(f"phrases.yaml: {kind} is no list of phrases")
    return [tuple(map(fold, entry.split())) for entry in entries]
