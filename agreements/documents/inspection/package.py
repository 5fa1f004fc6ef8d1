"""A Word file as a package: what it consists of, what belongs to what, what must not be there."""

from __future__ import annotations

import posixpath
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from agreements.documents.inspection import archive, limits
from agreements.documents.inspection.findings import Finding, Refused, of_package
from agreements.documents.inspection.kinds import not_a_zip
from agreements.documents.inspection.outside import is_allowed_link
from agreements.documents.inspection.xml_reading import Silent, listen

_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
TYPES: Final = "[Content_Types].xml"
_SAVE: Final = "Speichern Sie das Dokument in Word neu als „Word-Dokument (*.docx)“."
# What Word notes of the printer, as Windows keeps it; no program reads anything else from it.
_PRINTER: Final = "wordprocessingml.printerSettings"
_XML_ENDINGS: Final = (".xml", ".rels", ".vml", ".svg")

# What stands in a name or a content type -> code and sentence.
_FORBIDDEN: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (
        re.compile(r"macroenabled|vbaproject|vbadata|ms-word\.keymap|attachedtoolbars", re.I),
        "macros",
        "Die Datei enthält Makros. Speichern Sie sie ohne Makros als „Word-Dokument (*.docx)“.",
    ),
    (
        re.compile(r"activex", re.I),
        "active-content",
        "Die Datei enthält ActiveX-Steuerelemente. Löschen Sie sie im Dokument.",
    ),
    (
        re.compile(
            r"oleobject|(^|/)embeddings/|afchunk|altchunk|(^|/)package\.|"
            r"officedocument\.spreadsheetml\.sheet$|ms-excel|ms-powerpoint",
            re.I,
        ),
        "embedded-object",
        "In die Datei ist ein anderes Dokument oder Objekt eingebettet. Löschen Sie es, oder fügen "
        "Sie seinen Inhalt als Text oder Bild ein.",
    ),
    (
        re.compile(r"webextension|taskpanes", re.I),
        "active-content",
        "Die Datei enthält ein Office-Add-In. Entfernen Sie es im Dokument.",
    ),
    (
        re.compile(r"digital-signature|(^|/)_xmlsignatures/", re.I),
        "signed-package",
        "Die Datei ist digital signiert; beim Ausfüllen würde die Signatur ungültig. Entfernen Sie "
        "die Signatur (Datei, Informationen, Signaturen anzeigen).",
    ),
)
_SENTENCES: Final = {code: sentence for _, code, sentence in reversed(_FORBIDDEN)}
_FORBIDDEN_RELATIONS: Final[dict[str, str]] = {
    "vbaproject": "macros",
    "wordvbadata": "macros",
    "keymapcustomizations": "macros",
    "attachedtoolbars": "macros",
    "control": "active-content",
    "activexcontrolbinary": "active-content",
    "webextension": "active-content",
    "taskpanes": "active-content",
    "webextensiontaskpanes": "active-content",
    "oleobject": "embedded-object",
    "package": "embedded-object",
    "afchunk": "embedded-object",
    "subdocument": "external-relationship",
    "attachedtemplate": "external-relationship",
    "frame": "external-relationship",
    "mailmergesource": "external-relationship",
    "mailmergeheadersource": "external-relationship",
    "recipientdata": "external-relationship",
    "externallink": "external-relationship",
    "transform": "external-relationship",
    "origin": "signed-package",
    "signature": "signed-package",
}
_IMAGES: Final[dict[str, tuple[bytes, ...]]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".jpe": (b"\xff\xd8\xff",),
    ".jfif": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".bmp": (b"BM",),
    ".tif": (b"II*\0", b"MM\0*"),
    ".tiff": (b"II*\0", b"MM\0*"),
    ".emf": (b"\x01\0\0\0",),
    ".wmf": (b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0", b"\x02\0\x09\0"),
    ".wdp": (b"II\xbc",),
    # An embedded font is obfuscated: it has no beginning of its own.
    ".odttf": (b"",),
}


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(slots=True)
class Package:
    """A judged package; ``xml`` has the content of every XML part by its name."""

    names: frozenset[str]
    xml: dict[str, bytes]
    overrides: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    relations: dict[str, list[Relation]] = field(default_factory=dict)
    main: str = ""

    def type_of(self, name: str) -> str:
        """The content type of a part; empty if none is declared."""
        found = self.overrides.get(name.lower())
        return found or self.defaults.get(name.rpartition(".")[2].lower(), "")


def open_package(content: bytes) -> Package:
    """The package with all XML parts read and harmless; raises ``Refused`` at the first offence."""
    refusal = not_a_zip(content)
    if refusal is not None:
        raise Refused(refusal)
    entries = archive.entries_of(content)
    _judge_ingredients(entry.name for entry in entries)
    package = Package(frozenset(entry.name for entry in entries), {})
    if TYPES not in package.names:
        raise Refused(_other_archive(package.names))
    for entry in sorted(entries, key=lambda entry: entry.name != TYPES):
        _take(package, entry, content)
    _read_relations(package)
    _find_main(package)
    return package


def _take(package: Package, entry: archive.Entry, content: bytes) -> None:
    if entry.name.endswith("/"):
        if entry.size:
            raise _refused("path-trick", entry.name, entry.name, f"Ein Ordner hat Inhalt. {_SAVE}")
        return
    data = archive.read(content, entry)
    if entry.name == TYPES:
        _read_types(package, data)
    elif not _is_xml(package, entry.name):
        if not package.type_of(entry.name).endswith(_PRINTER):
            _judge_binary(entry.name, data)
        return
    kept = sum(map(len, package.xml.values())) + len(data)
    if len(data) > limits.XML_BYTES or kept > limits.ALL_XML_BYTES:
        raise _refused(
            "zip-entry-too-large",
            entry.name,
            f"{len(data)} Bytes",
            "Der Text der Datei ist größer, als eine Vorlage sein darf. Teilen Sie das Dokument.",
        )
    package.xml[entry.name] = data


def _is_xml(package: Package, name: str) -> bool:
    return name.lower().endswith(_XML_ENDINGS) or package.type_of(name).endswith("xml")


def _judge_binary(name: str, data: bytes) -> None:
    magic = _IMAGES.get(posixpath.splitext(name)[1].lower())
    if magic is None or not data.startswith(magic):
        raise _refused(
            "foreign-file",
            name,
            name,
            "Die Datei enthält einen Bestandteil, der weder Text noch das Bild ist, als das er "
            "benannt ist. Entfernen Sie eingefügte Objekte; Bilder nur als PNG oder JPEG.",
        )
    if name.lower().endswith(".png") and len(data) >= 24:
        width, height = struct.unpack_from(">II", data, 16)
        if width * height > limits.IMAGE_PIXELS:
            raise _refused(
                "image-too-large",
                name,
                f"{width} × {height} Bildpunkte",
                "Ein Bild hat mehr Bildpunkte, als sich drucken lassen. Verkleinern Sie es.",
            )


class _Types(Silent):
    def __init__(self, package: Package) -> None:
        self._package = package

    def start(self, namespace: str, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        _judge_ingredients((kind,))
        if name == "Default":
            self._package.defaults[attributes.get("Extension", "").lower()] = kind
        elif name == "Override":
            part = attributes.get("PartName", "")
            self._package.overrides[part.removeprefix("/").lower()] = kind


def _read_types(package: Package, data: bytes) -> None:
    listen(TYPES, data, _Types(package))


class _Relations(Silent):
    def __init__(self) -> None:
        self.found: list[Relation] = []

    def start(self, namespace: str, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.found.append(
                Relation(
                    attributes.get("Id", ""),
                    attributes.get("Type", ""),
                    attributes.get("Target", ""),
                    attributes.get("TargetMode", "").strip().lower() == "external",
                )
            )


def _read_relations(package: Package) -> None:
    for entry, data in package.xml.items():
        if not entry.lower().endswith(".rels"):
            continue
        reader = _Relations()
        listen(entry, data, reader)
        source = _source_of(entry)
        package.relations[source] = reader.found
        if len({relation.id for relation in reader.found}) != len(reader.found):
            raise _refused("relationship-broken", entry, entry, f"Doppelte Beziehung. {_SAVE}")
        for relation in reader.found:
            _judge_relation(package, entry, source, relation)


def _source_of(entry: str) -> str:
    folder, name = posixpath.split(entry)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def _judge_relation(package: Package, entry: str, source: str, relation: Relation) -> None:
    kind = relation.kind.rpartition("/")[2].lower()
    hyperlink = kind == "hyperlink"
    if hyperlink and is_allowed_link(relation.target):
        return
    outside = relation.external or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\", relation.target)
    if kind in _FORBIDDEN_RELATIONS:
        code = _FORBIDDEN_RELATIONS[kind]
        raise _refused(code, entry, relation.target, _SENTENCES.get(code, _RELATION_SENTENCE))
    if outside:
        raise _refused("external-relationship", entry, relation.target, _RELATION_SENTENCE)
    if target_of(source, relation.target) not in package.names:
        raise _refused(
            "relationship-missing",
            entry,
            relation.target,
            f"Die Datei verweist auf einen Bestandteil, den es in ihr nicht gibt. {_SAVE}",
        )


_RELATION_SENTENCE: Final = (
    "Die Datei verweist auf etwas außerhalb (verknüpftes Bild, angehängte Dokumentvorlage, "
    "eingebettetes oder verknüpftes Objekt, Verweis auf eine Datei oder unverschlüsselte Adresse). "
    "Erlaubt sind nur Hyperlinks mit https:// und mailto:. Lösen Sie die Verknüpfung (Datei, "
    "Informationen, Verknüpfungen mit Dateien bearbeiten; Entwicklertools, Dokumentvorlage)."
)


def target_of(source: str, target: str) -> str:
    """The entry that an internal target means, seen from its source part."""
    path = unquote(target.partition("#")[0])
    if path.startswith("/"):
        return posixpath.normpath(path[1:])
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), path))


