"""Mailboxes: whose time has come, and what they have got already.

Several people may share an office's mailbox: they get one mail together, as soon as the time of
one of them has come. Whoever has no address, or wants no mail, gets theirs kept to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agreements.law.deadlines import holidays_of, is_working_day
from agreements.mail.message import usable
from agreements.mail.rhythm import MAILS_A_DAY, Rhythm, is_due, last_moment
from agreements.model.bodies import Body
from agreements.model.enums import MailRhythm, MailState
from agreements.model.notices import Mail, Notice
from agreements.model.people import Duty, User

_WEEKDAYS: Final = (
    "montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags",
)  # fmt: skip
_SATURDAY: Final = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox whose time has come. words: how often mail comes; kept_because: why it stays."""

    user_ids: frozenset[UUID]
    address: str | None
    words: str
    kept_because: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """Boxes whose time has come, and notices of accounts that are closed."""

    boxes: tuple[Box, ...]
    of_nobody: list[UUID]


@dataclass(frozen=True, slots=True)
class _Person:
    """A person for whom notices wait, and since when."""

    user: User
    oldest: datetime
    oldest_urgent: datetime | None
    rhythm: Rhythm


def in_words(user: User) -> str:
    """How often the person gets mail, as a sentence."""
    hour = f"{user.mail_hour} Uhr"
    match user.mail_rhythm:
        case MailRhythm.IMMEDIATELY:
            how = f"sofort, höchstens {MAILS_A_DAY} Nachrichten am Tag"
        case MailRhythm.DAILY:
            how = f"an Arbeitstagen gesammelt um {hour}, Dringendes noch am selben Tag"
        case MailRhythm.WEEKLY:
            day = _WEEKDAYS[user.mail_weekday - 1]
            how = f"{day} gesammelt um {hour}, Dringendes am nächsten Morgen"
        case MailRhythm.NEVER:
            how = "nie; die Nachrichten stehen in vereinbar"
    return f"Sie erhalten Nachrichten von vereinbar {how}."


def due_boxes(session: Session, now: datetime) -> Found:
    """The mailboxes for which it is time, with all who share them."""
    rows = _waiting_people(session)
    closed = [user.id for user, *_ in rows if not user.active]
    people = _with_rhythm(session, [row for row in rows if row[0].active])
    boxes: dict[str, list[_Person]] = {}
    for person in people:
        boxes.setdefault(_key(person.user), []).append(person)
    due = {key: held for key, held in boxes.items() if any(_is_due(one, now) for one in held)}
    received = _received(session, due, now)
    free = [held for key, held in due.items() if not _full(held, received.get(key, ()), now)]
    return Found(tuple(_box(held) for held in free), _notices_of(session, closed))


def _waiting_people(
    session: Session,
) -> Sequence[tuple[User, datetime, datetime | None]]:
    urgent = func.min(Notice.created_at).filter(Notice.urgent)
    rows = session.execute(
        select(User, func.min(Notice.created_at), urgent)
        .join(Notice, Notice.user_id == User.id)
        .where(Notice.mail_id.is_(None), Notice.dropped_at.is_(None))
        .group_by(User.id)
        .order_by(User.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _with_rhythm(
    session: Session, rows: Sequence[tuple[User, datetime, datetime | None]]
) -> list[_Person]:
    if not rows:
        return []
    lands = session.execute(
        select(Duty.user_id, func.min(Body.land))
        .join(Body, Body.id == Duty.body_id)
        .where(Duty.user_id.in_([row[0].id for row in rows]))
        .group_by(Duty.user_id)
    )
    land_of = {row[0]: row[1] for row in lands}
    return [
        _Person(user, oldest, urgent, _rhythm(user, land_of.get(user.id)))
        for user, oldest, urgent in rows
    ]


def _rhythm(user: User, land: str | None) -> Rhythm:
    def working(day: date) -> bool:
        if land is None:
            return day.isoweekday() < _SATURDAY
        return is_working_day(day, holidays_of(land))

    # What is only kept is put together once a day.
    kept = _kept_because(user) is not None
    kind = MailRhythm.NEVER if kept else user.mail_rhythm
    return Rhythm(kind, user.mail_hour, user.mail_weekday, working)


def _kept_because(user: User) -> str | None:
    if user.mail_rhythm is MailRhythm.NEVER:
        return "Die Person möchte keine E-Mail erhalten."
    if not user.email:
        return "Für die Person ist keine E-Mail-Adresse eingetragen."
    if not usable(user.email):
        return "Die eingetragene E-Mail-Adresse ist nicht verwendbar."
    return None


def _key(user: User) -> str:
    if _kept_because(user) is not None or user.email is None:
        return str(user.id)
    return user.email.lower()


def _is_due(person: _Person, now: datetime) -> bool:
    if is_due(person.rhythm, person.oldest, False, now):
        return True
    urgent = person.oldest_urgent
    return urgent is not None and is_due(person.rhythm, urgent, True, now)


def _received(session: Session, due: Iterable[str], now: datetime) -> dict[str, list[datetime]]:
    rows = session.execute(
        select(func.lower(Mail.address), Mail.created_at).where(
            func.lower(Mail.address).in_(list(due)),
            Mail.created_at > now - timedelta(days=2),
            Mail.state != MailState.KEPT,
        )
    )
    received: dict[str, list[datetime]] = {}
    for address, at in rows:
        received.setdefault(address, []).append(at)
    return received


def _full(held: Sequence[_Person], received: Iterable[datetime], now: datetime) -> bool:
    """Whether the mailbox has got enough since the morning; the rest waits for the next one."""
    earliest = min(held, key=lambda person: person.rhythm.hour).rhythm
    every_day = Rhythm(MailRhythm.IMMEDIATELY, earliest.hour, 1, earliest.working_day)
    morning = last_moment(every_day, False, now)
    return sum(morning is None or at >= morning for at in received) >= MAILS_A_DAY


def _box(held: Sequence[_Person]) -> Box:
    first = held[0].user
    kept = _kept_because(first)
    sentences = dict.fromkeys(in_words(person.user) for person in held)
    words = (
        next(iter(sentences))
        if len(sentences) == 1
        else ("Wie oft Nachrichten kommen, stellt jede Person für sich ein.")
    )
    ids = frozenset(person.user.id for person in held)
    return Box(ids, None if kept else first.email, words, kept)


def _notices_of(session: Session, users: Sequence[UUID]) -> list[UUID]:
    if not users:
        return []
    return list(
        session.scalars(
            select(Notice.id).where(
                Notice.user_id.in_(users), Notice.mail_id.is_(None), Notice.dropped_at.is_(None)
            )
        )
    )
