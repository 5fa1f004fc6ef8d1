"""One task: look at it, claim, release, assign, give away and complete it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field, TypeAdapter
from sqlalchemy.orm import Session

from agreements import access, assignment, decisions
from agreements import tasks as use_cases
from agreements.acts import Act
from agreements.decisions import Decided
from agreements.glossary import label
from agreements.model.cases import Case, Task
from agreements.model.councils import Consultation
from agreements.model.drafting import TextVersion
from agreements.model.enums import ConsultationRole, VersionKind
from agreements.model.people import User
from agreements.people import Actor
from agreements.queries import tasks as queries
from agreements.queries.tasks import Basis
from agreements.sights import Sight
from api.dependencies import ActorDep, ErrandDep, IfMatch, OnceDep, Reply, SessionDep, etag
from api.quick import answered_first_by, plain, plain_id
from api.rest.conclusion import ApprovalView, PublicationView
from api.rest.examples import ACT_EXAMPLES
from api.rest.funding import ApplicationView, FinancePlanView
from api.rest.schemas import (
    Completed,
    Hash,
    OfferedAction,
    Output,
    TaskView,
    offered_actions,
)

router = APIRouter(prefix="/tasks", tags=["Aufgaben"])


class TextBasis(Output):
    """Die Textfassung, um die es geht."""

    kind: VersionKind
    number: int
    text_hash: Hash
    written_on: date
    frozen_on: date | None


class ConsultationBasis(Output):
    """Was dem Gremium vorliegt."""

    consultation_id: UUID
    paper_number: str = Field(examples=["084/2026"])
    paper_dated_on: date
    committee: str = Field(examples=["Rat"])
    role: ConsultationRole
    role_label: str = Field(examples=["Entscheidung"])
    text_hash: Hash
    proposal: list[str] = Field(description="Punkte des Beschlussvorschlags")
    voting_members_today: int | None = Field(description="null: nicht bekannt")


class TaskBasis(Output):
    """Worauf die Entscheidung beruht; was die Art der Aufgabe nicht braucht, ist null."""

    text: TextBasis | None
    consultation: ConsultationBasis | None
    approval: ApprovalView | None
    publication: PublicationView | None
    finance_plan: FinancePlanView | None
    application: ApplicationView | None


class TaskDetail(Output):
    """Eine Aufgabe mit allem, was für die Entscheidung zu sehen sein muss."""

    task: TaskView
    offered: list[OfferedAction] = Field(description="leer: andere sind zuständig")
    completed_by: str | None = Field(description="wer sie erledigt hat")
    completed_for: str | None = Field(
        description="in wessen Vertretung; null: aus eigener Zuständigkeit"
    )
    basis: TaskBasis


def _text(version: TextVersion) -> TextBasis:
    return TextBasis(
        kind=version.kind,
        number=version.number,
        text_hash=version.text_hash,
        written_on=version.written_on,
        frozen_on=version.frozen_on,
    )


def _consultation(consultation: Consultation, members: int | None) -> ConsultationBasis:
    paper = consultation.paper
    return ConsultationBasis(
        consultation_id=consultation.id,
        paper_number=paper.number,
        paper_dated_on=paper.dated_on,
        committee=consultation.committee.name,
        role=consultation.role,
        role_label=label(consultation.role),
        text_hash=paper.text_hash,
        proposal=paper.proposal["points"],
        voting_members_today=members,
    )


def _basis(basis: Basis) -> TaskBasis:
    return TaskBasis(
        text=_text(basis.text) if basis.text else None,
        consultation=(
            _consultation(basis.consultation, basis.voting_members) if basis.consultation else None
        ),
        approval=ApprovalView.of(basis.approval) if basis.approval else None,
        publication=PublicationView.of(basis.publication) if basis.publication else None,
        finance_plan=FinancePlanView.of(basis.plan) if basis.plan else None,
        application=ApplicationView.of(basis.application) if basis.application else None,
    )


@router.get("/{task_id}", summary="Eine Aufgabe mit ihrer Entscheidungsgrundlage")
def read(task_id: UUID, session: SessionDep, actor: ActorDep, response: Response) -> TaskDetail:
    task, _, sight = access.visible_task(session, actor, task_id)
    response.headers["ETag"] = etag(task.version)
    return TaskDetail(
        task=TaskView.of(queries.line(session, task.id)),
        offered=offered_actions(queries.offered(session, actor, task)),
        completed_by=_name(session, task.completed_by),
        completed_for=_name(session, task.completed_for),
        basis=_basis(queries.basis(session, task, sight)),
    )


@router.post("/{task_id}/claim", summary="Eine Aufgabe übernehmen", response_model=TaskView)
def claim(
    task_id: UUID, session: SessionDep, actor: ActorDep, version: IfMatch, once: OnceDep
) -> JSONResponse:
    def work() -> Reply:
        access.visible_task(session, actor, task_id)
        return _reply(session, use_cases.claim(session, actor, task_id, version))

    return once.run(work)


@router.post(
    "/{task_id}/release", summary="Eine übernommene Aufgabe zurückgeben", response_model=TaskView
)
def release(
    task_id: UUID, session: SessionDep, actor: ActorDep, version: IfMatch, once: OnceDep
) -> JSONResponse:
    def work() -> Reply:
        access.visible_task(session, actor, task_id)
        return _reply(session, use_cases.release(session, actor, task_id, version))

    return once.run(work)


_ASSIGN = {
    "Zuweisen": {"value": {"to": "sb.kamen", "note": "Bitte noch vor der nächsten Ratssitzung."}}
}
_REASSIGN = {
    "Neu zuweisen": {
        "value": {"to": "sb.kamen", "reason": "Die bisherige Bearbeiterin hat das Amt gewechselt."}
    }
}
_DELEGATE = {
    "Zur Bearbeitung geben": {
        "value": {"to": "sb.kamen", "note": "Bitte den Auszug aus der Niederschrift beifügen."}
    }
}
_HAND_BACK = {"Zurückgeben": {"value": {"note": "Der Auszug liegt jetzt bei."}}}


@router.post(
    "/{task_id}/assign",
    summary="Eine freie Aufgabe jemandem zuweisen (Leitung)",
    response_model=TaskView,
)
def assign(
    task_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    version: IfMatch,
    once: OnceDep,
    wanted: Annotated[assignment.AssignTask, Body(openapi_examples=_ASSIGN)],
) -> JSONResponse:
    def work() -> Reply:
        access.visible_task(session, actor, task_id)
        return _reply(session, assignment.assign(session, actor, task_id, wanted, version))

    return once.run(work)


@router.post(
    "/{task_id}/reassign",
    summary="Eine Aufgabe abnehmen und neu zuweisen, mit Begründung (Leitung)",
    response_model=TaskView,
)
def reassign(
    task_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    version: IfMatch,
    once: OnceDep,
    wanted: Annotated[assignment.ReassignTask, Body(openapi_examples=_REASSIGN)],
) -> JSONResponse:
    def work() -> Reply:
        access.visible_task(session, actor, task_id)
        return _reply(session, assignment.reassign(session, actor, task_id, wanted, version))

    return once.run(work)


@router.post(
    "/{task_id}/delegate",
    summary="Eine eigene Aufgabe zur Bearbeitung geben; sie kommt danach zurück",
    response_model=TaskView,
)
def delegate(
    task_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    version: IfMatch,
    once: OnceDep,
    wanted: Annotated[assignment.DelegateTask, Body(openapi_examples=_DELEGATE)],
) -> JSONResponse:
    def work() -> Reply:
        access.visible_task(session, actor, task_id)
        return _reply(session, assignment.delegate(session, actor, task_id, wanted, version))

    return once.run(work)


@router.post(
    "/{task_id}/hand-back",
    summary="Eine zur Bearbeitung gegebene Aufgabe zurückgeben oder zurückholen",
    response_model=TaskView,
)
def hand_back(
    task_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    version: IfMatch,
    once: OnceDep,
    wanted: Annotated[assignment.HandBackTask, Body(openapi_examples=_HAND_BACK)],
) -> JSONResponse:
    def work() -> Reply:
        access.visible_task(session, actor, task_id)
        return _reply(session, assignment.hand_back(session, actor, task_id, wanted, version))

    return once.run(work)


def _name(session: Session, user_id: UUID | None) -> str | None:
    return session.get_one(User, user_id).display_name if user_id is not None else None


def _reply(session: Session, task: Task) -> Reply:
    session.flush()
    return Reply(TaskView.of(queries.line(session, task.id)), version=task.version)


_ACT: Final[TypeAdapter[Act]] = TypeAdapter(Act)


async def _decide_at_once(request: Request) -> Response | None:
    task_id, read = plain_id(request, "task_id"), await plain(request, _ACT)
    if task_id is None or read is None:
        return None
    return await read.errand.run(completing(task_id, read.content, read.version))


deciding = APIRouter(
    prefix="/tasks", tags=["Aufgaben"], route_class=answered_first_by(_decide_at_once)
)


@deciding.post(
    "/{task_id}/complete",
    summary="In einer Aufgabe entscheiden und sie damit erledigen",
    response_model=Completed,
)
async def complete(
    task_id: UUID,
    version: IfMatch,
    errand: ErrandDep,
    act: Annotated[Act, Body(discriminator="kind", openapi_examples=ACT_EXAMPLES)],
) -> JSONResponse:
    return await errand.run(completing(task_id, act, version))


def completing(task_id: UUID, act: Act, version: int | None) -> Callable[[Session, Actor], Reply]:
    """The work of deciding in a task, for an errand."""

    def work(session: Session, actor: Actor) -> Reply:
        case, sight = access.case_of_task(session, actor, task_id)
        decided = decisions.complete_in(session, actor, case, task_id, act, version)
        return completed(session, case, decided, sight)

    return work


def completed(
    session: Session, case: Case, decided: Decided, sight: Sight, status: int = 200
) -> Reply:
    """The answer to a decision: the task, and what it has opened."""
    done, opened = queries.after_decision(session, case, decided, sight)
    content = Completed(task=TaskView.of(done), opened=[TaskView.of(line) for line in opened])
    return Reply(content, status, decided.task.version)
