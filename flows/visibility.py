"""What admins see in Prefect: run names, tags, messages, an artifact per case, events.

Only what ``agreements.overview`` gives out: file references, bodies, roles and states.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Suspended

from agreements import clock, outbox, overview, reminders
from agreements.model.records import OutboxEntry
from agreements.overview import CaseOverview, StageOverview
from agreements.reminders import Standstill
from flows.domain import domain

MESSAGE_LIMIT = 1000
UNDECIDED_EVENT = "vereinbar.stage.undecided"


def tags_of(stage: StageOverview) -> list[str]:
    """The case, its procedure, and the bodies whom the stage waits for."""
    return [stage.reference, stage.procedure, *stage.waiting_for]


async def show_stage(client: PrefectClient, run: FlowRun, stage_id: UUID) -> None:
    """Bring a run's name, tags and (while it is suspended) its message up to date."""
    stage = await domain(overview.stage_overview, stage_id)
    if run.name != stage.name or set(run.tags) != set(tags_of(stage)):
        await client.update_flow_run(run.id, name=stage.name, tags=tags_of(stage))
    message = stage.reason[:MESSAGE_LIMIT]
    if run.state is None or not run.state.is_paused() or run.state.message == message:
        return
    # Forced, the message would also overwrite what somebody did meanwhile.
    now = await client.read_flow_run(run.id)
    if now.state is not None and now.state.id == run.state.id:
        await client.set_flow_run_state(run.id, _still_suspended(run.state, message), force=True)


def _still_suspended(state: State, message: str) -> State:
    still: State = Suspended(message=message)
    still.state_details = state.state_details
    return still


async def show_case(client: PrefectClient, case_id: UUID) -> None:
    """Write the case's artifact: who has decided what, what is open and since when."""
    case = await domain(overview.case_overview, case_id)
    key = f"vorgang-{case.reference.lower()}"
    text = as_markdown(case)
    known = await client.read_artifacts(
        artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])), limit=1
    )
    if known:
        await client.update_artifact(known[0].id, ArtifactUpdate(data=text))
    else:
        await client.create_artifact(
            ArtifactCreate(key=key, type="markdown", description=case.title, data=text)
        )


def as_markdown(case: CaseOverview) -> str:
    """The case's overview as Markdown."""
    lines = [f"# {case.reference} {case.title}", "", "| Schritt | Stand | seit |", "|-|-|-|"]
    lines += [
        f"| {s.title} | {s.state} | {s.since.astimezone(clock.BERLIN):%d.%m.%Y %H:%M} |"
        for s in case.stages
    ]
    if waiting := [s for s in case.stages if s.is_live]:
        lines += ["", "## Woran es liegt", ""]
        lines += [f"- **{s.title}:** {s.reason}" for s in waiting]
    if case.consultations:
        lines += ["", "## Gremien", "", "| Schritt | Körperschaft | Gremium | Stand | am |"]
        lines += ["|-|-|-|-|-|"]
        lines += [
            f"| {c.stage} | {c.body} | {c.committee} | {c.outcome or c.state} "
            f"| {c.decided_on:%d.%m.%Y} |"
            if c.decided_on
            else f"| {c.stage} | {c.body} | {c.committee} | {c.state} | |"
            for c in case.consultations
        ]
    if case.deadlines:
        lines += ["", "## Fristen", "", "| bis | Körperschaft | Aufgabe |", "|-|-|-|"]
        lines += [f"| {due:%d.%m.%Y} | {body} | {title} |" for due, body, title in case.deadlines]
    return "\n".join(lines)


async def emit_standstill(client: PrefectClient, days: int) -> int:
    """Tell Prefect of the stages in which nobody has decided for so long; returns how many.

    Told at each look: the automation that listens keeps still for a week.
    """
    found = await domain(reminders.standstill, days)
    if found:
        await _post(client, [_standstill_event(still) for still in found])
    return len(found)


def _standstill_event(still: Standstill) -> dict[str, object]:
    since = clock.today() - timedelta(days=still.days)
    return {
        # The same for a week, so that Prefect keeps it once.
        "id": str(uuid5(still.stage_id, f"{UNDECIDED_EVENT} {since} {still.days // 7}")),
        "occurred": clock.now().isoformat(),
        "event": UNDECIDED_EVENT,
        "resource": {
            "prefect.resource.id": f"vereinbar.stage.{still.stage_id}",
            "prefect.resource.name": f"{still.reference} {still.stage}",
        },
        "payload": {"days": still.days, "waiting_for": list(still.bodies)},
    }


async def _post(client: PrefectClient, events: list[dict[str, object]]) -> None:
    (await client.request("POST", "/events", json=events)).raise_for_status()


async def emit_events(client: PrefectClient) -> int:
    """Tell Prefect of the decisions that are committed; returns how many were sent."""
    entries = await domain(outbox.waiting)
    if not entries:
        return 0
    await _post(client, [_event(entry) for entry in entries])
    await domain(outbox.carried_out, [entry.id for entry in entries])
    return len(entries)


def _event(entry: OutboxEntry) -> dict[str, object]:
    payload = entry.payload
    return {
        "id": str(entry.id),
        "occurred": entry.created_at.isoformat(),
        "event": f"vereinbar.{payload['event']}",
        "resource": {
            "prefect.resource.id": f"vereinbar.case.{payload['case']}",
            "prefect.resource.name": payload["case"],
        },
        "related": [
            {
                "prefect.resource.id": f"vereinbar.stage.{payload['stage_id']}",
                "prefect.resource.role": "stage",
                "vereinbar.stage": payload["stage"],
            }
        ],
        "payload": {"stage": payload["stage"], "body_id": payload["body_id"]},
    }
