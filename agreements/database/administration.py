"""Create databases and extensions on any server, embedded or not."""

from __future__ import annotations

from contextlib import AbstractContextManager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from agreements.database.engine import with_driver
from agreements.errors import Refusal


def database_name(url: str) -> str:
    """The database that the URL names."""
    return make_url(url).database or "postgres"


def sibling(url: str, database: str) -> str:
    """The URL of another database on the same server."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def connect(url: str) -> AbstractContextManager[psycopg.Connection]:
    """A plain connection in autocommit mode."""
    parsed = make_url(with_driver(url, "psycopg"))
    target = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(
        target, autocommit=True, connect_timeout=10, application_name="vereinbar-administration"
    )


def exists(url: str) -> bool:
    """Whether the database of the URL exists; raises if the server does not answer."""
    with connect(sibling(url, "postgres")) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [database_name(url)]
        )
        return found.fetchone() is not None


def ensure(url: str) -> bool:
    """Create the database of the URL if it is missing; whether it was."""
    try:
        # The usual case needs no right to see the maintenance database.
        with connect(url):
            return False
    except psycopg.OperationalError:
        if exists(url):
            raise
    name = database_name(url)
    try:
        with connect(sibling(url, "postgres")) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refusal(
            "database-missing",
            f"Die Datenbank „{name}“ fehlt, und der angemeldete Datenbankbenutzer darf keine "
            "anlegen. Bitte die Datenbank auf dem Server anlegen.",
        ) from error
    return True


def ensure_extension(url: str, extension: str) -> None:
    """Create the extension in the database of the URL if it is missing."""
    with connect(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [extension])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))


def has_table(url: str, table: str) -> bool:
    """Whether the database of the URL has the table in its search path."""
    with connect(url) as connection:
        row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
        return row is not None and bool(row[0])


def drop(url: str) -> None:
    """Drop the database of the URL, whoever is connected to it."""
    with connect(sibling(url, "postgres")) as connection:
        name = sql.Identifier(database_name(url))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
