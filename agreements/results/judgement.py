"""An outcome in the making, and what the clauses say was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agreements.results.clauses import Clause
from agreements.results.outcomes import ReadOutcome as O

SIMPLE = {
    "deferred": O.DEFERRED, "referred": O.REFERRED, "passed_on": O.REFERRED, "noted": O.NOTED,
    "withdrawn": O.WITHDRAWN, "elected": O.ELECTED, "settled": O.SETTLED, "no_vote": O.NO_VOTE,
    "no_result": O.NO_RESULT, "recommended": O.RECOMMENDATION, "rejected": O.REJECTED,
}  # fmt: skip
# What is resolved when nothing but the deferral, the referral … itself is resolved.
_OVER_NO_RESULT = (
    "deferred", "referred", "passed_on", "noted", "withdrawn", "settled", "no_vote", "elected",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """An outcome before the role is looked at; counted: the votes belong to it."""

    outcome: O
    certain: bool = True
    counted: bool = True
    mixed: bool = False  # a recommendation and a resolution in one text


UNCLEAR = Judgement(O.UNCLEAR, certain=False)


def kinds_of(clauses: Iterable[Clause]) -> set[str]:
    """What was done, with "nicht" applied; "unclear" if that can't be said."""
    kinds = {event.sense for clause in clauses for event in clause.events}
    if len(kinds) > 1:
        kinds -= {"discussed"}
    if "no_result" in kinds and kinds & set(_OVER_NO_RESULT):
        kinds -= {"no_result"}
    return kinds
