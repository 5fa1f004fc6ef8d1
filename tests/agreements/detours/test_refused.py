"""A council says no, or not yet: how the case goes on, and what stays on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agreements import clock, detours
from agreements.errors import Conflict, Refusal
from agreements.model.enums import (
    CaseState,
    ConsultationState,
    Detour,
    KreistagOrder,
    Outcome,
    Round,
    StageState,
    TaskKind,
)
from agreements.standing import Worth
from tests.agreements.detours.played import BECAUSE, FOUR, NOW, TODAY, UNNA, Played, again
from tests.story import KAMEN, KREIS, SCHWERTE


def test_a_council_that_rejected_adopts_the_same_text_on_a_new_paper(played: Played) -> None:
    played.writing = True
    played.to_councils()
    played.adopt(SCHWERTE)
    assert played.ways()[Detour.DECIDE_AGAIN]
    played.resolve(KAMEN, Outcome.REJECTED)
    stage = played.stage("agreement_councils")
    assert (stage.state, stage.reason) == (StageState.BLOCKED, "Kamen: Rat hat abgelehnt.")
    assert played.ways()[Detour.DECIDE_AGAIN] == ()
    played.detour(detours.decide_again, again(KAMEN))
    first, second = played.papers(KAMEN)
    assert first.number != second.number
    assert first.text_hash == second.text_hash
    assert first.superseded_because == "Kamen befasst sich erneut mit dem Text."
    assert second.superseded_because is None
    assert played.stage("agreement_councils").id == stage.id
    assert played.stage("agreement_councils").state is StageState.OPEN
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    assert {d.subject_id for d in played.documents("paper")} >= {first.id, second.id}
    played.adopt(KAMEN)
    played.finish()
    assert played.case().state is CaseState.DONE
    assert [r.outcome for r in played.resolutions(KAMEN)] == [
        Outcome.ADOPTED, Outcome.REJECTED, Outcome.ADOPTED, Outcome.ADOPTED
    ]  # fmt: skip
    events = played.events()
    assert events.count("paper_renewed") == 1
    assert len(played.instances("agreement_councils")) == 1


def test_only_a_body_that_lacks_a_resolution_decides_again(played: Played) -> None:
    played.to_councils(FOUR)
    played.resolve(KAMEN, Outcome.REJECTED)
    for ags in (SCHWERTE, UNNA):
        with pytest.raises(Conflict) as refused:
            played.detour(detours.decide_again, again(ags))
        assert refused.value.code == "body-has-decided"
    played.adopt(UNNA)
    with pytest.raises(Conflict, match="Unna: In dieser Runde ist weder abgelehnt"):
        played.detour(detours.decide_again, again(UNNA))


def test_a_second_rejection_blocks_again_and_a_third_vote_adopts(played: Played) -> None:
    played.to_councils()
    played.adopt(SCHWERTE)
    for _ in range(2):
        played.resolve(KAMEN, Outcome.REJECTED)
        assert played.stage("agreement_councils").state is StageState.BLOCKED
        played.detour(detours.decide_again, again(KAMEN))
    assert len({paper.number for paper in played.papers(KAMEN)}) == 3
    played.finish()
    assert played.case().state is CaseState.DONE


def test_two_rejections_are_both_named_and_each_body_decides_again(played: Played) -> None:
    played.to_councils(FOUR)
    played.adopt(SCHWERTE)
    played.resolve(UNNA, Outcome.REJECTED)
    played.resolve(KAMEN, Outcome.REJECTED)
    assert played.stage("agreement_councils").reason == (
        "Kamen: Rat hat abgelehnt. Unna: Rat hat abgelehnt."
    )
    played.detour(detours.decide_again, again(KAMEN))
    # The other rejection still stands in the way; Kamen can decide all the same.
    assert played.stage("agreement_councils").reason == "Unna: Rat hat abgelehnt."
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    played.adopt(KAMEN)
    assert played.stage("agreement_councils").state is StageState.BLOCKED
    played.detour(detours.decide_again, again(UNNA))
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_rejected_grundsatzbeschluss_is_taken_again(played: Played) -> None:
    played.to_principle()
    played.adopt(SCHWERTE)
    played.resolve(KAMEN, Outcome.REJECTED)
    assert played.stage("principle_councils").reason == "Kamen: Rat hat abgelehnt."
    with pytest.raises(Conflict, match="In dieser Runde"):
        played.detour(detours.decide_again, again(KAMEN, Round.AGREEMENT))
    played.detour(detours.decide_again, again(KAMEN, Round.PRINCIPLE))
    played.finish()
    assert played.case().state is CaseState.DONE


def test_after_a_rejection_by_the_kreistag_in_the_end_only_it_decides_again(
    played: Played,
) -> None:
    played.to_councils()
    played.adopt(SCHWERTE, KAMEN)
    played.resolve(KREIS, Outcome.REJECTED)
    assert played.stage("agreement_kreistag").reason == "Kreis Unna: Kreistag hat abgelehnt."
    played.detour(detours.decide_again, again(KREIS))
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KREIS}
    played.finish()
    assert [len(played.papers(ags)) for ags in (SCHWERTE, KAMEN, KREIS)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome.NOTED, "hat nur zur Kenntnis genommen, ein Beschluss fehlt."),
        (Outcome.WITHDRAWN, "hat nicht beschlossen, die Vorlage ist zurückgezogen."),
    ],
)
def test_a_council_that_did_not_decide_blocks_until_it_does(
    played: Played, outcome: Outcome, sentence: str
) -> None:
    played.to_councils()
    played.adopt(SCHWERTE)
    played.resolve(KAMEN, outcome)
    assert played.stage("agreement_councils").reason == f"Kamen: Rat {sentence}"
    played.detour(detours.decide_again, again(KAMEN))
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_paper_withdrawn_in_the_committee_never_reaches_the_council(played: Played) -> None:
    played.to_councils()
    played.adopt(SCHWERTE)
    played.do(TaskKind.RECORD_RESOLUTION, KAMEN, outcome=Outcome.WITHDRAWN)
    stage = played.stage("agreement_councils")
    assert (stage.state, stage.reason) == (
        StageState.BLOCKED,
        "Kamen: Die Vorlage ist zurückgezogen.",
    )
    assert not played.open_tasks()
    assert [d.state for d in played.decisions(KAMEN)] == [ConsultationState.CANCELLED]
    played.detour(detours.decide_again, again(KAMEN))
    played.finish()
    assert played.case().state is CaseState.DONE


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.NOTED, Outcome.REFERRED])
def test_what_a_committee_says_binds_nobody(played: Played, outcome: Outcome) -> None:
    """Referred without a committee: passed on without recommendation."""
    played.to_councils()
    played.do(TaskKind.RECORD_RESOLUTION, KAMEN, outcome=outcome)
    assert played.stage("agreement_councils").state is StageState.OPEN
    task = played.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)[0]
    assert task.title == "Beschluss erfassen (Rat)"
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_deferred_decision_comes_back_at_the_next_meeting(played: Played) -> None:
    played.to_councils()
    meeting = TODAY + timedelta(days=28)
    played.resolve(KAMEN, Outcome.DEFERRED, next_meeting_on=meeting)
    (task,) = played.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    # Two weeks more for the minutes: the result can be recorded only after the meeting.
    assert task.due_on == meeting + timedelta(weeks=2)
    assert (task.due_reason or "").startswith("Sitzung am 29.06.2026; ")
    (fact,) = played.decisions(KAMEN)
    assert (fact.state, fact.worth) == (ConsultationState.OPEN, Worth.PENDING)
    assert played.stage("agreement_councils").state is StageState.OPEN
    assert played.ways()[Detour.DECIDE_AGAIN]
    with clock.fixed(NOW + timedelta(days=28)):
        played.complete(task)
        (fact,) = played.decisions(KAMEN)
        assert (fact.worth, fact.decided_on) == (Worth.HOLDS, meeting)
    assert [r.outcome for r in played.resolutions(KAMEN)][1:] == [
        Outcome.DEFERRED,
        Outcome.ADOPTED,
    ]


def test_a_deferral_by_a_committee_stays_in_the_committee(played: Played) -> None:
    played.to_councils()
    played.do(TaskKind.RECORD_RESOLUTION, KAMEN, outcome=Outcome.DEFERRED)
    (task,) = played.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert not played.decides(task)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_council_that_refers_back_gets_the_matter_again(played: Played) -> None:
    played.to_councils()
    committee = "Haupt- und Finanzausschuss"
    played.resolve(KAMEN, Outcome.REFERRED, referred_to=committee)
    (task,) = played.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert task.title == f"Empfehlung erfassen ({committee})"
    played.adopt(SCHWERTE)
    assert played.stage("agreement_councils").state is StageState.OPEN
    assert played.ways()[Detour.DECIDE_AGAIN]
    played.complete(task)
    (task,) = played.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert played.decides(task)
    played.complete(task)
    assert len(played.papers(KAMEN)) == 1
    played.finish()
    assert [r.outcome for r in played.resolutions(KAMEN)] == [
        Outcome.ADOPTED, Outcome.REFERRED, Outcome.ADOPTED, Outcome.ADOPTED
    ]  # fmt: skip
    assert played.case().state is CaseState.DONE


def test_a_council_that_refers_back_and_then_rejects_decides_again(played: Played) -> None:
    played.to_councils()
    played.adopt(SCHWERTE)
    played.resolve(KAMEN, Outcome.REFERRED, referred_to="Haupt- und Finanzausschuss")
    played.resolve(KAMEN, Outcome.REJECTED)
    assert played.stage("agreement_councils").reason == "Kamen: Rat hat abgelehnt."
    assert played.lacking(Round.AGREEMENT) == [KAMEN]
    played.detour(detours.decide_again, again(KAMEN))
    played.finish()
    assert played.case().state is CaseState.DONE


def test_without_the_body_that_rejected_only_the_touched_decide_again(played: Played) -> None:
    played.writing = True
    played.to_councils(FOUR)
    played.adopt(SCHWERTE, UNNA)
    played.resolve(KAMEN, Outcome.REJECTED)
    leave = detours.LeaveParty(body=KAMEN, reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.leave_party, leave)
    assert played.frozen() is None
    assert played.stage("agreement_councils").state is StageState.NOT_DUE
    assert [s.superseded_because for s in played.instances("agreement_councils")] == [
        "Stadt Kamen ist ausgeschieden.",
        None,
    ]
    played.do_all(TaskKind.GIVE_STATEMENT)
    with pytest.raises(Refusal, match="Stadt Kamen") as strange:
        played.do(TaskKind.FREEZE_VERSION)
    assert strange.value.code == "party-unknown-in-text"
    played.agree(touched=(UNNA,))
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {UNNA}
    (carried,) = played.decisions(SCHWERTE)
    assert carried.holds_for(played.text_hash())
    assert carried.text_hash != played.text_hash()
    played.finish()
    assert played.case().state is CaseState.DONE
    counts = [len(played.papers(ags)) for ags in (SCHWERTE, UNNA, KREIS, KAMEN)]
    assert counts == [1, 2, 1, 1]
    assert played.events().count("resolution_carried") == 1
    assert played.documents("approval_application") or played.documents("filing")


def test_a_rejected_text_is_negotiated_anew(played: Played) -> None:
    played.to_councils(kreistag_order=KreistagOrder.BEFORE_COUNCILS)
    played.adopt(KREIS, SCHWERTE)
    played.resolve(KAMEN, Outcome.REJECTED)
    reopen = detours.ReopenText(reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.reopen_text, reopen)
    assert played.asked(TaskKind.GIVE_STATEMENT) == {SCHWERTE, KREIS, KAMEN}
    played.write()
    played.agree(touched=(KREIS,))
    # Kamen has no resolution that could hold for the new text, whatever is touched.
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KREIS}
    played.adopt(KREIS)
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_body_whose_last_word_was_no_has_no_resolution_that_carries_on(played: Played) -> None:
    played.to_councils()
    played.adopt(SCHWERTE, KAMEN)
    reopen = detours.ReopenText(reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.reopen_text, reopen)
    played.write()
    played.agree(touched=(KAMEN,))
    played.resolve(KAMEN, Outcome.REJECTED)
    played.detour(detours.reopen_text, reopen)
    played.write()
    played.agree()
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    played.finish()
    assert played.case().state is CaseState.DONE
