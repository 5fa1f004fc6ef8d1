from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

from agreements.documents import examples
from agreements.documents.pool import RenderPool
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.settings import PROJECT_ROOT

TEMPLATES_DIR = PROJECT_ROOT / "templates"


def _workers() -> set[int]:
    return {child.pid for child in multiprocessing.active_children() if child.pid}


def test_documents_come_from_other_processes_even_after_one_was_killed() -> None:
    data = examples.paper()
    expected = render(template_by_id("paper"), data, TEMPLATES_DIR)

    async def story() -> None:
        pool = RenderPool(TEMPLATES_DIR)
        try:
            await pool.warm()
            first = await pool.render("paper", data.model_dump(mode="json"))
            assert first.content == expected
            workers = _workers()
            assert workers
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            again = await pool.render("paper", data.model_dump(mode="json"))
            assert again.content == expected
            assert not workers & _workers()
        finally:
            pool.close()
        assert _workers() == set()

    asyncio.run(story())


KILLED_PARENT = """
import asyncio, os, signal
from agreements.documents.pool import RenderPool

async def main():
    await RenderPool().warm()
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_no_process_outlives_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(KILLED_PARENT)
    # The processes inherit standard output: it ends only when the last of them has ended.
    ended = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
    )
    assert ended.returncode == -signal.SIGKILL
