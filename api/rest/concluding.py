"""Signing, the supervisory authority, publication and the parties' notices."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from agreements.acts import (
    RecordAuthorityAnswer,
    RecordNotice,
    RecordPublication,
    RecordSignature,
    SubmitToAuthority,
)
from agreements.errors import NotFound
from agreements.model.enums import TaskKind
from agreements.publication import publication_of
from agreements.queries import contents as queries
from api.dependencies import ContentsDep
from api.rest import examples
from api.rest.conclusion import (
    ApprovalView,
    Notices,
    NoticeView,
    PublicationView,
    Signatures,
    SignatureView,
)
from api.rest.deciding import DecidingDep, OfBody
from api.rest.schemas import Completed

router = APIRouter(prefix="/cases/{reference}", tags=["Abschluss"])


@router.get("/signatures", summary="Unterschriften")
def signatures(found: ContentsDep) -> Signatures:
    rows = queries.signatures(found.session, found.case, found.sight)
    return Signatures(items=[SignatureView.of(signature, body) for signature, body in rows])


@router.post(
    "/signatures", summary="Eine Unterschrift erfassen", status_code=201, response_model=Completed
)
async def record_signature(
    deciding: DecidingDep,
    act: Annotated[RecordSignature, Body(openapi_examples=examples.one(TaskKind.RECORD_SIGNATURE))],
    body: OfBody = None,
) -> JSONResponse:
    return await deciding.decide(act, body)


@router.get("/approval", summary="Genehmigung oder Anzeige bei der Aufsichtsbehörde")
def approval(found: ContentsDep) -> ApprovalView:
    row = queries.approval(found.session, found.case)
    if row is None:
        raise NotFound("approval-not-begun", "Der Vorgang ist noch nicht bei der Aufsichtsbehörde.")
    return ApprovalView.of(row)


@router.post(
    "/approval/submission",
    summary="Die Einreichung bei der Aufsichtsbehörde erfassen",
    status_code=201,
    response_model=Completed,
)
async def submit_to_authority(
    deciding: DecidingDep,
    act: Annotated[
        SubmitToAuthority, Body(openapi_examples=examples.one(TaskKind.SUBMIT_TO_AUTHORITY))
    ],
    body: OfBody = None,
) -> JSONResponse:
    return await deciding.decide(act, body)


@router.post(
    "/approval/answer",
    summary="Die Antwort der Aufsichtsbehörde erfassen",
    status_code=201,
    response_model=Completed,
)
async def record_authority_answer(
    deciding: DecidingDep,
    act: Annotated[
        RecordAuthorityAnswer,
        Body(openapi_examples=examples.one(TaskKind.RECORD_AUTHORITY_ANSWER)),
    ],
    body: OfBody = None,
) -> JSONResponse:
    return await deciding.decide(act, body)


@router.get("/publication", summary="Bekanntmachung und Tag der Wirksamkeit")
def publication(found: ContentsDep) -> PublicationView:
    row = publication_of(found.session, found.case.id)
    if row is None:
        raise NotFound("not-published", "Die Vereinbarung ist noch nicht bekannt gemacht.")
    return PublicationView.of(row)


@router.post(
    "/publication",
    summary="Die Bekanntmachung erfassen",
    status_code=201,
    response_model=Completed,
)
async def record_publication(
    deciding: DecidingDep,
    act: Annotated[
        RecordPublication, Body(openapi_examples=examples.one(TaskKind.RECORD_PUBLICATION))
    ],
    body: OfBody = None,
) -> JSONResponse:
    return await deciding.decide(act, body)


@router.get("/notices", summary="Hinweise der Beteiligten auf die Bekanntmachung")
def notices(found: ContentsDep) -> Notices:
    rows = queries.notices(found.session, found.case, found.sight)
    return Notices(items=[NoticeView.of(notice, body) for notice, body in rows])


@router.post(
    "/notices",
    summary="Den Hinweis einer Beteiligten erfassen",
    status_code=201,
    response_model=Completed,
)
async def record_notice(
    deciding: DecidingDep,
    act: Annotated[RecordNotice, Body(openapi_examples=examples.one(TaskKind.RECORD_NOTICE))],
    body: OfBody = None,
) -> JSONResponse:
    return await deciding.decide(act, body)
