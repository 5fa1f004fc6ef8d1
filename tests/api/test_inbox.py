"""The inbox: filters, orders, stable pages, search, and what a supervisor sees."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from agreements import accounts, clock
from agreements.accounts import NewAccount
from agreements.ids import new_id
from agreements.model.bodies import Body
from agreements.model.cases import Task
from agreements.model.enums import DueKind, Priority, Role, TaskKind, TaskState
from agreements.model.people import User
from tests.api.test_statement_count import counted
from tests.api.world import BERGKAMEN, KAMEN, NOW, World, ok, refused

DAY = NOW.date()


def _tasks(world: World, count: int = 1, ags: str = KAMEN, **values: Any) -> list[str]:  # noqa: ANN401
    """So many more open tasks of the body's clerks, in the case that there is."""
    with world.sessions.begin() as session:
        pattern = session.scalars(
            select(Task).where(Task.kind == TaskKind.RECORD_RESOLUTION)
        ).first()
        assert pattern is not None
        body_id = session.scalars(select(Body.id).where(Body.ags == ags)).one()
        rows = [
            {
                "id": new_id(),
                "case_id": pattern.case_id,
                "stage_id": pattern.stage_id,
                "body_id": body_id,
                "role": Role.CLERK,
                "kind": TaskKind.AD_HOC,
                "title": "Zusätzliche Aufgabe",
                "subject_id": new_id(),
                "opened_at": clock.now(),
                "version": 1,
                **values,
            }
            for _ in range(count)
        ]
        session.execute(insert(Task), rows)
    return [str(row["id"]) for row in rows]


def _found(world: World, username: str = "sb.kamen", **params: Any) -> list[str]:  # noqa: ANN401
    return [task["id"] for task in ok(world.as_(username).get("/tasks", params=params))["items"]]


def _pages(world: World, limit: int, **params: Any) -> Iterator[list[str]]:  # noqa: ANN401
    cursor: dict[str, str] = {}
    while True:
        page = ok(world.as_("sb.kamen").get("/tasks", params={"limit": limit, **params, **cursor}))
        yield [task["id"] for task in page["items"]]
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}


def _change(world: World, task_id: str, **values: Any) -> None:  # noqa: ANN401
    with world.sessions.begin() as session:
        session.execute(update(Task).where(Task.id == task_id).values(**values))


def test_tasks_are_filtered_by_what_is_planned(councils: tuple[World, str]) -> None:
    world, _ = councils
    first = _found(world)
    late = _tasks(world, due_on=DAY - timedelta(days=1), due_kind=DueKind.INTERNAL)
    soon = _tasks(world, due_on=DAY, due_kind=DueKind.STATUTORY)
    far = _tasks(world, due_on=DAY + timedelta(days=30), priority=Priority.HIGH)
    assert _found(world, overdue=True) == late
    assert _found(world, overdue=False) == first + soon + far
    assert _found(world, due_before=DAY.isoformat()) == late
    assert _found(world, due_within=0) == late + soon
    assert _found(world, due_within=30) == late + soon + far
    assert _found(world, due_kind="statutory") == soon
    assert _found(world, priority="high") == far
    assert _found(world, role="clerk") == first + late + soon + far
    assert _found(world, role="legal") == _found(world, kind="record_notice") == []


def test_what_is_put_away_comes_back_on_its_day(councils: tuple[World, str]) -> None:
    world, _ = councils
    first = _found(world)
    away = _tasks(world, follow_up_on=DAY + timedelta(days=1))
    again = _tasks(world, follow_up_on=DAY)
    assert _found(world) == _found(world, follow_up="due") == first + again
    assert _found(world, follow_up="later") == away
    assert _found(world, follow_up="all") == first + away + again
    # Days are those of Berlin.
    with clock.fixed(NOW + timedelta(hours=13)):
        assert _found(world) == first + away + again


