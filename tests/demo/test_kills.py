"""Whatever dies in the middle of a case, it ends the same, without a hand."""

from __future__ import annotations

import pytest

from tests.demo.installation import Disturbances, Installation, Json, comparable

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]


def test_everything_died_once(
    installation: Installation, disturbed: tuple[Json, Disturbances]
) -> None:
    _, done = disturbed
    assert installation.stack is not None
    assert set(done.killed) == {"conductor", "api", "postgres", "prefect"}
    assert done.prefect_dropped
    now = installation.stack.processes
    assert all(now[name] != pid for name, pid in done.killed.items())


def test_the_case_ends_the_same(calm: Json, disturbed: tuple[Json, Disturbances]) -> None:
    result, _ = disturbed
    assert result["state"] == "done"
    assert comparable(result) == comparable(calm)


def test_nothing_is_lost_and_nothing_is_doubled(
    installation: Installation, calm: Json, disturbed: tuple[Json, Disturbances]
) -> None:
    expected = installation.traces(calm["case"])
    found = installation.traces(disturbed[0]["case"])
    assert found.tasks == expected.tasks
    assert found.documents == expected.documents
    assert found.resolutions == expected.resolutions
    assert found.events == expected.events
    assert set(found.documents.values()) == set(found.resolutions.values()) == {1}


def test_the_journals_chain_holds(
    installation: Installation, calm: Json, disturbed: tuple[Json, Disturbances]
) -> None:
    for case in (calm["case"], disturbed[0]["case"]):
        assert installation.traces(case).first_broken_entry is None


def test_a_backup_of_the_middle_plays_on_elsewhere(
    installation: Installation,
    calm: Json,
    disturbed: tuple[Json, Disturbances],
    elsewhere: Installation,
) -> None:
    """Restored into another folder, where no stack runs: the demo starts one, and ends it."""
    result, done = disturbed
    restored = elsewhere.command(
        "restore", str(done.backup), "--data-dir", str(elsewhere.settings.data_dir)
    )
    assert restored.exit_code == 0, restored.output
    before = elsewhere.command("sample")
    assert before.exit_code == 1
    assert "vereinbar up" in before.stderr
    continued = elsewhere.json("demo", "--json", "--case", result["case"])
    assert continued["case"] == result["case"]
    assert comparable(continued) == comparable(calm)
