"""A case goes from stage to stage: each a run, suspended while people decide."""

from __future__ import annotations

from agreements.model.enums import StageState, TaskKind
from tests.flows.region import Region


def test_a_decision_opens_the_next_stage(conducted: Region) -> None:
    region = conducted
    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    assert region.open_tasks(case) == [TaskKind.SUBMIT_DRAFT]

    region.submit(case)
    region.wait_for_people(case, "coordination")

    assert region.stage(case, "drafting").state is StageState.DONE
    assert sorted(region.open_tasks(case)) == [
        TaskKind.FREEZE_VERSION,
        *[TaskKind.GIVE_STATEMENT] * 3,
    ]
    region.wait_for_run(case, "drafting", "Completed")
    assert region.task_runs(case, "drafting") == [
        "Aufgaben öffnen",
        "Entwurf der Vereinbarung",
        "Schritt abschließen",
    ]


def test_what_prefect_shows_of_a_waiting_stage(conducted: Region) -> None:
    region = conducted
    case = region.start()
    region.write(case)
    region.wait_for_people(case, "drafting")
    region.submit(case)
    region.wait_for_people(case, "coordination")
    region.agree(case)
    region.wait_for_people(case, "agreement_councils")

    reference = region.stage(case, "drafting").reference
    run = region.wait_for_name(
        case,
        "agreement_councils",
        f"{reference} Gemeinsame Datenplattform - Beschlüsse der Räte 0/2",
    )

    assert run.state is not None
    assert {reference, "cooperation-agreement", "Kamen", "Schwerte"} == set(run.tags)
    assert "Kamen: Empfehlung erfassen" in (run.state.message or "")
    assert region.task_runs(case, "agreement_councils")[:1] == ["Beratungsfolgen festlegen"]
    assert set(region.task_runs(case, "agreement_councils")[1:3]) == {
        "Beschlussvorlage Kamen",
        "Beschlussvorlage Schwerte",
    }
