"""A repeated request is answered, not done again.

The key's row is the first thing that the transaction writes, so a request with the same key
that arrives meanwhile waits for this one and then replays its answer. A refusal rolls the
row back with everything else: only what was done is kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, String, bindparam, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, make_transient_to_detached

from agreements import clock, people
from agreements.database.prepared import prepared
from agreements.errors import Conflict, Refusal
from agreements.model.base import Json, fresh
from agreements.model.people import IdempotencyRecord
from agreements.people import Actor


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    content: Json


def fingerprint(method: str, target: str, body: bytes) -> str:
    """What makes two requests the same one. target: path with query."""
    return hashlib.sha256(b"\0".join((method.encode(), target.encode(), body))).hexdigest()


def begin(session: Session, user_id: UUID, key: str, mark: str) -> Answer | None:
    """Take the key; the stored answer if the same request was answered before."""
    taken = session.execute(
        insert(IdempotencyRecord)
        .values(user_id=user_id, key=key, fingerprint=mark, created_at=clock.now())
        .on_conflict_do_nothing()
        .returning(IdempotencyRecord.key)
    ).first()
    return None if taken is not None else _answered(session, user_id, key, mark)


def sign_in(session: Session, secret: str, key: str, mark: str) -> tuple[Actor, Answer | None]:
    """Who asks, and ``begin`` for that person, in one statement."""
    parameters = {**people.secret_parameters(secret), "key": key, "mark": mark}
    rows = _sign_in.all(session, **parameters)
    actor = people.actor_among(rows)
    taken = rows[0][-1]
    return actor, None if taken else _answered(session, actor.user_id, key, mark)


@prepared
def _sign_in() -> Select[*tuple[Any, ...]]:
    who = people.who_asks().cte("who")
    asked = select(
        who.c.user_id,
        bindparam("key", type_=String),
        bindparam("mark", type_=String),
        bindparam("now", type_=DateTime(timezone=True)),
    ).distinct()
    taken = (
        insert(IdempotencyRecord)
        .from_select(["user_id", "key", "fingerprint", "created_at"], asked)
        .on_conflict_do_nothing()
        .returning(IdempotencyRecord.user_id)
        .cte("taken")
    )
    return select(who, exists(select(taken)))


def _answered(session: Session, user_id: UUID, key: str, mark: str) -> Answer:
    """What was answered to the same request."""
    known = session.get(IdempotencyRecord, (user_id, key), populate_existing=True)
    if known is None or known.status is None or known.answer is None:
        # Removed between the two statements: the client may simply send it again.
        raise Conflict("idempotency-key-gone", "Bitte die Anfrage noch einmal senden.")
    if known.fingerprint != mark:
        raise Refusal(
            "idempotency-key-reused",
            "Dieser Idempotency-Key gehört zu einer anderen Anfrage. Bitte für jede neue Anfrage "
            "einen neuen Schlüssel verwenden.",
            "Idempotency-Key",
            "ein Schlüssel, der noch nicht verwendet wurde",
        )
    return Answer(known.status, known.answer)


def finish(session: Session, user_id: UUID, key: str, answer: Answer) -> None:
    """Keep the answer under the key that this transaction took."""
    record = fresh(IdempotencyRecord, user_id=user_id, key=key)
    # The row is there, nobody need read it: it is written with all else that waits for the commit.
    make_transient_to_detached(record)
    session.add(record)
    record.status, record.answer = answer.status, answer.content


def forget(session: Session, older_than: timedelta) -> int:
    """Drop answers that are older; nobody repeats a request after so long. Returns how many.

    A request that is repeated nevertheless meets the state of its task, and changes nothing twice.
    """
    dropped = session.execute(
        delete(IdempotencyRecord)
        .where(IdempotencyRecord.created_at < clock.now() - older_than)
        .returning(IdempotencyRecord.key)
    )
    return len(dropped.all())
