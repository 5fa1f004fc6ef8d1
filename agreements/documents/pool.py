"""Rendering outside the event loop: a small pool of warm processes, each job with a limit."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final, TypeVar

from agreements.documents.rendering import RenderedDocument, render_job, warm_up
from agreements.documents.worker import MEGABYTE, LimitBroken, Limits, Worker, WorkerLost
from agreements.errors import StepFailure
from agreements.settings import get_settings

MAX_WORKERS = 2
# The longest real document takes less than a second; a machine under load is no reason to fail.
RENDERING: Final = Limits(cpu_seconds=60, wall_seconds=300, memory=1024 * MEGABYTE)

T = TypeVar("T")


class RenderPool:
    """Renders documents in at most two processes, which start when first needed.

    A process that breaks a job's limit is killed and replaced: that job fails with a sentence,
    its neighbours go on. A process that dies otherwise (killed from outside) is replaced and
    the document tried once more; the second time the error is the caller's to retry.
    """

    def __init__(
        self,
        templates_dir: Path | None = None,
        workers: int = MAX_WORKERS,
        limits: Limits = RENDERING,
    ) -> None:
        self._templates_dir = templates_dir
        self._workers = workers
        self._limits = limits
        self._threads: ThreadPoolExecutor | None = None
        self._idle: list[Worker] = []
        self._lock = threading.Lock()

    async def render(
        self, template_id: str, data: dict[str, object], source: bytes | None = None
    ) -> RenderedDocument:
        """The document from the JSON form of its data; StepFailure as ``rendering.render``.

        source: the template's file, if a released version takes the place of the shipped one.
        """
        return await asyncio.wrap_future(self._rendered(template_id, data, source))

    def render_now(
        self, template_id: str, data: dict[str, object], source: bytes | None = None
    ) -> RenderedDocument:
        """As ``render``, for callers without an event loop."""
        return self._rendered(template_id, data, source).result()

    async def warm(self) -> None:
        """Start every process and let it load what rendering needs."""
        await asyncio.gather(*(asyncio.wrap_future(one) for one in self._warming()))

    def close(self) -> None:
        """End the processes; a later ``render`` starts new ones."""
        with self._lock:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.stop()

    def _rendered(
        self, template_id: str, data: dict[str, object], source: bytes | None
    ) -> Future[RenderedDocument]:
        folder = str(self._templates_dir or get_settings().templates_dir)
        return self._submit(self._twice, template_id, render_job, template_id, folder, data, source)

    def _warming(self) -> list[Future[None]]:
        # All wait for each other, so that no process warms up twice and another one not at all.
        together = threading.Barrier(self._workers)
        return [self._submit(self._warm_one, together) for _ in range(self._workers)]

    def _warm_one(self, together: threading.Barrier) -> None:
        worker = self._taken()
        try:
            # A busy process is warm; nobody has to wait for it.
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait(10)
            worker.run(self._limits, warm_up)
        finally:
            self._give_back(worker)

    def _submit(self, job: Callable[..., T], *arguments: object) -> Future[T]:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="render")
            return self._threads.submit(job, *arguments)

    def _twice(self, template_id: str, job: Callable[..., T], *arguments: object) -> T:
        try:
            return self._once(self._taken(), template_id, job, *arguments)
        except WorkerLost:
            pass
        try:
            # A new one: whatever killed the first may have killed all that were idle.
            return self._once(Worker(renders=True), template_id, job, *arguments)
        except WorkerLost:
            raise BrokenProcessPool("a rendering process died twice") from None

    def _once(
        self, worker: Worker, template_id: str, job: Callable[..., T], *arguments: object
    ) -> T:
        try:
            return worker.run(self._limits, job, *arguments)
        except LimitBroken as broken:
            raise StepFailure(_too_expensive(template_id, broken, self._limits)) from None
        finally:
            self._give_back(worker)

    def _taken(self) -> Worker:
        """An idle process that lives, or a new one; as many threads as processes ask for one."""
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return Worker(renders=True)
            if worker.alive:
                return worker
            worker.kill()

    def _give_back(self, worker: Worker) -> None:
        if not worker.alive:
            return
        with self._lock:
            surplus = len(self._idle) >= self._workers
            if not surplus:
                self._idle.append(worker)
        if surplus:
            worker.stop()


def _too_expensive(template_id: str, broken: LimitBroken, limits: Limits) -> str:
    from agreements.documents.registry import template_by_id

    cost = (
        f"länger als {limits.cpu_seconds:g} Sekunden gerechnet"
        if broken.what == "time"
        else f"mehr als {limits.memory // MEGABYTE} MB Speicher gebraucht"
    )
    return (
        f"Das Erzeugen von „{template_by_id(template_id).title}“ hat {cost} und wurde abgebrochen. "
        "Prüfen Sie die Vorlage auf Schleifen in Schleifen („vereinbar template check“) und "
        "wiederholen Sie den Schritt."
    )
