"""Abstimmung: every party gives its statement, then the text is frozen."""

from __future__ import annotations

from uuid import UUID

from flows.people import people
from flows.preparation import open_tasks
from flows.steps import close, stage_flow
from flows.writing import write_documents


@stage_flow("coordination")
async def coordination(stage_id: UUID) -> None:
    await open_tasks(stage_id)
    await people(stage_id)
    await write_documents(stage_id)
    await close(stage_id)
