"""Documents as people and their programs make them: edited, tracked, commented, broken."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Final

from docx import Document
from docx.text.paragraph import Paragraph
from lxml import etree

from agreements.documents.content import CanonicalContent, Clause, ContentParty, text_hash
from agreements.documents.word.names import WORD, WORD_2010, WORD_2012, Element, w
from agreements.documents.word.writing import About, write_text

MADE: Final = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
DATE: Final = "2026-06-02T08:30:00Z"
TEXT: Final = CanonicalContent(
    title="Vereinbarung über die „Smart Region“",
    parties=(
        ContentParty(name="Stadt Schwerte", designation="federführende Körperschaft"),
        ContentParty(name="Stadt Kamen"),
    ),
    preamble=("Die Beteiligten wollen zusammenarbeiten.", "Sie fördern Müller & Söhne <GmbH>."),
    clauses=(
        Clause(title="Gegenstand", paragraphs=("Gegenstand ist die Datenplattform.",)),
        Clause(
            title="Kosten",
            paragraphs=(
                "Die Kosten tragen alle nach Einwohnern.",
                "Dazu gehören:\nPersonal,\nTechnik,\nReisen.",
                "Fällig sind sie am 1. Juli eines Jahres.",
            ),
        ),
        Clause(title="Laufzeit", paragraphs=("Die Vereinbarung gilt fünf Jahre.",)),
    ),
    annexes=("Aufgabenverzeichnis", "Kostenschlüssel"),
)


def about(content: CanonicalContent = TEXT, version: int = 1) -> About:
    """What a document of that text says of itself."""
    return About(
        reference="IKZ-2026-0001",
        kind="agreement",
        version=version,
        digest=text_hash(content),
        heading=f"Arbeitsfassung zu Textfassung {version}",
        footer=f"Textfassung {version}",
        author="Stadt Schwerte",
        made_at=MADE,
    )


def word(content: CanonicalContent = TEXT) -> bytes:
    """The text as a document to edit."""
    return write_text(content, about(content))


class Editing:
    """A document under the hands of one person who may track the changes."""

    def __init__(self, content: bytes, author: str = "Frau Kamen", date: str = DATE) -> None:
        self.document = Document(io.BytesIO(content))
        self.author, self.date = author, date
        self._number = 900

    def find(self, text: str) -> Paragraph:
        """The paragraph with these words, also removed ones."""
        for paragraph in self.document.paragraphs:
            words = "".join(e.text or "" for e in paragraph._p.iter(w("t"), w("delText")))
            if text in words:
                return paragraph
        raise AssertionError(f"no paragraph with {text!r}")

    def mark(self, name: str) -> Element:
        """A revision mark of this person."""
        self._number += 1
        element = etree.Element(w(name))
        element.set(w("id"), str(self._number))
        element.set(w("author"), self.author)
        element.set(w("date"), self.date)
        return element

    def replace(self, old: str, new: str, *, tracked: bool = True) -> None:
        """Put other words in their place, as Word does it: the run is cut in pieces."""
        paragraph = self.find(old)
        run = next(r for r in paragraph.runs if old in r.text)
        before, _, after = run.text.partition(old)
        if not tracked:
            run.text = before + new + after
            return
        parts: list[Element] = [_run(before)] if before else []
        if old:
            removed = self.mark("del")
            removed.append(_run(old, "delText"))
            parts.append(removed)
        if new:
            added = self.mark("ins")
            added.append(_run(new))
            parts.append(added)
        if after:
            parts.append(_run(after))
        for part in parts:
            run._r.addprevious(part)
        _remove(run._r)

    def append(self, after: str, text: str, style: str) -> Paragraph:
        """Enter at the end of a paragraph, another style, new words: the end of the old paragraph
        is the one that was added.
        """
        paragraph = self.find(after)
        self._mark_end(paragraph, "ins")
        new = new_paragraph(paragraph)
        paragraph._p.addnext(new._p)
        new.style = self.document.styles[style]
        added = self.mark("ins")
        added.append(_run(text))
        new._p.append(added)
        return new

    def insert_before(self, text: str, words: str, style: str) -> None:
        """New words and Enter at the beginning of a paragraph."""
        paragraph = self.find(text)
        new = new_paragraph(paragraph)
        paragraph._p.addprevious(new._p)
        new.style = self.document.styles[style]
        self._mark_end(new, "ins")
        added = self.mark("ins")
        added.append(_run(words))
        new._p.append(added)

    def drop(self, text: str, *, tracked: bool = True) -> None:
        """Remove a paragraph with its end."""
        paragraph = self.find(text)
        if not tracked:
            _remove(paragraph._p)
            return
        for run in list(paragraph.runs):
            removed = self.mark("del")
            run._r.addprevious(removed)
            removed.append(_run(run.text, "delText"))
            _remove(run._r)
        self._mark_end(paragraph, "del")

    def split(self, before: str, after: str) -> None:
        """Enter in the middle of a paragraph."""
        paragraph = self.find(before + after)
        [run] = [r for r in paragraph.runs if before + after in r.text]
        first, _, last = run.text.partition(before + after)
        run.text = first + before
        new = new_paragraph(paragraph)
        paragraph._p.addnext(new._p)
        new.style = paragraph.style
        new._p.append(_run(after + last))
        self._mark_end(paragraph, "ins")

    def join(self, text: str) -> None:
        """Delete the end of a paragraph."""
        self._mark_end(self.find(text), "del")

    def _mark_end(self, paragraph: Paragraph, name: str) -> None:
        properties = paragraph._p.get_or_add_pPr()
        found = properties.find(w("rPr"))
        if found is None:
            found = etree.SubElement(properties, w("rPr"))
        found.append(self.mark(name))

    def comment(self, text: str, words: str) -> None:
        """Comment on a paragraph, as Word's ribbon does."""
        paragraph = self.find(text)
        self.document.add_comment(paragraph.runs, text=words, author=self.author, initials="FK")

    def saved(self) -> bytes:
        """The document as a file."""
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()


def new_paragraph(beside: Paragraph) -> Paragraph:
    """An empty paragraph that stands nowhere yet."""
    found = deepcopy(beside._p)
    for child in list(found):
        found.remove(child)
    return Paragraph(found, beside._parent)


def _remove(element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _run(text: str, name: str = "t") -> Element:
    run = etree.Element(w("r"))
    element = etree.SubElement(run, w(name))
    element.text = text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def changed_part(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The file with one of its XML parts changed as text."""
    return repacked(content, {name: lambda part: change(part.decode()).encode()})


def repacked(
    content: bytes,
    changes: Mapping[str, Callable[[bytes], bytes]] | None = None,
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """The file with parts changed and others added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            part, change = source.read(name), (changes or {}).get(name)
            archive.writestr(name, change(part) if change else part)
        for name, part in (added or {}).items():
            archive.writestr(name, part)
    return target.getvalue()


def body_with(content: bytes, xml: str, before: str = "<w:sectPr") -> bytes:
    """The document with raw XML at the end of its body."""
    return changed_part(
        content, "word/document.xml", lambda text: text.replace(before, xml + before, 1)
    )


COMMENTS_EXTENDED: Final = f"{{{WORD_2012}}}"
PARAGRAPH_ID: Final = f"{{{WORD_2010}}}paraId"
NAMESPACE: Final = f'xmlns:w="{WORD}"'
