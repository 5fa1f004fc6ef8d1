"""Abwesenheiten and who stands in: entered by the person, their supervisor or the administration.

Why somebody is away is not asked and not kept.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agreements import clock, coverage, notices, substitutes, substitution
from agreements.assignment import account
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.law.days import require_reckonable
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.enums import NoticeKind, Role
from agreements.model.people import Absence, AbsenceShortening, Duty, Substitution, User
from agreements.people import PARTY_ROLES, Actor
from agreements.texts import Printable

# Absences and substitutions are written one at a time: a circle may be closed by two at once.
_LOCK: Final = 7_140_401

Username = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Printable
]


class AddSubstitution(BaseModel):
    """Vertretung eintragen. role, body, case: what it is limited to; None: everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    substitute: Username
    role: Role | None = None
    body: str | None = None
    case: str | None = None


class EnterAbsence(BaseModel):
    """Abwesenheit eintragen. ``username``: whose; None: one's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: Username | None = None
    first_day: date
    last_day: date | None = None
    substitutions: tuple[AddSubstitution, ...] = Field(default=(), max_length=20)


class EndAbsence(BaseModel):
    """Abwesenheit beenden. ``last_day``: the last day of it now; None: it is over at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    last_day: date | None = None


def enter(session: Session, actor: Actor, wanted: EnterAbsence) -> Absence:
    """Enter an absence with those who stand in. Raises a ``Refusal``; then nothing was written."""
    _one_at_a_time(session)
    user = _absent(session, actor, wanted.username)
    _check_period(wanted.first_day, wanted.last_day)
    _refuse_overlap(session, user, wanted.first_day, wanted.last_day)
    absence = Absence(
        user_id=user.id,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(absence)
    session.flush()
    for entry in wanted.substitutions:
        _add(session, actor, user, absence, entry)
    tell_of_gaps(session, actor, absence)
    return absence


def add_substitution(
    session: Session, actor: Actor, absence_id: UUID, wanted: AddSubstitution
) -> Substitution:
    """Let somebody stand in during an absence that has been entered."""
    _one_at_a_time(session)
    user, absence = visible(session, actor, absence_id)
    if coverage.is_over(absence):
        raise Conflict("absence-over", "Diese Abwesenheit ist vorbei.")
    added = _add(session, actor, user, absence, wanted)
    tell_of_gaps(session, actor, absence)
    return added


def end(session: Session, actor: Actor, absence_id: UUID, wanted: EndAbsence) -> Absence:
    """End an absence, at once or with an earlier last day; one that is over stays as it is."""
    _one_at_a_time(session)
    user, absence = visible(session, actor, absence_id)
    if coverage.is_over(absence):
        return absence
    if wanted.last_day is not None:
        _shorten(session, actor, absence, wanted.last_day)
    else:
        absence.ended_at, absence.ended_by = clock.now(), actor.user_id
    when = f"mit dem {absence.last_day:%d.%m.%Y}" if absence.ended_at is None else "ab sofort"
    for entry in absence.substitutions:
        if entry.ended_at is None:
            said = f"Ihre Vertretung für {user.display_name} endet {when}."
            _tell_substitute(session, actor, entry, f"ended:{absence.last_day}", said)
    session.flush()
    tell_of_gaps(session, actor, absence)
    return absence


def end_substitution(
    session: Session, actor: Actor, absence_id: UUID, substitution_id: UUID
) -> Absence:
    """Let somebody stand in no longer; ending it again changes nothing."""
    _one_at_a_time(session)
    user, absence = visible(session, actor, absence_id)
    entry = next((one for one in absence.substitutions if one.id == substitution_id), None)
    if entry is None:
        raise NotFound("substitution-unknown", "Diese Vertretung gibt es nicht.")
    if entry.ended_at is None:
        take_back(session, actor, user, entry)
        tell_of_gaps(session, actor, absence)
    return absence


def take_back(session: Session, actor: Actor | None, user: User, entry: Substitution) -> None:
    """End one substitution for that person, who is away."""
    entry.ended_at, entry.ended_by = clock.now(), actor.user_id if actor else None
    session.flush()
    said = f"Ihre Vertretung für {user.display_name} ist beendet."
    _tell_substitute(session, actor, entry, "ended", said)


def visible(session: Session, actor: Actor, absence_id: UUID) -> tuple[User, Absence]:
    """An absence that the actor may see and change, and whose it is."""
    absence = session.get(Absence, absence_id, populate_existing=True)
    if absence is not None:
        user = session.get_one(User, absence.user_id)
        if user.id == actor.user_id or may_manage(session, actor, user):
            return user, absence
    raise NotFound("absence-unknown", "Diese Abwesenheit gibt es nicht.")


def may_manage(session: Session, actor: Actor, user: User) -> bool:
    """Whether the actor enters absences of that person: a supervisor of theirs, or an admin.

    The state authority's people have no supervisor among those of a party.
    """
    bodies = {duty.body_id for duty in user.duties if duty.body_id and duty.role in PARTY_ROLES}
    return actor.is_admin or any(substitution.supervises(session, actor, b) for b in bodies)


def _one_at_a_time(session: Session) -> None:
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _absent(session: Session, actor: Actor, username: str | None) -> User:
    if username is None or username == actor.username:
        return session.get_one(User, actor.user_id)
    user = session.scalar(select(User).where(User.username == username, User.active))
    if user is None or not may_manage(session, actor, user):
        # Whether there is such an account is told to those only who may know it.
        if user is None and actor.is_admin:
            return account(session, username, "username")
        raise NotPermitted(
            "not-their-supervisor",
            "Die Abwesenheit einer anderen Person trägt die Leitung ihrer Körperschaft ein, oder "
            "die Administration.",
        )
    return user


def _check_period(first_day: date, last_day: date | None) -> None:
    require_reckonable(first_day, "first_day")
    if last_day is None:
        return
    require_reckonable(last_day, "last_day")
    if last_day < first_day:
        raise Refusal(
            "absence-ends-before-start",
            "Die Abwesenheit endet, bevor sie beginnt.",
            "last_day",
            f"der {first_day:%d.%m.%Y} oder ein späterer Tag",
        )
    if last_day < clock.today():
        raise Refusal(
            "absence-over",
            "Dieser Zeitraum ist schon vorbei; eine Vertretung lässt sich nicht nachträglich "
            "eintragen.",
            "last_day",
            f"der {clock.today():%d.%m.%Y} oder ein späterer Tag",
        )


def _refuse_overlap(session: Session, user: User, first_day: date, last_day: date | None) -> None:
    there = session.scalar(
        select(Absence)
        .where(Absence.user_id == user.id, coverage.overlaps(first_day, last_day))
        .limit(1)
    )
    if there is not None:
        raise Conflict(
            "absence-overlaps",
            f"{user.display_name} ist {coverage.period(there)} schon als abwesend eingetragen. "
            "Bitte jene Abwesenheit beenden, oder einen anderen Zeitraum wählen.",
            "first_day",
        )


def _shorten(session: Session, actor: Actor, absence: Absence, last_day: date) -> None:
    earliest = max(absence.first_day, clock.today())
    if last_day < earliest or (absence.last_day is not None and last_day > absence.last_day):
        latest = f" und spätestens der {absence.last_day:%d.%m.%Y}" if absence.last_day else ""
        raise Refusal(
            "absence-last-day",
            "Der letzte Tag lässt sich nur vorziehen, und nicht in die Vergangenheit.",
            "last_day",
            f"frühestens der {earliest:%d.%m.%Y}{latest}; ohne Angabe endet sie sofort",
        )
    if last_day != absence.last_day:
        shortening = AbsenceShortening(
            absence_id=absence.id,
            last_day_before=absence.last_day,
            last_day=last_day,
            shortened_by=actor.user_id,
            shortened_at=clock.now(),
        )
        session.add(shortening)
        absence.last_day = last_day


def _add(
    session: Session, actor: Actor, user: User, absence: Absence, wanted: AddSubstitution
) -> Substitution:
    substitute = account(session, wanted.substitute, "substitute")
    body_id = _body(session, wanted.body)
    case_id = _case(session, user, wanted.case)
    substitutes.require_suitable(session, user, substitute, absence, wanted.role, body_id, case_id)
    entry = Substitution(
        absence_id=absence.id,
        substitute_id=substitute.id,
        role=wanted.role,
        body_id=body_id,
        case_id=case_id,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(entry)
    session.flush()
    session.expire(absence, ["substitutions"])
    scope = coverage.scope(session, entry)
    said = f"Sie vertreten {user.display_name} {coverage.period(absence)}{scope}."
    _tell_substitute(session, actor, entry, "begun", said)
    return entry


def _body(session: Session, ags: str | None) -> UUID | None:
    if ags is None:
        return None
    body_id = session.scalar(select(Body.id).where(Body.ags == ags))
    if body_id is None:
        raise NotFound("body-unknown", f"Die Körperschaft {ags} ist hier nicht angelegt.", "body")
    return body_id


def _case(session: Session, user: User, reference: str | None) -> UUID | None:
    if reference is None:
        return None
    bodies = [duty.body_id for duty in user.duties if duty.body_id is not None]
    case_id = session.scalar(
        select(Case.id)
        .join(Party, Party.case_id == Case.id)
        .where(Case.reference == reference, Party.body_id.in_(bodies))
        .limit(1)
    )
    if case_id is None:
        raise Refusal(
            "case-unknown",
            f"An einem Vorgang {reference} ist keine Körperschaft von {user.display_name} "
            "beteiligt.",
            "case",
        )
    return case_id


def _tell_substitute(
    session: Session, actor: Actor | None, entry: Substitution, what: str, sentence: str
) -> None:
    if actor is not None and entry.substitute_id == actor.user_id:
        return
    notices.tell(
        session,
        [entry.substitute_id],
        NoticeKind.SUBSTITUTION,
        f"substitution:{entry.id}:{what}",
        case_id=entry.case_id,
        data={"sentence": sentence},
    )


def tell_of_gaps(session: Session, actor: Actor | None, absence: Absence) -> None:
    """Tell the supervisors of each body what nobody covers while this person is away.

    Where there is none, and for the state authority, the admins. What has been closed before
    anybody was told of it is not told any more.
    """
    notices.withdraw(session, f"substitution_gap:{absence.id}:")
    gaps = coverage.gaps(session, absence)
    for body_id in dict.fromkeys(gap.body_id for gap in gaps):
        here = [gap for gap in gaps if gap.body_id == body_id]
        told = set(notices.holders(session, Role.SUPERVISOR, body_id)) - {absence.user_id}
        if not told or any(gap.role is Role.AUTHORITY for gap in here):
            told = set(_admins(session))
        told -= {actor.user_id} if actor else set()
        said = " ".join(gap.sentence for gap in here)
        key = f"substitution_gap:{absence.id}:{body_id}:{said}"
        data = {"sentence": said}
        notices.tell(session, sorted(told), NoticeKind.SUBSTITUTION_GAP, key, data=data)


def _admins(session: Session) -> list[UUID]:
    day = clock.today()
    query = (
        select(User.id)
        .join(Duty, Duty.user_id == User.id)
        .where(User.active, Duty.role == Role.ADMIN, substitution.valid(day))
    )
    return list(session.scalars(query))
