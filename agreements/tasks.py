"""Tasks: who is asked to do what, who has taken it, who has done it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from agreements import ahead, clock, course, discretion, first_due, journal, searching
from agreements.errors import NotFound, StaleVersion
from agreements.glossary import label
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.base import fresh
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Stage, Task
from agreements.model.enums import DueKind, PartyRole, Priority, TaskKind, TaskState
from agreements.model.records import JournalEntry
from agreements.people import Actor
from agreements.procedures.definition import Addressee, TaskDefinition
from agreements.procedures.transitions import TASK, TaskAction, TaskFacts, Who
from agreements.responsibility import first_pair, judge, require_holder

_OPENED = "tasks.opened"
_ADDRESSEES = {Addressee.LEAD: PartyRole.LEAD, Addressee.APPLICANT: PartyRole.APPLICANT}


def open_task(
    session: Session,
    stage: Stage,
    body_id: UUID,
    definition: TaskDefinition,
    *,
    title: str | None = None,
    consultation_id: UUID | None = None,
    subject_id: UUID | None = None,
    details: str = "",
    not_by: Iterable[str] = (),
    due_on: date | None = None,
    due_kind: DueKind | None = None,
    due_reason: str | None = None,
    is_new: bool = False,
) -> None:
    """Open a task; if the same one is open already, nothing happens.

    is_new: the same one cannot be open; it is written with all else that the transaction writes.
    Without a due date it gets that of its definition (``first_due``).
    Whose work it checks, by the procedure, may not complete it; ``not_by`` names further persons.
    Titles show in reasons that everybody reads, so that of a non-public consultation is neutral.
    """
    if ahead.is_ahead(stage):
        session.add(stage)
    case, body = session.get_one(Case, stage.case_id), session.get_one(Body, body_id)
    private = discretion.is_private(session, consultation_id)
    if private:
        title = discretion.neutral_title(definition.kind)
    title = title or definition.title
    if due_on is None:
        due = first_due.at_opening(case, definition)
        if due is not None:
            due_on, due_kind, due_reason = due.on, due.kind, due.reason
    values = {
        "id": new_id(),
        "case_id": stage.case_id,
        "stage_id": stage.id,
        "body_id": body_id,
        "role": definition.role,
        "kind": definition.kind,
        "own_title": own_title(definition.kind, title),
        "consultation_id": consultation_id,
        "subject_id": subject_id,
        "details": details,
        "state": TaskState.OPEN,
        "not_by": sorted({*not_by, *first_pair(session, stage, definition)}),
        "priority": Priority.NORMAL,
        "due_on": due_on,
        "due_kind": due_kind,
        "due_reason": due_reason,
        "opened_at": clock.now(),
        "search_text": searching.text_of(case, body, title, "" if private else details),
        "version": 1,
    }
    if not is_new:
        session.flush()
        opened = session.scalars(_insert_unless_open(), values).one_or_none()
    else:
        opened = fresh(Task, **values)
        session.add(opened)
    if opened is not None:
        session.info.setdefault(_OPENED, []).append(opened)


@cache
def _insert_unless_open() -> ReturningInsert[Task]:
    return insert(Task).on_conflict_do_nothing().returning(Task)


def own_title(kind: TaskKind, title: str) -> str | None:
    """What is kept of a title; None: it is the one that all tasks of the kind have."""
    return None if title == label(kind) else title


def cancel(session: Session, which: ColumnElement[bool]) -> None:
    """Take open tasks back that nobody needs to do any more."""
    for task in session.scalars(select(Task).where(which, Task.state == TaskState.OPEN)):
        task.state = TASK.judge(task.state, TaskAction.CANCEL, Who.MACHINE, TaskFacts())
        task.cancelled_at, task.search_text = clock.now(), ""
    session.flush()


def opened_in(session: Session) -> list[Task]:
    """The tasks that this session has opened, in the order of their opening."""
    return list(session.info.get(_OPENED, ()))


def open_stage_tasks(session: Session, case: Case, stage: Stage) -> None:
    """Open the tasks that the procedure gives to a stage at its opening."""
    definition = course.procedure_of(case).stage(stage.key)
    for task in definition.tasks:
        if task.at_opening:
            for body_id in addressees(session, case, task.of):
                open_task(session, stage, body_id, task)


def addressees(session: Session, case: Case, of: Addressee) -> list[UUID]:
    """The bodies that a task of this addressee goes to."""
    query = (
        select(Party.body_id)
        .where(Party.case_id == case.id, Party.left_on.is_(None))
        .order_by(Party.position)
    )
    if of in _ADDRESSEES:
        query = query.where(Party.roles.contains([_ADDRESSEES[of]]))
    return list(session.scalars(query))


def definition_of(case: Case, stage: Stage, kind: TaskKind) -> TaskDefinition:
    """The procedure's definition of a task of a stage."""
    return course.procedure_of(case).stage(stage.key).task(kind)


