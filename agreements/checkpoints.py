"""Checkpoints: how far every case's journal went at one moment, chained like a journal.

Somebody who can write into the database could rewrite a whole journal so that it fits again. It
no longer fits a checkpoint that was taken before; and the checkpoints cannot be rewritten
unnoticed once the hash of one of them stands somewhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from agreements import clock
from agreements.journal import canonical, instant
from agreements.model.base import Json
from agreements.model.cases import Case
from agreements.model.records import Checkpoint


def take(session: Session) -> Checkpoint | None:
    """Take a checkpoint over all cases; None if no journal has grown since the last one."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('checkpoint'))"))
    before = latest(session)
    states = _states(session)
    digest = digest_of(states)
    if digest == (before.digest if before else digest_of([])):
        return None
    taken = Checkpoint(
        number=before.number + 1 if before else 1,
        taken_at=clock.now(),
        cases=len(states),
        states=states,
        digest=digest,
        previous_hash=before.hash if before else "",
    )
    taken.hash = hash_of(taken)
    session.add(taken)
    session.flush()
    return taken


def latest(session: Session) -> Checkpoint | None:
    """The newest checkpoint, if there is one."""
    return session.scalars(select(Checkpoint).order_by(Checkpoint.number.desc()).limit(1)).first()


def _states(session: Session) -> list[Json]:
    # One statement sees one moment: no case is seen later than another.
    rows = session.execute(
        select(Case.id, Case.reference, Case.journal_number, Case.journal_hash).order_by(Case.id)
    )
    return [
        {
            "case_id": str(row.id),
            "reference": row.reference,
            "journal_number": row.journal_number,
            "journal_hash": row.journal_hash,
        }
        for row in rows
    ]


def digest_of(states: Sequence[Json]) -> str:
    """The hash over the list of all cases."""
    return hashlib.sha256(canonical(states).encode()).hexdigest()


def hash_of(checkpoint: Checkpoint) -> str:
    """The hash that the checkpoint must have. The format is a promise: see docs/journal.md."""
    return hashlib.sha256(canonical(_content(checkpoint)).encode()).hexdigest()


def document(checkpoint: Checkpoint) -> Json:
    """The whole checkpoint as JSON, to be kept elsewhere; docs/journal.md describes it."""
    return {
        "format": "vereinbar-checkpoint",
        "format_version": 1,
        **_content(checkpoint),
        "hash": checkpoint.hash,
        "states": checkpoint.states,
    }


def _content(checkpoint: Checkpoint) -> Json:
    return {
        "number": checkpoint.number,
        "taken_at": instant(checkpoint.taken_at),
        "cases": checkpoint.cases,
        "digest": checkpoint.digest,
        "previous_hash": checkpoint.previous_hash,
    }
