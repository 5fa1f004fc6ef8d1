"""Calendars over HTTP: read without sign-in by their secret, and what they show of councils."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import httpx
from icalendar import Calendar, Event
from sqlalchemy import update

from agreements.clock import BERLIN
from agreements.model.councils import Consultation
from tests.api.world import World, ok, refused

MEETING = {"held_on": "2026-06-18", "starts_at": "17:30:00", "place": "Rathaus, Saal 1"}


def subscribe(world: World, username: str, **wanted: str) -> str:
    """A new calendar of the person; returns the path of its address."""
    answer = world.as_(username).post("/calendars", json={"name": "Fristen"} | wanted)
    assert answer.status_code == 201, answer.text
    url = str(answer.json()["url"])
    return url[url.index("/calendars/") :]


def fetch(world: World, path: str, **headers: str) -> httpx.Response:
    """Read a calendar as a calendar program does: without any sign-in."""
    return world.client(**headers).get(path)


def events(world: World, path: str) -> list[Event]:
    calendar = Calendar.from_ical(fetch(world, path).text)
    assert isinstance(calendar, Calendar)
    return calendar.events


def meetings(world: World, path: str) -> list[Event]:
    return [event for event in events(world, path) if ".meeting@" in str(event["UID"])]


def schedule(world: World, reference: str, **changes: str) -> str:
    """Kamen's committee deals with the paper on that day; returns the consultation's id."""
    consultation = str(world.task("sb.kamen", "record_resolution")["consultation_id"])
    path = f"/cases/{reference}/consultations/{consultation}/meeting"
    ok(world.as_("sb.kamen").post(path, json=MEETING | changes))
    return consultation


def test_a_calendar_is_read_without_sign_in_and_not_again_if_unchanged(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    path = subscribe(world, "sb.kamen")
    first = fetch(world, path)
    assert first.status_code == 200
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"].startswith("private")
    again = fetch(world, path, **{"If-None-Match": f'W/"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    schedule(world, reference)
    assert fetch(world, path, **{"If-None-Match": first.headers["etag"]}).status_code == 200


def test_a_revoked_calendar_is_gone(world: World) -> None:
    path = subscribe(world, "sb.kamen")
    clerk = world.as_("sb.kamen")
    [listed] = ok(clerk.get("/calendars"))["items"]
    assert "url" not in listed
    refused(world.as_("recht.kamen").delete(f"/calendars/{listed['id']}"), 404, "calendar-unknown")
    assert clerk.delete(f"/calendars/{listed['id']}").status_code == 204
    assert ok(clerk.get("/calendars"))["items"] == []
    refused(fetch(world, path), 404, "calendar-unknown")
    refused(fetch(world, "/calendars/geraten.ics"), 404, "calendar-unknown")


def test_a_meeting_has_its_hour_in_german_time(councils: tuple[World, str]) -> None:
    world, reference = councils
    path = subscribe(world, "sb.kamen")
    schedule(world, reference)
    text = fetch(world, path).text
    assert "BEGIN:VTIMEZONE" in text
    assert "DTSTART;TZID=Europe/Berlin:20260618T173000" in text
    [meeting] = meetings(world, path)
    begin = meeting.decoded("DTSTART")
    assert begin == datetime.combine(date(2026, 6, 18), time(17, 30), BERLIN)
    assert meeting["LOCATION"] == "Rathaus, Saal 1"
    assert str(meeting["SUMMARY"]).endswith(f", Stadt Kamen - {reference} Smart Region Kreis Unna")


def test_a_meeting_that_is_moved_is_cancelled_on_its_old_day(councils: tuple[World, str]) -> None:
    world, reference = councils
    path = subscribe(world, "sb.kamen")
    schedule(world, reference)
    [before] = meetings(world, path)
    schedule(world, reference, held_on="2026-06-25")
    after = {str(event["UID"]): event for event in meetings(world, path)}
    old = after.pop(str(before["UID"]))
    assert old["STATUS"] == "CANCELLED"
    assert int(str(old["SEQUENCE"])) > int(str(before["SEQUENCE"]))
    [new] = after.values()
    assert (new["STATUS"], new.decoded("DTSTART").date()) == ("CONFIRMED", date(2026, 6, 25))


def test_of_a_non_public_consultation_it_says_only_that_it_is(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    consultation = schedule(world, reference)
    own, lead = (
        subscribe(world, name, case=reference) for name in ("recht.kamen", "recht.schwerte")
    )
    assert (len(meetings(world, own)), len(meetings(world, lead))) == (1, 1)
    with world.sessions.begin() as session:
        session.execute(
            update(Consultation).where(Consultation.id == consultation).values(public=False)
        )
    [meeting] = meetings(world, own)
    assert str(meeting["SUMMARY"]).startswith("Nichtöffentliche Beratung - ")
    assert "LOCATION" not in meeting
    assert "DESCRIPTION" not in meeting
    assert meetings(world, lead) == []


def test_a_cases_calendar_is_for_its_parties(councils: tuple[World, str]) -> None:
    world, reference = councils
    wanted = {"name": "Vorgang", "case": reference}
    refused(world.as_("sb.luenen").post("/calendars", json=wanted), 404, "case-unknown")
    refused(world.as_("admin").post("/calendars", json=wanted), 403, "contents-not-visible")
    schedule(world, reference)
    for name, others in (("recht.schwerte", True), ("sb.bergkamen", False)):
        shown = str([event["SUMMARY"] for event in events(world, subscribe(world, name, **wanted))])
        assert ("Stadt Kamen" in shown) is others, shown


def test_the_authoritys_clock_stands_in_the_cases_calendar(world: World) -> None:
    reference = world.to_authority()
    path = subscribe(world, "recht.kamen", case=reference)
    sent: dict[str, Any] = {"applied_on": "2026-06-01", "received_on": "2026-06-01"}
    ok(world.as_("recht.schwerte").post(f"/cases/{reference}/approval/submission", json=sent))
    [clock] = [event for event in events(world, path) if ".clock@" in str(event["UID"])]
    assert clock["DTSTART"].params["VALUE"] == "DATE"
    assert clock.decoded("DTSTART") > date(2026, 6, 1)
    assert str(clock["SUMMARY"]) == (
        f"Fristende bei der Aufsichtsbehörde - {reference} Smart Region Kreis Unna"
    )
    assert "§ 188" in str(clock["DESCRIPTION"])