def claim(session: Session, actor: Actor, task_id: UUID, version: int | None) -> Task:
    """Take a task, so that colleagues see who is on it."""
    case, task, holder = held(session, actor, task_id, version)
    judge(session, holder, task, TaskAction.CLAIM)
    if task.claimed_by != actor.user_id:
        give(task, actor.user_id)
        note(session, holder, case, task, Event.TASK_CLAIMED)
    return task


def release(session: Session, actor: Actor, task_id: UUID, version: int | None) -> Task:
    """Give a task back to the colleagues."""
    case, task, holder = held(session, actor, task_id, version)
    judge(session, holder, task, TaskAction.RELEASE)
    give(task, None)
    note(session, holder, case, task, Event.TASK_RELEASED)
    return task


def complete(session: Session, actor: Actor, task: Task) -> Actor:
    """Mark a task of a locked case as done; returns the actor, who may stand in for somebody."""
    holder = require_holder(session, actor, task)
    task.state = judge(session, holder, task, TaskAction.COMPLETE)
    task.completed_by, task.completed_at = actor.user_id, clock.now()
    task.completed_for = holder.on_behalf_of_id
    # Only open tasks are searched.
    task.search_text = ""
    return holder


def give(task: Task, user_id: UUID | None, *, by: UUID | None = None) -> None:
    """Let this person work on the task, or nobody. by: who assigned it."""
    task.claimed_by, task.claimed_at = user_id, clock.now() if user_id is not None else None
    task.assigned_by, task.delegated_by = by, None


def require_version(task: Task, version: int | None) -> None:
    """Refuse a write that was made on an older state of the task."""
    if version is not None and version != task.version:
        raise StaleVersion(
            "task-changed",
            "Die Aufgabe hat sich inzwischen geändert. Bitte neu laden und noch einmal prüfen.",
        )


def held(
    session: Session, actor: Actor, task_id: UUID, version: int | None
) -> tuple[Case, Task, Actor]:
    """The task for somebody who may work on it, and that person as such; the case is locked."""
    case, task = locked(session, task_id)
    holder = require_holder(session, actor, task)
    require_current(task, version)
    return case, task, holder


def require_current(task: Task, version: int | None) -> None:
    """``require_version`` for an open task; what is against any other is said by ``judge``."""
    if task.state is TaskState.OPEN:
        require_version(task, version)


def locked(session: Session, task_id: UUID) -> tuple[Case, Task]:
    """The task as it is now, and its locked case."""
    case_id = session.scalar(select(Task.case_id).where(Task.id == task_id))
    if case_id is None:
        raise NotFound("task-unknown", "Diese Aufgabe gibt es nicht.")
    case = course.locked_case(session, case_id)
    return case, session.get_one(Task, task_id, populate_existing=True)


def note(
    session: Session,
    actor: Actor | None,
    case: Case,
    task: Task,
    event: Event,
    *,
    reason: str | None = None,
    before: str | None = None,
    after: str | None = None,
) -> JournalEntry:
    """Write it into the journal; before, after: the names of those who had and have the task."""
    private = discretion.private_body(session, task.consultation_id)
    entry = journal.append(
        session,
        case,
        event,
        actor,
        body_id=private or task.body_id,
        data={"task": task.kind.value},
        reason=reason,
        before={"claimed_by": before} if before is not None else None,
        after={"claimed_by": after} if after is not None else None,
        confidential=private is not None,
    )
    session.flush()
    return entry
