"""Finance plan with its check, and the funding application."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from agreements.acts import CheckFinancePlan, DraftFinancePlan, SubmitApplication
from agreements.errors import NotFound
from agreements.funding.applying import application_of, latest_plan
from agreements.model.enums import TaskKind
from api.dependencies import ContentsDep
from api.rest import examples
from api.rest.deciding import DecidingDep, OfBody
from api.rest.funding import ApplicationView, FinancePlanView
from api.rest.schemas import Completed

router = APIRouter(prefix="/cases/{reference}", tags=["Förderung"])


@router.get("/finance-plan", summary="Der neueste Kosten- und Finanzierungsplan")
def finance_plan(found: ContentsDep) -> FinancePlanView:
    found.sight.require_funding()
    plan = latest_plan(found.session, found.case.id)
    if plan is None:
        raise NotFound("no-finance-plan", "Es gibt noch keinen Kosten- und Finanzierungsplan.")
    return FinancePlanView.of(plan)


@router.post(
    "/finance-plan",
    summary="Den Kosten- und Finanzierungsplan aufstellen",
    status_code=201,
    response_model=Completed,
)
async def draft_finance_plan(
    deciding: DecidingDep,
    act: Annotated[
        DraftFinancePlan, Body(openapi_examples=examples.one(TaskKind.DRAFT_FINANCE_PLAN))
    ],
    body: OfBody = None,
) -> JSONResponse:
    return await deciding.decide(act, body)


@router.post(
    "/finance-plan/check",
    summary="Den Kosten- und Finanzierungsplan prüfen (zweite Person)",
    status_code=201,
    response_model=Completed,
)
async def check_finance_plan(
    deciding: DecidingDep,
    act: Annotated[
        CheckFinancePlan, Body(openapi_examples=examples.one(TaskKind.CHECK_FINANCE_PLAN))
    ],
    body: OfBody = None,
) -> JSONResponse:
    return await deciding.decide(act, body)


@router.get("/application", summary="Der Förderantrag")
def application(found: ContentsDep) -> ApplicationView:
    found.sight.require_funding()
    row = application_of(found.session, found.case.id)
    if row is None:
        raise NotFound("no-application", "Es gibt noch keinen Förderantrag.")
    return ApplicationView.of(row)


@router.post(
    "/application",
    summary="Die Einreichung des Förderantrags mit Eingangsbestätigung erfassen",
    status_code=201,
    response_model=Completed,
)
async def submit_application(
    deciding: DecidingDep,
    act: Annotated[
        SubmitApplication, Body(openapi_examples=examples.one(TaskKind.SUBMIT_APPLICATION))
    ],
    body: OfBody = None,
) -> JSONResponse:
    return await deciding.decide(act, body)