def _find_main(package: Package) -> None:
    roots = [r for r in package.relations.get("", []) if r.kind.endswith("/officeDocument")]
    if len(roots) != 1:
        raise Refused(_other_archive(package.names))
    package.main = target_of("", roots[0].target)
    kind = package.type_of(package.main)
    strict = roots[0].kind.startswith(_STRICT) or _STRICT.encode() in package.xml.get(
        package.main, b""
    )
    if strict:
        raise _refused(
            "wrong-document-type",
            package.main,
            "Strict Open XML",
            "Die Datei ist als „Strict Open XML-Dokument“ gespeichert. Speichern Sie sie als "
            "„Word-Dokument (*.docx)“.",
        )
    if kind != _MAIN or package.main not in package.xml:
        raise _refused(
            "wrong-document-type",
            package.main,
            kind,
            "Die Datei ist kein Word-Dokument, sondern eine Dokumentvorlage (.dotx) oder die Datei "
            f"eines anderen Programms. {_SAVE}",
        )


def _judge_ingredients(texts: Iterator[str] | tuple[str, ...]) -> None:
    for text in texts:
        for pattern, code, sentence in _FORBIDDEN:
            if pattern.search(text):
                raise _refused(code, text, text, sentence)


def _other_archive(names: frozenset[str]) -> Finding:
    if "mimetype" in names or "META-INF/manifest.xml" in names:
        return of_package(
            "wrong-document-type",
            "META-INF/manifest.xml",
            "OpenDocument",
            "Die Datei ist ein OpenDocument (.odt). Speichern Sie sie als „Word 2007–365 (.docx)“.",
        )
    return of_package(
        "package-incomplete",
        TYPES,
        "",
        f"Die Datei ist ein ZIP-Archiv, aber kein vollständiges Word-Dokument. {_SAVE}",
    )


def _refused(code: str, place: str, text: str, message: str) -> Refused:
    return Refused(of_package(code, place, text, message))
