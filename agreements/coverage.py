"""Who is away when, who stands in, and what nobody covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from agreements import clock, notices
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.enums import Role
from agreements.model.people import Absence, Duty, Substitution, User
from agreements.people import actor_of
from agreements.substitution import may_take_on


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty that nobody covers, at least for a time, while its holder is away."""

    body_id: UUID
    role: Role
    sentence: str


def overlaps(first_day: date, last_day: date | None) -> ColumnElement[bool]:
    """Absences that have a day in common with this period and have not been taken back."""
    begun = Absence.first_day <= last_day if last_day is not None else None
    lasting = or_(Absence.last_day.is_(None), Absence.last_day >= first_day)
    live = and_(Absence.ended_at.is_(None), lasting)
    return live if begun is None else and_(live, begun)


def is_over(absence: Absence) -> bool:
    """Whether the absence has been taken back or lies in the past."""
    past = absence.last_day is not None and absence.last_day < clock.today()
    return absence.ended_at is not None or past


def is_running(absence: Absence) -> bool:
    """Whether the person is away today."""
    return not is_over(absence) and absence.first_day <= clock.today()


def period(absence: Absence) -> str:
    """The absence's days as part of a sentence."""
    if absence.last_day is None:
        return f"ab dem {absence.first_day:%d.%m.%Y} bis auf Weiteres"
    if absence.last_day == absence.first_day:
        return f"am {absence.first_day:%d.%m.%Y}"
    return f"vom {absence.first_day:%d.%m.%Y} bis zum {absence.last_day:%d.%m.%Y}"


def scope(session: Session, entry: Substitution) -> str:
    """What a substitution is limited to, in brackets; empty if it is not."""
    parts: list[str] = []
    if entry.role is not None:
        parts.append(label(entry.role))
    if entry.body_id is not None:
        parts.append(session.get_one(Body, entry.body_id).name)
    if entry.case_id is not None:
        parts.append(f"Vorgang {session.get_one(Case, entry.case_id).reference}")
    return f" ({', '.join(parts)})" if parts else ""


def substitutes_of(
    session: Session, users: Iterable[UUID], first_day: date, last_day: date | None
) -> list[UUID]:
    """Who stands in for these people when they are away in that period."""
    query = (
        select(Substitution.substitute_id)
        .join(Absence, Absence.id == Substitution.absence_id)
        .where(
            Absence.user_id.in_(list(users)),
            Substitution.ended_at.is_(None),
            overlaps(first_day, last_day),
        )
        .distinct()
    )
    return list(session.scalars(query))


def away(session: Session, user_id: UUID, absence: Absence) -> list[Absence]:
    """When a person is away too during what is left of an absence of another."""
    first = max(absence.first_day, clock.today())
    query = (
        select(Absence)
        .where(Absence.user_id == user_id, overlaps(first, absence.last_day))
        .order_by(Absence.first_day)
    )
    return list(session.scalars(query))


def gaps(session: Session, absence: Absence, body_id: UUID | None = None) -> list[Gap]:
    """What nobody covers during what is left of the absence; for one body or for all."""
    if is_over(absence):
        return []
    user = session.get_one(User, absence.user_id)
    found = (
        _gap(session, absence, user, duty)
        for duty in user.duties
        if duty.body_id is not None and body_id in (None, duty.body_id) and _lasts(duty, absence)
    )
    return [gap for gap in found if gap is not None]


def _lasts(duty: Duty, absence: Absence) -> bool:
    return duty.valid_to is None or duty.valid_to >= max(absence.first_day, clock.today())


def _gap(session: Session, absence: Absence, user: User, duty: Duty) -> Gap | None:
    assert duty.body_id is not None
    able = [entry for entry in live(absence) if _covers(session, entry, duty)]
    missing = [_why_not_there(session, entry, absence) for entry in able]
    # A duty is covered if one person is there all the time: a substitute or a colleague.
    if "" in missing or _has_colleague(session, absence, duty):
        return None
    body = session.get_one(Body, duty.body_id)
    reasons = " ".join(missing) or "Niemand vertritt."
    sentence = (
        f"{user.display_name} ist {period(absence)} abwesend; {label(duty.role)} "
        f"{body.forms['short']}: {reasons}"
    )
    return Gap(duty.body_id, duty.role, sentence)


def live(absence: Absence) -> Sequence[Substitution]:
    """Those substitutions of an absence that have not been ended."""
    return [entry for entry in absence.substitutions if entry.ended_at is None]


def _covers(session: Session, entry: Substitution, duty: Duty) -> bool:
    """Whether the substitution reaches the whole duty; for one case alone it does not."""
    assert duty.body_id is not None
    reaches = (
        entry.role in (None, duty.role)
        and entry.body_id in (None, duty.body_id)
        and entry.case_id is None
    )
    if not reaches:
        return False
    substitute = session.get_one(User, entry.substitute_id)
    return substitute.active and may_take_on(actor_of(substitute), duty.role, duty.body_id)


def _why_not_there(session: Session, entry: Substitution, absence: Absence) -> str:
    also = away(session, entry.substitute_id, absence)
    if not also:
        return ""
    name = session.get_one(User, entry.substitute_id).display_name
    when = ", ".join(period(one) for one in also)
    return f"{name} vertritt, ist aber {when} ebenfalls abwesend."


def _has_colleague(session: Session, absence: Absence, duty: Duty) -> bool:
    assert duty.body_id is not None
    colleagues = notices.holders(session, duty.role, duty.body_id)
    others = [user_id for user_id in colleagues if user_id != absence.user_id]
    return any(not away(session, user_id, absence) for user_id in others)
