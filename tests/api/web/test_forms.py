"""What forms are answered, and what a page costs; without a browser."""

from __future__ import annotations

from tests.api.offices import away, has, join, resolution_task
from tests.api.test_statement_count import counted
from tests.api.web.conftest import signed_in
from tests.api.world import KAMEN, World, ok


def test_a_refusal_says_that_nothing_was_changed_also_on_the_way_to_the_list(world: World) -> None:
    with signed_in(world, "sb.kamen") as client:
        back = {"Referer": f"{world.address}/aufgaben"}
        refused = client.post("/aufgaben/mehrere", data={"tun": "plan"}, headers=back)
        assert refused.status_code == 422
        assert "Es wurde nichts geändert." in refused.text
        # Whoever only looked did not try to change anything.
        assert "Es wurde nichts geändert." not in client.get(f"/leitung/{KAMEN}").text


def test_who_gave_a_task_away_is_known_by_the_account_not_by_the_name(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    join(world, "sb2.kamen", "Sven Dierksmeier")
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/claim"))
    given = {"to": "sb2.kamen", "note": "Bitte prüfen."}
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/delegate", json=given))
    for username, words in (
        ("sb.kamen", "Von Sven Dierksmeier zurückholen"),
        ("sb2.kamen", "An Sven Dierksmeier zurückgeben"),
    ):
        with signed_in(world, username) as client:
            assert words in client.get(f"/aufgaben/{task_id}").text


def test_those_who_may_get_a_task_are_offered_and_judged_when_they_are_to_get_it(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    join(world, "sb2.kamen", "Lena Vogtsberg")
    away(world, "sb2.kamen", "kaemmerer.kamen")
    with signed_in(world, "leitung.kamen") as client:
        page = client.get(f"/aufgaben/{task_id}").text
        for username, offered in (
            ("sb.kamen", True),
            ("sb2.kamen", True),
            ("kaemmerer.kamen", True),
            ("recht.kamen", False),
        ):
            assert (f'<option value="{username}">' in page) == offered
        with counted(world) as few:
            client.get(f"/aufgaben/{task_id}")
        for number in range(3, 9):
            join(world, f"sb{number}.kamen", f"Person {number}")
        with counted(world) as seen:
            client.get(f"/aufgaben/{task_id}")
        assert len(seen) == len(few), "\n\n".join(seen)
        answer = client.post(f"/aufgaben/{task_id}/zuweisen", data={"to": "sb2.kamen"})
        assert answer.status_code == 409
        assert "Lena Vogtsberg ist heute abwesend." in answer.text
        answer = client.post(f"/aufgaben/{task_id}/zuweisen", data={"to": "kaemmerer.kamen"})
        assert answer.status_code == 303
    assert has(world, task_id) == "kaemmerer.kamen"


def test_a_form_is_read_before_a_connection_is_taken(councils: tuple[World, str]) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    sent = {"files": {"datei": ("riesig.pdf", b"%PDF-" + bytes(21 * 1024 * 1024))}}
    for where, content in (("anlage", sent), ("vermerk", {"data": {"text": "x" * 300_000}})):
        path = f"/aufgaben/{task_id}/{where}"
        with signed_in(world, "sb.kamen") as client, counted(world) as seen:
            assert client.post(path, **content).status_code == 422
            assert seen == []
            # Whoever is not signed in is led there as before.
            client.cookies.clear()
            answer = client.post(path, **content)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/anmeldung")
