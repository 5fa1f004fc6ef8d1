"""How many decisions are under way at once, so that those who came first are done first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

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
        # Whoever has a turn has a thread.
        self._threads = ThreadPoolExecutor(AT_ONCE + PAST_THEM, thread_name_prefix="decisions")

    async def carry_out(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Wait for a turn; then what ``work`` returns, done in a thread."""
        taken = await self._wait()
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))
        finally:
            taken.release()

    def close(self) -> None:
        """No more work; what is under way is finished."""
        self._threads.shutdown()

    async def _wait(self) -> asyncio.Semaphore:
        if not self._free.locked():
            await self._free.acquire()  # at once
            return self._free
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._free.acquire()
                return self._free
        except TimeoutError:
            await self._past.acquire()
            return self._past
