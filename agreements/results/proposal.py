"""What is proposed to the clerk for a result that was read; None where a person must say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from agreements.model.enums import Outcome
from agreements.results.outcomes import ReadOutcome, ReadResult, ResultRole

# "ungeändert" and "unverändert" hint at nothing.
_QUALIFIED: Final = re.compile(
    r"\b(?!un)\w*änder|vorbehalt|maßgabe|massgabe|bedingung|teilweise|ergänz", re.IGNORECASE
)
_OUTCOMES: Final[Mapping[ReadOutcome, Outcome]] = {
    ReadOutcome.ADOPTED: Outcome.ADOPTED,
    ReadOutcome.ADOPTED_AMENDED: Outcome.ADOPTED_AMENDED,
    ReadOutcome.ADOPTED_CONDITIONALLY: Outcome.ADOPTED_CONDITIONALLY,
    ReadOutcome.PARTLY_ADOPTED: Outcome.PARTLY_ADOPTED,
    ReadOutcome.REJECTED: Outcome.REJECTED,
    ReadOutcome.DEFERRED: Outcome.DEFERRED,
    ReadOutcome.REFERRED: Outcome.REFERRED,
    ReadOutcome.WITHDRAWN: Outcome.WITHDRAWN,
    ReadOutcome.NOTED: Outcome.NOTED,
}


def proposed_outcome(read: ReadResult, role: ResultRole) -> Outcome | None:
    """The outcome to propose; None if the text leaves a doubt or has no outcome of ours.

    A recommendation is what a recommending committee adopts; it decides nothing. Whether with
    changes or on a condition is not read of it: where the text hints at that, a person says it.
    """
    if not read.certain:
        return None
    if read.outcome is not ReadOutcome.RECOMMENDATION:
        return _OUTCOMES.get(read.outcome)
    if role is not ResultRole.RECOMMENDATION or _QUALIFIED.search(read.text):
        return None
    return Outcome.ADOPTED
