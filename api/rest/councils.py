"""Papers, their consultations and resolutions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements.acts import RecordResolution
from agreements.glossary import label
from agreements.model import councils as rows
from agreements.model.cases import Stage
from agreements.model.enums import (
    ConsultationRole,
    ConsultationState,
    Outcome,
    Round,
    TaskKind,
)
from agreements.queries import contents as queries
from api.dependencies import ContentsDep
from api.rest import examples
from api.rest.deciding import DecidingDep, OfBody, OfConsultation
from api.rest.schemas import BodyRef, Completed, Hash, Output

router = APIRouter(prefix="/cases/{reference}", tags=["Beschlüsse"])


class VotesView(Output):
    """Stimmen; null heißt: nicht bekannt."""

    yes: int | None
    no: int | None
    abstained: int | None


class ResolutionView(Output):
    """Was ein Gremium beschlossen hat."""

    id: UUID
    outcome: Outcome
    outcome_label: str = Field(examples=["beschlossen"])
    votes: VotesView
    unanimous: bool | None
    decided_on: date
    text_hash: Hash
    remark: str
    sample: bool = Field(description="Beispieldaten, nicht amtlich")
    recorded_at: datetime


class ConsultationView(Output):
    """Eine Beratung in der Beratungsfolge; vertagte haben mehrere Ergebnisse."""

    id: UUID
    position: int
    committee: str = Field(examples=["Rat"])
    role: ConsultationRole
    role_label: str = Field(examples=["Entscheidung"])
    state: ConsultationState
    state_label: str = Field(examples=["beraten"])
    public: bool
    resolutions: list[ResolutionView]


class PaperView(Output):
    """Eine Beschlussvorlage mit ihrer Beratungsfolge."""

    id: UUID
    stage_id: UUID
    round: Round | None
    body: BodyRef
    number: str = Field(examples=["084/2026"])
    dated_on: date
    text_hash: Hash
    proposal: list[str]
    consultations: list[ConsultationView]


class Papers(Output):
    """Die Beschlussvorlagen des Vorgangs, soweit sie einen angehen."""

    items: list[PaperView]


def _resolution(resolution: rows.Resolution) -> ResolutionView:
    return ResolutionView(
        id=resolution.id,
        outcome=resolution.outcome,
        outcome_label=label(resolution.outcome),
        votes=VotesView(
            yes=resolution.votes_yes,
            no=resolution.votes_no,
            abstained=resolution.votes_abstained,
        ),
        unanimous=resolution.unanimous,
        decided_on=resolution.decided_on,
        text_hash=resolution.text_hash,
        remark=resolution.remark,
        sample=resolution.sample,
        recorded_at=resolution.recorded_at,
    )


def _consultation(consultation: rows.Consultation) -> ConsultationView:
    return ConsultationView(
        id=consultation.id,
        position=consultation.position,
        committee=consultation.committee.name,
        role=consultation.role,
        role_label=label(consultation.role),
        state=consultation.state,
        state_label=label(consultation.state),
        public=consultation.public,
        resolutions=[_resolution(resolution) for resolution in consultation.resolutions],
    )


def _paper(paper: rows.Paper, stage: Stage) -> PaperView:
    return PaperView(
        id=paper.id,
        stage_id=paper.stage_id,
        round=stage.round,
        body=BodyRef.of(paper.body),
        number=paper.number,
        dated_on=paper.dated_on,
        text_hash=paper.text_hash,
        proposal=paper.proposal["points"],
        consultations=[_consultation(consultation) for consultation in paper.consultations],
    )


@router.get("/resolutions", summary="Beschlussvorlagen, Beratungen und Beschlüsse")
def resolutions(found: ContentsDep) -> Papers:
    papers = queries.papers(found.session, found.case, found.sight)
    return Papers(items=[_paper(paper, stage) for paper, stage in papers])


@router.post(
    "/resolutions", summary="Einen Beschluss erfassen", status_code=201, response_model=Completed
)
def record_resolution(
    deciding: DecidingDep,
    act: Annotated[
        RecordResolution, Body(openapi_examples=examples.one(TaskKind.RECORD_RESOLUTION))
    ],
    body: OfBody = None,
    consultation_id: OfConsultation = None,
) -> JSONResponse:
    return deciding.decide(act, body, consultation_id)
