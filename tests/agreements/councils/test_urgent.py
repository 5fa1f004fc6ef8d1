"""E6: an urgent decision in the council's place, and what the council makes of it afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from agreements import urgent
from agreements.errors import Conflict, NotPermitted, Refusal
from agreements.model.enums import (
    CaseState,
    ConsultationState,
    Outcome,
    RecordKind,
    StageState,
    TaskKind,
    TaskState,
    Urgency,
)
from agreements.standing import Worth
from tests.agreements.councils.deciding import SIGNED, Deciding, later
from tests.story import KAMEN, KREIS, SCHWERTE

SECOND: dict[str, Any] = {
    "stage": Urgency.HEAD_AND_MEMBER,
    "main_committee_prevented": "Er kann bis dahin nicht geladen werden.",
    "harm": "Die Förderung von 490.000 Euro verfällt.",
    "signatories": SIGNED,
}


def test_the_main_committee_decides_instead_of_the_council(case: Deciding) -> None:
    case.to_councils()
    resolution = case.decide_urgently(votes={"yes": 12, "no": 2, "abstained": 1})
    row = case.row(resolution)
    assert (row.outcome, row.urgency) == (Outcome.ADOPTED, Urgency.MAIN_COMMITTEE)
    assert row.urgent is not None
    assert row.urgent["committee"] == "Haupt- und Finanzausschuss"
    assert case.worth(resolution) is Worth.HOLDS
    assert case.asked(TaskKind.RECORD_RESOLUTION) == {SCHWERTE}
    assert case.asked(TaskKind.CONFIRM_URGENT_DECISION) == {KAMEN}


def test_an_urgent_decision_leaves_its_trace(case: Deciding) -> None:
    case.to_councils()
    case.decide_urgently(**SECOND)
    entry = case.entry("urgent_decision_recorded")
    assert entry.legal_basis == "§ 60 Abs. 1 GO NRW"
    assert entry.reason == "Die Antragsfrist endet vor der nächsten Sitzung."
    assert entry.data["harm"] == SECOND["harm"]
    assert entry.data["decided_by"] == ["Bürgermeisterin", "Ratsmitglied"]


def test_the_consultations_before_it_fall_away(case: Deciding) -> None:
    case.to_councils()
    task = case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN)[0]
    case.decide_urgently()
    assert [d.state for d in case.decisions(KAMEN)] == [ConsultationState.HELD]
    with pytest.raises(Conflict):
        case.complete(task)
    assert task.state is TaskState.OPEN  # as it was read before


def test_the_councils_own_task_is_done_with_it(case: Deciding) -> None:
    case.to_councils()
    case.do(TaskKind.RECORD_RESOLUTION, KAMEN)
    case.decide_urgently()
    assert case.open_tasks(TaskKind.RECORD_RESOLUTION, KAMEN) == []
    case.finish()
    assert case.case().state is CaseState.DONE


def test_after_a_deferral_it_takes_the_place_of_the_next_meeting(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.DEFERRED)
    resolution = case.decide_urgently()
    assert case.decisions(KAMEN)[-1].resolution_id == resolution
    case.finish()
    assert case.case().state is CaseState.DONE


def test_the_kreisausschuss_decides_in_the_kreis(case: Deciding) -> None:
    case.to_councils()
    while not case.open_tasks(TaskKind.RECORD_RESOLUTION, KREIS):
        case.complete(case.open_tasks(TaskKind.RECORD_RESOLUTION)[0])
    case.decide_urgently(KREIS)
    assert case.entry("urgent_decision_recorded").legal_basis == "§ 50 Abs. 3 KrO NRW"
    assert case.entry("urgent_decision_recorded").data["decided_by"] == "Kreisausschuss"


def test_the_beschlusslage_waits_for_the_confirmation(case: Deciding) -> None:
    case.to_councils()
    resolution = case.decide_urgently()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    assert case.stage("resolutions_check").state is StageState.OPEN
    with pytest.raises(Conflict) as refused:
        case.do(TaskKind.CONFIRM_RESOLUTIONS)
    assert "Dringlichkeitsentscheidung" in refused.value.message
    case.do(TaskKind.CONFIRM_URGENT_DECISION, votes={"yes": 20, "no": 1, "abstained": 0})
    assert case.worth(resolution) is Worth.HOLDS
    assert case.entry("urgent_decision_confirmed").data["votes"]["yes"] == 20
    case.finish()
    assert case.case().state is CaseState.DONE


def test_the_funding_does_not_wait_for_the_confirmation(case: Deciding) -> None:
    case.to_councils(applicant=KREIS, programme="ikz-nrw")
    case.decide_urgently()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    case.do(TaskKind.DRAFT_FINANCE_PLAN)
    case.do(TaskKind.CHECK_FINANCE_PLAN)
    assert len(case.open_tasks(TaskKind.SUBMIT_APPLICATION)) == 1


def test_revoked_the_council_decides_itself(case: Deciding) -> None:
    case.to_councils()
    resolution = case.decide_urgently()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    case.do(
        TaskKind.CONFIRM_URGENT_DECISION, confirmed=False, reason="Der Rat will selbst beraten."
    )
    assert case.worth(resolution) is Worth.VOID
    assert case.row(resolution).outcome is Outcome.ADOPTED
    assert case.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    assert case.open_tasks(TaskKind.CONFIRM_URGENT_DECISION) == []
    case.finish()
    assert case.case().state is CaseState.DONE


def test_a_revocation_needs_a_reason(case: Deciding) -> None:
    case.to_councils()
    case.decide_urgently()
    with pytest.raises(Refusal) as refused:
        case.do(TaskKind.CONFIRM_URGENT_DECISION, confirmed=False)
    assert refused.value.field == "reason"


def test_once_the_application_is_filed_it_is_not_simply_revoked(case: Deciding) -> None:
    case.to_councils(applicant=KREIS, programme="ikz-nrw")
    resolution = case.decide_urgently()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    for kind in (
        TaskKind.DRAFT_FINANCE_PLAN,
        TaskKind.CHECK_FINANCE_PLAN,
        TaskKind.SUBMIT_APPLICATION,
    ):
        case.do(kind)
    revoked: dict[str, Any] = {"confirmed": False, "reason": "Der Rat will selbst beraten."}
    with pytest.raises(Conflict) as refused:
        case.do(TaskKind.CONFIRM_URGENT_DECISION, **revoked)
    assert refused.value.code == "rights-of-others"
    assert "Förderantrag" in refused.value.message
    assert case.worth(resolution) is Worth.HOLDS
    reason = "Die Bewilligungsbehörde lässt die Rücknahme des Antrags zu."
    case.do(TaskKind.CONFIRM_URGENT_DECISION, **revoked, third_party_rights=reason)
    assert case.worth(resolution) is Worth.VOID
    assert case.entry("resolution_revoked").data["third_party_rights"] == reason
    case.finish()
    assert case.case().state is CaseState.DONE


def test_a_rejection_by_the_main_committee_blocks_until_the_council_takes_it_back(
    case: Deciding,
) -> None:
    case.to_councils()
    case.decide_urgently(outcome=Outcome.REJECTED)
    assert case.lacking_reason().endswith("hat abgelehnt.")
    case.do(TaskKind.CONFIRM_URGENT_DECISION, confirmed=False, reason="Der Rat will zustimmen.")
    case.resolve(KAMEN)
    case.finish()
    assert case.case().state is CaseState.DONE


def test_the_record_names_who_confirmed(case: Deciding) -> None:
    case.to_councils()
    resolution = case.decide_urgently()
    case.do(TaskKind.CONFIRM_URGENT_DECISION)
    records = case.records(resolution)
    assert [(r.kind, r.by) for r in records] == [(RecordKind.CONFIRMATION, "Rat")]


def test_an_urgent_decision_in_the_principle_round_does_not_hold_up_the_text(
    case: Deciding,
) -> None:
    case.to_principle()
    case.decide_urgently()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    assert case.stage("coordination").state is StageState.OPEN
    assert case.asked(TaskKind.CONFIRM_URGENT_DECISION) == {KAMEN}
    case.finish()
    assert case.case().state is CaseState.DONE


def _refused(signed: urgent.UrgentSignatory) -> urgent.UrgentSignatory:
    return signed.model_copy(update={"signed": False})


# What is wrong about it, and which field says so.
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"text_hash": "0" * 64}, "other-text", "text_hash"),
    ({"decided_on": later(1)}, "date-in-future", "decided_on"),
    ({"decided_on": later(-1)}, "date-too-early", "decided_on"),
    ({"votes": {"yes": 5, "no": 5}}, "no-majority", "outcome"),
    ({"votes": {"yes": 400}}, "too-many-votes", "votes"),
    ({"committee": "Rat"}, "main-committee-unknown", "committee"),
    (
        {**SECOND, "main_committee_prevented": ""},
        "main-committee-first",
        "main_committee_prevented",
    ),
    ({**SECOND, "harm": " "}, "harm-missing", "harm"),
    ({**SECOND, "signatories": ()}, "signatories-missing", "signatories"),
    ({**SECOND, "signatories": SIGNED[:1]}, "signatories-missing", "signatories"),
    ({**SECOND, "signatories": SIGNED[1:] * 2}, "signatories-missing", "signatories"),
    ({**SECOND, "signatories": (SIGNED[0], SIGNED[0])}, "signatories-missing", "signatories"),
    (
        {
            **SECOND,
            "signatories": (SIGNED[0], SIGNED[1].model_copy(update={"name": SIGNED[0].name})),
        },
        "signatory-twice",
        "signatories",
    ),
    (
        {**SECOND, "signatories": (SIGNED[0], _refused(SIGNED[1]))},
        "no-urgent-decision",
        "signatories",
    ),
    ({**SECOND, "outcome": Outcome.REJECTED}, "no-urgent-decision", "outcome"),
    ({**SECOND, "votes": {"yes": 2}}, "votes-without-committee", "votes"),
]


def test_what_is_no_urgent_decision(case: Deciding) -> None:
    case.to_councils()
    events = case.events()
    for wanted, code, field in WRONG:
        with pytest.raises(Refusal) as refused:
            case.decide_urgently(**wanted)
        assert (refused.value.code, refused.value.field) == (code, field), wanted
    assert case.events() == events


def test_only_a_clerk_of_the_body_records_it(case: Deciding) -> None:
    case.to_councils()
    for username in ("sb.schwerte", "recht.kamen", "unterschrift.kamen"):
        with pytest.raises(NotPermitted):
            case.decide_urgently(KAMEN, username)


def test_there_must_be_something_to_decide(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN)
    with pytest.raises(Conflict) as refused:
        case.decide_urgently()
    assert refused.value.code == "no-decision-due"
