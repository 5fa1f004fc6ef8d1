"""Beside the form for a signature: who may sign, the print set, and the signed copies of it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePath
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from agreements import (
    access,
    clock,
    confirming_copies,
    print_set,
    signatories,
    signed_copies,
    signing_set,
)
from agreements.documents.pdf.converter import converter
from agreements.documents.signatures.findings import Finding
from agreements.documents.store import DocumentStore
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.conclusion import SignedCopy
from agreements.model.enums import CopyKind, FindingWeight, TaskKind
from agreements.model.records import Document
from agreements.people import Actor
from agreements.signed_copies import Upload
from agreements.signing_set import FiledCopy
from api.dependencies import ActorDep, SessionDep
from api.web.forms import FileFormDep, FormDep, file_of, filled, read, text_of
from api.web.frame import Page

router = APIRouter(route_class=Page, prefix="/aufgaben/{task_id}/erfassen")

_TYPES: Final = {kind.ending: media for media, kind in signed_copies.SCANS.items()} | {
    ".jpeg": "image/jpeg",
    ".tiff": "image/tiff",
}
_KINDS: Final = tuple((kind.value, label(kind)) for kind in CopyKind)


@dataclass(frozen=True, slots=True)
class Signing:
    """What the page of a signature shows beside its form."""

    may_sign: list[str]
    print_set: Document | None
    copies: list[tuple[FiledCopy, str, list[str]]]
    kinds: tuple[tuple[str, str], ...] = _KINDS


def beside(session: Session, case: Case, task: Task) -> Signing:
    """Who may sign today, and what has been filed; a copy with its state and open findings."""
    found = signing_set.overview(session, case, clock.today(), None)
    party = next(party for party in found.parties if party.body.id == task.body_id)
    return Signing(
        may_sign=[f"{person.name} ({person.function})" for person in party.entitled],
        print_set=found.print_set,
        copies=[(filed, label(filed.copy.state), _open(filed.copy)) for filed in party.copies],
    )


def _open(copy: SignedCopy) -> list[str]:
    findings = [Finding.model_validate(entry) for entry in copy.findings]
    return [one.sentence for one in findings if one.weight is FindingWeight.CONFIRM]


def to_confirm(
    session: Session, actor: Actor, case: Case, task: Task
) -> list[tuple[Document, list[str]]]:
    """The copies that the person has to look at, each with what the check could not settle."""
    if task.kind is not TaskKind.RECORD_SIGNATURE:
        return []
    copies = confirming_copies.to_confirm(session, actor, case, task)
    return [(session.get_one(Document, copy.document_id), _open(copy)) for copy in copies]


def usual(session: Session, task: Task) -> dict[str, str]:
    """Who signs for the body if nobody else does."""
    body = session.get_one(Body, task.body_id)
    registers = signatories.registers(session, [body.id])
    entitled = signatories.entitled_on(registers[body.id], body, clock.today())
    if not entitled:
        return {}
    return {"signatory_name": entitled[0].name, "signatory_function": entitled[0].function}


def _back(task_id: UUID, done: str) -> Response:
    return RedirectResponse(f"/aufgaben/{task_id}/erfassen?getan={done}", HTTPStatus.SEE_OTHER)


@router.post("/druckexemplar")
def make_print_set(
    form: FormDep, task_id: UUID, request: Request, session: SessionDep, actor: ActorDep
) -> Response:
    _, case, _ = access.visible_task(session, actor, task_id)
    store = DocumentStore(request.app.state.settings.documents)
    print_set.make_print_set(session, actor, case, store, converter().convert)
    return _back(task_id, "druckexemplar")


@router.post("/ausfertigung")
def file_copy(
    form: FileFormDep, task_id: UUID, request: Request, session: SessionDep, actor: ActorDep
) -> Response:
    seen, case, _ = access.visible_task(session, actor, task_id)
    chosen, settings = file_of(form, "datei"), request.app.state.settings
    name = chosen.filename or ""
    # What a browser claims depends on the machine; the ending is what people see.
    media_type = _TYPES.get(PurePath(name).suffix.lower(), chosen.content_type or "")
    electronic = text_of(form, "kopie") == CopyKind.ELECTRONIC.value
    kind = CopyKind.ELECTRONIC if electronic else CopyKind.SCAN
    upload = Upload(kind, chosen.file.read(), media_type, name)
    body = session.get_one(Body, seen.body_id)
    store = DocumentStore(settings.documents)
    signed_copies.file_copy(session, actor, case, body, upload, store, settings.signature_trust_dir)
    return _back(task_id, "ausfertigung")


@router.post("/ausfertigung/{document_id}/bestaetigen")
def confirm_copy(
    form: FormDep, task_id: UUID, document_id: UUID, session: SessionDep, actor: ActorDep
) -> Response:
    _, case, _ = access.visible_task(session, actor, task_id, lock=True)
    wanted = read(confirming_copies.ConfirmCopy, filled(form, "reason"))
    confirming_copies.confirm_copy(session, actor, case, document_id, wanted)
    return RedirectResponse(f"/aufgaben/{task_id}?getan=bestaetigt", HTTPStatus.SEE_OTHER)
