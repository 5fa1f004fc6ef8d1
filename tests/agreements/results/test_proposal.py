"""What is proposed to the clerk for a result that was read."""

from __future__ import annotations

import pytest

from agreements.model.enums import Outcome
from agreements.results import ReadOutcome, ReadResult, ResultRole, read_result
from agreements.results.proposal import proposed_outcome


@pytest.mark.parametrize(
    ("text", "role", "proposed"),
    [
        ("ungeändert beschlossen", ResultRole.DECISION, Outcome.ADOPTED),
        ("geändert beschlossen", ResultRole.DECISION, Outcome.ADOPTED_AMENDED),
        ("mehrheitlich abgelehnt", ResultRole.DECISION, Outcome.REJECTED),
        ("zurückgestellt", ResultRole.DECISION, Outcome.DEFERRED),
        ("ungeändert empfohlen", ResultRole.RECOMMENDATION, Outcome.ADOPTED),
        ("mit Änderungen empfohlen", ResultRole.RECOMMENDATION, None),
        ("ungeändert beschlossen", ResultRole.RECOMMENDATION, Outcome.ADOPTED),
        ("ungeändert empfohlen", ResultRole.DECISION, None),
        ("", ResultRole.DECISION, None),
        ("Annahme und Ablehnung", ResultRole.DECISION, None),
    ],
)
def test_a_proposal_or_a_question(text: str, role: ResultRole, proposed: Outcome | None) -> None:
    assert proposed_outcome(read_result(text, role), role) is proposed


@pytest.mark.parametrize("outcome", list(ReadOutcome))
def test_what_leaves_a_doubt_is_asked(outcome: ReadOutcome) -> None:
    read = ReadResult("...", outcome, None, None, None, None, certain=False)
    assert proposed_outcome(read, ResultRole.DECISION) is None


@pytest.mark.parametrize("outcome", list(ReadOutcome))
def test_nothing_becomes_a_decision_that_was_none(outcome: ReadOutcome) -> None:
    read = ReadResult("...", outcome, None, None, None, None, certain=True)
    proposed = proposed_outcome(read, ResultRole.DECISION)
    assert proposed is None or proposed.value == outcome.value
