"""The flows' way into the domain: a function in a transaction of its own, off the event loop."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from agreements.database.engine import make_engine, session_factory, transaction
from agreements.errors import Refusal, StepFailure
from agreements.settings import get_settings

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("vereinbar.domain")


class DatabaseTrouble(Exception):
    """The database is gone, busy, or refuses: the conductor tries again.

    An exception inside a flow reaches Prefect with its message, and what PostgreSQL says may
    quote a row. So Prefect is told the kind, this process's own log the rest.
    """


@lru_cache
def engine() -> Engine:
    """This process's engine."""
    url = get_settings().database_url
    if url is None:
        raise RuntimeError("VEREINBAR_DATABASE_URL is not set")
    return make_engine(url, application_name="vereinbar-flows")


@lru_cache
def sessions() -> sessionmaker[Session]:
    """This process's sessions."""
    return session_factory(engine())


async def domain(
    function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Call a function of the domain in a transaction, in a thread; committed when this returns."""

    def call() -> T:
        try:
            with transaction(sessions()) as session:
                return function(session, *args, **kwargs)
        except SQLAlchemyError as error:
            log.warning("%s: %s", function.__name__, error)
            cause = getattr(error, "orig", None) or error
            raise DatabaseTrouble(f"{function.__name__}: {type(cause).__name__}") from None
        except (Refusal, StepFailure, OSError):
            raise
        except Exception as error:
            # A fault of the program: trying again would not help, and its text may quote data.
            log.exception("%s", function.__name__)
            raise StepFailure(
                f"Unerwarteter Fehler ({type(error).__name__}) bei „{function.__name__}“. "
                "Einzelheiten stehen im Protokoll der Ablaufsteuerung; nach der Behebung den "
                "Lauf wiederholen."
            ) from None

    return await asyncio.to_thread(call)


@asynccontextmanager
async def held(name: str) -> AsyncIterator[bool]:
    """Hold the name for the block; False if somebody else does.

    A session lock of PostgreSQL: it goes with the connection, so a process that is killed
    gives it back at once.
    """
    connection = await asyncio.to_thread(_lock, name)
    try:
        yield connection is not None
    finally:
        if connection is not None:
            await asyncio.to_thread(connection.close)


def _lock(name: str) -> Connection | None:
    try:
        connection = engine().connect()
        taken: bool = connection.execute(_TRY, {"name": name}).scalar_one()
        connection.commit()
    except SQLAlchemyError as error:
        log.warning("lock %s: %s", name, error)
        raise DatabaseTrouble(f"lock: {type(error).__name__}") from None
    # Not the pool's any more: closing it ends the session, and with it the lock.
    connection.detach()
    if taken:
        return connection
    connection.close()
    return None


def is_held(session: Session, name: str) -> bool:
    """Whether anybody holds the name now; looks without touching it."""
    return bool(session.execute(_HELD, {"name": name}).scalar_one())


_TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
_HELD = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND objsubid = 1"
    " AND (classid::bigint << 32) | objid::bigint = hashtextextended(:name, 0))"
)


@lru_cache
def holder() -> str:
    """The name under which this process holds leases.

    The conductor's name is the conductor's alone: a stock worker's process may have its
    environment, and would pass for it.
    """
    named = None if "PREFECT__FLOW_RUN_ID" in os.environ else get_settings().conductor_name
    return named or f"{socket.gethostname()}-{os.getpid()}"
