"""A wrong entry is corrected by a second person; another outcome has its own effects."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements import acts
from agreements.corrections.effects import has_same_effect
from agreements.errors import Conflict, NotPermitted, Refusal
from agreements.model.bodies import Committee
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.enums import (
    CaseState,
    ConsultationRole,
    Outcome,
    RecordKind,
    StageState,
    TaskKind,
)
from agreements.resolutions import Matter
from agreements.standing import Worth
from tests.agreements.councils.deciding import Deciding, later
from tests.story import KAMEN, SCHWERTE

COUNCILS = "agreement_councils"
CHANGE = {"place": "§ 4", "wording": "Es wird nach Nutzung geteilt."}


def test_votes_are_corrected_and_everything_else_stays(decided: Deciding) -> None:
    wrong = decided.last(KAMEN)
    before = decided.told()
    right = decided.correct(wrong, votes={"yes": 30, "no": 4, "abstained": 1})
    assert (decided.row(right).votes_yes, decided.row(right).corrects_id) == (30, wrong)
    assert decided.row(wrong).votes_yes is None
    assert [r.kind for r in decided.records(wrong)] == [RecordKind.CORRECTION]
    assert (decided.worth(wrong), decided.worth(right)) == (Worth.VOID, Worth.HOLDS)
    assert decided.told() == before
    decided.finish()
    assert decided.case().state is CaseState.DONE


def test_a_correction_leaves_its_trace(decided: Deciding) -> None:
    wrong = decided.last(KAMEN)
    decided.correct(wrong, votes={"yes": 30, "no": 4}, remark="Laut Niederschrift.")
    entry = decided.entry("resolution_corrected")
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["votes"]["yes"] is None
    assert entry.after["votes"]["yes"] == 30
    assert entry.reason == "Abgleich mit der Niederschrift."
    assert entry.data["corrects"] == str(wrong)


def test_who_made_the_entry_does_not_correct_it(decided: Deciding) -> None:
    wrong = decided.last(KAMEN)
    with pytest.raises(NotPermitted) as refused:
        decided.correct(wrong, username="sb.kamen", votes={"yes": 30})
    assert refused.value.code == "second-person-needed"
    decided.make_one_person("sb.kamen", "recht.kamen")
    with pytest.raises(NotPermitted) as refused:
        decided.correct(wrong, username="recht.kamen", votes={"yes": 30})
    assert refused.value.code == "second-person-needed"


@pytest.mark.parametrize("username", ["recht.schwerte", "sb.schwerte", "unterschrift.kamen"])
def test_nobody_else_corrects_it(decided: Deciding, username: str) -> None:
    with pytest.raises(NotPermitted):
        decided.correct(decided.last(KAMEN), username=username, votes={"yes": 30})


def test_a_right_entry_that_says_the_same_is_none(decided: Deciding) -> None:
    with pytest.raises(Refusal) as refused:
        decided.correct(decided.last(KAMEN))
    assert refused.value.code == "nothing-corrected"
    assert len(decided.resolutions(KAMEN)) == 2


def test_the_wrong_entry_is_not_corrected_twice_but_the_right_one_may_be(
    decided: Deciding,
) -> None:
    wrong = decided.last(KAMEN)
    right = decided.correct(wrong, votes={"yes": 30})
    with pytest.raises(Conflict) as refused:
        decided.correct(wrong, votes={"yes": 31})
    assert refused.value.code == "already-corrected"
    again = decided.correct(right, username="sb.kamen", votes={"yes": 31})
    assert decided.worth(again) is Worth.HOLDS
    decided.finish()


@pytest.mark.parametrize(
    ("entry", "code", "field"),
    [
        ({"votes": {"yes": 400}}, "too-many-votes", "entry.votes"),
        ({"votes": {"yes": 5, "no": 5}}, "no-majority", "entry.outcome"),
        ({"text_hash": "0" * 64}, "other-text", "entry.text_hash"),
        ({"decided_on": later(1)}, "date-in-future", "entry.decided_on"),
        ({"outcome": Outcome.ADOPTED_CONDITIONALLY}, "reservation-missing", "entry.reservation"),
    ],
)
def test_the_right_entry_is_checked_as_any_other(
    decided: Deciding, entry: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        decided.correct(decided.last(KAMEN), **entry)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_rejection_that_was_none_lifts_the_obstacle(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.REJECTED)
    assert case.stage(COUNCILS).state is StageState.BLOCKED
    case.correct(case.last(KAMEN))
    assert case.stage(COUNCILS).state is StageState.OPEN
    assert case.asked(TaskKind.RECORD_RESOLUTION) == {SCHWERTE}
    case.finish()
    assert case.case().state is CaseState.DONE


def test_in_the_stage_that_runs_a_rejection_shows_its_obstacle(case: Deciding) -> None:
    wrong = case.kamen_decided()
    case.correct(wrong, Outcome.REJECTED)
    assert case.stage(COUNCILS).state is StageState.BLOCKED
    assert len(case.instances(COUNCILS)) == 1
    case.finish()
    assert case.case().state is CaseState.DONE


def test_after_the_stage_has_closed_what_builds_on_the_wrong_outcome_is_void(
    decided: Deciding,
) -> None:
    wrong = decided.last(KAMEN)
    assert decided.stage("resolutions_check").state is StageState.OPEN
    decided.correct(wrong, Outcome.REJECTED)
    states = [stage.state for stage in decided.instances(COUNCILS)]
    assert states == [StageState.SUPERSEDED, StageState.BLOCKED]
    assert "hat abgelehnt" in decided.lacking_reason()
    # The council has decided: nobody asks it again for the same thing.
    assert decided.asked(TaskKind.RECORD_RESOLUTION) == set()
    assert len(decided.papers(KAMEN)) == 1
    assert decided.stage("resolutions_check").state is StageState.NOT_DUE
    decided.finish()
    assert decided.case().state is CaseState.DONE


def test_after_signing_too(case: Deciding) -> None:
    case.to_authority()
    case.correct(case.last(KAMEN), Outcome.REJECTED)
    assert case.stage(COUNCILS).state is StageState.BLOCKED
    assert case.stage("signing").state is StageState.NOT_DUE
    case.finish()
    assert case.case().state is CaseState.DONE


def test_there_and_back_again(decided: Deciding) -> None:
    rejected = decided.correct(decided.last(KAMEN), Outcome.REJECTED)
    right = decided.correct(rejected, username="sb.kamen")
    assert decided.worth(right) is Worth.HOLDS
    assert decided.stage(COUNCILS).state is StageState.DONE
    decided.finish()
    assert decided.case().state is CaseState.DONE


@pytest.mark.parametrize("closed", [False, True])
def test_it_was_only_deferred(case: Deciding, *, closed: bool) -> None:
    if closed:
        case.to_check()
    else:
        case.kamen_decided()
    case.correct(case.last(KAMEN), Outcome.DEFERRED, next_meeting_on=later(21))
    (task,) = case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert (case.decides(task), task.due_on) == (True, later(21 + 14))
    case.finish()
    assert case.case().state is CaseState.DONE
    assert case.papers(KAMEN)[-1].superseded_because is None


def test_it_was_referred_to_another_committee(case: Deciding) -> None:
    case.kamen_decided()
    case.correct(case.last(KAMEN), Outcome.REFERRED, referred_to="Haupt- und Finanzausschuss")
    assert len(case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)) == 1
    case.do(TaskKind.RECORD_RESOLUTION, KAMEN)
    case.do(TaskKind.RECORD_RESOLUTION, KAMEN)
    case.finish()
    assert case.case().state is CaseState.DONE


def test_a_deferral_that_was_a_decision(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.DEFERRED)
    case.correct(case.last(KAMEN))
    assert case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN) == []
    case.finish()
    assert case.case().state is CaseState.DONE


def test_a_referral_that_was_a_decision(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.REFERRED, referred_to="Haupt- und Finanzausschuss")
    case.correct(case.last(KAMEN))
    assert case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN) == []
    case.finish()
    assert case.case().state is CaseState.DONE


def test_another_day_of_the_next_meeting(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.DEFERRED, next_meeting_on=later(10))
    case.correct(case.last(KAMEN), Outcome.DEFERRED, next_meeting_on=later(21))
    (task,) = case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert task.due_on == later(21 + 14)


def test_a_reservation_that_was_overlooked(case: Deciding) -> None:
    case.to_signing()
    right = case.correct(case.last(KAMEN), Outcome.ADOPTED_CONDITIONALLY, reservation="Haushalt")
    assert case.worth(right) is Worth.CONDITIONAL
    assert case.asked(TaskKind.SETTLE_RESERVATION) == {KAMEN}
    assert case.stage("signing").state is StageState.NOT_DUE
    assert len(case.instances(COUNCILS)) == 1
    case.finish()
    assert case.case().state is CaseState.DONE


def test_a_reservation_that_was_none(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.ADOPTED_CONDITIONALLY, reservation="Haushalt")
    case.correct(case.last(KAMEN))
    assert case.open_tasks(TaskKind.SETTLE_RESERVATION) == []
    case.finish()
    assert case.case().state is CaseState.DONE


def test_what_was_settled_stays_settled_and_what_is_asked_stays_asked(case: Deciding) -> None:
    case.to_councils()
    conditional = {"outcome": Outcome.ADOPTED_CONDITIONALLY, "reservation": "Haushalt"}
    case.resolve(KAMEN, **conditional)  # type: ignore[arg-type]
    right = case.correct(case.last(KAMEN), **conditional, votes={"yes": 30})  # type: ignore[arg-type]
    (task,) = case.open_tasks(TaskKind.SETTLE_RESERVATION)
    assert task.subject_id == right
    case.do(TaskKind.SETTLE_RESERVATION)
    again = case.correct(right, username="sb.kamen", **conditional)  # type: ignore[arg-type]
    assert case.worth(again) is Worth.HOLDS
    case.finish()


@pytest.mark.parametrize("closed", [False, True])
def test_it_was_adopted_with_a_change(case: Deciding, *, closed: bool) -> None:
    if closed:
        case.to_check()
    else:
        case.kamen_decided()
    case.correct(case.last(KAMEN), Outcome.ADOPTED_AMENDED, amendments=(CHANGE,))
    assert len(case.open_tasks(TaskKind.JUDGE_AMENDMENT)) == 1
    assert case.open_tasks(TaskKind.CONFIRM_RESOLUTIONS) == []
    case.finish()
    assert case.case().state is CaseState.DONE


def test_what_was_judged_editorial_stays_so_if_only_votes_were_wrong(case: Deciding) -> None:
    case.to_councils()
    amended = {"outcome": Outcome.ADOPTED_AMENDED, "amendments": (CHANGE,)}
    case.resolve(KAMEN, **amended)  # type: ignore[arg-type]
    case.do(TaskKind.JUDGE_AMENDMENT)
    right = case.correct(case.last(KAMEN), **amended, votes={"yes": 30})  # type: ignore[arg-type]
    assert case.open_tasks(TaskKind.JUDGE_AMENDMENT) == []
    assert case.decisions(KAMEN)[-1].holds_for(case.proposed(right))
    case.finish()
    assert case.case().state is CaseState.DONE


def test_a_recommendation_may_be_corrected_while_nobody_builds_on_it(case: Deciding) -> None:
    case.to_councils()
    case.do(TaskKind.RECORD_RESOLUTION, KAMEN)
    deferred = case.correct(case.last(KAMEN), Outcome.DEFERRED)
    (task,) = case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert not case.decides(task)
    case.correct(deferred, Outcome.NOTED, username="sb.kamen")
    (task,) = case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert case.decides(task)
    case.finish()
    assert case.case().state is CaseState.DONE


def test_a_paper_that_was_not_withdrawn_goes_on(case: Deciding) -> None:
    case.to_councils()
    case.do(TaskKind.RECORD_RESOLUTION, KAMEN, outcome=Outcome.WITHDRAWN)
    assert case.stage(COUNCILS).state is StageState.BLOCKED
    case.correct(case.last(KAMEN))
    (task,) = case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert case.decides(task)
    case.finish()
    assert case.case().state is CaseState.DONE


def test_once_the_council_has_consulted_the_recommendations_way_is_not_changed(
    decided: Deciding,
) -> None:
    recommended = decided.resolutions(KAMEN)[0].id
    with pytest.raises(Conflict) as refused:
        decided.correct(recommended, Outcome.DEFERRED)
    assert refused.value.code == "consulted-since"
    # Rejected or recommended: the council has decided all the same.
    decided.correct(recommended, Outcome.REJECTED, votes={"yes": 2, "no": 9})


def test_a_day_after_what_builds_on_it_is_refused(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, decided_on=later(0))
    recommended = case.resolutions(KAMEN)[0].id
    with pytest.raises(Refusal) as refused:
        case.correct(recommended, decided_on=later(1))
    assert refused.value.field == "entry.decided_on"


def test_an_objection_stays_on_the_right_entry(decided: Deciding) -> None:
    wrong = decided.last(KAMEN)
    decided.object_to(wrong)
    right = decided.correct(wrong, votes={"yes": 30})
    assert decided.worth(right) is Worth.SUSPENDED
    with pytest.raises(Conflict) as refused:
        decided.correct(right, Outcome.REJECTED, username="sb.kamen")
    assert refused.value.code == "already-objected"
    decided.lift(right)
    assert decided.worth(right) is Worth.HOLDS
    decided.finish()
    assert decided.case().state is CaseState.DONE


def test_what_does_not_count_any_more_is_not_corrected(decided: Deciding) -> None:
    wrong = decided.last(KAMEN)
    decided.annul(wrong)
    with pytest.raises(Conflict) as refused:
        decided.correct(wrong, votes={"yes": 30})
    assert refused.value.code == "resolution-void"


def test_an_urgent_decision_keeps_what_it_is(case: Deciding) -> None:
    case.to_councils()
    wrong = case.decide_urgently(votes={"yes": 12, "no": 2})
    right = case.correct(wrong, votes={"yes": 11, "no": 3})
    assert case.row(right).urgency is case.row(wrong).urgency
    (task,) = case.open_tasks(TaskKind.CONFIRM_URGENT_DECISION)
    assert task.subject_id == right
    case.correct(right, Outcome.REJECTED, username="sb.kamen", votes={"yes": 3, "no": 11})
    assert len(case.open_tasks(TaskKind.CONFIRM_URGENT_DECISION)) == 1
    case.finish()
    assert case.case().state is CaseState.DONE


def _matter(role: ConsultationRole, outcome: Outcome) -> Matter:
    paper = Paper(text_hash="a" * 64)
    consultation = Consultation(position=1, role=role, committee=Committee(name="Rat"))
    paper.consultations = [consultation]
    resolution = Resolution(outcome=outcome, text_hash="a" * 64)
    return Matter(None, resolution, consultation, paper, None, None)  # type: ignore[arg-type]


def _entry(outcome: Outcome) -> acts.RecordResolution:
    return acts.RecordResolution(outcome=outcome, decided_on=later(0), text_hash="a" * 64)


outcomes = st.sampled_from(Outcome)


@given(was=outcomes, becomes=outcomes)
def test_a_decision_has_the_same_effect_only_if_it_is_the_same(
    was: Outcome, becomes: Outcome
) -> None:
    same = has_same_effect(_matter(ConsultationRole.DECISION, was), _entry(becomes))
    assert same is (was is becomes)


@given(was=outcomes, becomes=outcomes)
def test_a_recommendation_goes_on_whatever_it_recommends(was: Outcome, becomes: Outcome) -> None:
    stops = {Outcome.DEFERRED, Outcome.WITHDRAWN, Outcome.REFERRED}
    same = has_same_effect(_matter(ConsultationRole.RECOMMENDATION, was), _entry(becomes))
    assert same is (was is becomes or not stops.intersection((was, becomes)))
