"""Tasks are assigned, taken away, given to a colleague and handed back to their owner."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from agreements import accounts
from agreements.model.enums import NoticeKind, Role
from tests.api.offices import away, entries, has, join, resolution_task, told
from tests.api.world import KAMEN, TODAY, World, ok, refused

Office = tuple[World, str, str]  # the world, the case's reference, the task of Kamen's clerks


@pytest.fixture
def office(councils: tuple[World, str]) -> Office:
    """Kamen has a second clerk; the task of both is free."""
    world, reference = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    return world, reference, resolution_task(world)


def send(
    office: Office, username: str, action: str, version: str | None = None, **content: object
) -> httpx.Response:
    world, _, task_id = office
    headers = {"If-Match": version} if version else {}
    return world.as_(username).post(f"/tasks/{task_id}/{action}", json=content, headers=headers)


def complete(office: Office, username: str) -> httpx.Response:
    world, reference, _ = office
    act = {"kind": "record_resolution", **world.resolution(reference)}
    return send(office, username, "complete", **act)


def at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    barrier, answers = threading.Barrier(len(calls)), list[httpx.Response]()

    def run(call: Callable[[], httpx.Response]) -> None:
        barrier.wait(30)
        answers.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_supervisor_assigns_a_task_and_its_new_owner_is_told(office: Office) -> None:
    world, _, task_id = office
    answer = ok(send(office, "leitung.kamen", "assign", to="sb2.kamen", note="Bitte bald."))
    assert answer["claimed_by"] == "Lena Vogtsberg"
    sentence = "Birgit Althoff hat Ihnen die Aufgabe zugewiesen: Bitte bald."
    assert told(world, "sb2.kamen", NoticeKind.TASK_ASSIGNED) == [sentence]
    [entry] = entries(world, "task_assigned")
    assert (entry.actor, entry.before) == ("Birgit Althoff", None)
    assert entry.after == {"claimed_by": "Lena Vogtsberg"}
    problem = refused(complete(office, "sb.kamen"), 409, "not-yet-possible")
    assert "Lena Vogtsberg hat die Aufgabe bereits übernommen." in problem["detail"]
    assert ok(complete(office, "sb2.kamen"))["task"]["state"] == "done"
    assert has(world, task_id) == "sb2.kamen"


def test_a_supervisor_does_not_thereby_complete_tasks(office: Office) -> None:
    refused(complete(office, "leitung.kamen"), 403, "task-of-others")
    refused(send(office, "leitung.kamen", "claim"), 403, "task-of-others")


def test_what_is_offered_follows_from_who_asks(office: Office) -> None:
    world, _, task_id = office

    def offered(username: str) -> dict[str, list[str]]:
        detail = ok(world.as_(username).get(f"/tasks/{task_id}"))
        return {one["action"]: one["objections"] for one in detail["offered"]}

    assert set(offered("leitung.kamen")) == {"assign", "reassign"}
    assert offered("leitung.kamen")["assign"] == []
    assert set(offered("sb.kamen")) == {"claim", "release", "delegate", "hand_back", "complete"}
    assert offered("recht.kamen") == {}
    ok(send(office, "sb.kamen", "claim"))
    assert offered("leitung.kamen")["reassign"] == []
    assert offered("leitung.kamen")["assign"] != []


@pytest.mark.parametrize("username", ["sb.kamen", "recht.kamen", "unterschrift.kamen"])
def test_only_the_supervisor_of_the_body_assigns(office: Office, username: str) -> None:
    refused(send(office, username, "assign", to="sb2.kamen"), 403, "not-a-supervisor")
    answer = send(office, username, "reassign", to="sb2.kamen", reason="So ist es besser.")
    refused(answer, 403, "not-a-supervisor")


def test_the_supervisor_of_another_body_does_not_even_see_the_task(office: Office) -> None:
    refused(send(office, "leitung.bergkamen", "assign", to="sb2.kamen"), 404, "task-unknown")


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("recht.kamen", "Nadine Feldkötter ist für diese Aufgabe nicht zuständig"),
        ("sb.bergkamen", "ist für diese Aufgabe nicht zuständig"),
        ("leitung.kamen", "Birgit Althoff ist für diese Aufgabe nicht zuständig"),
    ],
)
def test_nobody_gets_a_task_that_they_could_not_complete(
    office: Office, to: str, sentence: str
) -> None:
    world, _, task_id = office
    problem = refused(send(office, "leitung.kamen", "assign", to=to), 409, "not-yet-possible")
    assert sentence in problem["detail"]
    assert has(world, task_id) is None


def test_nobody_gets_a_task_who_is_away_or_biased_or_unknown(office: Office) -> None:
    world, reference, _ = office
    biased = {"name": "Sven", "function": "Sachbearbeiter", "username": "sb.kamen"}
    biased |= {"body": KAMEN, "reason": "Angehörige", "declared_on": TODAY}
    ok(world.as_("recht.kamen").post(f"/cases/{reference}/exclusions", json=biased))
    away(world, "sb2.kamen")
    for to, sentence in (
        ("sb.kamen", "Sven Dierksmeier darf wegen Befangenheit nicht mitwirken."),
        ("sb2.kamen", "Lena Vogtsberg ist heute abwesend."),
    ):
        problem = refused(send(office, "leitung.kamen", "assign", to=to), 409, "not-yet-possible")
        assert problem["detail"] == sentence
    problem = refused(send(office, "leitung.kamen", "assign", to="x.y"), 422, "account-unknown")
    assert problem["field"] == "to"


def test_a_task_is_taken_from_whoever_has_it_with_a_reason(office: Office) -> None:
    world, _, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    problem = refused(
        send(office, "leitung.kamen", "assign", to="sb2.kamen"), 409, "not-yet-possible"
    )
    assert "Sven Dierksmeier hat die Aufgabe bereits." in problem["detail"]
    blank = send(office, "leitung.kamen", "reassign", to="sb2.kamen", reason="  ")
    assert refused(blank, 422, "invalid-input")["field"] == "reason"
    ok(send(office, "leitung.kamen", "reassign", to="sb2.kamen", reason="Anderes Dezernat"))
    [entry] = entries(world, "task_assigned")
    assert entry.reason == "Anderes Dezernat"
    assert entry.before == {"claimed_by": "Sven Dierksmeier"}
    assert entry.after == {"claimed_by": "Lena Vogtsberg"}
    [former] = told(world, "sb.kamen", NoticeKind.TASK_COMMENTED)
    assert former.endswith("bei: Lena Vogtsberg: Anderes Dezernat")
    refused(send(office, "sb.kamen", "release"), 409, "not-yet-possible")
    assert has(world, task_id) == "sb2.kamen"


def test_a_free_task_is_assigned_and_not_taken_away(office: Office) -> None:
    answer = send(office, "leitung.kamen", "reassign", to="sb2.kamen", reason="Bitte")
    assert "Niemand hat die Aufgabe." in refused(answer, 409, "not-yet-possible")["detail"]


def test_a_colleague_does_the_work_and_hands_it_back(office: Office) -> None:
    world, _, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    ok(send(office, "sb.kamen", "delegate", to="sb2.kamen", note="Bitte den Auszug beifügen."))
    assert has(world, task_id) == "sb2.kamen"
    [sentence] = told(world, "sb2.kamen", NoticeKind.TASK_ASSIGNED)
    assert sentence.endswith("zur Bearbeitung gegeben: Bitte den Auszug beifügen.")
    refused(complete(office, "sb.kamen"), 409, "not-yet-possible")
    problem = refused(send(office, "sb2.kamen", "release"), 409, "not-yet-possible")
    assert "Sven Dierksmeier hat Ihnen die Aufgabe zur Bearbeitung gegeben" in problem["detail"]
    further = send(office, "sb2.kamen", "delegate", to="sb.kamen", note="Nein, du.")
    refused(further, 409, "not-yet-possible")
    ok(send(office, "sb2.kamen", "hand-back", note="Liegt bei."))
    assert has(world, task_id) == "sb.kamen"
    back = told(world, "sb.kamen", NoticeKind.TASK_HANDED_BACK)
    assert back == ["Lena Vogtsberg hat die Aufgabe zurückgegeben: Liegt bei."]
    assert [e.reason for e in entries(world, "task_handed_back")] == ["Liegt bei."]
    refused(send(office, "sb.kamen", "hand-back"), 409, "not-yet-possible")


def test_what_was_given_away_can_be_fetched_back(office: Office) -> None:
    world, _, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    ok(send(office, "sb.kamen", "delegate", to="sb2.kamen", note="Bitte."))
    ok(send(office, "sb.kamen", "hand-back"))
    assert has(world, task_id) == "sb.kamen"
    [sentence] = told(world, "sb2.kamen", NoticeKind.TASK_COMMENTED)
    assert (
        sentence == "Sven Dierksmeier hat die Aufgabe, an der Sie gearbeitet haben, zurückgeholt."
    )


def test_only_who_works_on_a_task_gives_it_away_and_not_to_themselves(office: Office) -> None:
    wanted = {"to": "sb2.kamen", "note": "Bitte."}
    refused(send(office, "sb.kamen", "delegate", **wanted), 409, "not-yet-possible")
    ok(send(office, "sb.kamen", "claim"))
    own = send(office, "sb.kamen", "delegate", to="sb.kamen", note="Für mich.")
    refused(own, 422, "delegated-to-oneself")
    refused(
        send(office, "sb.kamen", "delegate", to="recht.kamen", note="?"), 409, "not-yet-possible"
    )


def test_on_a_stale_state_nobody_gets_anything(office: Office) -> None:
    world, _, task_id = office
    seen = world.as_("sb.kamen").get(f"/tasks/{task_id}").headers["etag"]
    ok(send(office, "sb.kamen", "claim"))
    wanted: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("leitung.kamen", "assign", {"to": "sb2.kamen"}),
        ("leitung.kamen", "reassign", {"to": "sb2.kamen", "reason": "Bitte"}),
        ("sb.kamen", "delegate", {"to": "sb2.kamen", "note": "Bitte"}),
        ("sb.kamen", "hand-back", {}),
    )
    for username, action, content in wanted:
        refused(send(office, username, action, seen, **content), 412, "task-changed")
    assert has(world, task_id) == "sb.kamen"


def test_a_double_click_changes_nothing(office: Office) -> None:
    world, _, task_id = office
    for _ in range(2):
        ok(send(office, "leitung.kamen", "assign", to="sb.kamen"))
    for _ in range(2):
        ok(send(office, "sb.kamen", "delegate", to="sb2.kamen", note="Bitte."))
    for _ in range(2):
        ok(send(office, "leitung.kamen", "reassign", to="sb.kamen", reason="Bitte."))
    assert len(entries(world, "task_assigned")) == 2
    assert len(entries(world, "task_delegated")) == 1
    supervisor, key = world.as_("leitung.kamen"), {"Idempotency-Key": "zweimal"}
    content = {"to": "sb2.kamen", "reason": "Noch einmal."}
    answers = [
        supervisor.post(f"/tasks/{task_id}/reassign", json=content, headers=key) for _ in range(2)
    ]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert len(entries(world, "task_assigned")) == 3


def test_of_two_who_assign_at_once_one_is_told_who_has_it(office: Office) -> None:
    world, _, _ = office
    join(world, "leitung2.kamen", "Zweite Leitung", (Role.SUPERVISOR, KAMEN))
    answers = at_once(
        lambda: send(office, "leitung.kamen", "assign", to="sb.kamen"),
        lambda: send(office, "leitung2.kamen", "assign", to="sb2.kamen"),
    )
    [winner] = [a for a in answers if a.status_code == 200]
    [loser] = [a for a in answers if a.status_code == 409]
    assert f"{winner.json()['claimed_by']} hat die Aufgabe bereits." in loser.json()["detail"]
    assert len(entries(world, "task_assigned")) == 1


def test_a_claim_of_somebody_who_is_away_keeps_nobody_off(office: Office) -> None:
    world, _, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    refused(complete(office, "sb2.kamen"), 409, "not-yet-possible")
    away(world, "sb.kamen")
    # A colleague of the same role needs no substitution, and stands in for nobody.
    ok(complete(office, "sb2.kamen"))
    detail = ok(world.as_("sb2.kamen").get(f"/tasks/{task_id}"))
    assert (detail["completed_by"], detail["completed_for"]) == ("Lena Vogtsberg", None)


def test_a_delegated_task_whose_owner_has_left_goes_to_the_colleagues(office: Office) -> None:
    world, _, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    ok(send(office, "sb.kamen", "delegate", to="sb2.kamen", note="Bitte."))
    with world.sessions.begin() as session:
        assert accounts.deactivate(session, "sb.kamen") == 0
    assert has(world, task_id) == "sb2.kamen"
    refused(send(office, "sb2.kamen", "hand-back"), 409, "not-yet-possible")
    ok(send(office, "sb2.kamen", "release"))
    assert has(world, task_id) is None


def hand_over(world: World, username: str, **content: object) -> httpx.Response:
    return world.as_(username).post(f"/bodies/{KAMEN}/handover", json=content)


def test_a_whole_department_changes(office: Office) -> None:
    world, reference, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    ok(send(office, "sb.kamen", "delegate", to="sb2.kamen", note="Bitte."))
    join(world, "neu.kamen", "Nora Neumann")
    join(world, "leitung2.kamen", "Zweite Leitung", (Role.SUPERVISOR, KAMEN))
    away(world, "recht.kamen", "sb2.kamen")
    answer = ok(
        hand_over(
            world,
            "leitung.kamen",
            **{"from": ["sb.kamen", "sb2.kamen"], "to": "neu.kamen", "reason": "Neuordnung"},
        )
    )
    assert [(one["case"], one["to"]) for one in answer["moved"]] == [(reference, "Nora Neumann")]
    assert (answer["kept"], answer["substitutions_ended"]) == ([], 1)
    assert has(world, task_id) == "neu.kamen"
    assert len(told(world, "neu.kamen", NoticeKind.TASK_ASSIGNED)) == 1
    # The supervisor learns it from the answer, and the second one from a notice.
    [gap] = told(world, "leitung2.kamen", NoticeKind.SUBSTITUTION_GAP)
    assert "Rechtsamt Kamen: Niemand vertritt." in gap
    ok(complete(office, "neu.kamen"))


def test_without_a_successor_everything_goes_to_all_who_are_due(office: Office) -> None:
    world, _, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    wanted = {"from": ["sb.kamen"], "to": None, "reason": "Versetzung"}
    answer = ok(hand_over(world, "admin", **wanted))
    assert [(one["task_id"], one["to"]) for one in answer["moved"]] == [(task_id, None)]
    assert has(world, task_id) is None
    [entry] = entries(world, "task_released")
    assert (entry.reason, entry.before) == ("Versetzung", {"claimed_by": "Sven Dierksmeier"})
    assert ok(hand_over(world, "admin", **wanted))["moved"] == []


def test_what_the_successor_could_not_do_stays_with_the_reason(office: Office) -> None:
    world, reference, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    wanted = {"from": ["sb.kamen"], "to": "recht.kamen", "reason": "Versetzung"}
    [kept] = ok(hand_over(world, "leitung.kamen", **wanted))["kept"]
    assert (kept["task_id"], kept["case"]) == (task_id, reference)
    assert "nicht zuständig" in kept["reasons"][0]
    assert has(world, task_id) == "sb.kamen"


def test_what_a_colleague_gave_to_the_leaving_person_goes_back_to_them(office: Office) -> None:
    world, _, task_id = office
    ok(send(office, "sb.kamen", "claim"))
    ok(send(office, "sb.kamen", "delegate", to="sb2.kamen", note="Bitte."))
    ok(hand_over(world, "leitung.kamen", **{"from": ["sb2.kamen"], "to": None, "reason": "Weg"}))
    assert has(world, task_id) == "sb.kamen"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ({"from": ["sb.bergkamen"], "reason": "x"}, 422, "not-of-the-body"),
        ({"from": ["nie.gewesen"], "reason": "x"}, 422, "not-of-the-body"),
        ({"from": ["sb.kamen"], "to": "sb.kamen", "reason": "x"}, 422, "handover-to-oneself"),
        ({"from": ["sb.kamen"], "to": "nie.gewesen", "reason": "x"}, 422, "account-unknown"),
        ({"from": [], "reason": "x"}, 422, "invalid-input"),
        ({"from": ["sb.kamen"]}, 422, "invalid-input"),
    ],
)
def test_a_wrong_handover_is_refused(
    office: Office, content: dict[str, Any], status: int, code: str
) -> None:
    world, _, _ = office
    refused(hand_over(world, "leitung.kamen", **content), status, code)


def test_others_hand_nothing_over(office: Office) -> None:
    world, _, _ = office
    wanted = {"from": ["sb.kamen"], "to": None, "reason": "x"}
    for username in ("sb.kamen", "recht.kamen", "leitung.bergkamen"):
        refused(hand_over(world, username, **wanted), 403, "not-a-supervisor")
