"""The conductor: brings Prefect in line with the database, and carries runs out warm.

Level-triggered: it compares what *is* (the stages) with what Prefect has (the runs) and acts
on the difference, so nothing can be missed. ``NOTIFY`` makes it fast, the sweep certain. Any
number of conductors share the work: each run is carried out under a lease on its stage.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import httpx
import psycopg
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, StateType
from sqlalchemy.orm import Session

from agreements import automation, checkpoints, overview
from agreements.automation import LIVE, StageView, run_key
from agreements.database.engine import with_driver
from agreements.model.enums import Awaits, StageState
from agreements.outbox import CHANNEL
from agreements.settings import Settings
from agreements.version import program_version
from flows import visibility
from flows.catalogue import FLOWS
from flows.delivery import deliver_soon
from flows.domain import domain, holder
from flows.other_runs import OtherRuns
from flows.registration import register
from flows.runs import (
    DeploymentsMissing,
    Runs,
    broke_down,
    is_old,
    needs_attention,
    stage_parameter,
)
from flows.schedule import make_next_runs
from flows.steps import give_lease_back
from flows.writing import make_pdfs

POLL_SECONDS = 2.0
SWEEP_SECONDS = 20.0
CHECKPOINT_SECONDS = 24 * 3600.0
BEAT_SECONDS = 4.0
DELIVERY_SECONDS = 3.0
SCHEDULE_SECONDS = 30.0
PDF_SECONDS = 5.0
AT_ONCE = 4
LONGEST_BACKOFF = 30.0
SUPERSEDED = "Der Verfahrensschritt ist durch eine neue Runde ersetzt."
HALTED = "In der Oberfläche von Prefect abgebrochen."

log = logging.getLogger("vereinbar.conductor")


class Conductor:
    """One conductor process."""

    def __init__(self, client: PrefectClient, settings: Settings) -> None:
        self._client, self._settings = client, settings
        self._runs = Runs(client, settings.work_pool)
        self._others = OtherRuns(client, self._runs)
        self._busy: dict[UUID, asyncio.Task[None]] = {}
        self._again: set[UUID] = set()
        self._failures: dict[UUID, int] = {}
        self._resting: set[UUID] = set()
        self._stopping = False
        self._stale_cases: set[UUID] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._registering = asyncio.Lock()
        self._registrations = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; then finish the steps under way and give leases back."""
        await self._beat()
        rhythms = (
            (SWEEP_SECONDS, self._sweep),
            (POLL_SECONDS, self._poll),
            (BEAT_SECONDS, self._beat),
            (DELIVERY_SECONDS, self._deliver),
            (SCHEDULE_SECONDS, self._schedule),
            (PDF_SECONDS, _make_pdfs),
            (CHECKPOINT_SECONDS, _checkpoint),
        )
        loops = [asyncio.create_task(self._every(*rhythm)) for rhythm in rhythms]
        loops.append(asyncio.create_task(self._listen()))
        await stop.wait()
        self._stopping = True
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, *self._busy.values(), return_exceptions=True)

    # What makes it look

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - the next turn tries again, for ever
                log.warning("%s: %s", work.__name__.strip("_"), _short(error))
            await asyncio.sleep(seconds)

    async def _listen(self) -> None:
        url = with_driver(str(self._settings.database_url), "psycopg").replace("+psycopg", "")
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(url, autocommit=True) as heard:
                    await heard.execute(f"LISTEN {CHANNEL}")
                    async for notice in heard.notifies():
                        self.look(UUID(notice.payload))
            except Exception as error:  # noqa: BLE001 - listens again, for ever
                log.warning("listen: %s", _short(error))
            await asyncio.sleep(1)

    async def _beat(self) -> None:
        await domain(automation.conductor_seen, holder(), program_version())

    async def _deliver(self) -> None:
        await deliver_soon(self._settings)

    async def _schedule(self) -> None:
        try:
            await make_next_runs(self._client)
        except DeploymentsMissing:
            await self._register()

    async def _sweep(self) -> None:
        for case_id in await domain(automation.cases_waiting_for_a_day):
            await domain(automation.judge_case, case_id)
        stages = await domain(automation.live_stages)
        runs = await self._runs.read_many([s.flow_run_id for s in stages if s.flow_run_id])
        for stage in stages:
            run = runs.get(stage.flow_run_id) if stage.flow_run_id else None
            if needs_attention(stage, run):
                self.look(stage.id)
        for stage in await domain(automation.unfinished_runs):
            self.look(stage.id)
        alive = await self._runs.alive()
        await self._end_left_over(alive)
        for run in await self._others.left_behind(alive):
            self._start(run.id, self._others.carry(run))

    async def _poll(self) -> None:
        try:
            await self._runs.heartbeat(holder(), POLL_SECONDS * 5)
            scheduled = await self._runs.scheduled()
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.NOT_FOUND:
                await self._register()
            raise
        touched = await self._runs.touched_by_operators(timedelta(seconds=60))
        others: list[FlowRun] = []
        for run in scheduled:
            stage_id = await self._driven_by(run)
            if stage_id is not None:
                self.look(stage_id)
            else:
                others.append(run)
        for run in await self._others.due(others):
            self._start(run.id, self._others.carry(run))
        for run in touched:
            stage = await domain(automation.view_by_run, run.id)
            if stage is not None and stage.state in LIVE and not stage.halted:
                self.look(stage.id)
        # Last: what cannot be shown must not keep anything from being done.
        await visibility.emit_events(self._client)
        await self._show_cases()

    async def _driven_by(self, run: FlowRun) -> UUID | None:
        """The live stage of this run, also if the run has not been noted there yet."""
        stage = await domain(automation.view_by_run, run.id)
        if stage is None and (wanted := stage_parameter(run)):
            stage = await domain(automation.view, wanted)
            if stage is not None and run.idempotency_key != run_key(stage.id, stage.attempt):
                return None
        return stage.id if stage is not None and stage.state in LIVE else None

    async def _show_cases(self) -> None:
        for case_id in list(self._stale_cases):
            self._stale_cases.discard(case_id)
            try:
                await visibility.show_case(self._client, case_id)
            except Exception:
                self._stale_cases.add(case_id)
                raise

    # How it looks: one at a time for each stage, again if something came in between

    def look(self, stage_id: UUID) -> None:
        """Compare the stage with its run, now or as soon as the present look is over."""
        if stage_id in self._resting or self._stopping:
            return
        if stage_id in self._busy:
            self._again.add(stage_id)
        else:
            self._start(stage_id, self._attend(stage_id))

    def _start(self, key: UUID, work: Awaitable[None]) -> None:
        if key in self._busy:
            close = getattr(work, "close", None)
            if close is not None:
                close()
            return
        task = asyncio.ensure_future(work)
        self._busy[key] = task
        task.add_done_callback(lambda _: self._ended(key))

    def _ended(self, key: UUID) -> None:
        self._busy.pop(key, None)
        # Asked for after the last comparison, before this: nobody else looks.
        if key in self._again:
            self._again.discard(key)
            self.look(key)

    async def _attend(self, stage_id: UUID) -> None:
        looking = True
        while looking:
            self._again.discard(stage_id)
            try:
                looking = await self._compare(stage_id) or stage_id in self._again
                self._failures.pop(stage_id, None)
            except DeploymentsMissing:
                return await self._deploy_for(stage_id)
            except Exception as error:  # noqa: BLE001 - infrastructure: tried again with back-off
                log.warning("stage %s: %s", stage_id, _short(error))
                return self._later(stage_id)
        return None

    async def _deploy_for(self, stage_id: UUID) -> None:
        try:
            await self._register()
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("register: %s", _short(error))
        self._later(stage_id)

    def _later(self, stage_id: UUID) -> None:
        """Let the stage rest; until then neither sweep nor notice makes anybody look at it."""
        failures = self._failures[stage_id] = self._failures.get(stage_id, 0) + 1
        delay = min(LONGEST_BACKOFF, 0.5 * 2 ** min(failures, 10))
        self._again.discard(stage_id)
        self._resting.add(stage_id)
        asyncio.get_running_loop().call_later(delay, self._rested, stage_id)

    def _rested(self, stage_id: UUID) -> None:
        self._resting.discard(stage_id)
        self.look(stage_id)

    async def _compare(self, stage_id: UUID) -> bool:
        """Bring one stage and its run together; True if it is worth looking again at once."""
        stage = await domain(automation.view, stage_id)
        if stage is None:
            return False
        self._stale_cases.add(stage.case_id)
        if stage.state not in LIVE:
            if stage.flow_run_id is not None:
                await self._leave_behind(stage, stage.flow_run_id)
            return False
        if stage.flow_run_id is None:
            return not stage.halted and await self._create(stage)
        run = await self._runs.read(stage.flow_run_id)
        if run is None or run.state is None:
            await domain(automation.forget_run, stage.id, stage.flow_run_id)
            return True
        return await self._act(stage, run, run.state.type)

    async def _act(self, stage: StageView, run: FlowRun, state: StateType) -> bool:
        if state is StateType.CANCELLING:
            return await self._finish_cancelling(stage, run)
        if state is StateType.CANCELLED:
            await domain(automation.halt, stage.id, HALTED)
            return False
        if state is StateType.SCHEDULED:
            if stage.halted:
                await domain(automation.lift_halt, stage.id, None, new_run=False)
            return await self._carry(stage, run)
        if stage.halted:
            return False
        if state is StateType.PAUSED:
            if stage.awaits is Awaits.MACHINE:
                return await self._carry(stage, run)
            await visibility.show_stage(self._client, run, stage.id)
            return False
        if state in (StateType.PENDING, StateType.RUNNING):
            return await self._is_orphan(stage, run) and await self._carry(stage, run)
        if state is StateType.COMPLETED:
            # Completed by hand in the middle: its work is not done, so another run does it.
            await domain(automation.forget_run, stage.id, run.id)
            return True
        # Failed or crashed: a failure of the domain waits for an operator's "Retry".
        return stage.failure is None and await self._carry(stage, run)

    async def _create(self, stage: StageView) -> bool:
        run = await self._runs.create(stage, await domain(overview.stage_overview, stage.id))
        await domain(automation.record_run, stage.id, stage.attempt, run.id)
        return True

    async def _finish_cancelling(self, stage: StageView, run: FlowRun) -> bool:
        """A run that nobody carries any more never reaches its next step boundary."""
        # Our own lease without a task of ours is one of before a restart.
        if await domain(automation.lease_holder, stage.id) not in (None, holder()):
            return False
        await self._runs.cancel(run.id, HALTED)
        await domain(automation.halt, stage.id, HALTED)
        return False

    async def _leave_behind(self, stage: StageView, run_id: UUID) -> None:
        """A stage that is over: its run shows the last state, or is cancelled if superseded."""
        run = await self._runs.read(run_id)
        over = run is None or run.state is None or run.state.is_final()
        if stage.state is StageState.SUPERSEDED and over:
            await domain(automation.note_run_ended, stage.id)
        if run is None or run.state is None:
            return
        if stage.state is StageState.SUPERSEDED and not over:
            await self._runs.cancel(run_id, SUPERSEDED)
        elif over:
            await visibility.show_stage(self._client, run, stage.id)

    async def _end_left_over(self, alive: Sequence[FlowRun]) -> None:
        """Runs that nobody carries any more, of stages that are over.

        Their process or Prefect's server died between the stage's last step and the run's end,
        or an operator cancelled the run in that instant.
        """
        for run in alive:
            stage = await domain(automation.view_by_run, run.id)
            if stage is None or stage.state is not StageState.DONE or not is_old(run):
                continue
            held = await domain(automation.lease_holder, stage.id) is not None
            if not held and stage.id not in self._busy:
                await self._runs.end(run)

    async def _is_orphan(self, stage: StageView, run: FlowRun) -> bool:
        """Whether a run that should be alive is carried by nobody."""
        current = await domain(automation.lease_holder, stage.id)
        if current is not None:
            # Our own lease without a task of ours is one of before a restart.
            return current == holder()
        if await domain(automation.had_lease, stage.id):
            return True
        return is_old(run)

    async def _carry(self, stage: StageView, run: FlowRun) -> bool:
        """Carry the run out here, under the stage's lease; True: look again afterwards."""
        async with self._slots:
            if not await domain(automation.take_lease, stage.id, run.id, holder()):
                return False
            try:
                if not await self._runs.take(run):
                    return False
                await self._runs.carry_out(FLOWS[stage.kind], run.id)
            finally:
                await give_lease_back(stage.id)
        after = await self._runs.read(run.id)
        if after is not None and after.state is not None and broke_down(after):
            now = await domain(automation.view, stage.id)
            if now is not None and now.failure is None and now.state in LIVE:
                raise Broken(after.state.message or after.state.name or "")
        return True

    async def _register(self) -> None:
        """Prefect has a fresh database: make the pool and the deployments again."""
        before = self._registrations
        async with self._registering:
            if self._registrations != before:
                return  # done while we waited
            self._runs.forget_deployments()
            log.warning("Prefect kennt Arbeitspool oder Deployments nicht; sie werden angelegt.")
            await register()
            self._registrations += 1


class Broken(Exception):
    """A run ended by a failure of the infrastructure."""


async def _make_pdfs() -> None:
    await make_pdfs()


async def _checkpoint() -> None:
    await domain(_take_checkpoint)


def _take_checkpoint(session: Session) -> None:
    checkpoints.take(session)


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"
