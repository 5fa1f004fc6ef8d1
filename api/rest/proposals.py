"""Proposals for a text: sent as a Word document, read, decided one by one, adopted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query, Request, Response
from fastapi.openapi.models import Example
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import adoption, proposals, synopsis, word_exchange
from agreements.adoption import AdoptProposals
from agreements.documents.store import DocumentStore
from agreements.documents.template import DOCX
from agreements.glossary import label
from agreements.model.enums import ProposalKind, ProposalState, VersionKind
from agreements.proposals import DecideProposal
from agreements.queries import proposals as queries
from agreements.queries.contents import WrittenVersion
from agreements.queries.proposals import Made, Sent
from api.dependencies import ContentsDep, IfMatch, InCase, OnceDep, Reply
from api.rest.documents import attachment as content_disposition
from api.rest.schemas import BodyRef, Hash, Output
from api.rest.synopsis import SegmentView
from api.rest.uploads import FileContent, FileName, LimitedLength, file_body, media_type_of
from api.rest.versions import VersionView, view_of

router = APIRouter(prefix="/cases/{reference}/proposals", tags=["Textfassungen"])

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
Number = Annotated[int, Path(ge=1, le=2_147_483_647)]
_DECISION: Final = {
    "angenommen": Example(
        value={"verdict": "accepted", "reason": "Entspricht der Absprache im Lenkungskreis."}
    ),
    "abgelehnt": Example(
        value={"verdict": "rejected", "reason": "Die Frist folgt aus § 24 Abs. 2 GkG NRW."}
    ),
}
_ADOPTION: Final = {
    "Übernahme": Example(
        value={"note": "Nach der Abstimmung mit den Beteiligten.", "written_on": "2026-01-20"}
    )
}


class ProposalView(Output):
    """Ein Vorschlag oder eine Anmerkung, und was daraus geworden ist."""

    number: int = Field(description="laufende Nummer im Vorgang")
    kind: ProposalKind
    kind_label: str = Field(examples=["Änderung"])
    author: str = Field(description="wie das Dokument ihn nennt, sonst wer es eingereicht hat")
    authored_at: datetime | None = Field(description="wie das Dokument es sagt")
    place: str = Field(examples=["§ 4 Absatz 2"])
    old: str | None = Field(description="bisheriger Wortlaut; bei Anmerkungen die Textstelle")
    new: str | None = Field(description="vorgeschlagener Wortlaut; null: ersatzlos")
    segments: list[SegmentView] = Field(description="der Unterschied Wort für Wort")
    comment: str
    answers: int | None = Field(description="auf welche Anmerkung (Nummer) geantwortet wird")
    state: ProposalState
    state_label: str = Field(examples=["offen"])
    reason: str = Field(description="Begründung der Entscheidung")
    decided_by: str | None
    decided_at: datetime | None
    adopted_in: int | None = Field(description="Textfassung, in der er steht")
    version: int = Field(description="Stand für If-Match")


class ProposalUploadView(Output):
    """Ein eingereichtes Dokument mit seinen Vorschlägen."""

    id: UUID
    body: BodyRef
    kind: VersionKind
    kind_label: str = Field(examples=["Vereinbarung"])
    based_on: int = Field(description="Textfassung, aus der das Dokument entstand")
    outdated: bool = Field(description="true: inzwischen gibt es eine neuere Textfassung")
    hints: list[str] = Field(description="was beim Lesen des Dokuments auffiel")
    file_name: str
    size: int = Field(description="Bytes")
    content_hash: Hash
    uploaded_by: str
    uploaded_at: datetime
    proposals: list[ProposalView]


class ProposalUploads(Output):
    """Die Vorschläge der Beteiligten, soweit sie einen angehen."""

    items: list[ProposalUploadView]


def _proposal(made: Made) -> ProposalView:
    row = made.proposal
    shown = synopsis.segments(row.old or "", row.new or "") if row.kind.changes_text else ()
    return ProposalView(
        number=row.number,
        kind=row.kind,
        kind_label=label(row.kind),
        author=row.author,
        authored_at=row.authored_at,
        place=row.place,
        old=row.old,
        new=row.new,
        segments=[SegmentView(change=s.change, text=s.text) for s in shown],
        comment=row.comment,
        answers=made.answers,
        state=row.state,
        state_label=label(row.state),
        reason=row.reason,
        decided_by=made.decider,
        decided_at=row.decided_at,
        adopted_in=made.adopted_in,
        version=row.version,
    )


def _upload(sent: Sent, made: Sequence[Made]) -> ProposalUploadView:
    hints = [str(hint) for hint in sent.upload.hints["items"]]
    if sent.outdated:
        hints.insert(
            0,
            f"Beruht auf Textfassung {sent.base.number}; inzwischen gibt es Fassung {sent.newest}.",
        )
    return ProposalUploadView(
        id=sent.upload.id,
        body=BodyRef.of(sent.body),
        kind=sent.base.kind,
        kind_label=label(sent.base.kind),
        based_on=sent.base.number,
        outdated=sent.outdated,
        hints=hints,
        file_name=sent.upload.file_name,
        size=sent.upload.size,
        content_hash=sent.upload.content_hash,
        uploaded_by=sent.uploader,
        uploaded_at=sent.upload.uploaded_at,
        proposals=[_proposal(entry) for entry in made],
    )


def _view(found: InCase, upload_id: UUID) -> ProposalUploadView:
    sent = queries.upload(found.session, found.case, found.sight, upload_id)
    made = queries.proposals(found.session, found.case, found.sight)
    return _upload(sent, made.get(upload_id, []))


@router.post(
    "",
    summary="Vorschläge zum Text als Word-Dokument einreichen",
    status_code=201,
    response_model=ProposalUploadView,
    dependencies=[LimitedLength],
    openapi_extra=file_body(word_exchange.ACCEPTED),
)
def file_proposals(
    request: Request,
    found: ContentsDep,
    once: OnceDep,
    content: FileContent,
    file_name: FileName,
    version: Annotated[
        int | None,
        Query(
            ge=1,
            le=2_147_483_647,
            description="Textfassung, aus der das Dokument entstand; nur nötig, wenn es das selbst "
            "nicht mehr sagt",
        ),
    ] = None,
    kind: Annotated[VersionKind, Query(description="Art des Textes")] = VersionKind.AGREEMENT,
    body: Annotated[
        str | None,
        Query(description="AGS der Beteiligten, wenn man für mehrere arbeitet", max_length=12),
    ] = None,
) -> JSONResponse:
    def work() -> Reply:
        filed = proposals.file_proposals(
            found.session,
            found.actor,
            found.case,
            kind,
            version,
            body,
            content,
            media_type_of(request),
            file_name,
            DocumentStore(request.app.state.settings.documents),
        )
        return Reply(_view(found, filed.id), 201)

    return once.run(work)


@router.get("", summary="Vorschläge der Beteiligten zum Text, und was daraus geworden ist")
def all_proposals(found: ContentsDep) -> ProposalUploads:
    made = queries.proposals(found.session, found.case, found.sight)
    sent = queries.uploads(found.session, found.case, found.sight)
    return ProposalUploads(items=[_upload(one, made.get(one.upload.id, [])) for one in sent])


@router.get(
    "/uploads/{upload_id}/content",
    summary="Ein eingereichtes Dokument herunterladen",
    response_class=Response,
    responses={200: {"content": {DOCX: _BINARY}}},
)
def content(upload_id: UUID, request: Request, found: ContentsDep) -> Response:
    sent = queries.upload(found.session, found.case, found.sight, upload_id)
    store = DocumentStore(request.app.state.settings.documents)
    headers = {
        "ETag": f'"{sent.upload.content_hash}"',
        "Cache-Control": "private, no-cache",
        "Content-Disposition": content_disposition(sent.upload.file_name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    data = store.read(sent.upload.content_hash)
    return Response(data, media_type=DOCX, headers=headers)


@router.post(
    "/{number}/decision",
    summary="Einen Vorschlag annehmen oder ablehnen",
    response_model=ProposalView,
)
def decide(
    found: ContentsDep,
    number: Number,
    version: IfMatch,
    once: OnceDep,
    wanted: Annotated[DecideProposal, Body(openapi_examples=_DECISION)],
) -> JSONResponse:
    def work() -> Reply:
        row = proposals.decide(found.session, found.actor, found.case, number, wanted, version)
        made = queries.proposal(found.session, found.case, found.sight, number)
        return Reply(_proposal(made), version=row.version)

    return once.run(work)


@router.post(
    "/adoption",
    summary="Aus den angenommenen Vorschlägen eine neue Textfassung machen",
    status_code=201,
    response_model=VersionView,
)
def adopt(
    found: ContentsDep,
    once: OnceDep,
    wanted: Annotated[AdoptProposals, Body(openapi_examples=_ADOPTION)],
) -> JSONResponse:
    def work() -> Reply:
        version = adoption.adopt(found.session, found.actor, found.case, wanted)
        path = f"/api/v1/cases/{found.case.reference}/versions/{version.kind}/{version.number}"
        return Reply(view_of(WrittenVersion(version, found.actor.name)), 201, location=path)

    return once.run(work)
