"""The people of a body: who may be chosen for a task, or to stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, responsibility
from agreements.model.bodies import Body
from agreements.model.cases import Task
from agreements.model.enums import Role
from agreements.model.people import Duty, User
from agreements.people import PARTY_ROLES, Actor
from agreements.procedures.transitions import Objections
from agreements.substitution import stood_in_duties, valid


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person of the body, and what keeps them from completing the task; empty: nothing."""

    user: User
    against: Objections


def staff(session: Session, body_ids: Sequence[UUID]) -> Sequence[User]:
    """Everybody who acts for one of these bodies as a party today, by name."""
    of_body = select(Duty.user_id).where(
        Duty.body_id.in_(body_ids), Duty.role.in_(PARTY_ROLES), valid(clock.today())
    )
    query = select(User).where(User.active, User.id.in_(of_body))
    return session.scalars(query.order_by(User.display_name, User.username)).all()


def recipients(session: Session, actor: Actor, task: Task) -> list[Recipient]:
    """Who else may get the task: all who could complete it, and why its role's others may not."""
    found = []
    for user in staff(session, [task.body_id]):
        if user.id in (actor.user_id, task.claimed_by):
            continue
        against = responsibility.against_recipient(session, user, task)
        if not against or _has_role(user, task):
            found.append(Recipient(user, against))
    return found


def _has_role(user: User, task: Task) -> bool:
    return any((duty.role, duty.body_id) == (task.role, task.body_id) for duty in user.duties)


def supervised(session: Session, actor: Actor) -> Sequence[Body]:
    """The bodies whose tasks the person distributes, in another's place too; admins: of all."""
    query = select(Body).order_by(Body.ags)
    if not actor.is_admin:
        query = query.where(Body.id.in_(_supervised_ids(session, actor)))
    return session.scalars(query).all()


def _supervised_ids(session: Session, actor: Actor) -> frozenset[UUID]:
    stood_in = stood_in_duties(session, actor) if actor.party_bodies() else ()
    in_place = {duty.body_id for duty in stood_in if duty.role is Role.SUPERVISOR}
    return actor.bodies(Role.SUPERVISOR) | in_place
