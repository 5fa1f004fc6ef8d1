"""The people of a body: who may be chosen for a task, or to stand in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from agreements import clock
from agreements.model.bodies import Body
from agreements.model.cases import Task
from agreements.model.enums import Role
from agreements.model.people import Absence, Duty, Substitution, User
from agreements.people import PARTY_ROLES, Actor
from agreements.substitution import running, stood_in_duties, valid


def staff(
    session: Session, body_ids: Sequence[UUID], roles: Collection[Role] = PARTY_ROLES
) -> Sequence[User]:
    """Everybody who has one of the roles for one of these bodies today, by name."""
    query = select(User).where(User.active, User.id.in_(_holders(body_ids, roles)))
    return session.scalars(query.order_by(User.display_name, User.username)).all()


def _holders(body_ids: Sequence[UUID], roles: Collection[Role]) -> Select[UUID]:
    return select(Duty.user_id).where(
        Duty.body_id.in_(body_ids), Duty.role.in_(roles), valid(clock.today())
    )


def of_own_side(session: Session, actor: Actor) -> Sequence[User]:
    """Other people who might stand in for the actor: of a party, or of the state authority."""
    found = (
        staff(session, sorted(actor.party_bodies()))
        if actor.party_bodies()
        else staff(session, sorted(actor.bodies(Role.AUTHORITY)), [Role.AUTHORITY])
    )
    return [user for user in found if user.person_key != actor.person_key]


def recipients(session: Session, actor: Actor, task: Task) -> Sequence[User]:
    """Who else has the task's role today, or stands in for somebody who has it; by name.

    What keeps one of them from completing it is only judged when they are to get it.
    """
    body_ids = [task.body_id]
    standing_in = and_(
        User.id.in_(_substitutes(task)), User.id.in_(_holders(body_ids, PARTY_ROLES))
    )
    query = select(User).where(
        User.active,
        User.id.not_in([actor.user_id, *([task.claimed_by] if task.claimed_by else [])]),
        or_(User.id.in_(_holders(body_ids, [task.role])), standing_in),
    )
    return session.scalars(query.order_by(User.display_name, User.username)).all()


def _substitutes(task: Task) -> Select[UUID]:
    """Who stands in today for somebody with the task's role, as far as that reaches the task."""
    return (
        select(Substitution.substitute_id)
        .join(Absence, Absence.id == Substitution.absence_id)
        .where(
            Absence.user_id.in_(_holders([task.body_id], [task.role])),
            Substitution.ended_at.is_(None),
            running(clock.today()),
            or_(Substitution.role.is_(None), Substitution.role == task.role),
            or_(Substitution.body_id.is_(None), Substitution.body_id == task.body_id),
            or_(Substitution.case_id.is_(None), Substitution.case_id == task.case_id),
        )
    )


def supervised(session: Session, actor: Actor) -> Sequence[Body]:
    """The bodies whose tasks the person distributes, in another's place too; admins: of all."""
    query = select(Body).order_by(Body.ags)
    if not actor.is_admin:
        query = query.where(Body.id.in_(_supervised_ids(session, actor)))
    return session.scalars(query).all()


def _supervised_ids(session: Session, actor: Actor) -> frozenset[UUID]:
    stood_in = stood_in_duties(session, actor) if actor.party_bodies() else ()
    # Standing in for one case alone does not open the page of the whole body.
    in_place = {
        duty.body_id for duty in stood_in if duty.role is Role.SUPERVISOR and duty.case_id is None
    }
    return actor.bodies(Role.SUPERVISOR) | in_place
