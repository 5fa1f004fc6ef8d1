from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agreements.documents import examples
from agreements.documents.pool import RenderPool
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.documents.worker import MEGABYTE, Limits
from agreements.errors import StepFailure
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.inspection.making import changed
from tests.waiting import until

TEMPLATES_DIR = PROJECT_ROOT / "templates"
Workers = Callable[[], set[int]]


def _children() -> set[int]:
    return {child.pid for child in multiprocessing.active_children() if child.pid}


@pytest.fixture
def workers() -> Workers:
    """The processes that have come since the test began: an earlier one's API keeps its own."""
    earlier = _children()
    return lambda: _children() - earlier


def test_documents_come_from_other_processes_even_after_one_was_killed(workers: Workers) -> None:
    data = examples.paper()
    expected = render(template_by_id("paper"), data, TEMPLATES_DIR)

    async def story() -> None:
        pool = RenderPool(TEMPLATES_DIR)
        try:
            await pool.warm()
            first = await pool.render("paper", data.model_dump(mode="json"))
            assert first.content == expected
            killed = workers()
            assert killed
            for worker in killed:
                os.kill(worker, signal.SIGKILL)
            again = await pool.render("paper", data.model_dump(mode="json"))
            assert again.content == expected
            until(lambda: not killed & workers(), "the killed processes are gone")
        finally:
            pool.close()
        assert workers() == set()

    asyncio.run(story())


def _endless(tmp_path: Path, tag: str) -> bytes:
    """The matrix template with a tag that runs away, which no inspection has seen."""
    source = (TEMPLATES_DIR / template_by_id("matrix").file_name).read_bytes()
    return changed(source, "word/document.xml", "{{ summary }}", tag)


LOOPS = "".join(f"{{% for a{n} in range(999) %}}" for n in range(5)) + "{% endfor %}" * 5
DOUBLING = "{% set a = summary %}" + "{% set a = a ~ a %}" * 40


@pytest.mark.parametrize(
    ("tag", "limits", "sentence"),
    [
        # Each breaks one limit and has room under the other, on a slow machine too.
        (LOOPS, Limits(5, 300, 1024 * MEGABYTE), "hat länger als 5 Sekunden gerechnet"),
        (DOUBLING, Limits(60, 300, 256 * MEGABYTE), "hat mehr als 256 MB Speicher gebraucht"),
    ],
    ids=["time", "memory"],
)
def test_a_job_that_breaks_a_limit_fails_and_disturbs_nobody(
    tmp_path: Path, workers: Workers, tag: str, limits: Limits, sentence: str
) -> None:
    matrix = examples.matrix().model_dump(mode="json")
    paper = examples.paper().model_dump(mode="json")
    expected = render(template_by_id("paper"), examples.paper(), TEMPLATES_DIR)

    async def story() -> None:
        pool = RenderPool(TEMPLATES_DIR, limits=limits)
        try:
            await pool.warm()
            runaway = asyncio.create_task(pool.render("matrix", matrix, _endless(tmp_path, tag)))
            neighbours = [await pool.render("paper", paper) for _ in range(3)]
            assert [made.content for made in neighbours] == [expected] * 3
            with pytest.raises(StepFailure, match=f"„Beschlussmatrix“ {sentence}"):
                await runaway
            both = await asyncio.gather(*(pool.render("paper", paper) for _ in range(2)))
            assert [made.content for made in both] == [expected] * 2
        finally:
            pool.close()
        assert workers() == set()

    asyncio.run(story())


def test_a_refused_document_does_not_cost_its_process(workers: Workers) -> None:
    pool = RenderPool(TEMPLATES_DIR, workers=1)
    try:
        data = examples.paper().model_dump(mode="json")
        pool.render_now("paper", data)
        [worker] = workers()
        with pytest.raises(StepFailure, match="unvollständig oder falsch"):
            pool.render_now("paper", {})
        pool.render_now("paper", data)
        assert workers() == {worker}
    finally:
        pool.close()


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
        timeout=240,
        check=False,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
    )
    assert ended.returncode == -signal.SIGKILL
