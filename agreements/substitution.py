"""Vertretung: whose duties a person has today because that person is away.

Duties in place of others do not pass on: who stands in for somebody who stands in for a third one
has the duties of the second only. Nobody stands in for a body to which they do not belong, and no
account ever has the duties of a party and of the state authority.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from agreements import clock
from agreements.database.prepared import prepared
from agreements.errors import Conflict, NotPermitted
from agreements.model.cases import Party, Task
from agreements.model.enums import Role
from agreements.model.people import Absence, Duty, Substitution, User
from agreements.people import PARTY_ROLES, Actor


@dataclass(frozen=True, slots=True)
class StoodIn:
    """A duty of somebody who is away; ``case_id`` limits it, None: in every case."""

    user_id: UUID
    name: str
    person_key: str
    role: Role
    body_id: UUID
    case_id: UUID | None

    def reaches(self, role: Role, body_id: UUID, case_id: UUID | None) -> bool:
        """Whether it is this role for this body, in this case (None: outside of cases)."""
        return (self.role, self.body_id) == (role, body_id) and self.case_id in (None, case_id)


def running(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Absences that cover the day and have not been taken back."""
    return and_(
        Absence.ended_at.is_(None),
        Absence.first_day <= day,
        or_(Absence.last_day.is_(None), Absence.last_day >= day),
    )


