"""Which ways on a case has at which point: what is offered is accepted, all else is refused.

One case is played from situation to situation; in each all ways are tried and taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest

from agreements import clock, course, detours
from agreements.database.engine import transaction
from agreements.errors import Conflict, NotPermitted, Refusal
from agreements.model.enums import (
    AuthorityAnswer,
    CaseState,
    Detour,
    Outcome,
    Round,
    StageState,
    TaskKind,
    VersionKind,
)
from tests.agreements.detours.played import BECAUSE, FOUR, NOW, TODAY, UNNA, Played, again
from tests.story import KAMEN, KREIS, SCHWERTE, actor

LEAVE, JOIN = Detour.LEAVE_PARTY, Detour.JOIN_PARTY
AD_HOC, WITHDRAW = Detour.OPEN_AD_HOC, Detour.WITHDRAW_CASE
ALWAYS: Final = {LEAVE, JOIN, AD_HOC, WITHDRAW}
REOPEN, AGAIN = Detour.REOPEN_TEXT, Detour.DECIDE_AGAIN
ROUND, REPEAT = Detour.NEW_ROUND, Detour.REPEAT_STAGE
OVER: Final = "Der Vorgang ist abgeschlossen oder zurückgezogen."
PUBLISHED: Final = "Die Vereinbarung ist bekannt gemacht; am Text ist nichts mehr zu ändern."
IN_FORCE: Final = (
    "Die Vereinbarung ist in Kraft. Änderung, Beitritt, Kündigung und Aufhebung sind ein "
    "eigener Vorgang."
)


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the case has got to, and what is offered there."""

    name: str
    offered: set[Detour]
    repeatable: str = "resolutions_check"
    renewed: str = "agreement_councils"


def _ways(played: Played, now: Situation) -> dict[Detour, tuple[Callable[..., Any], Any]]:
    """Every way with what would be given in that situation."""
    why: dict[str, Any] = {"reason": BECAUSE, "decided_on": TODAY}
    round_ = next((r for r in Round if played.lacking(r)), Round.AGREEMENT)
    lacking = played.lacking(round_) or [KAMEN]
    kind = VersionKind.AGREEMENT if played.frozen() else VersionKind.PRINCIPLE
    live = next((s.key for s in played.stages() if s.state in course.LIVE), "drafting")
    return {
        AGAIN: (detours.decide_again, again(lacking[0], round_)),
        REOPEN: (detours.reopen_text, detours.ReopenText(kind=kind, **why)),
        ROUND: (detours.new_round, detours.NewRound(stage=now.renewed, **why)),
        REPEAT: (detours.repeat_stage, detours.RepeatStage(stage=now.repeatable, **why)),
        LEAVE: (detours.leave_party, detours.LeaveParty(body=KAMEN, **why)),
        JOIN: (detours.join_party, detours.JoinParty(body="05978004", **why)),
        AD_HOC: (
            detours.open_ad_hoc,
            detours.OpenAdHoc(stage=live, body=KREIS, title="Stellungnahme Datenschutz", **why),
        ),
        WITHDRAW: (detours.withdraw_case, detours.WithdrawCase(**why)),
    }


class TakenBack(Exception):
    """The way was accepted; nothing of it shall stay."""


def _try(played: Played, use_case: Callable[..., Any], wanted: object, username: str) -> None:
    with transaction(played.sessions) as session:
        case = course.locked_case(session, played.case_id)
        use_case(session, actor(session, username), case, wanted)
        raise TakenBack


