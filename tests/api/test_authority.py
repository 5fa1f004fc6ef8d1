"""What each role sees and may do: by role and body."""

from __future__ import annotations

import pytest

from agreements import automation
from agreements.model.cases import Stage
from tests.api.world import AGREEMENT, BERGKAMEN, KAMEN, KREIS, SCHWERTE, World, ok, refused


def _tasks_of_others(world: World, reference: str) -> str:
    task = world.task("sb.bergkamen", "record_resolution")
    assert task["body"]["ags"] == BERGKAMEN
    return f"/tasks/{task['id']}"


def test_a_clerk_sees_only_the_own_body(councils: tuple[World, str]) -> None:
    world, reference = councils
    world.resolve(reference, KAMEN)
    world.resolve(reference, BERGKAMEN)
    clerk = world.as_("sb.kamen")
    case = f"/cases/{reference}"
    assert {t["body"]["ags"] for t in ok(clerk.get("/tasks"))["items"]} == {KAMEN}
    refused(clerk.get(_tasks_of_others(world, reference)), 404, "task-unknown")
    papers = ok(clerk.get(f"{case}/resolutions"))["items"]
    assert [paper["body"]["ags"] for paper in papers] == [KAMEN]
    statements = ok(clerk.get(f"{case}/statements"))["items"]
    assert [statement["body"]["ags"] for statement in statements] == [KAMEN]
    entries = ok(clerk.get(f"{case}/journal", params={"limit": 200}))["items"]
    assert {entry["body"]["ags"] for entry in entries if entry["body"]} == {KAMEN}
    assert any(entry["body"] is None for entry in entries)
    assert all(s["flow_run_id"] is None for s in ok(clerk.get(case))["stages"])
    refused(clerk.get(f"{case}/finance-plan"), 403, "funding-not-visible")
    refused(clerk.get(f"{case}/application"), 403, "funding-not-visible")


def test_legal_staff_of_a_party_see_the_whole_case(councils: tuple[World, str]) -> None:
    world, reference = councils
    world.resolve(reference, BERGKAMEN)
    legal = world.as_("recht.kamen")
    case = f"/cases/{reference}"
    ok(legal.get(_tasks_of_others(world, reference)))
    assert len(ok(legal.get(f"{case}/resolutions"))["items"]) == 4
    assert len(ok(legal.get(f"{case}/statements"))["items"]) == 4
    entries = ok(legal.get(f"{case}/journal", params={"limit": 200}))["items"]
    assert {KAMEN, BERGKAMEN, KREIS} <= {e["body"]["ags"] for e in entries if e["body"]}
    assert any(s["flow_run_id"] for s in ok(legal.get(case))["stages"])


def test_what_others_have_to_do_is_seen_but_not_offered(councils: tuple[World, str]) -> None:
    world, reference = councils
    path = _tasks_of_others(world, reference)
    assert ok(world.as_("recht.kamen").get(path))["offered"] == []
    refused(world.as_("recht.kamen").post(f"{path}/claim"), 403, "task-of-others")
    offered = ok(world.as_("sb.bergkamen").get(path))["offered"]
    assert {entry["action"]: entry["objections"] for entry in offered} == {
        "claim": [],
        "release": ["Die Aufgabe ist nicht von Ihnen übernommen."],
        "delegate": ["Die Aufgabe ist nicht von Ihnen übernommen."],
        "hand_back": [
            "Die Aufgabe ist weder Ihnen zur Bearbeitung gegeben, noch haben Sie sie jemandem "
            "gegeben."
        ],
        "complete": [],
    }


def test_a_stranger_learns_nothing_of_a_case(councils: tuple[World, str]) -> None:
    world, reference = councils
    stranger = world.as_("recht.luenen")
    assert ok(stranger.get("/cases"))["items"] == []
    assert ok(stranger.get("/tasks"))["items"] == []
    for path in ("", "/missing", "/journal", "/versions", "/documents", "/resolutions"):
        refused(stranger.get(f"/cases/{reference}{path}"), 404, "case-unknown")
    missing = refused(stranger.get("/cases/IKZ-2026-9999"), 404, "case-unknown")
    hidden = refused(stranger.get(f"/cases/{reference}"), 404, "case-unknown")
    assert missing["detail"].replace("IKZ-2026-9999", reference) == hidden["detail"]


