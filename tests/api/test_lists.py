"""Lists: search, filters, and pages that stay stable while rows come in."""

from __future__ import annotations

import pytest

from tests.api.world import BERGKAMEN, KAMEN, SCHWERTE, World, ok, refused


def test_cases_page_without_doubles_while_cases_are_started(world: World) -> None:
    started = [world.start(title=f"Vorgang {number}") for number in range(5)]
    client = world.as_("recht.kamen")
    first = ok(client.get("/cases", params={"limit": 2}))
    world.start(title="Dazwischen")
    second = ok(client.get("/cases", params={"limit": 2, "cursor": first["next_cursor"]}))
    third = ok(client.get("/cases", params={"limit": 2, "cursor": second["next_cursor"]}))
    seen = [line["reference"] for page in (first, second, third) for line in page["items"]]
    assert seen == started[::-1]
    assert third["next_cursor"] is None


def test_the_journal_pages_in_order_while_entries_come_in(councils: tuple[World, str]) -> None:
    world, reference = councils
    client = world.as_("recht.kamen")
    path = f"/cases/{reference}/journal"
    before = ok(client.get(path, params={"limit": 200}))["items"]
    numbers: list[int] = []
    cursor: str | None = None
    while True:
        params = {"limit": "7"} | ({"cursor": cursor} if cursor else {})
        page = ok(client.get(path, params=params))
        numbers += [entry["number"] for entry in page["items"]]
        if len(numbers) == 7:
            world.resolve(reference, KAMEN)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert numbers == list(range(1, len(before) + 2))


def test_tasks_page_while_others_are_done(world: World) -> None:
    for number in range(3):
        world.start(title=f"Vorgang {number}")
    client = world.as_("recht.schwerte")
    first = ok(client.get("/tasks", params={"limit": 1}))
    second = ok(client.get("/tasks", params={"limit": 2, "cursor": first["next_cursor"]}))
    assert second["next_cursor"] is None
    titles = [task["case_title"] for page in (first, second) for task in page["items"]]
    assert titles == ["Vorgang 0", "Vorgang 1", "Vorgang 2"]


@pytest.mark.parametrize("cursor", ["!", "abc", "bm9wZQ"])
def test_a_cursor_that_is_none_is_refused(world: World, cursor: str) -> None:
    client = world.as_("recht.schwerte")
    for path in ("/cases", "/tasks"):
        problem = refused(client.get(path, params={"cursor": cursor}), 422, "cursor-invalid")
        assert problem["field"] == "cursor"


def test_cases_are_found_by_what_they_are_called(world: World) -> None:
    smart = world.start()
    baths = world.start(title="Gemeinsame Bäderverwaltung", subject="Betrieb der 100%_Hallenbäder")
    client = world.as_("sb.kamen")

    def found(q: str) -> list[str]:
        lines = ok(client.get("/cases", params={"q": q}))["items"]
        return [line["reference"] for line in lines]

    assert found("Smart Region") == [smart]
    assert found("Smart Regionen") == [smart]
    assert found("bäderverw") == [baths]
    assert found(baths) == [baths]
    assert found("100%_H") == [baths]
    assert found("%") == [baths]
    assert found("Feuerwehr") == []
    assert found("  ") == [baths, smart]


def test_cases_are_filtered_by_state(world: World) -> None:
    reference = world.start()
    client = world.as_("sb.kamen")
    running = ok(client.get("/cases", params={"state": "running"}))["items"]
    assert [(line["reference"], line["state_label"]) for line in running] == [(reference, "läuft")]
    assert running[0]["lead"]["ags"] == SCHWERTE
    assert ok(client.get("/cases", params={"state": "done"}))["items"] == []


def test_tasks_are_filtered(councils: tuple[World, str]) -> None:
    world, reference = councils
    client = world.as_("sb.kamen")
    task = world.task("sb.kamen", "record_resolution")

    def found(**params: str) -> list[str]:
        return [entry["id"] for entry in ok(client.get("/tasks", params=params))["items"]]

    assert found(case=reference) == found(body=KAMEN) == [task["id"]]
    assert found(case="IKZ-2026-9999") == found(body=BERGKAMEN) == []
    assert found(kind="record_notice") == []
    assert found(claimed="true") == []
    ok(client.post(f"/tasks/{task['id']}/claim"))
    assert found(claimed="true") == [task["id"]]
    assert found(claimed="false") == []


def test_a_limit_has_bounds(world: World) -> None:
    client = world.as_("sb.kamen")
    for limit, accepted in ((0, "mindestens 1"), (201, "höchstens 200")):
        problem = refused(client.get("/cases", params={"limit": limit}), 422, "invalid-input")
        assert (problem["field"], problem["accepted"]) == ("limit", accepted)
