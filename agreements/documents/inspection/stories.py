"""What stands in the parts of a document: paragraphs, and everything that must not be there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from agreements.documents.inspection import limits
from agreements.documents.inspection.findings import (
    BODY,
    PACKAGE,
    PROPERTIES,
    TABLE,
    TEXT_BOX,
    Finding,
    hint,
    paragraph_place,
    shortened,
)
from agreements.documents.inspection.outside import forbidden_field, is_allowed_link

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOXES: Final = {"txbxContent", "textbox"}
_MARK: Final = re.compile(r"\{[{%#]|[%#}]\}")
_TAG: Final = re.compile(r"\{[{%#].*?[%#}]\}", re.S)
# A link may be filled where its host is fixed.
_FILLED_LINK: Final = re.compile(r'\s*HYPERLINK\s+"(https://[\w.-]+(:\d+)?/|mailto:)[^"]*"\s*$')
_LINKS: Final = {"src", "href", "althref"}
_NAMESPACE_ATTRIBUTES: Final = re.compile(r"uri$|xpath$|mappings$", re.I)

_CHANGES_WORDS: Final = """
ins del moveFrom moveTo moveFromRangeStart moveToRangeStart delText delInstrText rPrChange
pPrChange sectPrChange tblPrChange tblPrExChange tblGridChange tcPrChange trPrChange
numberingChange cellIns cellDel cellMerge customXmlInsRangeStart customXmlDelRangeStart
customXmlMoveFromRangeStart customXmlMoveToRangeStart conflictIns conflictDel
"""
_CHANGES: Final = frozenset(_CHANGES_WORDS.split())
_OBJECT: Final = (
    "embedded-object",
    "An dieser Stelle ist ein anderes Dokument oder Objekt eingebettet. Löschen Sie es, oder fügen "
    "Sie seinen Inhalt als Text oder Bild ein.",
)
_OUTSIDE: Final = (
    "external-data",
    "Das Dokument lädt etwas von außen (Dokumentvorlage, Seriendruckquelle, Rahmenseite, "
    "Filialdokument). Lösen Sie die Verbindung in Word.",
)
_ACTIVE: Final = (
    "active-content",
    "An dieser Stelle steht ein Steuerelement, das Programmcode ausführt. Löschen Sie es.",
)
_BOUND: Final = (
    "Ein Inhaltssteuerelement ist an gespeicherte Daten gebunden; Word überschreibt seinen Text "
    "beim Öffnen. Lösen Sie die Bindung, wenn darin ein Platzhalter steht."
)
_FORBIDDEN: Final[dict[str, tuple[str, str]]] = {
    "object": _OBJECT,
    "OLEObject": _OBJECT,
    "altChunk": _OBJECT,
    "externalData": _OBJECT,
    "subDoc": _OUTSIDE,
    "attachedTemplate": _OUTSIDE,
    "mailMerge": _OUTSIDE,
    "frameset": _OUTSIDE,
    "saveThroughXslt": _OUTSIDE,
    "control": _ACTIVE,
    "webExtensionLinked": _ACTIVE,
    "mcd": ("macros", "Die Datei verweist auf Makros. Speichern Sie sie ohne Makros."),
    "script": _ACTIVE,
    "foreignObject": _ACTIVE,
}
_LABELS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"header\d*\.xml$"), "Kopfzeile"),
    (re.compile(r"footer\d*\.xml$"), "Fußzeile"),
    (re.compile(r"footnotes\d*\.xml$"), "Fußnote"),
    (re.compile(r"endnotes\d*\.xml$"), "Endnote"),
    (re.compile(r"comments\d*\.xml$"), "Kommentar"),
    (re.compile(r"docProps/.*\.xml$"), PROPERTIES),
    (re.compile(r"document\d*\.xml$"), BODY),
)


def label_of(entry: str) -> str:
    """The German name of a part."""
    return next((label for pattern, label in _LABELS if pattern.search(entry)), PACKAGE)


@dataclass(slots=True)
class Paragraph:
    """One paragraph with its own text, without that of text boxes inside."""

    number: int
    part: str
    row: int | None = None
    text: str = ""
    # Field codes with tags in them: filled as the text is.
    codes: str = ""
    # Of a document property: its name instead of a number.
    name: str = ""

    @property
    def place(self) -> str:
        """The paragraph for people."""
        return self.name or paragraph_place(self.number, self.text)


@dataclass(slots=True)
class _Field:
    code: str = ""
    in_code: bool = True
    nested: bool = False


@dataclass(slots=True)
class _Raw:
    code: str
    paragraph: Paragraph | None
    text: str
    message: str
    is_hint: bool = False


@dataclass(slots=True)
class Story:
    """Listens to one part and keeps its paragraphs and what it objects to."""

    entry: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    references: set[str] = field(default_factory=set)
    has_body: bool = False
    _open: list[Paragraph] = field(default_factory=list)
    _raw: list[_Raw] = field(default_factory=list)
    _fields: list[_Field] = field(default_factory=list)
    _tables: int = 0
    _boxes: int = 0
    _rows: int = 0
    _row_stack: list[int] = field(default_factory=list)
    _in: str = ""

    def start(self, namespace: str, name: str, attributes: dict[str, str]) -> None:
        """An element: does it open a paragraph, or is it something that must not be there?"""
        self._in = name
        if namespace == W:
            self._word_element(name, attributes)
        if name in _BOXES:
            self._boxes += 1
        if name in _FORBIDDEN:
            code, message = _FORBIDDEN[name]
            self._object(code, name, message)
        for key, value in attributes.items():
            self._attribute(namespace, key, value)

    def _word_element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self._paragraph()
        elif name == "body":
            self.has_body = True
        elif name == "tbl":
            self._tables += 1
        elif name == "tr":
            self._rows += 1
            self._row_stack.append(self._rows)
        elif name in _CHANGES:
            self._change(name)
        elif name == "fldSimple":
            # An attribute: a tag in it has been objected to already.
            self._judge_field(_Field(attributes.get(f"{W}}}instr", "")))
        elif name == "fldChar":
            self._field_character(attributes.get(f"{W}}}fldCharType", ""))
        elif name in ("tab", "br", "cr") and self._open:
            self._open[-1].text += "\t" if name == "tab" else "\n"
        elif name == "dataBinding":
            self._object("data-binding", name, _BOUND, is_hint=True)
        elif name == "trackRevisions" and attributes.get(f"{W}}}val", "1") not in ("0", "false"):
            self._object(
                "tracking-on",
                name,
                "Die Änderungsverfolgung ist eingeschaltet. Schalten Sie sie vor dem Bearbeiten "
                "der Vorlage aus, sonst wird die nächste Fassung nicht angenommen.",
                is_hint=True,
            )

    def end(self, namespace: str, name: str) -> None:
        """An element ends."""
        self._in = ""
        if name in _BOXES:
            self._boxes -= 1
        if namespace != W:
            return
        if name == "p" and self._open:
            self._open.pop()
        elif name == "tbl":
            self._tables -= 1
        elif name == "tr" and self._row_stack:
            self._row_stack.pop()

    def text(self, text: str) -> None:
        """Text: of a run, of a field code, or where none belongs."""
        if self._in == "t" and self._open:
            self._open[-1].text += text
        elif self._in in ("instrText", "delInstrText"):
            if self._fields:
                self._fields[-1].code += text
            else:
                self._hidden_mark(text)
        elif not text.isspace():
            self._hidden_mark(text)

    def aside(self, text: str) -> None:
        """A comment of the file or a processing instruction: what stands there is executed too."""
        self._hidden_mark(text)

    def findings(self) -> list[Finding]:
        """What is wrong in the part, with the paragraphs' text as it is known at the end."""
        while self._fields:
            self._close_field()
        counts: dict[str, int] = {}
        found = []
        for raw in self._raw:
            counts[raw.code] = counts.get(raw.code, 0) + 1
            if counts[raw.code] <= limits.FINDINGS_OF_A_KIND:
                found.append(self._finding(raw))
        return list(dict.fromkeys(found))

    def _finding(self, raw: _Raw) -> Finding:
        part = raw.paragraph.part if raw.paragraph else label_of(self.entry)
        place = raw.paragraph.place if raw.paragraph else self.entry
        if raw.is_hint:
            return hint(raw.code, part, place, raw.text, raw.message)
        text = raw.text or (raw.paragraph.text if raw.paragraph else "")
        return Finding(raw.code, part, place, shortened(text), raw.message)

    def _paragraph(self) -> None:
        label = label_of(self.entry)
        if self._boxes:
            label = TEXT_BOX if label == BODY else f"{TEXT_BOX} in der {label}"
        elif self._tables:
            label = TABLE if label == BODY else f"{TABLE} in der {label}"
        row = self._row_stack[-1] if self._row_stack else None
        found = Paragraph(len(self.paragraphs) + 1, label, row)
        self.paragraphs.append(found)
        self._open.append(found)

    def _attribute(self, namespace: str, key: str, value: str) -> None:
        of, _, local = key.rpartition("}")
        if of == R:
            self.references.add(value)
        elif local in _LINKS and value and not _NAMESPACE_ATTRIBUTES.search(local):
            fetched = local == "src" or not is_allowed_link(value)
            if fetched and not value.startswith("#"):
                self._object("external-relationship", value, _OUTSIDE[1])
        if self.entry.endswith(".svg"):
            self._drawing_attribute(local, value)
        if "{" in value or "}" in value:
            self._hidden_mark(value)

    def _drawing_attribute(self, name: str, value: str) -> None:
        if name.lower().startswith("on"):
            self._object("active-content", name, _ACTIVE[1])
        elif name == "href" and not value.startswith("#"):
            self._object("external-relationship", value, _OUTSIDE[1])

    def _change(self, name: str) -> None:
        already = self._raw and self._raw[-1].code == "tracked-changes"
        paragraph = self._open[-1] if self._open else None
        if already and self._raw[-1].paragraph is paragraph:
            return
        self._object(
            "tracked-changes",
            "",
            "Hier steht eine nachverfolgte Änderung. Nehmen Sie zuerst alle Änderungen an oder "
            "lehnen Sie sie ab (Überprüfen, Annehmen, „Alle Änderungen annehmen“): Auch in "
            "gelöschtem Text stecken noch Platzhalter.",
        )

    def _field_character(self, kind: str) -> None:
        if kind == "begin":
            if self._fields:
                self._fields[-1].nested |= not self._fields[-1].code.strip()
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_code = False
        elif kind == "end" and self._fields:
            self._close_field()

    def _close_field(self) -> None:
        self._judge_field(self._fields.pop())

    def _judge_field(self, ended: _Field) -> None:
        code = ended.code
        if _MARK.search(code):
            if ended.nested or not _FILLED_LINK.match(code) or not self._open:
                self._hidden_mark(code)
                return
            self._open[-1].codes += code
            code = _TAG.sub("x", code)
        keyword = "(zusammengesetzt)" if ended.nested else forbidden_field(code)
        if keyword is not None:
            self._object(
                "field-code",
                ended.code.strip() or keyword,
                f"Das Feld {keyword} ist in Vorlagen nicht erlaubt: Es lädt etwas von außen, führt "
                "etwas aus oder ist unbekannt. Löschen Sie es, oder wandeln Sie es in Text um "
                "(Strg+Umschalt+F9).",
            )

    def _hidden_mark(self, text: str) -> None:
        if _MARK.search(text):
            self._object(
                "tag-hidden",
                text.strip(),
                "Ein Platzhalter steht nicht im Text, sondern in einer Feldfunktion, einer "
                "Eigenschaft oder einem Kommentar der Datei. Dort wird er nicht unterstützt; "
                "schreiben Sie ihn in den Text.",
            )

    def _object(self, code: str, text: str, message: str, *, is_hint: bool = False) -> None:
        paragraph = self._open[-1] if self._open else None
        self._raw.append(_Raw(code, paragraph, text, message, is_hint))


class Properties:
    """Listens to a part of the document properties: each value is a paragraph of its own."""

    def __init__(self, entry: str) -> None:
        self.entry = entry
        self.paragraphs: list[Paragraph] = []
        self._property = ""

    def start(self, namespace: str, name: str, attributes: dict[str, str]) -> None:
        """A property begins; a custom one has its name in an attribute."""
        if name == "property":
            self._property = attributes.get("name", "")
        label = self._property or name
        number = len(self.paragraphs) + 1
        self.paragraphs.append(Paragraph(number, PROPERTIES, name=f"Eigenschaft „{label}“"))

    def end(self, namespace: str, name: str) -> None:
        """A property ends."""
        if name == "property":
            self._property = ""

    def text(self, text: str) -> None:
        """A property's value."""
        if self.paragraphs:
            self.paragraphs[-1].text += text

    def aside(self, text: str) -> None:
        """Nothing."""

    def findings(self) -> list[Finding]:
        """Nothing is wrong here before its tags are read."""
        return []
