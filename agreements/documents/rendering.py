"""A template and its data become a document: strictly, safely, and always the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part, XmlPart
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import Environment
from lxml import etree
from pydantic import BaseModel, ValidationError

from agreements.documents import failures
from agreements.documents.content import canonical_json
from agreements.documents.data import DocumentData
from agreements.documents.sandbox import Sandbox, context_of, keeping, sandbox
from agreements.errors import StepFailure
from agreements.settings import get_settings

if TYPE_CHECKING:
    from agreements.documents.template import Template

LANGUAGE: Final = "de-DE"
_BALLAST: Final = ("/stylesWithEffects", "/metadata/thumbnail")
# The earliest moment that a zip entry can carry; a real one would change the bytes each time.
_ZIP_EPOCH: Final = b"\0\0\x21\0"


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """A document with what it was made from."""

    content: bytes
    template_id: str
    template_hash: str
    data_hash: str


class _Document(DocxTemplate):  # type: ignore[misc]  # docxtpl ships no types
    """docxtpl, but a failing tag says in which part and paragraph it stands."""

    def __init__(self, source: bytes, file_name: str, model: type[BaseModel] | None) -> None:
        super().__init__(io.BytesIO(source))
        self._file_name, self._model = file_name, model

    def render_xml_part(
        self,
        src_xml: str,
        part: Part,
        context: dict[str, object],
        jinja_env: Sandbox | None = None,
    ) -> str:
        try:
            return str(super().render_xml_part(src_xml, part, context, jinja_env))
        except Exception as problem:
            raise self._explained(problem, src_xml, part) from problem

    def _explained(self, problem: Exception, source: str, part: Part) -> Exception:
        if isinstance(problem, MemoryError):
            return problem
        # Also a filter's TypeError: whatever a tag causes is mended in the template or data.
        place = failures.locate(problem, source, str(part.partname), self._file_name)
        return failures.explained(problem, place, self._model)

    def fix_tables(self, xml: str) -> etree._Element:
        """As docxtpl, but what is no longer XML fails instead of losing text without a word."""
        etree.fromstring(xml)
        fixed: etree._Element = super().fix_tables(xml)
        return fixed

    def render_footnotes(
        self, context: dict[str, object], jinja_env: Sandbox | None = None
    ) -> None:
        """Footnotes and endnotes, each once: docxtpl fills them once for each section."""
        for part in self.docx.part.package.iter_parts():
            if part.content_type.endswith((".footnotes+xml", ".endnotes+xml")):
                source = self.patch_xml(self.get_part_xml(part))
                filled = self.render_xml_part(source, part, context, jinja_env)
                part._blob = filled.encode()

    def render_properties(
        self, context: dict[str, object], jinja_env: Sandbox | None = None
    ) -> None:
        """Tags in the properties; title, subject, author and language come from the data."""
        plain = (jinja_env or sandbox(autoescape=False)).overlay(autoescape=False)
        for part in self.docx.part.package.iter_parts():
            if str(part.partname).startswith("/docProps/") and b"{" in part.blob:
                self._fill_properties(part, context, plain)

    def _fill_properties(
        self, part: Part, context: dict[str, object], environment: Environment
    ) -> None:
        root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
        for leaf in root.iter(etree.Element):
            if leaf.text and "{" in leaf.text:
                try:
                    leaf.text = environment.from_string(leaf.text).render(context)
                except Exception as problem:
                    raise self._explained(problem, leaf.text, part) from problem
        if not isinstance(part, XmlPart):
            part._blob = etree.tostring(root, encoding="UTF-8", standalone=True)


def render(
    template: Template,
    data: DocumentData,
    templates_dir: Path | None = None,
    source: bytes | None = None,
) -> bytes:
    """The document as .docx. Same template file and same data give the same bytes.

    source: the template's file, if it is not the one in the folder.
    Raises StepFailure with file, part and paragraph when a tag cannot be filled.
    """
    if source is None:
        source = shipped(template, templates_dir)
    return fill(
        source,
        template.file_name,
        template.model,
        context_of(data),
        keeping(autoescape=True),
        data,
    )


def fill(
    source: bytes,
    file_name: str,
    model: type[BaseModel] | None,
    context: dict[str, object],
    environment: Sandbox,
    data: DocumentData | None = None,
) -> bytes:
    """A template's file filled in an environment; ``data`` also goes into the properties."""
    document = _open(source, file_name, model)
    try:
        document.render(context, jinja_env=environment)
    except SyntaxError as problem:  # lxml's XMLSyntaxError is one
        raise StepFailure(
            f"Die Vorlage „{file_name}“ ergibt kein gültiges Dokument: Ein Platzhalter "
            "zerschneidet den Aufbau, meist ein {%p …%} oder {%tr …%} ohne sein Gegenstück im "
            f"selben Absatz- oder Zeilenrang ({problem})."
        ) from problem
    if data is not None:
        _describe(document, data)
    _drop_ballast(document)
    raw = io.BytesIO()
    document.save(raw)
    return stable_zip(raw.getvalue())


