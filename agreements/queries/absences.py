"""Who is away: as the person sees it, and as the supervisor of a body does."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from agreements import clock, coverage
from agreements.coverage import Gap
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.people import Absence, Duty, Substitution, User
from agreements.people import PARTY_ROLES, Actor


@dataclass(frozen=True, slots=True)
class SubstitutionLine:
    """Who stands in, limited to what; ``chain``: the names from the absent person onwards.

    Each of a chain is away and is stood in for by the next: for their own duties only. ``away``:
    the substitute is away too on some day of it.
    """

    entry: Substitution
    substitute: User
    body: Body | None
    reference: str | None
    away: bool
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence with those who stand in, and what nobody covers."""

    absence: Absence
    user: User
    substitutions: tuple[SubstitutionLine, ...]
    gaps: tuple[Gap, ...]


def of_person(session: Session, actor: Actor) -> list[AbsenceLine]:
    """The person's own absences that are not over."""
    return _lines(session, _current().where(Absence.user_id == actor.user_id))


def where_standing_in(session: Session, actor: Actor) -> list[AbsenceLine]:
    """The absences in which the person stands in, now or later."""
    mine = select(Substitution.absence_id).where(
        Substitution.substitute_id == actor.user_id, Substitution.ended_at.is_(None)
    )
    return _lines(session, _current().where(Absence.id.in_(mine)))


def of_body(session: Session, body_id: UUID) -> list[AbsenceLine]:
    """The absences of everybody with a duty for the body, with the gaps of this body."""
    today = clock.today()
    people = select(Duty.user_id).where(
        Duty.body_id == body_id,
        # The state authority's people are none of a party's business.
        Duty.role.in_(PARTY_ROLES),
        or_(Duty.valid_to.is_(None), Duty.valid_to >= today),
    )
    return _lines(session, _current().where(Absence.user_id.in_(people)), body_id)


def line(session: Session, absence: Absence) -> AbsenceLine:
    """One absence."""
    session.expire(absence, ["substitutions"])
    return _line(session, absence, session.get_one(User, absence.user_id), None)


def _current() -> Select[Absence, User]:
    today = clock.today()
    return (
        select(Absence, User)
        .join(User, User.id == Absence.user_id)
        .where(
            Absence.ended_at.is_(None),
            or_(Absence.last_day.is_(None), Absence.last_day >= today),
        )
        .options(selectinload(Absence.substitutions))
        .order_by(Absence.first_day, User.display_name, Absence.id)
    )


def _lines(
    session: Session, query: Select[Absence, User], body_id: UUID | None = None
) -> list[AbsenceLine]:
    rows = session.execute(query).all()
    return [_line(session, absence, user, body_id) for absence, user in rows]


def _line(session: Session, absence: Absence, user: User, body_id: UUID | None) -> AbsenceLine:
    return AbsenceLine(
        absence,
        user,
        tuple(_substitution(session, absence, user, one) for one in coverage.live(absence)),
        tuple(coverage.gaps(session, absence, body_id)),
    )


def _substitution(
    session: Session, absence: Absence, user: User, entry: Substitution
) -> SubstitutionLine:
    substitute = session.get_one(User, entry.substitute_id)
    return SubstitutionLine(
        entry,
        substitute,
        session.get_one(Body, entry.body_id) if entry.body_id is not None else None,
        session.get_one(Case, entry.case_id).reference if entry.case_id is not None else None,
        bool(coverage.away(session, substitute.id, absence)),
        _chain(session, absence, (user, substitute)),
    )


def _chain(session: Session, absence: Absence, people: tuple[User, ...]) -> tuple[str, ...]:
    """Follow the first substitute of each who is away too; circles are refused at entry."""
    names = [person.display_name for person in people]
    seen, last = {person.id for person in people}, people[-1]
    while True:
        first, until = absence.first_day, absence.last_day
        found = coverage.substitutes_of(session, [last.id], first, until)
        further = next((user_id for user_id in sorted(found) if user_id not in seen), None)
        if further is None:
            return tuple(names)
        last = session.get_one(User, further)
        seen.add(last.id)
        names.append(last.display_name)
