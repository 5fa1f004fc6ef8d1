"""Bad input is refused before anything is written, with field and reason in German."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from agreements.model.cases import Case
from agreements.model.councils import Resolution
from agreements.model.records import JournalEntry
from tests.api.world import (
    BERGKAMEN,
    KAMEN,
    SCHWERTE,
    START,
    TOMORROW,
    YESTERDAY,
    World,
    finance_plan,
    ok,
    refused,
)


def _rows(world: World, table: type) -> int:
    with world.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"parties": [SCHWERTE, "05999999"]}, "party-unknown", "parties"),
        ({"parties": [SCHWERTE, KAMEN, KAMEN]}, "party-doubled", "parties"),
        ({"lead": BERGKAMEN, "parties": [SCHWERTE, KAMEN]}, "lead-not-a-party", "lead"),
        (
            {"applicant": BERGKAMEN, "parties": [SCHWERTE, KAMEN]},
            "applicant-not-a-party",
            "applicant",
        ),
        ({"applicant": None}, "applicant-missing", "applicant"),
        ({"programme": "gibt-es-nicht"}, "programme-unknown", "programme"),
        ({"started_on": TOMORROW}, "date-in-future", "started_on"),
        ({"started_on": "31.02.2026"}, "invalid-input", "started_on"),
        ({"title": ""}, "invalid-input", "title"),
        ({"titel": "Vertippt"}, "invalid-input", "titel"),
        ({"instrument": "handshake"}, "invalid-input", "instrument"),
    ],
)
def test_a_case_is_not_started(
    world: World, changes: dict[str, Any], code: str, field: str
) -> None:
    response = world.as_("recht.schwerte").post("/cases", json={**START, **changes})
    problem = refused(response, 422, code)
    assert problem["field"] == field
    assert _rows(world, Case) == 0


def test_the_wrong_instrument_names_what_is_accepted(world: World) -> None:
    response = world.as_("recht.schwerte").post("/cases", json={**START, "instrument": "x"})
    assert "mandating_agreement" in refused(response, 422, "invalid-input")["accepted"]


def test_all_errors_of_an_input_are_named_at_once(world: World) -> None:
    response = world.as_("recht.schwerte").post("/cases", json={"title": "Smart Region"})
    problem = refused(response, 422, "invalid-input")
    assert {error["field"] for error in problem["errors"]} == {
        "subject",
        "parties",
        "lead",
        "started_on",
    }
    assert "„lead“ fehlt." in problem["detail"]


def test_broken_json_is_refused(world: World) -> None:
    response = world.as_("recht.schwerte").post(
        "/cases", content=b"{", headers={"Content-Type": "application/json"}
    )
    problem = refused(response, 422, "invalid-input")
    assert problem["detail"] == "Die Eingabe ist kein gültiges JSON."


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"votes": {"yes": 900, "no": 1}}, "too-many-votes", "votes"),
        ({"votes": {"yes": 1, "no": 5}}, "no-majority", "outcome"),
        ({"votes": {"yes": -1}}, "invalid-input", "votes.yes"),
        ({"votes": {"yes": "viele"}}, "invalid-input", "votes.yes"),
        ({"decided_on": TOMORROW}, "date-in-future", "decided_on"),
        ({"decided_on": YESTERDAY}, "date-too-early", "decided_on"),
        ({"text_hash": "0" * 64}, "other-text", "text_hash"),
        ({"text_hash": "kein Hash"}, "invalid-input", "text_hash"),
        ({"outcome": "vielleicht"}, "invalid-input", "outcome"),
    ],
)
def test_a_resolution_is_not_recorded(
    councils: tuple[World, str], changes: dict[str, Any], code: str, field: str
) -> None:
    world, reference = councils
    before = _rows(world, Resolution), _rows(world, JournalEntry)
    act = world.resolution(reference, **changes)
    clerk = world.as_("sb.kamen")
    by_noun = refused(clerk.post(f"/cases/{reference}/resolutions", json=act), 422, code)
    assert by_noun["field"] == field
    task = world.task("sb.kamen", "record_resolution")
    content = {"kind": "record_resolution", **act}
    by_task = refused(clerk.post(f"/tasks/{task['id']}/complete", json=content), 422, code)
    assert by_task["field"] == field
    assert by_task["detail"] == by_noun["detail"]
    assert (_rows(world, Resolution), _rows(world, JournalEntry)) == before


def test_a_task_takes_only_its_own_kind_of_act(councils: tuple[World, str]) -> None:
    world, _ = councils
    path = f"/tasks/{world.task('sb.kamen', 'record_resolution')['id']}/complete"
    clerk = world.as_("sb.kamen")
    other = {"kind": "confirm_resolutions", "confirmed_on": YESTERDAY}
    assert refused(clerk.post(path, json=other), 422, "wrong-act")["field"] == "kind"
    for content in ({"kind": "erfunden"}, {}):
        assert refused(clerk.post(path, json=content), 422, "invalid-input")["field"] == "kind"


def test_somebody_elses_task_stays_open(councils: tuple[World, str]) -> None:
    world, reference = councils
    task = world.task("sb.kamen", "record_resolution")
    act = world.resolution(reference)
    content = {"kind": "record_resolution", **act}
    path = f"/tasks/{task['id']}/complete"
    # The same body, another role; a body that sees everything; a body that sees nothing of it.
    for username, status, code in (
        ("unterschrift.kamen", 403, "task-of-others"),
        ("recht.schwerte", 403, "task-of-others"),
        ("sb.bergkamen", 404, "task-unknown"),
        ("admin", 404, "task-unknown"),
    ):
        refused(world.as_(username).post(path, json=content), status, code)
    by_noun = world.as_("sb.bergkamen").post(
        f"/cases/{reference}/resolutions", json=act, params={"body": KAMEN}
    )
    refused(by_noun, 403, "task-of-others")
    assert world.task("sb.kamen", "record_resolution") == task


def test_signing_before_the_resolutions_says_what_is_missing(councils: tuple[World, str]) -> None:
    world, reference = councils
    response = world.as_("unterschrift.kamen").post(
        f"/cases/{reference}/signatures", json=world.signature(reference)
    )
    problem = refused(response, 409, "no-open-task")
    assert "Unterzeichnung: noch nicht an der Reihe." in problem["detail"]
    assert "Prüfung der Beschlusslage" in problem["detail"]


def test_an_unknown_body_is_named(councils: tuple[World, str]) -> None:
    world, reference = councils
    response = world.as_("sb.kamen").post(
        f"/cases/{reference}/resolutions",
        json=world.resolution(reference),
        params={"body": "05999999"},
    )
    assert refused(response, 404, "body-unknown")["field"] == "body"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grant": "1000.00"}, "plan.own_contributions"),
        ({"grant": "99999999.00"}, "plan.own_contributions"),
    ],
)
def test_sums_that_do_not_add_up_are_refused(
    councils: tuple[World, str], changes: dict[str, Any], field: str
) -> None:
    world, reference = councils
    response = world.as_("recht.kreis-unna").post(
        f"/cases/{reference}/finance-plan", json=finance_plan(**changes)
    )
    problem = refused(response, 422, "financing-does-not-add-up")
    assert problem["field"] == field
    assert "deckt die Ausgaben von" in problem["detail"]


def test_another_text_is_not_signed(world: World) -> None:
    reference = world.to_signing()
    response = world.as_("unterschrift.kamen").post(
        f"/cases/{reference}/signatures", json=world.signature(reference, text_hash="0" * 64)
    )
    assert refused(response, 422, "other-text")["accepted"] == world.text_hash(reference)


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x85"])
def test_control_characters_are_no_text(councils: tuple[World, str], sign: str) -> None:
    world, _ = councils
    task = world.task("sb.kamen", "record_resolution")
    client, text = world.as_("sb.kamen"), f"Der Rat{sign} tagt später."
    entries: list[tuple[str, dict[str, str]]] = [
        ("due-date", {"due_on": "2026-12-17", "reason": text}),
        ("delegate", {"to": "sb.kamen", "note": text}),
        ("comments", {"text": text}),
    ]
    for action, content in entries:
        problem = refused(
            client.post(f"/tasks/{task['id']}/{action}", json=content), 422, "invalid-input"
        )
        assert "enthält Steuerzeichen" in problem["detail"]
    wanted = {"first_day": TOMORROW, "substitutions": [{"substitute": f"recht{sign}.kamen"}]}
    refused(client.post("/absences", json=wanted), 422, "invalid-input")


def test_what_the_database_cannot_take_is_refused_and_not_a_fault(world: World) -> None:
    wanted = {"first_day": TOMORROW, "substitutions": [{"substitute": "recht.kamen", "body": "\0"}]}
    refused(world.as_("sb.kamen").post("/absences", json=wanted), 422, "not-storable")
    assert ok(world.as_("sb.kamen").get("/absences"))["own"] == []
    refused(world.as_("recht.schwerte").get("/cases/%00"), 422, "not-storable")


def test_a_year_that_is_a_slip_is_refused_and_spoils_no_calendar(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task = world.task("sb.kamen", "record_resolution")
    client = world.as_("sb.kamen")
    for slip, code in (("9999-12-31", "day-too-far"), ("0001-01-01", "day-too-long-ago")):
        entries = (
            (f"/tasks/{task['id']}/due-date", {"due_on": slip, "reason": "Der Rat tagt später."}),
            (f"/tasks/{task['id']}/planning", {"follow_up_on": slip}),
            ("/absences", {"first_day": slip}),
            ("/absences", {"first_day": TOMORROW, "last_day": slip}),
        )
        for path, content in entries:
            problem = refused(client.post(path, json=content), 422, code)
            assert "Bitte das Jahr prüfen." in problem["detail"]
    assert world.task("sb.kamen", "record_resolution") == task
    made = ok(client.post("/calendars", json={"name": "Telefon"}))
    address = made["url"].rsplit("/", 1)[1]
    assert world.client().get(f"/calendars/{address}").status_code == 200