def test_tasks_are_filtered_by_who_works_on_them(councils: tuple[World, str]) -> None:
    world, _ = councils
    first = _found(world)
    with world.sessions() as session:
        ids = {u.username: u.id for u in session.scalars(select(User))}
    mine = _tasks(world, claimed_by=ids["sb.kamen"], claimed_at=NOW)
    given = _tasks(
        world, claimed_by=ids["recht.kamen"], claimed_at=NOW, delegated_by=ids["sb.kamen"],
        assigned_by=ids["sb.kamen"],
    )  # fmt: skip
    assert _found(world, mine=True) == mine
    assert _found(world, mine=False) == first + given
    assert _found(world, claimed=True) == mine + given
    assert _found(world, claimed=False) == first
    assert _found(world, delegated=True) == given
    assert _found(world, delegated=False) == first + mine
    [shown] = ok(world.as_("sb.kamen").get("/tasks", params={"delegated": True}))["items"]
    names = {shown["assigned_by"], shown["delegated_by"]}
    assert (names, shown["claimed_by"]) == ({_name(world, "sb.kamen")}, _name(world, "recht.kamen"))


def _name(world: World, username: str) -> str:
    with world.sessions() as session:
        return session.scalars(select(User.display_name).where(User.username == username)).one()


def test_orders(councils: tuple[World, str]) -> None:
    world, _ = councils
    first = _found(world)
    plain = _tasks(world)
    low = _tasks(world, priority=Priority.LOW, due_on=DAY)
    high = _tasks(world, priority=Priority.HIGH)
    early = _tasks(world, due_on=DAY - timedelta(days=3))
    assert _found(world, order="oldest") == _found(world) == first + plain + low + high + early
    # The oldest has a due date of its own or none; both come where they belong.
    assert _found(world, order="due")[:2] == early + low
    assert set(_found(world, order="due")[2:]) == {*first, *plain, *high}
    assert _found(world, order="priority") == high + first + plain + early + low


@pytest.mark.parametrize("order", ["oldest", "due", "priority"])
@pytest.mark.parametrize("roles", [1, 3])
def test_pages_give_every_task_once_whatever_comes_and_goes(
    councils: tuple[World, str], order: str, roles: int
) -> None:
    world, _ = councils
    if roles > 1:
        with world.sessions.begin() as session:
            for role in (Role.LEGAL, Role.TREASURER):
                accounts.begin_duty(session, "sb.kamen", role, KAMEN, DAY)
    stay = set(_found(world, follow_up="all"))
    for i, priority in enumerate([Priority.HIGH, Priority.NORMAL, Priority.LOW] * 3):
        due = DAY + timedelta(days=i % 4) if i % 2 else None
        role = [Role.CLERK, Role.LEGAL, Role.TREASURER][i % roles]
        stay |= set(_tasks(world, priority=priority, due_on=due, role=role))
    seen: list[str] = []
    for number, page in enumerate(_pages(world, 2, order=order)):
        seen += page
        # One that was shown is done, one comes that belongs in front, one at the end.
        _change(world, page[0], state=TaskState.DONE)
        if number < 3:
            _tasks(world, priority=Priority.HIGH, due_on=DAY - timedelta(days=9))
            _tasks(world, priority=Priority.LOW)
    assert len(seen) == len(set(seen))
    assert stay <= set(seen)


def test_a_cursor_belongs_to_its_order(councils: tuple[World, str]) -> None:
    world, _ = councils
    _tasks(world, 3)
    client = world.as_("sb.kamen")
    cursor = ok(client.get("/tasks", params={"limit": 1, "order": "due"}))["next_cursor"]
    for other in ("oldest", "priority"):
        asked = client.get("/tasks", params={"cursor": cursor, "order": other})
        assert refused(asked, 422, "cursor-of-other-order")["field"] == "cursor"
    assert ok(client.get("/tasks", params={"cursor": cursor, "order": "due"}))["items"]


