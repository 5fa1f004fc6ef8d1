"""What has become of the mails: for the administration, and one's own with their text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from agreements import clock
from agreements.errors import Conflict, NotFound
from agreements.mail.message import usable
from agreements.model.enums import MailRhythm, MailState
from agreements.model.notices import Mail, Notice
from agreements.model.people import User
from agreements.people import Actor
from agreements.queries.paging import Page, after, page_of

RETRIED = (MailState.FAILED, MailState.BOUNCED, MailState.KEPT)


class SetMailRhythm(BaseModel):
    """Wie oft Nachrichten per E-Mail kommen sollen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rhythm: MailRhythm
    hour: Annotated[int, Field(ge=0, le=23, description="Uhrzeit (Europe/Berlin)")] = 7
    weekday: Annotated[int, Field(ge=1, le=7, description="1 ist Montag; nur wöchentlich")] = 1


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in a list, and the name of the person whom it tells something."""

    mail: Mail
    recipient: str


def mails(
    session: Session, actor: Actor, *, state: MailState | None, cursor: str | None, limit: int
) -> Page[MailLine]:
    """All mails, newest first; for the administration."""
    _require_admin(actor)
    return all_mails(session, state=state, cursor=cursor, limit=limit)


def all_mails(
    session: Session, *, state: MailState | None, cursor: str | None, limit: int
) -> Page[MailLine]:
    """All mails, newest first, for whoever has the machine in hand."""
    query = (
        select(Mail, User.display_name)
        .join(User, User.id == Mail.user_id)
        .order_by(Mail.id.desc())
        .limit(limit + 1)
    )
    if state is not None:
        query = query.where(Mail.state == state)
    last = after(cursor, UUID)
    if last is not None:
        query = query.where(Mail.id < last)
    lines = [MailLine(*row) for row in session.execute(query)]
    return page_of(lines, limit, lambda line: line.mail.id)


def own_mails(session: Session, actor: Actor, *, cursor: str | None, limit: int) -> Page[Mail]:
    """The mails that tell the person something, newest first."""
    told = exists().where(Notice.mail_id == Mail.id, Notice.user_id == actor.user_id)
    query = (
        select(Mail)
        .where(or_(Mail.user_id == actor.user_id, told))
        .order_by(Mail.id.desc())
        .limit(limit + 1)
    )
    last = after(cursor, UUID)
    if last is not None:
        query = query.where(Mail.id < last)
    return page_of(list(session.scalars(query)), limit, lambda mail: mail.id)


def retry(session: Session, actor: Actor, mail_id: UUID) -> MailLine:
    """Try once more to send a mail that was given up, to the person's address of today."""
    _require_admin(actor)
    mail = session.get(Mail, mail_id, with_for_update=True)
    if mail is None:
        raise NotFound("mail-unknown", "Diese E-Mail gibt es nicht.")
    if mail.state not in RETRIED:
        raise Conflict(
            "mail-not-given-up",
            "Diese E-Mail ist versandt oder wartet ohnehin auf den nächsten Versuch.",
        )
    if mail.text_dropped_at is not None:
        raise Conflict(
            "mail-text-dropped",
            "Der Text dieser E-Mail ist entfernt, weil sie lange zurückliegt; sie lässt sich nicht "
            "noch einmal senden.",
        )
    user = session.get_one(User, mail.user_id)
    if not user.active or not usable(user.email) or user.mail_rhythm is MailRhythm.NEVER:
        raise Conflict(
            "mail-without-address",
            f"{user.display_name} hat keine verwendbare E-Mail-Adresse, möchte keine E-Mail "
            "erhalten, oder das Konto ist stillgelegt.",
        )
    mail.address, mail.state, mail.last_error = user.email, MailState.WAITING, None
    # One attempt is on record: what is retried on purpose is never too old.
    mail.attempts, mail.next_attempt_at = 1, clock.now()
    return MailLine(mail, user.display_name)


def set_rhythm(session: Session, actor: Actor, wanted: SetMailRhythm) -> User:
    """Change how often the person gets mail."""
    user = session.get_one(User, actor.user_id)
    user.mail_rhythm = wanted.rhythm
    user.mail_hour, user.mail_weekday = wanted.hour, wanted.weekday
    return user


def counts(session: Session) -> dict[MailState, int]:
    """How many mails there are in each state."""
    rows = session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    return {row[0]: row[1] for row in rows}


def _require_admin(actor: Actor) -> None:
    actor.require(actor.is_admin, "Den Versand der E-Mails sieht nur die Administration.")
