"""The same text for all: amended resolutions, new versions, new rounds."""

from __future__ import annotations

import pytest

from agreements import acts, detours
from agreements.errors import Conflict, Refusal
from agreements.model.enums import (
    CaseState,
    Consequence,
    Detour,
    KreistagOrder,
    Materiality,
    Outcome,
    Round,
    StageState,
    TaskKind,
    VersionKind,
)
from agreements.standing import Worth
from tests.agreements.detours.played import BECAUSE, FOUR, TODAY, UNNA, Played, again
from tests.story import KAMEN, KREIS, SCHWERTE

AMENDED = {"amendments": (acts.Amendment(place="§ 4 Abs. 2", wording="Halbjährlich."),)}
REOPEN = detours.ReopenText(reason=BECAUSE, decided_on=TODAY)
MATERIAL = {"materiality": Materiality.MATERIAL}


def _amended(played: Played) -> None:
    played.to_councils()
    played.adopt(SCHWERTE)
    played.resolve(KAMEN, Outcome.ADOPTED_AMENDED, **AMENDED)


def test_an_editorial_difference_holds_for_the_common_text(played: Played) -> None:
    played.writing = True
    _amended(played)
    assert played.stage("agreement_councils").reason == (
        "Schwerte: Abweichenden Beschluss beurteilen (Kamen)."
    )
    (fact,) = played.decisions(KAMEN)
    assert fact.text_hash != played.text_hash()
    assert not fact.holds_for(played.text_hash())
    played.do(TaskKind.JUDGE_AMENDMENT)
    (fact,) = played.decisions(KAMEN)
    assert fact.holds_for(played.text_hash())
    assert fact.text_hash != played.text_hash()
    played.finish()
    assert played.case().state is CaseState.DONE
    assert played.documents("approval_application")


def test_a_material_difference_opens_the_text_for_all(played: Played) -> None:
    _amended(played)
    first = played.text_hash()
    played.do(
        TaskKind.JUDGE_AMENDMENT, **MATERIAL, consequence=Consequence.NEW_VERSION, reason=BECAUSE
    )
    assert played.frozen() is None
    assert played.stage("coordination").state is StageState.OPEN
    played.write()
    # Kamen's own wording has become the common text: only the others are touched.
    played.agree(touched=(SCHWERTE,))
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {SCHWERTE}
    played.finish()
    assert played.case().state is CaseState.DONE
    assert [r.text_hash == first for r in played.resolutions(SCHWERTE)] == [
        True, True, False, False
    ]  # fmt: skip
    assert {"amendment_judged", "text_reopened", "stage_superseded"} <= set(played.events())


def test_a_material_difference_sends_the_body_back_to_the_common_text(played: Played) -> None:
    _amended(played)
    played.do(
        TaskKind.JUDGE_AMENDMENT, **MATERIAL, consequence=Consequence.DECIDE_AGAIN, reason=BECAUSE
    )
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    assert len(played.papers(KAMEN)) == 2
    assert len(played.instances("agreement_councils")) == 1
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_material_difference_in_the_grundsatzbeschluss_goes_back_to_the_draft(
    played: Played,
) -> None:
    played.to_principle()
    played.adopt(SCHWERTE)
    played.resolve(KAMEN, Outcome.ADOPTED_AMENDED, **AMENDED)
    played.do(
        TaskKind.JUDGE_AMENDMENT, **MATERIAL, consequence=Consequence.NEW_VERSION, reason=BECAUSE
    )
    assert played.stage("drafting").state is StageState.OPEN
    assert played.frozen(VersionKind.PRINCIPLE) is None
    played.write(VersionKind.PRINCIPLE)
    played.do(TaskKind.SUBMIT_DRAFT, touched=(KAMEN,))
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    played.finish()
    assert played.case().state is CaseState.DONE


def test_what_is_not_judged_any_more_is_not_asked_any_more(played: Played) -> None:
    """Kamen decides again before anybody has judged: there is nothing left to judge."""
    _amended(played)
    assert played.lacking(Round.AGREEMENT) == [KAMEN]
    played.detour(detours.decide_again, again(KAMEN))
    assert not played.open_tasks(TaskKind.JUDGE_AMENDMENT)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_an_amendment_has_to_be_given_and_a_consequence_chosen(played: Played) -> None:
    played.to_councils()
    played.do(TaskKind.RECORD_RESOLUTION, KAMEN)
    with pytest.raises(Refusal) as refused:
        played.do(TaskKind.RECORD_RESOLUTION, KAMEN, outcome=Outcome.ADOPTED_AMENDED)
    assert refused.value.field == "amendments"
    played.resolve(KAMEN, Outcome.PARTLY_ADOPTED, **AMENDED)
    with pytest.raises(Refusal) as refused:
        played.do(TaskKind.JUDGE_AMENDMENT, **MATERIAL)
    assert refused.value.field == "consequence"
    assert len(played.resolutions(KAMEN)) == 2
    assert played.events()[-1] == "resolution_recorded"


