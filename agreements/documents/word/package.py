"""An uploaded .docx: judged before anything of it is used, then its parts.

``judge`` is the seam to the inspection of files: whoever judges uploads in general takes its place.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from lxml import etree

from agreements.documents.word.names import Element, local, parsed, w
from agreements.errors import Refusal

LARGEST: Final = 20 * 1024 * 1024
_MOST_ENTRIES: Final = 500
_LARGEST_ENTRY: Final = 30 * 1024 * 1024
_LARGEST_TOTAL: Final = 80 * 1024 * 1024
_HIGHEST_RATIO: Final = 200
_RATIO_MATTERS_FROM: Final = 1024 * 1024
_DOCUMENT: Final = "word/document.xml"
_NEEDED: Final = ("[Content_Types].xml", _DOCUMENT)
_ACTIVE: Final = re.compile(r"vbaproject|vbadata|/activex/|/embeddings/|\.(exe|dll|bin|js|vbs)$")
_LINK: Final = re.compile(r"(https|mailto):", re.IGNORECASE)
_XML_ENTRY: Final = re.compile(r"\.(xml|rels)$", re.IGNORECASE)
_DTD: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


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
    """The XML parts of a .docx; refuses, in bounded time and memory, what could do harm.

    Too many or too large entries, too high a ratio, names that lead elsewhere, macros and embedded
    objects, document types and entities, references to other files.
    """
    if not content:
        raise Refusal("file-empty", "Die Datei ist leer.", "file")
    if len(content) > LARGEST:
        raise Refusal("file-too-large", "Die Datei ist größer als 20 MB.", "file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _judge_entries(archive)
            parts = {
                info.filename: _read(archive, info)
                for info in archive.infolist()
                if _XML_ENTRY.search(info.filename)
            }
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as problem:
        raise _refused("word-unreadable", "Die Datei ist kein Word-Dokument (.docx).") from problem
    except zlib.error as problem:
        raise _refused("word-unreadable", "Die Datei ist beschädigt.") from problem
    _judge_parts(parts)
    return parts


def _refused(code: str, message: str) -> Refusal:
    return Refusal(code, message, "file", "ein in Word oder LibreOffice gespeichertes .docx")


def _judge_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > _MOST_ENTRIES or len(set(names)) != len(names):
        raise _refused("word-hostile", "Die Datei hat zu viele oder doppelte Teile.")
    if missing := [name for name in _NEEDED if name not in names]:
        raise _refused("word-unreadable", f"Der Datei fehlt der Teil {missing[0]}.")
    for entry in entries:
        name = entry.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
            raise _refused("word-hostile", f"Der Teil „{name[:80]}“ hat einen unzulässigen Namen.")
        if _ACTIVE.search(f"/{name}".lower()):
            raise _refused(
                "word-active-content",
                f"Das Dokument enthält Makros oder eingebettete Objekte ({name[:80]}). Bitte ohne "
                "sie als .docx speichern.",
            )
        ratio = entry.file_size / max(entry.compress_size, 1)
        is_bomb = entry.file_size > _RATIO_MATTERS_FROM and ratio > _HIGHEST_RATIO
        if entry.flag_bits & 1 or entry.file_size > _LARGEST_ENTRY or is_bomb:
            raise _refused(
                "word-hostile", f"Der Teil „{name[:80]}“ ist verschlüsselt oder zu groß."
            )
    if sum(entry.file_size for entry in entries) > _LARGEST_TOTAL:
        raise _refused("word-hostile", "Ausgepackt ist die Datei zu groß.")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as source:
        found = source.read(_LARGEST_ENTRY + 1)
    if len(found) > _LARGEST_ENTRY:
        raise _refused("word-hostile", f"Der Teil „{entry.filename[:80]}“ ist zu groß.")
    return found


def _judge_parts(parts: dict[str, bytes]) -> None:
    for name, content in parts.items():
        # In UTF-16 the words would not be found: office programs write UTF-8.
        if content[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
            raise _refused("word-hostile", f"Der Teil „{name[:80]}“ ist nicht in UTF-8.")
        if _DTD.search(content):
            raise _refused("word-hostile", f"Der Teil „{name[:80]}“ enthält eine DTD.")
        if name.endswith(".rels"):
            _judge_relations(name, content)
    if b"macroEnabled" in parts["[Content_Types].xml"]:
        raise _refused("word-active-content", "Das Dokument ist für Makros eingerichtet (.docm).")


def _judge_relations(name: str, content: bytes) -> None:
    root = _xml(name, content)
    for relation in root:
        target, kind = relation.get("Target", ""), relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode") != "External":
            continue
        if kind != "hyperlink" or not _LINK.match(target):
            raise _refused(
                "word-external-reference",
                f"Das Dokument verweist auf eine fremde Datei oder Vorlage ({target[:80]}). Bitte "
                "die Verknüpfung lösen; erlaubt sind Links auf https und E-Mail-Adressen.",
            )


def _part(parts: dict[str, bytes], name: str) -> Element | None:
    return _xml(name, parts[name]) if name in parts else None


def _xml(name: str, content: bytes) -> Element:
    try:
        return parsed(content)
    except etree.XMLSyntaxError as problem:
        raise _refused("word-unreadable", f"Der Teil „{name[:80]}“ ist beschädigt.") from problem
