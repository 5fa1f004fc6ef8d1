"""Migrations: complete, repeatable, and never run over a newer database."""

from __future__ import annotations

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from agreements.database import schema
from agreements.database.engine import make_engine, transaction
from agreements.errors import Conflict
from agreements.model.base import Base


# Alembic does not compare an index over an expression with an operator class.
@pytest.mark.filterwarnings("ignore:Expression #1:UserWarning")
def test_migrations_and_model_are_the_same(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_new_database_gets_the_head(empty_database_url: str) -> None:
    assert schema.current_revision(empty_database_url) is None
    schema.upgrade(empty_database_url)
    assert schema.current_revision(empty_database_url) == schema.head_revision() is not None


def test_two_starts_at_once_migrate_once(empty_database_url: str) -> None:
    errors: list[Exception] = []

    def upgrade() -> None:
        try:
            schema.upgrade(empty_database_url)
        except Exception as error:  # noqa: BLE001  (whatever it is, the test shows it)
            errors.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_newer_database_is_refused(database_url: str) -> None:
    engine = make_engine(database_url)
    with transaction(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
        session.execute(text("COMMENT ON TABLE alembic_version IS '99.1'"))
    engine.dispose()
    assert schema.is_newer(database_url)
    with pytest.raises(Conflict, match=r"neuer als dieses Programm.*99\.1") as refusal:
        schema.upgrade(database_url)
    assert refusal.value.code == "database-newer"