def valid(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Duties that are held on the day."""
    return and_(
        or_(Duty.valid_from.is_(None), Duty.valid_from <= day),
        or_(Duty.valid_to.is_(None), Duty.valid_to >= day),
    )


def is_same_person(session: Session, actor: Actor, user_id: UUID) -> bool:
    """Whether the actor is the person of that account, under another too, or stands in for it.

    Which duty is stood in for makes no difference, as in ``substitutes_for_any``.
    """
    keys = {actor.person_key, *(one.person_key for one in stood_in_duties(session, actor))}
    if actor.on_behalf_of_id is not None:
        keys.add(session.get_one(User, actor.on_behalf_of_id).person_key)
    return session.get_one(User, user_id).person_key in keys


def stood_in_duties(session: Session, actor: Actor) -> frozenset[StoodIn]:
    """The duties that the actor has today in place of people who are away; one statement."""
    rows = _stood_in.all(session, substitute_id=actor.user_id, day=clock.today())
    return frozenset(
        StoodIn(user_id, name, person_key, role, body_id, case_id)
        for user_id, name, person_key, role, body_id, case_id in rows
        if body_id is not None and may_take_on(actor, role, body_id)
    )


@prepared
def _stood_in() -> Select[UUID, str, str, Role, UUID | None, UUID | None]:
    day = bindparam("day", type_=Date)
    return (
        select(
            Absence.user_id,
            User.display_name,
            User.person_key,
            Duty.role,
            Duty.body_id,
            Substitution.case_id,
        )
        .select_from(Substitution)
        .join(Absence, Absence.id == Substitution.absence_id)
        .join(User, User.id == Absence.user_id)
        .join(Duty, Duty.user_id == Absence.user_id)
        .where(
            Substitution.substitute_id == bindparam("substitute_id"),
            Substitution.ended_at.is_(None),
            running(day),
            valid(day),
            User.active,
            Duty.body_id.is_not(None),
            or_(Substitution.role.is_(None), Substitution.role == Duty.role),
            or_(Substitution.body_id.is_(None), Substitution.body_id == Duty.body_id),
        )
    )


def may_take_on(actor: Actor, role: Role, body_id: UUID) -> bool:
    """Whether the actor belongs to the body, and on the same side as the role.

    The one that stands in for a party never belongs to the state authority, nor the reverse.
    """
    if role in PARTY_ROLES:
        return body_id in actor.party_bodies() and not actor.has(Role.AUTHORITY)
    return actor.holds(Role.AUTHORITY, body_id) and not actor.party_bodies()


def widened(actor: Actor, stood_in: Collection[StoodIn], case_id: UUID | None) -> Actor:
    """The actor with the duties that they have in place of others, in this case."""
    reached = {(duty.role, duty.body_id) for duty in stood_in if duty.case_id in (None, case_id)}
    return replace(actor, duties=actor.duties | reached) if reached else actor


def acting(
    session: Session, actor: Actor, role: Role, body_id: UUID, case_id: UUID | None = None
) -> Actor:
    """The actor as somebody who may act in that role: of their own, or in place of another.

    Then it says for whom, and the journal says it too; unchanged if the role is held by neither.
    Raises if the actor would act for two parties of the case.
    """
    if actor.holds(role, body_id):
        return actor
    found = standing_in_for(session, actor, role, body_id, case_id)
    if found is None:
        return actor
    if case_id is not None:
        require_one_party(session, actor, body_id, case_id)
    return in_place_of(actor, found)


def acting_in_any(
    session: Session, actor: Actor, roles: Sequence[Role], body_id: UUID, case_id: UUID
) -> Actor:
    """``acting`` for what any of these roles may do: of their own, or else in another's place."""
    if any(actor.holds(role, body_id) for role in roles):
        return actor
    for role in roles:
        actor = acting(session, actor, role, body_id, case_id)
        if actor.on_behalf_of is not None:
            break
    return actor


def in_place_of(actor: Actor, duty: StoodIn) -> Actor:
    """The actor as somebody who fulfils that duty for the person who is away."""
    return replace(
        actor,
        duties=actor.duties | {(duty.role, duty.body_id)},
        on_behalf_of=duty.name,
        on_behalf_of_id=duty.user_id,
    )


def standing_in_for(
    session: Session,
    actor: Actor,
    role: Role,
    body_id: UUID,
    case_id: UUID | None,
    prefer: UUID | None = None,
) -> StoodIn | None:
    """Whose duty of this kind the actor fulfils; of several that of ``prefer``."""
    found = [
        duty for duty in stood_in_duties(session, actor) if duty.reaches(role, body_id, case_id)
    ]
    return min(
        found, key=lambda duty: (duty.user_id != prefer, duty.name, duty.user_id), default=None
    )


def require_one_party(session: Session, actor: Actor, body_id: UUID, case_id: UUID) -> None:
    """Refuse whoever stands in for a party but belongs to another one of the case."""
    if is_of_two_parties(session, actor, body_id, case_id):
        raise two_parties()


def two_parties() -> Conflict:
    """Somebody would act for two parties of a case."""
    return Conflict(
        "two-parties",
        "Sie gehören in diesem Vorgang auch zu einer anderen Beteiligten und können hier nicht "
        "vertreten: Für zwei Beteiligte desselben Vorgangs handelt niemand. Bitte eine andere "
        "Vertretung eintragen lassen.",
    )


def is_of_two_parties(session: Session, actor: Actor, body_id: UUID, case_id: UUID) -> bool:
    """Whether the actor belongs to another party of the case than this body."""
    others = actor.party_bodies() - {body_id}
    return bool(others) and other_parties(session, case_id, others)


def other_parties(session: Session, case_id: UUID, bodies: Collection[UUID]) -> bool:
    """Whether one of the bodies takes part in the case."""
    takes_part = exists().where(
        Party.case_id == case_id, Party.body_id.in_(bodies), Party.left_on.is_(None)
    )
    return bool(session.scalar(select(takes_part)))


def is_away(session: Session, user_id: UUID) -> bool:
    """Whether the person is absent today."""
    return bool(
        session.scalar(select(exists().where(Absence.user_id == user_id, running(clock.today()))))
    )


def substitutes_for_any(session: Session, actor: Actor, task: Task) -> bool:
    """Whether the person stands in for somebody in ``not_by``: today or when the task was opened.

    All accounts of a person count as one. Which role is stood in for makes no difference: whoever
    does a person's work is not the second pair of eyes on it.
    """
    own, first = aliased(User), aliased(User)
    opened = task.opened_at.astimezone(clock.BERLIN).date()
    return bool(
        session.scalar(
            select(
                exists()
                .where(
                    Absence.id == Substitution.absence_id,
                    own.id == Substitution.substitute_id,
                    own.person_key == actor.person_key,
                    first.id == Absence.user_id,
                    first.person_key.in_(task.not_by),
                    or_(Substitution.body_id.is_(None), Substitution.body_id == task.body_id),
                    or_(Substitution.case_id.is_(None), Substitution.case_id == task.case_id),
                    or_(
                        and_(Substitution.ended_at.is_(None), running(clock.today())),
                        _covered(opened, task.opened_at),
                    ),
                )
                .select_from(Substitution, Absence, own, first)
            )
        )
    )


def _covered(day: date, moment: datetime) -> ColumnElement[bool]:
    """Substitutions in force at a moment that has passed."""
    return and_(
        Absence.first_day <= day,
        or_(Absence.last_day.is_(None), Absence.last_day >= day),
        or_(Absence.ended_at.is_(None), Absence.ended_at > moment),
        or_(Substitution.ended_at.is_(None), Substitution.ended_at > moment),
    )


def supervises(session: Session, actor: Actor, body_id: UUID, case_id: UUID | None = None) -> bool:
    """Whether the actor distributes the tasks of the body, of their own or in another's place."""
    if actor.holds(Role.SUPERVISOR, body_id):
        return True
    # Nobody stands in for a body to which they do not belong.
    return body_id in actor.party_bodies() and (
        standing_in_for(session, actor, Role.SUPERVISOR, body_id, case_id) is not None
    )


def require_supervisor(
    session: Session, actor: Actor, body_id: UUID, case_id: UUID | None = None
) -> None:
    """Refuse all but the body's supervisors and admins."""
    if not (actor.is_admin or supervises(session, actor, body_id, case_id)):
        raise NotPermitted(
            "not-a-supervisor",
            "Das darf nur die Leitung der Körperschaft oder die Administration.",
        )
