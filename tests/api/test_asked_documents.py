"""Documents that people ask for: what is offered, who may, and what becomes of it."""

from __future__ import annotations

import io
from typing import Any

import docx
import httpx
import pytest

from tests.agreements.documents.reading import text_of
from tests.api.world import BERGKAMEN, KAMEN, KREIS, SCHWERTE, TODAY, TOMORROW, World, ok, refused

Councils = tuple[World, str]
DATED = {"dated_on": TODAY}
MINUTES: dict[str, Any] = {
    "dated_on": TODAY,
    "session_number": 1,
    "held_on": TODAY,
    "starts_at": "14:00",
    "ends_at": "15:30",
    "place": "Kreishaus",
    "chair": "Landrätin Muster",
    "minute_taker": "Selma Schreib",
    "attendance": [
        {"body": SCHWERTE, "persons": ["Jonas Beispiel"]},
        {"body": KREIS, "persons": ["Martin Muster"]},
        {"body": KAMEN, "persons": ["Erika Exempel", "Till Protokoll"]},
        {"body": BERGKAMEN},
    ],
    "quorum": 3,
    "quorum_basis": "§ 6 Absatz 3 der Vereinbarung",
    "items": [
        {
            "title": "Müller & Söhne <GmbH>",
            "resolution": "Der Vertrag wird geschlossen.",
            "yes": 2,
            "no": 1,
            "abstained": 0,
            "adopted": True,
        }
    ],
}


def ask(
    world: World, reference: str, username: str, kind: str, content: object, **query: str
) -> httpx.Response:
    path = f"/cases/{reference}/documents/{kind}"
    return world.as_(username).post(path, json=content, params=query)


def kinds(world: World, reference: str, username: str) -> dict[str, dict[str, Any]]:
    found = ok(world.as_(username).get(f"/cases/{reference}/document-kinds"))["items"]
    return {entry["kind"]: entry for entry in found}


def content(world: World, username: str, location: str) -> str:
    response = world.as_(username).get(world.address + location)
    assert response.is_success
    docx.Document(io.BytesIO(response.content))
    return text_of(response.content)


def test_what_is_offered_and_why_not(councils: Councils) -> None:
    world, reference = councils
    lead = kinds(world, reference, "recht.schwerte")
    assert lead["case_file"]["objection"] is None
    assert lead["case_file"]["body"]["ags"] == SCHWERTE
    assert lead["case_file"]["particulars"]["required"] == ["dated_on"]
    assert "Es fehlt der Beschluss von" in lead["signing_set"]["objection"]
    assert "Der Eingang des Antrags" in lead["fiction_note"]["objection"]
    assert (
        "Bekanntmachung fehlt"
        in kinds(world, reference, "sb.kamen")["publication_notice"]["objection"]
    )
    kamen = kinds(world, reference, "recht.kamen")
    assert kamen["case_file"]["body"]["ags"] == KAMEN
    assert "federführenden Körperschaft" in kamen["signing_set"]["objection"]
    properties = lead["steering_minutes"]["particulars"]["properties"]
    assert properties["quorum_basis"]["examples"] == ["§ 6 Absatz 3 der Vereinbarung"]


def test_asking_again_makes_the_next_number_and_the_earlier_stays(councils: Councils) -> None:
    world, reference = councils
    first = ask(world, reference, "recht.kamen", "case_file", DATED)
    assert first.status_code == 201
    assert first.json()["body"]["ags"] == KAMEN
    assert first.headers["location"] == f"/api/v1/documents/{first.json()['id']}/content"
    second = ok(ask(world, reference, "recht.kamen", "case_file", DATED))
    assert (first.json()["number"], second["number"]) == (1, 2)
    assert second["file_name"].endswith(" (2).docx")
    said = content(world, "recht.kamen", first.headers["location"])
    assert f"Vorgangsakte {reference}" in said
    assert "Stadt Kamen" in said
    last = ok(world.as_("recht.kamen").get(f"/cases/{reference}/journal?limit=200"))["items"][-1]
    assert (last["event"], last["actor"]) == ("document_written", "Nadine Feldkötter")
    assert last["data"]["purpose"] == "case_file"


def test_the_list_of_all_documents_is_for_legal_staff(councils: Councils) -> None:
    world, reference = councils
    location = ask(world, reference, "recht.kamen", "case_file", DATED).headers["location"]
    for username in ("sb.kamen", "kaemmerer.kreis-unna", "sb.bergkamen"):
        refused(world.as_(username).get(world.address + location), 404, "document-unknown")
    assert world.as_("recht.bergkamen").get(world.address + location).is_success


