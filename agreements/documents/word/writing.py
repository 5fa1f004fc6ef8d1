"""Word out: a text, or two texts in one with tracked changes, as an editable document.

What is written can be read again (``reading``): every line has the style of its part and a
bookmark, and the document's properties say which version it is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from itertools import count
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PackagePart
from lxml import etree

from agreements.documents.content import Content, short_hash
from agreements.documents.rendering import LANGUAGE, stable_zip
from agreements.documents.word.edits import Marked, marked
from agreements.documents.word.lines import Part, lines_of
from agreements.documents.word.names import SPACE, Element, w
from agreements.synopsis import Change, Segment

PROPERTIES: Final = "/docProps/custom.xml"
UNIT_BOOKMARK: Final = "vereinbar_"
BASE_BOOKMARK: Final = "fassung_"
REFERENCE, KIND, VERSION, DIGEST = (
    "vereinbar-Aktenzeichen",
    "vereinbar-Textart",
    "vereinbar-Textfassung",
    "vereinbar-Pruefsumme",
)
_CUSTOM_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
)
_CUSTOM: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_STYLES: Final = {
    Part.TITLE: "Title",
    Part.PARTY: "Beteiligte",
    Part.PREAMBLE: "Präambel",
    Part.CLAUSE: "Paragrafüberschrift",
    Part.LETTER: "Buchstabe",
    Part.ANNEX: "Anlage",
    Part.POINT: "Beschlusspunkt",
}
_SECTIONS: Final = {Part.PREAMBLE: "Präambel", Part.ANNEX: "Anlagen"}
_MARKS: Final = {Change.ADDED: "ins", Change.REMOVED: "del"}


@dataclass(frozen=True, slots=True)
class About:
    """What the document says of itself. digest: of the text to which the changes are made.

    heading: above the title. footer: which version, at the bottom of each page.
    """

    reference: str
    kind: str
    version: int
    digest: str
    heading: str
    footer: str
    author: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Reviser:
    """In whose name and when the tracked changes are made."""

    name: str
    at: datetime


def write_text(content: Content, about: About) -> bytes:
    """A text as a document to edit."""
    lines = lines_of(content)
    kept = [Marked(x.part, Change.KEPT, (Segment(Change.KEPT, x.text),)) for x in lines]
    return _write(kept, about, Reviser("", about.made_at), bookmarks=True)


def write_comparison(old: Content, new: Content, about: About, reviser: Reviser) -> bytes:
    """Two texts in one document: accepting all changes gives the new one, rejecting the old."""
    return _write(marked(lines_of(old), lines_of(new)), about, reviser, bookmarks=False)


@dataclass(frozen=True, slots=True)
class _Writing:
    """A document that is being written."""

    document: WordDocument
    reviser: Reviser
    numbers: count[int]

    def revision(self, name: str) -> Element:
        """``w:ins`` or ``w:del`` with its number, author and date."""
        element = etree.Element(w(name))
        element.set(w("id"), str(next(self.numbers)))
        element.set(w("author"), self.reviser.name)
        element.set(w("date"), self.reviser.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        return element


def _write(lines: Sequence[Marked], about: About, reviser: Reviser, *, bookmarks: bool) -> bytes:
    writing = _Writing(Document(io.BytesIO(_base())), reviser, count(1))
    body = writing.document.element.body
    end = body[-1]
    for paragraph in _paragraphs(writing, lines, about, bookmarks):
        end.addprevious(paragraph)
    _label(writing.document, about)
    _describe(writing.document, about, str(lines[0].segments[-1].text))
    raw = io.BytesIO()
    writing.document.save(raw)
    return stable_zip(raw.getvalue())


@cache
def _base() -> bytes:
    return resources.files(__package__).joinpath("Arbeitsfassung.docx").read_bytes()


def _paragraphs(
    writing: _Writing, lines: Sequence[Marked], about: About, bookmarks: bool
) -> Iterator[Element]:
    yield _fixed(writing, "Vermerk", about.heading)
    before_all, after_all = _styles(lines, Change.ADDED), _styles(lines, Change.REMOVED)
    for number, line in enumerate(lines):
        before = lines[number - 1].part if number else None
        if line.part is Part.PARTY and before is not Part.PARTY:
            yield _fixed(writing, "Rubrumwort", "zwischen")
        if line.part in _SECTIONS and before is not line.part:
            yield _fixed(writing, "Heading 1", _SECTIONS[line.part], _whole(lines, line.part))
        style = after_all.get(number, before_all.get(number, ""))
        paragraph = _paragraph(writing, style, line.segments, line.change)
        if before_all.get(number, style) != style:
            _restyle(writing, paragraph, before_all[number])
        if bookmarks:
            _bookmark(paragraph, number, f"{UNIT_BOOKMARK}{number}")
            if number == 0:
                name = f"{BASE_BOOKMARK}{about.kind}_{about.version}_{short_hash(about.digest)}"
                _bookmark(paragraph, len(lines), name)
        yield paragraph
        after = lines[number + 1].part if number + 1 < len(lines) else None
        if line.part is Part.PARTY and after is not Part.PARTY:
            yield _fixed(writing, "Rubrumschluss", "– nachfolgend gemeinsam „Beteiligte“ genannt –")
    # What comes last cannot be removed with its paragraph: so it is never part of the text.
    yield _fixed(writing, "Schlusszeile", f"Ende: {about.footer}")


def _whole(lines: Sequence[Marked], part: Part) -> Change:
    """Whether a part of the text exists in both texts, or in one of them only."""
    changes = {line.change for line in lines if line.part is part}
    return changes.pop() if len(changes) == 1 else Change.KEPT


def _styles(lines: Sequence[Marked], without: Change) -> dict[int, str]:
    """The styles of the lines of one of both texts; a clause's only paragraph has no number."""
    row = [(number, line.part) for number, line in enumerate(lines) if line.change is not without]
    clause, of_line, sizes = 0, [], [0]
    for _, part in row:
        if part is Part.CLAUSE:
            clause += 1
            sizes.append(0)
        elif part is Part.PARAGRAPH:
            sizes[clause] += 1
        of_line.append(clause)
    found = {}
    for place, (number, part) in enumerate(row):
        after = row[place + 1][1] if place + 1 < len(row) else None
        if part is not Part.PARAGRAPH:
            found[number] = _STYLES[part]
        elif sizes[of_line[place]] < 2:
            found[number] = "Absatz ohne Nummer"
        else:
            found[number] = "Absatz vor Aufzählung" if after is Part.LETTER else "Absatz"
    return found


