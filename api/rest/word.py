"""Text versions as Word documents: out to edit, in as a new version, two in one with changes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from agreements import word_exchange
from agreements.documents.template import DOCX
from agreements.model.enums import VersionKind
from agreements.queries import contents as queries
from agreements.queries.contents import WrittenVersion
from agreements.wanted import Note
from api.dependencies import ContentsDep, OnceDep, Reply
from api.rest.documents import attachment as content_disposition
from api.rest.uploads import FileContent, FileName, LimitedLength, file_body, media_type_of
from api.rest.versions import VersionView, view_of

router = APIRouter(prefix="/cases/{reference}/versions/{kind}/{number}", tags=["Textfassungen"])

Number = Annotated[int, Path(ge=1, le=2_147_483_647)]
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_IS_WORD: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {DOCX: _BINARY}}}


def word(content: bytes, file_name: str) -> Response:
    """A download of a Word document."""
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": content_disposition(file_name),
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=DOCX, headers=headers)


@router.get(
    "/word",
    summary="Eine Textfassung als Word-Dokument zum Bearbeiten",
    response_class=Response,
    responses=_IS_WORD,
)
def text_as_word(found: ContentsDep, kind: VersionKind, number: Number) -> Response:
    version = queries.version(found.session, found.case, kind, number).version
    content = word_exchange.text_as_word(found.session, found.case, version)
    return word(content, word_exchange.file_name_of(found.case, version))


@router.post(
    "/word",
    summary="Das bearbeitete Word-Dokument einer Textfassung als neue Fassung einreichen",
    status_code=201,
    response_model=VersionView,
    dependencies=[LimitedLength],
    openapi_extra=file_body(word_exchange.ACCEPTED),
)
def write_from_word(
    request: Request,
    found: ContentsDep,
    kind: VersionKind,
    number: Number,
    once: OnceDep,
    content: FileContent,
    file_name: FileName,
    written_on: Annotated[
        date | None, Query(description="Tag der Fassung; ohne Angabe heute")
    ] = None,
    note: Annotated[Note, Query(description="Vermerk zur Fassung; ohne Angabe die Datei")] = "",
) -> JSONResponse:
    def work() -> Reply:
        base = queries.version(found.session, found.case, kind, number).version
        version = word_exchange.write_from_word(
            found.session,
            found.actor,
            found.case,
            base,
            content,
            media_type_of(request),
            note=note or word_exchange.note_of(file_name, base),
            written_on=written_on,
        )
        path = f"/api/v1/cases/{found.case.reference}/versions/{version.kind}/{version.number}"
        return Reply(view_of(WrittenVersion(version, found.actor.name)), 201, location=path)

    return once.run(work)


@router.get(
    "/compare/{other}/word",
    summary="Zwei Textfassungen in einem Word-Dokument mit nachverfolgten Änderungen",
    response_class=Response,
    responses=_IS_WORD,
)
def comparison_as_word(
    found: ContentsDep, kind: VersionKind, number: Number, other: Number
) -> Response:
    earlier = queries.version(found.session, found.case, kind, number).version
    later = queries.version(found.session, found.case, kind, other).version
    content = word_exchange.comparison_as_word(found.session, found.case, earlier, later)
    return word(content, word_exchange.file_name_of(found.case, earlier, later))
