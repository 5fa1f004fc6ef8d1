"""Stale states, double clicks, two people at once, a commit that fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import httpx
from sqlalchemy import func, select, text

from agreements.model.cases import Case
from agreements.model.enums import Role
from agreements.model.people import Duty, IdempotencyRecord, Token, User
from agreements.model.records import JournalEntry
from api.turns import AT_ONCE, PAST_THEM
from tests.api.world import AGREEMENT, KAMEN, START, TODAY, World, ok, refused
from tests.waiting import until


def _colleague(world: World) -> httpx.Client:
    """A second clerk of Kamen."""
    with world.sessions.begin() as session:
        clerk = session.scalars(select(User).where(User.username == "sb.kamen")).one()
        duties = [Duty(role=Role.CLERK, body_id=clerk.duties[0].body_id)]
        session.add(
            User(
                username="sb2.kamen",
                display_name="Lena Vogtsberg",
                person_key="sb2-kamen",
                duties=duties,
            )
        )
    return world.as_("sb2.kamen")


def _at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    barrier = threading.Barrier(len(calls))
    answers: list[httpx.Response | None] = [None] * len(calls)

    def run(number: int, call: Callable[[], httpx.Response]) -> None:
        barrier.wait(30)
        answers[number] = call()

    threads = [threading.Thread(target=run, args=entry) for entry in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer for answer in answers if answer is not None]


def _entries(world: World, event: str) -> int:
    with world.sessions() as session:
        found = select(func.count()).select_from(JournalEntry).where(JournalEntry.event == event)
        return session.scalar(found) or 0


def test_a_decision_on_a_stale_state_is_refused(councils: tuple[World, str]) -> None:
    world, reference = councils
    clerk = world.as_("sb.kamen")
    path = f"/tasks/{world.task('sb.kamen', 'record_resolution')['id']}"
    seen = clerk.get(path).headers["etag"]
    claimed = clerk.post(f"{path}/claim", headers={"If-Match": seen})
    assert ok(claimed)["claimed_by"] == "Sven Dierksmeier"
    assert claimed.headers["etag"] != seen
    act = {"kind": "record_resolution", **world.resolution(reference)}
    for action, content in (("claim", None), ("release", None), ("complete", act)):
        response = clerk.post(f"{path}/{action}", json=content, headers={"If-Match": seen})
        refused(response, 412, "task-changed")
    current = clerk.get(path).headers["etag"]
    assert current == claimed.headers["etag"]
    done = clerk.post(f"{path}/complete", json=act, headers={"If-Match": current})
    assert ok(done)["task"]["state"] == "done"


def test_an_etag_that_is_none_is_refused(councils: tuple[World, str]) -> None:
    world, _ = councils
    path = f"/tasks/{world.task('sb.kamen', 'record_resolution')['id']}/claim"
    response = world.as_("sb.kamen").post(path, headers={"If-Match": "gestern"})
    assert refused(response, 422, "if-match-invalid")["field"] == "If-Match"


def test_a_task_that_somebody_has_claimed_is_theirs(councils: tuple[World, str]) -> None:
    world, reference = councils
    path = f"/tasks/{world.task('sb.kamen', 'record_resolution')['id']}"
    colleague = _colleague(world)
    ok(colleague.post(f"{path}/claim"))
    clerk = world.as_("sb.kamen")
    act = {"kind": "record_resolution", **world.resolution(reference)}
    problem = refused(clerk.post(f"{path}/complete", json=act), 409, "not-yet-possible")
    assert "Lena Vogtsberg" in problem["detail"]
    refused(clerk.post(f"{path}/release"), 409, "not-yet-possible")
    ok(colleague.post(f"{path}/release"))
    ok(clerk.post(f"{path}/complete", json=act))


def test_who_comes_second_learns_who_was_faster(councils: tuple[World, str]) -> None:
    world, reference = councils
    clerk, colleague = world.as_("sb.kamen"), _colleague(world)
    path = f"/tasks/{world.task('sb.kamen', 'record_resolution')['id']}/complete"
    act = {"kind": "record_resolution", **world.resolution(reference)}
    answers = _at_once(lambda: clerk.post(path, json=act), lambda: colleague.post(path, json=act))
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    ok(first)
    names = ["Sven Dierksmeier", "Lena Vogtsberg"]
    winner = names[answers.index(first)]
    problem = refused(second, 409, "task-not-open")
    assert problem["detail"] == (
        f"{winner} hat die Aufgabe bereits am 01.06.2026 um 12:00 Uhr erledigt."
    )
    assert _entries(world, "resolution_recorded") == 3  # two of the Kreis, one of Kamen


def test_the_same_key_gives_the_same_answer(councils: tuple[World, str]) -> None:
    world, reference = councils
    clerk = world.as_("sb.kamen")
    act, key = world.resolution(reference), {"Idempotency-Key": str(uuid4())}
    first = clerk.post(f"/cases/{reference}/resolutions", json=act, headers=key)
    again = clerk.post(f"/cases/{reference}/resolutions", json=act, headers=key)
    assert ok(first) == ok(again)
    assert again.status_code == first.status_code == 201
    assert again.headers["etag"] == first.headers["etag"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert _entries(world, "resolution_recorded") == 3
    assert [task["body"]["ags"] for task in ok(first)["opened"]] == [KAMEN]


def test_the_same_key_at_once_does_it_once(councils: tuple[World, str]) -> None:
    world, reference = councils
    clerk = world.as_("sb.kamen")
    act, key = world.resolution(reference), {"Idempotency-Key": "doppelklick"}
    answers = _at_once(
        *[
            lambda: clerk.post(f"/cases/{reference}/resolutions", json=act, headers=key)
            for _ in range(4)
        ]
    )
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({str(sorted(ok(answer))) for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 3
    assert _entries(world, "resolution_recorded") == 3


def test_a_case_is_started_once_per_key(world: World) -> None:
    lead, key = world.as_("recht.schwerte"), {"Idempotency-Key": "neu"}
    answers = _at_once(*[lambda: lead.post("/cases", json=START, headers=key) for _ in range(3)])
    assert len({ok(answer)["reference"] for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    with world.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_key_belongs_to_one_request(councils: tuple[World, str]) -> None:
    world, reference = councils
    clerk, key = world.as_("sb.kamen"), {"Idempotency-Key": "eins"}
    path = f"/cases/{reference}/resolutions"
    act = world.resolution(reference)
    ok(clerk.post(path, json=act, headers=key))
    other = clerk.post(path, json={**act, "remark": "anders"}, headers=key)
    assert refused(other, 422, "idempotency-key-reused")["field"] == "Idempotency-Key"
    # The keys of one person are nobody else's.
    ok(world.as_("sb.bergkamen").post(path, json=act, headers=key))


def test_a_refusal_does_not_use_the_key_up(councils: tuple[World, str]) -> None:
    world, reference = councils
    clerk, key = world.as_("sb.kamen"), {"Idempotency-Key": "eins"}
    path = f"/cases/{reference}/resolutions"
    act = world.resolution(reference)
    refused(
        clerk.post(path, json={**act, "votes": {"yes": 900}}, headers=key), 422, "too-many-votes"
    )
    with world.sessions() as session:
        assert session.scalar(select(func.count()).select_from(IdempotencyRecord)) == 0
    ok(clerk.post(path, json=act, headers=key))


def test_a_key_has_a_hundred_characters_at_most(councils: tuple[World, str]) -> None:
    world, reference = councils
    response = world.as_("sb.kamen").post(
        f"/cases/{reference}/resolutions",
        json=world.resolution(reference),
        headers={"Idempotency-Key": "x" * 101},
    )
    assert refused(response, 422, "invalid-input")["field"] == "Idempotency-Key"


_FAILING_COMMIT = """
CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'refused at the commit' USING ERRCODE = '{code}'; END $$;
CREATE CONSTRAINT TRIGGER refuse_commit AFTER INSERT ON tokens
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_commit();
"""


def _commit_fails(world: World, code: str) -> httpx.Response:
    client = world.as_("sb.kamen")
    with world.sessions.begin() as session:
        session.execute(text(_FAILING_COMMIT.format(code=code)))
    response = client.post("/tokens", json={"name": "verloren", "days": 1})
    with world.sessions() as session:
        assert session.scalars(select(Token).where(Token.name == "verloren")).first() is None
    return response


def test_a_commit_that_meets_another_is_a_conflict(world: World) -> None:
    refused(_commit_fails(world, "23505"), 409, "simultaneous")


def test_a_commit_that_fails_is_no_success(world: World) -> None:
    problem = refused(_commit_fails(world, "XX000"), 500, "unexpected")
    assert "refused at the commit" not in str(problem)


_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def _held_up(world: World) -> int:
    with world.sessions() as session:
        return session.scalar(_WAITING) or 0


@contextmanager
def _held(world: World, reference: str, count: int) -> Iterator[list[Future[httpx.Response]]]:
    """So many decisions wait for a case that somebody else has locked."""
    path = f"/tasks/{world.task('sb.kamen', 'record_resolution')['id']}/complete"
    clerk = world.as_("sb.kamen")
    act = {"kind": "record_resolution", **world.resolution(reference)}
    wait = min(count, AT_ONCE + PAST_THEM)
    with ThreadPoolExecutor(count) as clerks, world.sessions.begin() as session:
        session.scalars(select(Case).where(Case.reference == reference).with_for_update()).one()
        held = [clerks.submit(clerk.post, path, json=act) for _ in range(count)]
        until(lambda: _held_up(world) == wait, "as many wait for the lock as may")
        yield held
        assert not any(answer.done() for answer in held)


def _one_is_recorded(held: list[Future[httpx.Response]]) -> bool:
    answers = sorted(answer.result().status_code for answer in held)
    return answers == [200, *[409] * (len(held) - 1)]


def test_decisions_that_are_held_up_do_not_hold_up_another_case(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    other = world.start()
    ok(world.as_("recht.schwerte").post(f"/cases/{other}/versions", json=AGREEMENT))
    with _held(world, reference, AT_ONCE) as held:
        world.complete("recht.schwerte", "submit_draft", submitted_on=TODAY)
    assert _one_is_recorded(held)


def test_however_many_are_held_up_everybody_can_read(councils: tuple[World, str]) -> None:
    world, reference = councils
    with _held(world, reference, 45) as held:
        assert ok(world.as_("sb.bergkamen").get("/tasks"))["items"]
    assert _one_is_recorded(held)