def _fixed(writing: _Writing, style: str, text: str, change: Change = Change.KEPT) -> Element:
    return _paragraph(writing, style, (Segment(change, text),), change)


def _paragraph(
    writing: _Writing, style: str, segments: Sequence[Segment], change: Change
) -> Element:
    paragraph = etree.Element(w("p"))
    properties = etree.SubElement(paragraph, w("pPr"))
    named = etree.SubElement(properties, w("pStyle"))
    named.set(w("val"), writing.document.styles[style].style_id)
    if change is not Change.KEPT:
        etree.SubElement(properties, w("rPr")).append(writing.revision(_MARKS[change]))
    for segment in segments:
        run = _run(segment)
        if segment.change is Change.KEPT:
            paragraph.append(run)
        else:
            revision = writing.revision(_MARKS[segment.change])
            revision.append(run)
            paragraph.append(revision)
    return paragraph


def _restyle(writing: _Writing, paragraph: Element, before: str) -> None:
    """Note as a change that the paragraph had another style: it has lost or got its number."""
    change = writing.revision("pPrChange")
    named = etree.SubElement(etree.SubElement(change, w("pPr")), w("pStyle"))
    named.set(w("val"), writing.document.styles[before].style_id)
    paragraph[0].append(change)


def _run(segment: Segment) -> Element:
    run = etree.Element(w("r"))
    name = "delText" if segment.change is Change.REMOVED else "t"
    for row, text in enumerate(segment.text.split("\n")):
        if row:
            etree.SubElement(run, w("br"))
        for cell, words in enumerate(text.split("\t")):
            if cell:
                etree.SubElement(run, w("tab"))
            if words:
                element = etree.SubElement(run, w(name))
                element.text = words
                element.set(SPACE, "preserve")
    return run


def _bookmark(paragraph: Element, number: int, name: str) -> None:
    start, end = etree.Element(w("bookmarkStart")), etree.Element(w("bookmarkEnd"))
    for element in (start, end):
        element.set(w("id"), str(number))
    start.set(w("name"), name)
    paragraph.insert(1, start)
    paragraph.append(end)


def _label(document: WordDocument, about: About) -> None:
    section = document.sections[0]
    for paragraphs, texts in (
        (section.header.paragraphs, (about.heading, f"Aktenzeichen {about.reference}")),
        (section.footer.paragraphs, (about.footer,)),
    ):
        elements = paragraphs[0]._p.iter(w("t"))
        for element, text in zip(elements, texts, strict=False):
            element.text = text


def _describe(document: WordDocument, about: About, title: str) -> None:
    properties = document.core_properties
    properties.title = " ".join(title.split())[:255]
    properties.subject = about.reference[:255]
    properties.author = properties.last_modified_by = about.author[:255]
    properties.created = properties.modified = about.made_at.astimezone(UTC)
    properties.language = LANGUAGE
    properties.revision = 1
    root = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={"op": _CUSTOM, "vt": _VALUES})
    values = {
        REFERENCE: about.reference,
        KIND: about.kind,
        VERSION: str(about.version),
        DIGEST: about.digest,
    }
    for number, (name, text) in enumerate(values.items(), start=2):
        entry = etree.SubElement(root, f"{{{_CUSTOM}}}property")
        entry.set("fmtid", _FORMAT)
        entry.set("pid", str(number))
        entry.set("name", name)
        etree.SubElement(entry, f"{{{_VALUES}}}lpwstr").text = text
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.part.package
    part = PackagePart(PackURI(PROPERTIES), _CUSTOM_TYPE, content, package)
    package.relate_to(part, _CUSTOM_RELATION)