def render_job(
    template_id: str, templates_dir: str, data: dict[str, object], source: bytes | None = None
) -> RenderedDocument:
    """Render in a process of a pool: ``data`` is the JSON form of the template's model.

    source: the template's file, if a released version takes the place of the shipped one.
    """
    from agreements.documents.registry import template_by_id

    template = template_by_id(template_id)
    try:
        typed = template.model.model_validate(data)
    except ValidationError as problem:
        raise failures.invalid_data(template.title, problem) from None
    source = shipped(template, Path(templates_dir)) if source is None else source
    return RenderedDocument(
        content=render(template, typed, source=source),
        template_id=template_id,
        template_hash=hashlib.sha256(source).hexdigest(),
        data_hash=data_hash(typed),
    )


def data_hash(data: BaseModel) -> str:
    """The SHA-256 of the canonical JSON of the data that a document was made from."""
    return hashlib.sha256(canonical_json(data.model_dump(mode="json"))).hexdigest()


def warm_up() -> None:
    """Load everything that rendering needs, so that the first real document is quick."""
    from agreements.documents.registry import template_by_id

    template = template_by_id("matrix")
    # A broken template fails the step that needs it, never the start of the process.
    with suppress(StepFailure):
        render(template, template.example())


def shipped(template: Template, templates_dir: Path | None = None) -> bytes:
    """The file of the template in the folder of templates."""
    return _source((templates_dir or get_settings().templates_dir) / template.file_name)


def _source(path: Path) -> bytes:
    """The template file's bytes, read again as soon as the file has changed."""
    try:
        state = path.stat()
    except FileNotFoundError:
        raise StepFailure(
            f"Die Vorlage „{path.name}“ fehlt im Ordner {path.parent}. Legen Sie sie dort ab."
        ) from None
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, mtime_ns: int, size: int) -> bytes:
    return path.read_bytes()


def _open(source: bytes, file_name: str, model: type[BaseModel] | None) -> _Document:
    try:
        document = _Document(source, file_name, model)
        document.init_docx()
        _find_properties(document)
    except (zipfile.BadZipFile, KeyError, ValueError) as problem:
        raise StepFailure(
            f"Die Vorlage „{file_name}“ ist keine lesbare Word-Datei (.docx): {problem}."
        ) from problem
    return document


def _find_properties(document: _Document) -> None:
    """LibreOffice names the relationship otherwise; python-docx would add a second part."""
    for relation in document.docx.part.package.rels.values():
        if relation.reltype.lower().endswith("/core-properties"):
            relation._reltype = RELATIONSHIP_TYPE.CORE_PROPERTIES


def _describe(document: _Document, data: DocumentData) -> None:
    made = datetime.combine(data.dated_on, time.min, UTC)
    properties = document.docx.core_properties
    properties.title = data.document_title[:255]
    properties.subject = data.file_reference[:255]
    properties.author = properties.last_modified_by = data.author[:255]
    properties.created = properties.modified = properties.last_printed = made
    properties.language = LANGUAGE
    properties.revision = 1


def _drop_ballast(document: _Document) -> None:
    """Leave out what shows nothing and takes most of the packing.

    A second set of styles for Word 2010, ten times the size of the document, and a preview picture
    that shows the empty template.
    """
    package = document.docx.part.package
    for relations in (document.docx.part.rels, package.rels):
        for key in [k for k, rel in relations.items() if rel.reltype.endswith(_BALLAST)]:
            del relations[key]


def stable_zip(raw: bytes) -> bytes:
    """The same archive without the time of its making; what is packed stays as it is packed."""
    stable = bytearray(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        entries, at = package.infolist(), package.start_dir
    for entry in entries:
        local = entry.header_offset
        stable[local + 10 : local + 14] = stable[at + 12 : at + 16] = _ZIP_EPOCH
        stable[at + 5] = 0  # the system on which it was made
        at += 46 + len(entry.filename.encode()) + len(entry.extra) + len(entry.comment)
    return bytes(stable)
