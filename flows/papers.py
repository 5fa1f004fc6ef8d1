"""Steps of the councils: a Beschlussvorlage for each body, then its consultations."""

from __future__ import annotations

from uuid import UUID

from agreements import automation, councils
from flows.domain import domain
from flows.preparation import open_with, plan
from flows.writing import write_documents


async def write_papers(stage_id: UUID) -> None:
    """A Beschlussvorlage for each body, from the frozen text, with the body's own number."""
    if await domain(automation.is_prepared, stage_id):
        return
    await plan(stage_id, "Beratungsfolgen festlegen", councils.plan_papers, councils.is_planned)
    await write_documents(stage_id)


async def open_consultations(stage_id: UUID) -> None:
    """Tasks for each body, along its Beratungsfolge."""
    await open_with(stage_id, councils.open_consultations, "Beratungen öffnen")
