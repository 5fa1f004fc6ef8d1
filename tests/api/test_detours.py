"""Detours over HTTP: who sees what is offered, once, on the state that one has seen."""

from __future__ import annotations

import pytest

from agreements.model.enums import Detour
from tests.api.scenarios.play import LEAD, Play
from tests.api.world import BERGKAMEN, KAMEN, TODAY, World, finance_plan, ok, refused

COUNCILS = {"stage": "agreement_councils", "decided_on": TODAY, "reason": "Neue Mehrheiten"}
AD_HOC = COUNCILS | {"body": KAMEN, "role": "legal", "title": "Stellungnahme Datenschutz"}


@pytest.fixture
def play(councils: tuple[World, str]) -> Play:
    """A case before the first committees of the municipalities."""
    world, reference = councils
    return Play(world, reference)


def test_every_way_is_listed_with_its_label_and_what_stands_against_it(play: Play) -> None:
    ways = play.get("/detours")["items"]
    assert {way["detour"] for way in ways} == set(Detour)
    for way in ways:
        assert way["label"]
        assert way["offered"] is not bool(way["objections"])
    by_name = {way["detour"]: way for way in ways}
    assert "Keine Vertretung hat abgelehnt" in by_name["decide_again"]["objections"][0]
    assert by_name["reopen_text"]["offered"]
    # The administration sees the course of the case, and takes no decision in it.
    assert not any(way["offered"] for way in play.get("/detours", "admin")["items"])


def test_a_detour_is_taken_once(play: Play) -> None:
    path = f"{play.case}/detours/reopen-text"
    wanted = {"kind": "agreement", "reason": "Neu verhandeln", "decided_on": TODAY}
    key = {"Idempotency-Key": "einmal"}
    first = play.as_(LEAD).post(path, json=wanted, headers=key)
    second = play.as_(LEAD).post(path, json=wanted, headers=key)
    assert ok(second) == ok(first)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.headers["ETag"] == f'"{first.json()["version"]}"'
    assert play.events().count("text_reopened") == 1
    # Once more without the key it is another request, and there is nothing to open.
    problem = refused(play.as_(LEAD).post(path, json=wanted), 409, "detour-not-possible")
    assert "Der Text ist offen" in problem["detail"]


def test_a_detour_on_what_was_seen_before_is_refused(play: Play) -> None:
    seen = play.as_(LEAD).get(play.case).headers["ETag"]
    play.resolve("kamen")
    path = f"{play.case}/detours/leave-party"
    wanted = {"body": KAMEN, "reason": "Kamen zieht sich zurück", "decided_on": TODAY}
    refused(play.as_(LEAD).post(path, json=wanted, headers={"If-Match": seen}), 412, "case-changed")
    assert play.events().count("party_left") == 0
    now = play.as_(LEAD).get(play.case).headers["ETag"]
    ok(play.as_(LEAD).post(path, json=wanted, headers={"If-Match": now}))


def test_an_ad_hoc_task_holds_its_stage_open(play: Play) -> None:
    task = play.post(LEAD, "/tasks", **AD_HOC, due_on="2026-06-15", details="Art. 26 DSGVO")
    assert (task["kind"], task["due_on"]) == ("ad_hoc", "2026-06-15")
    assert task["due_reason"] == "Wunschtermin der federführenden Körperschaft"
    play.decide_all()
    assert play.state("agreement_councils") == ("open", 1)
    play.answer("recht.kamen", task, "Keine Bedenken")
    assert play.state("agreement_councils") == ("done", 1)
    assert play.entry("ad_hoc_task_done")["after"] == {"result": "Keine Bedenken"}


def test_an_ad_hoc_task_is_taken_back_and_others_are_not(play: Play) -> None:
    task = play.post(LEAD, "/tasks", **AD_HOC)
    back = {"reason": "Die Stellungnahme liegt schon vor", "decided_on": TODAY}
    path = f"/tasks/{task['id']}/cancellation"
    assert play.refuse("recht.kamen", path, **back)["code"] == "not-permitted"
    assert play.post(LEAD, path, **back)["state"] == "cancelled"
    assert play.refuse(LEAD, path, **back)["code"] == "task-not-cancellable"
    recording = play.task("sb.kamen", "record_resolution")["id"]
    problem = play.refuse(LEAD, f"/tasks/{recording}/cancellation", **back)
    assert problem["code"] == "task-not-cancellable"
    problem = play.refuse(LEAD, f"/tasks/{play.stage('drafting')['id']}/cancellation", **back)
    assert problem["code"] == "task-unknown"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"stage": "drafting"}, "stage-over", "stage"),
        ({"stage": "grillfest"}, "stage-over", "stage"),
        ({"body": "05978040"}, "not-a-party", "body"),
        ({"role": "admin"}, "role-gets-no-task", "role"),
        ({"decided_on": "2026-07-01"}, "date-in-future", "decided_on"),
        ({"decided_on": "2026-05-01"}, "date-too-early", "decided_on"),
        ({"title": "x"}, "invalid-input", "title"),
    ],
)
def test_an_ad_hoc_task_that_cannot_be(
    play: Play, changes: dict[str, str], code: str, field: str
) -> None:
    problem = play.refuse(LEAD, "/tasks", **AD_HOC | changes)
    assert (problem["code"], problem["field"]) == (code, field)
    assert play.events().count("ad_hoc_task_opened") == 0


def test_a_new_round_of_some_bodies(play: Play) -> None:
    play.decide("schwerte")
    play.decide("bergkamen")
    problem = play.refuse(LEAD, "/detours/new-round", **COUNCILS, bodies=[KAMEN])
    assert problem["code"] == "nothing-to-renew"
    play.decide("kamen")
    assert play.state("agreement_councils") == ("done", 1)
    answer = play.take("new-round", **COUNCILS, bodies=[BERGKAMEN])
    assert answer["past_rounds"]
    assert play.state("agreement_councils") == ("open", 2)
    asked = [slug for slug in play.slugs() if play.tasks(f"sb.{slug}", "record_resolution")]
    assert asked == ["bergkamen"]
    play.decide("bergkamen")
    play.confirm()


def test_a_newcomer_decides_and_stands_in_the_text(play: Play) -> None:
    answer = play.take("join-party", body="05978040", reason="Werne will mitmachen")
    [werne] = [p for p in answer["parties"] if p["body"]["ags"] == "05978040"]
    assert (werne["joined_on"], werne["left_on"]) == (TODAY, None)
    assert play.state("coordination") == ("open", 2)
    tasks = ok(play.as_("sb.werne").get("/tasks"))["items"]
    assert [task["kind"] for task in tasks] == ["give_statement"]
    names = [p["name"] for p in play.write()["content"]["parties"]]
    assert "Stadt Werne" in names


def test_a_step_is_repeated_with_what_builds_on_it(play: Play) -> None:
    play.post("recht.kreis-unna", "/finance-plan", **finance_plan())
    check = {"verdict": "agreed", "checked_on": TODAY}
    play.post("kaemmerer.kreis-unna", "/finance-plan/check", **check)
    play.take("repeat-stage", stage="finance_plan", reason="Höhere Kosten")
    assert play.state("finance_plan") == ("open", 2)
    problem = play.refuse(
        LEAD, "/detours/repeat-stage", stage="coordination", reason="Noch einmal", decided_on=TODAY
    )
    assert (problem["code"], problem["field"]) == ("stage-not-repeatable", "stage")
