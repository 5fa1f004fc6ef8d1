"""Documents, journal, outbox and the bookkeeping of the automation."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from agreements.model.base import Base, Digest, Identified, Json, stored
from agreements.model.enums import OutboxKind


class Document(Identified, Base):
    """A generated document; its file stands in the store under ``content_hash``.

    ``body_id``: concerns this body alone. ``purpose`` is unique within its stage, body and
    subject (a paper, a resolution); what people file may be replaced, ``number`` counts that.
    ``confidential``: of a non-public consultation. ``pdf_hash``: the same document as PDF, once
    it has been made; ``pdf_problem`` says why it could not be, ``pdf_failures`` how often.
    """

    __tablename__ = "documents"
    __table_args__ = (
        Index(
            "uq_documents_purpose",
            "stage_id",
            "purpose",
            text("coalesce(body_id, '00000000-0000-0000-0000-000000000000')"),
            text("coalesce(subject_id, '00000000-0000-0000-0000-000000000000')"),
            "number",
            unique=True,
        ),
        Index("ix_documents_without_pdf", "id", postgresql_where=text("pdf_hash IS NULL")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("bodies.id"))
    subject_id: Mapped[UUID | None]
    number: Mapped[int] = mapped_column(default=1)
    confidential: Mapped[bool] = mapped_column(default=False)
    media_type: Mapped[str]
    purpose: Mapped[str]
    title: Mapped[str]
    file_name: Mapped[str]
    content_hash: Mapped[str]
    size: Mapped[int]
    template: Mapped[str]
    template_hash: Mapped[str]
    data_hash: Mapped[str]
    text_hash: Mapped[str | None] = mapped_column(Digest)
    dated_on: Mapped[date]
    written_at: Mapped[datetime]
    pdf_hash: Mapped[str | None]
    pdf_size: Mapped[int | None]
    pdf_problem: Mapped[str | None]
    pdf_failures: Mapped[int] = mapped_column(default=0, server_default="0")


class JournalEntry(Base):
    """One act in a case; append-only, chained by hash.

    ``on_behalf_of``: in whose name somebody acted. ``before`` and ``after``: what the act changed.
    ``confidential``: belongs to a non-public consultation of the body. ``salt``: random, so that
    the hash alone does not let anybody guess the content.
    """

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("hash"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    recorded_at: Mapped[datetime]
    legal_date: Mapped[date | None]
    actor: Mapped[str]
    actor_id: Mapped[UUID | None]
    on_behalf_of: Mapped[str | None]
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("bodies.id"))
    reason: Mapped[str | None]
    legal_basis: Mapped[str | None]
    before: Mapped[Json | None]
    after: Mapped[Json | None]
    confidential: Mapped[bool] = mapped_column(default=False)
    data: Mapped[Json]
    salt: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class Checkpoint(Base):
    """How far the journal of every case went at one moment; append-only, chained by hash.

    ``states``: of each case its id, reference, journal number and hash, sorted by id; ``digest``
    is the hash of that list.
    """

    __tablename__ = "checkpoints"
    __table_args__ = (UniqueConstraint("hash"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    taken_at: Mapped[datetime]
    cases: Mapped[int]
    states: Mapped[list[Json]] = mapped_column(JSONB)
    digest: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class OutboxEntry(Identified, Base):
    """Something to carry out after the commit, at least once, with the effect of once.

    What has been carried out is dropped.
    """

    __tablename__ = "outbox"

    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[OutboxKind] = mapped_column(stored(OutboxKind))
    payload: Mapped[Json]
    created_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)


class StageLease(Base):
    """Who carries a stage's run on now. Expired or given back: anybody may take it."""

    __tablename__ = "stage_leases"

    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"), primary_key=True)
    holder: Mapped[str]
    flow_run_id: Mapped[UUID]
    expires_at: Mapped[datetime]


class Conductor(Base):
    """A conductor that is alive (heartbeat)."""

    __tablename__ = "conductors"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
    version: Mapped[str]
