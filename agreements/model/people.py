"""People, what they may do for which body, and how they prove who they are."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agreements.model.base import Base, Identified, Json, stored
from agreements.model.enums import Role, TokenKind


class User(Identified, Base):
    """An account. One person may have several; ``person_key`` ties them together."""

    __tablename__ = "users"

    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    function: Mapped[str | None]
    email: Mapped[str | None]
    person_key: Mapped[str]
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
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
