"""Which flow carries which kind of stage, and the flows beside them.

A deployment has the name of its flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agreements.model.enums import StageKind
from flows.coordination import coordination
from flows.council_resolutions import council_resolutions
from flows.deadlines import deadlines
from flows.drafting import drafting
from flows.entry_into_force import entry_into_force
from flows.finance_plan import finance_plan
from flows.funding_application import funding_application
from flows.kreistag_decision import kreistag_decision
from flows.operator_notice import operator_notice
from flows.publication import publication
from flows.publication_notices import publication_notices
from flows.resolutions_check import resolutions_check
from flows.routine import RoutineFlow
from flows.signing import signing
from flows.steps import StageFlow
from flows.supervisory_approval import supervisory_approval

FLOWS: Final[Mapping[StageKind, StageFlow]] = {
    StageKind.DRAFTING: drafting,
    StageKind.COORDINATION: coordination,
    StageKind.COUNCIL_RESOLUTIONS: council_resolutions,
    StageKind.KREISTAG_DECISION: kreistag_decision,
    StageKind.RESOLUTIONS_CHECK: resolutions_check,
    StageKind.SIGNING: signing,
    StageKind.SUPERVISORY_APPROVAL: supervisory_approval,
    StageKind.PUBLICATION: publication,
    StageKind.PUBLICATION_NOTICES: publication_notices,
    StageKind.ENTRY_INTO_FORCE: entry_into_force,
    StageKind.FINANCE_PLAN: finance_plan,
    StageKind.FUNDING_APPLICATION: funding_application,
}

STAGE_FLOWS: Final[Mapping[str, StageFlow]] = {flow.name: flow for flow in FLOWS.values()}

# Flows that drive no stage.
ROUTINES: Final[Mapping[str, RoutineFlow]] = {
    flow.name: flow for flow in (deadlines, operator_notice)
}


def deployment_name(kind: StageKind) -> str:
    """The full name of the deployment for a kind of stage."""
    name = FLOWS[kind].name
    return f"{name}/{name}"
