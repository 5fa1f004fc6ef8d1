"""A decision may commit at any point between a step's work and its suspension.

The conductor runs in this process, deaf to NOTIFY, so that only comparing what *is* can find
the decision.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from agreements.model.enums import StageState
from agreements.settings import Settings
from flows import conductor as conductor_module
from flows import people as people_module
from flows import visibility
from flows.conductor import Conductor
from flows.domain import domain
from flows.runs import Runs
from tests.flows.region import Region, conducting

# Prefect keeps a client for each event loop and leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    async def never(_: Conductor) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Conductor, "_listen", never)
    monkeypatch.setattr(conductor_module, "SWEEP_SECONDS", 0.5)
    yield
    # Here and not in the middle of another module's test, which would fail of it.
    gc.collect()


class Once:
    """The decision, made once, at the first time the point is reached with the tasks open."""

    def __init__(self, region: Region, case: UUID) -> None:
        self._region, self._case, self.made = region, case, False

    async def __call__(self) -> None:
        if not self.made and self._region.open_tasks(self._case):
            self.made = True
            await asyncio.to_thread(self._region.submit, self._case)


def _before_the_look(patch: pytest.MonkeyPatch, decide: Once) -> None:
    async def looks(function: Any, *arguments: Any) -> Any:  # noqa: ANN401 - any use case
        await decide()
        return await domain(function, *arguments)

    patch.setattr(people_module, "domain", looks)


def _between_look_and_suspension(patch: pytest.MonkeyPatch, decide: Once) -> None:
    async def looks(function: Any, *arguments: Any) -> Any:  # noqa: ANN401 - any use case
        seen = await domain(function, *arguments)
        await decide()
        return seen

    patch.setattr(people_module, "domain", looks)


def _after_the_suspension(patch: pytest.MonkeyPatch, decide: Once) -> None:
    propose = getattr(people_module, "propose_state")  # noqa: B009 - not exported, only watched

    async def proposes(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - Prefect's call
        state = await propose(*arguments, **named)
        await decide()
        return state

    patch.setattr(people_module, "propose_state", proposes)


def _when_the_run_has_ended(patch: pytest.MonkeyPatch, decide: Once) -> None:
    carry_out = Runs.carry_out

    async def carries(self: Runs, *arguments: Any) -> None:  # noqa: ANN401 - handed through
        await carry_out(self, *arguments)
        await decide()

    patch.setattr(Runs, "carry_out", carries)


def _when_the_lease_is_given_back(patch: pytest.MonkeyPatch, decide: Once) -> None:
    read = Runs.read

    async def reads(self: Runs, run_id: UUID) -> Any:  # noqa: ANN401 - handed through
        await decide()
        return await read(self, run_id)

    patch.setattr(Runs, "read", reads)


def _after_the_last_look(patch: pytest.MonkeyPatch, decide: Once) -> None:
    show = visibility.show_stage

    async def shows(*arguments: Any) -> None:  # noqa: ANN401 - handed through
        await show(*arguments)
        await decide()

    patch.setattr(visibility, "show_stage", shows)


POINTS = (
    _before_the_look,
    _between_look_and_suspension,
    _after_the_suspension,
    _when_the_run_has_ended,
    _when_the_lease_is_given_back,
    _after_the_last_look,
)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.__name__.strip("_"))
def test_no_decision_is_missed(
    region: Region, monkeypatch: pytest.MonkeyPatch, point: Callable[..., None]
) -> None:
    case = region.start()
    region.write(case)
    decide = Once(region, case)
    point(monkeypatch, decide)

    asyncio.run(_carried_on(region, case))

    assert decide.made
    assert region.stage(case, "drafting").state is StageState.DONE
    assert region.doubled_effects(case) == []


async def _carried_on(region: Region, case: UUID) -> None:
    async with conducting(region.settings):
        await asyncio.to_thread(region.wait_for_stage, case, "coordination", StageState.OPEN)


def test_the_event_loop_never_stalls(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """Database work and rendering leave the loop: no turn of it takes longer than 200 ms.

    What the scheduler of a busy machine takes away is not the loop's fault, so a turn is
    measured in its thread's own time.
    """
    turns: list[tuple[float, str]] = []
    run = asyncio.events.Handle._run

    def timed(handle: Any) -> None:  # noqa: ANN401 - asyncio's handle
        before = time.thread_time()
        run(handle)
        turns.append((time.thread_time() - before, repr(handle)))

    case = region.start()
    region.write(case)

    async def scenario(settings: Settings) -> None:
        async with conducting(settings):
            await asyncio.to_thread(region.wait_for_stage, case, "drafting", StageState.OPEN)
            await asyncio.to_thread(region.submit, case)
            await asyncio.to_thread(region.wait_for_stage, case, "coordination", StageState.OPEN)
            await asyncio.to_thread(region.agree, case)
            await asyncio.to_thread(
                region.wait_for_stage, case, "agreement_councils", StageState.OPEN
            )

    asyncio.run(scenario(region.settings))  # the first time imports what is imported late
    other = region.start()
    region.write(other)
    case = other
    monkeypatch.setattr(asyncio.events.Handle, "_run", timed)
    # Looking through all that thousands of tests and their imports have left takes longer alone.
    gc.collect()
    gc.freeze()
    asyncio.run(scenario(region.settings))
    gc.unfreeze()
    monkeypatch.undo()

    longest, where = max(turns)
    assert longest < 0.2, where
