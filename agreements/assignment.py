"""Who gets a task: assigned by the supervisor, taken from somebody, given away and handed back.

Whoever gets a task can complete it; otherwise it is refused with what stands against it.
"""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import notices, responsibility, substitution, tasks
from agreements.errors import NotPermitted, Refusal
from agreements.journal import Event
from agreements.model.cases import Case, Task
from agreements.model.enums import NoticeKind, Role
from agreements.model.people import User
from agreements.people import Actor
from agreements.procedures.transitions import TaskAction, Who
from agreements.texts import Printable

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), Printable]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Printable
]
Username = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Printable
]
_POOL: Final = "allen Zuständigen"


class _Wanted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AssignTask(_Wanted):
    """Aufgabe zuweisen. ``to``: the account of the person who gets it."""

    to: Username
    note: Note | None = None


class ReassignTask(_Wanted):
    """Aufgabe neu zuweisen. ``to``: the account of the person who gets it."""

    to: Username
    reason: Reason


class DelegateTask(_Wanted):
    """Aufgabe zur Bearbeitung geben. ``to``: the account of the colleague."""

    to: Username
    note: Reason


class HandBackTask(_Wanted):
    """Aufgabe zurückgeben oder zurückholen, nachdem sie zur Bearbeitung gegeben war."""

    note: Note | None = None


def assign(
    session: Session, actor: Actor, task_id: UUID, wanted: AssignTask, version: int | None
) -> Task:
    """Give a task that nobody has to a person who can complete it. Supervisors of the body."""
    case, task, supervisor = _for_supervisor(session, actor, task_id)
    user = account(session, wanted.to)
    if task.claimed_by == user.id and task.assigned_by == actor.user_id:
        return task
    tasks.require_current(task, version)
    against = responsibility.against_recipient(session, user, task)
    responsibility.judge(session, supervisor, task, TaskAction.ASSIGN, Who.SUPERVISOR, against)
    _give_to(session, supervisor, case, task, user, wanted.note)
    return task


def reassign(
    session: Session, actor: Actor, task_id: UUID, wanted: ReassignTask, version: int | None
) -> Task:
    """Take a task from whoever has it and give it to another. Supervisors of the body."""
    case, task, supervisor = _for_supervisor(session, actor, task_id)
    user = account(session, wanted.to)
    if task.claimed_by == user.id:
        return task
    tasks.require_current(task, version)
    against = responsibility.against_recipient(session, user, task)
    responsibility.judge(session, supervisor, task, TaskAction.REASSIGN, Who.SUPERVISOR, against)
    _give_to(session, supervisor, case, task, user, wanted.reason)
    return task


def delegate(
    session: Session, actor: Actor, task_id: UUID, wanted: DelegateTask, version: int | None
) -> Task:
    """Let a colleague do the work on a task of one's own; it comes back afterwards."""
    case, task, holder = tasks.held(session, actor, task_id, None)
    user = account(session, wanted.to)
    if task.claimed_by == user.id and task.delegated_by == actor.user_id:
        return task
    tasks.require_current(task, version)
    if user.id == actor.user_id:
        raise Refusal("delegated-to-oneself", "Das sind Sie selbst.", "to", "eine andere Person")
    against = responsibility.against_recipient(session, user, task)
    responsibility.judge(session, holder, task, TaskAction.DELEGATE, against_recipient=against)
    assigned_by = task.assigned_by
    tasks.give(task, user.id, by=assigned_by)
    task.delegated_by = actor.user_id
    entry = tasks.note(
        session,
        holder,
        case,
        task,
        Event.TASK_DELEGATED,
        reason=wanted.note,
        before=actor.name,
        after=user.display_name,
    )
    said = f"{actor.name} hat Ihnen die Aufgabe zur Bearbeitung gegeben: {wanted.note}"
    _tell(session, user.id, NoticeKind.TASK_ASSIGNED, task, entry.number, said)
    return task


