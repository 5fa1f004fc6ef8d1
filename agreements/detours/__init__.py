"""Detours: the ways on that a case can take when it leaves the straight road.

Each is a use case of the lead's legal staff: a guard, a journal entry with its reason, and the
effect on the procedure. ``ways`` lists what is offered and what stands against the rest.
"""

from agreements.detours.adhoc import (
    CancelTask,
    OpenAdHoc,
    cancel_task,
    complete_ad_hoc,
    open_ad_hoc,
)
from agreements.detours.ending import WithdrawCase, withdraw_case
from agreements.detours.parties import JoinParty, LeaveParty, join_party, leave_party
from agreements.detours.repeating import (
    DecideAgain,
    NewRound,
    ReopenText,
    RepeatStage,
    decide_again,
    new_round,
    reopen_text,
    repeat_stage,
)
from agreements.detours.ways import Way, is_lead, ways, who_decides
from agreements.model.enums import Detour

__all__ = [
    "CancelTask",
    "DecideAgain",
    "Detour",
    "JoinParty",
    "LeaveParty",
    "NewRound",
    "OpenAdHoc",
    "ReopenText",
    "RepeatStage",
    "Way",
    "WithdrawCase",
    "cancel_task",
    "complete_ad_hoc",
    "decide_again",
    "is_lead",
    "join_party",
    "leave_party",
    "new_round",
    "open_ad_hoc",
    "reopen_text",
    "repeat_stage",
    "ways",
    "who_decides",
    "withdraw_case",
]
