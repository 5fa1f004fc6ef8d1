"""E4: a resolution under reservation, fulfilled or failed."""

from __future__ import annotations

import pytest

from agreements import detours
from agreements.errors import Conflict, Refusal
from agreements.model.enums import CaseState, Outcome, StageState, TaskKind
from agreements.standing import Worth
from tests.agreements.councils.deciding import Deciding, later
from tests.story import KAMEN, SCHWERTE

WORDING = "vorbehaltlich der Genehmigung des Haushalts 2027"


def _conditional(case: Deciding) -> None:
    case.to_councils()
    case.resolve(KAMEN, Outcome.ADOPTED_CONDITIONALLY, reservation=WORDING)


def test_the_councils_stage_ends_but_the_beschlusslage_waits(case: Deciding) -> None:
    _conditional(case)
    case.do_all(TaskKind.RECORD_RESOLUTION)
    assert case.stage("agreement_councils").state is StageState.DONE
    with pytest.raises(Conflict) as refused:
        case.do(TaskKind.CONFIRM_RESOLUTIONS)
    assert "Vorbehalt" in refused.value.message


def test_fulfilled_it_counts_fully(case: Deciding) -> None:
    _conditional(case)
    resolution = case.last(KAMEN)
    assert case.worth(resolution) is Worth.CONDITIONAL
    case.do(TaskKind.SETTLE_RESERVATION, reason="Der Haushalt ist genehmigt.")
    assert case.worth(resolution) is Worth.HOLDS
    entry = case.entry("reservation_settled")
    assert entry.data["wording"] == WORDING
    assert entry.before == {"reservation": "open", "worth": "conditional"}
    assert entry.after == {"reservation": "fulfilled", "worth": "holds"}
    case.finish()
    assert case.case().state is CaseState.DONE


def test_failed_it_is_void_and_the_body_alone_decides_again(case: Deciding) -> None:
    _conditional(case)
    case.do_all(TaskKind.RECORD_RESOLUTION)
    resolution = case.last(KAMEN)
    case.do(TaskKind.SETTLE_RESERVATION, fulfilled=False, reason="Der Haushalt ist abgelehnt.")
    assert case.worth(resolution) is Worth.VOID
    assert case.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN}
    assert len(case.instances("agreement_councils")) == 2
    case.finish()
    assert case.case().state is CaseState.DONE


def test_failed_while_others_decide_the_paper_is_renewed(case: Deciding) -> None:
    _conditional(case)
    case.do(TaskKind.SETTLE_RESERVATION, fulfilled=False)
    assert len(case.instances("agreement_councils")) == 1
    assert case.asked(TaskKind.RECORD_RESOLUTION) == {KAMEN, SCHWERTE}
    case.finish()
    assert case.case().state is CaseState.DONE


def test_the_day_has_to_fit(case: Deciding) -> None:
    _conditional(case)
    for day, code in ((later(-1), "date-too-early"), (later(1), "date-in-future")):
        with pytest.raises(Refusal) as refused:
            case.do(TaskKind.SETTLE_RESERVATION, settled_on=day)
        assert refused.value.code == code


def test_a_new_resolution_on_a_new_text_leaves_the_old_reservation_behind(case: Deciding) -> None:
    _conditional(case)
    wanted = detours.ReopenText(reason="Neu verhandeln.", decided_on=later(0))
    case.detour(detours.reopen_text, wanted)
    assert case.asked(TaskKind.SETTLE_RESERVATION) == {KAMEN}
    case.write()
    case.do_all(TaskKind.GIVE_STATEMENT)
    case.do(TaskKind.FREEZE_VERSION, touched=(KAMEN,))
    case.resolve(KAMEN)
    assert case.open_tasks(TaskKind.SETTLE_RESERVATION) == []
    case.finish()
    assert case.case().state is CaseState.DONE
