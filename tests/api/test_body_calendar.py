"""A body's calendar over HTTP: the last day to invite, hints when planning, and its upkeep.

In the sample region Kamen invites with twelve full Werktage, three when it is urgent.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import BERGKAMEN, KAMEN, World, ok, refused

CALENDAR = f"/bodies/{KAMEN}/calendar"
SUMMER = {"first_day": "2026-07-20", "last_day": "2026-09-01"}
PERIOD = {"count": 6, "unit": "days", "source": "§ 1 der Geschäftsordnung", "verified": True}
CARNIVAL = {
    "name": "Karneval 2027",
    "first_day": "2027-02-04",
    "last_day": "2027-02-10",
    "source": "Sitzungskalender 2027",
}


def scheduled(world: World, reference: str, held_on: str, **more: str) -> dict[str, Any]:
    """What Kamen's clerk hears when a meeting is planned for the next consultation."""
    consultation = world.task("sb.kamen", "record_resolution")["consultation_id"]
    answer: dict[str, Any] = ok(
        world.as_("sb.kamen").post(
            f"/cases/{reference}/consultations/{consultation}/meeting",
            json={"held_on": held_on, **more},
        )
    )
    return answer


def test_everybody_signed_in_reads_the_calendar(world: World) -> None:
    found = ok(world.as_("sb.luenen").get(CALENDAR))
    assert found["body"]["ags"] == KAMEN
    regular, urgent = (found["invitation_period"][name] for name in ("regular", "urgent"))
    assert (regular["count"], regular["unit_label"], regular["verified"]) == (12, "Werktage", False)
    assert regular["source"].startswith("Beispieldaten")
    assert urgent["count"] == 3
    summer = next(p for p in found["session_free_periods"] if p["name"] == "Sommerferien 2026")
    assert {key: summer[key] for key in SUMMER} == SUMMER
    assert "Schulferien NW" in summer["source"]
    assert summer["sample"]
    assert found["meeting_day"] is None


def test_a_planned_meeting_has_a_last_day_to_invite(world: World) -> None:
    clerk = world.as_("sb.kamen")
    day = ok(clerk.get(CALENDAR, params={"meeting_on": "2026-12-15"}))["meeting_day"]
    assert day["invitation"]["latest_on"] == "2026-11-30"
    assert "zwölf Werktagen liegt voll davor" in day["invitation"]["derivation"]
    assert day["invitation_urgent"]["latest_on"] == "2026-12-10"
    assert (day["kept"], day["session_free"], day["hints"]) == (None, None, [])
    summer = ok(clerk.get(CALENDAR, params={"meeting_on": "2026-08-04"}))
    assert summer["meeting_day"]["session_free"]["name"] == "Sommerferien 2026"


@pytest.mark.parametrize("day", ["2500-01-01", "1989-11-09"])
def test_a_day_without_known_holidays_is_refused(world: World, day: str) -> None:
    response = world.as_("sb.kamen").get(CALENDAR, params={"meeting_on": day})
    refused(response, 422, "deadline-out-of-range")


def test_planning_a_meeting_tells_until_when_to_invite(councils: tuple[World, str]) -> None:
    world, reference = councils
    found = scheduled(world, reference, "2026-06-25")
    day = found["day"]
    assert day["invitation"]["latest_on"] == "2026-06-10"
    assert "Die Sitzung ist am Donnerstag, 25. Juni 2026" in day["invitation"]["derivation"]
    assert (day["kept"], day["hints"], found["missed"]) == (None, [], [])


@pytest.mark.parametrize(
    ("invited_on", "kept", "words"),
    [
        ("2026-06-10", True, None),
        ("2026-06-11", False, "nur als dringlich mit verkürzter Ladungsfrist"),
        ("2026-06-23", False, "auch die verkürzte Ladungsfrist"),
    ],
)
def test_planning_tells_whether_the_invitation_was_in_time(
    councils: tuple[World, str], invited_on: str, kept: bool, words: str | None
) -> None:
    world, reference = councils
    day = scheduled(world, reference, "2026-06-25", invited_on=invited_on)["day"]
    assert day["kept"] is kept
    if words is None:
        assert day["hints"] == []
    else:
        [hint] = day["hints"]
        assert words in hint
        assert "nächsten Sitzung" in hint


def test_the_day_of_the_invitation_may_be_known_from_before(councils: tuple[World, str]) -> None:
    world, reference = councils
    scheduled(world, reference, "2026-06-25", invited_on="2026-06-11")
    assert scheduled(world, reference, "2026-06-25", place="Ratssaal")["day"]["kept"] is False


