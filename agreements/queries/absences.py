"""Who is away: as the person sees it, and as the supervisor of a body does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from agreements import clock, coverage
from agreements.coverage import Gap
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.people import Absence, Duty, Substitution, User
from agreements.people import PARTY_ROLES, Actor
from agreements.queries import absence_record
from agreements.queries.absence_record import Entry

# Whoever wonders what became of an absence does so soon.
SHOWN_FOR: Final = timedelta(days=90)
_DAY: Final = timedelta(days=1)


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
    """An absence with those who stand in, what nobody covers, and what was done with it."""

    absence: Absence
    user: User
    substitutions: tuple[SubstitutionLine, ...]
    gaps: tuple[Gap, ...]
    record: tuple[Entry, ...] = ()


def of_person(session: Session, actor: Actor) -> list[AbsenceLine]:
    """The person's own absences that are not over."""
    return _recorded(session, _lines(session, _current().where(Absence.user_id == actor.user_id)))


def past_of_person(session: Session, actor: Actor) -> list[AbsenceLine]:
    """The person's own absences that have been over for no longer than ``SHOWN_FOR``."""
    return _past(session, _absences().where(Absence.user_id == actor.user_id))


def where_standing_in(session: Session, actor: Actor) -> list[AbsenceLine]:
    """The absences in which the person stands in, now or later."""
    mine = select(Substitution.absence_id).where(
        Substitution.substitute_id == actor.user_id, Substitution.ended_at.is_(None)
    )
    return _lines(session, _current().where(Absence.id.in_(mine)))


def of_body(session: Session, body_id: UUID) -> list[AbsenceLine]:
    """The absences of everybody with a duty for the body, with the gaps of this body."""
    current = _current().where(Absence.user_id.in_(_people_of(body_id)))
    return _recorded(session, _lines(session, current, body_id))


def past_of_body(session: Session, body_id: UUID) -> list[AbsenceLine]:
    """Those of the body's people that have been over for no longer than ``SHOWN_FOR``."""
    return _past(session, _absences().where(Absence.user_id.in_(_people_of(body_id))))


def _people_of(body_id: UUID) -> Select[UUID]:
    return select(Duty.user_id).where(
        Duty.body_id == body_id,
        # The state authority's people are none of a party's business.
        Duty.role.in_(PARTY_ROLES),
        or_(Duty.valid_to.is_(None), Duty.valid_to >= clock.today()),
    )


def line(session: Session, absence: Absence) -> AbsenceLine:
    """One absence."""
    session.expire(absence, ["substitutions"])
    return _line(session, absence, session.get_one(User, absence.user_id), None)


def _absences() -> Select[Absence, User]:
    return (
        select(Absence, User)
        .join(User, User.id == Absence.user_id)
        .options(selectinload(Absence.substitutions))
        .order_by(Absence.first_day, User.display_name, Absence.id)
    )


def _current() -> Select[Absence, User]:
    return _absences().where(
        Absence.ended_at.is_(None),
        or_(Absence.last_day.is_(None), Absence.last_day >= clock.today()),
    )


def _past(session: Session, query: Select[Absence, User]) -> list[AbsenceLine]:
    now = clock.now()
    lately = or_(
        Absence.ended_at >= now - SHOWN_FOR,
        and_(
            Absence.ended_at.is_(None),
            Absence.last_day.between(clock.today() - SHOWN_FOR, clock.today() - _DAY),
        ),
    )
    rows = session.execute(query.where(lately)).all()
    return _recorded(session, [AbsenceLine(absence, user, (), ()) for absence, user in rows])


def _recorded(session: Session, lines: list[AbsenceLine]) -> list[AbsenceLine]:
    found = absence_record.records(session, [one.absence for one in lines])
    return [replace(one, record=found[one.absence.id]) for one in lines]


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
