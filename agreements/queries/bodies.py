"""Bodies with their committees and population."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from agreements.errors import NotFound
from agreements.model.bodies import Body, Committee


def bodies(session: Session) -> Sequence[Body]:
    """All bodies of the installation by their AGS."""
    return session.scalars(select(Body).order_by(Body.ags)).all()


def body(session: Session, ags: str) -> Body:
    """One body with its committees, their sizes and its population series."""
    found = session.scalar(
        select(Body)
        .where(Body.ags == ags)
        .options(
            selectinload(Body.populations),
            selectinload(Body.committees).selectinload(Committee.sizes),
        )
    )
    if found is None:
        raise NotFound("body-unknown", f"Die Körperschaft {ags} ist hier nicht angelegt.")
    return found


def body_id(session: Session, ags: str | None, field: str = "body") -> UUID | None:
    """The id behind an AGS; None for none. Refuses an AGS that is not known here."""
    if ags is None:
        return None
    found = session.scalar(select(Body.id).where(Body.ags == ags))
    if found is None:
        raise NotFound("body-unknown", f"Die Körperschaft {ags} ist hier nicht angelegt.", field)
    return found


def by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, Body]:
    """Bodies by their id."""
    found = session.scalars(select(Body).where(Body.id.in_(set(ids))))
    return {entry.id: entry for entry in found}
