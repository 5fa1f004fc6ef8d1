"""The frame of every flow: who may run it, how it fails, where it stops.

A flow is re-entrant: after a suspension it starts at line one again, so each step asks the
database whether its work is done. A step is a Prefect task without cache.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from prefect import Flow, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.exceptions import Abort
from prefect.states import Cancelled, Completed

from agreements import automation
from agreements.automation import LEASE_LIFE, Verdict
from agreements.errors import Refusal, StepFailure
from flows.domain import DatabaseTrouble, domain, holder

WITHOUT_EFFECT = "Ohne Wirkung"
RENEWAL_SECONDS = 4.0
_NOT_THE_RUN = (
    "Dieser Lauf ist nicht der Lauf eines offenen Verfahrensschritts; es wurde nichts getan. "
    "Vorgänge beginnen und enden in vereinbar, nicht hier."
)
_HALTED = "Von der Administration angehalten; nichts geht verloren."

StageFlow = Flow[[str], Coroutine[object, object, State[None] | None]]


class HaltedByOperator(Exception):
    """Somebody cancelled this run in the Prefect UI."""


def stage_flow(name: str) -> Callable[[Callable[[UUID], Awaitable[None]]], StageFlow]:
    """Make a stage's steps a flow that only the recorded run of a live stage carries out."""

    def frame(steps: Callable[[UUID], Awaitable[None]]) -> StageFlow:
        async def carried(stage_id: str) -> State[None] | None:
            return await _carry(steps, stage_id)

        # Prefect finds and describes a flow by its function's name, place and docstring.
        for attribute in ("__name__", "__qualname__", "__module__"):
            setattr(carried, attribute, getattr(steps, attribute))
        carried.__doc__ = inspect.getdoc(sys.modules[steps.__module__])
        return flow(name=name, persist_result=False, validate_parameters=False)(carried)

    return frame


async def _carry(steps: Callable[[UUID], Awaitable[None]], stage_id: str) -> State[None] | None:
    run_id = current_run()
    try:
        stage = UUID(stage_id)
    except ValueError:
        return Completed(name=WITHOUT_EFFECT, message=_NOT_THE_RUN)
    verdict = await _enter(stage, run_id)
    if verdict is Verdict.WITHOUT_EFFECT:
        return Completed(name=WITHOUT_EFFECT, message=_NOT_THE_RUN)
    if verdict is Verdict.HALTED:
        return Cancelled(message=_HALTED)
    try:
        async with _lease_kept(stage):
            await steps(stage)
    except HaltedByOperator:
        await domain(automation.halt, stage, _HALTED)
        return Cancelled(message=_HALTED)
    except (StepFailure, Refusal) as failure:
        await domain(automation.note_failure, stage, run_id, str(failure))
        raise
    finally:
        await give_lease_back(stage)
    return None


async def _enter(stage: UUID, run_id: UUID) -> Verdict:
    view = await domain(automation.view_by_run, run_id)
    if (view is None or view.id != stage) and not await _adopt(stage, run_id):
        return Verdict.WITHOUT_EFFECT
    await _take_lease(stage, run_id)
    verdict = await domain(automation.enter, stage, run_id)
    if verdict is not Verdict.PROCEED:
        await give_lease_back(stage)
    return verdict


async def _adopt(stage: UUID, run_id: UUID) -> bool:
    context = FlowRunContext.get()
    key = context.flow_run.idempotency_key if context and context.flow_run else None
    return key is not None and await domain(automation.adopt_run, stage, key, run_id)


async def _take_lease(stage: UUID, run_id: UUID) -> None:
    """Take the stage's lease, waiting as long as a dead holder's lease can last."""
    for _ in range(int(LEASE_LIFE.total_seconds()) + 2):
        if await domain(automation.take_lease, stage, run_id, holder()):
            return
        await asyncio.sleep(1)
    # No failure: whoever holds the stage carries this run on and answers for its state.
    raise Abort(f"stage {stage} is held by another process")


async def give_lease_back(stage: UUID) -> None:
    """Through with the stage for now. Without the database the lease runs out by itself."""
    with suppress(DatabaseTrouble):
        await domain(automation.give_lease_back, stage, holder())


@asynccontextmanager
async def _lease_kept(stage: UUID) -> AsyncIterator[None]:
    """Renew the lease while the steps are under way, in whatever process they are."""
    keeping = asyncio.create_task(_keep_lease(stage))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _keep_lease(stage: UUID) -> None:
    while True:
        await asyncio.sleep(RENEWAL_SECONDS)
        # Without the database there is nothing to keep: the next turn tries again.
        with suppress(DatabaseTrouble):
            await domain(automation.renew_lease, stage, holder())


def current_run() -> UUID:
    """The id of the flow run that is being carried out."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError("not inside a flow run")
    return context.flow_run.id


async def stop_if_cancelled() -> FlowRun:
    """The run as Prefect has it now; raises ``HaltedByOperator`` if somebody cancelled it."""
    async with get_client() as client:
        run = await client.read_flow_run(current_run())
    if run.state is not None and run.state.is_cancelling():
        raise HaltedByOperator
    return run


async def boundary() -> None:
    """Between two steps: stop here if an operator has cancelled the run, or the lease is lost."""
    run = await stop_if_cancelled()
    if not await domain(automation.renew_lease, UUID(run.parameters["stage_id"]), holder()):
        # The database was away for longer than a lease lasts, and somebody took over.
        raise Abort("the lease of this stage has been lost")


async def step(title: str, work: Callable[[], Awaitable[None]]) -> None:
    """Carry out one step as a task run that an admin recognises by its title."""
    await boundary()

    @task(name=title, cache_policy=NO_CACHE, persist_result=False)
    async def carried() -> None:
        await work()

    await carried()


async def close(stage_id: UUID) -> None:
    """Close the stage; what it opens is judged in the same transaction."""

    async def work() -> None:
        await domain(automation.close, stage_id)

    await step("Schritt abschließen", work)
