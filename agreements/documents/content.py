"""The canonical content of a version and its text hash.

The **text hash** says which text a council resolved. It is the SHA-256 over the canonical
JSON of the content: every string in Unicode normal form C, object keys sorted, no
insignificant whitespace, UTF-8, every field written (also empty ones). It does not depend on
templates, on rendering, or on who is head of administration on the day of rendering. A new
or renamed field of a content model is a new ``format``: stored contents keep the old one.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

SHORT_HASH_LENGTH = 8
# XML 1.0 cannot carry control characters (Cc and Cs): such a text could never be printed.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # A no-break space is typography: printing puts it in, the resolved text knows only spaces.
    text = unicodedata.normalize("NFC", text.replace("\u00a0", " "))
    lines = [line.strip() for line in text.strip().split("\n")]
    cleaned = "\n".join(line for line in lines if line)
    if found := _CONTROL.search(cleaned):
        raise ValueError(f"unzulässiges Steuerzeichen U+{ord(found[0]):04X}")
    return cleaned


Text = Annotated[str, AfterValidator(_clean)]
"""Text as it is resolved and printed: NFC, no surrounding space, no control characters."""

FilledText = Annotated[str, AfterValidator(_clean), Field(min_length=1)]


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clause(_Content):
    """Ein Paragraph. The first line of a paragraph is its text, further lines its a), b), c)."""

    title: FilledText
    paragraphs: tuple[FilledText, ...] = Field(min_length=1)


class ContentParty(_Content):
    """A party as the text names it: without the person who represents it, who may change."""

    name: FilledText = Field(examples=["Stadt Schwerte"])
    designation: Text = Field(default="", examples=["federführende Körperschaft"])


class CanonicalContent(_Content):
    """What the councils resolve when they resolve the agreement (Vereinbarungstext)."""

    kind: Literal["agreement"] = "agreement"
    format: Literal[1] = 1
    title: FilledText
    parties: tuple[ContentParty, ...] = Field(min_length=2)
    preamble: tuple[FilledText, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)
    annexes: tuple[FilledText, ...] = ()


class PrincipleContent(_Content):
    """What the councils resolve in a Grundsatzbeschluss: the same wording for each of them."""

    kind: Literal["principle"] = "principle"
    format: Literal[1] = 1
    title: FilledText
    points: tuple[FilledText, ...] = Field(min_length=1, description="Beschlusspunkte")


Content = Annotated[CanonicalContent | PrincipleContent, Field(discriminator="kind")]


def canonical_json(value: object) -> bytes:
    """JSON in exactly one spelling: NFC, sorted keys, no insignificant whitespace, UTF-8."""
    return json.dumps(
        _normalised(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def text_hash(content: CanonicalContent | PrincipleContent) -> str:
    """The SHA-256 of the content's canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(content.model_dump(mode="json"))).hexdigest()


def short_hash(digest: str) -> str:
    """The beginning of a hash, as footers and tables show it."""
    return digest[:SHORT_HASH_LENGTH]


def _normalised(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", str(key)): _normalised(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normalised(item) for item in value]
    return value
