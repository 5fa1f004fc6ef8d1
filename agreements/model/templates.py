"""Templates that an installation has changed: their versions, and which one is used since when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from agreements.model.base import Base, Identified

_NO_BODY = "coalesce(body_id, '00000000-0000-0000-0000-000000000000')"


class TemplateVersion(Identified, Base):
    """A Word file that was accepted as a template; never changed, its file lies in the store.

    ``body_id``: only for documents of this body; None: for the whole installation. ``number``
    counts within template and body from 1; 0 is the file that was shipped.
    """

    __tablename__ = "template_versions"
    __table_args__ = (
        Index("uq_template_versions_number", "template", text(_NO_BODY), "number", unique=True),
    )

    template: Mapped[str]
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("bodies.id"))
    number: Mapped[int]
    file_name: Mapped[str]
    content_hash: Mapped[str]
    size: Mapped[int]
    note: Mapped[str]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime]


class TemplateRelease(Identified, Base):
    """From when which version is used; append-only, the highest ``number`` counts.

    ``version_id`` None: again the file that was shipped (or, for a body, the installation's).
    """

    __tablename__ = "template_releases"
    __table_args__ = (
        Index("uq_template_releases_number", "template", text(_NO_BODY), "number", unique=True),
    )

    template: Mapped[str]
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("bodies.id"))
    number: Mapped[int]
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("template_versions.id"))
    reason: Mapped[str]
    released_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime]