def test_a_completed_task_is_gone_with_the_answer(councils: tuple[World, str]) -> None:
    world, reference = councils
    [task] = _found(world)
    world.as_("sb.kamen").post(f"/cases/{reference}/resolutions", json=world.resolution(reference))
    for path in ("/tasks", f"/cases/{reference}/tasks"):
        items = ok(world.as_("sb.kamen").get(path))["items"]
        assert task not in [entry["id"] for entry in items]


def test_a_page_takes_the_same_few_statements_always(councils: tuple[World, str]) -> None:
    world, _ = councils
    client = world.as_("sb.kamen")
    taken = []
    for more in (0, 60):
        if more:
            _tasks(world, more)
        for params in ({}, {"order": "due"}, {"order": "priority"}, {"q": "Aufgabe"}):
            with counted(world) as seen:
                ok(client.get("/tasks", params={"limit": 50, **params}))
            taken.append(len(seen))
    # The sign-in, whom the person stands in for, the page; a search first asks how many there are.
    assert taken == [3, 3, 3, 4] * 2


@pytest.mark.parametrize(
    ("search", "hits"),
    [
        ("Bäderverwaltung", True),
        ("bäderverw", True),
        ("BÄDER", True),
        ("baederverwaltung", True),
        ("verwaltung", True),
        ("prüfen Bäderverwaltung", True),
        ("Bäderverwaltung Kamen prüfen", True),
        ("pruefen", True),
        ("Straße", True),
        ("strasse", True),
        ("Bäderverwaltung Feuerwehr", False),
        ("100%", True),
        ("100_", False),
        ("%", True),
        ("_", False),
        ("' OR 1=1 --", False),
        ("\\", False),
        ("", True),
        ("   ", True),
        ("\x00", True),
        ("(((", False),
        ("é", False),
    ],
)
def test_a_search_finds_words_and_parts_of_them(
    councils: tuple[World, str], search: str, hits: bool
) -> None:
    world, _ = councils
    [other] = _found(world)
    text = "Prüfen: Gemeinsame Bäderverwaltung, 100% Straße Kamen"
    wanted = _tasks(world, search_text=text)
    found = _found(world, q=search)
    everything = search.strip(" \x00") == ""
    assert found == ([other] if everything else []) + wanted * hits


def test_a_new_task_is_found_by_case_body_and_title(councils: tuple[World, str]) -> None:
    world, reference = councils
    [task] = _found(world)
    for search in (reference, reference.lower(), "smart region", "kamen empf", reference[4:]):
        assert _found(world, q=search) == [task], search
    # A whole file reference is meant exactly, a part of one as a part.
    assert _found(world, q=f"{reference}1") == []
    assert _found(world, q=reference[:-1]) == [task]


def test_the_supervisor_sees_all_of_the_body(councils: tuple[World, str]) -> None:
    world, reference = councils
    with world.sessions.begin() as session:
        accounts.add(session, NewAccount("leitung.neu", "Lea Leitung", [(Role.SUPERVISOR, KAMEN)]))
        clerk = session.scalars(select(User.id).where(User.username == "sb.kamen")).one()
    legal = _tasks(world, role=Role.LEGAL)
    mine = _tasks(world, claimed_by=clerk, claimed_at=NOW)
    head = world.as_("leitung.neu")

    def found(**params: Any) -> list[str]:  # noqa: ANN401
        items = ok(head.get(f"/bodies/{KAMEN}/tasks", params=params))["items"]
        return [task["id"] for task in items]

    assert found()[1:] == legal + mine
    assert found(role="legal") == legal
    assert found(person="sb.kamen") == mine
    assert found(person="niemand") == []
    assert found(order="due", limit=2) == found()[:2]
    refused(head.get(f"/bodies/{BERGKAMEN}/tasks"), 403, "not-a-supervisor")
    refused(world.as_("sb.kamen").get(f"/bodies/{KAMEN}/tasks"), 403, "not-a-supervisor")
    assert len(ok(world.as_("admin").get(f"/bodies/{KAMEN}/tasks"))["items"]) == 3
    # They distribute; that alone does not make the tasks theirs.
    assert _found(world, "leitung.neu") == []
    of_case = ok(world.as_("sb.kamen").get(f"/cases/{reference}/tasks"))["items"]
    assert {task["body"]["ags"] for task in of_case} == {KAMEN}


