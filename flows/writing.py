"""Writing documents: data from the domain, rendering in child processes, filing with a hash."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from uuid import UUID

from agreements import dossier, template_versions
from agreements.documents.pool import RenderPool
from flows.domain import domain
from flows.steps import step


@lru_cache
def pool() -> RenderPool:
    """This process's pool of rendering children."""
    return RenderPool()


async def write_documents(stage_id: UUID) -> None:
    """Write what is due in the stage now and not written yet, each as a step of its own."""
    due = await domain(dossier.due, stage_id)
    written = await asyncio.gather(*(_write(job) for job in due), return_exceptions=True)
    # Each document on its own: a failing one does not cut off its neighbours half-way.
    for outcome in written:
        if isinstance(outcome, BaseException):
            raise outcome


async def _write(job: dossier.DocumentJob) -> None:
    async def work() -> None:
        data = await domain(dossier.data_for, job)
        source = await domain(template_versions.source_for, job)
        rendered = await pool().render(job.template_id, data.model_dump(mode="json"), source)
        await domain(dossier.file, job, data, rendered)

    await step(job.title, work)
