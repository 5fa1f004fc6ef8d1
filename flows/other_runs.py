"""Runs that drive no stage: the scheduled ones, notices, and those started by hand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed

from agreements import clock
from flows.catalogue import ROUTINES, STAGE_FLOWS
from flows.deadlines import deadlines, name_at
from flows.domain import domain, is_held
from flows.routine import run_lock
from flows.runs import Runs, is_new, is_old

SKIPPED = "Übersprungen"
_SKIPPED = "Ein späterer Lauf hat alle Fristen geprüft."


class OtherRuns:
    """What a conductor does with them: carry out, skip, take over from the dead."""

    def __init__(self, client: PrefectClient, runs: Runs) -> None:
        self._client, self._runs = client, runs
        self._flow_names: dict[UUID, str] = {}

    async def due(self, scheduled: Sequence[FlowRun]) -> list[FlowRun]:
        """Those that are worth carrying out.

        Of the scheduled runs that piled up while nobody carried them out, one is enough.
        """
        late = [run for run in scheduled if await self._is_of(run, deadlines.name)]
        late.sort(key=lambda run: run.expected_start_time or clock.now())
        for run in late[:-1]:
            await self._skip(run)
        skipped = {run.id for run in late[:-1]}
        return [run for run in scheduled if run.id not in skipped]

    async def _skip(self, run: FlowRun) -> None:
        if run.expected_start_time is not None:
            await self._client.update_flow_run(run.id, name=name_at(run.expected_start_time))
        over: State[None] = Completed(name=SKIPPED, message=_SKIPPED)
        await self._client.set_flow_run_state(run.id, over, force=True)

    async def carry(self, run: FlowRun) -> None:
        """Carry one out here. A stage's flow without a stage ends at once, without effect."""
        name = await self._flow_name(run)
        flow = ROUTINES.get(name) or STAGE_FLOWS.get(name)
        if flow is not None and await self._runs.take(run):
            await self._runs.carry_out(flow, run.id)

    async def left_behind(self, alive: Sequence[FlowRun]) -> list[FlowRun]:
        """Those whose process is dead; one that was being cancelled is ended here."""
        found: list[FlowRun] = []
        for run in alive:
            if not await self._is_orphan(run):
                continue
            if run.state is not None and run.state.is_cancelling():
                await self._runs.end(run)
            else:
                found.append(run)
        return found

    async def _is_orphan(self, run: FlowRun) -> bool:
        if is_new(run) or await self._flow_name(run) not in ROUTINES:
            return False
        # Pending: a stock worker may be on its way to the lock.
        if run.state is not None and run.state.is_pending() and not is_old(run):
            return False
        return not await domain(is_held, run_lock(run.id))

    async def _is_of(self, run: FlowRun, flow_name: str) -> bool:
        return await self._flow_name(run) == flow_name

    async def _flow_name(self, run: FlowRun) -> str:
        if run.flow_id not in self._flow_names:
            self._flow_names[run.flow_id] = (await self._client.read_flow(run.flow_id)).name
        return self._flow_names[run.flow_id]
