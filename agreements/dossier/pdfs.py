"""Each document also as PDF: made after it was written, never while anybody waits to decide.

Level-triggered: whatever has no PDF yet is due, until it has failed too often; whoever asks for
one that is not there yet gets it made at once. A machine without LibreOffice makes none, and
nothing else is the worse for it. What people upload stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from agreements.database.engine import transaction
from agreements.documents.pdf import ConversionFailed, Converter, missing
from agreements.documents.store import DocumentCorrupted, DocumentMissing, DocumentStore
from agreements.documents.template import DOCX
from agreements.errors import Conflict, StepFailure
from agreements.extracts import UPLOAD
from agreements.model.records import Document

PDF: Final = "application/pdf"
MOST_FAILURES: Final = 3
# How long somebody who asks waits for a free process.
PATIENCE_SECONDS: Final = 20.0
_LONGEST_PROBLEM: Final = 500


class NoPdf(Conflict):
    """Of this document there is no PDF, and none is made."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.args = (code, message)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document as far as its PDF is concerned."""

    id: UUID
    file_name: str
    media_type: str
    template: str
    content_hash: str
    pdf_hash: str | None

    @classmethod
    def of(cls, document: Document) -> Wanted:
        """That of a row."""
        return cls(
            document.id, document.file_name, document.media_type, document.template,
            document.content_hash, document.pdf_hash,
        )  # fmt: skip

    @property
    def convertible(self) -> bool:
        """Whether we make a PDF of it: only of what we have written ourselves."""
        return self.media_type == DOCX and self.template != UPLOAD

    @property
    def pdf_name(self) -> str:
        """The PDF's file name."""
        return f"{self.file_name.rpartition('.')[0] or self.file_name}.pdf"


def due(session: Session, limit: int = 20) -> list[Wanted]:
    """Documents that have no PDF yet, the oldest first."""
    rows = session.scalars(
        select(Document)
        .where(
            Document.pdf_hash.is_(None),
            Document.media_type == DOCX,
            Document.template != UPLOAD,
            Document.pdf_failures < MOST_FAILURES,
        )
        .order_by(Document.pdf_failures, Document.id)
        .limit(limit)
    )
    return [Wanted.of(document) for document in rows]


def make_due(
    sessions: sessionmaker[Session], store: DocumentStore, converter: Converter, limit: int = 20
) -> int:
    """Make PDFs that are due, one after the other; how many there are now that were not before.

    Each in a transaction of its own, and none open during the conversion.
    """
    if missing() is not None:
        return 0
    with transaction(sessions) as session:
        wanted = due(session, limit)
    made = 0
    for document in wanted:
        try:
            make(sessions, store, converter, document)
        except (StepFailure, DocumentMissing):
            continue  # noted at the document; the next one may be fine
        made += 1
    return made


def make(
    sessions: sessionmaker[Session],
    store: DocumentStore,
    converter: Converter,
    wanted: Wanted,
    patience: float | None = None,
) -> bytes:
    """Make the PDF of a document, keep it and note it; a failure is noted and raised again."""
    try:
        content = converter.convert(store.read(wanted.content_hash), patience)
    except (ConversionFailed, DocumentCorrupted, DocumentMissing) as problem:
        with transaction(sessions) as session:
            _note_failure(session, wanted.id, str(problem))
        raise
    pdf_hash = store.put(content)
    with transaction(sessions) as session:
        _note(session, wanted, pdf_hash, len(content))
    return content


def pdf_of(
    sessions: sessionmaker[Session], store: DocumentStore, converter: Converter, wanted: Wanted
) -> tuple[bytes, str]:
    """The PDF of a document and its hash: the kept one, or one that is made now.

    Raises PdfNotAvailable, PdfBusy or NoPdf, each with what to do instead.
    """
    if wanted.media_type == PDF:
        return store.read(wanted.content_hash), wanted.content_hash
    if not wanted.convertible:
        raise NoPdf(
            "no-pdf",
            "Von hochgeladenen Dateien wird keine PDF-Fassung erzeugt. Bitte die Datei selbst "
            "herunterladen oder als PDF hochladen.",
        )
    if wanted.pdf_hash is not None:
        try:
            return store.read(wanted.pdf_hash), wanted.pdf_hash
        except (DocumentMissing, DocumentCorrupted):
            pass  # made again below: the .docx is the original
    try:
        content = make(sessions, store, converter, wanted, PATIENCE_SECONDS)
    except ConversionFailed as problem:
        raise NoPdf(
            "pdf-failed", f"{problem} Das Word-Dokument lässt sich weiterhin herunterladen."
        ) from problem
    return content, store.put(content)


def _note(session: Session, wanted: Wanted, pdf_hash: str, size: int) -> None:
    session.execute(
        update(Document)
        .where(Document.id == wanted.id)
        .values(pdf_hash=pdf_hash, pdf_size=size, pdf_problem=None, pdf_failures=0)
    )


def _note_failure(session: Session, document_id: UUID, problem: str) -> None:
    session.execute(
        update(Document)
        .where(Document.id == document_id)
        .values(pdf_problem=problem[:_LONGEST_PROBLEM], pdf_failures=Document.pdf_failures + 1)
    )
