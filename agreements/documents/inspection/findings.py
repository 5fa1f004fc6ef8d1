"""What an inspection finds: typed, with its place, in a German sentence on how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PACKAGE: Final = "Paket"
BODY: Final = "Textkörper"
TABLE: Final = "Tabelle"
TEXT_BOX: Final = "Textfeld"
PROPERTIES: Final = "Dokumenteigenschaften"
_LONGEST_TEXT: Final = 200
_LONGEST_PLACE: Final = 80


class Severity(StrEnum):
    """Whether a finding stands against accepting the file."""

    REFUSES = "refuses"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    code: stable, kebab-case. part: where in the document, for people ("Kopfzeile", "Paket").
    place: the paragraph with the beginning of its text, or the entry of the package.
    text: the tag or the thing itself.
    """

    code: str
    part: str
    place: str
    text: str
    message: str
    severity: Severity = Severity.REFUSES

    @property
    def refuses(self) -> bool:
        """Whether the file cannot be accepted because of it."""
        return self.severity is Severity.REFUSES


class Refused(Exception):
    """One finding that makes further reading pointless or dangerous."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def accepted(findings: Iterable[Finding]) -> bool:
    """Whether nothing stands against the file."""
    return not any(finding.refuses for finding in findings)


def of_package(code: str, place: str, text: str, message: str) -> Finding:
    """A finding about the file as a package; ``place`` is an entry's name."""
    return Finding(code, PACKAGE, shortened(place), shortened(text), message)


def hint(code: str, part: str, place: str, text: str, message: str) -> Finding:
    """A finding that does not refuse; its sentence says so."""
    return Finding(code, part, place, shortened(text), f"Hinweis: {message}", Severity.HINT)


def paragraph_place(number: int, text: str) -> str:
    """``Absatz 12: „Die Stadt …“``."""
    plain = " ".join(printable(text).split())
    ellipsis = "…" if len(plain) > _LONGEST_PLACE else ""
    return f"Absatz {number}: „{plain[:_LONGEST_PLACE]}{ellipsis}“"


def shortened(text: str) -> str:
    """A text from a file as a finding may carry it: printable and not endless."""
    plain = printable(text)
    return plain if len(plain) <= _LONGEST_TEXT else f"{plain[:_LONGEST_TEXT]}…"


def printable(text: str) -> str:
    """Control characters and halves of surrogates as visible escapes."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else f"\\x{ord(sign):02x}"
        for sign in text[: _LONGEST_TEXT * 4]
    )
