"""The flows' way into the domain: a function in a transaction of its own, off the event loop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from agreements.database.engine import make_engine, session_factory, transaction
from agreements.settings import get_settings

P = ParamSpec("P")
T = TypeVar("T")


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
        with transaction(sessions()) as session:
            return function(session, *args, **kwargs)

    return await asyncio.to_thread(call)


@lru_cache
def holder() -> str:
    """The name under which this process holds leases."""
    return get_settings().conductor_name or f"{socket.gethostname()}-{os.getpid()}"
