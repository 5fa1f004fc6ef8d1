"""What people are told, and the mails that carry it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from agreements.model.base import Base, Identified, Json, stored
from agreements.model.enums import MailKind, MailState, NoticeKind


class Notice(Identified, Base):
    """Something that a person is to be told; written in the transaction of what it is about.

    ``key`` makes it unique for the person: the same thing is told once. ``urgent``: not to be
    collected for a week. ``mail_id``: the mail that carries it; None: waits for the next one.
    ``dropped_at``: had become pointless before any mail carried it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index(
            "ix_notices_waiting",
            "user_id",
            "id",
            postgresql_where=text("mail_id IS NULL AND dropped_at IS NULL"),
        ),
        Index("ix_notices_mail_id", "mail_id", postgresql_where=text("mail_id IS NOT NULL")),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[NoticeKind] = mapped_column(stored(NoticeKind))
    key: Mapped[str]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    data: Mapped[Json]
    urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("mails.id"))
    dropped_at: Mapped[datetime | None]


class Mail(Identified, Base):
    """A mail as it goes out, at least once, always with the same ``message_id``.

    ``calendar``: an iCalendar text that goes with it. ``attempts`` counts tries to send it,
    ``next_attempt_at`` is when the next is due, ``last_error`` what the last one met.
    ``text_dropped_at``: when its texts were dropped, long after it was sent.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index(
            "ix_mails_waiting",
            "next_attempt_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_mails_state", "state", "id"),
        Index(
            "ix_mails_with_text",
            "sent_at",
            postgresql_where=text("state = 'sent' AND text_dropped_at IS NULL"),
        ),
        Index("ix_mails_address", text("lower(address)"), "created_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[MailKind] = mapped_column(stored(MailKind))
    address: Mapped[str | None]
    subject: Mapped[str]
    plain: Mapped[str]
    html: Mapped[str]
    calendar: Mapped[str | None]
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[MailState] = mapped_column(stored(MailState), default=MailState.WAITING)
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    text_dropped_at: Mapped[datetime | None]
