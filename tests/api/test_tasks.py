"""What a task shows to whoever has to decide, and what completing it answers."""

from __future__ import annotations

from tests.api.world import KAMEN, TODAY, World, ok


def test_a_resolution_task_shows_what_lies_before_the_committee(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    task = world.task("sb.kamen", "record_resolution")
    response = world.as_("sb.kamen").get(f"/tasks/{task['id']}")
    assert response.headers["etag"] == f'"{task["version"]}"'
    detail = ok(response)
    basis = detail["basis"]["consultation"]
    assert detail["task"] == task
    assert basis["committee"] == "Haupt- und Finanzausschuss"
    assert basis["role_label"] == "Empfehlung"
    assert basis["paper_dated_on"] == TODAY
    assert basis["text_hash"] == world.text_hash(reference)
    assert basis["paper_number"]
    assert basis["proposal"]
    committees = ok(world.as_("sb.kamen").get(f"/bodies/{KAMEN}"))["committees"]
    sizes = next(c for c in committees if c["name"] == basis["committee"])["sizes"]
    assert basis["voting_members_today"] == sizes[-1]["voting_members"]


def test_completing_opens_the_next_committee_at_once(councils: tuple[World, str]) -> None:
    world, reference = councils
    answer = world.resolve(reference, KAMEN)
    assert answer["task"]["state"] == "done"
    (opened,) = answer["opened"]
    assert opened["title"] == "Beschluss erfassen (Rat)"
    assert world.task("sb.kamen", "record_resolution") == opened
    assert world.resolve(reference, KAMEN)["opened"] == []


def test_unknown_votes_stay_unknown(councils: tuple[World, str]) -> None:
    world, reference = councils
    act = world.resolution(reference, votes={"no": 1, "abstained": 1})
    clerk = world.as_("sb.kamen")
    ok(clerk.post(f"/cases/{reference}/resolutions", json=act))
    (paper,) = ok(clerk.get(f"/cases/{reference}/resolutions"))["items"]
    first, second = paper["consultations"]
    assert first["resolutions"][0]["votes"] == {"yes": None, "no": 1, "abstained": 1}
    assert (first["state"], second["state"]) == ("held", "open")


def test_a_signature_task_shows_the_frozen_text(world: World) -> None:
    reference = world.to_signing()
    task = world.task("unterschrift.kamen", "record_signature")
    text = ok(world.as_("unterschrift.kamen").get(f"/tasks/{task['id']}"))["basis"]["text"]
    assert text["text_hash"] == world.text_hash(reference)
    assert text["frozen_on"] == TODAY


def test_a_submission_task_names_the_authority(world: World) -> None:
    world.to_authority()
    task = world.task("recht.schwerte", "submit_to_authority")
    approval = ok(world.as_("recht.schwerte").get(f"/tasks/{task['id']}"))["basis"]["approval"]
    assert approval["authority"] == "Bezirksregierung Arnsberg"
    assert approval["answer"] is None


def test_a_statement_task_shows_the_newest_version(world: World) -> None:
    world.to_coordination()
    task = world.task("sb.kamen", "give_statement")
    text = ok(world.as_("sb.kamen").get(f"/tasks/{task['id']}"))["basis"]["text"]
    assert (text["kind"], text["number"], text["frozen_on"]) == ("agreement", 1, None)


def test_the_case_carries_its_version(councils: tuple[World, str]) -> None:
    world, reference = councils
    response = world.as_("sb.kamen").get(f"/cases/{reference}")
    before = ok(response)["version"]
    assert response.headers["etag"] == f'"{before}"'
    world.resolve(reference, KAMEN)
    assert ok(world.as_("sb.kamen").get(f"/cases/{reference}"))["version"] > before


def test_what_is_missing_names_body_and_deed(councils: tuple[World, str]) -> None:
    world, reference = councils
    missing = {
        entry["stage"]: entry
        for entry in ok(world.as_("sb.kamen").get(f"/cases/{reference}/missing"))["items"]
    }
    councils_stage = missing["Beschlüsse der Räte"]
    assert councils_stage["awaits"] == "people"
    assert "Kamen: Empfehlung erfassen (Haupt- und Finanzausschuss)." in councils_stage["sentences"]
    assert missing["Prüfung der Beschlusslage"]["sentences"] == ["Wartet auf: Beschlüsse der Räte."]
    assert "Entwurf" not in missing
