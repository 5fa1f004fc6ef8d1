"""Sending: each mail at least once, with the same Message-ID and the same content.

Before it is sent, a mail is leased in a transaction of its own: the attempt counts and the next
one is due when the lease ends. Whoever dies between sending and marking leaves a mail that
another sends again; several deliverers share the work.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from agreements import clock
from agreements.mail.message import AddressNotUsable
from agreements.mail.operators import tell_operators
from agreements.mail.server import MailServer, Trouble
from agreements.model.enums import MailKind, MailState
from agreements.model.notices import Mail
from agreements.settings import Settings

# Longer than all time-outs of one mail together.
LEASE: Final = timedelta(minutes=20)
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)
# 1, 2, 4 … 256 minutes, then every six hours: about three days.
MOST_ATTEMPTS: Final = 20
# A mail on which the connection breaks must not keep the others back.
_BREAKS: Final = 2
TOO_OLD: Final = "Als ein Mailserver eingerichtet wurde, war die Nachricht schon zu alt."


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did. waiting: how many mails wait after it, for now or for later."""

    sent: int
    failed: int
    waiting: int


async def deliver(
    sessions: sessionmaker[Session], settings: Settings, limit: int = 500
) -> Delivered:
    """Send the mails that are due at ``clock.now()``, at most ``limit``.

    Without a configured server nothing is attempted: the mails wait and are shown.
    """
    sent = failed = breaks = 0
    if settings.smtp_address is not None:
        await asyncio.to_thread(_keep_old_ones, sessions, settings)
        async with MailServer(settings) as server:
            for _ in range(limit):
                mail = await asyncio.to_thread(_lease, sessions) if breaks < _BREAKS else None
                if mail is None:
                    break
                trouble = await _send(server, mail)
                state = await asyncio.to_thread(_mark, sessions, mail, trouble)
                sent += state is MailState.SENT
                failed += state is MailState.FAILED
                breaks = breaks + 1 if trouble is not None and trouble.connection else 0
    return Delivered(sent, failed, await asyncio.to_thread(_waiting, sessions))


async def _send(server: MailServer, mail: Mail) -> Trouble | None:
    try:
        await server.send(mail)
    except AddressNotUsable as error:
        return Trouble(str(error), permanent=True, connection=False)
    except Trouble as trouble:
        return trouble
    return None


def _lease(sessions: sessionmaker[Session]) -> Mail | None:
    now = clock.now()
    due = (
        select(Mail.id)
        .where(Mail.state == MailState.WAITING, Mail.next_attempt_at <= now)
        .order_by(Mail.next_attempt_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    leased = (
        update(Mail)
        .where(Mail.id == due)
        .values(attempts=Mail.attempts + 1, next_attempt_at=now + LEASE)
        .returning(Mail)
    )
    with sessions.begin() as session:
        return session.scalars(leased).one_or_none()


def _mark(sessions: sessionmaker[Session], mail: Mail, trouble: Trouble | None) -> MailState:
    with sessions.begin() as session:
        if trouble is None:
            _mark_sent(session, mail.id)
            return MailState.SENT
        given_up = trouble.permanent or mail.attempts >= MOST_ATTEMPTS
        state = MailState.FAILED if given_up else MailState.WAITING
        noted = session.scalars(
            update(Mail)
            # Whoever has leased it since knows better.
            .where(
                Mail.id == mail.id,
                Mail.state == MailState.WAITING,
                Mail.attempts == mail.attempts,
            )
            .values(
                state=state,
                last_error=trouble.words,
                next_attempt_at=clock.now() + pause_after(mail.attempts),
            )
            .returning(Mail.id)
        ).one_or_none()
        if noted is not None and state is MailState.FAILED:
            report(session, mail, trouble.words)
        return state


def _mark_sent(session: Session, mail_id: UUID) -> None:
    session.execute(
        update(Mail)
        # A mail that came back meanwhile stays what it is.
        .where(Mail.id == mail_id, Mail.state.in_((MailState.WAITING, MailState.FAILED)))
        .values(state=MailState.SENT, sent_at=clock.now(), last_error=None)
    )


def pause_after(attempts: int) -> timedelta:
    """How long to wait after this many attempts."""
    return min(FIRST_PAUSE * (1 << (attempts - 1)), LONGEST_PAUSE)


def report(session: Session, mail: Mail, words: str) -> None:
    """Tell the administration that a mail does not arrive; of their own mails they are not told."""
    if mail.kind is not MailKind.OPERATOR:
        tell_operators(
            session,
            f"mail-undelivered:{mail.id}",
            f"Eine E-Mail an {mail.address} ist nicht zustellbar: {words}",
            urgent=False,
        )


def _keep_old_ones(sessions: sessionmaker[Session], settings: Settings) -> None:
    """What piled up while there was no server must not flood people."""
    with sessions.begin() as session:
        session.execute(
            update(Mail)
            .where(
                Mail.state == MailState.WAITING,
                Mail.attempts == 0,
                Mail.created_at < clock.now() - timedelta(days=settings.mail_max_age_days),
            )
            .values(state=MailState.KEPT, last_error=TOO_OLD)
        )


def _waiting(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        count = select(func.count()).where(Mail.state == MailState.WAITING)
        return session.scalar(count) or 0
