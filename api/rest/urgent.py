"""Urgent decisions, their confirmation, and reservations that are settled."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body
from fastapi.openapi.models import Example
from fastapi.responses import JSONResponse

from agreements import urgent
from agreements.acts import ConfirmUrgentDecision, SettleReservation
from agreements.errors import Refusal
from agreements.model.cases import Case
from agreements.model.enums import Role, TaskKind
from agreements.queries import bodies as body_queries
from api.rest import examples
from api.rest.deciding import DecidingDep, OfBody, OfConsultation
from api.rest.resolution_views import ResolutionView
from api.rest.resolutions import Acting, ActingDep
from api.rest.schemas import Completed

router = APIRouter(prefix="/cases/{reference}", tags=["Beschlüsse"])

_HASH: Final = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
_URGENT: Final = {
    "Hauptausschuss": Example(
        value={
            "stage": "main_committee",
            "decided_on": "2026-03-20",
            "text_hash": _HASH,
            "votes": {"yes": 14, "no": 1, "abstained": 0},
            "reason": "Die Antragsfrist endet am 31.03.2026, der Rat tagt erst am 30.04.2026.",
        }
    ),
    "Bürgermeisterin und ein Ratsmitglied": Example(
        value={
            "stage": "head_and_member",
            "decided_on": "2026-03-30",
            "text_hash": _HASH,
            "reason": "Die Antragsfrist endet am 31.03.2026, der Rat tagt erst am 30.04.2026.",
            "main_committee_prevented": "Der Hauptausschuss kann bis dahin nicht geladen werden.",
            "harm": "Ohne den Antrag verfällt die Förderung von 490.000 Euro.",
            "signatories": [
                {"name": "Elke Rappholt", "function": "Bürgermeisterin", "capacity": "head"},
                {"name": "Uwe Beispiel", "function": "Ratsmitglied", "capacity": "member"},
            ],
        }
    ),
}


@router.post(
    "/urgent-decisions",
    summary="Eine Dringlichkeitsentscheidung erfassen",
    status_code=201,
    response_model=ResolutionView,
)
def decide_urgently(
    acting: ActingDep,
    wanted: Annotated[urgent.UrgentDecision, Body(openapi_examples=_URGENT)],
    body: OfBody = None,
    consultation_id: OfConsultation = None,
) -> JSONResponse:
    def use_case(case: Case) -> UUID:
        body_id = _own_body(acting, case, body)
        return urgent.decide_urgently(
            acting.session, acting.actor, case, body_id, wanted, consultation_id
        ).id

    return acting.write(use_case)


def _own_body(acting: Acting, case: Case, ags: str | None) -> UUID:
    named = body_queries.body_id(acting.session, ags)
    if named is not None:
        return named
    own = acting.actor.bodies(Role.CLERK) & {party.body_id for party in case.parties}
    if len(own) != 1:
        raise Refusal("body-missing", "Bitte die Körperschaft angeben.", "body", "ein AGS")
    return next(iter(own))


@router.post(
    "/urgent-decisions/confirmation",
    summary="Die Genehmigung oder Aufhebung einer Dringlichkeitsentscheidung erfassen",
    status_code=201,
    response_model=Completed,
)
async def confirm_urgent_decision(
    deciding: DecidingDep,
    act: Annotated[
        ConfirmUrgentDecision,
        Body(openapi_examples=examples.one(TaskKind.CONFIRM_URGENT_DECISION)),
    ],
    body: OfBody = None,
    consultation_id: OfConsultation = None,
) -> JSONResponse:
    return await deciding.decide(act, body, consultation_id)


@router.post(
    "/reservations/settlement",
    summary="Den Vorbehalt eines Beschlusses klären",
    status_code=201,
    response_model=Completed,
)
async def settle_reservation(
    deciding: DecidingDep,
    act: Annotated[
        SettleReservation, Body(openapi_examples=examples.one(TaskKind.SETTLE_RESERVATION))
    ],
    body: OfBody = None,
    consultation_id: OfConsultation = None,
) -> JSONResponse:
    return await deciding.decide(act, body, consultation_id)
