"""Übergabe: everything that people who leave have in hand goes to somebody else, in one step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agreements import absences, assignment, course, responsibility, substitution, tasks
from agreements.assignment import Reason, Username
from agreements.errors import Refusal
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.enums import TaskState
from agreements.model.people import Absence, Duty, Substitution, User
from agreements.people import Actor
from agreements.queries import bodies as body_queries


class HandOver(BaseModel):
    """Aufgaben übergeben. ``from``: accounts; ``to``: who gets them, None: all who are due."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_: Annotated[tuple[Username, ...], Field(alias="from", min_length=1, max_length=50)]
    to: Username | None = None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Moved:
    """A task that was handed over; ``to``: the name of who has it now, None: all who are due."""

    task: Task
    case: Case
    to: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A task that stayed where it was, and why."""

    task: Task
    case: Case
    reasons: tuple[str, ...]


@dataclass(slots=True)
class HandedOver:
    """What a hand-over has done; ``substitutions_ended``: in how many the people stood in."""

    moved: list[Moved] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    substitutions_ended: int = 0


def hand_over(session: Session, actor: Actor | None, ags: str, wanted: HandOver) -> HandedOver:
    """Move all open tasks of these people in the body. Supervisors, admins; None: the command line.

    What the successor could not complete stays, with the reason. Cases are locked in one order.
    """
    body = body_queries.body(session, ags)
    if actor is not None:
        substitution.require_supervisor(session, actor, body.id)
    leaving = {user.id: user for user in (_leaver(session, body, name) for name in wanted.from_)}
    heir = _heir(session, leaving, wanted.to)
    result = HandedOver()
    theirs = or_(Task.claimed_by.in_(leaving), Task.delegated_by.in_(leaving))
    which = (Task.body_id == body.id, Task.state == TaskState.OPEN, theirs)
    affected = select(Task.case_id).where(*which).distinct().order_by(Task.case_id)
    for case_id in session.scalars(affected).all():
        case = course.locked_case(session, case_id)
        query = select(Task).where(Task.case_id == case_id, *which).order_by(Task.id)
        for task in session.scalars(query.execution_options(populate_existing=True)).all():
            _pass_on(session, actor, case, task, leaving, heir, wanted.reason, result)
    result.substitutions_ended = end_substitutions(session, actor, leaving, body.id)
    session.flush()
    return result


def end_substitutions(
    session: Session, actor: Actor | None, leaving: Collection[UUID], body_id: UUID | None
) -> int:
    """These people stand in for nobody any more, in the body or at all; supervisors are told."""
    query = (
        select(Substitution, Absence, User)
        .join(Absence, Absence.id == Substitution.absence_id)
        .join(User, User.id == Absence.user_id)
        .where(
            Substitution.substitute_id.in_(leaving),
            Substitution.ended_at.is_(None),
            Absence.ended_at.is_(None),
        )
        .order_by(Substitution.id)
    )
    if body_id is not None:
        theirs = select(Duty.user_id).where(Duty.body_id == body_id)
        query = query.where(Absence.user_id.in_(theirs))
    found = session.execute(query).all()
    for entry, _, user in found:
        absences.take_back(session, actor, user, entry)
    for absence in {row[1].id: row[1] for row in found}.values():
        absences.tell_of_gaps(session, actor, absence)
    return len(found)


def _leaver(session: Session, body: Body, username: str) -> User:
    user = session.scalar(select(User).where(User.username == username))
    # A closed account may still have to be cleared, so only the body counts.
    if user is None or all(duty.body_id != body.id for duty in user.duties):
        raise Refusal(
            "not-of-the-body",
            f"„{username}“ ist kein Konto von {body.name}.",
            "from",
            "Benutzernamen von Personen der Körperschaft",
        )
    return user


def _heir(session: Session, leaving: dict[UUID, User], username: str | None) -> User | None:
    if username is None:
        return None
    heir = assignment.account(session, username)
    if heir.id in leaving:
        raise Refusal(
            "handover-to-oneself",
            "Wer seine Aufgaben abgibt, kann sie nicht zugleich übernehmen.",
            "to",
            "eine andere Person, oder keine Angabe: dann gehen sie an alle Zuständigen",
        )
    return heir


def _pass_on(
    session: Session,
    actor: Actor | None,
    case: Case,
    task: Task,
    leaving: dict[UUID, User],
    heir: User | None,
    reason: str,
    result: HandedOver,
) -> None:
    if task.claimed_by not in leaving:
        _change_owner(session, actor, case, task, heir, reason, result)
        return
    to = _owner(session, task, leaving) or heir
    against = responsibility.against_recipient(session, to, task) if to is not None else ()
    if against:
        result.kept.append(Kept(task, case, against))
        return
    assignment.move(session, actor, case, task, to, reason)
    result.moved.append(Moved(task, case, to.display_name if to else None))


def _owner(session: Session, task: Task, leaving: dict[UUID, User]) -> User | None:
    """Whoever gave it to the leaving person for the work, and can go on with it."""
    if task.delegated_by is None or task.delegated_by in leaving:
        return None
    owner = session.get_one(User, task.delegated_by)
    return None if responsibility.against_recipient(session, owner, task) else owner


def _change_owner(
    session: Session,
    actor: Actor | None,
    case: Case,
    task: Task,
    heir: User | None,
    reason: str,
    result: HandedOver,
) -> None:
    """A colleague goes on working on the task; who gets it back from them changes."""
    assert task.delegated_by is not None
    before = session.get_one(User, task.delegated_by).display_name
    able = heir is not None and not responsibility.against_recipient(session, heir, task)
    owner = heir if able and heir is not None and heir.id != task.claimed_by else None
    task.delegated_by = owner.id if owner else None
    after = owner.display_name if owner else None
    tasks.note(
        session, actor, case, task, Event.TASK_ASSIGNED, reason=reason, before=before, after=after
    )
    worker = session.get_one(User, task.claimed_by).display_name if task.claimed_by else None
    result.moved.append(Moved(task, case, after or worker))
