"""E5: a resolution is objected to, annulled or revoked, and the case goes on to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agreements import detours, exclusions
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.model.enums import (
    CaseState,
    Outcome,
    Round,
    StageState,
    TaskKind,
)
from agreements.standing import Worth
from tests.agreements.councils.deciding import BECAUSE, Deciding, later
from tests.story import KAMEN, KREIS, SCHWERTE

COUNCILS = "agreement_councils"


def test_an_objection_suspends_and_the_body_alone_decides_again(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    decided.object_to(resolution)
    assert decided.worth(resolution) is Worth.SUSPENDED
    assert decided.row(resolution).outcome is Outcome.ADOPTED
    assert [s.state for s in decided.instances(COUNCILS)] == [
        StageState.SUPERSEDED,
        StageState.OPEN,
    ]
    assert decided.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    assert decided.stage("resolutions_check").state is StageState.NOT_DUE


def test_an_objection_leaves_its_trace(decided: Deciding) -> None:
    decided.object_to(decided.last(KAMEN))
    entry = decided.entry("resolution_objected")
    assert (entry.reason, entry.legal_basis) == (BECAUSE, "§ 54 GO NRW")
    assert (entry.before, entry.after) == ({"worth": "holds"}, {"worth": "suspended"})
    assert entry.data["by"] == "Bürgermeisterin"
    assert not entry.confidential


def test_the_head_of_the_kreis_objects_by_another_paragraph(decided: Deciding) -> None:
    decided.object_to(decided.last(KREIS), "sb.kreis-unna")
    assert decided.entry("resolution_objected").legal_basis == "§ 39 KrO NRW"
    assert decided.asked(TaskKind.RECORD_RESOLUTION) == {KREIS}
    decided.finish()
    assert decided.case().state is CaseState.DONE


def test_an_objection_while_others_still_decide_renews_the_paper_in_the_same_stage(
    case: Deciding,
) -> None:
    resolution = case.kamen_decided()
    case.object_to(resolution)
    assert len(case.instances(COUNCILS)) == 1
    old, new = case.papers(KAMEN)
    assert (old.superseded_because is None, new.superseded_because) == (False, None)
    case.finish()
    assert case.case().state is CaseState.DONE


def test_a_renewed_decision_counts_instead(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    decided.object_to(resolution)
    decided.resolve(KAMEN)
    assert decided.worth(resolution) is Worth.SUSPENDED
    assert decided.worth(decided.last(KAMEN)) is Worth.HOLDS
    decided.finish()
    assert decided.case().state is CaseState.DONE
    assert "in_force" in decided.events()


def test_a_renewed_decision_may_reject(decided: Deciding) -> None:
    decided.object_to(decided.last(KAMEN))
    decided.resolve(KAMEN, Outcome.REJECTED)
    stage = decided.stage(COUNCILS)
    assert stage.state is StageState.BLOCKED
    assert "hat abgelehnt" in stage.reason
    decided.finish()
    assert decided.case().state is CaseState.DONE


def test_after_signing_the_signatures_stay_on_record_and_the_case_goes_back(case: Deciding) -> None:
    case.to_authority()
    case.object_to(case.last(KAMEN))
    assert [s.state for s in case.instances("signing")] == [
        StageState.SUPERSEDED,
        StageState.NOT_DUE,
    ]
    assert case.stage("supervisory_approval").state is StageState.NOT_DUE
    case.finish()
    assert case.case().state is CaseState.DONE


def test_lifted_the_resolution_counts_again_and_nobody_is_asked(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    decided.object_to(resolution)
    decided.lift(resolution)
    assert decided.worth(resolution) is Worth.HOLDS
    assert decided.asked(TaskKind.RECORD_RESOLUTION) == set()
    assert [s.state for s in decided.instances(COUNCILS)] == [
        StageState.SUPERSEDED,
        StageState.DONE,
    ]
    decided.finish()
    assert decided.case().state is CaseState.DONE
    assert decided.last(KAMEN) == resolution


def test_lifted_in_the_stage_that_runs_the_old_paper_is_in_force_again(case: Deciding) -> None:
    resolution = case.kamen_decided()
    case.object_to(resolution)
    case.do(TaskKind.RECORD_RESOLUTION, KAMEN)  # the committee recommends once more
    case.lift(resolution)
    old, new = case.papers(KAMEN)
    assert old.superseded_because is None
    assert new.superseded_because == "Die Beanstandung ist aufgehoben."
    assert case.asked(TaskKind.RECORD_RESOLUTION) == {SCHWERTE}
    case.finish()
    assert case.case().state is CaseState.DONE


def test_before_the_machine_has_renewed_the_paper_lifting_takes_everything_back(
    case: Deciding,
) -> None:
    resolution = case.kamen_decided()
    drive, case.drive = case.drive, lambda: None  # type: ignore[method-assign]
    case.object_to(resolution)
    case.lift(resolution)
    case.drive = drive  # type: ignore[method-assign]
    case.drive()
    assert [paper.superseded_because for paper in case.papers(KAMEN)] == [None]
    case.finish()
    assert case.case().state is CaseState.DONE


def test_once_lifted_it_may_be_objected_to_again(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    for _ in range(2):
        decided.object_to(resolution)
        decided.lift(resolution)
    assert decided.worth(resolution) is Worth.HOLDS
    decided.finish()


def test_an_objection_is_not_lifted_once_the_body_has_decided_again(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    decided.object_to(resolution)
    decided.resolve(KAMEN, Outcome.REJECTED)
    with pytest.raises(Conflict) as refused:
        decided.lift(resolution)
    assert refused.value.code == "decided-since"


def test_a_reservation_waits_while_its_resolution_is_suspended(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.ADOPTED_CONDITIONALLY, reservation="Haushalt 2027")
    resolution = case.last(KAMEN)
    assert case.asked(TaskKind.SETTLE_RESERVATION) == {KAMEN}
    case.object_to(resolution)
    assert case.asked(TaskKind.SETTLE_RESERVATION) == set()
    case.lift(resolution)
    assert case.asked(TaskKind.SETTLE_RESERVATION) == {KAMEN}
    case.finish()
    assert case.case().state is CaseState.DONE


def test_an_amended_resolution_is_judged_when_it_counts_again(case: Deciding) -> None:
    case.to_councils()
    change = {"place": "§ 4", "wording": "Es wird nach Nutzung geteilt."}
    case.resolve(KAMEN, Outcome.ADOPTED_AMENDED, amendments=(change,))
    resolution = case.last(KAMEN)
    case.object_to(resolution)
    assert case.open_tasks(TaskKind.JUDGE_AMENDMENT) == []
    case.lift(resolution)
    assert len(case.open_tasks(TaskKind.JUDGE_AMENDMENT)) == 1
    case.finish()
    assert case.case().state is CaseState.DONE


def test_the_authority_annuls_what_was_objected_to(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    decided.object_to(resolution)
    decided.annul(resolution, authority_reference="30.2-15")
    assert decided.worth(resolution) is Worth.VOID
    # The body is being asked already: annulling does not ask it a second time.
    assert len(decided.instances(COUNCILS)) == 2
    assert len(decided.papers(KAMEN)) == 2
    entry = decided.entry("resolution_annulled")
    assert entry.legal_basis == "§ 122 GO NRW"
    assert entry.data["by"] == "Bezirksregierung"
    decided.finish()
    assert decided.case().state is CaseState.DONE


def test_the_council_revokes_and_decides_anew(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    decided.revoke(resolution, votes={"yes": 20, "no": 3})
    assert decided.worth(resolution) is Worth.VOID
    assert decided.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    decided.finish()
    assert decided.case().state is CaseState.DONE


def test_a_revocation_stops_at_the_rights_of_others(case: Deciding) -> None:
    case.to_authority()
    resolution = case.last(KAMEN)
    with pytest.raises(Conflict) as refused:
        case.revoke(resolution)
    assert refused.value.code == "rights-of-others"
    assert "unterschrieben" in refused.value.message
    assert refused.value.field == "third_party_rights"
    case.revoke(resolution, third_party_rights="Alle haben der Aufhebung zugestimmt.")
    assert case.worth(resolution) is Worth.VOID
    case.finish()


def test_a_grundsatzbeschluss_is_repeated_without_undoing_the_agreed_text(case: Deciding) -> None:
    case.to_principle()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    resolution = case.last(KAMEN)
    case.annul(resolution)
    assert case.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    assert len(case.instances("coordination")) == 1
    assert case.decisions(KAMEN)[-1].stage_id == case.stage("principle_councils").id
    case.finish()
    assert case.case().state is CaseState.DONE


def test_while_the_text_is_open_nobody_is_asked_again(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)

    wanted = detours.ReopenText(reason="Neu verhandeln.", decided_on=later(0))
    decided.detour(detours.reopen_text, wanted)
    decided.annul(resolution)
    assert decided.worth(resolution) is Worth.VOID
    assert decided.asked(TaskKind.RECORD_RESOLUTION) == set()
    decided.finish(touched=(KAMEN, SCHWERTE, KREIS))
    assert decided.case().state is CaseState.DONE


def test_what_is_non_public_stays_with_its_body(case: Deciding) -> None:
    case.to_coordination()
    case.consult_in_private(KAMEN)
    case.agree()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    resolution = case.last(KAMEN)
    case.object_to(resolution, "recht.kamen")
    assert case.entry("resolution_objected").confidential
    assert case.entry("paper_renewed").confidential
    assert BECAUSE not in case.told()
    with pytest.raises(NotFound):
        case.annul(resolution, "recht.schwerte")
    case.annul(resolution, "recht.kamen")
    case.finish()
    assert case.case().state is CaseState.DONE


Act = Callable[..., None]
WHO: list[tuple[str, str, bool]] = [
    ("object_to", "sb.kamen", True),
    ("object_to", "recht.kamen", True),
    ("object_to", "recht.schwerte", False),
    ("object_to", "sb.schwerte", False),
    ("object_to", "unterschrift.kamen", False),
    ("annul", "recht.schwerte", True),
    ("annul", "recht.kamen", True),
    ("annul", "sb.kamen", False),
    ("annul", "recht.kreis-unna", False),
    ("revoke", "sb.kamen", True),
    ("revoke", "recht.schwerte", False),
]


@pytest.mark.parametrize(("act", "username", "may"), WHO)
def test_who_may(decided: Deciding, act: str, username: str, *, may: bool) -> None:
    resolution = decided.last(KAMEN)
    if may:
        getattr(decided, act)(resolution, username)
        assert decided.worth(resolution) is not Worth.HOLDS
    else:
        with pytest.raises(NotPermitted):
            getattr(decided, act)(resolution, username)
        assert decided.worth(resolution) is Worth.HOLDS


# What was done before, what is done now, and why that is refused.
ORDERS: list[tuple[tuple[str, ...], str, str]] = [
    ((), "lift", "not-objected"),
    (("object_to",), "object_to", "already-objected"),
    (("annul",), "object_to", "resolution-void"),
    (("annul",), "annul", "resolution-void"),
    (("annul",), "revoke", "resolution-void"),
    (("annul",), "lift", "resolution-void"),
    (("revoke",), "annul", "resolution-void"),
    (("object_to", "annul"), "lift", "resolution-void"),
    (("object_to", "revoke"), "lift", "resolution-void"),
]


@pytest.mark.parametrize(("before", "now", "code"), ORDERS)
def test_what_cannot_follow(
    decided: Deciding, before: tuple[str, ...], now: str, code: str
) -> None:
    resolution = decided.last(KAMEN)
    for act in before:
        getattr(decided, act)(resolution)
    events = decided.events()
    with pytest.raises(Conflict) as refused:
        getattr(decided, now)(resolution)
    assert refused.value.code == code
    assert decided.events() == events


@pytest.mark.parametrize("act", ["object_to", "annul", "revoke"])
def test_a_recommendation_and_a_rejection_cannot_be_ended(case: Deciding, act: str) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.REJECTED)
    recommended, rejected = (r.id for r in case.resolutions(KAMEN))
    for resolution, code in ((recommended, "only-recommended"), (rejected, "nothing-adopted")):
        with pytest.raises(Conflict) as refused:
            getattr(case, act)(resolution)
        assert refused.value.code == code


DAYS: list[tuple[dict[str, Any], str]] = [
    ({"happened_on": later(-1)}, "date-too-early"),
    ({"happened_on": later(1)}, "date-in-future"),
]


@pytest.mark.parametrize("act", ["object_to", "annul", "revoke"])
@pytest.mark.parametrize(("wanted", "code"), DAYS)
def test_the_day_has_to_fit(decided: Deciding, act: str, wanted: dict[str, Any], code: str) -> None:
    resolution = decided.last(KAMEN)
    with pytest.raises(Refusal) as refused:
        getattr(decided, act)(resolution, **wanted)
    assert (refused.value.code, refused.value.field) == (code, "happened_on")


def test_votes_on_a_revocation_need_a_majority(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    with pytest.raises(Refusal) as refused:
        decided.revoke(resolution, votes={"yes": 10, "no": 10})
    assert refused.value.code == "no-majority"


def test_an_agreement_in_force_is_not_touched(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    decided.finish()
    with pytest.raises(Conflict) as refused:
        decided.object_to(resolution)
    assert refused.value.code == "case-over"


def test_who_is_excluded_for_bias_does_not_act(decided: Deciding) -> None:

    resolution = decided.last(KAMEN)
    wanted = exclusions.DeclareExclusion(
        body=KAMEN,
        name="Sabine Sachbearbeitung",
        function="Sachbearbeiterin",
        username="sb.kamen",
        reason="Angehörige der Antragstellerin.",
        declared_on=later(0),
    )
    decided.detour(exclusions.declare, wanted, "recht.kamen")
    with pytest.raises(Conflict) as refused:
        decided.object_to(resolution, "sb.kamen")
    assert refused.value.code == "excluded-for-bias"
    decided.object_to(resolution, "recht.kamen")


def test_a_resolution_of_another_case_is_not_found(decided: Deciding) -> None:
    resolution = decided.last(KAMEN)
    decided.start()
    with pytest.raises(NotFound):
        decided.object_to(resolution)


def test_both_rounds_have_their_own_resolutions(case: Deciding) -> None:
    case.to_principle()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    first = case.last(KAMEN)
    case.agree()
    case.do_all(TaskKind.RECORD_RESOLUTION)
    # That the body has decided on the agreement since does not overtake the Grundsatzbeschluss.
    case.object_to(first)
    assert case.lacking(Round.AGREEMENT) == []
    case.finish()
    assert case.case().state is CaseState.DONE