def test_tasks_in_somebodys_place_say_whose(councils: tuple[World, str]) -> None:
    world, reference = councils
    [task] = _found(world)
    own = _tasks(world, role=Role.LEGAL)
    elsewhere = _tasks(world, ags=BERGKAMEN)
    assert _found(world, "recht.kamen") == own
    away = {
        "first_day": DAY.isoformat(),
        "substitutions": [{"substitute": "recht.kamen", "case": reference}],
    }
    ok(world.as_("sb.kamen").post("/absences", json=away))
    items = ok(world.as_("recht.kamen").get("/tasks"))["items"]
    shown = [(entry["id"], entry["for_whom"]) for entry in items]
    assert shown == [(task, _name(world, "sb.kamen")), (own[0], None)]
    assert _found(world, "recht.kamen", standing_in=True) == [task]
    assert _found(world, "recht.kamen", standing_in=False) == own
    assert _found(world, "recht.kamen", role="clerk") == [task]
    assert _found(world, "recht.kamen", case="IKZ-2026-9999") == []
    assert not set(elsewhere) & set(_found(world, "recht.kamen"))
    # The absent person still sees what is theirs.
    assert _found(world) == [task]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"order": "newest"}, "order"),
        ({"due_within": 400}, "due_within"),
        ({"due_before": "morgen"}, "due_before"),
        ({"q": "x" * 201}, "q"),
        ({"unbekannt": "1"}, "unbekannt"),
        ({"case": "IKZ\x00"}, "case"),
    ],
)
def test_a_query_that_cannot_be_meant_is_refused(
    councils: tuple[World, str], params: dict[str, Any], field: str
) -> None:
    world, _ = councils
    asked = world.as_("sb.kamen").get("/tasks", params=params)
    assert refused(asked, 422, "invalid-input")["field"] == field


def test_a_date_of_the_far_past_or_future_does_no_harm(councils: tuple[World, str]) -> None:
    world, _ = councils
    assert _found(world, due_before=date.max.isoformat()) == _found(world)
    assert _found(world, due_before=date.min.isoformat()) == []


@pytest.mark.parametrize(
    ("order", "place"),
    [
        ("due", "due|2026-02-30|{id}"),
        ("due", "due|-infinity|{id}"),
        ("due", "due|infinity\0|{id}"),
        ("due", "due|'; drop table tasks; --|{id}"),
        ("priority", "priority|3|{id}"),
        ("priority", "priority|-1|{id}"),
        ("oldest", "oldest||"),
        ("oldest", "oldest"),
        ("oldest", "\0"),
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(
    councils: tuple[World, str], order: str, place: str
) -> None:
    world, _ = councils
    task_id = world.task("sb.kamen", "record_resolution")["id"]
    cursor = base64.urlsafe_b64encode(place.format(id=task_id).encode()).decode()
    asked = world.as_("sb.kamen").get("/tasks", params={"order": order, "cursor": cursor})
    assert refused(asked, 422, "cursor-invalid")["field"] == "cursor"


def test_a_date_in_a_cursor_is_understood_in_every_iso_form(councils: tuple[World, str]) -> None:
    world, _ = councils
    task_id = world.task("sb.kamen", "record_resolution")["id"]
    cursor = base64.urlsafe_b64encode(f"due|2026-W01-1|{task_id}".encode()).decode()
    ok(world.as_("sb.kamen").get("/tasks", params={"order": "due", "cursor": cursor}))


def test_a_number_in_a_cursor_that_no_row_can_have_is_refused(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    cursor = base64.urlsafe_b64encode(str(2**63).encode()).decode()
    asked = world.as_("recht.schwerte").get(
        f"/cases/{reference}/journal", params={"cursor": cursor}
    )
    refused(asked, 422, "cursor-invalid")
