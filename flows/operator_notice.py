"""Hinweis an die Administration: what one of our automations in Prefect has noticed.

The automation names the run or the stage; what is told is looked up here, as it is by now.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound

from agreements import automation, clock, mail, overview, reminders
from agreements.settings import get_settings
from flows.domain import domain
from flows.routine import call_run, do, routine
from flows.steps import current_run

DISTURBED = "disturbed"
UNDECIDED = "undecided"

_BY_HAND = "Der Grund steht am Lauf in Prefect; nach der Behebung dort „Retry“ wählen."
_BY_ITSELF = (
    "Der Lauf ist auf ein technisches Hindernis gestoßen. Die Ablaufsteuerung versucht es von "
    "selbst wieder; hält es an, steht der Grund in ihrem Protokoll."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is told; key: the same is told once. sentence None: it has settled itself."""

    key: str
    title: str
    sentence: str | None


@routine("operator-notice")
async def operator_notice(what: str, subject: str, event: str) -> None:
    """what: ``disturbed`` or ``undecided``; subject: the resource; event: its id."""
    finding = await _find(what, UUID(subject.rpartition(".")[2]), event)
    await call_run(f"Hinweis: {finding.title}")
    if finding.sentence is None:
        return
    told = await do("Administration benachrichtigen", lambda: _tell(finding))
    await _show(finding, told)


async def _find(what: str, subject: UUID, event: str) -> Finding:
    return await (_disturbed if what == DISTURBED else _undecided)(subject, event)


async def _disturbed(run_id: UUID, event: str) -> Finding:
    run = await _read(run_id)
    stage = await domain(automation.view_by_run, run_id)
    title = await _title(stage.id) if stage is not None else run.name if run else str(run_id)
    failure = stage.failure if stage is not None else None
    if failure is None and not _is_broken(run):
        return Finding(event, f"{title} wieder in Ordnung", None)
    # What is tried again and again is told once a day.
    key = f"disturbed:{event}" if failure else f"disturbed:{run_id}:{clock.today()}"
    mending = _BY_HAND if failure or stage is None else _BY_ITSELF
    return Finding(key, f"{title} gestört", f"{title}: Die Automatik ist gestört. {mending}")


async def _undecided(stage_id: UUID, event: str) -> Finding:
    found = await domain(reminders.standstill, get_settings().standstill_days)
    still = next((still for still in found if still.stage_id == stage_id), None)
    if still is None:
        return Finding(event, "entschieden", None)
    title = f"{still.reference} {still.stage}"
    return Finding(
        f"undecided:{event}",
        f"{title} seit {in_days(still.days)} unentschieden",
        f"{title}: Seit {in_days(still.days)} hat niemand entschieden. Gewartet wird auf: "
        f"{', '.join(still.bodies) or 'niemanden'}.",
    )


def in_days(days: int) -> str:
    """A number of days after „seit“."""
    return "einem Tag" if days == 1 else f"{days} Tagen"


async def _title(stage_id: UUID) -> str:
    stage = await domain(overview.stage_overview, stage_id)
    return f"{stage.reference} {stage.stage_title}"


async def _read(run_id: UUID) -> FlowRun | None:
    async with get_client() as client:
        try:
            return await client.read_flow_run(run_id)
        except ObjectNotFound:
            return None


def _is_broken(run: FlowRun | None) -> bool:
    state = run.state if run is not None else None
    return state is not None and (state.is_failed() or state.is_crashed())


async def _tell(finding: Finding) -> int:
    assert finding.sentence is not None
    return await domain(mail.tell_operators, finding.key, finding.sentence)


async def _show(finding: Finding, told: int) -> None:
    people = "schon gemeldet" if told == 0 else f"an {told} der Administration"
    async with get_client() as client:
        await client.create_artifact(
            ArtifactCreate(
                key="hinweise",
                type="markdown",
                description=finding.title,
                data=f"# {finding.title}\n\n{finding.sentence}\n\nGesendet: {people}.",
                flow_run_id=current_run(),
            )
        )
