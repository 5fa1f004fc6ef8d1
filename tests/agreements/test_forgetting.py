"""What is kept so that nothing happens twice is dropped when nobody can ask for it any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import clock, idempotency, outbox
from agreements.database.engine import transaction
from agreements.idempotency import Answer
from agreements.model.enums import OutboxKind
from agreements.model.people import IdempotencyRecord
from agreements.model.records import OutboxEntry
from tests.agreements.journals import a_case

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def test_answers_are_kept_for_a_while(kreis: sessionmaker[Session]) -> None:
    with transaction(kreis) as session:
        user_id = a_case(session, "IKZ-2026-0001").started_by
        for key, age in (("alt", 8), ("jung", 6)):
            with clock.fixed(START - timedelta(days=age)):
                assert idempotency.begin(session, user_id, key, "mark") is None
                idempotency.finish(session, user_id, key, Answer(200, {"body": key}))
    with transaction(kreis) as session, clock.fixed(START):
        assert idempotency.forget(session, WEEK) == 1
        assert session.scalars(select(IdempotencyRecord.key)).all() == ["jung"]
        # The young one is still answered, the old key is free.
        assert idempotency.begin(session, user_id, "jung", "mark") == Answer(200, {"body": "jung"})
        assert idempotency.begin(session, user_id, "alt", "mark") is None
        assert idempotency.forget(session, WEEK) == 0


def test_effects_are_kept_until_they_are_carried_out(kreis: sessionmaker[Session]) -> None:
    with transaction(kreis) as session:
        case = a_case(session, "IKZ-2026-0001")
        first, second, third = (
            outbox.put(session, case.id, OutboxKind.EVENT, {"event": name})
            for name in ("zuerst", "danach", "zuletzt")
        )
        session.flush()
        ids = (first.id, second.id, third.id)
    with transaction(kreis) as session:
        assert [entry.id for entry in outbox.waiting(session)] == list(ids)
        outbox.carried_out(session, [ids[0], ids[2]])
    with transaction(kreis) as session:
        assert [entry.id for entry in outbox.waiting(session)] == [ids[1]]
        # Another conductor has carried out the same at the same time.
        outbox.carried_out(session, list(ids))
        assert session.scalars(select(OutboxEntry.id)).all() == []
