"""The one way in which a flow waits for people."""

from __future__ import annotations

from uuid import UUID, uuid4

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import Abort, Pause
from prefect.states import Suspended
from prefect.utilities.engine import propose_state

from agreements import automation
from agreements.model.enums import Awaits
from flows.domain import domain
from flows.steps import HaltedByOperator, current_run


async def people(stage_id: UUID) -> None:
    """Suspend the run until people (or a day) have done their part; returns when they have.

    The key is new each time (a used one no longer suspends), and there is no time-out: a
    legal deadline is never a time-out of Prefect. A decision that commits after the look at
    the database and before the suspension is seen by the conductor, which looks again.
    """
    stage = await domain(automation.work_left, stage_id)
    if stage.awaits not in (Awaits.PEOPLE, Awaits.DATE):
        return
    waiting: State[None] = Suspended(pause_key=str(uuid4()), message=stage.reason)
    async with get_client() as client:
        state = await propose_state(client, waiting, flow_run_id=current_run())
    if state.is_paused():
        raise Pause(state=state)
    if state.is_cancelling() or state.is_cancelled():
        raise HaltedByOperator
    # Not running any more: another process has taken the run over and carries it on.
    raise Abort(f"the run is {state.name} and not this process's any more")
