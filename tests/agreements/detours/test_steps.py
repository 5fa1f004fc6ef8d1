"""Steps that are repeated for themselves, and tasks that nobody had foreseen."""

from __future__ import annotations

import pytest

from agreements import automation, councils, detours
from agreements.database.engine import transaction
from agreements.errors import Conflict, NotFound, Refusal
from agreements.ids import new_id
from agreements.model.enums import (
    AuthorityAnswer,
    Awaits,
    CaseState,
    Outcome,
    Role,
    StageState,
    TaskKind,
)
from tests.agreements.detours.played import BECAUSE, FOUR, TODAY, UNNA, Played, again
from tests.machine import Machine
from tests.story import KAMEN, KREIS, SCHWERTE


def _repeat(stage: str) -> detours.RepeatStage:
    return detours.RepeatStage(stage=stage, reason=BECAUSE, decided_on=TODAY)


def test_the_authority_is_asked_again_after_a_refusal(played: Played) -> None:
    played.writing = True
    played.to_authority()
    played.do(TaskKind.SUBMIT_TO_AUTHORITY)
    played.do(TaskKind.RECORD_AUTHORITY_ANSWER, answer=AuthorityAnswer.REFUSED)
    stage = played.stage("supervisory_approval")
    assert (stage.state, stage.reason) == (
        StageState.BLOCKED,
        "Die Aufsichtsbehörde hat die Genehmigung versagt.",
    )
    played.detour(detours.repeat_stage, _repeat("supervisory_approval"))
    assert played.asked(TaskKind.SUBMIT_TO_AUTHORITY) == {SCHWERTE}
    assert played.stage("signing").number == 1
    assert len(played.documents("approval_application")) == 2
    played.finish()
    assert played.case().state is CaseState.DONE


def test_the_finance_plan_is_drawn_up_again(played: Played) -> None:
    played.to_councils(programme="ikz-nrw", applicant=KREIS)
    played.do(TaskKind.DRAFT_FINANCE_PLAN)
    played.do(TaskKind.CHECK_FINANCE_PLAN)
    played.detour(detours.repeat_stage, _repeat("finance_plan"))
    assert played.asked(TaskKind.DRAFT_FINANCE_PLAN) == {KREIS}
    # What the councils do goes on.
    assert played.stage("agreement_councils").number == 1
    played.finish()
    assert played.case().state is CaseState.DONE


def test_all_sign_again_when_signing_itself_is_repeated(played: Played) -> None:
    played.to_signing()
    played.do(TaskKind.RECORD_SIGNATURE, KAMEN)
    played.detour(detours.repeat_stage, _repeat("signing"))
    assert played.asked(TaskKind.RECORD_SIGNATURE) == {SCHWERTE, KREIS, KAMEN}
    played.do(TaskKind.RECORD_SIGNATURE, KREIS)
    played.detour(detours.repeat_stage, _repeat("resolutions_check"))
    played.do(TaskKind.CONFIRM_RESOLUTIONS)
    assert played.asked(TaskKind.RECORD_SIGNATURE) == {SCHWERTE}
    played.finish()
    assert played.case().state is CaseState.DONE


def test_only_some_steps_are_repeated_for_themselves(played: Played) -> None:
    played.to_councils(programme="ikz-nrw", applicant=KREIS)
    with pytest.raises(Refusal) as refused:
        played.detour(detours.repeat_stage, _repeat("coordination"))
    assert refused.value.code == "stage-not-repeatable"
    with pytest.raises(Conflict, match="Der Schritt hat noch nicht begonnen") as early:
        played.detour(detours.repeat_stage, _repeat("signing"))
    assert early.value.code == "stage-not-begun"


def test_after_the_publication_nothing_before_it_is_repeated(played: Played) -> None:
    played.to_authority(programme="ikz-nrw", applicant=KREIS)
    played.do(TaskKind.SUBMIT_TO_AUTHORITY)
    played.do(TaskKind.RECORD_AUTHORITY_ANSWER)
    played.do(TaskKind.RECORD_PUBLICATION)
    for stage in ("signing", "supervisory_approval", "resolutions_check"):
        with pytest.raises(Conflict, match="bekannt gemacht"):
            played.detour(detours.repeat_stage, _repeat(stage))
    played.detour(detours.repeat_stage, _repeat("finance_plan"))
    played.finish()
    assert played.case().state is CaseState.DONE


def _ad_hoc(stage: str, ags: str = KAMEN, role: Role = Role.CLERK) -> detours.OpenAdHoc:
    return detours.OpenAdHoc(
        stage=stage,
        body=ags,
        role=role,
        title="Stellungnahme Datenschutz",
        details="Liegt eine Auftragsverarbeitung vor?",
        reason=BECAUSE,
        decided_on=TODAY,
    )


def test_an_extra_task_holds_its_stage(played: Played) -> None:
    played.to_councils()
    played.detour(detours.open_ad_hoc, _ad_hoc("agreement_councils"))
    played.adopt(SCHWERTE, KAMEN)
    stage = played.stage("agreement_councils")
    assert (stage.state, stage.awaits, stage.reason) == (
        StageState.OPEN,
        Awaits.PEOPLE,
        "Kamen: Zusätzliche Aufgabe.",
    )
    played.do(TaskKind.AD_HOC)
    assert played.stage("agreement_councils").state is StageState.DONE
    assert {"ad_hoc_task_opened", "ad_hoc_task_done"} <= set(played.events())


