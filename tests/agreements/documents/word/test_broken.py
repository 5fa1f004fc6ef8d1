"""Whatever a document holds, it is read or refused: it never breaks the reader."""

from __future__ import annotations

import copy
import io
import random
import zipfile
from contextlib import suppress
from dataclasses import replace

import pytest

from agreements.documents.word.edits import applied
from agreements.documents.word.lines import content_of, decoded, encoded, lines_of
from agreements.documents.word.names import Element, parsed, w
from agreements.documents.word.package import opened
from agreements.documents.word.proposing import findings, lines_in
from agreements.documents.word.reading import read
from agreements.errors import Refusal
from tests.agreements.documents.word.making import TEXT, Editing, word

_NAMES = (
    *("ins", "del", "moveFrom", "moveTo", "p", "r", "t", "pPr", "rPr", "sdt", "tbl", "br", "tab"),
    *("fldChar", "bookmarkStart", "commentRangeStart", "commentRangeEnd", "moveFromRangeStart"),
    *("pPrChange", "rPrChange", "delText"),
)


def _edited() -> bytes:
    editing = Editing(word())
    editing.replace("nach Einwohnern", "nach Nutzung")
    editing.append("Personal,", "Strom,", "Buchstabe")
    editing.drop("Reisen.")
    editing.comment("Fällig", "Warum?")
    editing.split("Gegenstand ist ", "die Datenplattform.")
    return editing.saved()


def _damage(root: Element, chance: random.Random) -> None:
    """Remove, double, rename or move an element, or spoil its attributes."""
    elements = [e for e in root.iter() if isinstance(e.tag, str)][2:]
    element, other = chance.choice(elements), chance.choice(elements)
    parent = element.getparent()
    assert parent is not None
    match chance.randrange(5):
        case 0:
            parent.remove(element)
        case 1:
            parent.insert(chance.randint(0, len(parent)), copy.deepcopy(element))
        case 2:
            element.tag = w(chance.choice(_NAMES))
        case 3 if element is not other and element not in other.iterancestors():
            other.append(element)
        case _:
            for name in list(element.attrib):
                element.set(name, chance.choice(("", "x", "1", "-1", "2026", "ü" * 5)))


@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_document_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    file, base = _edited(), lines_of(TEXT)
    whole = opened(file)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        source = archive.read("word/document.xml")
    for _ in range(20):
        root = parsed(source)
        for _ in range(chance.randint(1, 12)):
            _damage(root, chance)
        package = replace(whole, document=root)
        with suppress(Refusal):
            proposals = findings(package, base).proposals
            text = applied(encoded(base), [edit for p in proposals for edit in p.edits])
            content_of(decoded(text), TEXT)
        with suppress(Refusal):
            content_of(lines_in(read(package)), TEXT)
    # The document that was not damaged has all five.
    assert len(findings(whole, base).proposals) == 5
