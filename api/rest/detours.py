"""Detours: the ways on beside the straight road, and tasks that nobody foresaw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter, Body, Depends
from fastapi.openapi.models import Example
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from agreements import access
from agreements import detours as use_cases
from agreements.acts import JudgeAmendment
from agreements.detours.ways import DetourInput
from agreements.errors import StaleVersion
from agreements.glossary import label
from agreements.model.cases import Case
from agreements.model.enums import Detour, TaskKind
from agreements.people import Actor
from agreements.queries import tasks as task_queries
from api.dependencies import (
    ActorDep,
    IfMatch,
    InCase,
    InCaseDep,
    Once,
    OnceDep,
    Reply,
    SessionDep,
)
from api.rest import examples
from api.rest.cases import CaseView, case_view
from api.rest.deciding import DecidingDep, OfBody, OfConsultation
from api.rest.schemas import Completed, Output, TaskView

router = APIRouter(prefix="/cases/{reference}", tags=["Umwege"])

Wanted = TypeVar("Wanted", bound=DetourInput)


class WayView(Output):
    """Ein Weg, und was ihm jetzt entgegensteht."""

    detour: Detour
    label: str = Field(examples=["neue Beschlussrunde"])
    offered: bool = Field(description="die anfragende Person kann ihn jetzt nehmen")
    objections: list[str] = Field(description="was dagegen steht; leer: möglich")


class Ways(Output):
    """Alle Wege neben dem geraden."""

    items: list[WayView]
    decided_by: str = Field(
        description="wer darüber entscheidet", examples=["Rechtsamt der Stadt Schwerte"]
    )


@router.get("/detours", summary="Wie es neben dem geraden Weg weitergehen kann")
def ways(found: InCaseDep) -> Ways:
    who = use_cases.who_decides(found.case)
    mine = use_cases.is_lead(found.session, found.actor, found.case)
    of_others = [] if mine else [f"Das entscheidet das {who}."]
    return Ways(
        items=[
            WayView(
                detour=way.detour,
                label=label(way.detour),
                offered=mine and not way.objections,
                objections=[*of_others, *way.objections],
            )
            for way in use_cases.ways(found.session, found.case)
        ],
        decided_by=who,
    )


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes a detour in which case, once; locks as in ``deciding``."""

    session: Session
    actor: Actor
    reference: str
    version: int | None
    once: Once

    def take(
        self, use_case: Callable[[Session, Actor, Case, Wanted], None], wanted: Wanted
    ) -> JSONResponse:
        """Take it; the answer is the case as it stands then."""

        def work() -> Reply:
            found = self._locked()
            use_case(self.session, self.actor, found.case, wanted)
            self.session.flush()
            self.session.expire(found.case, ["parties"])
            return Reply(case_view(found), version=found.case.version)

        return self.once.run(work)

    def ask(self, use_case: Callable[[Case], UUID], status: int) -> JSONResponse:
        """Open or take back an ad-hoc task; the answer is the task."""

        def work() -> Reply:
            task_id = use_case(self._locked().case)
            self.session.flush()
            task = task_queries.line(self.session, task_id)
            return Reply(TaskView.of(task), status, task.task.version)

        return self.once.run(work)

    def _locked(self) -> InCase:
        case, sight = access.visible_case(self.session, self.actor, self.reference, lock=True)
        sight.require_contents()
        if self.version is not None and self.version != case.version:
            raise StaleVersion(
                "case-changed",
                "Der Vorgang hat sich inzwischen geändert. Bitte neu laden und noch einmal prüfen.",
            )
        return InCase(self.session, self.actor, case, sight)


def _taking(
    reference: str, session: SessionDep, actor: ActorDep, version: IfMatch, once: OnceDep
) -> Taking:
    return Taking(session, actor, reference, version, once)


TakingDep = Annotated[Taking, Depends(_taking)]


def _one(summary: str, **content: Any) -> dict[str, Example]:  # noqa: ANN401  (JSON)
    return {summary: Example(value={**content, "decided_on": "2026-04-20"})}


_DECIDE_AGAIN: Final = _one(
    "Nach Ablehnung", body="05978020", round="agreement", reason="Der Rat will erneut beraten."
)
_REOPEN: Final = _one(
    "Neu verhandeln", kind="agreement", reason="Kamen hat den Kostenschlüssel abgelehnt."
)
_NEW_ROUND: Final = _one(
    "Zwei Räte",
    stage="agreement_councils",
    bodies=["05978004", "05978020"],
    reason="Die Räte sind neu gewählt und sollen den Beschluss tragen.",
)
_REPEAT: Final = _one(
    "Antrag zurückgezogen",
    stage="funding_application",
    reason="Der Antrag wird mit einem neuen Finanzierungsplan gestellt.",
)
_LEAVE: Final = _one(
    "Ohne Kamen", body="05978020", successor=None, reason="Der Rat der Stadt Kamen hat abgelehnt."
)
_JOIN: Final = _one("Werne kommt hinzu", body="05978040", reason="Beschluss des Lenkungskreises")
_WITHDRAW: Final = _one("Aufgeben", reason="Drei Räte haben abgelehnt.")
_AD_HOC: Final = _one(
    "Stellungnahme Datenschutz",
    stage="agreement_councils",
    body="05978020",
    role="legal",
    title="Stellungnahme Datenschutz",
    details="Bitte die gemeinsame Verantwortlichkeit nach Art. 26 DSGVO prüfen.",
    due_on="2026-05-04",
    reason="Die Datenplattform verarbeitet personenbezogene Daten.",
)
_CANCEL: Final = _one("Zurücknehmen", reason="Die Stellungnahme liegt schon vor.")


