"""Transactions: committed at the end or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from agreements.database.engine import transaction, with_driver


def test_an_exception_leaves_nothing_behind(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("CREATE TABLE noted (word text)"))
    with pytest.raises(ProgrammingError), transaction(engine) as session:  # noqa: PT012  (both statements belong to the transaction)
        session.execute(text("INSERT INTO noted VALUES ('x')"))
        session.execute(text("INSERT INTO unknown VALUES ('x')"))
    with transaction(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM noted")) == 0


def test_an_error_quotes_no_values(engine: Engine) -> None:
    with pytest.raises(ProgrammingError) as refused, transaction(engine) as session:
        session.execute(text("INSERT INTO unknown VALUES (:name)"), {"name": "Dierksmeier"})
    assert "Dierksmeier" not in str(refused.value)


def test_a_lock_is_not_waited_for_for_ever(engine: Engine) -> None:
    with transaction(engine) as session:
        assert session.scalar(text("SHOW lock_timeout")) == "30s"
        assert session.scalar(text("SHOW timezone")) == "UTC"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://a:b%40@h/d", "postgresql+asyncpg://a:b%40@h/d"),
        ("postgresql+psycopg://a@/d?host=%2Ftmp", "postgresql+asyncpg://a@/d?host=%2Ftmp"),
    ],
)
def test_the_same_database_for_another_driver(url: str, expected: str) -> None:
    assert with_driver(url, "asyncpg") == expected
