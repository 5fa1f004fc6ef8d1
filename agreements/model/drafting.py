"""Text versions and what the parties say of them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from agreements.model.base import Base, Digest, Identified, Json, stored
from agreements.model.enums import Verdict, VersionKind


class TextVersion(Identified, Base):
    """A version of what is to be resolved; never changed after it was written.

    ``terms`` is what the text was assembled from, ``content`` the canonical content;
    ``text_hash`` is taken over the content alone. ``proposal`` is what the councils are asked to
    resolve on it, written with their papers. ``superseded_at``: frozen once, but the text has
    been opened again since.
    """

    __tablename__ = "text_versions"
    __table_args__ = (UniqueConstraint("case_id", "kind", "number"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[VersionKind] = mapped_column(stored(VersionKind))
    number: Mapped[int]
    terms: Mapped[Json]
    content: Mapped[Json]
    text_hash: Mapped[str] = mapped_column(Digest)
    proposal: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    note: Mapped[str]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    written_on: Mapped[date]
    written_at: Mapped[datetime]
    frozen_on: Mapped[date | None]
    frozen_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]


class Statement(Identified, Base):
    """Stellungnahme of a party on a version."""

    __tablename__ = "statements"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("text_versions.id"), index=True)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    verdict: Mapped[Verdict] = mapped_column(stored(Verdict))
    comment: Mapped[str]
    given_on: Mapped[date]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    given_at: Mapped[datetime]
