"""The frame of flows that drive no stage: one process for each run, steps, names, an end.

What such a run does is repeatable: a run that is killed, or carried out twice, is no loss.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar
from uuid import UUID

from prefect import Flow, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import Abort
from prefect.states import Cancelled, Completed

from flows.domain import held
from flows.steps import WITHOUT_EFFECT, HaltedByOperator, current_run, stop_if_cancelled

T = TypeVar("T")

_CANCELLED = "In der Oberfläche von Prefect abgebrochen; der nächste Lauf holt alles nach."
_BUSY = "Ein anderer Lauf ist gerade dabei; es wurde nichts getan."

RoutineFlow = Flow[..., Coroutine[object, object, State[None] | None]]


def run_lock(run_id: UUID) -> str:
    """The name that whoever carries a run holds."""
    return f"vereinbar-run:{run_id}"


def routine(
    name: str, *, one_at_a_time: bool = False
) -> Callable[[Callable[..., Awaitable[None]]], RoutineFlow]:
    """Make steps a flow that one process carries out; one_at_a_time: of all its runs one."""

    def frame(steps: Callable[..., Awaitable[None]]) -> RoutineFlow:
        async def carried(*facts: str, **named: str) -> State[None] | None:
            async with held(run_lock(current_run())) as mine:
                if not mine:
                    # No failure: whoever carries this run answers for its state.
                    raise Abort("this run is carried by another process")
                if not one_at_a_time:
                    return await _carry(steps(*facts, **named))
                async with held(f"vereinbar-flow:{name}") as alone:
                    if not alone:
                        return Completed(name=WITHOUT_EFFECT, message=_BUSY)
                    return await _carry(steps(*facts, **named))

        # Prefect finds and describes a flow by its function's name, place, docstring, parameters.
        for attribute in ("__name__", "__qualname__", "__module__"):
            setattr(carried, attribute, getattr(steps, attribute))
        carried.__doc__ = inspect.getdoc(sys.modules[steps.__module__])
        carried.__signature__ = inspect.signature(steps)  # type: ignore[attr-defined]
        return flow(name=name, persist_result=False, validate_parameters=False)(carried)

    return frame


async def _carry(steps: Awaitable[None]) -> State[None] | None:
    try:
        await steps
    except HaltedByOperator:
        return Cancelled(message=_CANCELLED)
    return None


async def do(title: str, work: Callable[[], Awaitable[T]]) -> T:
    """Carry out one step as a task run that an admin recognises by its title."""
    await stop_if_cancelled()

    @task(name=title, cache_policy=NO_CACHE, persist_result=False)
    async def carried() -> T:
        return await work()

    return await carried()


async def call_run(name: str) -> None:
    """Give the run its name, which is what the list of runs shows."""
    async with get_client() as client:
        await client.update_flow_run(current_run(), name=name)
