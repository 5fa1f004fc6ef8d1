"""Writing documents: data from the domain, rendering in child processes, filing with a hash."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from uuid import UUID

from agreements import dossier, template_versions
from agreements.documents.pdf import converter
from agreements.documents.pool import RenderPool
from agreements.documents.store import DocumentStore
from agreements.dossier import pdfs
from agreements.settings import get_settings
from flows.domain import domain, held, sessions
from flows.steps import step

# Few: a conductor that is stopped waits for them.
PDFS_AT_ONCE = 5


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


async def make_pdfs() -> int:
    """Make the PDFs that are not there yet, in one process at a time; how many were made.

    No step of a stage: people may decide on a document that has no PDF yet, and a machine
    without LibreOffice has none. What is missing is found at the next look.
    """
    if not get_settings().pdf_ahead or not await domain(pdfs.due, 1):
        return 0
    async with held("vereinbar-pdf") as mine:
        if not mine:
            return 0
        store = DocumentStore(get_settings().documents)
        return await asyncio.to_thread(pdfs.make_due, sessions(), store, converter(), PDFS_AT_ONCE)
