"""The outcomes of a consultation as far as a text tells them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReadOutcome(StrEnum):
    """What was decided, as far as the text says it."""

    ADOPTED = "adopted"
    ADOPTED_AMENDED = "adopted_amended"
    ADOPTED_CONDITIONALLY = "adopted_conditionally"
    PARTLY_ADOPTED = "partly_adopted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    NOTED = "noted"
    RECOMMENDATION = "recommendation"
    ELECTED = "elected"
    SETTLED = "settled"
    SEVERAL = "several"
    NO_VOTE = "no_vote"
    NO_RESULT = "no_result"
    UNCLEAR = "unclear"


class ResultRole(StrEnum):
    """What the body had to do: decide, recommend; unknown if nobody says."""

    DECISION = "decision"
    RECOMMENDATION = "recommendation"
    UNKNOWN = "unknown"


ADOPTIONS = frozenset(
    {ReadOutcome.ADOPTED, ReadOutcome.ADOPTED_AMENDED, ReadOutcome.ADOPTED_CONDITIONALLY}
)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The text as given and what is read from it; None = the text does not say it.

    certain: the text leaves no reasonable doubt. Also then a person confirms it.
    """

    text: str
    outcome: ReadOutcome
    yes: int | None
    no: int | None
    abstained: int | None
    unanimous: bool | None
    certain: bool
