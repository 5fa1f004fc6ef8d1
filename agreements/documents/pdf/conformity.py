"""The structural check of a PDF against what we claim of it: PDF/A-3b and PDF/UA-1.

No validator: it looks at what a program can decide without judging the rendering, as
docs/documents.md lists it. Whoever has veraPDF runs that as well.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object

from agreements.documents.pdf.finishing import LANGUAGE

_STANDARD_FONTS: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_XMP: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
}
_HEADINGS: Final = frozenset(f"/H{level}" for level in ("", *range(1, 7)))
_SHOWS_TEXT: Final = frozenset(("Tj", "TJ", "'", '"'))
_BEGINS_MARK: Final = frozenset(("BDC", "BMC"))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a PDF lacks: a stable code and a German sentence."""

    code: str
    message: str


def findings(pdf: bytes, *, tagged: bool = True) -> tuple[Finding, ...]:
    """What stands against PDF/A-3b and, if ``tagged``, PDF/UA-1; nothing: as claimed."""
    try:
        document = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PasswordError:
        return (Finding("encrypted", "Die PDF-Datei ist mit einem Kennwort verschlüsselt."),)
    except pikepdf.PdfError as problem:
        return (Finding("unreadable", f"Die PDF-Datei ist beschädigt: {problem}."),)
    with document:
        checks = (*_ARCHIVE, *(_ACCESSIBLE if tagged else ()))
        return tuple(finding for check in checks for finding in check(document))


def _not_encrypted(document: pikepdf.Pdf) -> Iterator[Finding]:
    if document.is_encrypted:
        yield Finding("encrypted", "Die PDF-Datei ist verschlüsselt; PDF/A lässt das nicht zu.")


def _no_programs(document: pikepdf.Pdf) -> Iterator[Finding]:
    for number, thing in enumerate(document.objects):
        if isinstance(thing, Dictionary) and (
            "/JS" in thing or thing.get("/S") in ("/JavaScript", "/Launch", "/ImportData")
        ):
            yield Finding(
                "active-content", f"Objekt {number} enthält ausführbaren Inhalt (JavaScript o. Ä.)."
            )
    names = document.Root.get("/Names", Dictionary())
    if "/JavaScript" in names or "/AA" in document.Root:
        yield Finding("active-content", "Die PDF-Datei führt beim Öffnen etwas aus.")


def _metadata(document: pikepdf.Pdf) -> Iterator[Finding]:
    stream = document.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        yield Finding("no-metadata", "Die XMP-Metadaten fehlen.")
        return
    try:
        tree = etree.fromstring(stream.read_bytes(), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        yield Finding("no-metadata", "Die XMP-Metadaten sind kein lesbares XML.")
        return
    if _xmp(tree, "pdfaid:part") != "3" or _xmp(tree, "pdfaid:conformance") not in tuple("ABU"):
        yield Finding("not-archival", "Die Metadaten nennen die Datei nicht PDF/A-3.")
    declared = tree.xpath("//pdfaSchema:prefix[text()='pdfuaid']", namespaces=_XMP)
    if _xmp(tree, "pdfuaid:part") and not declared:
        yield Finding("schema-missing", "Das Kennzeichen PDF/UA ist in PDF/A nicht angemeldet.")
    if _xmp(tree, "dc:title/rdf:Alt/rdf:li") != str(document.docinfo.get("/Title", "")):
        yield Finding("title-differs", "Der Titel in den Metadaten weicht vom Titel ab.")


def _xmp(tree: etree._Element, path: str) -> str:
    found = tree.find(f".//rdf:Description/{path}", _XMP)
    return "" if found is None else str(found.text or "").strip()


def _fonts_embedded(document: pikepdf.Pdf) -> Iterator[Finding]:
    for thing in document.objects:
        if not isinstance(thing, Dictionary) or thing.get("/Type") != Name.Font:
            continue
        name = str(thing.get("/BaseFont", "ohne Namen")).lstrip("/")
        if thing.get("/Subtype") not in ("/Type0", "/Type3"):
            described = thing.get("/FontDescriptor", Dictionary())
            if not any(key in described for key in _STANDARD_FONTS):
                yield Finding("font-not-embedded", f"Die Schrift {name} ist nicht eingebettet.")
        is_part = thing.get("/Subtype") in ("/CIDFontType0", "/CIDFontType2")
        if not is_part and "/ToUnicode" not in thing:
            yield Finding("font-without-text", f"Zur Schrift {name} fehlt die Zeichenzuordnung.")


def _colours(document: pikepdf.Pdf) -> Iterator[Finding]:
    intents = document.Root.get("/OutputIntents", Array())
    if not any(
        intent.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in intent for intent in intents
    ):
        yield Finding("no-output-intent", "Das Farbprofil (OutputIntent) fehlt.")


def _attachments(document: pikepdf.Pdf) -> Iterator[Finding]:
    for name, attached in document.attachments.items():
        if "/AFRelationship" not in attached.obj:
            yield Finding("attachment-loose", f"Zur Anlage „{name}“ fehlt ihr Verhältnis.")


def _annotations(document: pikepdf.Pdf) -> Iterator[Finding]:
    for number, page in enumerate(document.pages, 1):
        annotations = page.obj.get("/Annots", Array())
        for annotation in annotations:
            flags = int(annotation.get("/F", 0))
            if annotation.get("/Subtype") != "/Popup" and (not flags & 4 or flags & 2):
                yield Finding(
                    "annotation-hidden", f"Ein Verweis auf Seite {number} wird nicht gedruckt."
                )


def _language(document: pikepdf.Pdf) -> Iterator[Finding]:
    if str(document.Root.get("/Lang", "")) != LANGUAGE:
        yield Finding("no-language", f"Als Sprache ist nicht {LANGUAGE} angegeben.")


def _title(document: pikepdf.Pdf) -> Iterator[Finding]:
    if not str(document.docinfo.get("/Title", "")).strip():
        yield Finding("no-title", "Der Titel fehlt.")
    if not document.Root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False):
        yield Finding("title-not-shown", "Der Titel wird nicht in der Fensterleiste gezeigt.")


