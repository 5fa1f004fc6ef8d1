"""Cases: start, find, read, what is missing."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import access, ahead, automation, course
from agreements import cases as use_cases
from agreements.cases import StartCase
from agreements.detours import ways, who_decides
from agreements.errors import NotFound
from agreements.glossary import label
from agreements.law.instruments import Instrument
from agreements.model import bodies as body_rows
from agreements.model.cases import Case, Stage
from agreements.model.enums import (
    Awaits,
    CaseState,
    Detour,
    KreistagOrder,
    PartyRole,
    StageKind,
    StageState,
)
from agreements.people import Actor
from agreements.queries import cases as queries
from agreements.sights import Sight
from api.dependencies import (
    ActorDep,
    Cursor,
    InCase,
    InCaseDep,
    Limit,
    OnceDep,
    Reply,
    SessionDep,
    etag,
)
from api.rest.schemas import BodyRef, Output, Page, Reference, StageView, stage_title

router = APIRouter(prefix="/cases", tags=["Vorgänge"])


class CaseLine(Output):
    """Ein Vorgang in der Liste."""

    reference: Reference
    title: str = Field(examples=["Smart Region Kreis Unna"])
    subject: str
    instrument: Instrument
    instrument_label: str
    state: CaseState
    state_label: str
    lead: BodyRef
    started_on: date


class PartyView(Output):
    """Eine Beteiligte mit ihren Rollen im Vorgang."""

    body: BodyRef
    roles: list[PartyRole]
    role_labels: list[str] = Field(examples=[["federführend"]])
    joined_on: date
    left_on: date | None = Field(description="seit diesem Tag nicht mehr beteiligt")
    left_because: str | None


class CaseView(Output):
    """Ein Vorgang mit Beteiligten und Verfahrensschritten, jeder in seiner letzten Runde."""

    reference: Reference
    title: str
    subject: str
    instrument: Instrument
    instrument_label: str
    land: str
    procedure: str
    procedure_version: int
    principle_round: bool
    kreistag_order: KreistagOrder
    programme: str | None
    retrospective: bool
    state: CaseState
    state_label: str
    started_on: date
    ended_on: date | None
    ended_because: str | None
    version: int = Field(description="Stand; als ETag in der Kopfzeile")
    parties: list[PartyView]
    stages: list[StageView]
    past_rounds: list[StageView] = Field(
        description="frühere Runden, an deren Stelle eine spätere getreten ist"
    )


class MissingView(Output):
    """Was in einem Verfahrensschritt noch fehlt."""

    stage_id: UUID | None = Field(description="null: der Schritt steht noch bevor")
    stage: str = Field(examples=["Beschlüsse der Räte"])
    kind: StageKind
    state: StageState
    awaits: Awaits
    sentences: list[str] = Field(examples=[["Kamen: Beschluss erfassen (Rat)."]])
    obstacle: str | None = Field(
        description="was der Schritt so nicht überwindet; wie es weitergehen kann, steht in "
        "`detours`",
        examples=["Kamen: Rat hat abgelehnt."],
    )


class OfferedDetour(Output):
    """Ein Weg, den der Vorgang jetzt nehmen kann."""

    detour: Detour
    label: str = Field(examples=["ohne eine Beteiligte weitermachen"])


class MissingList(Output):
    """Was im Vorgang noch fehlt; leer, wenn er abgeschlossen ist."""

    items: list[MissingView]
    detours: list[OfferedDetour] = Field(description="wie es anders weitergehen kann")
    decided_by: str = Field(
        description="wer über diese Wege entscheidet", examples=["Rechtsamt der Stadt Schwerte"]
    )


_EXAMPLE = {
    "title": "Smart Region Kreis Unna",
    "subject": "Gemeinsame digitale Entwicklung der Region",
    "instrument": "mandating_agreement",
    "parties": ["05978", "05978020", "05978028"],
    "lead": "05978028",
    "applicant": "05978",
    "principle_round": True,
    "kreistag_order": "before_councils",
    "programme": "ikz-nrw",
    "started_on": "2026-01-15",
}


@router.post("", summary="Einen Vorgang beginnen", status_code=201, response_model=CaseView)
def start(
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[StartCase, Body(openapi_examples={"Smart Region": {"value": _EXAMPLE}})],
) -> JSONResponse:
    def work() -> Reply:
        case = use_cases.start(session, actor, wanted)
        session.flush()
        _, sight = access.visible_case(session, actor, case.reference)
        return Reply(
            case_view(InCase(session, actor, case, sight)),
            201,
            case.version,
            f"/api/v1/cases/{case.reference}",
        )

    return once.run(work)


@router.get("", summary="Vorgänge suchen und auflisten, die neuesten zuerst")
def find(
    session: SessionDep,
    actor: ActorDep,
    q: Annotated[
        str | None,
        Query(
            max_length=200,
            description="Aktenzeichen, Titel oder Gegenstand; auch ungefähr geschrieben",
            examples=["Smart Region"],
        ),
    ] = None,
    state: Annotated[CaseState | None, Query(description="nur in diesem Zustand")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[CaseLine]:
    search = q.strip() if q else None
    page = queries.cases(session, actor, search=search, state=state, cursor=cursor, limit=limit)
    return Page(
        items=[_line(line.case, line.lead) for line in page.items], next_cursor=page.next_cursor
    )


def _line(case: Case, lead: body_rows.Body) -> CaseLine:
    return CaseLine(
        reference=case.reference,
        title=case.title,
        subject=case.subject,
        instrument=case.instrument,
        instrument_label=label(case.instrument),
        state=case.state,
        state_label=label(case.state),
        lead=BodyRef.of(lead),
        started_on=case.started_on,
    )


@router.get("/{reference}", summary="Ein Vorgang mit Beteiligten und Verfahrensschritten")
def read(found: InCaseDep, response: Response) -> CaseView:
    response.headers["ETag"] = etag(found.case.version)
    return case_view(found)


def _sees_runs(actor: Actor, sight: Sight) -> bool:
    return sight.whole or actor.is_admin


def case_view(found: InCase) -> CaseView:
    """The case as it stands now."""
    case = found.case
    stages = course.stages_of(found.session, case)
    with_run = _sees_runs(found.actor, found.sight)

    def view(stage: Stage) -> StageView:
        return StageView.of(stage, stage_title(case, stage), with_run=with_run)

    return CaseView(
        reference=case.reference,
        title=case.title,
        subject=case.subject,
        instrument=case.instrument,
        instrument_label=label(case.instrument),
        land=case.land,
        procedure=course.procedure_of(case).title,
        procedure_version=case.procedure_version,
        principle_round=case.principle_round,
        kreistag_order=case.kreistag_order,
        programme=case.programme,
        retrospective=case.retrospective,
        state=case.state,
        state_label=label(case.state),
        started_on=case.started_on,
        ended_on=case.ended_on,
        ended_because=case.ended_because,
        version=case.version,
        parties=[
            PartyView(
                body=BodyRef.of(party.body),
                roles=party.roles,
                role_labels=[label(role) for role in party.roles],
                joined_on=party.joined_on,
                left_on=party.left_on,
                left_because=party.left_because,
            )
            for party in case.parties
        ],
        stages=[view(stage) for stage in stages.values()],
        past_rounds=[view(stage) for stage in queries.past_rounds(found.session, case)],
    )


@router.get("/{reference}/missing", summary="Was fehlt noch, und wer hat es zu tun?")
def missing(found: InCaseDep) -> MissingList:
    return MissingList(
        items=[
            MissingView(
                stage_id=None if ahead.is_ahead(entry.stage) else entry.stage.id,
                stage=entry.title,
                kind=entry.stage.kind,
                state=entry.stage.state,
                awaits=entry.stage.awaits,
                sentences=list(entry.sentences),
                obstacle=entry.obstacle,
            )
            for entry in queries.missing(found.session, found.case)
        ],
        detours=[
            OfferedDetour(detour=way.detour, label=label(way.detour))
            for way in ways(found.session, found.case)
            if not way.objections
        ],
        decided_by=who_decides(found.case),
    )


@router.post(
    "/{reference}/stages/{stage_id}/lift-halt",
    summary="Die angehaltene Automatik eines Verfahrensschritts wieder freigeben",
    response_model=StageView,
)
def lift_halt(stage_id: UUID, found: InCaseDep, once: OnceDep) -> JSONResponse:
    found.sight.require_operator()

    def work() -> Reply:
        session, case = found.session, found.case
        stage = session.get(Stage, stage_id)
        if stage is None or stage.case_id != case.id:
            raise NotFound("stage-unknown", "Diesen Verfahrensschritt gibt es nicht.")
        automation.lift_halt(session, stage_id, found.actor, new_run=True)
        session.flush()
        title = stage_title(case, stage)
        return Reply(StageView.of(stage, title, with_run=True))

    return once.run(work)
