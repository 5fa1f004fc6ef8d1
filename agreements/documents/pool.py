"""Rendering outside the event loop: a small pool of warm processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

from agreements.documents.rendering import RenderedDocument, render_job, warm_up
from agreements.settings import get_settings

MAX_WORKERS = 2

T = TypeVar("T")


class RenderPool:
    """Renders documents in at most two processes, which start when first needed.

    A process that dies (killed, out of memory) breaks the pool: it is replaced and the
    document tried once more; the second time the error is the caller's to retry.
    """

    def __init__(self, templates_dir: Path | None = None, workers: int = MAX_WORKERS) -> None:
        self._templates_dir = templates_dir
        self._workers = workers
        self._executor: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    async def render(self, template_id: str, data: dict[str, object]) -> RenderedDocument:
        """The document from the JSON form of its data; StepFailure as ``rendering.render``."""
        folder = str(self._templates_dir or get_settings().templates_dir)
        try:
            return await asyncio.wrap_future(self._submit(render_job, template_id, folder, data))
        except BrokenProcessPool:
            return await asyncio.wrap_future(self._submit(render_job, template_id, folder, data))

    async def warm(self) -> None:
        """Start every process and let it load what rendering needs."""
        await asyncio.gather(
            *(asyncio.wrap_future(self._submit(warm_up)) for _ in range(self._workers))
        )

    def close(self) -> None:
        """End the processes; a later ``render`` starts new ones."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, job: Callable[..., T], *arguments: object) -> Future[T]:
        with self._lock:
            if self._executor is None:
                self._executor = self._started()
            try:
                return self._executor.submit(job, *arguments)
            except BrokenProcessPool:
                self._executor.shutdown(wait=False)
                self._executor = self._started()
                return self._executor.submit(job, *arguments)

    def _started(self) -> ProcessPoolExecutor:
        # spawn: forking a process with threads and an event loop copies their locks.
        return ProcessPoolExecutor(
            self._workers, multiprocessing.get_context("spawn"), initializer=_in_worker
        )


def _in_worker() -> None:
    """Leave Ctrl-C to the parent, and never outlive it, even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
