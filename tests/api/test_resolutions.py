"""What happens to a resolution over HTTP: shown, once only, and files as they are."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from agreements.extracts import LARGEST
from tests.api.world import KAMEN, SCHWERTE, TODAY, TOMORROW, World, ok

PDF = b"%PDF-1.7\nAuszug"
OBJECTION = {"happened_on": TODAY, "reason": "Die Ausgabe ist nicht gedeckt."}


def _decided(councils: tuple[World, str]) -> tuple[World, str, str]:
    """Kamen has adopted; the case's address and the resolution's."""
    world, reference = councils
    for _ in range(2):
        world.resolve(reference, KAMEN)
    case = f"/cases/{reference}"
    return world, case, f"{case}/resolutions/{_shown(world, case)['id']}"


def _consultation(world: World, case: str) -> dict[str, Any]:
    papers = ok(world.as_("sb.kamen").get(f"{case}/resolutions"))["items"]
    consultations: list[dict[str, Any]] = [
        c for p in papers if p["body"]["ags"] == KAMEN for c in p["consultations"]
    ]
    return next(c for c in consultations if c["role"] == "decision")


def _shown(world: World, case: str) -> dict[str, Any]:
    shown: dict[str, Any] = _consultation(world, case)["resolutions"][-1]
    return shown


def _upload(
    world: World,
    resolution: str,
    content: bytes = PDF,
    username: str = "sb.kamen",
    **headers: str,
) -> httpx.Response:
    given = {"Content-Type": "application/pdf"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return world.as_(username).post(
        f"{resolution}/extract", content=content, headers=given, params={"file_name": "Auszug.pdf"}
    )


def test_a_resolution_says_what_it_is_worth_and_why(councils: tuple[World, str]) -> None:
    world, case, resolution = _decided(councils)
    assert _shown(world, case)["worth"] == "holds"
    answer = ok(world.as_("sb.kamen").post(f"{resolution}/objection", json=OBJECTION))
    assert (answer["worth"], answer["worth_label"]) == (
        "suspended",
        "beanstandet, aufschiebend",
    )
    (record,) = answer["records"]
    assert (record["kind"], record["by"]) == ("objection", "Bürgermeisterin")
    assert record["legal_basis"] == "§ 54 GO NRW"
    assert answer["outcome"] == "adopted"


def test_with_its_key_an_act_happens_once(councils: tuple[World, str]) -> None:
    world, _, resolution = _decided(councils)
    clerk, key = world.as_("sb.kamen"), {"Idempotency-Key": "einmal"}
    first = clerk.post(f"{resolution}/objection", json=OBJECTION, headers=key)
    again = clerk.post(f"{resolution}/objection", json=OBJECTION, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    refused = clerk.post(f"{resolution}/objection", json=OBJECTION)
    assert (refused.status_code, refused.json()["code"]) == (409, "already-objected")


def test_what_cannot_be_seen_does_not_exist(councils: tuple[World, str]) -> None:
    world, _, resolution = _decided(councils)
    refused = world.as_("sb.bergkamen").post(f"{resolution}/objection", json=OBJECTION)
    assert (refused.status_code, refused.json()["code"]) == (404, "resolution-unknown")
    refused = world.as_("recht.bergkamen").post(f"{resolution}/objection", json=OBJECTION)
    assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")


def test_a_correction_shows_both_entries(councils: tuple[World, str]) -> None:
    world, case, resolution = _decided(councils)
    entry = {
        "outcome": "adopted",
        "decided_on": TODAY,
        "text_hash": _shown(world, case)["text_hash"],
        "votes": {"yes": 20, "no": 3, "abstained": 1},
    }
    wanted = {"entry": entry, "reason": "Abgleich mit der Niederschrift."}
    answer = ok(world.as_("recht.kamen").post(f"{resolution}/correction", json=wanted))
    wrong, right = _consultation(world, case)["resolutions"]
    assert right == answer
    assert right["corrects_id"] == wrong["id"]
    assert right["votes"] == {"yes": 20, "no": 3, "abstained": 1}
    assert (wrong["worth"], right["worth"]) == ("void", "holds")
    assert [record["kind"] for record in wrong["records"]] == ["correction"]


def test_a_wrong_field_of_the_right_entry_is_named(councils: tuple[World, str]) -> None:
    world, case, resolution = _decided(councils)
    entry = {
        "outcome": "adopted",
        "decided_on": TOMORROW,
        "text_hash": _shown(world, case)["text_hash"],
    }
    wanted = {"entry": entry, "reason": "Abgleich mit der Niederschrift."}
    problem = world.as_("recht.kamen").post(f"{resolution}/correction", json=wanted).json()
    assert (problem["code"], problem["field"]) == ("date-in-future", "entry.decided_on")


def test_an_urgent_decision_is_shown_with_those_who_signed(councils: tuple[World, str]) -> None:
    world, reference = councils
    case = f"/cases/{reference}"
    signatories = [
        {"name": "Elke Rappholt", "function": "Bürgermeisterin", "capacity": "head"},
        {"name": "Uwe Beispiel", "function": "Ratsmitglied", "capacity": "member"},
    ]
    wanted = {
        "stage": "head_and_member",
        "decided_on": TODAY,
        "text_hash": world.text_hash(reference),
        "reason": "Die Antragsfrist endet morgen.",
        "main_committee_prevented": "Er kann nicht geladen werden.",
        "harm": "Die Förderung verfällt.",
        "signatories": signatories,
    }
    answer = ok(world.as_("sb.kamen").post(f"{case}/urgent-decisions", json=wanted))
    assert answer["urgent"]["stage"] == "head_and_member"
    assert answer["urgent"]["signatories"] == signatories
    task = world.task("sb.kamen", "confirm_urgent_decision")
    confirmed = {"confirmed": True, "decided_on": TODAY, "votes": {"yes": 20, "no": 1}}
    done = ok(world.as_("sb.kamen").post(f"{case}/urgent-decisions/confirmation", json=confirmed))
    assert done["task"]["id"] == task["id"]
    assert [r["kind"] for r in _shown(world, case)["records"]] == ["confirmation"]


def test_an_extract_comes_back_as_it_was_filed(councils: tuple[World, str]) -> None:
    world, case, resolution = _decided(councils)
    filed = ok(_upload(world, resolution))
    assert (filed["number"], filed["media_type"]) == (1, "application/pdf")
    (shown,) = _shown(world, case)["extracts"]
    assert shown == filed
    response = world.as_("recht.schwerte").get(f"/documents/{filed['document_id']}/content")
    assert response.content == PDF
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-disposition"].startswith("attachment;")
    listed = ok(world.as_("sb.kamen").get(f"{case}/documents"))["items"]
    assert [d["purpose"] for d in listed] == ["minutes_extract"]
    hidden = world.as_("sb.bergkamen").get(f"/documents/{filed['document_id']}/content")
    assert hidden.status_code == 404


def test_a_replaced_extract_can_still_be_read(councils: tuple[World, str]) -> None:
    world, case, resolution = _decided(councils)
    first = ok(_upload(world, resolution))
    second = ok(_upload(world, resolution, PDF + b" mit Siegel"))
    assert [e["number"] for e in _shown(world, case)["extracts"]] == [1, 2]
    for filed, content in ((first, PDF), (second, PDF + b" mit Siegel")):
        response = world.as_("sb.kamen").get(f"/documents/{filed['document_id']}/content")
        assert response.content == content


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"MZ", "application/pdf", "file-not-as-claimed"),
        (b"<script>", "text/html", "file-type"),
        (b"", "application/pdf", "file-empty"),
    ],
)
def test_a_file_that_is_not_taken(
    councils: tuple[World, str], content: bytes, media_type: str, code: str
) -> None:
    world, case, resolution = _decided(councils)
    response = _upload(world, resolution, content, Content_Type=media_type)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert _shown(world, case)["extracts"] == []


def test_a_file_that_is_too_large_is_refused_by_its_length(councils: tuple[World, str]) -> None:
    world, _, resolution = _decided(councils)
    response = _upload(world, resolution, b"%PDF-" + b" " * LARGEST)
    assert (response.status_code, response.json()["code"]) == (422, "file-too-large")


def test_a_meeting_is_planned_and_shown(councils: tuple[World, str]) -> None:
    world, reference = councils
    case = f"/cases/{reference}"
    consultation = _consultation(world, case)
    wanted = {"held_on": TOMORROW, "number": "5/2026", "agenda_item": "Ö 7", "place": "Ratssaal"}
    path = f"{case}/consultations/{consultation['id']}/meeting"
    answer = ok(world.as_("sb.kamen").post(path, json=wanted))
    assert answer["sitting"] == {
        "held_on": TOMORROW,
        "meeting": "5/2026",
        "agenda_item": "Ö 7",
        "place": "Ratssaal",
    }
    assert _consultation(world, case)["sittings"] == [answer["sitting"]]
    assert world.as_("sb.bergkamen").post(path, json=wanted).status_code == 404


def test_the_days_that_a_meeting_would_miss_are_told(councils: tuple[World, str]) -> None:
    world, reference = councils
    consultation = _consultation(world, f"/cases/{reference}")
    path = f"/cases/{reference}/consultations/{consultation['id']}/meeting"
    answer = ok(world.as_("sb.kamen").post(path, json={"held_on": "2099-01-15"}))
    assert len(answer["missed"]) == 1
    assert "Antragsfrist" in answer["missed"][0]


def test_a_result_is_read_as_a_proposal(world: World) -> None:
    wanted = {"text": "mit Stimmenmehrheit bei 2 Enthaltungen abgelehnt"}
    answer = ok(world.as_("sb.kamen").post("/results/read", json=wanted))
    assert (answer["outcome"], answer["proposal"]) == ("rejected", "rejected")
    assert answer["votes"] == {"yes": None, "no": None, "abstained": 2}
    asked = ok(world.as_("sb.kamen").post("/results/read", json={"text": "Nun ja."}))
    assert (asked["proposal"], asked["certain"]) == (None, False)


def test_lists_of_the_others_do_not_tell(councils: tuple[World, str]) -> None:
    world, case, resolution = _decided(councils)
    ok(world.as_("sb.kamen").post(f"{resolution}/objection", json=OBJECTION))
    papers = ok(world.as_("sb.schwerte").get(f"{case}/resolutions"))["items"]
    assert {paper["body"]["ags"] for paper in papers} == {SCHWERTE}
