"""The record of what was changed in a body's own settings, as it is read."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements.model.bodies import BodyChange
from agreements.model.people import User
from agreements.people import Actor
from agreements.queries import bodies as body_queries
from agreements.queries.paging import Page, after, page_of


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """An entry and the name of whoever made the change; None: from the command line."""

    change: BodyChange
    by: str | None


def changes(
    session: Session, actor: Actor, ags: str, *, cursor: str | None, limit: int
) -> Page[ChangeLine]:
    """The entries of a body, the newest first; for its own people and the administration."""
    body = body_queries.body(session, ags)
    actor.require(
        actor.is_admin or body.id in actor.party_bodies(),
        f"Die Änderungen sieht nur, wer zu {body.forms['dative']} gehört, und die Administration.",
    )
    query = (
        select(BodyChange, User.display_name)
        .outerjoin(User, User.id == BodyChange.changed_by)
        .where(BodyChange.body_id == body.id)
        .order_by(BodyChange.id.desc())
        .limit(limit + 1)
    )
    last = after(cursor, UUID)
    if last is not None:
        query = query.where(BodyChange.id < last)
    lines = [ChangeLine(*row) for row in session.execute(query)]
    return page_of(lines, limit, lambda line: line.change.id)
