"""A stock process worker of Prefect on our pool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from agreements.cli.stack_environment import child_environment
from agreements.settings import PROJECT_ROOT
from tests.flows.region import Region


@contextmanager
def stock_worker(region: Region) -> Iterator[None]:
    """One worker for the length of the block, as an operator would start it."""
    with region.log("worker").open("ab") as output:
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "prefect", "worker", "start"),
                *("--pool", region.settings.work_pool, "--type", "process"),
            ],
            env={**os.environ, **child_environment(region.settings)},
            stdout=output,
            stderr=output,
            cwd=PROJECT_ROOT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        # How long Prefect's worker takes to go is not ours: what it did is what counts.
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(60)
