"""What leaves after the commit: wake-ups and rows that are carried out at least once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from agreements import clock
from agreements.database.session import OneTripSession
from agreements.model.base import Json, fresh
from agreements.model.enums import OutboxKind
from agreements.model.records import OutboxEntry

CHANNEL = "vereinbar_stages"


def wake(session: Session, stage_id: UUID) -> None:
    """Tell the conductors, when this transaction commits, to look at the stage."""
    if isinstance(session, OneTripSession):
        session.notify(CHANNEL, str(stage_id))
    else:
        session.execute(select(func.pg_notify(CHANNEL, str(stage_id))))


def put(session: Session, case_id: UUID, kind: OutboxKind, payload: Json) -> OutboxEntry:
    """Write down something to carry out after the commit."""
    entry = fresh(OutboxEntry, case_id=case_id, kind=kind, payload=payload, created_at=clock.now())
    session.add(entry)
    return entry


def waiting(session: Session, limit: int = 100) -> Sequence[OutboxEntry]:
    """What is still to be carried out, oldest first.

    Two conductors may see the same ones: whoever receives them tells doubles by their id.
    """
    return session.scalars(select(OutboxEntry).order_by(OutboxEntry.id).limit(limit)).all()


def carried_out(session: Session, ids: Sequence[UUID]) -> None:
    """Drop what has been carried out: nobody asks for it again."""
    session.execute(delete(OutboxEntry).where(OutboxEntry.id.in_(ids)))