def test_an_extra_task_waits_for_its_stage_and_goes_into_the_next_round(played: Played) -> None:
    played.to_councils()
    played.detour(detours.open_ad_hoc, _ad_hoc("signing"))
    played.adopt(SCHWERTE, KAMEN, KREIS)
    played.do(TaskKind.CONFIRM_RESOLUTIONS)
    played.do_all(TaskKind.RECORD_SIGNATURE)
    assert played.stage("signing").reason == "Kamen: Zusätzliche Aufgabe."
    reopen = detours.ReopenText(reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.reopen_text, reopen)
    (task,) = played.open_tasks(TaskKind.AD_HOC)
    assert task.stage_id == played.stage("signing").id
    played.finish()
    assert played.case().state is CaseState.DONE


def test_an_extra_task_is_taken_back(played: Played) -> None:
    played.to_councils()
    task_id = played.detour(detours.open_ad_hoc, _ad_hoc("agreement_councils"))
    wanted = detours.CancelTask(reason=BECAUSE, decided_on=TODAY)
    (other, *_) = played.open_tasks(TaskKind.RECORD_RESOLUTION)
    for strange, error in ((other.id, Conflict), (new_id(), NotFound)):
        with pytest.raises(error):
            played.detour(
                lambda s, who, case, w, which=strange: detours.cancel_task(s, who, case, which, w),
                wanted,
            )
    played.detour(lambda s, who, case, w: detours.cancel_task(s, who, case, task_id, w), wanted)
    assert not played.open_tasks(TaskKind.AD_HOC)
    assert played.events()[-1] == "task_cancelled"


def test_an_extra_task_needs_a_stage_a_body_and_a_role(played: Played) -> None:
    played.to_councils()
    for wanted, code in (
        (_ad_hoc("coordination"), "stage-over"),
        (_ad_hoc("rathaus"), "stage-over"),
        (_ad_hoc("signing", UNNA), "not-a-party"),
        (_ad_hoc("signing", role=Role.AUTHORITY), "role-gets-no-task"),
    ):
        with pytest.raises(Refusal) as refused:
            played.detour(detours.open_ad_hoc, wanted)
        assert refused.value.code == code


def test_an_extra_task_for_the_kreis_goes_with_the_kreis(played: Played) -> None:
    """Also the one that somebody else was given for a step that is no part of the case now."""
    played.to_coordination(FOUR)
    played.detour(detours.open_ad_hoc, _ad_hoc("agreement_kreistag", UNNA))
    leave = detours.LeaveParty(body=KREIS, reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.leave_party, leave)
    assert not played.open_tasks(TaskKind.AD_HOC)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_who_has_to_decide_again_while_others_are_prepared_is_not_forgotten(
    played: Played,
) -> None:
    """Between planning the papers and opening them another body is asked to decide again."""
    played.to_councils(FOUR)
    played.adopt(SCHWERTE)
    played.resolve(UNNA, Outcome.REJECTED)
    played.resolve(KAMEN, Outcome.REJECTED)
    stage = played.stage("agreement_councils")
    _take(played, KAMEN)
    machine = Machine(played.sessions, played.store, writing=False)
    machine.domain(lambda session: councils.plan_papers(session, stage.id))
    _take(played, UNNA)
    machine.domain(lambda session: councils.open_consultations(session, stage.id))
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    assert played.stage("agreement_councils").prepared_at is None
    assert not machine.domain(lambda session: automation.close(session, stage.id))
    played.drive()
    assert played.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN, UNNA}
    played.finish()
    assert played.case().state is CaseState.DONE


def _take(played: Played, ags: str) -> None:
    """Only the way, without the machine's part."""
    with transaction(played.sessions) as session:
        case = played.locked(session)
        detours.decide_again(session, played.acting_lead(session), case, again(ags))


def test_a_run_of_a_stage_that_was_superseded_meanwhile_does_nothing(played: Played) -> None:
    played.to_coordination()
    played.do_all(TaskKind.GIVE_STATEMENT)
    played.do(TaskKind.FREEZE_VERSION)
    stage = played.stage("agreement_councils")
    reopen = detours.ReopenText(reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.reopen_text, reopen)
    machine = Machine(played.sessions, played.store, writing=False)
    before = played.events()
    machine.domain(lambda session: councils.plan_papers(session, stage.id))
    machine.domain(lambda session: councils.open_consultations(session, stage.id))
    machine.domain(lambda session: automation.open_stage(session, stage.id))
    assert not machine.domain(lambda session: automation.close(session, stage.id))
    run = stage.flow_run_id
    assert run is not None
    machine.domain(lambda s: automation.note_failure(s, stage.id, run, "Der Text ist offen."))
    assert played.events() == before
    assert not played.open_tasks(TaskKind.RECORD_RESOLUTION)
    assert [s.failure for s in played.instances("agreement_councils")] == [None, None]
