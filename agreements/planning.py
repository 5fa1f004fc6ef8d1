"""Planning a task: how urgent it is, and the day on which it is laid before again (Wiedervorlage).

Neither is a deadline: moving those has rules of its own.
"""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from agreements import access, clock, discretion, journal, substitution, tasks
from agreements.errors import Conflict, NotPermitted, Refusal
from agreements.journal import Event
from agreements.law.days import require_reckonable
from agreements.model.base import Json
from agreements.model.cases import Task
from agreements.model.enums import Priority, Role, TaskState
from agreements.people import Actor


class PlanTask(BaseModel):
    """Dringlichkeit und Wiedervorlage festlegen.

    Was nicht genannt ist, bleibt; `follow_up_on` null: keine Wiedervorlage mehr.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    priority: Priority = Priority.NORMAL
    follow_up_on: date | None = Field(None, examples=["2026-06-15"])

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set & {"priority", "follow_up_on"}:
            raise ValueError("Bitte „priority“ oder „follow_up_on“ angeben.")
        return self


def plan(
    session: Session, actor: Actor, task_id: UUID, wanted: PlanTask, version: int | None
) -> Task:
    """Plan an open task: whoever holds it, or the body's supervisor."""
    task, case, _ = access.visible_task(session, actor, task_id, lock=True)
    session.refresh(task)
    actor = _planner(session, actor, task)
    if task.state is not TaskState.OPEN:
        raise Conflict("task-not-open", "Die Aufgabe ist schon erledigt oder entfallen.")
    tasks.require_version(task, version)
    _check_day(wanted)
    before = _plan_of(task, wanted)
    if "priority" in wanted.model_fields_set:
        task.priority = wanted.priority
    if "follow_up_on" in wanted.model_fields_set:
        task.follow_up_on = wanted.follow_up_on
    after = _plan_of(task, wanted)
    if before != after:
        private = discretion.private_body(session, task.consultation_id)
        journal.append(
            session,
            case,
            Event.TASK_PLANNED,
            actor,
            body_id=private or task.body_id,
            data={"task": task.kind.value, "task_id": str(task.id)},
            before=before,
            after=after,
            confidential=private is not None,
        )
        session.flush()
    return task


def _planner(session: Session, actor: Actor, task: Task) -> Actor:
    """The actor as somebody who may plan it, of their own or in place of another."""
    for role in (task.role, Role.SUPERVISOR):
        acting = substitution.acting(session, actor, role, task.body_id, task.case_id)
        if acting.holds(role, task.body_id):
            return acting
    raise NotPermitted(
        "task-of-others",
        "Eine Aufgabe planen, wer für sie zuständig ist, und die Leitung der Körperschaft.",
    )


def _check_day(wanted: PlanTask) -> None:
    if wanted.follow_up_on is None:
        return
    require_reckonable(wanted.follow_up_on, "follow_up_on")
    if wanted.follow_up_on < clock.today():
        raise Refusal(
            "follow-up-in-past",
            "Die Wiedervorlage liegt in der Vergangenheit. Bitte heute oder einen späteren Tag "
            "angeben.",
            "follow_up_on",
            f"ab {clock.today():%d.%m.%Y}",
        )


def _plan_of(task: Task, wanted: PlanTask) -> Json:
    plan: Json = {
        "priority": task.priority.value,
        "follow_up_on": task.follow_up_on.isoformat() if task.follow_up_on else None,
    }
    return {key: value for key, value in plan.items() if key in wanted.model_fields_set}
