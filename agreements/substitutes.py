"""Who may stand in for whom: of the same body, for one party only, and not in a circle."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agreements import clock, coverage, substitution
from agreements.errors import Conflict, Refusal
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.enums import CaseState, Role
from agreements.model.people import Absence, Duty, User
from agreements.people import PARTY_ROLES, actor_of


def require_suitable(
    session: Session,
    user: User,
    substitute: User,
    absence: Absence,
    role: Role | None,
    body_id: UUID | None,
    case_id: UUID | None,
) -> None:
    """Refuse who may not stand in for that person, in that role, body and case; None: in all."""
    if substitute.person_key == user.person_key:
        raise Refusal(
            "substitution-self",
            "Niemand vertritt sich selbst, auch nicht unter einem anderen Konto.",
            "substitute",
            "eine andere Person der Körperschaft",
        )
    duties = _duties(user, absence, role, body_id)
    if not duties:
        raise Refusal(
            "nothing-to-stand-in-for",
            f"{user.display_name} hat dort in dieser Zeit keine Rolle, die jemand vertreten "
            "könnte.",
            "role" if role is not None else "body",
        )
    for duty in duties:
        _require_belongs(session, substitute, duty)
    _refuse_two_parties(session, substitute, duties, case_id)
    _refuse_double(absence, substitute, role, body_id, case_id)
    _refuse_circle(session, user, substitute, absence)


def _duties(user: User, absence: Absence, role: Role | None, body_id: UUID | None) -> list[Duty]:
    return [
        duty
        for duty in user.duties
        if duty.body_id is not None
        and role in (None, duty.role)
        and body_id in (None, duty.body_id)
        and (duty.valid_to is None or duty.valid_to >= max(absence.first_day, clock.today()))
        and (
            absence.last_day is None
            or duty.valid_from is None
            or duty.valid_from <= absence.last_day
        )
    ]


def _require_belongs(session: Session, substitute: User, duty: Duty) -> None:
    assert duty.body_id is not None
    actor = actor_of(substitute)
    if substitution.may_take_on(actor, duty.role, duty.body_id):
        return
    if actor.has(Role.AUTHORITY) or duty.role is Role.AUTHORITY:
        raise Refusal(
            "roles-not-separate",
            "Die untere staatliche Verwaltungsbehörde und eine Beteiligte vertreten einander "
            "nicht: Sie brauchen getrennte Konten, auch wenn dieselbe Person für beide handelt.",
            "substitute",
        )
    body = session.get_one(Body, duty.body_id)
    raise Refusal(
        "not-of-the-body",
        f"{substitute.display_name} gehört nicht zu {body.forms['dative']}; vertreten kann dort "
        "nur, wer selbst eine Rolle hat. Hat die abwesende Person Rollen in mehreren "
        "Körperschaften, bitte die Vertretung auf eine beschränken.",
        "substitute",
        f"ein Konto von {body.name}",
    )


def _refuse_two_parties(
    session: Session, substitute: User, duties: Iterable[Duty], case_id: UUID | None
) -> None:
    bodies = {duty.body_id for duty in duties if duty.role in PARTY_ROLES}
    others = actor_of(substitute).party_bodies() - bodies
    if not others:
        return
    both = (
        select(Case.reference)
        .where(Case.state == CaseState.RUNNING, _takes_part(bodies), _takes_part(others))
        .order_by(Case.reference)
        .limit(1)
    )
    reference = session.scalar(both if case_id is None else both.where(Case.id == case_id))
    if reference is not None:
        raise Conflict(
            "two-parties",
            f"{substitute.display_name} gehört im Vorgang {reference} auch zu einer anderen "
            "Beteiligten: Für zwei Beteiligte desselben Vorgangs handelt niemand.",
            "substitute",
        )


def _takes_part(bodies: Iterable[UUID | None]) -> ColumnElement[bool]:
    return Case.id.in_(
        select(Party.case_id).where(Party.body_id.in_(list(bodies)), Party.left_on.is_(None))
    )


def _refuse_double(
    absence: Absence,
    substitute: User,
    role: Role | None,
    body_id: UUID | None,
    case_id: UUID | None,
) -> None:
    for entry in absence.substitutions:
        same = (entry.role, entry.body_id, entry.case_id) == (role, body_id, case_id)
        if entry.ended_at is None and same and entry.substitute_id == substitute.id:
            raise Conflict(
                "substitution-doubled",
                f"{substitute.display_name} ist mit diesem Umfang schon als Vertretung "
                "eingetragen.",
                "substitute",
            )


def _refuse_circle(session: Session, user: User, substitute: User, absence: Absence) -> None:
    """Who stands in for each other and is away at the same time: then nobody is there."""
    reached, waiting = {substitute.id}, [substitute.id]
    while waiting:
        after = coverage.substitutes_of(session, waiting, absence.first_day, absence.last_day)
        waiting = [found for found in after if found not in reached]
        reached.update(waiting)
    if user.id in reached:
        raise Conflict(
            "substitution-circle",
            f"{substitute.display_name} ist in dieser Zeit auch abwesend und wird, unmittelbar "
            f"oder über andere, von {user.display_name} vertreten. Bitte jemanden eintragen, der "
            "da ist.",
            "substitute",
        )
