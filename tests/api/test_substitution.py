"""Who is away is stood in for: "für X durch Y", as far as that reaches, and never twice over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from agreements import clock
from agreements.model.cases import Task
from agreements.model.enums import NoticeKind, Role
from agreements.model.people import User
from tests.api.offices import away, entries, has, join, resolution_task, take_on, told
from tests.api.test_assignment import at_once
from tests.api.world import (
    BERGKAMEN,
    KAMEN,
    KREIS,
    NOW,
    SCHWERTE,
    START,
    TODAY,
    TOMORROW,
    YESTERDAY,
    World,
    finance_plan,
    ok,
    refused,
)

Councils = tuple[World, str]
CLERK, LEGAL = "Sven Dierksmeier", "Nadine Feldkötter"  # sb.kamen, recht.kamen
IN_A_WEEK = (NOW + timedelta(days=7)).date().isoformat()


def complete(world: World, reference: str, username: str, task_id: str) -> httpx.Response:
    act = {"kind": "record_resolution", **world.resolution(reference)}
    return world.as_(username).post(f"/tasks/{task_id}/complete", json=act)


def test_a_substitute_decides_for_the_absent_person(councils: Councils) -> None:
    world, reference = councils
    task_id = resolution_task(world)
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/claim"))
    refused(complete(world, reference, "recht.kamen", task_id), 403, "task-of-others")
    away(world, "sb.kamen", "recht.kamen", last_day=IN_A_WEEK)
    [sentence] = told(world, "recht.kamen", NoticeKind.SUBSTITUTION)
    assert sentence == f"Sie vertreten {CLERK} vom 01.06.2026 bis zum 08.06.2026."
    ok(complete(world, reference, "recht.kamen", task_id))
    # The assignee stays, and who did it for whom is on record.
    assert has(world, task_id) == "sb.kamen"
    detail = ok(world.as_("recht.kamen").get(f"/tasks/{task_id}"))
    assert (detail["completed_by"], detail["completed_for"]) == (LEGAL, CLERK)
    entry = entries(world, "resolution_recorded")[-1]
    assert (entry.actor, entry.on_behalf_of) == (LEGAL, CLERK)
    # Whoever comes second is told who was faster, and for whom.
    problem = refused(complete(world, reference, "sb.kamen", task_id), 409, "task-not-open")
    assert f"{LEGAL} für {CLERK} hat die Aufgabe bereits am" in problem["detail"]


def test_the_absent_person_and_the_substitute_at_once(councils: Councils) -> None:
    world, reference = councils
    task_id = resolution_task(world)
    away(world, "sb.kamen", "recht.kamen")
    answers = at_once(
        lambda: complete(world, reference, "sb.kamen", task_id),
        lambda: complete(world, reference, "recht.kamen", task_id),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [loser] = [answer for answer in answers if answer.status_code == 409]
    assert "hat die Aufgabe bereits am" in loser.json()["detail"]


def test_deciding_by_the_noun_is_done_for_the_absent_person_too(councils: Councils) -> None:
    world, reference = councils
    act = world.resolution(reference)
    path = f"/cases/{reference}/resolutions"
    refused(world.as_("recht.kamen").post(path, json=act), 403, "task-of-others")
    away(world, "sb.kamen", "recht.kamen", role="clerk", body=KAMEN)
    ok(world.as_("recht.kamen").post(path, json=act))
    assert entries(world, "resolution_recorded")[-1].on_behalf_of == CLERK


def test_a_colleague_with_the_role_stands_in_for_the_one_who_has_the_task(
    councils: Councils,
) -> None:
    world, reference = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    task_id = resolution_task(world)
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/claim"))
    away(world, "sb.kamen", "sb2.kamen")
    problem = refused(
        world.as_("sb2.kamen").post(f"/tasks/{task_id}/claim"), 409, "not-yet-possible"
    )
    assert f"Sie vertreten {CLERK}: Die Aufgabe bleibt dort" in problem["detail"]
    ok(complete(world, reference, "sb2.kamen", task_id))
    assert entries(world, "resolution_recorded")[-1].on_behalf_of == CLERK
    # What nobody has is the colleague's own.
    following = resolution_task(world)
    ok(complete(world, reference, "sb2.kamen", following))
    assert entries(world, "resolution_recorded")[-1].on_behalf_of is None


@pytest.mark.parametrize(
    "limits", [{"role": "legal"}, {"case": "andere"}], ids=["another role", "another case"]
)
def test_what_the_substitution_does_not_reach_stays_with_others(
    councils: Councils, limits: dict[str, str]
) -> None:
    world, reference = councils
    task_id = resolution_task(world)
    if "case" in limits:
        limits = {"case": world.start(parties=[SCHWERTE, KREIS, KAMEN, BERGKAMEN])}
    else:
        take_on(world, "sb.kamen", Role.LEGAL, KAMEN)
    away(world, "sb.kamen", "unterschrift.kamen", **limits)
    refused(complete(world, reference, "unterschrift.kamen", task_id), 403, "task-of-others")


def test_a_substitution_for_one_case_reaches_that_case(councils: Councils) -> None:
    world, reference = councils
    away(world, "sb.kamen", "unterschrift.kamen", case=reference)
    ok(complete(world, reference, "unterschrift.kamen", resolution_task(world)))


def test_before_and_after_the_absence_nobody_stands_in(councils: Councils) -> None:
    world, reference = councils
    task_id = resolution_task(world)
    # Tokens that outlive the days of this test.
    clerk, legal = (
        world.client(Authorization=f"Bearer {world.token(name, timedelta(days=9))}")
        for name in ("sb.kamen", "recht.kamen")
    )
    act = {"kind": "record_resolution", **world.resolution(reference)}

    def done_by(client: httpx.Client) -> httpx.Response:
        return client.post(f"/tasks/{task_id}/complete", json=act)

    substitutions = [{"substitute": "recht.kamen"}]
    wanted = {"first_day": TOMORROW, "last_day": TOMORROW, "substitutions": substitutions}
    absence = ok(clerk.post("/absences", json=wanted))
    assert not absence["running"]
    refused(done_by(legal), 403, "task-of-others")
    with clock.fixed(NOW + timedelta(days=2)):
        refused(done_by(legal), 403, "task-of-others")
    with clock.fixed(NOW + timedelta(days=1)):
        assert ok(legal.post(f"/tasks/{task_id}/claim"))["claimed_by"] == LEGAL
        refused(done_by(clerk), 409, "not-yet-possible")
        ok(clerk.post(f"/absences/{absence['id']}/end", json={}))
        refused(done_by(legal), 403, "task-of-others")
        # What the substitute had taken keeps nobody off any more.
        ok(done_by(clerk))
    endings = told(world, "recht.kamen", NoticeKind.SUBSTITUTION)
    assert endings[-1] == f"Ihre Vertretung für {CLERK} endet ab sofort."


def test_a_substitute_sees_the_case_like_the_absent_person(councils: Councils) -> None:
    world, reference = councils
    path = f"/cases/{reference}/resolutions"
    own = ok(world.as_("sb.kamen").get(path))["items"]
    away(world, "recht.kamen", "sb.kamen")
    whole = ok(world.as_("sb.kamen").get(path))["items"]
    assert len(own) < len(whole)
    assert whole == ok(world.as_("recht.kamen").get(path))["items"]


def plan(world: World, reference: str) -> str:
    """The Kreis has planned; the task of its second pair of eyes."""
    act = {"kind": "draft_finance_plan", **finance_plan()}
    task = world.task("recht.kreis-unna", "draft_finance_plan")
    answer = ok(world.as_("recht.kreis-unna").post(f"/tasks/{task['id']}/complete", json=act))
    [opened] = [one for one in answer["opened"] if one["kind"] == "check_finance_plan"]
    assert opened["case"] == reference
    return str(opened["id"])


def check(world: World, username: str, task_id: str) -> httpx.Response:
    act = {"kind": "check_finance_plan", "verdict": "agreed", "checked_on": TODAY}
    return world.as_(username).post(f"/tasks/{task_id}/complete", json=act)


def four_eyes(answer: httpx.Response) -> str:
    problem = refused(answer, 409, "not-yet-possible")
    assert problem["detail"].startswith("Vier-Augen-Prinzip: ")
    return str(problem["detail"].removeprefix("Vier-Augen-Prinzip: "))


def test_whoever_did_the_first_part_is_not_the_second_pair_of_eyes(councils: Councils) -> None:
    world, reference = councils
    take_on(world, "recht.kreis-unna", Role.TREASURER, KREIS)
    task_id = plan(world, reference)
    sentence = four_eyes(check(world, "recht.kreis-unna", task_id))
    assert sentence.startswith("Wer den ersten Teil erledigt hat")
    ok(check(world, "kaemmerer.kreis-unna", task_id))


def test_nor_the_same_person_under_another_account(councils: Councils) -> None:
    world, reference = councils
    other = join(world, "recht2.kreis-unna", "Zweitkonto", (Role.TREASURER, KREIS))
    with world.sessions.begin() as session:
        users = {u.username: u for u in session.scalars(select(User))}
        users[other].person_key = users["recht.kreis-unna"].person_key
    sentence = four_eyes(check(world, other, plan(world, reference)))
    assert sentence.startswith("Den ersten Teil hat dieselbe Person unter einem anderen Konto")


def test_a_substitute_may_not_be_the_second_pair_of_eyes(councils: Councils) -> None:
    world, reference = councils
    task_id = plan(world, reference)
    absence = away(world, "recht.kreis-unna", "kaemmerer.kreis-unna")
    sentence = four_eyes(check(world, "kaemmerer.kreis-unna", task_id))
    assert sentence.startswith("Wer die Person vertritt oder zuletzt vertreten hat")
    # Nor afterwards, had the substitution been in force when the task was opened.
    with clock.fixed(NOW + timedelta(minutes=1)):
        ok(world.as_("recht.kreis-unna").post(f"/absences/{absence['id']}/end", json={}))
    four_eyes(check(world, "kaemmerer.kreis-unna", task_id))
    other = join(world, "kasse.kreis-unna", "Dritte Person", (Role.TREASURER, KREIS))
    ok(check(world, other, task_id))


def test_nor_may_somebody_in_the_place_of_that_person(councils: Councils) -> None:
    world, reference = councils
    take_on(world, "recht.kreis-unna", Role.TREASURER, KREIS)
    task_id = plan(world, reference)
    away(world, "recht.kreis-unna", "sb.kreis-unna")
    sentence = four_eyes(check(world, "sb.kreis-unna", task_id))
    assert sentence.startswith("In Vertretung der Person, die den ersten Teil erledigt hat")


def test_both_who_did_the_first_part_and_for_whom_are_excluded(councils: Councils) -> None:
    world, _ = councils
    for username in ("recht.kreis-unna", "sb.kreis-unna"):
        take_on(world, username, Role.TREASURER, KREIS)
    absence = away(world, "recht.kreis-unna", "sb.kreis-unna", role="legal")
    act = {"kind": "draft_finance_plan", **finance_plan()}
    draft = world.task("recht.kreis-unna", "draft_finance_plan")["id"]
    answer = ok(world.as_("sb.kreis-unna").post(f"/tasks/{draft}/complete", json=act))
    [opened] = answer["opened"]
    ok(world.as_("recht.kreis-unna").post(f"/absences/{absence['id']}/end", json={}))
    for username in ("recht.kreis-unna", "sb.kreis-unna"):
        sentence = four_eyes(check(world, username, opened["id"]))
        assert sentence.startswith("Wer den ersten Teil erledigt hat")
    with world.sessions() as session:
        task = session.scalars(select(Task).where(Task.id == opened["id"])).one()
        keys = set(
            session.scalars(
                select(User.person_key).where(
                    User.username.in_(("recht.kreis-unna", "sb.kreis-unna"))
                )
            )
        )
    assert set(task.not_by) == keys
    ok(check(world, "kaemmerer.kreis-unna", opened["id"]))


def test_the_second_pair_of_eyes_is_not_assigned_to_the_first(councils: Councils) -> None:
    world, reference = councils
    take_on(world, "recht.kreis-unna", Role.TREASURER, KREIS)
    task_id = plan(world, reference)
    answer = world.as_("leitung.kreis-unna").post(
        f"/tasks/{task_id}/assign", json={"to": "recht.kreis-unna"}
    )
    assert "Vier-Augen-Prinzip" in refused(answer, 409, "not-yet-possible")["detail"]


def enter(
    world: World, username: str, /, *substitutes: object, **changes: object
) -> httpx.Response:
    wanted = {"first_day": TODAY, "last_day": IN_A_WEEK, "substitutions": list(substitutes)}
    return world.as_(username).post("/absences", json=wanted | changes)


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"substitute": "sb.kamen"}, 422, "substitution-self"),
        ({"substitute": "nie.gewesen"}, 422, "account-unknown"),
        ({"substitute": "sb.bergkamen"}, 422, "not-of-the-body"),
        ({"substitute": "recht.kamen", "role": "signatory"}, 422, "nothing-to-stand-in-for"),
        ({"substitute": "recht.kamen", "body": BERGKAMEN}, 422, "nothing-to-stand-in-for"),
        ({"substitute": "recht.kamen", "body": "05999"}, 404, "body-unknown"),
        ({"substitute": "recht.kamen", "case": "IKZ-1999-0001"}, 422, "case-unknown"),
        ({"substitute": "recht.kamen", "role": "king"}, 422, "invalid-input"),
    ],
)
def test_a_wrong_substitution_is_refused_and_nothing_written(
    councils: Councils, wanted: dict[str, str], status: int, code: str
) -> None:
    world, _ = councils
    refused(enter(world, "sb.kamen", wanted), status, code)
    assert ok(world.as_("sb.kamen").get("/absences")) == {"own": [], "standing_in": []}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"last_day": YESTERDAY}, 422, "absence-ends-before-start"),
        ({"first_day": YESTERDAY, "last_day": YESTERDAY}, 422, "absence-over"),
        ({"username": "sb.bergkamen"}, 403, "not-their-supervisor"),
        ({"username": "nie.gewesen"}, 403, "not-their-supervisor"),
        ({"reason": "krank"}, 422, "invalid-input"),
    ],
)
def test_a_wrong_absence_is_refused(
    councils: Councils, changes: dict[str, Any], status: int, code: str
) -> None:
    world, _ = councils
    refused(enter(world, "sb.kamen", **changes), status, code)


def test_absences_of_a_person_do_not_overlap(councils: Councils) -> None:
    world, _ = councils
    ok(enter(world, "sb.kamen"))
    problem = refused(enter(world, "sb.kamen", last_day=None), 409, "absence-overlaps")
    assert "vom 01.06.2026 bis zum 08.06.2026 schon als abwesend" in problem["detail"]
    later = (NOW + timedelta(days=8)).date().isoformat()
    ok(enter(world, "sb.kamen", first_day=later, last_day=None))


def test_the_state_authority_and_a_party_do_not_stand_in_for_each_other(
    councils: Councils,
) -> None:
    world, _ = councils
    join(world, "aufsicht", "Aufsicht", (Role.AUTHORITY, KREIS))
    join(world, "aufsicht2", "Zweite Aufsicht", (Role.AUTHORITY, KREIS))
    refused(enter(world, "sb.kreis-unna", {"substitute": "aufsicht"}), 422, "roles-not-separate")
    refused(enter(world, "aufsicht", {"substitute": "sb.kreis-unna"}), 422, "roles-not-separate")
    ok(enter(world, "aufsicht", {"substitute": "aufsicht2"}))


def test_nobody_signs_for_two_parties_of_a_case(councils: Councils) -> None:
    world, reference = councils
    both = join(world, "beide", "Berta Beide", (Role.TREASURER, KAMEN), (Role.CLERK, BERGKAMEN))
    problem = refused(enter(world, "sb.kamen", {"substitute": both}), 409, "two-parties")
    assert reference in problem["detail"]
    # Entered before they came to the other body, it does not help them either.
    late = join(world, "spaet", "Sven Spät", (Role.TREASURER, KAMEN))
    away(world, "sb.kamen", late)
    take_on(world, late, Role.CLERK, BERGKAMEN)
    answer = complete(world, reference, late, resolution_task(world))
    refused(answer, 409, "two-parties")


def test_two_who_stand_in_for_each_other_leave_nobody(councils: Councils) -> None:
    world, _ = councils
    ok(enter(world, "recht.kamen", {"substitute": "kaemmerer.kamen"}))
    ok(enter(world, "kaemmerer.kamen", {"substitute": "sb.kamen"}))
    answer = enter(world, "sb.kamen", {"substitute": "recht.kamen"})
    problem = refused(answer, 409, "substitution-circle")
    assert LEGAL in problem["detail"]
    later = (NOW + timedelta(days=8)).date().isoformat()
    wanted = {"substitute": "recht.kamen"}
    ok(enter(world, "sb.kamen", wanted, first_day=later, last_day=None))


def test_a_circle_is_not_closed_by_two_at_once(councils: Councils) -> None:
    world, _ = councils
    answers = at_once(
        lambda: enter(world, "sb.kamen", {"substitute": "recht.kamen"}),
        lambda: enter(world, "recht.kamen", {"substitute": "sb.kamen"}),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


def test_the_supervisor_sees_chains_and_gaps_and_is_told_of_them(councils: Councils) -> None:
    world, _ = councils
    ok(enter(world, "recht.kamen", {"substitute": "kaemmerer.kamen"}))
    assert told(world, "leitung.kamen", NoticeKind.SUBSTITUTION_GAP) == []
    gap = ok(enter(world, "sb.kamen", {"substitute": "recht.kamen"}))["gaps"]
    assert gap == [
        f"{CLERK} ist vom 01.06.2026 bis zum 08.06.2026 abwesend; Sachbearbeitung Kamen: "
        f"{LEGAL} vertritt, ist aber vom 01.06.2026 bis zum 08.06.2026 ebenfalls abwesend."
    ]
    assert told(world, "leitung.kamen", NoticeKind.SUBSTITUTION_GAP) == gap
    shown = ok(world.as_("leitung.kamen").get(f"/bodies/{KAMEN}/absences"))["items"]
    by_person = {one["person"]["username"]: one for one in shown}
    [line] = by_person["sb.kamen"]["substitutions"]
    assert line["chain"] == [CLERK, LEGAL, "Martin Ebbers"]
    assert line["away"]
    assert by_person["sb.kamen"]["gaps"] == gap
    assert by_person["recht.kamen"]["gaps"] == []
    # The last of the chain stands in for the second only.
    stands = ok(world.as_("kaemmerer.kamen").get("/absences"))["standing_in"]
    assert [one["person"]["name"] for one in stands] == [LEGAL]


def test_duties_do_not_pass_on_along_a_chain(councils: Councils) -> None:
    world, reference = councils
    away(world, "recht.kamen", "kaemmerer.kamen")
    away(world, "sb.kamen", "recht.kamen")
    task_id = resolution_task(world)
    refused(complete(world, reference, "kaemmerer.kamen", task_id), 403, "task-of-others")


def test_a_gap_that_was_closed_before_the_mail_is_not_told(councils: Councils) -> None:
    world, _ = councils
    absence = away(world, "sb.kamen")
    [gap] = absence["gaps"]
    assert told(world, "leitung.kamen", NoticeKind.SUBSTITUTION_GAP) == [gap]
    path = f"/absences/{absence['id']}/substitutions"
    added = ok(world.as_("sb.kamen").post(path, json={"substitute": "recht.kamen"}))
    assert told(world, "leitung.kamen", NoticeKind.SUBSTITUTION_GAP) == []
    # Opened again, it is told again.
    [entry] = added["substitutions"]
    ok(world.as_("sb.kamen").post(f"{path}/{entry['id']}/end"))
    assert told(world, "leitung.kamen", NoticeKind.SUBSTITUTION_GAP) == [gap]
    ok(world.as_("sb.kamen").post(f"/absences/{absence['id']}/end", json={}))
    assert told(world, "leitung.kamen", NoticeKind.SUBSTITUTION_GAP) == []


def test_without_anybody_there_is_a_gap_unless_a_colleague_has_the_role(
    councils: Councils,
) -> None:
    world, _ = councils
    [gap] = away(world, "sb.kamen")["gaps"]
    assert gap.endswith("Sachbearbeitung Kamen: Niemand vertritt.")
    join(world, "sb2.kamen", "Lena Vogtsberg")
    [line] = ok(world.as_("leitung.kamen").get(f"/bodies/{KAMEN}/absences"))["items"]
    assert line["gaps"] == []


def test_the_supervisor_enters_it_for_somebody_who_has_fallen_ill(councils: Councils) -> None:
    world, reference = councils
    task_id = resolution_task(world)
    wanted = {"username": "sb.kamen", "last_day": None}
    absence = ok(enter(world, "leitung.kamen", **wanted))
    path = f"/absences/{absence['id']}"
    head = world.as_("leitung.kamen")
    added = ok(head.post(f"{path}/substitutions", json={"substitute": "recht.kamen"}))
    again = head.post(f"{path}/substitutions", json={"substitute": "recht.kamen"})
    refused(again, 409, "substitution-doubled")
    ok(complete(world, reference, "recht.kamen", task_id))
    [line] = added["substitutions"]
    ended = ok(head.post(f"{path}/substitutions/{line['id']}/end"))
    assert ended["substitutions"] == []
    following = resolution_task(world)
    refused(complete(world, reference, "recht.kamen", following), 403, "task-of-others")
    shorter = {"last_day": IN_A_WEEK}
    assert ok(head.post(f"{path}/end", json=shorter))["last_day"] == IN_A_WEEK
    refused(head.post(f"{path}/end", json={"last_day": YESTERDAY}), 422, "absence-last-day")
    for _ in range(2):
        assert ok(head.post(f"{path}/end", json={}))["ended"]
    refused(
        head.post(f"{path}/substitutions", json={"substitute": "recht.kamen"}), 409, "absence-over"
    )


def test_others_do_not_touch_an_absence(councils: Councils) -> None:
    world, _ = councils
    path = f"/absences/{away(world, 'sb.kamen', 'recht.kamen')['id']}"
    for username in ("recht.kamen", "leitung.bergkamen"):
        refused(world.as_(username).post(f"{path}/end", json={}), 404, "absence-unknown")
        refused(world.as_(username).get(f"/bodies/{KAMEN}/absences"), 403, "not-a-supervisor")


def test_a_double_click_enters_an_absence_once(councils: Councils) -> None:
    world, _ = councils
    clerk, key = world.as_("sb.kamen"), {"Idempotency-Key": "urlaub"}
    wanted = {"first_day": TODAY, "substitutions": [{"substitute": "recht.kamen"}]}
    first, second = (clerk.post("/absences", json=wanted, headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert len(told(world, "recht.kamen", NoticeKind.SUBSTITUTION)) == 1


def test_who_stands_in_for_the_supervisor_distributes_tasks(councils: Councils) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    path, wanted = f"/tasks/{task_id}/assign", {"to": "sb.kamen"}
    refused(world.as_("recht.kamen").post(path, json=wanted), 403, "not-a-supervisor")
    away(world, "leitung.kamen", "recht.kamen")
    ok(world.as_("recht.kamen").post(path, json=wanted))
    [entry] = entries(world, "task_assigned")
    assert (entry.actor, entry.on_behalf_of) == (LEGAL, "Birgit Althoff")


AD_HOC = {
    "title": "Vermerk zum Datenschutz",
    "body": KAMEN,
    "role": "legal",
    "stage": "agreement_councils",
    "reason": "Die Datenschutzbeauftragte hat Bedenken geäußert.",
    "decided_on": TODAY,
}


def _offered(world: World, reference: str) -> list[str]:
    """The detours that are offered to the clerk of the lead."""
    found = ok(world.as_("sb.schwerte").get(f"/cases/{reference}/detours"))["items"]
    return [way["detour"] for way in found if way["offered"]]


def test_the_lead_can_act_though_its_only_lawyer_is_away(councils: Councils) -> None:
    world, reference = councils
    deputy, lawyer = world.as_("sb.schwerte"), "Dr. Sabine Lohkamp"
    refused(deputy.post("/cases", json=START), 403, "not-permitted")
    refused(deputy.post(f"/cases/{reference}/tasks", json=AD_HOC), 403, "not-permitted")
    assert not _offered(world, reference)
    away(world, "recht.schwerte", "sb.schwerte")
    assert _offered(world, reference)
    ok(deputy.post(f"/cases/{reference}/tasks", json=AD_HOC))
    assert entries(world, "ad_hoc_task_opened")[-1].on_behalf_of == lawyer
    ok(deputy.post("/cases", json=START))
    assert entries(world, "case_started")[-1].on_behalf_of == lawyer


def test_nobody_starts_a_case_between_two_bodies_of_theirs_in_place_of_another(
    councils: Councils,
) -> None:
    world, _ = councils
    away(world, "recht.schwerte", "sb.schwerte")
    take_on(world, "sb.schwerte", Role.CLERK, KAMEN)
    refused(world.as_("sb.schwerte").post("/cases", json=START), 409, "two-parties")


def test_what_the_office_keeps_is_kept_by_who_stands_in(councils: Councils) -> None:
    world, reference = councils
    treasurer, case = world.as_("kaemmerer.kamen"), f"/cases/{reference}"
    named = {"body": KAMEN, "username": "recht.schwerte"}
    biased = {
        "body": KAMEN,
        "name": "Rolf Beispiel",
        "function": "Ratsmitglied",
        "reason": "Seine Schwester leitet die Projektleitstelle.",
        "declared_on": TODAY,
    }
    refused(treasurer.post(f"{case}/confidants", json=named), 403, "not-permitted")
    refused(treasurer.post(f"{case}/exclusions", json=biased), 403, "not-permitted")
    away(world, "sb.kamen", "kaemmerer.kamen")
    confidant = ok(treasurer.post(f"{case}/confidants", json=named))
    assert entries(world, "confidant_named")[-1].on_behalf_of == CLERK
    ok(treasurer.delete(f"{case}/confidants/{confidant['id']}"))
    assert entries(world, "confidant_ended")[-1].on_behalf_of == CLERK
    ok(treasurer.post(f"{case}/exclusions", json=biased))
    assert entries(world, "exclusion_recorded")[-1].on_behalf_of == CLERK


def test_who_stands_in_for_the_leads_office_records_an_annulment(councils: Councils) -> None:
    world, reference = councils
    recorded = world.resolution(reference)
    for _ in ("the committee recommends", "the council decides"):
        ok(world.as_("sb.kamen").post(f"/cases/{reference}/resolutions", json=recorded))
    papers = ok(world.as_("recht.schwerte").get(f"/cases/{reference}/resolutions"))["items"]
    *_, resolution = [
        found
        for paper in papers
        for consultation in paper["consultations"]
        for found in consultation["resolutions"]
        if paper["body"]["ags"] == KAMEN
    ]
    path = f"/cases/{reference}/resolutions/{resolution['id']}/annulment"
    annulment = {
        "happened_on": TODAY,
        "authority": "Landrat des Kreises Unna als untere staatliche Verwaltungsbehörde",
        "reason": "Die Ladungsfrist war nicht gewahrt.",
    }
    deputy = world.as_("sb.schwerte")
    refused(deputy.post(path, json=annulment), 404, "resolution-unknown")
    away(world, "recht.schwerte", "sb.schwerte")
    assert ok(deputy.post(path, json=annulment))["id"] == resolution["id"]
    assert entries(world, "resolution_annulled")[-1].on_behalf_of is not None
