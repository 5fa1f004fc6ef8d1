"""The print set: the frozen text as it is printed and signed, each sheet with its mark.

It is made before anything is locked: that takes seconds, a decision must not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agreements import clock, course, drafting, journal, signing_set
from agreements.documents.signatures.limits import Unacceptable
from agreements.documents.signatures.stamping import stamp
from agreements.documents.store import DocumentStore
from agreements.dossier.jobs import Purpose
from agreements.errors import Conflict, StepFailure
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.base import Json
from agreements.model.cases import Case, Stage
from agreements.model.enums import StageState, VersionKind
from agreements.model.records import Document
from agreements.people import Actor

PDF: Final = "application/pdf"

# Makes a PDF of a .docx; slow, and possibly not installed.
Converter = Callable[[bytes], bytes]


def make_print_set(
    session: Session, actor: Actor, case: Case, store: DocumentStore, to_pdf: Converter
) -> Document:
    """The print set of the frozen text, made now if it is not there yet.

    Refused while anything stands against signing today. The case is not locked yet.
    """
    against = signing_set.objections(session, case, clock.today())
    if against:
        raise Conflict(
            "signing-not-possible", " ".join(objection.sentence for objection in against)
        )
    frozen = _to_sign(session, case)
    assert frozen.text_hash is not None, "the frozen text has a hash"
    found = signing_set.print_set_of(session, case, frozen.text_hash)
    if found is not None:
        return found
    try:
        made = stamp(to_pdf(store.read(frozen.content_hash)), case.reference, frozen.text_hash)
    except (Unacceptable, StepFailure) as refusal:
        raise Conflict("print-set-failed", refusal.message) from refusal
    return _file_print_set(session, actor, case, frozen, made.content, made.pages, store)


def required_print_set(session: Session, case: Case) -> Document:
    """The print set of the frozen text; refuses if there is none yet."""
    text_hash = drafting.frozen_hash(session, case.id, VersionKind.AGREEMENT)
    found = signing_set.print_set_of(session, case, text_hash) if text_hash else None
    if found is None:
        raise Conflict(
            "no-print-set",
            "Von der festgeschriebenen Textfassung gibt es noch kein Druckexemplar. Bitte zuerst "
            "eines erstellen und dieses unterschreiben lassen.",
        )
    return found


def _to_sign(session: Session, case: Case) -> Document:
    """The file of the frozen text: the one with pages for signatures, if it has been written."""
    text_hash = drafting.frozen_hash(session, case.id, VersionKind.AGREEMENT)
    with_pages = Document.purpose == Purpose.SIGNING_SET.value
    found = session.scalar(
        select(Document)
        .where(
            Document.case_id == case.id,
            Document.text_hash == text_hash,
            or_(with_pages, Document.purpose == Purpose.FROZEN_AGREEMENT.value),
        )
        .order_by(with_pages.desc(), Document.id.desc())
        .limit(1)
    )
    if found is None:
        raise Conflict(
            "frozen-file-missing",
            "Die Datei der festgeschriebenen Textfassung ist noch nicht erstellt. Bitte warten, "
            "bis die Automatik sie geschrieben hat.",
        )
    return found


def _file_print_set(
    session: Session,
    actor: Actor,
    case: Case,
    frozen: Document,
    content: bytes,
    pages: int,
    store: DocumentStore,
) -> Document:
    content_hash = store.put(content)
    case = course.locked_case(session, case.id)
    stage = due_stage(session, case)
    # Somebody may have been as fast.
    found = signing_set.print_set_of(session, case, frozen.text_hash)
    if found is not None:
        return found
    number = highest_number(session, stage, Purpose.PRINT_SET, None) + 1
    document = Document(
        id=new_id(),
        case_id=case.id,
        stage_id=stage.id,
        body_id=None,
        number=number,
        media_type=PDF,
        purpose=Purpose.PRINT_SET.value,
        title="Druckexemplar zur Unterzeichnung",
        file_name=f"Druckexemplar {case.reference}.pdf",
        content_hash=content_hash,
        size=len(content),
        template="print_set",
        template_hash="",
        data_hash=frozen.content_hash,
        text_hash=frozen.text_hash,
        dated_on=clock.today(),
        written_at=clock.now(),
    )
    session.add(document)
    session.flush()
    data: Json = {
        "text_hash": frozen.text_hash,
        "content_hash": content_hash,
        "pages": pages,
        "document_id": str(document.id),
    }
    journal.append(session, case, Event.PRINT_SET_MADE, actor, legal_date=clock.today(), data=data)
    return document


def due_stage(session: Session, case: Case) -> Stage:
    """The stage of signing; refuses while it is not its turn."""
    stage = signing_set.signing_stage(session, case)
    if stage is None or stage.state not in (StageState.READY, StageState.OPEN, StageState.DONE):
        raise Conflict("signing-not-due", "Die Unterzeichnung steht noch nicht an.")
    return stage


def highest_number(session: Session, stage: Stage, purpose: Purpose, body_id: UUID | None) -> int:
    """The highest number that a document of this purpose has there; 0: there is none."""
    numbers = session.scalars(
        select(Document.number).where(
            Document.stage_id == stage.id,
            Document.purpose == purpose.value,
            Document.body_id.is_not_distinct_from(body_id),
        )
    )
    return max(numbers, default=0)
