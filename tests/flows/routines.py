"""Runs that drive no stage, as tests ask for them and look at them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterKey,
    DeploymentFilter,
    DeploymentFilterId,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType, TaskRun
from prefect.client.schemas.sorting import FlowRunSort, TaskRunSort
from prefect.states import Cancelling, Scheduled

from flows.schedule import SCHEDULED, make_next_runs
from tests.flows.asking import ask


async def run_deployment(name: str, moment: datetime | None = None) -> UUID:
    """What the button "Run" does in the Prefect UI. moment: when it should have begun."""
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(f"{name}/{name}")
        run = await client.create_flow_run_from_deployment(
            deployment.id, state=Scheduled(scheduled_time=moment)
        )
        return run.id


async def cancel(run_id: UUID) -> None:
    """What the button "Cancel" does."""
    async with get_client() as client:
        await client.set_flow_run_state(run_id, Cancelling())


async def read(run_id: UUID) -> FlowRun:
    """The run as Prefect has it."""
    async with get_client() as client:
        return await client.read_flow_run(run_id)


def steps_of(run_id: UUID) -> list[str]:
    """The names of the run's tasks, in order."""
    return [task.name for task in ask(_tasks_of(run_id))]


async def _tasks_of(run_id: UUID) -> list[TaskRun]:
    async with get_client() as client:
        return await client.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])),
            sort=TaskRunSort.EXPECTED_START_TIME_ASC,
        )


def texts_of(key: str, run_id: UUID) -> list[str]:
    """What the run wrote into the artifact of that key."""
    return ask(_texts_of(key, run_id))


async def _texts_of(key: str, run_id: UUID) -> list[str]:
    async with get_client() as client:
        found = await client.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])),
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])),
        )
    return [str(artifact.data) for artifact in found]


def runs_of(name: str) -> list[FlowRun]:
    """The runs of a flow, the earliest first."""
    return ask(_runs_of(name))


async def _runs_of(name: str) -> list[FlowRun]:
    async with get_client() as client:
        return await client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[name])),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
        )


async def pause(paused: bool) -> None:
    """Pause the schedule of the hourly run, or let it go on; no run of it is left waiting."""
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(SCHEDULED)
        if paused:
            await client.pause_deployment(deployment.id)
        else:
            await client.resume_deployment(deployment.id)
        for run in await _waiting(client):
            await client.delete_flow_run(run.id)


async def scheduled_after_two_looks() -> list[FlowRun]:
    """The hourly runs that wait for their time once a conductor has looked twice."""
    async with get_client() as client:
        await make_next_runs(client)
        await make_next_runs(client)
        return await _waiting(client)


async def _waiting(client: PrefectClient) -> list[FlowRun]:
    deployment = await client.read_deployment_by_name(SCHEDULED)
    return await client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
        ),
    )
