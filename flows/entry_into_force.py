"""Inkrafttreten: nobody acts; the day that the law gives has to come."""

from __future__ import annotations

from uuid import UUID

from agreements import publication
from flows.people import people
from flows.preparation import open_with
from flows.steps import close, stage_flow


@stage_flow("entry-into-force")
async def entry_into_force(stage_id: UUID) -> None:
    await open_with(stage_id, publication.determine_effect, "Tag des Inkrafttretens bestimmen")
    await people(stage_id)
    await close(stage_id)
