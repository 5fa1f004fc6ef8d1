"""Aufsichtsbehörde: the application (or filing), its receipt, the authority's answer."""

from __future__ import annotations

from uuid import UUID

from agreements import approval
from flows.people import people
from flows.preparation import open_tasks, plan
from flows.steps import close, stage_flow
from flows.writing import write_documents


@stage_flow("supervisory-approval")
async def supervisory_approval(stage_id: UUID) -> None:
    await plan(
        stage_id,
        "Zuständige Aufsichtsbehörde bestimmen",
        approval.plan_approval,
        approval.is_planned,
    )
    await write_documents(stage_id)
    await open_tasks(stage_id)
    await people(stage_id)
    await close(stage_id)
