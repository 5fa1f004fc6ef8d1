"""The due date of a task: where it comes from, and moving it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from agreements import access, duedates
from agreements.duedates import Moved, MoveDueDate
from agreements.glossary import label
from agreements.model.cases import Case, Task
from agreements.model.enums import DueKind
from agreements.people import Actor
from api.dependencies import ActorDep, IfMatch, OnceDep, Reply, SessionDep, etag
from api.rest.schemas import Output

router = APIRouter(prefix="/tasks/{task_id}", tags=["Aufgaben"])


class MoveView(Output):
    """Eine Verlegung der Frist."""

    moved_from: date | None = Field(description="null: vorher gab es keine Frist")
    moved_to: date
    reason: str
    proof: str | None = Field(examples=["Schreiben vom 3. Dezember 2026, Az. 31.04"])
    attachment_id: UUID | None
    moved_by: str
    moved_at: datetime

    @classmethod
    def of(cls, found: Moved) -> MoveView:
        """The move of a row."""
        move = found.move
        return cls(
            moved_from=move.moved_from,
            moved_to=move.moved_to,
            reason=move.reason,
            proof=move.proof,
            attachment_id=move.attachment_id,
            moved_by=found.by,
            moved_at=move.moved_at,
        )


class DueDateView(Output):
    """Die Frist einer Aufgabe, ihre Herleitung und ihre Verlegungen."""

    due_on: date | None = Field(description="null: die Aufgabe hat keine Frist")
    kind: DueKind | None
    kind_label: str | None = Field(examples=["selbst gesetzte Frist"])
    derivation: str | None = Field(description="woraus die Frist folgt, als Satz")
    may_move: bool = Field(description="ob Sie die Frist verlegen dürfen")
    moved_by: list[str] = Field(
        description="wer sie verlegen darf; leer: niemand, sie folgt aus dem Gesetz",
        examples=[["Sachbearbeitung (Stadt Kamen)", "Leitung (Stadt Kamen)"]],
    )
    why_not: str | None = Field(description="warum eine gesetzliche Frist bleibt, sonst null")
    moves: list[MoveView] = Field(description="die älteste zuerst")
    version: int = Field(description="Stand der Aufgabe; als ETag für If-Match")


def _view(session: Session, actor: Actor, case: Case, task: Task) -> DueDateView:
    movers = duedates.movers(session, actor, case, task)
    statutory = task.due_kind is DueKind.STATUTORY
    return DueDateView(
        due_on=task.due_on,
        kind=task.due_kind,
        kind_label=label(task.due_kind) if task.due_kind else None,
        derivation=task.due_reason,
        may_move=any(mover.is_me for mover in movers),
        moved_by=[mover.words for mover in movers],
        why_not=duedates.why_statutory(task) if statutory else None,
        moves=[MoveView.of(found) for found in duedates.moves_of(session, task.id)],
        version=task.version,
    )


@router.get("/due-date", summary="Die Frist einer Aufgabe mit Herleitung und Verlegungen")
def read(task_id: UUID, session: SessionDep, actor: ActorDep, response: Response) -> DueDateView:
    task, case, _ = access.visible_task(session, actor, task_id)
    response.headers["ETag"] = etag(task.version)
    return _view(session, actor, case, task)


@router.post(
    "/due-date",
    summary="Die Frist einer Aufgabe setzen, mit Grund verlegen oder mit Nachweis verlängern",
    response_model=DueDateView,
)
def move(
    task_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    version: IfMatch,
    once: OnceDep,
    wanted: Annotated[
        MoveDueDate,
        Body(
            openapi_examples={
                "internal": {
                    "summary": "Eine selbst gesetzte Frist verlegen",
                    "value": {
                        "due_on": "2026-12-17",
                        "reason": "Der Ausschuss tagt erst am 15. Dezember.",
                    },
                },
                "authority": {
                    "summary": "Eine von einer Behörde gesetzte Frist: sie hat verlängert",
                    "value": {
                        "due_on": "2027-01-31",
                        "reason": "Die Bezirksregierung hat auf unseren Antrag verlängert.",
                        "kind": "authority",
                        "proof": "Schreiben vom 3. Dezember 2026, Az. 31.04",
                    },
                },
            }
        ),
    ],
) -> JSONResponse:
    def work() -> Reply:
        _, case, _ = access.visible_task(session, actor, task_id, lock=True)
        task = duedates.move(session, actor, case, task_id, wanted, version)
        session.flush()
        return Reply(_view(session, actor, case, task), version=task.version)

    return once.run(work)