def test_a_meeting_in_the_session_free_time_is_planned_with_a_hint(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    found = scheduled(world, reference, "2026-08-04", invited_on="2026-07-01")
    assert found["sitting"]["held_on"] == "2026-08-04"
    assert found["day"]["session_free"]["name"] == "Sommerferien 2026"
    assert found["day"]["hints"] == [
        "Der 04.08.2026 liegt in der sitzungsfreien Zeit der Stadt Kamen "
        "(Sommerferien 2026, 20.07.2026 bis 01.09.2026)."
    ]


def test_the_office_changes_the_invitation_period(world: World) -> None:
    clerk = world.as_("sb.kamen")
    answer = ok(clerk.post(f"/bodies/{KAMEN}/invitation-period", json={"regular": PERIOD}))
    assert (answer["now"]["regular"]["count"], answer["now"]["urgent"]) == (6, None)
    assert (answer["before"]["regular"]["count"], answer["before"]["urgent"]["count"]) == (12, 3)
    found = ok(clerk.get(CALENDAR, params={"meeting_on": "2026-12-15"}))
    assert found["invitation_period"] == answer["now"]
    assert found["meeting_day"]["invitation"]["latest_on"] == "2026-12-08"
    assert "nicht geprüft" not in found["meeting_day"]["invitation"]["derivation"]
    assert found["meeting_day"]["invitation_urgent"] is None


@pytest.mark.parametrize(
    "changes", [{"count": 0}, {"count": 61}, {"unit": "months"}, {"source": ""}, {"more": 1}]
)
def test_a_period_that_is_none_changes_nothing(world: World, changes: dict[str, object]) -> None:
    clerk = world.as_("sb.kamen")
    before = ok(clerk.get(CALENDAR))
    wanted = {"regular": {**PERIOD, **changes}}
    refused(clerk.post(f"/bodies/{KAMEN}/invitation-period", json=wanted), 422, "invalid-input")
    assert ok(clerk.get(CALENDAR)) == before


def test_session_free_times_are_entered_and_removed(world: World) -> None:
    legal, path = world.as_("recht.kamen"), f"/bodies/{KAMEN}/session-free-periods"
    before = ok(legal.get(CALENDAR))
    response = legal.post(path, json=CARNIVAL, headers={"Idempotency-Key": "karneval"})
    entered = ok(response)
    assert response.status_code == 201
    again = legal.post(path, json=CARNIVAL, headers={"Idempotency-Key": "karneval"})
    assert ok(again) == entered
    refused(legal.post(path, json=CARNIVAL), 409, "session-free-overlap")
    assert entered in ok(legal.get(CALENDAR))["session_free_periods"]
    assert ok(legal.delete(f"{path}/{entered['id']}")) == before
    refused(legal.delete(f"{path}/{entered['id']}"), 404, "session-free-unknown")


def test_a_time_that_ends_before_it_begins_is_refused(world: World) -> None:
    wanted = CARNIVAL | {"last_day": "2027-02-03"}
    response = world.as_("admin").post(f"/bodies/{KAMEN}/session-free-periods", json=wanted)
    refused(response, 422, "session-free-backward")


def test_another_bodys_office_may_not(world: World) -> None:
    other = world.as_("recht.kamen")
    problem = refused(
        other.post(f"/bodies/{BERGKAMEN}/session-free-periods", json=CARNIVAL), 403, "not-permitted"
    )
    assert "Verwaltung der Stadt Bergkamen" in problem["detail"]
    response = other.post(f"/bodies/{BERGKAMEN}/invitation-period", json={"regular": PERIOD})
    refused(response, 403, "not-permitted")


def test_an_unknown_body_has_no_calendar(world: World) -> None:
    refused(world.as_("admin").get("/bodies/99999/calendar"), 404, "body-unknown")


def test_who_changed_what_and_when_is_kept(world: World) -> None:
    clerk, path = world.as_("sb.kamen"), f"/bodies/{KAMEN}/changes"
    assert ok(clerk.get(path))["items"] == []
    ok(clerk.post(f"/bodies/{KAMEN}/invitation-period", json={"regular": PERIOD}))
    entered = ok(clerk.post(f"/bodies/{KAMEN}/session-free-periods", json=CARNIVAL))
    refused(
        clerk.post(f"/bodies/{KAMEN}/session-free-periods", json=CARNIVAL),
        409,
        "session-free-overlap",
    )
    admin = world.as_("admin")
    ok(admin.delete(f"/bodies/{KAMEN}/session-free-periods/{entered['id']}"))
    removed, added, period = ok(clerk.get(path))["items"]
    assert (removed["kind"], removed["changed_by"]) == ("session_free_removed", "Robin Falkenrath")
    assert (removed["before"], removed["after"]) == (CARNIVAL, None)
    assert (added["kind_label"], added["before"]) == ("sitzungsfreie Zeit eingetragen", None)
    assert (added["after"], added["changed_by"]) == (CARNIVAL, "Sven Dierksmeier")
    assert period["before"]["regular"]["count"] == 12
    assert period["after"] == {"regular": PERIOD, "urgent": None}
    page = ok(clerk.get(path, params={"limit": 2}))
    older = ok(clerk.get(path, params={"limit": 2, "cursor": page["next_cursor"]}))
    assert older["items"] == [period]


def test_the_record_of_changes_is_for_the_own_people(world: World) -> None:
    refused(world.as_("sb.luenen").get(f"/bodies/{KAMEN}/changes"), 403, "not-permitted")
