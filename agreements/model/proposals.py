"""What parties propose for a text version: the files they send, and each proposal in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from agreements.model.base import Base, Identified, Json, stored
from agreements.model.enums import ProposalKind, ProposalState


class ProposalUpload(Identified, Base):
    """An edited document that a party has sent; the file stands in the document store.

    ``version_id``: the text from which it was made. ``hints``: how it was read, sentences under
    ``items``.
    """

    __tablename__ = "proposal_uploads"
    __table_args__ = (UniqueConstraint("version_id", "body_id", "content_hash"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("text_versions.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    file_name: Mapped[str]
    size: Mapped[int]
    content_hash: Mapped[str]
    hints: Mapped[Json]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime]


class Proposal(Identified, Base):
    """One change or comment of such a document; ``number`` counts in the case.

    ``author`` and ``authored_at`` as the document says them; without them whoever sent it.
    ``edits``: on the string of the text (``documents.word.lines``), triples under ``items``.
    ``adopted_in``: the version that contains it. ``version`` counts the decisions on it.
    """

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("proposal_uploads.id"), index=True)
    number: Mapped[int]
    kind: Mapped[ProposalKind] = mapped_column(stored(ProposalKind))
    author: Mapped[str]
    authored_at: Mapped[datetime | None]
    place: Mapped[str]
    old: Mapped[str | None]
    new: Mapped[str | None]
    comment: Mapped[str]
    answers_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposals.id"))
    edits: Mapped[Json]
    state: Mapped[ProposalState] = mapped_column(stored(ProposalState))
    reason: Mapped[str]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    adopted_in: Mapped[UUID | None] = mapped_column(ForeignKey("text_versions.id"))
    version: Mapped[int] = mapped_column(default=1)