def test_a_reservation_is_settled_before_the_beschlusslage(played: Played) -> None:
    played.writing = True
    played.to_councils()
    reserved = {"reservation": "Die Mittel stehen im Haushalt 2027 bereit."}
    played.resolve(KAMEN, Outcome.ADOPTED_CONDITIONALLY, **reserved)
    (fact,) = played.decisions(KAMEN)
    assert fact.worth is Worth.CONDITIONAL
    assert fact.holds_for(played.text_hash())
    played.adopt(SCHWERTE, KREIS)
    # The rounds end, the Beschlusslage does not.
    with pytest.raises(Conflict, match="Kamen: Der Vorbehalt"):
        played.do(TaskKind.CONFIRM_RESOLUTIONS)
    played.do(TaskKind.SETTLE_RESERVATION)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_reservation_that_fails_is_decided_on_again(played: Played) -> None:
    played.to_councils()
    reserved = {"reservation": "Die Mittel stehen im Haushalt 2027 bereit."}
    played.resolve(KAMEN, Outcome.ADOPTED_CONDITIONALLY, **reserved)
    played.adopt(SCHWERTE, KREIS)
    played.do(TaskKind.SETTLE_RESERVATION, fulfilled=False)
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    played.finish()
    assert played.case().state is CaseState.DONE
    assert len(played.papers(KAMEN)) == 2


def test_a_reservation_lasts_through_a_new_round_of_the_others(played: Played) -> None:
    played.to_councils(FOUR)
    reserved = {"reservation": "Die Mittel stehen im Haushalt 2027 bereit."}
    played.resolve(KAMEN, Outcome.ADOPTED_CONDITIONALLY, **reserved)
    played.adopt(SCHWERTE, UNNA)
    played.detour(detours.reopen_text, REOPEN)
    played.write()
    played.agree(touched=(UNNA,))
    played.adopt(UNNA, KREIS)
    assert played.asked(TaskKind.SETTLE_RESERVATION) == {KAMEN}
    with pytest.raises(Conflict, match="Kamen: Der Vorbehalt"):
        played.do(TaskKind.CONFIRM_RESOLUTIONS)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_text_that_is_frozen_as_it_was_is_decided_on_by_nobody_again(played: Played) -> None:
    played.to_signing()
    before = len(played.resolutions())
    played.do(TaskKind.RECORD_SIGNATURE, KAMEN)
    played.detour(detours.reopen_text, REOPEN)
    assert not played.open_tasks(TaskKind.RECORD_SIGNATURE)
    played.agree()
    assert played.stage("agreement_kreistag").state is StageState.DONE
    played.do(TaskKind.CONFIRM_RESOLUTIONS)
    # Kamen has signed this very text.
    assert played.asked(TaskKind.RECORD_SIGNATURE) == {SCHWERTE, KREIS}
    played.finish()
    assert played.case().state is CaseState.DONE
    assert len(played.resolutions()) == before
    for key in ("coordination", "agreement_councils", "agreement_kreistag", "signing"):
        old, new = played.instances(key)
        assert (old.state, old.superseded_because) == (StageState.SUPERSEDED, BECAUSE)
        assert (new.state, new.number) == (StageState.DONE, 2)


def test_who_is_touched_has_to_be_said_and_why_the_others_are_not(played: Played) -> None:
    played.to_check()
    played.detour(detours.reopen_text, REOPEN)
    played.write()
    played.do_all(TaskKind.GIVE_STATEMENT)
    for wrong, field in (
        ({"touched": None}, "touched"),
        ({"touched": (UNNA,)}, "touched"),
        ({"untouched_because": ""}, "untouched_because"),
    ):
        with pytest.raises(Refusal) as refused:
            played.do(TaskKind.FREEZE_VERSION, **wrong)
        assert refused.value.field == field
    assert played.frozen() is None
    played.do(TaskKind.FREEZE_VERSION, touched=(SCHWERTE, KREIS, KAMEN), untouched_because="")
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {SCHWERTE, KAMEN}
    assert "resolution_carried" not in played.events()


def test_the_grundsatzbeschluss_is_opened_again_and_the_agreement_with_it(played: Played) -> None:
    """Behind the draft stands the coordination: its text can be changed again, too."""
    played.to_principle()
    played.do_all(TaskKind.RECORD_RESOLUTION)
    played.agree()
    played.adopt(SCHWERTE)
    reopen = detours.ReopenText(kind=VersionKind.PRINCIPLE, reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.reopen_text, reopen)
    assert played.frozen() is None
    assert played.frozen(VersionKind.PRINCIPLE) is None
    played.write(VersionKind.PRINCIPLE)
    played.do(TaskKind.SUBMIT_DRAFT, touched=(KREIS,))
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KREIS}
    played.adopt(KREIS)
    assert played.stage("coordination").state is StageState.OPEN
    played.write()
    played.agree()
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    played.finish()
    assert played.case().state is CaseState.DONE


