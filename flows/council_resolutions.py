"""Ratsbeschlüsse: every council decides on the same text, each along its Beratungsfolge."""

from __future__ import annotations

from uuid import UUID

from flows.papers import open_consultations, write_papers
from flows.people import people
from flows.steps import close, stage_flow
from flows.writing import write_documents


@stage_flow("council-resolutions")
async def council_resolutions(stage_id: UUID) -> None:
    await write_papers(stage_id)
    await open_consultations(stage_id)
    await people(stage_id)
    await write_documents(stage_id)
    await close(stage_id)
