from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal

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
