"""Documents of a case: list and download."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from agreements import access, dossier, extracts, sights
from agreements.documents.pdf import converter
from agreements.documents.store import DocumentStore
from agreements.documents.template import DOCX
from agreements.dossier import pdfs
from agreements.model.bodies import Body
from agreements.model.records import Document
from agreements.queries import contents as queries
from api.dependencies import ActorDep, ContentsDep, CredentialsDep, SessionDep
from api.rest.schemas import BodyRef, Hash, Output, body_ref

router = APIRouter(tags=["Dokumente"])

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_UNSAFE = re.compile(r'[^\x20-\x7e]|["\\%]')
_TRANSLITERATED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


class PdfState(StrEnum):
    """Ob es ein Dokument auch als PDF gibt.

    `ready`: ja. `pending`: wird erzeugt, beim Abruf sofort. `failed`: die Umwandlung ist
    gescheitert. `none`: eine hochgeladene Datei; sie bleibt, wie sie ist.
    """

    READY = "ready"
    PENDING = "pending"
    FAILED = "failed"
    NONE = "none"

    @classmethod
    def of(cls, document: Document) -> PdfState:
        """That of a row."""
        wanted = pdfs.Wanted.of(document)
        if wanted.media_type == pdfs.PDF or wanted.pdf_hash is not None:
            return cls.READY
        if not wanted.convertible:
            return cls.NONE
        return cls.FAILED if document.pdf_problem else cls.PENDING


class DocumentView(Output):
    """Ein erstelltes Dokument; der Inhalt liegt unter /documents/{id}/content."""

    id: UUID
    stage_id: UUID
    body: BodyRef | None = Field(description="nur für diese Körperschaft; null: für alle")
    purpose: str = Field(examples=["paper"])
    title: str = Field(examples=["Beschlussvorlage Kamen"])
    number: int = Field(description="zählt weiter, wenn eine Datei durch eine neue ersetzt wird")
    file_name: str = Field(examples=["Beschlussvorlage Kamen.docx"])
    media_type: str
    content_hash: Hash
    text_hash: Hash | None
    size: int = Field(description="Bytes")
    dated_on: date
    written_at: datetime
    pdf: PdfState = Field(description="ob es das Dokument auch als PDF gibt")
    pdf_hash: Hash | None = Field(description="Prüfsumme der PDF-Fassung, wenn es sie schon gibt")
    pdf_size: int | None = Field(description="Bytes der PDF-Fassung")

    @classmethod
    def of(cls, document: Document, bodies: dict[UUID, Body]) -> DocumentView:
        """The document of a row."""
        return cls(
            id=document.id,
            stage_id=document.stage_id,
            body=body_ref(bodies, document.body_id),
            purpose=document.purpose,
            title=document.title,
            number=document.number,
            file_name=document.file_name,
            media_type=document.media_type,
            content_hash=document.content_hash,
            text_hash=document.text_hash,
            size=document.size,
            dated_on=document.dated_on,
            written_at=document.written_at,
            pdf=PdfState.of(document),
            pdf_hash=document.pdf_hash,
            pdf_size=document.pdf_size,
        )


class Documents(Output):
    """Die Dokumente des Vorgangs, soweit sie einen angehen, die ältesten zuerst."""

    items: list[DocumentView]


@router.get("/cases/{reference}/documents", summary="Dokumente des Vorgangs")
def documents(found: ContentsDep) -> Documents:
    visible = [
        document
        for document in dossier.documents_of(found.session, found.case.id)
        if sights.may_read(found.sight, document)
    ]
    bodies = queries.bodies_of(found.session, visible)
    return Documents(items=[DocumentView.of(document, bodies) for document in visible])


@router.get(
    "/documents/{document_id}/content",
    summary="Ein Dokument herunterladen",
    response_class=Response,
    responses={
        200: {"content": dict.fromkeys((DOCX, *extracts.ACCEPTED), _BINARY)},
        304: {"description": "Unverändert seit der Fassung in If-None-Match"},
    },
)
def content(
    document_id: UUID,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    if_none_match: Annotated[
        str | None, Header(description="ETag eines früheren Herunterladens")
    ] = None,
) -> Response:
    document = access.visible_document(session, actor, document_id)
    tag = f'"{document.content_hash}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    store = DocumentStore(request.app.state.settings.documents)
    _, data = dossier.read_document(session, document.id, store)
    headers["Content-Disposition"] = attachment(document.file_name)
    headers["X-Content-Type-Options"] = "nosniff"
    return Response(data, media_type=document.media_type, headers=headers)


@router.get(
    "/documents/{document_id}/pdf",
    summary="Ein Dokument als PDF/A-3 herunterladen",
    response_class=Response,
    responses={
        200: {"content": {pdfs.PDF: _BINARY}},
        304: {"description": "Unverändert seit der Fassung in If-None-Match"},
        503: {"description": "LibreOffice fehlt auf dem Server (pdf-not-available)"},
    },
)
def pdf(
    document_id: UUID,
    request: Request,
    credentials: CredentialsDep,
    if_none_match: Annotated[
        str | None, Header(description="ETag eines früheren Herunterladens")
    ] = None,
) -> Response:
    sessions = request.app.state.sessions
    # A conversion takes longer than a transaction should.
    with sessions.begin() as session:
        actor = credentials.sign_in(session).actor
        wanted = pdfs.Wanted.of(access.visible_document(session, actor, document_id))
    store = DocumentStore(request.app.state.settings.documents)
    data, digest = pdfs.pdf_of(sessions, store, converter(), wanted)
    headers = {"ETag": f'"{digest}"', "Cache-Control": "private, no-cache"}
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = attachment(wanted.pdf_name)
    headers["X-Content-Type-Options"] = "nosniff"
    return Response(data, media_type=pdfs.PDF, headers=headers)


def attachment(file_name: str) -> str:
    """The Content-Disposition of a download: plain ASCII for old clients, UTF-8 for all others.

    RFC 6266 with RFC 8187.
    """
    plain = unicodedata.normalize("NFC", file_name).translate(_TRANSLITERATED)
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = _UNSAFE.sub("_", plain)
    encoded = quote(file_name, safe="!#$&+-.^_`|~")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
