"""Forgetting: the texts of mails that arrived long ago are dropped; that they were sent stays.

What stays proves that somebody was told: subject, kind, address, Message-ID and times of the mail,
and which notices on which tasks it carried. Mails that wait, failed, bounced or were only kept
stay whole: they may be sent yet, and are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from agreements import clock
from agreements.model.enums import MailState
from agreements.model.notices import Mail, Notice
from agreements.settings import Settings, get_settings

# What is more is left to the next run.
MOST_AT_ONCE: Final = 1000


def forget(session: Session, settings: Settings | None = None) -> int:
    """Drop the texts of mails sent longer ago than ``mail_text_days``; returns of how many."""
    days = (settings or get_settings()).mail_text_days
    forgotten = _drop_texts(session, clock.now() - timedelta(days=days))
    session.execute(
        update(Notice)
        .where(Notice.mail_id.in_(forgotten))
        .values(data={})
        .execution_options(synchronize_session=False)
    )
    return len(forgotten)


def readable_text(mail: Mail) -> str:
    """The readable text of a mail, or that it has been dropped."""
    if mail.text_dropped_at is None:
        return mail.plain
    day = mail.text_dropped_at.astimezone(clock.BERLIN)
    return (
        f"Der Text dieser Nachricht wurde am {day:%d.%m.%Y} entfernt, weil sie lange zurückliegt. "
        "Betraf sie einen Vorgang, steht in dessen Verlauf, was geschehen ist."
    )


def _drop_texts(session: Session, sent_before: datetime) -> Sequence[UUID]:
    old = (
        select(Mail.id)
        .where(
            Mail.state == MailState.SENT,
            Mail.sent_at < sent_before,
            Mail.text_dropped_at.is_(None),
        )
        .order_by(Mail.sent_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    dropped = (
        update(Mail)
        .where(Mail.id.in_(old))
        .values(plain="", html="", calendar=None, text_dropped_at=clock.now())
        .returning(Mail.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(dropped).all()
