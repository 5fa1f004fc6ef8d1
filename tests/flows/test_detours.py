"""Detours in Prefect: a body decides again in the same run, a superseded stage loses its run."""

from __future__ import annotations

from uuid import UUID

from agreements import acts, clock, course, decisions, detours
from agreements.database.engine import transaction
from agreements.model.enums import Awaits, Outcome, Round, StageState, TaskKind, Verdict
from tests.flows.region import Region
from tests.story import KAMEN, actor
from tests.waiting import until

DAY = clock.today()


def _to_councils(region: Region) -> UUID:
    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    region.submit(case)
    region.wait_for_people(case, "coordination")
    region.agree(case)
    region.wait_for_people(case, "agreement_councils")
    return case


def _resolve(region: Region, case: UUID, username: str, outcome: Outcome) -> None:
    """Committee and council of one body, the council with that outcome."""
    text = region.frozen_text(case)
    for given in (Outcome.ADOPTED, outcome):
        act = acts.RecordResolution(outcome=given, decided_on=DAY, text_hash=text)
        region.act(case, username, act)


def test_a_body_decides_again_in_the_same_run(conducted: Region) -> None:
    region = conducted
    case = _to_councils(region)
    first = region.stage(case, "agreement_councils")
    _resolve(region, case, "sb.kamen", Outcome.REJECTED)
    _resolve(region, case, "sb.schwerte", Outcome.ADOPTED)
    blocked = region.stage(case, "agreement_councils")
    assert (blocked.state, blocked.awaits) == (StageState.BLOCKED, Awaits.PEOPLE)
    assert "Kamen: " in blocked.reason
    assert "hat abgelehnt" in blocked.reason

    wanted = detours.DecideAgain(
        body=KAMEN, round=Round.AGREEMENT, reason="Nach Gespräch erneut", decided_on=DAY
    )
    with transaction(region.sessions) as session:
        found = course.locked_case(session, case)
        detours.decide_again(session, actor(session, "recht.schwerte"), found, wanted)
    until(lambda: region.open_tasks(case) == [TaskKind.RECORD_RESOLUTION], "Kamen is asked again")
    region.wait_for_people(case, "agreement_councils")
    _resolve(region, case, "sb.kamen", Outcome.ADOPTED)
    region.wait_for_stage(case, "agreement_councils", StageState.DONE)

    assert region.stage(case, "agreement_councils").flow_run_id == first.flow_run_id
    assert region.task_runs(case, "agreement_councils").count("Beschlussvorlage Kamen") == 2
    assert region.task_runs(case, "agreement_councils").count("Beschlussvorlage Schwerte") == 1
    assert region.doubled_effects(case) == []


def test_a_superseded_stage_cancels_its_run_with_the_reason(conducted: Region) -> None:
    region = conducted
    case = _to_councils(region)
    before = region.run(case, "agreement_councils")
    assert before is not None
    _resolve(region, case, "sb.schwerte", Outcome.ADOPTED)

    wanted = detours.ReopenText(reason="Kamen wünscht eine andere Regelung", decided_on=DAY)
    with transaction(region.sessions) as session:
        found = course.locked_case(session, case)
        detours.reopen_text(session, actor(session, "recht.schwerte"), found, wanted)
    region.wait_for_people(case, "coordination")

    cancelled = until(
        lambda: region.cancelled_run(before.id), "the run of the superseded stage is cancelled"
    )
    assert cancelled == "Der Verfahrensschritt ist durch eine neue Runde ersetzt."
    assert region.stage(case, "agreement_councils").state is StageState.NOT_DUE
    assert region.stage(case, "agreement_councils").flow_run_id is None
    assert set(region.open_tasks(case)) == {TaskKind.GIVE_STATEMENT, TaskKind.FREEZE_VERSION}


def test_a_text_that_comes_back_unchanged_needs_no_second_resolution(conducted: Region) -> None:
    region = conducted
    case = _to_councils(region)
    _resolve(region, case, "sb.schwerte", Outcome.ADOPTED)
    _resolve(region, case, "sb.kamen", Outcome.ADOPTED)
    region.wait_for_people(case, "agreement_kreistag")

    wanted = detours.ReopenText(reason="Rückfrage des Kreises", decided_on=DAY)
    with transaction(region.sessions) as session:
        found = course.locked_case(session, case)
        detours.reopen_text(session, actor(session, "recht.schwerte"), found, wanted)
    region.wait_for_people(case, "coordination")
    for name in ("schwerte", "kreis-unna", "kamen"):
        with transaction(region.sessions) as session:
            given = acts.GiveStatement(version=1, verdict=Verdict.AGREED, given_on=DAY)
            decisions.record(session, actor(session, f"sb.{name}"), case, given)
    region.act(case, "recht.schwerte", acts.FreezeVersion(version=1, frozen_on=DAY))

    region.wait_for_people(case, "agreement_kreistag")
    assert region.stage(case, "agreement_councils").state is StageState.DONE
    assert region.task_runs(case, "agreement_councils") == [
        "Beratungen öffnen",
        "Schritt abschließen",
    ]
