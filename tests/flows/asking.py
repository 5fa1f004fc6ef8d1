"""What tests ask Prefect: with one client and one event loop, as long as one server answers."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from prefect.context import AsyncClientContext
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_HOME,
    temporary_settings,
)

T = TypeVar("T")


@dataclass(frozen=True)
class _Line:
    """A loop with a client that stays connected; ``get_client`` in its context gives that one."""

    runner: asyncio.Runner
    context: contextvars.Context

    def ask(self, answer: Coroutine[object, object, T]) -> T:
        return self.runner.run(answer, context=self.context)


_open: list[_Line] = []


def ask(answer: Coroutine[object, object, T]) -> T:
    """Ask Prefect something from a test that is not asynchronous."""
    return _open[-1].ask(answer)


@contextmanager
def client_of(environment: Mapping[str, str]) -> Iterator[None]:
    """Within the block this process's Prefect clients speak to that server."""
    with settings_of(environment), asyncio.Runner() as runner:
        line = _Line(runner, contextvars.copy_context())
        client = AsyncExitStack()
        line.ask(client.enter_async_context(AsyncClientContext.get_or_create()))
        _open.append(line)
        try:
            yield
        finally:
            _open.remove(line)
            line.ask(client.aclose())


@contextmanager
def settings_of(environment: Mapping[str, str]) -> Iterator[None]:
    """Within the block Prefect's settings are those of that environment."""
    wanted = (PREFECT_API_URL, PREFECT_API_AUTH_STRING, PREFECT_HOME)
    with temporary_settings({setting: environment[setting.name] for setting in wanted}):
        yield
