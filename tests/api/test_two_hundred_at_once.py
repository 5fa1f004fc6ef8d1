"""Two hundred completions on one case by eight clients: each task is done once, by one person.

Three accounts of every body reach for the same tasks. Who is told that it worked stands in the
records, once; everybody else is told who was faster.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final
from uuid import UUID

import httpx
from sqlalchemy import func, select

from agreements import course, detours, journal
from agreements.clock import today
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.drafting import Statement
from agreements.model.enums import Role, StageState, TaskKind, TaskState
from agreements.model.people import Duty, User
from agreements.model.records import JournalEntry
from tests.api.world import AGREEMENT, TODAY, World, ok, refused
from tests.story import COUNCILS, KREIS, PARTIES, actor

CLIENTS: Final = 8
ATTEMPTS: Final = 10
_PATIENCE: Final = 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody completes a task."""

    task_id: UUID
    username: str
    act: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it."""

    attempt: Attempt
    response: httpx.Response


def _hire(world: World) -> dict[str, str]:
    """Two more clerks for every body; the names of all clerks by their accounts."""
    with world.sessions.begin() as session:
        for ags, slug in PARTIES.items():
            body = session.scalars(select(Body.id).where(Body.ags == ags)).one()
            for number in (2, 3):
                session.add(
                    User(
                        username=f"sb{number}.{slug}",
                        display_name=f"Vertretung {number} {slug}",
                        person_key=f"sb{number}-{slug}",
                        duties=[Duty(role=Role.CLERK, body_id=body)],
                    )
                )
    with world.sessions() as session:
        rows = session.execute(
            select(User.username, User.display_name).where(User.username.like("sb%"))
        )
        return {username: name for username, name in rows}  # noqa: C416 - rows are no pairs


def _coordination(world: World) -> str:
    """A case of all eleven parties, whose statements are asked for."""
    reference = world.start(
        parties=list(PARTIES), applicant=None, programme=None, kreistag_order="after_councils"
    )
    ok(world.as_("recht.schwerte").post(f"/cases/{reference}/versions", json=AGREEMENT))
    world.complete("recht.schwerte", "submit_draft", submitted_on=TODAY)
    return reference


def _case(world: World, reference: str) -> UUID:
    with world.sessions() as session:
        return session.scalars(select(Case.id).where(Case.reference == reference)).one()


def _open_tasks(world: World, case_id: UUID, kind: TaskKind) -> dict[str, UUID]:
    """By AGS."""
    with world.sessions() as session:
        rows = session.execute(
            select(Body.ags, Task.id)
            .join(Body, Body.id == Task.body_id)
            .where(Task.case_id == case_id, Task.kind == kind, Task.state == TaskState.OPEN)
        )
        return {ags: task_id for ags, task_id in rows}  # noqa: C416 - rows are no pairs


def _contest(tasks: Mapping[str, UUID], act: Mapping[str, Any]) -> list[Attempt]:
    """Ten attempts at each task, by the three clerks of its body in turn."""
    return [
        Attempt(task_id, f"sb{('', '2', '3')[number % 3]}.{PARTIES[ags]}", act)
        for ags, task_id in tasks.items()
        for number in range(ATTEMPTS)
    ]


def _at_once(world: World, attempts: Iterable[Attempt]) -> list[Answered]:
    """Eight clients make these attempts in a random order, each as fast as it is answered."""
    shuffled = list(attempts)
    random.shuffle(shuffled)
    queue: SimpleQueue[Attempt] = SimpleQueue()
    for attempt in shuffled:
        queue.put(attempt)
    tokens = {name: world.token(name) for name in sorted({a.username for a in shuffled})}
    answers: list[Answered] = []
    together = threading.Barrier(CLIENTS)

    def work(client: httpx.Client) -> None:
        together.wait(_PATIENCE)
        while True:
            try:
                attempt = queue.get_nowait()
            except Empty:
                return
            response = client.post(
                f"/tasks/{attempt.task_id}/complete",
                json=dict(attempt.act),
                headers={"Authorization": f"Bearer {tokens[attempt.username]}"},
            )
            answers.append(Answered(attempt, response))

    threads = [threading.Thread(target=work, args=(world.client(),)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(shuffled)
    return answers


def _check_answers(world: World, answers: list[Answered], names: Mapping[str, str]) -> None:
    """One winner for each task, and it is the one on record; all others are told who."""
    winners = [a for a in answers if a.response.is_success]
    by_task = {a.attempt.task_id: a.attempt.username for a in winners}
    assert Counter(a.attempt.task_id for a in winners) == Counter(
        {a.attempt.task_id for a in answers}
    )
    for answered in answers:
        if answered.response.is_success:
            continue
        problem = refused(answered.response, 409, "task-not-open")
        faster = names[by_task[answered.attempt.task_id]]
        assert problem["detail"].startswith(f"{faster} hat die Aufgabe bereits am ")
    with world.sessions() as session:
        rows = session.execute(
            select(Task.id, User.username, Task.state)
            .join(User, User.id == Task.completed_by)
            .where(Task.id.in_(by_task))
        ).all()
    assert {task_id: username for task_id, username, _ in rows} == by_task
    assert {state for _, _, state in rows} == {TaskState.DONE}


def _check_journal(world: World, case_id: UUID, **expected: int) -> None:
    with world.sessions() as session:
        case = session.get_one(Case, case_id)
        entries = journal.entries(session, case_id)
        end = journal.End(case.journal_number, case.journal_hash)
        assert journal.first_broken(entries, end) is None
        counted = Counter(entry.event for entry in entries)
        rows = session.scalar(
            select(func.count()).select_from(JournalEntry).where(JournalEntry.case_id == case_id)
        )
    assert {event: counted[event] for event in expected} == expected
    assert rows == case.journal_number


def test_two_hundred_clerks_reach_for_statements_and_extra_tasks(world: World) -> None:
    names = _hire(world)
    case_id = _case(world, _coordination(world))
    with world.sessions.begin() as session:
        case = course.locked_case(session, case_id)
        for ags in PARTIES:
            wanted = detours.OpenAdHoc(
                stage="coordination",
                body=ags,
                title="Stellungnahme Datenschutz",
                reason="Es geht um Daten von Bürgerinnen und Bürgern.",
                decided_on=today(),
            )
            detours.open_ad_hoc(session, actor(session, "recht.schwerte"), case, wanted)
    statement = {
        "kind": "give_statement", "version": 1, "verdict": "agreed", "given_on": TODAY
    }  # fmt: skip
    done = {"kind": "ad_hoc", "result": "Keine Bedenken.", "done_on": TODAY}
    attempts = [
        *_contest(_open_tasks(world, case_id, TaskKind.GIVE_STATEMENT), statement),
        *_contest(_open_tasks(world, case_id, TaskKind.AD_HOC), done),
    ]
    assert len(attempts) == 2 * len(PARTIES) * ATTEMPTS >= 200
    answers = _at_once(world, attempts)
    _check_answers(world, answers, names)
    _check_journal(world, case_id, statement_given=len(PARTIES), ad_hoc_task_done=len(PARTIES))
    with world.sessions() as session:
        given = session.scalars(select(Statement.body_id)).all()
        stage = course.stages_of(session, session.get_one(Case, case_id))["coordination"]
    assert len(given) == len(set(given)) == len(PARTIES)
    assert stage.state is StageState.OPEN
    assert stage.reason == "Schwerte: Textfassung festschreiben."


def test_two_hundred_clerks_reach_for_the_resolutions_of_ten_councils(world: World) -> None:
    names = _hire(world)
    reference = _coordination(world)
    case_id = _case(world, reference)
    for slug in PARTIES.values():
        world.complete(f"sb.{slug}", "give_statement", version=1, verdict="agreed", given_on=TODAY)
    world.complete("recht.schwerte", "freeze_version", version=1, frozen_on=TODAY)
    act = {"kind": "record_resolution", **world.resolution(reference)}
    answers: list[Answered] = []
    for _ in ("Ausschüsse", "Räte"):
        tasks = _open_tasks(world, case_id, TaskKind.RECORD_RESOLUTION)
        assert set(tasks) == set(COUNCILS)
        answers += _at_once(world, _contest(tasks, act))
    assert len(answers) == 2 * len(COUNCILS) * ATTEMPTS == 200
    _check_answers(world, answers, names)
    _check_journal(world, case_id, resolution_recorded=2 * len(COUNCILS))
    with world.sessions() as session:
        consulted = session.scalars(
            select(Resolution.consultation_id)
            .join(Consultation, Consultation.id == Resolution.consultation_id)
            .join(Paper, Paper.id == Consultation.paper_id)
            .where(Paper.case_id == case_id)
        ).all()
    assert len(consulted) == len(set(consulted)) == 2 * len(COUNCILS)
    world.drive()
    # The machine found everybody's resolution, and only now is it the Kreistag's turn.
    assert set(_open_tasks(world, case_id, TaskKind.RECORD_RESOLUTION)) == {KREIS}
