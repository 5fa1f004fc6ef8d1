"""What a changed template would change in running cases: both files filled with the same data.

The data of a stored document are built again from the case as it stands now, for both files: so
every difference comes from the template. What cannot be built again is named, not guessed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final, Protocol

from lxml import etree
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from agreements import access, dossier, template_versions
from agreements.documents.failures import part_label
from agreements.documents.inspection.findings import Finding
from agreements.documents.inspection.trial import of_failure
from agreements.documents.rendering import RenderedDocument
from agreements.documents.store import DocumentStore
from agreements.dossier.jobs import DocumentJob, Purpose
from agreements.errors import NotFound, Refusal, StepFailure
from agreements.model.cases import Case, Party
from agreements.model.enums import CaseState, PartyRole
from agreements.model.records import Document
from agreements.model.templates import TemplateVersion
from agreements.people import Actor
from agreements.template_versions import Scope

MOST_DOCUMENTS: Final = 25
MOST_CHANGES: Final = 50
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_READ: Final = re.compile(r"word/(document|header|footer|footnotes|endnotes)\d*\.xml")


class Render(Protocol):
    """How a document is made: ``RenderPool.render_now``."""

    def __call__(
        self, template_id: str, data: dict[str, object], source: bytes | None = None
    ) -> RenderedDocument:
        """The document from the JSON form of its data."""


@dataclass(frozen=True, slots=True)
class ChangedParagraph:
    """One place: what stands there now and what would stand there; empty: nothing."""

    part: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One document of a running case. problem: why it could not be compared, or what fails."""

    document: Document
    reference: str
    changes: tuple[ChangedParagraph, ...]
    more: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """All that were compared. left_out: further documents that were not looked at."""

    compared: list[Compared]
    left_out: int


def preview(
    session: Session, actor: Actor, version: TemplateVersion, render: Render, store: DocumentStore
) -> Preview:
    """The documents that the actor may read and the version would write from now on."""
    scope = Scope(version.template, version.body_id)
    content = store.read(version.content_hash)
    compared: list[Compared] = []
    left_out = 0
    for document, case in _written(session, scope):
        try:
            access.visible_document(session, actor, document.id)
        except NotFound:
            continue
        if len(compared) == MOST_DOCUMENTS:
            left_out += 1
            continue
        compared.append(_compared(session, document, case, content, render, store))
    return Preview(compared, left_out)


def trial(session: Session, scope: Scope, render: Render) -> Callable[[bytes], list[Finding]]:
    """Fills a file with the data of stored cases; what fails there stands against it."""

    def tried(content: bytes) -> list[Finding]:
        documents = [document for document, _ in _written(session, scope)][:MOST_DOCUMENTS]
        found = [_failing(session, document, content, render) for document in documents]
        return list(dict.fromkeys(finding for finding in found if finding is not None))

    return tried


def _failing(
    session: Session, document: Document, content: bytes, render: Render
) -> Finding | None:
    data = _data(session, document)
    if isinstance(data, str):
        return None
    try:
        render(document.template, data, content)
    except StepFailure as failure:
        # Without the failure's own words: they may quote what only others may read.
        return replace(
            of_failure(failure),
            code="fails-in-case",
            message="Mit den Angaben eines laufenden Vorgangs lässt sich die Vorlage hier nicht "
            "ausfüllen. Fragen Sie mit {% if … %} ab, ob der Wert vorhanden ist.",
        )
    return None


def _written(session: Session, scope: Scope) -> Iterator[tuple[Document, Case]]:
    """The latest documents of running cases that the scope concerns, newest first."""
    query = (
        select(Document, Case)
        .join(Case, Case.id == Document.case_id)
        .where(Document.template == scope.template, Case.state == CaseState.RUNNING)
        .order_by(Document.id.desc())
    )
    if scope.body_id is not None:
        leads = exists().where(
            Party.case_id == Case.id,
            Party.body_id == scope.body_id,
            Party.roles.contains([PartyRole.LEAD]),
        )
        own = Document.body_id == scope.body_id
        query = query.where(or_(own, Document.body_id.is_(None) & leads))
    seen: set[object] = set()
    for document, case in session.execute(query):
        key = (case.id, document.purpose, document.body_id, document.subject_id)
        if key not in seen:
            seen.add(key)
            yield document, case


def _job(document: Document) -> DocumentJob:
    return DocumentJob(
        document.stage_id,
        Purpose(document.purpose),
        document.body_id,
        document.title,
        document.template,
        document.subject_id,
        document.confidential,
    )


def _data(session: Session, document: Document) -> dict[str, object] | str:
    """The data of a stored document, built again; or why that is not possible."""
    try:
        return dossier.data_for(session, _job(document)).model_dump(mode="json")
    except (StepFailure, Refusal) as problem:
        return problem.message
    except (KeyError, ValueError):
        return "Die Angaben zu diesem Dokument lassen sich nicht noch einmal zusammenstellen."


def _compared(
    session: Session,
    document: Document,
    case: Case,
    content: bytes,
    render: Render,
    store: DocumentStore,
) -> Compared:
    data = _data(session, document)
    if isinstance(data, str):
        return Compared(document, case.reference, (), 0, data)
    try:
        now = template_versions.source_for(session, _job(document), store)
        old = render(document.template, data, now).content
        new = render(document.template, data, content).content
    except StepFailure as failure:
        return Compared(document, case.reference, (), 0, failure.message)
    changes = differences(old, new)
    shown = tuple(changes[:MOST_CHANGES])
    return Compared(document, case.reference, shown, len(changes) - len(shown), None)


def differences(old: bytes, new: bytes) -> list[ChangedParagraph]:
    """The paragraphs in which two documents differ, part by part."""
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[ChangedParagraph] = []
    for part in dict.fromkeys((*before, *after)):
        left, right = before.get(part, []), after.get(part, [])
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                found += _side_by_side(part, left[a:b], right[c:d])
    return found


def _side_by_side(part: str, left: list[str], right: list[str]) -> Iterator[ChangedParagraph]:
    for position in range(max(len(left), len(right))):
        old = left[position] if position < len(left) else ""
        new = right[position] if position < len(right) else ""
        yield ChangedParagraph(part, old, new)


def _paragraphs(content: bytes) -> dict[str, list[str]]:
    """The paragraphs of a document that we have made ourselves, by part."""
    found: dict[str, list[str]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in sorted(package.namelist()):
            if _READ.fullmatch(name):
                root = etree.fromstring(package.read(name))
                texts = ("".join(_texts(node)) for node in root.iter(f"{_W}p"))
                part = found.setdefault(part_label(name), [])
                part += [text for text in texts if text.strip()]
    return found


def _texts(paragraph: etree._Element) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}tab"):
        yield "\t" if node.tag == f"{_W}tab" else node.text or ""