def _situations(played: Played) -> Iterator[Situation]:
    """Play on, and stop where the offer changes."""
    played.start(FOUR, principle_round=True, programme="ikz-nrw", applicant=KREIS)
    yield Situation("drafting", ALWAYS)
    played.do(TaskKind.SUBMIT_DRAFT)
    funded = {"repeatable": "finance_plan"}
    yield Situation("principle round", {*ALWAYS, REOPEN, REPEAT}, **funded)
    played.adopt(SCHWERTE, UNNA)
    principle = {**funded, "renewed": "principle_councils"}
    yield Situation("some have decided", {*ALWAYS, REOPEN, REPEAT, ROUND}, **principle)
    played.resolve(KAMEN, Outcome.REJECTED)
    yield Situation("rejected in principle", set(Detour), **principle)
    played.detour(detours.decide_again, again(KAMEN, Round.PRINCIPLE))
    played.do_all(TaskKind.RECORD_RESOLUTION)
    yield Situation("coordination", {*ALWAYS, REOPEN, REPEAT, ROUND}, **principle)
    played.agree()
    yield Situation("councils", {*ALWAYS, REOPEN, REPEAT, ROUND}, **principle)
    played.adopt(SCHWERTE, UNNA)
    played.resolve(KAMEN, Outcome.REJECTED)
    yield Situation("rejected", set(Detour), **funded)
    played.detour(detours.decide_again, again(KAMEN))
    played.do_all(TaskKind.RECORD_RESOLUTION)
    decided = {*ALWAYS, REOPEN, REPEAT, ROUND}
    yield Situation("all have decided", decided)
    played.do(TaskKind.CONFIRM_RESOLUTIONS)
    yield Situation("signing", decided, repeatable="signing")
    played.do_all(TaskKind.RECORD_SIGNATURE)
    played.do(TaskKind.SUBMIT_TO_AUTHORITY)
    played.do(TaskKind.RECORD_AUTHORITY_ANSWER, answer=AuthorityAnswer.REFUSED)
    assert played.stage("supervisory_approval").state is StageState.BLOCKED
    yield Situation("refused by the authority", decided, repeatable="supervisory_approval")
    approval = detours.RepeatStage(
        stage="supervisory_approval", reason=BECAUSE, decided_on=TODAY
    )  # fmt: skip
    played.detour(detours.repeat_stage, approval)
    played.do(TaskKind.SUBMIT_TO_AUTHORITY)
    played.do(TaskKind.RECORD_AUTHORITY_ANSWER)
    played.do(TaskKind.RECORD_PUBLICATION)
    yield Situation("published", {AD_HOC, REPEAT}, **funded)


SENTENCES: Final = {
    ("drafting", AGAIN): "Keine Vertretung hat abgelehnt",
    ("drafting", REOPEN): "Der Text ist offen; er kann ohne Weiteres geändert werden.",
    ("drafting", ROUND): "Es hat noch keine Beschlussrunde begonnen.",
    ("drafting", REPEAT): "Es hat noch kein Schritt begonnen, der wiederholt werden kann.",
    ("principle round", ROUND): "Es liegt noch kein gültiger Beschluss vor",
    ("published", LEAVE): PUBLISHED,
    ("published", REOPEN): PUBLISHED,
    ("published", WITHDRAW): PUBLISHED,
    ("published", AGAIN): PUBLISHED,
}


def _judge(played: Played, now: Situation) -> None:
    listed = played.ways()
    assert {d for d in Detour if not listed[d]} == now.offered, now.name
    before = played.events()
    for detour, (use_case, wanted) in _ways(played, now).items():
        if detour in now.offered:
            with pytest.raises(TakenBack):
                _try(played, use_case, wanted, "recht.schwerte")
            with pytest.raises(NotPermitted, match="Das entscheidet das Rechtsamt"):
                _try(played, use_case, wanted, "recht.kamen")
            continue
        with pytest.raises(Conflict) as refused:
            _try(played, use_case, wanted, "recht.schwerte")
        assert refused.value.code == "detour-not-possible"
        assert refused.value.message == " ".join(listed[detour])
        if sentence := SENTENCES.get((now.name, detour)):
            assert refused.value.message.startswith(sentence)
    assert played.events() == before


def test_what_is_offered_is_accepted_and_nothing_else(played: Played) -> None:
    for situation in _situations(played):
        _judge(played, situation)
    with clock.fixed(NOW + timedelta(days=40)):
        played.judge()
        assert played.stage("entry_into_force").state is StageState.DONE
        assert played.case().state is CaseState.RUNNING
        # A notice is still missing: the agreement is in force all the same.
        assert played.ways()[JOIN] == (IN_FORCE,)
        _judge(played, Situation("in force", {AD_HOC, REPEAT}, repeatable="finance_plan"))
    played.finish()
    assert played.case().state is CaseState.DONE
    assert set(played.ways().values()) == {(OVER,)}
    _judge(played, Situation("done", set()))


def test_a_withdrawn_case_keeps_everything_and_asks_nobody(played: Played) -> None:
    played.to_councils(FOUR)
    played.adopt(SCHWERTE)
    resolved = len(played.resolutions())
    withdraw = detours.WithdrawCase(reason=BECAUSE, decided_on=TODAY)
    played.detour(detours.withdraw_case, withdraw)
    case = played.case()
    assert (case.state, case.ended_because) == (CaseState.WITHDRAWN, BECAUSE)
    assert not played.open_tasks()
    assert {s.state for s in played.stages()} == {
        StageState.DONE, StageState.SKIPPED, StageState.SUPERSEDED
    }  # fmt: skip
    assert len(played.resolutions()) == resolved
    assert played.events()[-1] == "case_withdrawn"
    _judge(played, Situation("withdrawn", set()))


def test_a_detour_has_its_day(played: Played) -> None:
    played.to_councils()
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        wanted = detours.ReopenText(reason=BECAUSE, decided_on=day)
        with pytest.raises(Refusal) as refused:
            played.detour(detours.reopen_text, wanted)
        assert refused.value.field == "decided_on"
