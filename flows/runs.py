"""Prefect's runs as the conductor handles them: make, read, take over, carry out, cancel."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import Abort, ObjectNotFound, Pause
from prefect.flow_engine import run_flow
from prefect.states import AwaitingRetry, Cancelled, Completed, Pending
from prefect.utilities.engine import propose_state

from agreements import clock
from agreements.automation import StageView, run_key
from agreements.model.enums import Awaits
from agreements.overview import StageOverview
from flows.catalogue import deployment_name
from flows.routine import RoutineFlow
from flows.steps import StageFlow
from flows.visibility import tags_of

CHUNK = 200
# A stock worker needs this long from Pending until its process takes the lease.
WORKER_START = timedelta(seconds=60)
# The engine needs this long from Running until the flow holds what shows that it is alive.
FLOW_START = timedelta(seconds=15)
CLOSED = "Der Verfahrensschritt ist abgeschlossen."
ENDED = (StateType.CANCELLED, StateType.FAILED, StateType.CRASHED, StateType.COMPLETED)

log = logging.getLogger("vereinbar.conductor")


class DeploymentsMissing(Exception):
    """Prefect does not know our deployments (a fresh database)."""


class Runs:
    """The runs of our work pool, through Prefect's API."""

    def __init__(self, client: PrefectClient, pool: str) -> None:
        self._client, self._pool = client, pool
        self._deployments: dict[str, UUID] = {}

    async def create(self, stage: StageView, overview: StageOverview) -> FlowRun:
        """The run of the stage's present attempt; asking twice gives the same run."""
        return await self._client.create_flow_run_from_deployment(
            await self._deployment(deployment_name(stage.kind)),
            parameters={"stage_id": str(stage.id)},
            idempotency_key=run_key(stage.id, stage.attempt),
            name=overview.name,
            tags=tags_of(overview),
        )

    async def _deployment(self, name: str) -> UUID:
        if name not in self._deployments:
            try:
                found = await self._client.read_deployment_by_name(name)
            except ObjectNotFound as error:
                raise DeploymentsMissing(name) from error
            self._deployments[name] = found.id
        return self._deployments[name]

    def forget_deployments(self) -> None:
        """Prefect's database is a new one."""
        self._deployments.clear()

    async def read(self, run_id: UUID) -> FlowRun | None:
        """The run; None if Prefect does not know it (any more)."""
        try:
            return await self._client.read_flow_run(run_id)
        except ObjectNotFound:
            return None

    async def read_many(self, run_ids: Sequence[UUID]) -> dict[UUID, FlowRun]:
        """Those of the runs that Prefect knows."""
        found: dict[UUID, FlowRun] = {}
        for start in range(0, len(run_ids), CHUNK):
            wanted = list(run_ids[start : start + CHUNK])
            for run in await self._client.read_flow_runs(
                flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=wanted)), limit=CHUNK
            ):
                found[run.id] = run
        return found

    async def scheduled(self) -> list[FlowRun]:
        """Runs that may start now: new ones, resumed, retried, started by hand."""
        polled = await self._client.get_scheduled_flow_runs_for_work_pool(
            self._pool, scheduled_before=clock.now()
        )
        return [entry.flow_run for entry in polled]

    async def touched_by_operators(self, since: timedelta) -> list[FlowRun]:
        """Runs that are being cancelled, or ended a short time ago."""
        pool = WorkPoolFilter(name=WorkPoolFilterName(any_=[self._pool]))
        cancelling = FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.CANCELLING]))
        )
        ended = FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(ENDED))),
            end_time=FlowRunFilterEndTime(after_=clock.now() - since),
        )
        found: list[FlowRun] = []
        for wanted in (cancelling, ended):
            found += await self._client.read_flow_runs(
                flow_run_filter=wanted, work_pool_filter=pool, limit=CHUNK
            )
        return found

    async def take(self, run: FlowRun) -> bool:
        """Make the run ours: from then on no worker takes it. False if somebody was faster."""
        state = run.state
        if state is None or state.is_paused():
            return True
        try:
            if state.is_final():
                await propose_state(self._client, AwaitingRetry(), flow_run_id=run.id)
            orphaned = state.is_running() or state.is_pending()
            taken = await propose_state(self._client, Pending(), flow_run_id=run.id, force=orphaned)
        except Abort:
            return False
        return taken.is_pending()

    async def carry_out(self, flow: StageFlow | RoutineFlow, run_id: UUID) -> None:
        """Run the flow in this process until it ends or is suspended."""
        run = await self._client.read_flow_run(run_id)
        # For a run of a deployment the engine starts an observer in a thread of its own and
        # waits for it twice, on our event loop; it would also stop every run that it finds
        # suspended. Operators' acts reach us through the conductor and ``steps.boundary``.
        run = run.model_copy(update={"deployment_id": None})
        try:
            await run_flow(flow, flow_run=run, parameters=run.parameters, return_type="state")  # type: ignore[misc]
        except (Pause, Abort):
            return

    async def alive(self) -> list[FlowRun]:
        """Runs that somebody should be carrying right now."""
        states = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
        return await self._client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states))
            ),
            work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[self._pool])),
            limit=CHUNK,
        )

    async def end(self, run: FlowRun) -> None:
        """Set a run to its end whose stage is done; Prefect lets Cancelling end one way only."""
        cancelling = run.state is not None and run.state.is_cancelling()
        ended: State = Cancelled(message=CLOSED) if cancelling else Completed(message=CLOSED)
        await self._client.set_flow_run_state(run.id, ended, force=True)

    async def cancel(self, run_id: UUID, reason: str) -> None:
        """Set a run to Cancelled, whatever it is doing."""
        await self._client.set_flow_run_state(run_id, Cancelled(message=reason), force=True)

    async def heartbeat(self, worker: str, seconds: float) -> None:
        """Show that somebody works on the pool, so that it and its deployments are ready."""
        await self._client.send_worker_heartbeat(self._pool, worker, seconds)


def stage_parameter(run: FlowRun) -> UUID | None:
    """The stage that the run was made for; None if its parameter names none."""
    try:
        return UUID(str(run.parameters.get("stage_id")))
    except ValueError:
        return None


def is_old(run: FlowRun) -> bool:
    """Whether the run has been in its state for longer than any worker needs to begin."""
    return run.state is not None and clock.now() - run.state.timestamp > WORKER_START


def is_new(run: FlowRun) -> bool:
    """Whether the run has been in its state for so short that its process may not show yet."""
    return run.state is not None and clock.now() - run.state.timestamp < FLOW_START


def broke_down(run: FlowRun) -> bool:
    """Whether the run ended by a failure, of whatever kind."""
    return run.state is not None and run.state.type in (StateType.FAILED, StateType.CRASHED)


def needs_attention(stage: StageView, run: FlowRun | None) -> bool:
    """Whether a sweep should look at the stage: the run is not as the stage wants it."""
    if run is None or run.state is None:
        return not stage.halted
    if stage.halted:
        return run.state.is_scheduled() or run.state.is_cancelling()
    if run.state.is_paused():
        return stage.awaits is Awaits.MACHINE
    return stage.failure is None or run.state.type not in (StateType.FAILED, StateType.CRASHED)
