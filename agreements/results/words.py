"""Text as typed or copied becomes words that can be compared."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from agreements.results.folding import fold
from agreements.results.subordinate import without_tails

# Longer texts are whole minutes, not a result; what follows is not read.
LIMIT = 4000

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TAG = re.compile(r"<[^<>]{0,200}>")
_BROKEN_LINE = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[a-zäöüß])")
_JOINING_HYPHEN = re.compile(
    r"(?<=\w)-(?=[^\W\d_])|(?<=[^\W\d_])-(?=\w)|(?<=[^\W\d_])-(?=[\s,/]|$)"
)
_SPACED_LETTERS = re.compile(r"(?<![^\W_])(?:[^\W\d_] ){4,}[^\W\d_](?![^\W_])")
_MONTHS = (
    r"januar|februar|märz|maerz|april|mai|juni|juli|august|september|oktober|november|dezember"
)
_WHERE = (
    r"§+|abs|art|artikel|vorlagen?[ -]?nr|vorlage|drucksachen?[ -]?nr"
    r"|drucksache|drs|ds|vo|bv|antrag nr|antrags[ -]?nr|seite|anlage|sitzung nr|beschluss[ -]?nr"
    r"|beschluss nr|lfd\. nr|aktenzeichen|az"
)
_COUNTED = r"ja|nein|enth|stimm|gegen|dafür|dagegen|:\s*\d|zu\s+\w"
# Numbers that are no votes: dates, times, sums, paragraphs, paper and item numbers.
_NO_VOTES = re.compile(
    rf"""
    \b\d{{1,2}}\.\s?\d{{1,2}}\.(?:\s?\d{{4}}|\s?\d{{2}}\b)?
    | \b\d{{1,2}}\.\s*(?:{_MONTHS})(?:\s+\d{{4}})?
    | \b\d{{4}}-\d{{2}}-\d{{2}}\b
    | \b\d{{1,2}}(?:[:.]\d{{2}})?\s*uhr\b
    | \b(?:um|ab|bis|seit)\s+\d{{1,2}}[:.]\d{{2}}\b
    | \b(?:top|tagesordnungspunkt)\s*(?:nr\.?\s*)?(?:[öon]\s?)?-?\d[\w/.-]*+
    | (?:\b(?:{_WHERE})\b|§+)[.:]?\s*(?:nr\.?\s*)?(?:[öon]\s?)?-?\d[\w/.-]*+
      (?!\s*(?:{_COUNTED}))(?:\s+(?:abs|absatz|satz|nr|buchst)\.?\s*\w+)*
    | \b[a-zäöü]{{1,6}}[-/]\d[\w/.-]*\d\b
    | \b\d[\d.,]*\s*(?:euro|eur|€|teur|t€|prozent|%|v\.\s?h\.|mio|m²|qm|ha\b)
    | \b\d{{1,4}}/\d{{2,4}}(?!\d|\s*/)(?:[-/.]\w+)*
    | \b0\d+/\d+\b
    | \b(?:19|20)\d{{2}}(?:/\d+)?\b
    | \b(?:zwei|drei|2|3)\s?/?\s?(?:drittel|viertel|3|4)[\s-]?mehrheit
    | \bbündnis\s*90\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LIST_ITEM = re.compile(
    r"(?:(?<=[\s;,:])|^)(?:zu\s+(?=\w+:)|(?:zu\s+)?(?=\w+[.)]))(\d{1,2}|[a-h])[.):]{1,2}(?=[\s:]|[^\W\d_]{3})",
    re.I,
)
_POINT = r"(?:\d{1,2}|[a-h]|[ivx]{1,4})(?:\.\d+)?(?![\w/])[.)]{0,2}"
_NOT_COUNTED = rf"(?!\s*(?:{_COUNTED}))"
# "Ziffer 1", "Punkte 1, 2 und 5", "Nr. 3 - 5"
_POINTS = re.compile(
    r"\b(?:ziffern?|ziff?\.?|(?:unter|beschluss|teil)?punkte?n?|pkte?\.?|nrn?\.?|nummern?"
    r"|buchst(?:aben?|\.)?|spiegelstrich|abschnitte?|absatz|teile?|satz|position(?:en)?"
    rf"|beschlussziffern?|teilbeschluss)\s*{_POINT}"
    rf"(?:\s*(?:,|und|bis|sowie|[-/+&])\s*(?:(?:ziffer|nr|punkt)\.?\s*)?{_POINT}{_NOT_COUNTED})*",
    re.IGNORECASE,
)
_CROSSED_OUT = re.compile(r"<(?:s|del|strike)\b|~~", re.IGNORECASE)
_STUCK = re.compile(r"(?<=\d)(?=[^\W\d_]{2})")
# "mit den in der Sitzung vorgetragenen Änderungen": what lies between changes nothing.
_CHANGES = re.compile(
    r"\b(?:mit|unter|inkl(?:usive|\.)?|einschl(?:ießlich|\.)?|samt|nebst|zuzüglich)\s+"
    r"(?:(?!(?:stimm|mehrheit|enthalt|beschlossen\b|beschließ|zugestimmt|angenommen|abgelehnt|ohne\b"
    r"|nicht\b|kein))[^\W\d_]+\s+){1,8}?"
    r"(?:änderungen|aenderungen|anderungen|ergänzungen|ergaenzungen|erganzungen|korrekturen"
    r"|anpassungen|streichungen|präzisierungen|änderungswünschen|ergänzungswünschen)\b",
    re.IGNORECASE,
)
# "mit der vorgeschlagenen Änderung", but "mit der zweiten Änderung der Satzung" is its name.
_ONE_CHANGE = re.compile(
    r"\b(?:mit|unter)\s+(?:(?!stimm|mehrheit|enthalt|nicht\b|kein|ohne\b)[^\W\d_]+\s+){0,6}?"
    r"(?!(?:ers|zwei|drit|vier|fünf|sechs|sieb|ach|neun|zehn|letz|nächs)ten)"
    r"[^\W\d_]+(?:enen|ten|nden|igen)\s+"
    r"(?:änderung|aenderung|anderung|ergänzung|ergaenzung|korrektur|anpassung|klarstellung)\b",
    re.IGNORECASE,
)
# "Ja: 10 Nein: - Enthaltung: -": beside a number a dash is none.
_SOME_YES = re.compile(r"\b(?:ja|dafür|für)\b[\s-]*(?:stimmen)?\s*:?\s*[1-9]", re.IGNORECASE)
_DASH = re.compile(
    r"(\b(?:nein|gegen|dagegen|enth\w*|stimmenth\w*)[\s-]*(?:stimmen)?\s*:\s*)(?:-{1,3}|/|\./\.)"
    r"(?=\s|$|[,;|])",
    re.IGNORECASE,
)
# "Ja-Stimmen: 16 + 1": the members and the mayor.
_AND_THE_MAYOR = re.compile(r"(?<![\d+])(\d{1,2})\s?\+\s?1(?![\d+])")
_FIRST_READING = re.compile(r"\b1\.\s*Lesung\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\b\d{1,2}\.(?=\s+[^\W\d_]{3})")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|\S")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign; ``folded`` is what is compared."""

    raw: str
    folded: str

    @property
    def is_word(self) -> bool:
        return self.raw[0].isalpha()


