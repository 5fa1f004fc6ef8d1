"""Migrations give what the models say, and what only the database can keep."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

import agreements.model  # noqa: F401  (every table registers itself)
from agreements.database import schema
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import make_engine
from agreements.model.base import Base

# PostgreSQL gives an index over an expression back in a spelling of its own, and Alembic
# cannot reflect the operator class. The comparison of definitions below covers this one.
NOT_COMPARED = "ix_cases_search"

ENTRY = """
INSERT INTO journal
    (case_id, number, event, recorded_at, actor, confidential, data, salt, previous_hash, hash)
VALUES (gen_random_uuid(), 1, 'case_started', now(), 'vereinbar', false, '{}', '', '', 'a')
"""
CHECKPOINT = """
INSERT INTO checkpoints (number, taken_at, cases, states, digest, previous_hash, hash)
VALUES (1, now(), 0, '[]', '', '', 'a')
"""


@pytest.fixture
def upgraded(empty_database_url: str) -> Iterator[Engine]:
    """An empty database, upgraded to the newest revision."""
    schema.upgrade(empty_database_url)
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def from_models(postgres: EmbeddedPostgres) -> Iterator[Engine]:
    """A database made from the models, without any migration."""
    postgres.ensure_database("from_models")
    engine = make_engine(postgres.url("from_models"))
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION pg_trgm"))
        Base.metadata.create_all(connection)
    yield engine
    engine.dispose()
    postgres.drop_database("from_models")


def test_an_upgraded_empty_database_equals_the_models(upgraded: Engine) -> None:
    options = {"compare_type": True, "compare_server_default": True}
    with upgraded.connect() as connection, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    assert [NOT_COMPARED in str(warning.message) for warning in said] == [True]


INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
"""


@pytest.mark.parametrize("definitions", [INDEXES, CONSTRAINTS], ids=["indexes", "constraints"])
def test_indexes_and_constraints_are_those_of_the_models(
    upgraded: Engine, from_models: Engine, definitions: str
) -> None:
    def read(engine: Engine) -> set[tuple[str, ...]]:
        with engine.connect() as connection:
            return {tuple(row) for row in connection.execute(text(definitions))}

    ours = {row for row in read(upgraded) if row[0] != "alembic_version"}
    assert ours == read(from_models)
    assert (NOT_COMPARED in {row[1] for row in ours}) is (definitions is INDEXES)


@pytest.fixture
def written(upgraded: Engine) -> Engine:
    """A database with one entry in the journal."""
    with upgraded.begin() as connection:
        # The entry's case does not matter here.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(ENTRY))
        connection.execute(text(CHECKPOINT))
    return upgraded


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET actor = 'jemand anders'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "TRUNCATE cases CASCADE",
        "UPDATE checkpoints SET states = '[{}]'",
        "DELETE FROM checkpoints",
        "TRUNCATE checkpoints",
    ],
)
def test_journal_and_checkpoints_can_only_grow(written: Engine, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="the journal is append-only"),
        written.begin() as connection,
    ):
        connection.execute(text(change))
    with written.connect() as connection:
        assert connection.scalar(text("SELECT actor FROM journal")) == "vereinbar"
        assert connection.scalar(text("SELECT hash FROM checkpoints")) == "a"