def hand_back(
    session: Session, actor: Actor, task_id: UUID, wanted: HandBackTask, version: int | None
) -> Task:
    """Give a delegated task back, or take it back; if its owner has left, to the colleagues."""
    case, task, holder = tasks.held(session, actor, task_id, version)
    responsibility.judge(session, holder, task, TaskAction.HAND_BACK)
    owner, other = task.delegated_by, task.claimed_by
    had = _name(session, other)
    tasks.give(task, owner, by=task.assigned_by)
    if responsibility.at_work(session, task) is None:
        tasks.give(task, None)
    entry = tasks.note(
        session,
        holder,
        case,
        task,
        Event.TASK_HANDED_BACK,
        reason=wanted.note,
        before=had,
        after=_name(session, task.claimed_by),
    )
    if owner == actor.user_id and other is not None:
        said = f"{actor.name} hat die Aufgabe, an der Sie gearbeitet haben, zurückgeholt."
        _tell(session, other, NoticeKind.TASK_COMMENTED, task, entry.number, said)
    elif task.claimed_by is not None:
        said = f"{actor.name} hat die Aufgabe zurückgegeben" + _because(wanted.note)
        _tell(session, task.claimed_by, NoticeKind.TASK_HANDED_BACK, task, entry.number, said)
    return task


def account(session: Session, username: str, field: str = "to") -> User:
    """The account of that name; the answer does not tell closed from unknown ones."""
    user = session.scalar(select(User).where(User.username == username, User.active))
    if user is None:
        raise Refusal(
            "account-unknown",
            f"Ein Konto „{username}“ gibt es nicht, oder es ist stillgelegt.",
            field,
            "der Benutzername einer Person der Körperschaft",
        )
    return user


def move(
    session: Session, actor: Actor | None, case: Case, task: Task, user: User | None, reason: str
) -> None:
    """Give a task of a locked case to another person, or to all who hold its role."""
    if user is not None:
        _give_to(session, actor, case, task, user, reason)
        return
    had, before = task.claimed_by, _name(session, task.claimed_by)
    tasks.give(task, None)
    released = Event.TASK_RELEASED
    entry = tasks.note(session, actor, case, task, released, reason=reason, before=before)
    _tell_former(session, actor, task, had, entry.number, reason)


def _for_supervisor(session: Session, actor: Actor, task_id: UUID) -> tuple[Case, Task, Actor]:
    case, task = tasks.locked(session, task_id)
    if not substitution.supervises(session, actor, task.body_id, task.case_id):
        raise NotPermitted(
            "not-a-supervisor", "Aufgaben weist nur die Leitung der Körperschaft zu."
        )
    supervisor = substitution.acting(session, actor, Role.SUPERVISOR, task.body_id, task.case_id)
    return case, task, supervisor


def _give_to(
    session: Session,
    actor: Actor | None,
    case: Case,
    task: Task,
    user: User,
    reason: str | None,
) -> None:
    had, before = task.claimed_by, _name(session, task.claimed_by)
    tasks.give(task, user.id, by=actor.user_id if actor else None)
    entry = tasks.note(
        session,
        actor,
        case,
        task,
        Event.TASK_ASSIGNED,
        reason=reason or None,
        before=before,
        after=user.display_name,
    )
    who = actor.name if actor else "Die Administration"
    if actor is None or user.id != actor.user_id:
        said = f"{who} hat Ihnen die Aufgabe zugewiesen" + _because(reason)
        _tell(session, user.id, NoticeKind.TASK_ASSIGNED, task, entry.number, said)
    _tell_former(session, actor, task, had, entry.number, reason)


def _tell_former(
    session: Session,
    actor: Actor | None,
    task: Task,
    had: UUID | None,
    number: int,
    reason: str | None,
) -> None:
    if had is None or (actor is not None and had == actor.user_id):
        return
    now = _name(session, task.claimed_by) or _POOL
    said = f"Die Aufgabe liegt nicht mehr bei Ihnen, sondern bei: {now}" + _because(reason)
    _tell(session, had, NoticeKind.TASK_COMMENTED, task, number, said)


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else "."


def _tell(
    session: Session, user_id: UUID, kind: NoticeKind, task: Task, number: int, sentence: str
) -> None:
    # The entry's number tells apart what happens to the same task more than once.
    key = f"{kind.value}:{task.id}:{number}"
    notices.tell(session, [user_id], kind, key, task=task, data={"sentence": sentence})


def _name(session: Session, user_id: UUID | None) -> str | None:
    return session.get_one(User, user_id).display_name if user_id is not None else None