@pytest.mark.parametrize("order", list(KreistagOrder))
def test_one_body_decides_again_though_it_has_adopted(played: Played, order: KreistagOrder) -> None:
    played.to_check(kreistag_order=order)
    wanted = detours.NewRound(
        stage="agreement_councils", bodies=(KAMEN,), reason=BECAUSE, decided_on=TODAY
    )
    played.detour(detours.new_round, wanted)
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    assert [d.worth for d in played.decisions(KAMEN)] == [Worth.VOID, None]
    assert played.stage("resolutions_check").state is StageState.NOT_DUE
    played.finish()
    assert played.case().state is CaseState.DONE
    assert [len(played.papers(ags)) for ags in (KAMEN, SCHWERTE, KREIS)] == [2, 1, 1]


def test_a_new_round_of_all_councils_leaves_the_kreistag_out(played: Played) -> None:
    played.to_check()
    wanted = detours.NewRound(stage="agreement_councils", reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.new_round, wanted)
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {SCHWERTE, KAMEN}
    played.adopt(SCHWERTE, KAMEN)
    assert not played.open_tasks(TaskKind.RECORD_RESOLUTION)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_new_round_while_the_round_runs_renews_only_what_is_decided(played: Played) -> None:
    played.to_councils(FOUR)
    played.adopt(KAMEN)
    played.do(TaskKind.RECORD_RESOLUTION, UNNA)
    wanted = detours.NewRound(stage="agreement_councils", reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.new_round, wanted)
    assert [len(played.papers(ags)) for ags in (KAMEN, UNNA, SCHWERTE)] == [2, 1, 1]
    (task,) = played.open_tasks(TaskKind.RECORD_RESOLUTION, UNNA)
    assert played.decides(task)
    with pytest.raises(Conflict) as refused:
        played.detour(detours.new_round, wanted)
    assert refused.value.code == "detour-not-possible"
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_new_round_leaves_alone_who_is_deciding_on_the_new_text_already(played: Played) -> None:
    played.to_check()
    played.detour(detours.reopen_text, REOPEN)
    played.write()
    played.agree(touched=(KAMEN,))
    played.do(TaskKind.RECORD_RESOLUTION, KAMEN)
    wanted = detours.NewRound(
        stage="agreement_councils", bodies=(KAMEN,), reason=BECAUSE, decided_on=TODAY
    )
    with pytest.raises(Conflict):
        played.detour(detours.new_round, wanted)
    assert len(played.papers(KAMEN)) == 2
    (task,) = played.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert played.decides(task)


def test_a_new_round_voids_a_reservation_with_its_resolution(played: Played) -> None:
    played.to_councils()
    reserved = {"reservation": "Die Mittel stehen im Haushalt 2027 bereit."}
    played.resolve(KAMEN, Outcome.ADOPTED_CONDITIONALLY, **reserved)
    played.adopt(SCHWERTE)
    played.adopt(KREIS)
    wanted = detours.NewRound(
        stage="agreement_councils", bodies=(KAMEN,), reason=BECAUSE, decided_on=TODAY
    )
    played.detour(detours.new_round, wanted)
    assert not played.open_tasks(TaskKind.SETTLE_RESERVATION)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_new_round_needs_a_stage_of_councils(played: Played) -> None:
    played.to_check()
    for stage, code in (("signing", "no-council-stage"), ("rathaus", "stage-unknown")):
        wanted = detours.NewRound(stage=stage, reason=BECAUSE, decided_on=TODAY)
        with pytest.raises(Refusal) as refused:
            played.detour(detours.new_round, wanted)
        assert refused.value.code == code
        assert "agreement_councils" in (refused.value.accepted or "")
    assert played.ways()[Detour.NEW_ROUND] == ()


def test_a_late_reservation_holds_the_stage_of_its_own_round(played: Played) -> None:
    """A Grundsatzbeschluss is taken again when the Beschlusslage has been stated already."""
    played.to_principle()
    played.do_all(TaskKind.RECORD_RESOLUTION)
    played.agree()
    played.do_all(TaskKind.RECORD_RESOLUTION)
    played.do(TaskKind.CONFIRM_RESOLUTIONS)
    wanted = detours.NewRound(
        stage="principle_councils", bodies=(KAMEN,), reason=BECAUSE, decided_on=TODAY
    )
    played.detour(detours.new_round, wanted)
    assert played.stage("resolutions_check").state is StageState.DONE
    reserved = {"reservation": "Die Mittel stehen im Haushalt 2027 bereit."}
    played.resolve(KAMEN, Outcome.ADOPTED_CONDITIONALLY, **reserved)
    stage = played.stage("principle_councils")
    assert (stage.state, stage.reason) == (StageState.OPEN, "Kamen: Vorbehalt klären.")
    played.do(TaskKind.SETTLE_RESERVATION)
    assert played.stage("principle_councils").state is StageState.DONE
    played.finish()
    assert played.case().state is CaseState.DONE
