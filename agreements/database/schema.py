"""The database's schema: migrate it, and say which revision it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from agreements.database.engine import with_driver
from agreements.errors import Conflict
from agreements.version import program_version

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
# Any constant that nobody else uses: "vereinb" in ASCII.
MIGRATION_LOCK = 0x76657265696E62


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to this program's revision (or an older one), in one transaction.

    Two starts at a time wait for each other. Raises ``Conflict`` (``database-newer``)
    if the database has a revision that this program does not know.
    """
    with _connection(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        _refuse_newer(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        # Names the version to install when an older program meets this database.
        connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{program_version()}'"))


def current_revision(url: str) -> str | None:
    """The revision that the database has; None for an empty database."""
    with _connection(url) as connection:
        return _current(connection)


def head_revision() -> str | None:
    """The revision that this program brings; None as long as there is none."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_known(revision: str | None) -> bool:
    """Whether this program knows the revision (an empty database is known)."""
    script = ScriptDirectory.from_config(_config())
    return revision is None or revision in {entry.revision for entry in script.walk_revisions()}


def is_newer(url: str) -> bool:
    """Whether the database has a revision that this program does not know."""
    return not is_known(current_revision(url))


def refuse_newer(url: str) -> None:
    """Raise ``Conflict`` (``database-newer``) if the database is newer than the program."""
    with _connection(url) as connection:
        _refuse_newer(connection)


def _refuse_newer(connection: Connection) -> None:
    if is_known(_current(connection)):
        return
    writer = connection.scalar(text("SELECT obj_description('alembic_version'::regclass)"))
    version = f"Version {writer}" if writer else "die Version, die sie zuletzt benutzt hat,"
    raise Conflict(
        "database-newer",
        f"Die Datenbank ist neuer als dieses Programm (Version {program_version()}). "
        f"Bitte {version} oder eine neuere einspielen.",
    )


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = create_engine(
        with_driver(url, "psycopg"),
        poolclass=NullPool,
        connect_args={"application_name": "vereinbar-schema", "options": "-c lock_timeout=5min"},
    )
    with engine.begin() as connection:
        yield connection
