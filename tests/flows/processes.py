"""Conductors as processes of their own, off one process that has loaded Prefect and our flows.

Loading them takes seconds of computing, and the tests of the flows start dozens of conductors.
How ``python -m flows`` starts one, the tests of the demo show.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

_LOADED = [
    "flows.process",
    "tests.flows.asking",
    "agreements.documents.registry",
    "agreements.documents.rendering",
]


def start_conductor(environment: Mapping[str, str], log: Path) -> BaseProcess:
    """A conductor with that environment, whose output is appended to ``log``."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    process = context.Process(target=_conduct, args=(dict(environment), log))
    process.start()
    return process


def _conduct(environment: dict[str, str], log: Path) -> None:
    """In the new process: what ``python -m flows`` does."""
    with log.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    # Its rendering children come off the same process: it is there, and need not be started.
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
    from flows.process import start
    from tests.flows.asking import settings_of

    with settings_of(environment):
        start()
