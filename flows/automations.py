"""Prefect's automations, shipped as code: what an operator is told without looking.

Made and brought up to date by name, at each registration. One that an operator has switched
off stays off.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from prefect.automations import AutomationCore, EventTrigger, Posture, RunDeployment
from prefect.client.orchestration import PrefectClient

from flows.operator_notice import DISTURBED, UNDECIDED, operator_notice
from flows.visibility import UNDECIDED_EVENT

STEP_DISTURBED = "Schritt gestört"
NOBODY_DECIDED = "Niemand hat entschieden"
# A run that the conductor tries again and again is one disturbance.
SAME_DISTURBANCE = timedelta(minutes=10)
TOLD_AGAIN = timedelta(days=7)
_SET_BY_PREFECT = {"id", "owner_resource", "tags"}


async def ship(client: PrefectClient, pool: str) -> None:
    """Make our automations as they should be; repeatable."""
    notice = await client.read_deployment_by_name(f"{operator_notice.name}/{operator_notice.name}")
    for wanted in (step_disturbed(pool, notice.id), nobody_decided(notice.id)):
        await _ensure(client, wanted)


def step_disturbed(pool: str, notice: UUID) -> AutomationCore:
    """A run of our work pool failed or crashed. The notices' own runs would chase themselves."""
    return AutomationCore(
        name=STEP_DISTURBED,
        description=(
            "Ein Lauf ist gescheitert oder abgestürzt: Die Administration wird benachrichtigt."
        ),
        trigger=EventTrigger(
            expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=[
                {"prefect.resource.role": "work-pool", "prefect.resource.name": pool},
                {
                    "prefect.resource.role": "flow",
                    "prefect.resource.name": f"!{operator_notice.name}",
                },
            ],
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
            within=SAME_DISTURBANCE,
        ),
        actions=[_tell(notice, DISTURBED)],
    )


def nobody_decided(notice: UUID) -> AutomationCore:
    """The domain has found a stage at a standstill; told again every week."""
    return AutomationCore(
        name=NOBODY_DECIDED,
        description=(
            "In einem Schritt hat zu lange niemand entschieden: Die Administration wird "
            "benachrichtigt, einmal in der Woche."
        ),
        trigger=EventTrigger(
            expect={UNDECIDED_EVENT},
            match={"prefect.resource.id": "vereinbar.stage.*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
            within=TOLD_AGAIN,
        ),
        actions=[_tell(notice, UNDECIDED)],
    )


def _tell(notice: UUID, what: str) -> RunDeployment:
    return RunDeployment(
        deployment_id=notice,
        parameters={
            "what": what,
            "subject": "{{ event.resource.id }}",
            "event": "{{ event.id|string }}",
        },
    )


async def _ensure(client: PrefectClient, wanted: AutomationCore) -> None:
    known = await client.read_automations_by_name(wanted.name)
    if not known:
        await client.create_automation(wanted)
        return
    present = known[0]
    changed = wanted.model_dump(exclude=_SET_BY_PREFECT) | {"enabled": present.enabled}
    if changed != present.model_dump(exclude=_SET_BY_PREFECT):
        # An update sends what has been set, and a default has not.
        await client.update_automation(present.id, AutomationCore.model_validate(changed))
