"""What was changed in a body's own settings, by whom and when: entries are only ever added.

Cases have their journal; this is for what holds in every case: committees, signatories, invitation
period, session-free times.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from agreements import clock
from agreements.model.base import Json
from agreements.model.bodies import Body, BodyChange
from agreements.model.enums import BodyChangeKind
from agreements.people import Actor


def note(
    session: Session,
    actor: Actor | None,
    body: Body,
    kind: BodyChangeKind,
    *,
    before: Json | None = None,
    after: Json | None = None,
) -> None:
    """Add an entry in the transaction of the change. before, after: plain values."""
    session.add(
        BodyChange(
            body_id=body.id,
            kind=kind.value,
            before=before,
            after=after,
            changed_by=actor.user_id if actor is not None else None,
            changed_at=clock.now(),
        )
    )
    session.flush()
