"""Parties leave and join at every point of a case; the rest goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agreements import detours
from agreements.errors import Conflict, Refusal
from agreements.model.enums import (
    CaseState,
    Condition,
    Detour,
    KreistagOrder,
    PartyRole,
    Round,
    StageState,
    TaskKind,
    VersionKind,
)
from tests.agreements.detours.played import BECAUSE, FOUR, LEAD, THREE, TODAY, UNNA, Played
from tests.story import KAMEN, KREIS, SCHWERTE

BERGKAMEN = "05978004"
Start = Callable[[Played], None]


def _drafting(played: Played) -> None:
    played.start(FOUR, principle_round=True)


def _principle(played: Played) -> None:
    played.to_principle(FOUR)
    played.adopt(SCHWERTE)


def _principle_decided(played: Played) -> None:
    played.to_principle(FOUR)
    played.do_all(TaskKind.RECORD_RESOLUTION)


def _coordination(played: Played) -> None:
    played.to_coordination(FOUR)
    played.do(TaskKind.GIVE_STATEMENT, KAMEN)


def _councils(played: Played) -> None:
    played.to_councils(FOUR)
    played.adopt(SCHWERTE)
    played.do(TaskKind.RECORD_RESOLUTION, KAMEN)


def _kreistag_first(played: Played) -> None:
    played.to_councils(FOUR, kreistag_order=KreistagOrder.BEFORE_COUNCILS)
    played.adopt(KREIS, SCHWERTE)


def _all_decided(played: Played) -> None:
    played.to_check(FOUR)


def _signing(played: Played) -> None:
    played.to_signing(FOUR)
    played.do(TaskKind.RECORD_SIGNATURE, KAMEN)


def _authority(played: Played) -> None:
    played.to_authority(FOUR)
    played.do(TaskKind.SUBMIT_TO_AUTHORITY)


POINTS: tuple[Start, ...] = (
    _drafting, _principle, _principle_decided, _coordination, _councils, _kreistag_first,
    _all_decided, _signing, _authority,
)  # fmt: skip


def at(*points: Start) -> pytest.MarkDecorator:
    """The test starts at each of these points of a case."""
    return pytest.mark.parametrize("point", points, ids=lambda p: p.__name__[1:])


def _leave(ags: str, successor: str | None = None) -> detours.LeaveParty:
    return detours.LeaveParty(body=ags, successor=successor, reason=BECAUSE, decided_on=TODAY)


def _join(ags: str) -> detours.JoinParty:
    return detours.JoinParty(body=ags, reason=BECAUSE, decided_on=TODAY)


def _all_hold(played: Played, *bodies: str) -> None:
    text = played.text_hash()
    for ags in bodies:
        assert any(d.holds_for(text) for d in played.decisions(ags)), ags


@at(*POINTS)
def test_a_party_leaves(played: Played, point: Start) -> None:
    point(played)
    resolved = [(r.id, r.outcome, r.text_hash) for r in played.resolutions()]
    played.detour(detours.leave_party, _leave(KAMEN))
    assert not played.open_tasks(ags=KAMEN)
    played.finish(before="signing")
    assert played.stage("resolutions_check").state is StageState.DONE
    _all_hold(played, SCHWERTE, KREIS, UNNA)
    kept = [(r.id, r.outcome, r.text_hash) for r in played.resolutions()]
    assert kept[: len(resolved)] == resolved
    assert played.events().count("party_left") == 1
    text = played.frozen()
    assert text is not None
    assert len(text.content["parties"]) == len(FOUR) - 1


@at(*POINTS)
def test_a_party_joins(played: Played, point: Start) -> None:
    point(played)
    played.detour(detours.join_party, _join(BERGKAMEN))
    played.finish(before="signing")
    assert played.stage("resolutions_check").state is StageState.DONE
    _all_hold(played, *FOUR, BERGKAMEN)
    if played.case().principle_round:
        principle = played.text_hash(VersionKind.PRINCIPLE)
        assert any(d.holds_for(principle) for d in played.decisions(BERGKAMEN))
    assert played.events().count("party_joined") == 1


@at(_drafting, _coordination, _councils, _signing)
def test_the_lead_leaves_and_another_takes_over(played: Played, point: Start) -> None:
    point(played)
    with pytest.raises(Refusal) as refused:
        played.detour(detours.leave_party, _leave(SCHWERTE))
    assert refused.value.field == "successor"
    played.detour(detours.leave_party, _leave(SCHWERTE, UNNA))
    assert played.holder(PartyRole.LEAD) == UNNA
    with pytest.raises(Refusal, match="Rechtsamt"):
        played.detour(detours.leave_party, _leave(KAMEN), LEAD)
    played.finish(before="signing")
    assert played.stage("resolutions_check").state is StageState.DONE
    _all_hold(played, KREIS, KAMEN, UNNA)
    assert not played.open_tasks(ags=SCHWERTE)


@at(_principle, _principle_decided, _kreistag_first, _authority)
def test_the_kreis_leaves_and_comes_back(played: Played, point: Start) -> None:
    point(played)
    played.detour(detours.leave_party, _leave(KREIS))
    assert Condition.DISTRICT_TAKES_PART not in played.case().conditions
    assert played.stage("agreement_kreistag").state is StageState.SKIPPED
    assert not played.open_tasks(ags=KREIS)
    played.detour(detours.join_party, _join(KREIS))
    assert played.stage("agreement_kreistag").state is not StageState.SKIPPED
    played.finish(before="signing")
    assert played.stage("resolutions_check").state is StageState.DONE
    _all_hold(played, *FOUR)
    if played.case().principle_round:
        principle = played.text_hash(VersionKind.PRINCIPLE)
        assert any(d.holds_for(principle) for d in played.decisions(KREIS))


def test_the_applicant_leaves_and_its_successor_draws_up_the_plan(played: Played) -> None:
    played.to_coordination(FOUR, programme="ikz-nrw", applicant=KREIS)
    played.do(TaskKind.DRAFT_FINANCE_PLAN)
    played.detour(detours.leave_party, _leave(KREIS, UNNA))
    assert played.asked(TaskKind.DRAFT_FINANCE_PLAN) == {UNNA}
    assert not played.open_tasks(TaskKind.CHECK_FINANCE_PLAN)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_after_the_application_the_granting_authority_is_told(played: Played) -> None:
    played.to_signing(FOUR, programme="ikz-nrw", applicant=KREIS)
    for kind in (
        TaskKind.DRAFT_FINANCE_PLAN,
        TaskKind.CHECK_FINANCE_PLAN,
        TaskKind.SUBMIT_APPLICATION,
    ):
        played.do(kind)
    assert played.stage("funding_application").state is StageState.DONE
    played.detour(detours.leave_party, _leave(KAMEN))
    (told,) = played.open_tasks(TaskKind.AD_HOC)
    assert "unverzüglich" in told.details
    assert played.ags(told.body_id) == KREIS
    assert played.stage("funding_application").state is StageState.DONE
    played.finish()
    assert played.case().state is CaseState.DONE


def test_a_party_that_had_left_comes_back_with_what_it_had_resolved(played: Played) -> None:
    played.to_check(FOUR)
    played.detour(detours.leave_party, _leave(KAMEN))
    played.detour(detours.join_party, _join(KAMEN))
    played.agree()
    assert not played.open_tasks(TaskKind.RECORD_RESOLUTION)
    _all_hold(played, *FOUR)
    played.finish()
    assert played.case().state is CaseState.DONE


def test_two_remain_at_least(played: Played) -> None:
    played.to_councils(THREE)
    played.detour(detours.leave_party, _leave(KREIS))
    with pytest.raises(Conflict, match="weniger als zwei"):
        played.detour(detours.leave_party, _leave(KAMEN))
    assert played.ways()[Detour.LEAVE_PARTY]
    played.finish()
    assert played.case().state is CaseState.DONE


def test_who_joins_or_leaves_must_be_known(played: Played) -> None:
    played.to_councils(THREE)
    for way, wanted, code in (
        (detours.join_party, _join(KAMEN), "party-already"),
        (detours.join_party, _join("05911000"), "party-unknown"),
        (detours.leave_party, _leave(UNNA), "not-a-party"),
        (detours.leave_party, _leave(SCHWERTE, UNNA), "not-a-party"),
        (detours.leave_party, _leave(SCHWERTE, SCHWERTE), "roles-to-hand-over"),
    ):
        with pytest.raises(Refusal) as refused:
            played.detour(way, wanted)
        assert refused.value.code == code
    assert "party_left" not in played.events()
    assert played.lacking(Round.AGREEMENT) == []
