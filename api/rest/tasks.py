"""The inbox: find, claim, release and complete tasks."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from agreements import access, decisions
from agreements import tasks as use_cases
from agreements.access import Sight
from agreements.acts import Act
from agreements.decisions import Decided
from agreements.glossary import label
from agreements.model.cases import Case, Task
from agreements.model.councils import Consultation
from agreements.model.drafting import TextVersion
from agreements.model.enums import ConsultationRole, TaskKind, VersionKind
from agreements.people import Actor
from agreements.queries import tasks as queries
from agreements.queries.tasks import Basis
from api.dependencies import (
    ActorDep,
    Cursor,
    ErrandDep,
    IfMatch,
    Limit,
    OnceDep,
    Reply,
    SessionDep,
    etag,
)
from api.rest.conclusion import ApprovalView, PublicationView
from api.rest.examples import ACT_EXAMPLES
from api.rest.funding import ApplicationView, FinancePlanView
from api.rest.schemas import (
    Completed,
    Hash,
    OfferedAction,
    Output,
    Page,
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


@router.get("", summary="Meine offenen Aufgaben, die ältesten zuerst")
def inbox(
    session: SessionDep,
    actor: ActorDep,
    case: Annotated[
        str | None, Query(description="nur dieses Aktenzeichen", examples=["IKZ-2026-0001"])
    ] = None,
    kind: Annotated[TaskKind | None, Query(description="nur diese Art")] = None,
    body: Annotated[
        str | None, Query(description="nur diese Körperschaft (AGS)", examples=["05978020"])
    ] = None,
    claimed: Annotated[
        bool | None, Query(description="true: nur übernommene, false: nur freie")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[TaskView]:
    page = queries.inbox(
        session,
        actor,
        reference=case,
        kind=kind,
        ags=body,
        claimed=claimed,
        cursor=cursor,
        limit=limit,
    )
    return Page(items=[TaskView.of(line) for line in page.items], next_cursor=page.next_cursor)


@router.get("/{task_id}", summary="Eine Aufgabe mit ihrer Entscheidungsgrundlage")
def read(task_id: UUID, session: SessionDep, actor: ActorDep, response: Response) -> TaskDetail:
    task, _, sight = access.visible_task(session, actor, task_id)
    response.headers["ETag"] = etag(task.version)
    return TaskDetail(
        task=TaskView.of(queries.line(session, task.id)),
        offered=offered_actions(queries.offered(session, actor, task)),
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


def _reply(session: Session, task: Task) -> Reply:
    session.flush()
    return Reply(TaskView.of(queries.line(session, task.id)), version=task.version)


@router.post(
    "/{task_id}/complete",
    summary="In einer Aufgabe entscheiden und sie damit erledigen",
    response_model=Completed,
)
def complete(
    task_id: UUID,
    version: IfMatch,
    errand: ErrandDep,
    act: Annotated[Act, Body(discriminator="kind", openapi_examples=ACT_EXAMPLES)],
) -> JSONResponse:
    def work(session: Session, actor: Actor) -> Reply:
        case, sight = access.case_of_task(session, actor, task_id)
        decided = decisions.complete_in(session, actor, case, task_id, act, version)
        return completed(session, case, decided, sight)

    return errand.run(work)


def completed(
    session: Session, case: Case, decided: Decided, sight: Sight, status: int = 200
) -> Reply:
    """The answer to a decision: the task, and what it has opened."""
    done, opened = queries.after_decision(session, case, decided, sight)
    content = Completed(task=TaskView.of(done), opened=[TaskView.of(line) for line in opened])
    return Reply(content, status, decided.task.version)
