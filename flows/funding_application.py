"""Förderantrag: written by the guideline of the day, submitted with a receipt."""

from __future__ import annotations

from uuid import UUID

from agreements.funding import applying
from flows.people import people
from flows.preparation import open_tasks, plan
from flows.steps import close, stage_flow
from flows.writing import write_documents


@stage_flow("funding-application")
async def funding_application(stage_id: UUID) -> None:
    await plan(
        stage_id,
        "Zuwendung nach der Richtlinie berechnen",
        applying.plan_application,
        applying.is_planned,
    )
    await write_documents(stage_id)
    await open_tasks(stage_id)
    await people(stage_id)
    await close(stage_id)
