"""Councils: papers with their Beratungsfolge, what was decided, and whether it is the same text."""

from agreements.councils.check import confirm_resolutions, resolution_gaps
from agreements.councils.meetings import ScheduleMeeting, schedule
from agreements.councils.papers import (
    ROUND_TEXT,
    beratungsfolge,
    consider_again,
    deciding_bodies,
    drop_paper,
    drop_undecided,
    in_private,
    is_planned,
    open_consultations,
    paper_number,
    papers_of,
    plan_papers,
)
from agreements.councils.plausibility import check_votes, voting_members
from agreements.councils.recording import record_resolution
from agreements.councils.succession import AdaptCommittees, Succession, adapt

__all__ = [
    "ROUND_TEXT",
    "AdaptCommittees",
    "ScheduleMeeting",
    "Succession",
    "adapt",
    "beratungsfolge",
    "check_votes",
    "confirm_resolutions",
    "consider_again",
    "deciding_bodies",
    "drop_paper",
    "drop_undecided",
    "in_private",
    "is_planned",
    "open_consultations",
    "paper_number",
    "papers_of",
    "plan_papers",
    "record_resolution",
    "resolution_gaps",
    "schedule",
    "voting_members",
]
