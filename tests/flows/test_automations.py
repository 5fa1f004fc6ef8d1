"""Automations of Prefect, shipped as code: what an operator is told without looking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from docx import Document
from prefect.automations import AutomationCore
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.events.schemas.automations import Automation
from prefect.states import AwaitingRetry
from sqlalchemy import select

from agreements.database.engine import transaction
from agreements.model.enums import NoticeKind
from agreements.model.notices import Notice
from flows import automations
from flows.automations import NOBODY_DECIDED, STEP_DISTURBED
from tests.flows.asking import ask
from tests.flows.region import Region
from tests.flows.routines import run_deployment, runs_of
from tests.waiting import until


@pytest.fixture(scope="module")
def impatient(region: Region) -> Iterator[Region]:
    """An installation in which waiting for less than a day is a standstill."""
    hasty = Region(region.settings.model_copy(update={"standstill_days": 0}), region.sessions)
    with hasty.conductor():
        yield hasty


def _told(region: Region) -> set[str]:
    """The sentences that the administration has been told."""
    with transaction(region.sessions) as session:
        rows = session.scalars(select(Notice).where(Notice.kind == NoticeKind.OPERATOR))
        return {row.data["sentence"] for row in rows}


def _notices(beginning: str) -> list[FlowRun]:
    return [r for r in runs_of("operator-notice") if r.name.startswith(f"Hinweis: {beginning}")]


def _notice(beginning: str) -> FlowRun:
    def look() -> FlowRun | None:
        found = [run for run in _notices(beginning) if run.state_name == "Completed"]
        return found[0] if found else None

    return until(look, f"a notice has been given that begins with {beginning}")


async def _retry(run_id: UUID) -> None:
    async with get_client() as client:
        await client.set_flow_run_state(run_id, AwaitingRetry())


def test_a_failing_step_is_told_to_the_administration(impatient: Region) -> None:
    region = impatient
    template = region.settings.templates_dir / "Öffentlich-rechtliche Vereinbarung.docx"
    whole = template.read_bytes()
    spoilt = Document(str(template))
    spoilt.add_paragraph("{{ titel_mit_tippfehler }}")
    spoilt.save(str(template))

    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    region.submit(case)
    region.wait_for_run(case, "drafting", "Failed")
    reference = region.stage(case, "drafting").reference
    notice = _notice(reference)

    assert notice.name == f"Hinweis: {reference} Entwurf gestört"
    [sentence] = [told for told in _told(region) if reference in told]
    assert "gestört" in sentence
    assert "Retry" in sentence

    template.write_bytes(whole)
    run_id = region.stage(case, "drafting").flow_run_id
    assert run_id is not None
    ask(_retry(run_id))
    region.wait_for_people(case, "coordination")
    assert len(_notices(reference)) == 1


def test_a_stage_that_nobody_decides_on_is_told_to_the_administration(impatient: Region) -> None:
    region = impatient
    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    reference = region.stage(case, "drafting").reference
    ask(run_deployment("deadlines"))

    notice = _notice(reference)

    assert notice.name == f"Hinweis: {reference} Entwurf seit 0 Tagen unentschieden"
    [sentence] = [told for told in _told(region) if reference in told]
    assert "Gewartet wird auf: Schwerte" in sentence


async def _known() -> dict[str, Automation]:
    async with get_client() as client:
        return {found.name: found for found in await client.read_automations()}


async def _ship(region: Region) -> None:
    async with get_client() as client:
        await automations.ship(client, region.settings.work_pool)


async def _change(present: Automation, **changes: object) -> None:
    async with get_client() as client:
        wanted = present.model_dump(exclude={"id", "owner_resource"}) | changes
        await client.update_automation(present.id, AutomationCore.model_validate(wanted))


def test_automations_are_mended_and_stay_off_when_an_operator_switched_them_off(
    region: Region,
) -> None:
    before = ask(_known())
    assert set(before) == {STEP_DISTURBED, NOBODY_DECIDED}
    ask(_ship(region))
    assert ask(_known()) == before

    disturbed = before[STEP_DISTURBED]
    slow = disturbed.trigger.model_dump() | {"within": timedelta(days=1)}
    ask(_change(disturbed, trigger=slow, enabled=False))
    ask(_ship(region))

    after = ask(_known())
    assert not after[STEP_DISTURBED].enabled
    assert after[STEP_DISTURBED].trigger == disturbed.trigger
    assert after[STEP_DISTURBED].id == disturbed.id
    ask(_change(disturbed, enabled=True))