def test_an_admin_sees_the_course_but_not_the_contents(councils: tuple[World, str]) -> None:
    world, reference = councils
    admin = world.as_("admin")
    case = f"/cases/{reference}"
    assert any(stage["flow_run_id"] for stage in ok(admin.get(case))["stages"])
    ok(admin.get(f"{case}/missing"))
    entries = ok(admin.get(f"{case}/journal"))["items"]
    assert entries
    assert not any(entry["data"] for entry in entries)
    assert any(e["data"] for e in ok(world.as_("recht.kamen").get(f"{case}/journal"))["items"])
    assert [line["reference"] for line in ok(admin.get("/cases"))["items"]] == [reference]
    for path in ("versions", "statements", "resolutions", "signatures", "documents", "approval"):
        refused(admin.get(f"{case}/{path}"), 403, "contents-not-visible")


def test_only_legal_staff_of_the_lead_start_cases_and_write_texts(world: World) -> None:
    reference = world.start()
    path = f"/cases/{reference}/versions"
    for username in ("recht.kamen", "sb.schwerte", "unterschrift.kamen"):
        refused(world.as_(username).post(path, json=AGREEMENT), 403, "not-permitted")
    refused(world.as_("admin").post(path, json=AGREEMENT), 403, "contents-not-visible")
    version = ok(world.as_("recht.schwerte").post(path, json=AGREEMENT))
    assert (version["kind"], version["number"], version["frozen_on"]) == ("agreement", 1, None)
    assert ok(world.as_("sb.kamen").get(f"{path}/agreement/1"))["content"]["title"]
    refused(world.as_("sb.kamen").get(f"{path}/agreement/2"), 404, "version-unknown")


def _halted(world: World) -> str:
    with world.sessions.begin() as session:
        stage = next(s for s in automation.live_stages(session) if s.key == "agreement_councils")
        assert automation.halt(session, stage.id, "In Prefect abgebrochen.")
        return str(stage.id)


@pytest.mark.parametrize("username", ["admin", "recht.schwerte"])
def test_admin_and_lead_lift_a_halt(councils: tuple[World, str], username: str) -> None:
    world, reference = councils
    path = f"/cases/{reference}/stages/{_halted(world)}/lift-halt"
    refused(world.as_("recht.kamen").post(path), 403, "not-an-operator")
    refused(world.as_("sb.schwerte").post(path), 403, "not-an-operator")
    stage = ok(world.as_(username).post(path))
    assert stage["halted_at"] is None
    assert stage["flow_run_id"] is None
    refused(world.as_(username).post(path), 409, "not-yet-possible")
    entries = ok(world.as_("admin").get(f"/cases/{reference}/journal", params={"limit": 200}))
    assert entries["items"][-1]["event"] == "automation_halt_lifted"


def test_a_halt_is_lifted_only_in_its_own_case(councils: tuple[World, str]) -> None:
    world, _ = councils
    stage_id = _halted(world)
    other = world.start(title="Ein zweiter Vorgang")
    path = f"/cases/{other}/stages/{stage_id}/lift-halt"
    refused(world.as_("admin").post(path), 404, "stage-unknown")
    with world.sessions() as session:
        assert session.get_one(Stage, stage_id).halted_at is not None


def test_bodies_show_committees_sizes_and_population(world: World) -> None:
    client = world.as_("sb.kamen")
    assert {KREIS, KAMEN, SCHWERTE} <= {b["ags"] for b in ok(client.get("/bodies"))["items"]}
    kamen = ok(client.get(f"/bodies/{KAMEN}"))
    assert kamen["populations"][0]["as_of"] == "2024-12-31"
    assert kamen["populations"][0]["census_basis"] == "Zensus 2022"
    council = next(c for c in kamen["committees"] if c["name"] == "Rat")
    assert council["role_label"] == "Entscheidung"
    assert council["sizes"][0]["voting_members"] > 0
    refused(client.get("/bodies/05999999"), 404, "body-unknown")
    refused(client.get("/bodies/kamen"), 422, "invalid-input")
