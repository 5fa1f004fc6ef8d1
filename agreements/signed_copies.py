"""The parties' signed copies of the print set: checked, filed, confirmed.

Files are judged before anything is locked or stored: that takes seconds, a decision must not.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pikepdf
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, confirming_copies, course, drafting, extracts, journal, substitution
from agreements.documents.signatures import child
from agreements.documents.signatures.findings import (
    Expected,
    Finding,
    judge_sheets,
    refusing,
    state_of,
)
from agreements.documents.signatures.limits import Unacceptable
from agreements.documents.store import DocumentStore
from agreements.dossier.jobs import Purpose
from agreements.errors import Conflict, Refusal
from agreements.extracts import FileType
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.base import Json
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import SignedCopy
from agreements.model.enums import CopyKind, Role, VersionKind
from agreements.model.records import Document
from agreements.people import Actor
from agreements.print_set import PDF, due_stage, highest_number, required_print_set

SCANS: Final[Mapping[str, FileType]] = {
    PDF: extracts.ACCEPTED[PDF],
    "image/png": extracts.ACCEPTED["image/png"],
    "image/jpeg": extracts.ACCEPTED["image/jpeg"],
    "image/tiff": FileType("TIFF", ".tif", lambda c: c[:4] in (b"II*\x00", b"MM\x00*")),
}
_ACCEPTED: Final[Mapping[CopyKind, Mapping[str, FileType]]] = {
    CopyKind.SCAN: SCANS,
    CopyKind.ELECTRONIC: {PDF: extracts.ACCEPTED[PDF]},
}
_OFFICES: Final = (Role.SIGNATORY, Role.CLERK, Role.LEGAL)
_MOST_SENTENCES: Final = 12


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sends it for a body."""

    kind: CopyKind
    content: bytes
    media_type: str
    file_name: str


def file_copy(
    session: Session,
    actor: Actor,
    case: Case,
    body: Body,
    upload: Upload,
    store: DocumentStore,
    trust_folder: Path | None = None,
) -> SignedCopy:
    """Check and keep a signed copy of a party; a file of another text is refused, nothing kept.

    Signatories, clerks and legal staff of the body. The case is not locked yet.
    """
    actor = _require_office(session, actor, case, body)
    media = extracts.check(upload.content, upload.media_type, _ACCEPTED[upload.kind])
    print_set = required_print_set(session, case)
    checked = _check(upload, print_set, case, store, trust_folder)
    if refused := refusing(checked.findings):
        raise _not_this_text(refused)
    content_hash = store.put(upload.content)
    case = course.locked_case(session, case.id)
    stage = due_stage(session, case)
    _require_same(session, case, print_set)
    known = _same_file(session, stage, body, content_hash)
    if known is not None:
        return known
    document = _copy_document(session, case, stage, body, upload, media, content_hash, print_set)
    return _add_copy(session, actor, case, body, upload, document, checked)


@dataclass(frozen=True, slots=True)
class _Checked:
    findings: Sequence[Finding]
    signers: Sequence[Json]


def _check(
    upload: Upload,
    print_set: Document,
    case: Case,
    store: DocumentStore,
    trust_folder: Path | None,
) -> _Checked:
    printed = store.read(print_set.content_hash)
    try:
        if upload.kind is CopyKind.ELECTRONIC:
            report = child.verify(upload.content, printed, trust_folder)
            signers = [signer.model_dump(mode="json") for signer in report.signers]
            return _Checked(report.findings, signers)
        sheets = child.read_scan(upload.content, upload.media_type)
    except Unacceptable as refusal:
        raise Refusal(refusal.code, refusal.message, "file") from refusal
    assert print_set.text_hash is not None, "a print set is of a text"
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        pages = len(pdf.pages)
    return _Checked(judge_sheets(sheets, Expected(case.reference, print_set.text_hash, pages)), ())


