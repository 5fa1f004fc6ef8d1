"""Who may do what with a task, of their own duty or in place of others, and what is against it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from agreements import clock, discretion, exclusions, substitution
from agreements.errors import NotPermitted
from agreements.model.cases import Stage, Task
from agreements.model.enums import TaskState
from agreements.model.people import User
from agreements.people import Actor, actor_of
from agreements.procedures.definition import TaskDefinition
from agreements.procedures.transitions import (
    TASK,
    ActionRefused,
    FourEyes,
    Objections,
    TaskAction,
    TaskFacts,
    Who,
    four_eyes_sentence,
)


def holder_of(session: Session, actor: Actor, task: Task) -> Actor | None:
    """The actor as somebody who may work on the task; in whose place, if not of their own duty.

    Whoever has the role too but stands in for the one that has the task acts for that person. No
    statement for people who have the role and a task that is free or their own.
    """
    held = actor.holds(task.role, task.body_id)
    if held and task.claimed_by in (None, actor.user_id):
        return actor
    duty = substitution.standing_in_for(
        session, actor, task.role, task.body_id, task.case_id, prefer=task.claimed_by
    )
    if duty is not None and (not held or duty.user_id == task.claimed_by):
        return substitution.in_place_of(actor, duty)
    return actor if held else None


def require_holder(session: Session, actor: Actor, task: Task) -> Actor:
    """``holder_of``, or a refusal."""
    holder = holder_of(session, actor, task)
    if holder is None:
        raise NotPermitted(
            "task-of-others",
            "Diese Aufgabe gehört zu einer anderen Körperschaft oder einer anderen Rolle. "
            "Erledigen kann sie nur, wer dort zuständig ist.",
        )
    if holder.on_behalf_of is not None and not actor.holds(task.role, task.body_id):
        substitution.require_one_party(session, actor, task.body_id, task.case_id)
    return holder


def judge(
    session: Session,
    holder: Actor,
    task: Task,
    action: TaskAction,
    who: Who = Who.HOLDER,
    against_recipient: Objections = (),
) -> TaskState:
    """Judge the action; raises with the reasons. ``holder``: from ``require_holder``."""
    if task.state is not TaskState.OPEN:
        raise ActionRefused("task-not-open", why_not_open(session, task))
    facts = facts_for(session, holder, task, against_recipient)
    return TASK.judge(task.state, action, who, facts)


def offered(session: Session, actor: Actor, task: Task) -> Sequence[tuple[TaskAction, Objections]]:
    """What the actor may do with the task, each with what stands against it."""
    holder = holder_of(session, actor, task)
    facts = facts_for(session, holder or actor, task)
    found = list(TASK.offered(task.state, Who.HOLDER, facts)) if holder else []
    if substitution.supervises(session, actor, task.body_id, task.case_id):
        found += TASK.offered(task.state, Who.SUPERVISOR, facts)
    return found


def facts_for(
    session: Session, holder: Actor, task: Task, against_recipient: Objections = ()
) -> TaskFacts:
    """What the guards look at for this person."""
    mine = task.claimed_by == holder.user_id
    taker = None if mine else at_work(session, task)
    represented = taker is not None and taker.id == holder.on_behalf_of_id
    keeps_off = taker and not (represented or substitution.is_away(session, taker.id))
    return TaskFacts(
        claimed_by=holder.name if mine else taker.display_name if taker else None,
        claimed_by_me=mine,
        claimed_by_other=taker.display_name if taker and keeps_off else None,
        represented=taker.display_name if taker and represented else None,
        delegated_to_me_by=_name(session, task.delegated_by) if mine else None,
        delegated_by_me=task.delegated_by == holder.user_id,
        excluded_by_four_eyes=four_eyes(session, holder, task),
        excluded_for_bias=exclusions.rule_against(
            session, holder, task.case_id, task.body_id, task.consultation_id
        ),
        # What is recorded of a consultation is recorded by its own body.
        not_let_in_by=(
            discretion.body_to_ask(session, holder, task.consultation_id)
            if task.subject_id is not None
            else None
        ),
        against_recipient=against_recipient,
    )


def at_work(session: Session, task: Task) -> User | None:
    """Whoever has the task and can still do it; nobody, if they have left office since."""
    if task.claimed_by is None:
        return None
    taker = session.get_one(User, task.claimed_by)
    able = taker.active and holder_of(session, actor_of(taker), task) is not None
    return taker if able else None


def four_eyes(session: Session, holder: Actor, task: Task) -> FourEyes | None:
    """Why the person is not the second pair of eyes; no statement where four eyes are not asked."""
    if not task.not_by:
        return None
    if holder.person_key in task.not_by:
        own = _did_first_part(session, holder.user_id, task)
        return FourEyes.SAME_PERSON if own else FourEyes.OTHER_ACCOUNT
    if holder.on_behalf_of_id is not None:
        represented = session.get_one(User, holder.on_behalf_of_id)
        if represented.person_key in task.not_by:
            return FourEyes.IN_PLACE_OF
    substitutes = substitution.substitutes_for_any(session, holder, task)
    return FourEyes.SUBSTITUTE if substitutes else None


def _did_first_part(session: Session, user_id: UUID, task: Task) -> bool:
    done = exists().where(
        Task.stage_id == task.stage_id,
        Task.state == TaskState.DONE,
        or_(Task.completed_by == user_id, Task.completed_for == user_id),
    )
    return bool(session.scalar(select(done)))


def first_pair(session: Session, stage: Stage, definition: TaskDefinition) -> list[str]:
    """The persons (keys) whose work a task of this definition checks: by whom and for whom."""
    if definition.four_eyes is None:
        return []
    session.flush()
    part = (
        select(Task.completed_by, Task.completed_for)
        .where(
            Task.stage_id == stage.id,
            Task.kind == definition.four_eyes,
            Task.state == TaskState.DONE,
        )
        # The newest is what is checked; who did an earlier part may check it.
        .order_by(Task.completed_at.desc(), Task.id.desc())
        .limit(1)
        .subquery()
    )
    keys = select(User.person_key).join(
        part, or_(User.id == part.c.completed_by, User.id == part.c.completed_for)
    )
    return sorted(set(session.scalars(keys)))


def against_recipient(session: Session, user: User, task: Task) -> Objections:
    """What keeps somebody who is to get the task from completing it, in sentences about them."""
    name, actor = user.display_name, actor_of(user)
    holder = holder_of(session, actor, task)
    if not user.active or holder is None:
        return (f"{name} ist für diese Aufgabe nicht zuständig und vertritt auch niemanden darin.",)
    reasons: list[str] = []
    if substitution.is_away(session, user.id):
        reasons.append(f"{name} ist heute abwesend.")
    why = four_eyes(session, holder, task)
    if why is not None:
        reasons.append(f"{name}: {four_eyes_sentence(why)}")
    if not actor.holds(task.role, task.body_id) and substitution.is_of_two_parties(
        session, actor, task.body_id, task.case_id
    ):
        reasons.append(f"{name} gehört in diesem Vorgang auch zu einer anderen Beteiligten.")
    case, body, consultation = task.case_id, task.body_id, task.consultation_id
    if exclusions.rule_against(session, actor, case, body, consultation) is not None:
        reasons.append(f"{name} darf wegen Befangenheit nicht mitwirken.")
    if task.subject_id is not None:
        asked = discretion.body_to_ask(session, actor, consultation)
        if asked is not None:
            reasons.append(
                f"{asked} muss {name} zuerst benennen: Die Beratung war nichtöffentlich."
            )
    return tuple(reasons)


def why_not_open(session: Session, task: Task) -> str:
    """What has become of a task that is not open any more, as a sentence."""
    if task.state is TaskState.CANCELLED or task.completed_at is None:
        return "Die Aufgabe ist entfallen."
    who = _name(session, task.completed_by)
    if task.completed_for is not None:
        who = f"{who} für {_name(session, task.completed_for)}"
    at = task.completed_at.astimezone(clock.BERLIN)
    return f"{who} hat die Aufgabe bereits am {at:%d.%m.%Y um %H:%M} Uhr erledigt."


def _name(session: Session, user_id: UUID | None) -> str | None:
    return session.get_one(User, user_id).display_name if user_id is not None else None