@router.post(
    "/detours/decide-again",
    summary="Eine Vertretung ohne gültigen Beschluss erneut befassen",
    response_model=CaseView,
)
def decide_again(
    taking: TakingDep,
    wanted: Annotated[use_cases.DecideAgain, Body(openapi_examples=_DECIDE_AGAIN)],
) -> JSONResponse:
    return taking.take(use_cases.decide_again, wanted)


@router.post(
    "/detours/reopen-text",
    summary="Den festgeschriebenen Text wieder öffnen und neu verhandeln",
    response_model=CaseView,
)
def reopen_text(
    taking: TakingDep,
    wanted: Annotated[use_cases.ReopenText, Body(openapi_examples=_REOPEN)],
) -> JSONResponse:
    return taking.take(use_cases.reopen_text, wanted)


@router.post(
    "/detours/new-round",
    summary="Eine neue Beschlussrunde beginnen",
    response_model=CaseView,
)
def new_round(
    taking: TakingDep,
    wanted: Annotated[use_cases.NewRound, Body(openapi_examples=_NEW_ROUND)],
) -> JSONResponse:
    return taking.take(use_cases.new_round, wanted)


@router.post(
    "/detours/repeat-stage",
    summary="Einen Verfahrensschritt wiederholen",
    response_model=CaseView,
)
def repeat_stage(
    taking: TakingDep,
    wanted: Annotated[use_cases.RepeatStage, Body(openapi_examples=_REPEAT)],
) -> JSONResponse:
    return taking.take(use_cases.repeat_stage, wanted)


@router.post(
    "/detours/leave-party",
    summary="Ohne eine Beteiligte weitermachen",
    response_model=CaseView,
)
def leave_party(
    taking: TakingDep,
    wanted: Annotated[use_cases.LeaveParty, Body(openapi_examples=_LEAVE)],
) -> JSONResponse:
    return taking.take(use_cases.leave_party, wanted)


@router.post(
    "/detours/join-party",
    summary="Eine Beteiligte aufnehmen",
    response_model=CaseView,
)
def join_party(
    taking: TakingDep,
    wanted: Annotated[use_cases.JoinParty, Body(openapi_examples=_JOIN)],
) -> JSONResponse:
    return taking.take(use_cases.join_party, wanted)


@router.post(
    "/detours/withdraw-case",
    summary="Den Vorgang zurückziehen",
    response_model=CaseView,
)
def withdraw_case(
    taking: TakingDep,
    wanted: Annotated[use_cases.WithdrawCase, Body(openapi_examples=_WITHDRAW)],
) -> JSONResponse:
    return taking.take(use_cases.withdraw_case, wanted)


@router.post(
    "/tasks",
    summary="Eine zusätzliche Aufgabe stellen",
    status_code=201,
    response_model=TaskView,
)
def open_ad_hoc(
    taking: TakingDep,
    wanted: Annotated[use_cases.OpenAdHoc, Body(openapi_examples=_AD_HOC)],
) -> JSONResponse:
    return taking.ask(
        lambda case: use_cases.open_ad_hoc(taking.session, taking.actor, case, wanted), 201
    )


@router.post(
    "/tasks/{task_id}/cancellation",
    summary="Eine zusätzliche Aufgabe zurücknehmen",
    response_model=TaskView,
)
def cancel_task(
    task_id: UUID,
    taking: TakingDep,
    wanted: Annotated[use_cases.CancelTask, Body(openapi_examples=_CANCEL)],
) -> JSONResponse:
    def cancelled(case: Case) -> UUID:
        use_cases.cancel_task(taking.session, taking.actor, case, task_id, wanted)
        return task_id

    return taking.ask(cancelled, 200)


@router.post(
    "/reconciliations",
    summary="Einen abweichenden Beschluss beurteilen: redaktionell oder inhaltlich",
    status_code=201,
    response_model=Completed,
    tags=["Beschlüsse"],
)
async def judge_amendment(
    deciding: DecidingDep,
    act: Annotated[JudgeAmendment, Body(openapi_examples=examples.one(TaskKind.JUDGE_AMENDMENT))],
    body: OfBody = None,
    consultation_id: OfConsultation = None,
) -> JSONResponse:
    return await deciding.decide(act, body, consultation_id)
