"""Bulk actions: the same for many tasks, each on its own, all in one transaction.

A task for which it is not possible is refused with its reason and stays as it is; the others are
done. The cases are locked first, in one order, so that two bulk actions never wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import access, assignment, planning, tasks
from agreements.assignment import AssignTask, ReassignTask
from agreements.errors import Refusal
from agreements.model.cases import Case, Task
from agreements.people import Actor
from agreements.planning import PlanTask

MOST_AT_ONCE: Final = 200

TaskIds = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class BulkKind(StrEnum):
    """What is done to each of the tasks."""

    CLAIM = "claim"
    RELEASE = "release"
    PLAN = "plan"
    ASSIGN = "assign"
    REASSIGN = "reassign"


class BulkAction(BaseModel):
    """Dasselbe mit mehreren Aufgaben tun.

    `plan`, `assign`, `reassign`: nur bei der Aktion gleichen Namens, dort nötig.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: BulkKind
    task_ids: TaskIds
    plan: PlanTask | None = None
    assign: AssignTask | None = None
    reassign: ReassignTask | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name in (BulkKind.PLAN, BulkKind.ASSIGN, BulkKind.REASSIGN):
            if (getattr(self, name) is not None) != (self.action is name):
                raise ValueError(f"„{name}“ gehört zur Aktion „{name}“, und nur zu ihr.")
        return self


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one task: its new version, or the refusal."""

    task_id: UUID
    version: int | None
    refusal: Refusal | None


def carry_out(session: Session, actor: Actor, wanted: BulkAction) -> list[Result]:
    """Do it for each of the tasks; the results in the order in which they were named."""
    task_ids = list(dict.fromkeys(wanted.task_ids))
    _lock_cases(session, task_ids)
    one = _one(session, actor, wanted)
    return [_attempt(session, task_id, one) for task_id in task_ids]


def _lock_cases(session: Session, task_ids: list[UUID]) -> None:
    of_tasks = select(Task.case_id).where(Task.id.in_(task_ids))
    session.execute(
        # As in ``course.locked_case``.
        select(Case.id)
        .where(Case.id.in_(of_tasks))
        .order_by(Case.id)
        .with_for_update(of=Case, key_share=True)
    )


def _attempt(session: Session, task_id: UUID, one: Callable[[UUID], Task]) -> Result:
    try:
        with session.begin_nested():
            task = one(task_id)
            session.flush()
            return Result(task_id, task.version, None)
    except Refusal as refusal:
        return Result(task_id, None, refusal)


def _one(session: Session, actor: Actor, wanted: BulkAction) -> Callable[[UUID], Task]:
    def act(task_id: UUID) -> Task:
        access.visible_task(session, actor, task_id)
        match wanted.action:
            case BulkKind.CLAIM:
                return tasks.claim(session, actor, task_id, None)
            case BulkKind.RELEASE:
                return tasks.release(session, actor, task_id, None)
            case BulkKind.PLAN:
                assert wanted.plan is not None, "validated"
                return planning.plan(session, actor, task_id, wanted.plan, None)
            case BulkKind.ASSIGN:
                assert wanted.assign is not None, "validated"
                return assignment.assign(session, actor, task_id, wanted.assign, None)
            case BulkKind.REASSIGN:
                assert wanted.reassign is not None, "validated"
                return assignment.reassign(session, actor, task_id, wanted.reassign, None)

    return act
