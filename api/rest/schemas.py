"""What several endpoints answer. No defaults: every field is always there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from agreements import ahead, course
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.enums import (
    Awaits,
    DueKind,
    Priority,
    Role,
    Round,
    StageKind,
    StageState,
    TaskKind,
    TaskState,
)
from agreements.procedures.transitions import Objections, TaskAction
from agreements.queries.tasks import TaskLine

Item = TypeVar("Item")

Reference = Annotated[str, Field(description="Aktenzeichen", examples=["IKZ-2026-0001"])]
Hash = Annotated[str, Field(description="SHA-256 in Hexadezimalschreibweise")]


class Output(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True)


class Page(Output, Generic[Item]):
    """Eine Seite einer Liste."""

    items: list[Item]
    next_cursor: str | None = Field(description="für die nächste Seite; null: das war die letzte")


class BodyRef(Output):
    """Eine Körperschaft, kurz."""

    ags: str = Field(description="Amtlicher Gemeindeschlüssel", examples=["05978020"])
    name: str = Field(examples=["Stadt Kamen"])
    short: str = Field(examples=["Kamen"])

    @classmethod
    def of(cls, body: Body) -> BodyRef:
        """The body of a row."""
        return cls(ags=body.ags, name=body.name, short=body.forms["short"])


class StageView(Output):
    """Ein Verfahrensschritt.

    `flow_run_id` sehen nur Rechtsämter der Beteiligten und die Administration.
    """

    id: UUID | None = Field(description="null: der Schritt steht noch bevor")
    key: str = Field(examples=["agreement_councils"])
    kind: StageKind
    title: str = Field(examples=["Beschlüsse der Räte"])
    round: Round | None
    number: int = Field(description="die wievielte Runde dieses Schritts")
    state: StageState
    state_label: str = Field(examples=["läuft"])
    state_since: datetime
    awaits: Awaits = Field(description="wer am Zug ist")
    reason: str = Field(description="warum der Schritt so steht")
    last_act_on: date | None
    done_on: date | None
    superseded_because: str | None = Field(
        description="warum eine spätere Runde an seine Stelle getreten ist; null: er gilt"
    )
    halted_at: datetime | None
    halt_reason: str | None
    failure: str | None = Field(description="was die Administration beheben muss")
    flow_run_id: UUID | None

    @classmethod
    def of(cls, stage: Stage, title: str, *, with_run: bool) -> StageView:
        """The stage of a row."""
        return cls(
            id=None if ahead.is_ahead(stage) else stage.id,
            key=stage.key,
            kind=stage.kind,
            title=title,
            round=stage.round,
            number=stage.number,
            state=stage.state,
            state_label=label(stage.state),
            state_since=stage.state_since,
            awaits=stage.awaits,
            reason=stage.reason,
            last_act_on=stage.last_act_on,
            done_on=stage.done_on,
            superseded_because=stage.superseded_because,
            halted_at=stage.halted_at,
            halt_reason=stage.halt_reason,
            failure=stage.failure,
            flow_run_id=stage.flow_run_id if with_run else None,
        )


def stage_title(case: Case, stage: Stage) -> str:
    """What people read as the name of a stage."""
    return course.procedure_of(case).stage(stage.key).title


class TaskView(Output):
    """Eine Aufgabe."""

    id: UUID
    case: Reference
    case_title: str
    stage: str = Field(description="Verfahrensschritt", examples=["Beschlüsse der Räte"])
    stage_id: UUID
    body: BodyRef
    role: Role
    role_label: str = Field(examples=["Sachbearbeitung"])
    kind: TaskKind
    title: str = Field(examples=["Beschluss erfassen (Rat)"])
    state: TaskState
    consultation_id: UUID | None
    priority: Priority
    priority_label: str = Field(examples=["normal"])
    due_on: date | None
    due_kind: DueKind | None
    due_kind_label: str | None = Field(examples=["gesetzliche Frist"])
    due_reason: str | None
    follow_up_on: date | None = Field(description="Wiedervorlage")
    opened_at: datetime
    claimed_by: str | None = Field(description="wer an der Aufgabe arbeitet")
    claimed_at: datetime | None
    assigned_by: str | None = Field(description="wer sie zugewiesen hat; null: selbst übernommen")
    delegated_by: str | None = Field(description="wer sie nach der Bearbeitung zurückbekommt")
    for_whom: str | None = Field(
        description="in wessen Vertretung Sie zuständig sind; null: aus eigener Zuständigkeit"
    )
    completed_at: datetime | None
    version: int = Field(description="Stand; als ETag für If-Match")

    @classmethod
    def of(cls, line: TaskLine) -> TaskView:
        """The task of a row."""
        task: Task = line.task
        return cls(
            id=task.id,
            case=line.case.reference,
            case_title=line.case.title,
            stage=stage_title(line.case, line.stage),
            stage_id=task.stage_id,
            body=BodyRef.of(line.body),
            role=task.role,
            role_label=label(task.role),
            kind=task.kind,
            title=task.title,
            state=task.state,
            consultation_id=task.consultation_id,
            priority=task.priority,
            priority_label=label(task.priority),
            due_on=task.due_on,
            due_kind=task.due_kind,
            due_kind_label=label(task.due_kind) if task.due_kind else None,
            due_reason=task.due_reason,
            follow_up_on=task.follow_up_on,
            opened_at=task.opened_at,
            claimed_by=line.claimed_by,
            claimed_at=task.claimed_at,
            assigned_by=line.assigned_by,
            delegated_by=line.delegated_by,
            for_whom=line.for_whom,
            completed_at=task.completed_at,
            version=task.version,
        )


class Completed(Output):
    """Die erledigte Aufgabe, und was sie im selben Augenblick eröffnet hat."""

    task: TaskView
    opened: list[TaskView]


class OfferedAction(Output):
    """Was mit der Aufgabe getan werden kann, und was dem entgegensteht."""

    action: TaskAction
    objections: list[str] = Field(description="leer: möglich")


def offered_actions(
    offered: Iterable[tuple[TaskAction, Objections]],
) -> list[OfferedAction]:
    """The offered actions as they are answered."""
    return [OfferedAction(action=action, objections=list(why)) for action, why in offered]


def body_ref(bodies: Mapping[UUID, Body], body_id: UUID | None) -> BodyRef | None:
    """The body of an id; None for none."""
    return BodyRef.of(bodies[body_id]) if body_id is not None else None
