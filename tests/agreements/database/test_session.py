"""The session that writes its rows in one statement writes what ``Session`` would write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, null, select, text
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from agreements import clock, outbox
from agreements.database.engine import transaction
from agreements.ids import new_id
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.enums import BodyKind, OutboxKind, Role
from agreements.model.people import Duty, User
from agreements.model.records import JournalEntry, OutboxEntry
from tests.agreements.journals import a_case

WRITES = ("INSERT", "UPDATE", "WITH part_0")


@contextmanager
def _written(engine: Engine) -> Iterator[list[str]]:
    """The statements of the block that write."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: Any) -> None:  # noqa: ANN401
        if statement.startswith(WRITES):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def case(sessions: sessionmaker[Session]) -> Case:
    """A case with a short journal."""
    with transaction(sessions) as session:
        return a_case(session, "IKZ-2026-0001", 2)


def _entry(case: Case, **values: Any) -> JournalEntry:  # noqa: ANN401
    return JournalEntry(
        case_id=case.id,
        number=case.journal_number + 1,
        event="case_started",
        recorded_at=clock.now(),
        actor="vereinbar",
        data={"a": [1, None]},
        salt="s",
        previous_hash=case.journal_hash,
        hash=new_id().hex,
        **values,
    )


def test_new_and_changed_rows_are_one_statement(
    engine: Engine, sessions: sessionmaker[Session], case: Case
) -> None:
    with _written(engine) as seen, transaction(sessions) as session:
        found = session.get_one(Case, case.id)
        entry = _entry(found)
        session.add(entry)
        outbox.put(session, found.id, OutboxKind.EVENT, {"event": "x"})
        found.journal_number, found.journal_hash = entry.number, entry.hash
    assert len(seen) == 1
    assert found.version == case.version + 1
    with sessions() as session:
        stored = session.get_one(Case, case.id)
        assert (stored.version, stored.journal_hash) == (found.version, entry.hash)
        assert session.get_one(JournalEntry, (case.id, entry.number)).data == {"a": [1, None]}
        assert session.scalars(select(OutboxEntry)).one().failures == 0


def test_what_is_not_set_is_null_as_ever(sessions: sessionmaker[Session], case: Case) -> None:
    with transaction(sessions) as session:
        session.add(_entry(case, before=None))
    with sessions() as session:
        row = session.execute(
            text("SELECT before::text, after::text FROM journal ORDER BY number DESC LIMIT 1")
        ).one()
    # SQLAlchemy keeps a None that was set in a JSON column as JSON's own null.
    assert tuple(row) == ("null", None)


def test_a_value_of_sql_is_left_to_the_database(sessions: sessionmaker[Session]) -> None:
    period = {"count": 6, "unit": "days"}
    with transaction(sessions) as session:
        body = Body(
            ags="05978020",
            kind=BodyKind.TOWN,
            name="Stadt Kamen",
            official_name="Kamen, Stadt",
            land="NW",
            forms={},
            paper_number_pattern="{number}",
            invitation_period=period,
            invitation_period_urgent=null(),
        )
        session.add(body)
    with transaction(sessions) as session:
        session.get_one(Body, body.id).invitation_period = null()
    with transaction(sessions) as session:
        columns = (Body.invitation_period, Body.invitation_period_urgent)
        is_null = session.execute(select(*(column.is_(null()) for column in columns))).one()
    assert tuple(is_null) == (True, True)


def test_a_row_that_has_changed_meanwhile_is_not_overwritten(
    sessions: sessionmaker[Session], case: Case
) -> None:
    with sessions() as session:
        found = session.get_one(Case, case.id)
        with transaction(sessions) as other:
            other.get_one(Case, case.id).title = "Schneller"
        found.title = "Langsamer"
        with pytest.raises(StaleDataError):
            session.commit()
    with sessions() as session:
        assert session.get_one(Case, case.id).title == "Schneller"


def test_what_follows_from_a_relationship_is_written_too(
    engine: Engine, sessions: sessionmaker[Session]
) -> None:
    with _written(engine) as seen, transaction(sessions) as session:
        user = User(username="neu", display_name="Neu", person_key="neu")
        user.duties = [Duty(role=Role.ADMIN)]
        session.add(user)
    assert len(seen) == 2
    with sessions() as session:
        stored = session.scalars(select(User).where(User.username == "neu")).one()
        assert [duty.role for duty in stored.duties] == [Role.ADMIN]


def test_what_was_written_counts_as_unchanged(
    engine: Engine, sessions: sessionmaker[Session], case: Case
) -> None:
    with transaction(sessions) as session:
        found = session.get_one(Case, case.id)
        found.title = "Neuer Titel"
        session.flush()
        assert not session.dirty
        with _written(engine) as seen:
            found.title = "Neuer Titel"
            session.flush()
        assert seen == []
        found.title = "Noch einer"
        # Back and forth is no change, and the session can end with it.
        session.flush()
        found.subject, found.subject = "x", case.subject
    with sessions() as session:
        assert session.get_one(Case, case.id).version == case.version + 2


def test_conductors_are_told_with_the_commit_and_only_then(
    engine: Engine, sessions: sessionmaker[Session], case: Case
) -> None:
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as listener:
        listener.execute(f"LISTEN {outbox.CHANNEL}")
        kept, alone, lost = new_id(), new_id(), new_id()
        with sessions() as session:
            outbox.wake(session, lost)
            session.rollback()
            outbox.wake(session, kept)
            outbox.wake(session, kept)
            session.get_one(Case, case.id).title = "Neuer Titel"
            session.commit()
            # Where nothing else is written they go alone.
            outbox.wake(session, alone)
            session.commit()
        heard = [n.payload for n in listener.notifies(timeout=60, stop_after=2)]
    assert heard == [str(kept), str(alone)]


def test_a_connection_whose_server_end_is_gone_is_replaced(
    engine: Engine, sessions: sessionmaker[Session], case: Case
) -> None:
    with sessions() as session, sessions() as other:
        other.execute(text("SELECT 1"))
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        session.rollback()
        other.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": pid})
        assert session.get_one(Case, case.id).reference == "IKZ-2026-0001"
