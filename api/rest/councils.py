"""Papers, their consultations and resolutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import extracts
from agreements.acts import RecordResolution
from agreements.glossary import label
from agreements.model import councils as rows
from agreements.model.cases import Stage
from agreements.model.enums import (
    ConsultationRole,
    ConsultationState,
    Round,
    TaskKind,
)
from agreements.model.records import Document
from agreements.queries import contents as queries
from api.dependencies import ContentsDep
from api.rest import examples
from api.rest.deciding import DecidingDep, OfBody, OfConsultation
from api.rest.resolution_views import ResolutionView, SittingView, resolution_view
from api.rest.schemas import BodyRef, Completed, Hash, Output

router = APIRouter(prefix="/cases/{reference}", tags=["Beschlüsse"])


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
    sittings: list[SittingView] = Field(description="Tagesordnungspunkte, auch künftige")
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
    superseded_because: str | None = Field(description="warum eine andere sie ersetzt")
    consultations: list[ConsultationView]


class Papers(Output):
    """Die Beschlussvorlagen des Vorgangs, soweit sie einen angehen."""

    items: list[PaperView]


def _consultation(
    consultation: rows.Consultation, filed: Mapping[UUID, Sequence[Document]]
) -> ConsultationView:
    items = {item.id: item for item in consultation.agenda_items}
    return ConsultationView(
        id=consultation.id,
        position=consultation.position,
        committee=consultation.committee.name,
        role=consultation.role,
        role_label=label(consultation.role),
        state=consultation.state,
        state_label=label(consultation.state),
        public=consultation.public,
        sittings=[SittingView.of(item) for item in consultation.agenda_items],
        resolutions=[
            resolution_view(resolution, items, filed.get(resolution.id, ()))
            for resolution in consultation.resolutions
        ],
    )


def _paper(paper: rows.Paper, stage: Stage, filed: Mapping[UUID, Sequence[Document]]) -> PaperView:
    return PaperView(
        id=paper.id,
        stage_id=paper.stage_id,
        round=stage.round,
        body=BodyRef.of(paper.body),
        number=paper.number,
        dated_on=paper.dated_on,
        text_hash=paper.text_hash,
        proposal=paper.proposal["points"],
        superseded_because=paper.superseded_because,
        consultations=[_consultation(consultation, filed) for consultation in paper.consultations],
    )


@router.get("/resolutions", summary="Beschlussvorlagen, Beratungen und Beschlüsse")
def resolutions(found: ContentsDep) -> Papers:
    papers = queries.papers(found.session, found.case, found.sight)
    ids = [r.id for paper, _ in papers for c in paper.consultations for r in c.resolutions]
    filed = extracts.extracts_of(found.session, ids)
    return Papers(items=[_paper(paper, stage, filed) for paper, stage in papers])


@router.post(
    "/resolutions", summary="Einen Beschluss erfassen", status_code=201, response_model=Completed
)
async def record_resolution(
    deciding: DecidingDep,
    act: Annotated[
        RecordResolution, Body(openapi_examples=examples.one(TaskKind.RECORD_RESOLUTION))
    ],
    body: OfBody = None,
    consultation_id: OfConsultation = None,
) -> JSONResponse:
    return await deciding.decide(act, body, consultation_id)
