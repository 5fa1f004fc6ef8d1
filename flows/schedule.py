"""The next run of a scheduled deployment, made ahead of its time.

The schedule is the deployment's own, as ``prefect.yaml`` and the Prefect UI have it. Prefect's
scheduler, which should make the runs, fails with our SQLAlchemy (docs/decisions/0014).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound
from prefect.server.schemas.schedules import CronSchedule as Dates
from prefect.states import Scheduled

from agreements import clock
from flows.deadlines import deadlines, name_at
from flows.runs import DeploymentsMissing

SCHEDULED: Final = f"{deadlines.name}/{deadlines.name}"


async def make_next_runs(client: PrefectClient) -> None:
    """Make sure of the next run, unless an operator has paused the schedule; repeatable."""
    try:
        deployment = await client.read_deployment_by_name(SCHEDULED)
    except ObjectNotFound as error:
        raise DeploymentsMissing(SCHEDULED) from error
    for schedule in deployment.schedules:
        if schedule.active and not deployment.paused:
            await _make_next_run(client, deployment, schedule)


async def _make_next_run(
    client: PrefectClient, deployment: DeploymentResponse, schedule: DeploymentSchedule
) -> None:
    for moment in await _next_moment(schedule):
        await client.create_flow_run_from_deployment(
            deployment.id,
            name=name_at(moment),
            state=Scheduled(scheduled_time=moment),
            # The key that Prefect's scheduler would use: together they make one run.
            idempotency_key=f"scheduled {deployment.id} {schedule.id} {moment}",
        )


async def _next_moment(schedule: DeploymentSchedule) -> list[datetime]:
    cron = schedule.schedule
    if not isinstance(cron, CronSchedule):
        return []
    dates = Dates(cron=cron.cron, timezone=cron.timezone, day_or=cron.day_or)
    return list(await dates.get_dates(1, start=clock.now()))
