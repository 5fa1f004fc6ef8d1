"""What people leave at their tasks: remarks, attachments, moved dates, searches of their own."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from agreements.model.base import Base, Identified, Json


class TaskComment(Identified, Base):
    """Vermerk at a task."""

    __tablename__ = "task_comments"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]
    written_at: Mapped[datetime]


class TaskAttachment(Identified, Base):
    """Anlage at a task; the file stands in the document store under ``content_hash``."""

    __tablename__ = "task_attachments"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content_hash: Mapped[str]
    filed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class DueMove(Identified, Base):
    """A due date that was moved: why, and what proves it.

    ``proof`` names the paper ("Schreiben vom 3. Dezember 2026, Az. 31.04"), ``attachment_id`` is
    the file of it.
    """

    __tablename__ = "due_moves"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    moved_from: Mapped[date | None]
    moved_to: Mapped[date]
    reason: Mapped[str]
    proof: Mapped[str | None]
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_attachments.id"))
    moved_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    moved_at: Mapped[datetime]


class SavedFilter(Identified, Base):
    """A search in the inbox that a person keeps under a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    query: Mapped[Json]
    created_at: Mapped[datetime]
