"""Searches that people keep under a name."""

from __future__ import annotations

from typing import Any

import pytest

from agreements.filters import MOST_PER_PERSON
from tests.api.world import World, ok, refused


def _save(world: World, name: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401  (JSON)
    return ok(world.as_("sb.kamen").post("/filters", json={"name": name, "query": query}))


def _found(world: World, **params: Any) -> list[str]:  # noqa: ANN401
    return [t["id"] for t in ok(world.as_("sb.kamen").get("/tasks", params=params))["items"]]


def test_a_saved_filter_is_applied_by_its_name(councils: tuple[World, str]) -> None:
    world, _ = councils
    everything = _found(world)
    saved = _save(world, "  Für mich  ", mine=True, q="empfehlung")
    assert (saved["name"], saved["query"]) == ("Für mich", {"mine": True, "q": "empfehlung"})
    assert _found(world, filter="Für mich") == []
    # What is asked for besides goes before what the filter says.
    assert _found(world, filter="Für mich", mine=False) == everything
    assert _found(world, filter="Für mich", mine=False, q="Feuerwehr") == []
    assert ok(world.as_("sb.kamen").get("/filters"))["items"] == [saved]
    ok(world.as_("sb.kamen").post(f"/tasks/{everything[0]}/claim"))
    assert _found(world, filter="Für mich") == everything


def test_a_filter_is_ones_own(councils: tuple[World, str]) -> None:
    world, _ = councils
    saved = _save(world, "Eilig", due_within=7)
    other = world.as_("recht.kamen")
    assert ok(other.get("/filters"))["items"] == []
    refused(other.get("/tasks", params={"filter": "Eilig"}), 404, "filter-unknown")
    refused(other.delete(f"/filters/{saved['id']}"), 404, "filter-unknown")
    assert world.as_("sb.kamen").delete(f"/filters/{saved['id']}").status_code == 204
    refused(world.as_("sb.kamen").delete(f"/filters/{saved['id']}"), 404, "filter-unknown")
    asked = world.as_("sb.kamen").get("/tasks", params={"filter": "Eilig"})
    assert "GET /filters" in refused(asked, 404, "filter-unknown")["detail"]


def test_names_are_unique_and_places_limited(world: World) -> None:
    for number in range(MOST_PER_PERSON):
        _save(world, f"Filter {number}")
    client = world.as_("sb.kamen")
    taken = client.post("/filters", json={"name": "Filter 7", "query": {}})
    assert refused(taken, 409, "filter-name-taken")["field"] == "name"
    refused(
        client.post("/filters", json={"name": "Noch einer", "query": {}}), 409, "too-many-filters"
    )


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"name": "", "query": {}}, "name"),
        ({"name": "x" * 81, "query": {}}, "name"),
        ({"name": "a\nb", "query": {}}, "name"),
        ({"name": "Eilig", "query": {"due_within": -1}}, "query.due_within"),
        ({"name": "Eilig", "query": {"cursor": "x"}}, "query.cursor"),
        ({"name": "Eilig", "query": {"order": "newest"}}, "query.order"),
        ({"name": "Eilig"}, "query"),
    ],
)
def test_a_filter_that_says_nothing_sensible_is_refused(
    world: World, content: dict[str, Any], field: str
) -> None:
    answer = world.as_("sb.kamen").post("/filters", json=content)
    assert refused(answer, 422, "invalid-input")["field"] == field
    assert ok(world.as_("sb.kamen").get("/filters"))["items"] == []
