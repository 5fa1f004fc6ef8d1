"""Who is let into non-public consultations, and who takes no part for bias."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agreements import confidants as confidant_use_cases
from agreements import exclusions as exclusion_use_cases
from agreements.confidants import NamedConfidant
from agreements.exclusions import DeclareExclusion
from agreements.model import bodies as body_rows
from agreements.model.councils import Exclusion
from api.dependencies import ContentsDep, InCase, OnceDep, Reply
from api.rest.schemas import BodyRef, Output

router = APIRouter(prefix="/cases/{reference}", tags=["Vertraulichkeit"])


class NameConfidant(BaseModel):
    """Jemanden aus dem Rechtsamt einer anderen Beteiligten benennen."""

    model_config = ConfigDict(extra="forbid")

    body: str = Field(description="AGS der Körperschaft, um deren Beratungen es geht")
    username: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class ConfidantView(Output):
    """Wer die nichtöffentlichen Beratungen einer Körperschaft einsehen darf."""

    id: UUID
    body: BodyRef
    username: str = Field(examples=["recht.schwerte"])
    name: str
    named_by: str
    named_at: datetime
    ended_at: datetime | None = Field(description="null: die Benennung besteht")


class Confidants(Output):
    """Die Benennungen der eigenen Körperschaften, und die für die eigene Person."""

    items: list[ConfidantView]


class ExclusionView(Output):
    """Wer wegen Befangenheit nicht mitwirkt."""

    id: UUID
    body: BodyRef
    consultation_id: UUID | None = Field(description="null: im ganzen Vorgang")
    name: str
    function: str = Field(examples=["Ratsmitglied"])
    has_account: bool = Field(description="kann deshalb auch keine Aufgabe erledigen")
    reason: str
    declared_on: date
    rule: str = Field(examples=["§ 31 GO NRW"])
    recorded_at: datetime


class Exclusions(Output):
    """Was über Befangenheit festgehalten ist, soweit es einen angeht."""

    items: list[ExclusionView]


def _confidant(found: NamedConfidant) -> ConfidantView:
    return ConfidantView(
        id=found.confidant.id,
        body=BodyRef.of(found.body),
        username=found.user.username,
        name=found.user.display_name,
        named_by=found.named_by,
        named_at=found.confidant.named_at,
        ended_at=found.confidant.ended_at,
    )


def _exclusion(exclusion: Exclusion, body: body_rows.Body) -> ExclusionView:
    return ExclusionView(
        id=exclusion.id,
        body=BodyRef.of(body),
        consultation_id=exclusion.consultation_id,
        name=exclusion.name,
        function=exclusion.function,
        has_account=exclusion.user_id is not None,
        reason=exclusion.reason,
        declared_on=exclusion.declared_on,
        rule=exclusion_use_cases.rule_of(body),
        recorded_at=exclusion.recorded_at,
    )


def _named(found: InCase) -> list[NamedConfidant]:
    bodies = found.sight.bodies
    return list(confidant_use_cases.visible(found.session, found.actor, found.case, bodies))


@router.get("/confidants", summary="Wer nichtöffentliche Beratungen einsehen darf")
def confidants(found: ContentsDep) -> Confidants:
    return Confidants(items=[_confidant(entry) for entry in _named(found)])


@router.post(
    "/confidants",
    summary="Jemanden für die nichtöffentlichen Beratungen der eigenen Körperschaft benennen",
    status_code=201,
    response_model=ConfidantView,
)
def name_confidant(
    found: ContentsDep,
    once: OnceDep,
    wanted: Annotated[
        NameConfidant,
        Body(
            openapi_examples={
                "Rechtsamt der federführenden Stadt": {
                    "value": {"body": "05978020", "username": "recht.schwerte"}
                }
            }
        ),
    ],
) -> JSONResponse:
    def work() -> Reply:
        confidant = confidant_use_cases.name(
            found.session, found.actor, found.case, wanted.body, wanted.username
        )
        return Reply(_view_of(found, confidant.id), 201)

    return once.run(work)


@router.delete(
    "/confidants/{confidant_id}",
    summary="Eine Benennung für nichtöffentliche Beratungen beenden",
    response_model=ConfidantView,
)
def end_confidant(confidant_id: UUID, found: ContentsDep, once: OnceDep) -> JSONResponse:
    def work() -> Reply:
        ended = confidant_use_cases.end(found.session, found.actor, found.case, confidant_id)
        return Reply(_view_of(found, ended.id))

    return once.run(work)


def _view_of(found: InCase, confidant_id: UUID) -> ConfidantView:
    return next(_confidant(entry) for entry in _named(found) if entry.confidant.id == confidant_id)


@router.get("/exclusions", summary="Wer wegen Befangenheit nicht mitwirkt")
def exclusions(found: ContentsDep) -> Exclusions:
    rows = exclusion_use_cases.visible(found.session, found.case, found.sight.confided)
    return Exclusions(items=[_exclusion(exclusion, body) for exclusion, body in rows])


@router.post(
    "/exclusions",
    summary="Befangenheit festhalten",
    status_code=201,
    response_model=ExclusionView,
)
def declare_exclusion(
    found: ContentsDep,
    once: OnceDep,
    wanted: Annotated[
        DeclareExclusion,
        Body(
            openapi_examples={
                "Ratsmitglied": {
                    "value": {
                        "body": "05978020",
                        "name": "Martha Muster",
                        "function": "Ratsmitglied",
                        "reason": "Geschäftsführerin der Gesellschaft, die den Auftrag erhält",
                        "declared_on": "2026-03-20",
                    }
                }
            }
        ),
    ],
) -> JSONResponse:
    def work() -> Reply:
        exclusion = exclusion_use_cases.declare(found.session, found.actor, found.case, wanted)
        body = found.session.get_one(body_rows.Body, exclusion.body_id)
        return Reply(_exclusion(exclusion, body), 201)

    return once.run(work)
