"""Tasks: who is asked to do what, who has taken it, who has done it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from agreements import clock, course, discretion, exclusions, journal, searching
from agreements.errors import NotFound, NotPermitted, StaleVersion
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.cases import Case, Party, Stage, Task
from agreements.model.enums import DueKind, PartyRole, Priority, TaskKind, TaskState
from agreements.model.people import User
from agreements.people import Actor, actor_of
from agreements.procedures.definition import Addressee, TaskDefinition
from agreements.procedures.transitions import TASK, ActionRefused, TaskAction, TaskFacts, Who

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
) -> None:
    """Open a task; if the same one is open already, nothing happens.

    Titles show in reasons that everybody reads, so that of a non-public consultation is neutral.
    """
    session.flush()
    private = discretion.is_private(session, consultation_id)
    if private:
        title = discretion.neutral_title(definition.kind)
    title = title or definition.title
    opened = session.scalars(
        insert(Task)
        .values(
            id=new_id(),
            case_id=stage.case_id,
            stage_id=stage.id,
            body_id=body_id,
            role=definition.role,
            kind=definition.kind,
            title=title,
            consultation_id=consultation_id,
            subject_id=subject_id,
            details=details,
            state=TaskState.OPEN,
            not_by=list(not_by),
            priority=Priority.NORMAL,
            due_on=due_on,
            due_kind=due_kind,
            due_reason=due_reason,
            opened_at=clock.now(),
            search_text=searching.text_of(
                stage.case_id, body_id, title, "" if private else details
            ),
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Task)
    ).one_or_none()
    if opened is not None:
        session.info.setdefault(_OPENED, []).append(opened)


def cancel(session: Session, which: ColumnElement[bool]) -> None:
    """Take open tasks back that nobody needs to do any more."""
    for task in session.scalars(select(Task).where(which, Task.state == TaskState.OPEN)):
        task.state = TASK.judge(task.state, TaskAction.CANCEL, Who.MACHINE, TaskFacts())
        task.cancelled_at = clock.now()
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
    task = _locked(session, actor, task_id, version)
    _judge(session, actor, task, TaskAction.CLAIM)
    if task.claimed_by != actor.user_id:
        task.claimed_by, task.claimed_at = actor.user_id, clock.now()
        _note(session, actor, task, Event.TASK_CLAIMED)
    return task


def release(session: Session, actor: Actor, task_id: UUID, version: int | None) -> Task:
    """Give a task back to the colleagues."""
    task = _locked(session, actor, task_id, version)
    _judge(session, actor, task, TaskAction.RELEASE)
    task.claimed_by, task.claimed_at = None, None
    _note(session, actor, task, Event.TASK_RELEASED)
    return task


def complete(session: Session, actor: Actor, task: Task) -> None:
    """Mark a task of a locked case as done by the actor."""
    task.state = _judge(session, actor, task, TaskAction.COMPLETE)
    task.completed_by, task.completed_at = actor.user_id, clock.now()


def require_holder(actor: Actor, task: Task) -> None:
    """Refuse unless the actor has the task's role for its body."""
    if not actor.holds(task.role, task.body_id):
        raise NotPermitted(
            "task-of-others",
            "Diese Aufgabe gehört zu einer anderen Körperschaft oder einer anderen Rolle. "
            "Erledigen kann sie nur, wer dort zuständig ist.",
        )


def require_version(task: Task, version: int | None) -> None:
    """Refuse a write that was made on an older state of the task."""
    if version is not None and version != task.version:
        raise StaleVersion(
            "task-changed",
            "Die Aufgabe hat sich inzwischen geändert. Bitte neu laden und noch einmal prüfen.",
        )


def facts_for(session: Session, actor: Actor, task: Task) -> TaskFacts:
    """What the guards look at for this person."""
    mine = task.claimed_by == actor.user_id
    other = None
    if task.claimed_by is not None and not mine:
        taker = session.get_one(User, task.claimed_by)
        # Whoever has left office since does not keep the others from it.
        if taker.active and actor_of(taker).holds(task.role, task.body_id):
            other = taker.display_name
    return TaskFacts(
        claimed_by_me=mine,
        claimed_by_other=other,
        excluded_by_four_eyes=actor.person_key in task.not_by,
        excluded_for_bias=exclusions.rule_against(
            session, actor, task.case_id, task.body_id, task.consultation_id
        ),
        # What is recorded of a consultation is recorded by its own body.
        not_let_in_by=(
            discretion.body_to_ask(session, actor, task.consultation_id)
            if task.subject_id is not None
            else None
        ),
    )


def _judge(session: Session, actor: Actor, task: Task, action: TaskAction) -> TaskState:
    require_holder(actor, task)
    if task.state is not TaskState.OPEN:
        raise ActionRefused("task-not-open", _why_not_open(session, task))
    return TASK.judge(task.state, action, Who.HOLDER, facts_for(session, actor, task))


def _why_not_open(session: Session, task: Task) -> str:
    if task.state is TaskState.CANCELLED or task.completed_at is None:
        return "Die Aufgabe ist entfallen."
    name = session.scalar(select(User.display_name).where(User.id == task.completed_by))
    at = task.completed_at.astimezone(clock.BERLIN)
    return f"{name} hat die Aufgabe bereits am {at:%d.%m.%Y um %H:%M} Uhr erledigt."


def _locked(session: Session, actor: Actor, task_id: UUID, version: int | None) -> Task:
    case_id = session.scalar(select(Task.case_id).where(Task.id == task_id))
    if case_id is None:
        raise NotFound("task-unknown", "Diese Aufgabe gibt es nicht.")
    course.locked_case(session, case_id)
    task = session.get_one(Task, task_id, populate_existing=True)
    require_holder(actor, task)
    if task.state is TaskState.OPEN:
        require_version(task, version)
    return task


def _note(session: Session, actor: Actor, task: Task, event: Event) -> None:
    case = session.get_one(Case, task.case_id)
    private = discretion.private_body(session, task.consultation_id)
    journal.append(
        session,
        case,
        event,
        actor,
        body_id=private or task.body_id,
        data={"task": task.kind.value},
        confidential=private is not None,
    )
    session.flush()
