"""People, what they may do for which body, and how they prove who they are."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agreements.model.base import Base, Identified, Json, stored
from agreements.model.enums import MailRhythm, Role, TokenKind


class User(Identified, Base):
    """An account. One person may have several; ``person_key`` ties them together.

    ``mail_hour`` (0 to 23, Europe/Berlin) and ``mail_weekday`` (1 is Monday) are when the
    collected mail of a daily or weekly rhythm goes out.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("mail_hour BETWEEN 0 AND 23", name="mail_hour_of_a_day"),
        CheckConstraint("mail_weekday BETWEEN 1 AND 7", name="mail_weekday_of_a_week"),
    )

    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    function: Mapped[str | None]
    email: Mapped[str | None]
    person_key: Mapped[str]
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    mail_rhythm: Mapped[MailRhythm] = mapped_column(
        stored(MailRhythm), default=MailRhythm.DAILY, server_default=MailRhythm.DAILY.value
    )
    mail_hour: Mapped[int] = mapped_column(SmallInteger, default=7, server_default="7")
    mail_weekday: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    sample: Mapped[bool] = mapped_column(default=False)

    duties: Mapped[list[Duty]] = relationship(lazy="selectin")


class Duty(Identified, Base):
    """A role of a person for a body; without a body for the whole installation (admin)."""

    __tablename__ = "duties"
    __table_args__ = (UniqueConstraint("user_id", "body_id", "role", "valid_from"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("bodies.id"), index=True)
    role: Mapped[Role] = mapped_column(stored(Role))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Absence(Identified, Base):
    """Abwesenheit of a person, first and last day included; no last day: until further notice.

    Why somebody is away is nobody's business here. ``ended_at``: taken back.
    """

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="in_order"),
        Index("ix_absences_user_id", "user_id", "first_day"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]

    substitutions: Mapped[list[Substitution]] = relationship(order_by="Substitution.id")


class Substitution(Identified, Base):
    """Vertretung during an absence; role, body and case limit it, None: all of them."""

    __tablename__ = "substitutions"

    absence_id: Mapped[UUID] = mapped_column(ForeignKey("absences.id"), index=True)
    substitute_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role | None] = mapped_column(stored(Role))
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("bodies.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]


class AbsenceShortening(Identified, Base):
    """The last day of an absence was brought forward; append-only.

    What else is done with an absence stands in its own row and in those of its substitutions.
    """

    __tablename__ = "absence_shortenings"

    absence_id: Mapped[UUID] = mapped_column(ForeignKey("absences.id"), index=True)
    last_day_before: Mapped[date | None]
    last_day: Mapped[date]
    shortened_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    shortened_at: Mapped[datetime]


class CalendarFeed(Identified, Base):
    """A calendar that others may subscribe to by its secret: a person's, or that of one case."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    name: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Token(Identified, Base):
    """A session or personal token; only the hash of the secret is kept."""

    __tablename__ = "tokens"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[TokenKind] = mapped_column(stored(TokenKind))
    name: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IdempotencyRecord(Base):
    """The answer to a POST that decided something, so that a double click changes nothing."""

    __tablename__ = "idempotency_records"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int | None]
    answer: Mapped[Json | None]
    created_at: Mapped[datetime]
