"""What a prepared query gives is what ``Session.execute`` would give, past its layers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, Select, bindparam, event, func, inspect, select, text, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from agreements.database.engine import transaction
from agreements.database.prepared import Prepared
from agreements.documents.store import DocumentStore
from agreements.model.base import Base
from agreements.model.cases import Case, Stage, Task
from agreements.model.enums import TaskState
from agreements.model.people import User
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests.agreements.journals import a_case
from tests.bench.waiting import Waiting
from tests.story import KREIS, SCHWERTE


@pytest.fixture
def case(sessions: sessionmaker[Session]) -> Case:
    """A case with a short journal."""
    with transaction(sessions) as session:
        return a_case(session, "IKZ-2026-0001", 2)


def _whole(class_: type[Any]) -> Callable[[], Select[Any]]:
    return lambda: select(class_).order_by(*inspect(class_).primary_key)


def _values(objects: list[Any]) -> list[dict[str, object]]:
    keys = [attribute.key for attribute in inspect(type(objects[0])).column_attrs]
    return [{key: getattr(found, key) for key in keys} for found in objects]


def test_every_kind_of_object_is_read_as_sqlalchemy_reads_it(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with transaction(sessions) as session:
        add_region(session, sample_region())
    Waiting(sessions, DocumentStore(tmp_path)).lead_to_councils((SCHWERTE, KREIS))
    compared = set()
    for mapper in Base.registry.mappers:
        class_ = mapper.class_
        with transaction(sessions) as session:
            expected = list(session.scalars(_whole(class_)()))
            if not expected:
                continue
            wanted = _values(expected)
        with transaction(sessions) as session:
            found = [row[0] for row in Prepared(_whole(class_)).all(session)]
            assert _values(found) == wanted
            assert all(found_ in session and not session.is_modified(found_) for found_ in found)
            # None of it is asked for again, and what is changed is written.
            assert list(session.scalars(_whole(class_)())) == found
        compared.add(class_.__tablename__)
    assert {"cases", "stages", "tasks", "papers", "bodies", "text_versions", "users"} <= compared


def test_a_row_holds_objects_and_values_and_nothing_where_a_join_finds_nothing(
    sessions: sessionmaker[Session], case: Case
) -> None:
    query: Prepared[Case, str, Stage | None, User] = Prepared(
        lambda: (
            select(Case, func.lower(Case.reference), Stage, User)
            .join(User, User.id == Case.started_by)
            .outerjoin(Stage, Stage.case_id == Case.id)
            .where(Case.reference == bindparam("reference"))
        )
    )
    with transaction(sessions) as session:
        found = query.all(session, reference="IKZ-2026-0001")
        read, lowered, stage, user = found[0]
        assert (read.id, lowered, stage, user.id) == (
            case.id,
            "ikz-2026-0001",
            None,
            case.started_by,
        )
        assert query.first(session, reference="IKZ-2026-0002") is None
        assert session.get(Case, case.id) is read


def test_what_is_left_out_is_read_when_somebody_asks(
    sessions: sessionmaker[Session], case: Case
) -> None:
    query: Prepared[Case] = Prepared(lambda: select(Case), {Case: (Case.reference,)})
    with transaction(sessions) as session:
        (found,) = query.all(session)[0]
        assert "title" not in inspect(found).dict
        assert found.title == case.title
        found.subject = "Ein anderer Gegenstand"
    with transaction(sessions) as session:
        assert session.get_one(Case, case.id).subject == "Ein anderer Gegenstand"


def test_what_another_transaction_has_written_is_seen(
    sessions: sessionmaker[Session], case: Case
) -> None:
    query: Prepared[Case] = Prepared(lambda: select(Case))
    with transaction(sessions) as session:
        (seen,) = query.all(session)[0]
        with transaction(sessions) as other:
            other.execute(update(Case).values(title="Neu"))
        assert query.all(session) == [(seen,)]
        assert seen.title == "Neu"


def test_what_is_changed_is_written_before_or_kept(
    sessions: sessionmaker[Session], case: Case
) -> None:
    query: Prepared[Case] = Prepared(lambda: select(Case))
    titles: Prepared[str] = Prepared(lambda: select(Case.title))
    with transaction(sessions) as session:
        (found,) = query.all(session)[0]
        found.title = "Erst geändert"
        assert titles.all(session) == [("Erst geändert",)]
        with session.no_autoflush:
            found.title = "Noch nicht geschrieben"
            assert titles.all(session) == [("Erst geändert",)]
            query.all(session)
        assert found.title == "Noch nicht geschrieben"
    with transaction(sessions) as session:
        assert titles.all(session) == [("Noch nicht geschrieben",)]


def test_parameters_are_written_as_their_columns_demand(
    sessions: sessionmaker[Session], case: Case
) -> None:
    query: Prepared[int] = Prepared(
        lambda: select(func.count(Task.id)).where(
            Task.state == bindparam("state"), Task.case_id == bindparam("case_id")
        )
    )
    with transaction(sessions) as session:
        assert query.all(session, state=TaskState.OPEN, case_id=case.id) == [(0,)]


def test_listeners_hear_of_it(engine: Engine, sessions: sessionmaker[Session], case: Case) -> None:
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *heard: seen.append(heard[2]))
    with transaction(sessions) as session:
        Prepared(lambda: select(Case.title)).all(session)
    assert seen == ["SELECT cases.title \nFROM cases"]


def test_errors_are_sqlalchemys(sessions: sessionmaker[Session]) -> None:
    nonsense: Prepared[Any] = Prepared(lambda: select(func.there_is_no_such_function()))
    with pytest.raises(ProgrammingError), transaction(sessions) as session:
        nonsense.all(session)


def test_a_lost_connection_is_noticed_and_replaced(
    sessions: sessionmaker[Session], case: Case
) -> None:
    query: Prepared[str] = Prepared(lambda: select(Case.title))
    session = sessions()
    backend = session.scalar(text("SELECT pg_backend_pid()"))
    with transaction(sessions) as other:
        other.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
    with pytest.raises(OperationalError) as refused:
        query.all(session)
    session.close()
    assert refused.value.connection_invalidated
    assert isinstance(refused.value.orig, psycopg.OperationalError)
    with transaction(sessions) as session:
        assert query.all(session) == [(case.title,)]
