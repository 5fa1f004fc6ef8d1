"""Steps that open a stage for people."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from agreements import automation
from flows.domain import domain
from flows.steps import step

OPEN_TASKS = "Aufgaben öffnen"


async def open_tasks(stage_id: UUID) -> None:
    """Open the tasks that the procedure gives to the stage."""
    await open_with(stage_id, automation.open_stage)


async def open_with(
    stage_id: UUID, opening: Callable[[Session, UUID], None], title: str = OPEN_TASKS
) -> None:
    """Open the stage by a function of the domain, once."""
    if await domain(automation.is_prepared, stage_id):
        return

    async def work() -> None:
        await domain(opening, stage_id)

    await step(title, work)


async def plan(
    stage_id: UUID,
    title: str,
    planning: Callable[[Session, UUID], object],
    is_planned: Callable[[Session, UUID], bool],
) -> None:
    """Let the domain write down what the stage is about, before its documents, once."""
    if await domain(is_planned, stage_id):
        return

    async def work() -> None:
        await domain(planning, stage_id)

    await step(title, work)