def _structure(document: pikepdf.Pdf) -> Iterator[Finding]:
    root = document.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        yield Finding(
            "not-marked", "Die Datei ist nicht als ausgezeichnet (Marked) gekennzeichnet."
        )
    tree = root.get("/StructTreeRoot")
    if not isinstance(tree, Dictionary) or "/K" not in tree:
        yield Finding("no-structure", "Die Auszeichnung (Strukturbaum) fehlt.")
        return
    has_headings = False
    for element in _elements(tree.K):
        kind = str(element.get("/S", ""))
        has_headings = has_headings or kind in _HEADINGS
        if kind == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield Finding("figure-without-text", "Einem Bild fehlt der Ersatztext.")
    if has_headings and "/First" not in root.get("/Outlines", Dictionary()):
        yield Finding("no-bookmarks", "Zu den Überschriften fehlen die Lesezeichen.")
    metadata = root.get("/Metadata")
    if isinstance(metadata, pikepdf.Stream) and b"pdfuaid:part" not in metadata.read_bytes():
        yield Finding("not-universal", "Die Metadaten nennen die Datei nicht PDF/UA.")


def _elements(kids: Object) -> Iterator[Dictionary]:
    stack = [kids]
    while stack:
        kid = stack.pop()
        if isinstance(kid, Array):
            stack.extend(kid)
        elif isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            if "/K" in kid:
                stack.append(kid.K)


def _everything_tagged(document: pikepdf.Pdf) -> Iterator[Finding]:
    for number, page in enumerate(document.pages, 1):
        if "/StructParents" not in page.obj:
            yield Finding("page-not-tagged", f"Seite {number} gehört nicht zum Strukturbaum.")
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in _BEGINS_MARK:
                depth += 1
            elif operator == "EMC":
                depth -= 1
            elif operator in _SHOWS_TEXT and depth == 0:
                yield Finding(
                    "text-not-tagged", f"Auf Seite {number} steht Text ohne Auszeichnung."
                )
                break


def _links(document: pikepdf.Pdf) -> Iterator[Finding]:
    for number, page in enumerate(document.pages, 1):
        annotations = page.obj.get("/Annots", Array())
        if len(annotations) and page.obj.get("/Tabs") != Name.S:
            yield Finding("tab-order", f"Auf Seite {number} folgen Verweise nicht dem Text.")
        for annotation in annotations:
            if "/StructParent" not in annotation:
                yield Finding(
                    "link-not-tagged", f"Ein Verweis auf Seite {number} hat keine Stelle."
                )
            if not str(annotation.get("/Contents", "")).strip():
                yield Finding(
                    "link-without-text", f"Ein Verweis auf Seite {number} sagt nicht, wohin."
                )


_Check = Callable[[pikepdf.Pdf], Iterator[Finding]]
_ARCHIVE: Final[tuple[_Check, ...]] = (
    _not_encrypted,
    _no_programs,
    _metadata,
    _fonts_embedded,
    _colours,
    _attachments,
    _annotations,
)
_ACCESSIBLE: Final[tuple[_Check, ...]] = (
    _language,
    _title,
    _structure,
    _everything_tagged,
    _links,
)
