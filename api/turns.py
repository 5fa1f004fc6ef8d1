"""How many decisions compute at once, so that those who came first are done first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

# A thread computes while few others wait for the database; with more of them at once nobody is done
# sooner, and some much later.
AT_ONCE: Final = 4
# Whoever waits longer than this waits behind decisions that are held up themselves, by the lock of
# a case: another case's decisions have nothing to do with that.
PATIENCE_SECONDS: Final = 1


class Turns:
    """Four at once; whoever comes next waits in the order of coming, but not for long."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a turn, for a second at the most."""
        has_turn = await self._wait()
        try:
            yield
        finally:
            if has_turn:
                self._free.release()

    async def _wait(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._free.acquire()
        except TimeoutError:
            return False