def tidy(text: str) -> str:
    """The text without what copying from web pages and PDF files adds to it."""
    text = _CROSSED_OUT.sub(" ? ", _repaired(text[:LIMIT]))
    text = unicodedata.normalize("NFKC", html.unescape(_INVISIBLE.sub("", text)))
    text = _BROKEN_LINE.sub("", _TAG.sub("\n", _INVISIBLE.sub("", text)))
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text).replace("\r", "\n")
    return _SPACED_LETTERS.sub(lambda found: found[0].replace(" ", ""), text).strip()


def _repaired(text: str) -> str:
    """UTF-8 that was read as Latin-1 ("ungeÃ¤ndert") is turned back."""
    if "Ã" in text:
        try:
            return text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return text
    return text


def tokens_of(text: str) -> list[Token]:
    """Words, numbers and signs of a tidied text, without the numbers that are no votes."""
    text = without_tails(_STUCK.sub(" ", text.replace("\n", " ; ")))
    text = _ONE_CHANGE.sub("mit Änderungen", _CHANGES.sub("mit Änderungen", text))
    text = _FIRST_READING.sub("erster Lesung", text)
    if _SOME_YES.search(text):
        text = _DASH.sub(r"\g<1>0", text)
    text = _AND_THE_MAYOR.sub(lambda found: str(int(found[1]) + 1), text)
    text = _NO_VOTES.sub(" ", text)
    text = _marked_items(text)
    text = _POINTS.sub(" Einzelpunkt ", text)
    text = _ORDINAL.sub(_ordinal, text)
    text = _JOINING_HYPHEN.sub(" ", text)
    return [Token(raw, fold(raw)) for raw in _TOKEN.findall(text)]


def _marked_items(text: str) -> str:
    """ "1. … 2. …" and "a) … b) …" are points of one resolution."""
    names = [found[1].casefold() for found in _LIST_ITEM.finditer(text)]
    if names[:2] not in (["1", "2"], ["a", "b"]):
        return text
    return _LIST_ITEM.sub(lambda found: f" ; Ziffer {found[1]} : ", text)


def _ordinal(found: re.Match[str]) -> str:
    """ "3. Nachtrag" is no number of votes, "Ja 14. Nein 3." is."""
    after = found.string[found.end() :].lstrip()
    before = found.string[: found.start()].rstrip(" :").split(" ")[-1]
    labels = ("ja", "nein", "enth", "dafur", "dagegen", "gegenst", "stimm", "pro", "contra")
    near = (fold(before), fold(after[:12]))
    return found[0] if any(word.startswith(labels) for word in near) else " "
