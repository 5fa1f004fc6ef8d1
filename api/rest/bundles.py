"""Bundles of a case: application, signing set, and the whole case file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from agreements import access, bundles
from agreements.bundles import Asker, BundleKind, Maker
from agreements.bundles.gathering import Bundle
from agreements.documents.pdf import converter
from agreements.documents.store import DocumentStore
from agreements.dossier.pdfs import PDF
from agreements.errors import Conflict
from api.dependencies import CredentialsDep
from api.rest.documents import attachment

router = APIRouter(tags=["Dokumente"])

ZIP: Final = "application/zip"
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
# Each may convert for a minute; more at a time would make everybody else wait.
_PLACES: Final = threading.BoundedSemaphore(2)
_PATIENCE_SECONDS: Final = 20


class BundleForm(StrEnum):
    """In welcher Form: `pdf` eine geordnete Gesamtdatei, `zip` alle Dateien mit Verzeichnis."""

    PDF = "pdf"
    ZIP = "zip"


@router.get(
    "/cases/{reference}/bundles/{bundle}/{form}",
    summary="Antragsmappe, Unterzeichnungsmappe oder Vorgangsakte herunterladen",
    response_class=Response,
    responses={
        200: {"content": {PDF: _BINARY, ZIP: _BINARY}},
        503: {"description": "LibreOffice fehlt auf dem Server (pdf-not-available); zip geht ohne"},
    },
)
def download(
    reference: str,
    bundle: BundleKind,
    form: BundleForm,
    request: Request,
    credentials: CredentialsDep,
) -> Response:
    found = _gathered(request, credentials, reference, bundle)
    store = DocumentStore(request.app.state.settings.documents)
    maker = Maker(request.app.state.sessions, store, converter())
    headers = {
        "Content-Disposition": attachment(f"{found.file_name}.{form}"),
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if not _PLACES.acquire(timeout=_PATIENCE_SECONDS):
        raise Conflict(
            "bundle-busy",
            "Zurzeit werden andere Mappen zusammengestellt. Bitte gleich noch einmal abrufen.",
        )
    if form is BundleForm.ZIP:
        return StreamingResponse(_streamed(found, maker), media_type=ZIP, headers=headers)
    try:
        return Response(bundles.one_pdf(found, maker), media_type=PDF, headers=headers)
    finally:
        _PLACES.release()


def _gathered(
    request: Request, credentials: CredentialsDep, reference: str, kind: BundleKind
) -> Bundle:
    """What the person may read, seen at one moment; nothing of the database is needed later."""
    with request.app.state.sessions.begin() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        actor = credentials.sign_in(session).actor
        case, sight = access.visible_case(session, actor, reference)
        return bundles.gather(session, case, Asker(actor, sight), kind)


def _streamed(found: Bundle, maker: Maker) -> Iterator[bytes]:
    try:
        yield from bundles.zipped(bundles.bundle_files(found, maker), found.file_name)
    finally:
        _PLACES.release()
