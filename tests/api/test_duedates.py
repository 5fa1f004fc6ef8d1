"""The due date of a task over HTTP: read with its derivation, moved once and not from afar."""

from __future__ import annotations

from tests.api.world import World, ok, refused

WHY = {"due_on": "2026-07-20", "reason": "Der Ausschuss tagt erst im Juli."}


def statement(world: World) -> str:
    """The address of the statement that Kamen's clerk is asked for."""
    world.to_coordination()
    task = world.task("sb.kamen", "give_statement")
    return f"/tasks/{task['id']}/due-date"


def test_a_due_date_says_where_it_comes_from_and_who_may_move_it(world: World) -> None:
    path = statement(world)
    found = ok(world.as_("sb.kamen").get(path))
    assert (found["due_on"], found["kind"], found["may_move"]) == ("2026-06-29", "internal", True)
    assert found["kind_label"] == "selbst gesetzte Frist"
    assert found["derivation"].startswith("Selbst gesetzte Frist des Verfahrens von vier Wochen")
    assert found["moved_by"] == [
        "Sachbearbeitung (Stadt Kamen)",
        "Leitung (Stadt Kamen)",
        "Rechtsamt (Stadt Schwerte)",
    ]
    assert (found["why_not"], found["moves"]) == (None, [])
    assert not ok(world.as_("recht.kamen").get(path))["may_move"]
    assert ok(world.as_("recht.schwerte").get(path))["may_move"]


def test_a_move_is_carried_out_once_and_keeps_its_trace(world: World) -> None:
    path = statement(world)
    clerk = world.as_("sb.kamen")
    etag = clerk.get(path).headers["ETag"]
    headers = {"Idempotency-Key": "move-1", "If-Match": etag}
    answers = [ok(clerk.post(path, json=WHY, headers=headers)) for _ in range(2)]
    assert answers[0] == answers[1]
    [move] = ok(clerk.get(path))["moves"]
    assert (move["moved_from"], move["moved_to"], move["reason"]) == (
        "2026-06-29",
        "2026-07-20",
        "Der Ausschuss tagt erst im Juli.",
    )
    stale = clerk.post(path, json={**WHY, "due_on": "2026-07-27"}, headers={"If-Match": etag})
    refused(stale, 412, "task-changed")


def test_who_may_not_move_it_learns_who_may(world: World) -> None:
    path = statement(world)
    problem = refused(world.as_("recht.kamen").post(path, json=WHY), 403, "due-date-of-others")
    assert "Leitung (Stadt Kamen)" in problem["detail"]
    refused(world.as_("sb.bergkamen").post(path, json=WHY), 404, "task-unknown")


def test_bad_input_is_told_by_its_field(world: World) -> None:
    path = statement(world)
    clerk = world.as_("sb.kamen")
    past = refused(clerk.post(path, json={**WHY, "due_on": "2026-05-31"}), 422, "due-date-past")
    assert past["field"] == "due_on"
    for wrong in ({"due_on": "2026-07-20"}, {**WHY, "reason": ""}, {**WHY, "until": "2027"}):
        assert clerk.post(path, json=wrong).status_code == 422


def test_a_statutory_frist_says_why_it_stays(world: World) -> None:
    world.to_authority()
    lead = "recht.schwerte"
    world.complete(lead, "submit_to_authority", applied_on="2026-06-01", received_on="2026-06-01")
    task = world.task(lead, "record_authority_answer")
    path = f"/tasks/{task['id']}/due-date"
    found = ok(world.as_(lead).get(path))
    assert (found["kind"], found["may_move"], found["moved_by"]) == ("statutory", False, [])
    assert "folgt allein aus ihren Tatsachen" in found["why_not"]
    refused(world.as_(lead).post(path, json=WHY), 409, "due-date-statutory")
