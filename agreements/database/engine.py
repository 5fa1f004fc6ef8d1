"""Engines, sessions and the one place where a transaction is committed."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

import agreements.model.tables  # noqa: F401  (every table registers itself)
from agreements.database.session import OneTripSession

# Whoever waits longer for a row than this meets a hung transaction, not a busy one.
LOCK_TIMEOUT_SECONDS = 30
# A connection that lay longer may have been forgotten by something between us and the server.
_ASK_AFTER_SECONDS: Final = 60
_USED_AT: Final = "used_at"


def with_driver(url: str, driver: str) -> str:
    """The same database for another driver: ``psycopg`` (ours) or ``asyncpg`` (Prefect's)."""
    parsed: URL = make_url(url).set(drivername=f"postgresql+{driver}")
    return parsed.render_as_string(hide_password=False)


def make_engine(
    url: str, *, application_name: str = "vereinbar", pool_size: int = 10, max_overflow: int = 20
) -> Engine:
    """An engine over ``url`` (any ``postgresql…`` URL) with our time-outs.

    ``application_name`` shows in ``pg_stat_activity``.
    """
    engine = create_engine(
        with_driver(url, "psycopg"),
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_recycle=1800,
        # The connection that was used last knows the statements of the next request.
        pool_use_lifo=True,
        # Names and texts have no place in the messages of errors.
        hide_parameters=True,
        connect_args={
            "application_name": application_name,
            "connect_timeout": 10,
            # A statement that comes a second time will come a third.
            "prepare_threshold": 1,
            "options": f"-c lock_timeout={LOCK_TIMEOUT_SECONDS}s -c timezone=UTC",
        },
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _require_alive)
    return engine


def _note_use(connection: psycopg.Connection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED_AT] = time.monotonic()


def _require_alive(
    connection: psycopg.Connection, entry: ConnectionPoolEntry, proxy: object
) -> None:
    """Replace a connection whose server has gone.

    As ``pool_pre_ping``, which asks the server before every transaction: a server that ends has
    closed its end of the connection, and that is seen without asking.
    """
    if _USED_AT not in entry.info:
        return
    idle = time.monotonic() - entry.info[_USED_AT]
    if _has_news(connection) or (idle > _ASK_AFTER_SECONDS and not _answers(connection)):
        raise InvalidatePoolError


def _has_news(connection: psycopg.Connection) -> bool:
    """Whether something has come that nobody asked for: an end, or the word that it is near."""
    if connection.closed:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _answers(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error:
        return False
    return True


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions over ``engine``; objects stay readable after the commit."""
    return sessionmaker(engine, class_=OneTripSession, expire_on_commit=False)


@contextmanager
def transaction(source: Engine | sessionmaker[Session]) -> Iterator[Session]:
    """One session, one transaction: committed at the end, rolled back on any exception."""
    factory = session_factory(source) if isinstance(source, Engine) else source
    with factory.begin() as session:
        yield session
