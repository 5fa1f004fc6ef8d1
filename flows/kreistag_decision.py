"""Kreistagsbeschluss: the Kreistag decides, prepared by its Kreisausschuss."""

from __future__ import annotations

from uuid import UUID

from flows.papers import open_consultations, write_papers
from flows.people import people
from flows.steps import close, stage_flow
from flows.writing import write_documents


@stage_flow("kreistag-decision")
async def kreistag_decision(stage_id: UUID) -> None:
    await write_papers(stage_id)
    await open_consultations(stage_id)
    await people(stage_id)
    await write_documents(stage_id)
    await close(stage_id)