def test_minutes_are_written_from_what_the_lead_says(councils: Councils) -> None:
    world, reference = councils
    response = ask(world, reference, "sb.schwerte", "steering_minutes", MINUTES)
    assert response.status_code == 201, response.text
    # Every party may read them.
    said = content(world, "sb.bergkamen", response.headers["location"])
    assert "Vertreten: 3 von 4 Stimmen; erforderlich: 3" in said
    assert "Nicht vertreten ist die Stadt Bergkamen." in said
    assert "Müller & Söhne <GmbH>" in said
    assert "Abstimmung: 2 Ja, 1 Nein, 0 Enthaltungen. Der Antrag ist angenommen." in said
    assert "Erika Exempel; Till Protokoll" in said


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"attendance": MINUTES["attendance"][:3]}, "attendance-incomplete", "attendance"),
        ({"quorum": 4}, "not-quorate", "items.0.resolution"),
        (
            {"items": [{"title": "Antrag", "resolution": "So.", "yes": 9}]},
            "too-many-votes",
            "items.0.yes",
        ),
        ({"starts_at": "25:00"}, "invalid-input", "starts_at"),
        ({"items": []}, "invalid-input", "items"),
        ({"ort": "Kreishaus"}, "invalid-input", "ort"),
        ({"dated_on": TOMORROW}, "date-in-future", "dated_on"),
        ({"dated_on": "2020-01-01", "held_on": "2020-01-01"}, "date-too-early", "dated_on"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_written(
    councils: Councils, changes: dict[str, Any], code: str, field: str
) -> None:
    world, reference = councils
    before = ok(world.as_("recht.schwerte").get(f"/cases/{reference}/documents"))["items"]
    response = ask(world, reference, "sb.schwerte", "steering_minutes", MINUTES | changes)
    assert refused(response, 422, code)["field"] == field
    assert ok(world.as_("recht.schwerte").get(f"/cases/{reference}/documents"))["items"] == before


def test_who_may_not_ask(councils: Councils) -> None:
    world, reference = councils
    refused(ask(world, reference, "recht.schwerte", "gedicht", DATED), 404, "document-kind-unknown")
    refused(ask(world, reference, "sb.kamen", "case_file", DATED), 403, "not-permitted")
    refused(ask(world, reference, "recht.kamen", "fiction_note", DATED), 403, "not-permitted")
    refused(ask(world, reference, "sb.kamen", "steering_minutes", MINUTES), 403, "not-permitted")
    foreign = ask(world, reference, "recht.kamen", "case_file", DATED, body=BERGKAMEN)
    refused(foreign, 403, "not-permitted")
    refused(ask(world, reference, "recht.luenen", "case_file", DATED), 404, "case-unknown")
    refused(ask(world, reference, "admin", "case_file", DATED), 403, "contents-not-visible")


def test_what_is_not_ready_says_what_is_missing(councils: Councils) -> None:
    world, reference = councils
    asked = ask(world, reference, "recht.schwerte", "signing_set", DATED)
    problem = refused(asked, 409, "document-not-ready")
    assert "Bitte die Beschlüsse erfassen" in problem["detail"]
    notice = ask(world, reference, "sb.kamen", "publication_notice", DATED)
    refused(notice, 409, "document-not-ready")


def test_a_double_click_writes_one_document(councils: Councils) -> None:
    world, reference = councils
    path, key = f"/cases/{reference}/documents/case_file", {"Idempotency-Key": "einmal"}
    client = world.as_("recht.kamen")
    first, second = (client.post(path, json=DATED, headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    listed = ok(client.get(f"/cases/{reference}/documents"))["items"]
    assert [entry["purpose"] for entry in listed].count("case_file") == 1


def test_who_stands_in_asks_in_the_name_of_the_other(councils: Councils) -> None:
    world, reference = councils
    away = {"first_day": TODAY, "substitutions": [{"substitute": "sb.kamen"}]}
    ok(world.as_("recht.kamen").post("/absences", json=away))
    assert kinds(world, reference, "sb.kamen")["case_file"]["objection"] is None
    assert ask(world, reference, "sb.kamen", "case_file", DATED).status_code == 201
    last = ok(world.as_("recht.kamen").get(f"/cases/{reference}/journal?limit=200"))["items"][-1]
    assert (last["actor"], last["on_behalf_of"]) == ("Sven Dierksmeier", "Nadine Feldkötter")
