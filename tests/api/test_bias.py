"""Whoever is biased takes no part: neither in a task nor by another account (§ 31 GO NRW)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from agreements import exclusions, overview
from agreements.ids import new_id
from agreements.model.cases import Case, Stage
from agreements.model.councils import Exclusion
from agreements.model.enums import Role
from agreements.model.people import Duty, User
from agreements.model.records import JournalEntry, OutboxEntry
from tests.api.world import BERGKAMEN, KAMEN, KREIS, TODAY, TOMORROW, World, ok, refused

CLERK = {
    "body": KAMEN,
    "name": "Sven Dierksmeier",
    "function": "Sachbearbeiter",
    "username": "sb.kamen",
    "reason": "Seine Schwester leitet die Projektleitstelle.",
    "declared_on": TODAY,
}
RULE = "(§ 31 GO NRW)"


def _declare(world: World, reference: str, who: str = "recht.kamen", **changes: Any) -> Any:  # noqa: ANN401
    path = f"/cases/{reference}/exclusions"
    return ok(world.as_(who).post(path, json={**CLERK, **changes}))


def _second_account(world: World, person_of: str) -> str:
    """Another account of the same person, a clerk of Kamen too."""
    with world.sessions.begin() as session:
        first = session.scalars(select(User).where(User.username == person_of)).one()
        duty = next(duty for duty in first.duties if duty.role is Role.CLERK)
        second = User(
            id=new_id(),
            username="zweitkonto.kamen",
            display_name=first.display_name,
            person_key=first.person_key,
        )
        second.duties = [Duty(role=duty.role, body_id=duty.body_id)]
        session.add(second)
    return "zweitkonto.kamen"


def test_who_is_biased_can_neither_take_nor_complete_a_task(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    task = world.task("sb.kamen", "record_resolution")["id"]
    _declare(world, reference)
    for username in ("sb.kamen", _second_account(world, "sb.kamen")):
        client = world.as_(username)
        offered = ok(client.get(f"/tasks/{task}"))["offered"]
        objections = {entry["action"]: " ".join(entry["objections"]) for entry in offered}
        assert RULE in objections["claim"]
        assert RULE in objections["complete"]
        for answer in (
            client.post(f"/tasks/{task}/claim"),
            client.post(f"/cases/{reference}/resolutions", json=world.resolution(reference)),
        ):
            assert RULE in refused(answer, 409, "not-yet-possible")["detail"]


def test_what_the_biased_person_has_claimed_goes_back(councils: tuple[World, str]) -> None:
    world, reference = councils
    task = world.task("sb.kamen", "record_resolution")["id"]
    ok(world.as_("sb.kamen").post(f"/tasks/{task}/claim"))
    _declare(world, reference)
    assert ok(world.as_("recht.kamen").get(f"/tasks/{task}"))["task"]["claimed_by"] is None
    entries = ok(world.as_("recht.kamen").get(f"/cases/{reference}/journal?limit=200"))["items"]
    assert [e["event"] for e in entries[-2:]] == ["exclusion_recorded", "task_released"]
    assert entries[-2]["reason"] == CLERK["reason"]
    assert entries[-2]["legal_basis"] == "§ 31 GO NRW"


def test_in_one_consultation_alone(councils: tuple[World, str]) -> None:
    world, reference = councils
    first = world.task("sb.kamen", "record_resolution")
    papers = ok(world.as_("sb.kamen").get(f"/cases/{reference}/resolutions"))["items"]
    own = next(paper for paper in papers if paper["body"]["ags"] == KAMEN)
    council = own["consultations"][-1]["id"]
    assert council != first["consultation_id"]
    _declare(world, reference, consultation_id=council)
    # The committee's recommendation is not concerned, the council's resolution is.
    world.resolve(reference, KAMEN)
    answer = world.as_("sb.kamen").post(
        f"/cases/{reference}/resolutions", json=world.resolution(reference)
    )
    assert RULE in refused(answer, 409, "not-yet-possible")["detail"]
    with world.sessions() as session:
        rows = session.scalars(select(Exclusion)).all()
        found = exclusions.of_consultation(session, rows[0].consultation_id or new_id())
        assert [row.name for row in found] == [CLERK["name"]]


def test_the_kreis_has_its_own_rule(world: World) -> None:
    reference = world.to_kreistag()
    _declare(world, reference, "recht.kreis-unna", body=KREIS, username="sb.kreis-unna")
    task = world.task("sb.kreis-unna", "record_resolution")["id"]
    answer = world.as_("sb.kreis-unna").post(f"/tasks/{task}/claim")
    assert "§ 28 Abs. 2 KrO NRW" in refused(answer, 409, "not-yet-possible")["detail"]


def test_a_member_without_account_counts_for_its_consultations(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    shown = _declare(
        world, reference, "sb.kamen", name="Martha Muster", function="Ratsmitglied", username=None
    )
    assert (shown["has_account"], shown["rule"]) == (False, "§ 31 GO NRW")
    task = world.task("sb.kamen", "record_resolution")["id"]
    ok(world.as_("sb.kamen").post(f"/tasks/{task}/claim"))
    papers = ok(world.as_("sb.kamen").get(f"/cases/{reference}/resolutions"))["items"]
    with world.sessions() as session:
        for consultation in papers[0]["consultations"]:
            found = exclusions.of_consultation(session, consultation["id"])
            assert [row.name for row in found] == ["Martha Muster"]


def test_only_the_own_body_and_the_named_read_of_it(councils: tuple[World, str]) -> None:
    world, reference = councils
    _declare(world, reference)
    path = f"/cases/{reference}/exclusions"

    def seen(username: str) -> int:
        return len(ok(world.as_(username).get(path))["items"])

    assert [seen(u) for u in ("sb.kamen", "unterschrift.kamen", "recht.schwerte")] == [1, 1, 0]
    wanted = {"body": KAMEN, "username": "recht.schwerte"}
    ok(world.as_("sb.kamen").post(f"/cases/{reference}/confidants", json=wanted))
    assert [seen(u) for u in ("recht.schwerte", "recht.bergkamen", "sb.bergkamen")] == [1, 0, 0]
    with world.sessions() as session:
        outside = [overview.case_overview(session, c) for c in session.scalars(select(Case.id))]
        stages = [overview.stage_overview(session, s) for s in session.scalars(select(Stage.id))]
        payloads = [entry.payload for entry in session.scalars(select(OutboxEntry))]
    assert CLERK["name"] not in repr((outside, stages, payloads))


def test_who_may_record_it(councils: tuple[World, str]) -> None:
    world, reference = councils
    path = f"/cases/{reference}/exclusions"
    for other in ("recht.schwerte", "sb.bergkamen", "unterschrift.kamen", "kaemmerer.kamen"):
        refused(world.as_(other).post(path, json=CLERK), 403, "not-permitted")
    refused(world.as_("recht.luenen").post(path, json=CLERK), 404, "case-unknown")
    # The person itself may, whatever the role.
    _declare(world, reference, "unterschrift.kamen", username="unterschrift.kamen", name="Selbst")
    with world.sessions() as session:
        assert session.scalars(select(Exclusion.name)).all() == ["Selbst"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"body": "05999999"}, 404, "body-unknown"),
        ({"username": "sb.bergkamen"}, 422, "not-of-the-body"),
        ({"username": "niemand"}, 422, "not-of-the-body"),
        ({"declared_on": TOMORROW}, 422, "date-in-future"),
        ({"consultation_id": "0199c1de-7d6a-7a51-8f4e-2a7f6b1f1c55"}, 404, "consultation-unknown"),
        ({"reason": " "}, 422, "invalid-input"),
    ],
)
def test_what_is_refused_leaves_nothing(
    councils: tuple[World, str], changes: dict[str, Any], status: int, code: str
) -> None:
    world, reference = councils
    path = f"/cases/{reference}/exclusions"
    refused(world.as_("recht.kamen").post(path, json={**CLERK, **changes}), status, code)
    with world.sessions() as session:
        assert session.scalars(select(Exclusion)).all() == []


def test_it_is_recorded_once(councils: tuple[World, str]) -> None:
    world, reference = councils
    _declare(world, reference)
    path = f"/cases/{reference}/exclusions"
    refused(world.as_("recht.kamen").post(path, json=CLERK), 409, "exclusion-known")
    with world.sessions() as session:
        entries = session.scalars(
            select(JournalEntry).where(JournalEntry.event == "exclusion_recorded")
        ).all()
        assert [(entry.confidential, entry.body_id is not None) for entry in entries] == [
            (True, True)
        ]


def test_it_binds_in_its_own_case_and_body_alone(councils: tuple[World, str]) -> None:
    world, reference = councils
    with world.sessions.begin() as session:
        # The same person is a clerk of Bergkamen too.
        people = {
            user.username: user
            for user in session.scalars(
                select(User).where(User.username.in_(("sb.kamen", "sb.bergkamen")))
            )
        }
        session.execute(
            update(User)
            .where(User.id == people["sb.bergkamen"].id)
            .values(person_key=people["sb.kamen"].person_key)
        )
    _declare(world, reference)
    world.resolve(reference, BERGKAMEN)
