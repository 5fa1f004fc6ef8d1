"""What is shown of changed templates: which is in use, who did what."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from agreements import template_versions
from agreements.model.people import User
from agreements.model.templates import TemplateVersion
from agreements.template_versions import SHIPPED, Scope


def in_use(session: Session, rows: Iterable[TemplateVersion]) -> set[UUID]:
    """The ids of the versions that new documents use now."""
    found: set[UUID] = set()
    for scope in {Scope(row.template, row.body_id) for row in rows}:
        latest = next(iter(template_versions.releases(session, scope)), None)
        if latest is not None and latest.version_id is not None:
            found.add(latest.version_id)
    return found


def number_of(session: Session, version_id: UUID | None) -> int:
    """The number of a version; 0 for the shipped file."""
    if version_id is None:
        return SHIPPED
    return session.get_one(TemplateVersion, version_id).number


def name_of(session: Session, user_id: UUID) -> str:
    """Who did something, by the name that people know."""
    return session.get_one(User, user_id).display_name
