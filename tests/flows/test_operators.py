"""Operators rule: what the buttons of the Prefect UI do to a stage.

The UI's buttons are calls of Prefect's API: "Cancel" proposes Cancelling, "Retry" proposes
AwaitingRetry, "Resume" and "Run" are calls of their own.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from docx import Document
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import SetStateStatus
from prefect.states import AwaitingRetry, Cancelling

from agreements import automation
from agreements.database.engine import transaction
from agreements.journal import Event
from agreements.model.enums import StageState
from flows.steps import WITHOUT_EFFECT
from tests.flows.asking import ask
from tests.flows.region import Region
from tests.waiting import until


async def _cancel(run_id: UUID) -> SetStateStatus:
    async with get_client() as client:
        return (await client.set_flow_run_state(run_id, Cancelling())).status


async def _retry(run_id: UUID) -> SetStateStatus:
    async with get_client() as client:
        return (await client.set_flow_run_state(run_id, AwaitingRetry())).status


async def _resume(run_id: UUID) -> None:
    async with get_client() as client:
        await client.resume_flow_run(run_id)


async def _run_by_hand(name: str, stage_id: str) -> FlowRun:
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(f"{name}/{name}")
        return await client.create_flow_run_from_deployment(
            deployment.id, parameters={"stage_id": stage_id}
        )


async def _read(run_id: UUID) -> FlowRun:
    async with get_client() as client:
        return await client.read_flow_run(run_id)


def _ended(run_id: UUID) -> str | None:
    """The sentence with which a run ended without effect; None while it has not."""
    run = ask(_read(run_id))
    if run.state is None or run.state.name != WITHOUT_EFFECT:
        return None
    return run.state.message


def _run_id(region: Region, case: UUID, key: str) -> UUID:
    found = region.stage(case, key).flow_run_id
    assert found is not None
    return found


def test_cancelling_a_suspended_run_halts_the_stage_until_a_retry(
    conducted: Region,
) -> None:
    region = conducted
    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    run_id = _run_id(region, case, "drafting")

    ask(_cancel(run_id))
    until(lambda: region.stage(case, "drafting").halted, "the stage is halted")

    region.submit(case)  # people can still decide; the machine does not go on
    assert region.stage(case, "drafting").state is StageState.OPEN

    assert ask(_retry(run_id)) is SetStateStatus.ACCEPT
    region.wait_for_people(case, "coordination")

    events = [entry.event for entry in region.journal(case)]
    assert events.count(Event.AUTOMATION_HALTED) == 1
    assert events.count(Event.AUTOMATION_HALT_LIFTED) == 1
    assert _run_id(region, case, "drafting") == run_id
    assert region.doubled_effects(case) == []


def test_a_halt_is_lifted_in_the_case_and_a_new_run_goes_on(conducted: Region) -> None:
    region = conducted
    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    cancelled = _run_id(region, case, "drafting")
    ask(_cancel(cancelled))
    until(lambda: region.stage(case, "drafting").halted, "the stage is halted")

    with transaction(region.sessions) as session:
        stage = region.stage(case, "drafting").id
        automation.lift_halt(session, stage, None, new_run=True)
    region.wait_for_people(case, "drafting")

    assert _run_id(region, case, "drafting") != cancelled
    assert ask(_read(cancelled)).state_name == "Cancelled"
    assert not region.stage(case, "drafting").halted


def test_a_running_run_stops_at_its_next_step_boundary(conducted: Region) -> None:
    region = conducted
    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    region.submit(case)
    with region.case_locked(case):
        # The step that opens the next stage hangs on the locked case, in the middle.
        region.wait_for_run(case, "drafting", "Running")
        run_id = _run_id(region, case, "drafting")
        ask(_cancel(run_id))
        assert ask(_read(run_id)).state_name == "Cancelling"
    region.wait_for_run(case, "drafting", "Cancelled")
    until(lambda: region.stage(case, "drafting").halted, "the stage is halted")

    ask(_retry(run_id))
    region.wait_for_people(case, "coordination")

    assert region.doubled_effects(case) == []


def test_a_failing_document_is_mended_and_retried(conducted: Region) -> None:
    region = conducted
    template = region.settings.templates_dir / "Öffentlich-rechtliche Vereinbarung.docx"
    spoilt = Document(str(template))
    spoilt.add_paragraph("{{ titel_mit_tippfehler }}")
    whole = template.read_bytes()
    spoilt.save(str(template))

    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    region.submit(case)
    region.wait_for_run(case, "drafting", "Failed")
    failure = region.stage(case, "drafting").failure
    assert failure is not None
    assert "titel_mit_tippfehler" in failure
    assert template.name in failure
    assert Event.DOCUMENT_WRITTEN not in [entry.event for entry in region.journal(case)]

    run_id = _run_id(region, case, "drafting")
    # "Cancel" on a failed run: Prefect refuses, and nothing changes.
    assert ask(_cancel(run_id)) is SetStateStatus.ABORT
    assert not region.stage(case, "drafting").halted

    template.write_bytes(whole)
    ask(_retry(run_id))
    region.wait_for_people(case, "coordination")

    assert region.stage(case, "drafting").failure is None
    assert region.doubled_effects(case) == []


def test_a_run_by_hand_has_no_effect(conducted: Region) -> None:
    region = conducted
    case = region.start()
    region.write(case)
    stage = region.wait_for_people(case, "drafting")
    before = len(region.journal(case))
    for stage_id in (str(stage.id), "nonsense"):
        by_hand = ask(_run_by_hand("drafting", stage_id))
        ended = until(partial(_ended, by_hand.id), "the run has ended without effect")
        assert "es wurde nichts getan" in ended
    assert len(region.journal(case)) == before
    assert region.stage(case, "drafting").flow_run_id == stage.flow_run_id


def test_retrying_a_finished_run_has_no_effect(conducted: Region) -> None:
    region = conducted
    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    region.submit(case)
    region.wait_for_people(case, "coordination")
    region.wait_for_run(case, "drafting", "Completed")
    before = len(region.journal(case))

    ask(_retry(_run_id(region, case, "drafting")))
    region.wait_for_run(case, "drafting", WITHOUT_EFFECT)
    assert len(region.journal(case)) == before


def test_resuming_by_hand_merely_makes_the_run_look_again(conducted: Region) -> None:
    region = conducted
    case = region.start()
    region.write(case)
    stage = region.wait_for_people(case, "drafting")
    before = len(region.journal(case))
    run = region.run(case, "drafting")
    assert run is not None
    assert run.state is not None

    ask(_resume(run.id))

    def suspended_again() -> bool:
        now = region.run(case, "drafting")
        assert now is not None
        assert now.state is not None
        assert run.state is not None
        return now.state_name == "Suspended" and now.state.id != run.state.id

    until(suspended_again, "the run is suspended again")
    assert region.stage(case, "drafting").flow_run_id == stage.flow_run_id
    assert len(region.journal(case)) == before
