"""An uploaded .docx: judged as every Word file is before anything of it is used, then its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from agreements.documents.inspection.findings import Refused
from agreements.documents.inspection.package import open_package
from agreements.documents.inspection.xml_reading import Silent, listen
from agreements.documents.word.names import Element, local, parsed, w
from agreements.errors import Refusal

LARGEST: Final = 20 * 1024 * 1024
_DOCUMENT: Final = "word/document.xml"


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a judged document; optional ones are None."""

    document: Element
    styles: Element | None
    comments: Element | None
    comments_extended: Element | None
    properties: Element | None


def opened(content: bytes) -> Package:
    """Judge a file, then open it. Refuses what is hostile or no Word document."""
    parts = judge(content)
    document = _part(parts, _DOCUMENT)
    if document is None or document.tag != w("document"):
        strict = document is not None and local(document) == "document"
        how = "als „Word-Dokument (*.docx)“, nicht als „Strict Open XML“" if strict else "neu"
        raise Refusal("word-unreadable", f"Bitte das Dokument in Word {how} speichern.", "file")
    return Package(
        document=document,
        styles=_part(parts, "word/styles.xml"),
        comments=_part(parts, "word/comments.xml"),
        comments_extended=_part(parts, "word/commentsExtended.xml"),
        properties=_part(parts, "docProps/custom.xml"),
    )


def judge(content: bytes) -> dict[str, bytes]:
    """The XML parts of a .docx; refuses, in bounded time and memory, what could do harm."""
    if not content:
        raise Refusal("file-empty", "Die Datei ist leer.", "file")
    if len(content) > LARGEST:
        raise Refusal("file-too-large", "Die Datei ist größer als 20 MB.", "file")
    try:
        package = open_package(content)
        for name, part in package.xml.items():
            listen(name, part, Silent())
    except Refused as refused:
        found = refused.finding
        raise _refused(found.code, f"{found.place}: {found.message}") from refused
    return package.xml


def _refused(code: str, message: str) -> Refusal:
    return Refusal(code, message, "file", "ein in Word oder LibreOffice gespeichertes .docx")


def _part(parts: dict[str, bytes], name: str) -> Element | None:
    return _xml(name, parts[name]) if name in parts else None


def _xml(name: str, content: bytes) -> Element:
    try:
        return parsed(content)
    except etree.XMLSyntaxError as problem:
        raise _refused("word-unreadable", f"Der Teil „{name[:80]}“ ist beschädigt.") from problem
