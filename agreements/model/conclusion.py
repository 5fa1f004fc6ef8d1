"""Signing, the authority's answer, publication: how an agreement comes into force."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from agreements.model.base import Base, Digest, Identified, Json, stored
from agreements.model.enums import AuthorityAnswer, CopyKind, CopyState, SignatureForm


class Signature(Identified, Base):
    """Unterschrift of a party under the frozen text."""

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("stage_id", "body_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    signed_on: Mapped[date]
    signatory_name: Mapped[str]
    signatory_function: Mapped[str]
    co_signatory_name: Mapped[str | None]
    co_signatory_function: Mapped[str | None]
    form: Mapped[SignatureForm] = mapped_column(stored(SignatureForm))
    text_hash: Mapped[str] = mapped_column(Digest)
    copy_id: Mapped[UUID | None] = mapped_column(ForeignKey("signed_copies.id"))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]


class SignedCopy(Identified, Base):
    """Unterschriebene Ausfertigung of a party: the check of a file that stands as a document.

    ``findings``: what the check has found, as ``documents.signatures.findings.Finding``;
    ``signers``: who has signed electronically. ``confirmed_by``: the second person who has looked.
    """

    __tablename__ = "signed_copies"
    __table_args__ = (UniqueConstraint("document_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    kind: Mapped[CopyKind] = mapped_column(stored(CopyKind))
    state: Mapped[CopyState] = mapped_column(stored(CopyState))
    text_hash: Mapped[str] = mapped_column(Digest)
    findings: Mapped[list[Json]] = mapped_column(JSONB)
    signers: Mapped[list[Json]] = mapped_column(JSONB)
    filed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    filed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_because: Mapped[str | None]


class Approval(Identified, Base):
    """Genehmigung or Anzeige: the proceeding at the supervisory authority."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("stage_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    authority: Mapped[str]
    authority_basis: Mapped[str]
    requirement: Mapped[str]
    requirement_basis: Mapped[str]
    applied_on: Mapped[date | None]
    received_on: Mapped[date | None]
    clock_end_on: Mapped[date | None]
    clock_derivation: Mapped[str | None]
    answer: Mapped[AuthorityAnswer | None] = mapped_column(stored(AuthorityAnswer))
    answered_on: Mapped[date | None]
    authority_reference: Mapped[str | None]
    remark: Mapped[str] = mapped_column(default="")


class Publication(Identified, Base):
    """Bekanntmachung in the authority's gazette; the day of effect follows from it."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("stage_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    gazette: Mapped[str]
    issue: Mapped[str]
    page: Mapped[str | None]
    published_on: Mapped[date]
    effective_on: Mapped[date]
    effective_basis: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]


class PublicationNotice(Identified, Base):
    """Hinweis of a party on the publication."""

    __tablename__ = "publication_notices"
    __table_args__ = (UniqueConstraint("stage_id", "body_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    published_on: Mapped[date]
    medium: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
