"""How many decisions are under way at once, so that those who came first are done first."""

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
# So many may go past them. All others wait: reading needs threads and connections as well.
PAST_THEM: Final = 8


class Turns:
    """Four at once, in the order of coming; a few go past those that are held up for long."""

    def __init__(self) -> None:
        self._free, self._past = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(PAST_THEM)

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a turn."""
        taken = await self._wait()
        try:
            yield
        finally:
            taken.release()

    async def _wait(self) -> asyncio.Semaphore:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._free.acquire()
                return self._free
        except TimeoutError:
            await self._past.acquire()
            return self._past
