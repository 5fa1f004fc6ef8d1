"""Filing: the file goes into the store first, then the row that points to it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from agreements import clock, course, journal
from agreements.documents.data import DocumentData, TextMark
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import RenderedDocument
from agreements.documents.store import DocumentStore
from agreements.documents.template import DOCX
from agreements.dossier.jobs import DocumentJob
from agreements.errors import NotFound
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.cases import Case, Stage
from agreements.model.records import Document
from agreements.people import Actor
from agreements.settings import get_settings


def file(
    session: Session,
    job: DocumentJob,
    data: DocumentData,
    rendered: RenderedDocument,
    store: DocumentStore | None = None,
) -> None:
    """Keep a document; if the same one is there already, nothing happens.

    A file without a row is only litter, a row without a file would be a loss: hence the order.
    """
    content_hash = (store or _store()).put(rendered.content)
    stage = session.get_one(Stage, job.stage_id)
    case = course.locked_case(session, stage.case_id)
    filed = session.execute(
        insert(Document)
        .values(**_columns(case, job, data, rendered, content_hash))
        .on_conflict_do_nothing()
        .returning(Document.id)
    ).first()
    if filed is not None:
        _leave_trace(session, None, case, stage, job, data, rendered, content_hash)


def file_ordered(
    session: Session,
    actor: Actor,
    job: DocumentJob,
    data: DocumentData,
    rendered: RenderedDocument,
    store: DocumentStore | None = None,
) -> Document:
    """Keep a document that somebody has asked for, under the next number; earlier ones stay."""
    content_hash = (store or _store()).put(rendered.content)
    stage = session.get_one(Stage, job.stage_id)
    case = course.locked_case(session, stage.case_id)
    number = _next(session, case, job)
    columns = _columns(case, job, data, rendered, content_hash)
    if number > 1:
        # Side by side in one folder, the earlier one must not be overwritten.
        stem = str(columns["file_name"]).removesuffix(".docx")
        columns["file_name"] = f"{stem} ({number}).docx"
    document = Document(**columns, number=number)
    session.add(document)
    session.flush()
    _leave_trace(session, actor, case, stage, job, data, rendered, content_hash)
    return document


def _next(session: Session, case: Case, job: DocumentJob) -> int:
    """Counts through the whole case: a stage that is repeated begins no new count."""
    latest = session.scalar(
        select(func.max(Document.number)).where(
            Document.case_id == case.id,
            Document.purpose == job.purpose.value,
            Document.body_id.is_not_distinct_from(job.body_id),
            Document.subject_id.is_not_distinct_from(job.subject_id),
        )
    )
    return (latest or 0) + 1


def _columns(
    case: Case,
    job: DocumentJob,
    data: DocumentData,
    rendered: RenderedDocument,
    content_hash: str,
) -> dict[str, object]:
    text = getattr(data, "text", None)
    return {
        "id": new_id(),
        "case_id": case.id,
        "stage_id": job.stage_id,
        "body_id": job.body_id,
        "subject_id": job.subject_id,
        "confidential": job.confidential or data.confidential,
        "media_type": DOCX,
        "purpose": job.purpose.value,
        "title": job.title,
        "file_name": template_by_id(job.template_id).output_name(data),
        "content_hash": content_hash,
        "size": len(rendered.content),
        "template": rendered.template_id,
        "template_hash": rendered.template_hash,
        "data_hash": rendered.data_hash,
        "text_hash": text.digest if isinstance(text, TextMark) else None,
        "dated_on": data.dated_on,
        "written_at": clock.now(),
    }


def _leave_trace(
    session: Session,
    actor: Actor | None,
    case: Case,
    stage: Stage,
    job: DocumentJob,
    data: DocumentData,
    rendered: RenderedDocument,
    content_hash: str,
) -> None:
    journal.append(
        session,
        case,
        Event.DOCUMENT_WRITTEN,
        actor,
        legal_date=data.dated_on,
        body_id=job.body_id,
        confidential=job.confidential or data.confidential,
        data={
            "purpose": job.purpose.value,
            "stage": stage.key,
            "content_hash": content_hash,
            "template_hash": rendered.template_hash,
            "data_hash": rendered.data_hash,
        },
    )


def documents_of(session: Session, case_id: UUID) -> list[Document]:
    """The documents of a case, oldest first."""
    return list(
        session.scalars(select(Document).where(Document.case_id == case_id).order_by(Document.id))
    )


def read_document(
    session: Session, document_id: UUID, store: DocumentStore | None = None
) -> tuple[Document, bytes]:
    """A document and its file, checked against its hash."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound("document-unknown", "Dieses Dokument gibt es nicht.")
    return document, (store or _store()).read(document.content_hash)


def _store() -> DocumentStore:
    return DocumentStore(get_settings().documents)
