"""Runs that drive no stage, as tests ask for them and look at them."""

from __future__ import annotations

from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort

from tests.flows.region import ask


async def run_deployment(name: str) -> UUID:
    """What the button "Run" does in the Prefect UI."""
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(f"{name}/{name}")
        return (await client.create_flow_run_from_deployment(deployment.id)).id


def runs_of(name: str) -> list[FlowRun]:
    """The runs of a flow, the earliest first."""
    return ask(_runs_of(name))


async def _runs_of(name: str) -> list[FlowRun]:
    async with get_client() as client:
        return await client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[name])),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
        )
