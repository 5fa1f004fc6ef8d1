"""What was done with an absence: by whom, when and from what to what, as it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import absences, coverage
from agreements.model.people import Absence, AbsenceShortening, Substitution, User
from agreements.people import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """A change in a sentence. by: the name of whoever made it; None: from the command line."""

    at: datetime
    by: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Deed:
    at: datetime
    by: UUID | None
    sentence: str


def record(session: Session, actor: Actor, absence_id: UUID) -> tuple[Entry, ...]:
    """The record of an absence, also when it is over; for whoever may change the absence."""
    _, absence = absences.visible(session, actor, absence_id)
    return records(session, [absence])[absence.id]


def records(session: Session, of: Sequence[Absence]) -> dict[UUID, tuple[Entry, ...]]:
    """The records of several absences, each with its oldest entry first."""
    shortenings = _shortenings(session, of)
    deeds = {one.id: list(_deeds(session, one, shortenings.get(one.id, []))) for one in of}
    people = {deed.by for found in deeds.values() for deed in found if deed.by is not None}
    names = _names(session, people)
    return {
        absence_id: tuple(
            Entry(deed.at, names[deed.by] if deed.by is not None else None, deed.sentence)
            for deed in sorted(found, key=lambda deed: deed.at)
        )
        for absence_id, found in deeds.items()
    }


def _deeds(
    session: Session, absence: Absence, shortenings: Sequence[AbsenceShortening]
) -> Iterator[_Deed]:
    planned = shortenings[0].last_day_before if shortenings else absence.last_day
    first = f"Abwesenheit ab dem {absence.first_day:%d.%m.%Y} {_until(planned)} eingetragen."
    yield _Deed(absence.created_at, absence.created_by, first)
    for one in shortenings:
        said = f"Letzter Tag vorgezogen: bisher {_until(one.last_day_before)}, jetzt "
        yield _Deed(one.shortened_at, one.shortened_by, f"{said}{_until(one.last_day)}.")
    for entry in absence.substitutions:
        yield from _deeds_of_substitution(session, entry)
    if absence.ended_at is not None:
        said = f"Abwesenheit sofort beendet; vorgesehen war sie {_until(absence.last_day)}."
        yield _Deed(absence.ended_at, absence.ended_by, said)


def _deeds_of_substitution(session: Session, entry: Substitution) -> Iterator[_Deed]:
    name = session.get_one(User, entry.substitute_id).display_name
    what = f"Vertretung durch {name}{coverage.scope(session, entry)}"
    yield _Deed(entry.created_at, entry.created_by, f"{what} eingetragen.")
    if entry.ended_at is not None:
        yield _Deed(entry.ended_at, entry.ended_by, f"{what} beendet.")


def _until(last_day: date | None) -> str:
    return f"bis zum {last_day:%d.%m.%Y}" if last_day is not None else "bis auf Weiteres"


def _shortenings(session: Session, of: Sequence[Absence]) -> dict[UUID, list[AbsenceShortening]]:
    query = (
        select(AbsenceShortening)
        .where(AbsenceShortening.absence_id.in_([absence.id for absence in of]))
        .order_by(AbsenceShortening.id)
    )
    found: dict[UUID, list[AbsenceShortening]] = {}
    for one in session.scalars(query):
        found.setdefault(one.absence_id, []).append(one)
    return found


def _names(session: Session, people: set[UUID]) -> dict[UUID, str]:
    query = select(User.id, User.display_name).where(User.id.in_(people))
    return dict(session.execute(query).all())
