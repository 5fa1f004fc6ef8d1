"""Hinweise: a text for each party, with which it points to the publication."""

from __future__ import annotations

from uuid import UUID

from flows.people import people
from flows.preparation import open_tasks
from flows.steps import close, stage_flow
from flows.writing import write_documents


@stage_flow("publication-notices")
async def publication_notices(stage_id: UUID) -> None:
    await write_documents(stage_id)
    await open_tasks(stage_id)
    await people(stage_id)
    await close(stage_id)
