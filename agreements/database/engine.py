"""Engines, sessions and the one place where a transaction is committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.orm import Session, sessionmaker

# Whoever waits longer for a row than this meets a hung transaction, not a busy one.
LOCK_TIMEOUT_SECONDS = 30


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
    return create_engine(
        with_driver(url, "psycopg"),
        pool_pre_ping=True,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_recycle=1800,
        # Names and texts have no place in the messages of errors.
        hide_parameters=True,
        connect_args={
            "application_name": application_name,
            "connect_timeout": 10,
            "options": f"-c lock_timeout={LOCK_TIMEOUT_SECONDS}s -c timezone=UTC",
        },
    )


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions over ``engine``; objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(source: Engine | sessionmaker[Session]) -> Iterator[Session]:
    """One session, one transaction: committed at the end, rolled back on any exception."""
    factory = session_factory(source) if isinstance(source, Engine) else source
    with factory.begin() as session:
        yield session
