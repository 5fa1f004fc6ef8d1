"""One at a time, and nothing lost: dead conductors, several conductors, a stock worker."""

from __future__ import annotations

from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.states import Cancelling

from agreements.model.enums import StageState
from tests.flows.asking import ask
from tests.flows.region import Region
from tests.flows.worker import stock_worker
from tests.waiting import until


def _kill_in_the_middle_of_a_step(region: Region, case: UUID, name: str) -> None:
    """A conductor dies by SIGKILL while a step of the first stage is under way."""
    doomed = region.spawn_conductor(name)
    region.wait_for_people(case, "drafting")
    region.submit(case)
    with region.case_locked(case):
        region.wait_for_run(case, "drafting", "Running")
        doomed.kill()
        doomed.join()


def test_a_restarted_conductor_takes_its_own_run_over(region: Region) -> None:
    case = region.start()
    region.write(case)
    _kill_in_the_middle_of_a_step(region, case, "the-one")
    with region.conductor("the-one"):
        region.wait_for_people(case, "coordination")
    assert region.stage(case, "drafting").state is StageState.DONE
    assert region.doubled_effects(case) == []


def test_another_conductor_takes_over_when_the_lease_has_run_out(region: Region) -> None:
    case = region.start()
    region.write(case)
    _kill_in_the_middle_of_a_step(region, case, "the-dead")
    with region.conductor("the-living"):
        region.wait_for_people(case, "coordination")
    assert region.doubled_effects(case) == []


def test_a_run_that_prefect_has_lost_is_made_again(region: Region) -> None:
    case = region.start()
    region.write(case)
    with region.conductor():
        lost = region.wait_for_people(case, "drafting").flow_run_id
        assert lost is not None
        ask(_delete(lost))
        region.submit(case)
        region.wait_for_people(case, "coordination")
    assert region.stage(case, "drafting").flow_run_id != lost
    assert region.doubled_effects(case) == []


async def _delete(run_id: UUID) -> None:
    async with get_client() as client:
        await client.delete_flow_run(run_id)


def test_two_conductors_never_do_a_step_twice(region: Region) -> None:
    cases = [region.start() for _ in range(3)]
    for case in cases:
        region.write(case)
    with region.conductor("left"), region.conductor("right"):
        for case in cases:
            region.wait_for_people(case, "drafting")
        for case in cases:
            region.submit(case)
        for case in cases:
            region.wait_for_people(case, "coordination")
        for case in cases:
            region.agree(case)
        for case in cases:
            region.wait_for_people(case, "agreement_councils")
    for case in cases:
        assert region.doubled_effects(case) == []
        for key in ("drafting", "coordination", "agreement_councils"):
            steps = region.task_runs(case, key)
            assert len(steps) == len(set(steps)), f"{key}: {steps}"


def test_a_stock_worker_takes_a_run_instead_of_the_conductor(region: Region) -> None:
    case = region.start()
    region.write(case)
    with region.conductor():
        region.wait_for_people(case, "drafting")
    # No conductor any more: an operator resumes the run, a process worker carries it out.
    region.submit(case)
    run = region.run(case, "drafting")
    assert run is not None
    ask(_resume(run.id))
    with stock_worker(region):
        region.wait_for_run(case, "drafting", "Completed")
    assert region.stage(case, "drafting").state is StageState.DONE
    with region.conductor():
        region.wait_for_people(case, "coordination")
    assert region.doubled_effects(case) == []


async def _resume(run_id: UUID) -> None:
    async with get_client() as client:
        await client.resume_flow_run(run_id)


def test_a_run_left_in_cancelling_by_a_dead_conductor_is_ended(region: Region) -> None:
    case = region.start()
    region.write(case)
    with region.conductor("first"):
        region.wait_for_people(case, "drafting")
    dead = region.spawn_conductor("second")
    region.submit(case)
    with region.case_locked(case):
        region.wait_for_run(case, "drafting", "Running")
        run_id = region.stage(case, "drafting").flow_run_id
        assert run_id is not None
        ask(_cancel(run_id))
        dead.kill()
        dead.join()
    with region.conductor("third"):
        region.wait_for_run(case, "drafting", "Cancelled")
        until(lambda: region.stage(case, "drafting").halted, "the stage is halted")


async def _cancel(run_id: UUID) -> None:
    async with get_client() as client:
        await client.set_flow_run_state(run_id, Cancelling())
