"""Who of the parties' legal offices is let into the non-public consultations of a body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from agreements import clock, course, journal, substitution
from agreements.errors import NotFound, NotPermitted, Refusal
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.councils import Confidant
from agreements.model.enums import Role
from agreements.model.people import User
from agreements.people import Actor, actor_of


def name(session: Session, actor: Actor, case: Case, ags: str, username: str) -> Confidant:
    """Name somebody of a legal office; whoever is named already stays named.

    The case is locked here.
    """
    case = course.locked_case(session, case.id)
    actor, body = _party(session, case, actor, ags)
    user = _legal_staff(session, case, body, username)
    confidant = session.scalar(
        select(Confidant).where(
            Confidant.case_id == case.id,
            Confidant.body_id == body.id,
            Confidant.user_id == user.id,
        )
    )
    if confidant is not None and confidant.ended_at is None:
        return confidant
    if confidant is None:
        confidant = Confidant(case_id=case.id, body_id=body.id, user_id=user.id)
        session.add(confidant)
    confidant.named_by, confidant.named_at = actor.user_id, clock.now()
    confidant.ended_at = None
    _leave_trace(session, actor, case, Event.CONFIDANT_NAMED, body.id, user)
    return confidant


def end(session: Session, actor: Actor, case: Case, confidant_id: UUID) -> Confidant:
    """End it; who was named may step back too. Repeatable. The case is locked here."""
    case = course.locked_case(session, case.id)
    confidant = session.get(Confidant, confidant_id, populate_existing=True)
    if confidant is None or confidant.case_id != case.id:
        raise _unknown()
    user = session.get_one(User, confidant.user_id)
    if user.person_key != actor.person_key:
        if confidant.body_id not in actor.party_bodies():
            raise _unknown()
        actor = _as_office(session, actor, case, confidant.body_id)
    if confidant.ended_at is None:
        confidant.ended_at = clock.now()
        _leave_trace(session, actor, case, Event.CONFIDANT_ENDED, confidant.body_id, user)
    return confidant


@dataclass(frozen=True, slots=True)
class NamedConfidant:
    """A confidant with the body, the person, and who has named them."""

    confidant: Confidant
    body: Body
    user: User
    named_by: str


def visible(
    session: Session, actor: Actor, case: Case, bodies: frozenset[UUID]
) -> Sequence[NamedConfidant]:
    """Those whom these bodies have named, and what the person was named for."""
    naming = aliased(User)
    rows = session.execute(
        select(Confidant, Body, User, naming.display_name)
        .join(Body, Body.id == Confidant.body_id)
        .join(User, User.id == Confidant.user_id)
        .join(naming, naming.id == Confidant.named_by)
        .where(
            Confidant.case_id == case.id,
            or_(Confidant.body_id.in_(bodies), Confidant.user_id == actor.user_id),
        )
        .order_by(Confidant.id)
    )
    return [NamedConfidant(*row) for row in rows]


def _party(session: Session, case: Case, actor: Actor, ags: str) -> tuple[Actor, Body]:
    body = session.scalar(select(Body).where(Body.ags == ags))
    if body is None:
        raise NotFound("body-unknown", f"Die Körperschaft {ags} ist hier nicht angelegt.", "body")
    actor = _as_office(session, actor, case, body.id)
    party = select(Party.body_id).where(Party.case_id == case.id, Party.body_id == body.id)
    if session.scalar(party) is None:
        raise NotFound(
            "party-unknown", f"{body.name} ist in diesem Vorgang nicht beteiligt.", "body"
        )
    return actor, body


def _as_office(session: Session, actor: Actor, case: Case, body_id: UUID) -> Actor:
    """The actor as one of the body's office, of their own or in place of one who is away.

    Who stands in belongs to the body: its non-public consultations are open to them anyway.
    """
    offices = (Role.LEGAL, Role.CLERK)
    actor = substitution.acting_in_any(session, actor, offices, body_id, case.id)
    if not any(actor.holds(role, body_id) for role in offices):
        raise NotPermitted(
            "not-permitted",
            "Wer nichtöffentliche Beratungen einer Körperschaft einsehen darf, bestimmen deren "
            "eigenes Rechtsamt und ihre Sachbearbeitung.",
        )
    return actor


def _legal_staff(session: Session, case: Case, body: Body, username: str) -> User:
    """The account, if it belongs to the legal office of another party; else one answer for all."""
    user = session.scalar(select(User).where(User.username == username, User.active))
    parties = set(
        session.scalars(
            select(Party.body_id).where(Party.case_id == case.id, Party.left_on.is_(None))
        )
    )
    offices = actor_of(user).bodies(Role.LEGAL) & parties if user else frozenset[UUID]()
    if user is None or not offices:
        raise Refusal(
            "not-legal-staff",
            f"„{username}“ ist kein Konto eines Rechtsamts der Beteiligten.",
            "username",
            "der Benutzername aus dem Rechtsamt einer anderen Beteiligten",
        )
    if body.id in actor_of(user).party_bodies():
        raise Refusal(
            "of-the-own-body",
            f"„{username}“ gehört zu {body.name} und sieht deren nichtöffentliche Beratungen "
            "ohnehin.",
            "username",
            "der Benutzername aus dem Rechtsamt einer anderen Beteiligten",
        )
    return user


def _unknown() -> NotFound:
    return NotFound("confidant-unknown", "Diese Benennung gibt es nicht.")


def _leave_trace(
    session: Session, actor: Actor, case: Case, event: Event, body_id: UUID, user: User
) -> None:
    journal.append(
        session,
        case,
        event,
        actor,
        legal_date=clock.today(),
        body_id=body_id,
        data={"username": user.username, "name": user.display_name},
        confidential=True,
    )
    session.flush()