def _not_this_text(refused: Sequence[Finding]) -> Refusal:
    sentences = [finding.sentence for finding in refused[:_MOST_SENTENCES]]
    if len(refused) > _MOST_SENTENCES:
        sentences.append(f"Dazu {len(refused) - _MOST_SENTENCES} weitere Feststellungen.")
    return Refusal(
        "copy-refused",
        "Die Datei ist keine Ausfertigung der festgeschriebenen Textfassung. "
        + " ".join(sentences),
        "file",
        ", ".join(dict.fromkeys(finding.code for finding in refused)),
    )


def _require_same(session: Session, case: Case, print_set: Document) -> None:
    """While the file was judged, the text may have been opened again."""
    if drafting.frozen_hash(session, case.id, VersionKind.AGREEMENT) != print_set.text_hash:
        raise Conflict(
            "text-changed-meanwhile",
            "Inzwischen gilt eine andere Textfassung; diese Ausfertigung gehört nicht zu ihr.",
        )


def _same_file(session: Session, stage: Stage, body: Body, content_hash: str) -> SignedCopy | None:
    return session.scalar(
        select(SignedCopy)
        .join(Document, Document.id == SignedCopy.document_id)
        .where(
            SignedCopy.stage_id == stage.id,
            SignedCopy.body_id == body.id,
            Document.content_hash == content_hash,
        )
    )


def _copy_document(
    session: Session,
    case: Case,
    stage: Stage,
    body: Body,
    upload: Upload,
    media: FileType,
    content_hash: str,
    print_set: Document,
) -> Document:
    document = Document(
        id=new_id(),
        case_id=case.id,
        stage_id=stage.id,
        body_id=body.id,
        number=highest_number(session, stage, Purpose.SIGNED_COPY, body.id) + 1,
        media_type=upload.media_type,
        purpose=Purpose.SIGNED_COPY.value,
        title=f"{body.forms['short']}: unterschriebene Ausfertigung",
        file_name=extracts.safe_name(upload.file_name, media.ending, "Ausfertigung"),
        content_hash=content_hash,
        size=len(upload.content),
        template=extracts.UPLOAD,
        template_hash="",
        data_hash=print_set.content_hash,
        text_hash=print_set.text_hash,
        dated_on=clock.today(),
        written_at=clock.now(),
    )
    session.add(document)
    session.flush()
    return document


def _add_copy(
    session: Session,
    actor: Actor,
    case: Case,
    body: Body,
    upload: Upload,
    document: Document,
    checked: _Checked,
) -> SignedCopy:
    assert document.text_hash is not None, "taken from the print set"
    copy = SignedCopy(
        id=new_id(),
        case_id=case.id,
        stage_id=document.stage_id,
        body_id=body.id,
        document_id=document.id,
        kind=upload.kind,
        state=state_of(checked.findings),
        text_hash=document.text_hash,
        findings=[finding.model_dump(mode="json") for finding in checked.findings],
        signers=list(checked.signers),
        filed_by=actor.user_id,
        filed_at=clock.now(),
    )
    session.add(copy)
    session.flush()
    data: Json = {
        "copy_kind": copy.kind.value,
        "copy_state": copy.state.value,
        "text_hash": copy.text_hash,
        "content_hash": document.content_hash,
        "findings": [finding.sentence for finding in checked.findings],
        "document_id": str(document.id),
    }
    journal.append(
        session,
        case,
        Event.SIGNED_COPY_FILED,
        actor,
        legal_date=clock.today(),
        body_id=body.id,
        data=data,
    )
    confirming_copies.ask(session, actor, case, copy, document)
    return copy


def _require_office(session: Session, actor: Actor, case: Case, body: Body) -> Actor:
    takes_part = body.id in {b.id for b in course.parties_of(session, case)}
    if takes_part:
        actor = substitution.acting_in_any(session, actor, _OFFICES, body.id, case.id)
    actor.require(
        takes_part and any(actor.holds(role, body.id) for role in _OFFICES),
        "Unterschriebene Ausfertigungen legen Zeichnungsberechtigte, Sachbearbeitung und "
        "Rechtsamt der beteiligten Körperschaft ab.",
    )
    return actor
