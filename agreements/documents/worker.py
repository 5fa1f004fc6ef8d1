"""A child process that does one job at a time, with a limit on time and memory.

The kernel ends a child that computes for too long (SIGPROF) and refuses it memory; the parent
watches the clock and the memory in use, and kills. ``ProcessPoolExecutor`` cannot: it knows no
limit for a job, and one dead process breaks its whole pool.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from typing import Final, TypeVar, cast

T = TypeVar("T")

MEGABYTE: Final = 1024 * 1024
_LOOK_EVERY: Final = 0.05
_START_SECONDS: Final = 60.0
# What Python says of a child whose fork server is gone.
_SERVER_LOST: Final = 255
_RENDERING: Final = ["agreements.documents.registry", "agreements.documents.rendering"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may cost: seconds of computing, seconds in all, bytes of memory."""

    cpu_seconds: float
    wall_seconds: float
    memory: int


class LimitBroken(Exception):
    """A job was stopped; ``what`` is ``time`` or ``memory``."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class WorkerLost(Exception):
    """The child died for a reason of its own (killed from outside, a crash in C)."""


def _fresh() -> SpawnContext:
    """Each child begins with nothing loaded, and is this process's own child."""
    return multiprocessing.get_context("spawn")


def _loaded() -> ForkServerContext:
    """Children come off one process without threads, which has loaded what rendering needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_RENDERING)
    return context


class Worker:
    """One child. After ``LimitBroken`` or ``WorkerLost`` it is gone; take another one.

    renders: it shares what rendering loads, a second of computing, with its neighbours.
    """

    def __init__(self, *, renders: bool = False) -> None:
        # Never plain fork: that copies the locks of our threads and of the event loop.
        context = _loaded() if renders else _fresh()
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        try:
            self._process.start()
        except (OSError, EOFError):
            self._ours.close()
            theirs.close()
            raise WorkerLost from None
        theirs.close()
        self._ready = False

    @property
    def alive(self) -> bool:
        """Whether the child can take a job."""
        return self._process.is_alive()

    def run(self, limits: Limits, job: Callable[..., T], *arguments: object) -> T:
        """The job's result or its exception; raises LimitBroken or WorkerLost."""
        self._wait_until_ready()
        try:
            self._ours.send((limits, job, arguments))
            self._watch(limits)
            outcome, value = self._ours.recv()
        except (EOFError, OSError):
            raise self._death() from None
        except LimitBroken:
            self.kill()
            raise
        if outcome == "memory":
            self.kill()
            raise LimitBroken("memory")
        if outcome == "error":
            raise value
        return cast(T, value)

    def kill(self) -> None:
        """End the child at once."""
        if self._process.is_alive():
            self._process.kill()
        elif self._process.exitcode == _SERVER_LOST and self._process.pid is not None:
            # How the child fares is not known then.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()
        self._ours.close()

    def stop(self) -> None:
        """Let the child end; it has no job."""
        with contextlib.suppress(OSError):
            self._ours.send(None)
        self._process.join(5)
        self.kill()

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        try:
            if not self._ours.poll(_START_SECONDS):
                self.kill()
                raise WorkerLost
            self._ours.recv()
        except (EOFError, OSError):
            raise self._death() from None
        self._ready = True

    def _watch(self, limits: Limits) -> None:
        """Until the child answers or ends; raises at the first limit that it breaks."""
        deadline = time.monotonic() + limits.wall_seconds
        # Its end ends the pipe too; all else that is told of it comes from the fork server.
        while not self._ours.poll(_LOOK_EVERY):
            if time.monotonic() > deadline:
                raise LimitBroken("time")
            if _resident(self._process.pid) > limits.memory:
                raise LimitBroken("memory")

    def _death(self) -> LimitBroken | WorkerLost:
        self._process.join(5)
        code = self._process.exitcode
        self.kill()
        return LimitBroken("time") if code == -signal.SIGPROF else WorkerLost()


def _resident(pid: int | None) -> int:
    """The memory that a process uses; 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()


@contextlib.contextmanager
def uncounted() -> Iterator[None]:
    """In a job: what is computed here does not count against its limit of computing.

    For loading our own code, never while anything of a stranger is read.
    """
    left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, left)


def _serve(connection: Connection) -> None:
    """The child: answer jobs until the parent says None or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    connection.send("ready")
    while (order := connection.recv()) is not None:
        limits, job, arguments = order
        _answer(connection, *_limited(limits, job, arguments))


def _limited(
    limits: Limits, job: Callable[..., object], arguments: tuple[object, ...]
) -> tuple[str, object]:
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, hard))
    try:
        return "result", job(*arguments)
    except MemoryError:
        return "memory", None
    except Exception as problem:  # noqa: BLE001  (handed to whoever asked for the job)
        return "error", problem
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _answer(connection: Connection, outcome: str, value: object) -> None:
    try:
        connection.send((outcome, value))
    except MemoryError:
        connection.send(("memory", None))
    except Exception:  # noqa: BLE001  (not everything that is raised can be pickled)
        connection.send(("error", RuntimeError(f"{type(value).__name__}: {value}")))


def _end_with_parent() -> None:
    """Never outlive the parent, even when it is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
