"""The mark that every page of a print set bears: case, text, page.

As a QR code for scans, and as a line of text for people and for files that still have their text.
The code holds the first 128 bits of the text hash: enough to tell any two texts apart, and few
enough for modules that survive a scan with 150 dpi.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from agreements.documents.content import short_hash

_HASH_DIGITS: Final = 32
_CODE: Final = re.compile(r"VEREINBAR1:([^:]{1,60}):([0-9A-F]{32}):(\d{1,4})/(\d{1,4})")
_LINE: Final = re.compile(
    r"Vorgang\s+(\S{1,60})\s+·\s+Textprüfsumme\s+([0-9a-f]{8})\s+·\s+"
    r"Seite\s+(\d{1,4})\s+von\s+(\d{1,4})"
)


@dataclass(frozen=True, slots=True)
class PageMark:
    """What a page says of itself. ``digest``: the text hash, as far as the mark holds it."""

    reference: str
    digest: str
    page: int
    pages: int

    def code(self) -> str:
        """What stands in the QR code; only signs of the alphanumeric mode, which is the densest."""
        digest = self.digest[:_HASH_DIGITS].upper()
        return f"VEREINBAR1:{self.reference.upper()}:{digest}:{self.page}/{self.pages}"

    def line(self) -> str:
        """What stands beside it for people."""
        return (
            f"Vorgang {self.reference} · Textprüfsumme {short_hash(self.digest)} · "
            f"Seite {self.page} von {self.pages}"
        )

    def belongs_to(self, reference: str, text_hash: str) -> bool:
        """Whether it is a mark of that text in that case."""
        return text_hash.startswith(self.digest) and self.reference.upper() == reference.upper()


def read_code(text: str) -> PageMark | None:
    """The mark in a QR code; None: a code of something else."""
    found = _CODE.fullmatch(text.strip())
    return _mark(*found.groups()) if found else None


def read_codes(texts: Iterable[str]) -> tuple[PageMark, ...]:
    """The different marks among the codes of a page."""
    return tuple(dict.fromkeys(mark for text in texts if (mark := read_code(text)) is not None))


def read_lines(text: str) -> tuple[PageMark, ...]:
    """The different marks in the text of a page."""
    return tuple(dict.fromkeys(_mark(*found.groups()) for found in _LINE.finditer(text)))


def _mark(reference: str, digest: str, page: str, pages: str) -> PageMark:
    return PageMark(reference, digest.lower(), int(page), int(pages))
