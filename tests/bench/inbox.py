"""``python -m tests.bench.inbox``: what an inbox costs in the database, of 1,000 and 100,000 tasks.

The same person has the same share in both; everybody else's tasks are what grows. Measured is what
PostgreSQL says itself (planning and execution) of the very statements that the list sends, each
many times with a warm cache.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any, Final
from uuid import UUID

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from agreements import clock
from agreements.database import administration, schema
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import make_engine, session_factory, transaction
from agreements.filters import InboxOrder, InboxQuery
from agreements.ids import new_id
from agreements.model.bodies import Body
from agreements.model.enums import Priority, Role, TaskKind
from agreements.model.people import Duty, User
from agreements.people import Actor, actor_of
from agreements.queries import inbox
from agreements.regions.assemble import region_from_directory, sample_region
from agreements.regions.load import add_region

SIZES: Final = (1_000, 100_000)
RUNS: Final = 200
# What belongs to Kamen and to the Kreis is the same, however many tasks there are: that of a clerk,
# and of somebody with five duties.
CLERK, MANY = "sb.kamen", "recht.kamen"
KAMEN, KREIS = "05978020", "05978"
SHARE: Final = 400
# Somebody to whom a fifth of all tasks belongs.
LARGE: Final = "recht.luenen"
LUENEN: Final = "05978024"
OTHER_KREISE: Final = ("05962", "05974", "05570", "05566", "05558", "05554", "05382", "05378")
TASKS_PER_CASE: Final = 20
LIMIT_MS: Final = 10.0
_WARMING: Final = 5
RATIO: Final = 1.5

_PROJECTS: Final = (
    "Smart Region", "Bäderverwaltung", "Rechnungsprüfung", "Vergabestelle", "Datenplattform",
    "Klärschlammverwertung", "Musikschule", "Feuerwehrleitstelle", "Wirtschaftsförderung",
    "Straßenunterhaltung", "Volkshochschule", "Gewässerunterhaltung", "Archiv", "Rettungsdienst",
)  # fmt: skip
_TITLES: Final = (
    (TaskKind.RECORD_RESOLUTION, Role.CLERK, "Beschluss erfassen (Rat)"),
    (TaskKind.RECORD_RESOLUTION, Role.CLERK, "Empfehlung erfassen (Haupt- und Finanzausschuss)"),
    (TaskKind.GIVE_STATEMENT, Role.CLERK, "Stellung nehmen"),
    (TaskKind.FREEZE_VERSION, Role.LEGAL, "Textfassung festschreiben"),
    (TaskKind.RECORD_SIGNATURE, Role.SIGNATORY, "Unterschrift erfassen"),
    (TaskKind.CHECK_FINANCE_PLAN, Role.TREASURER, "Kosten- und Finanzierungsplan prüfen"),
)
RARE: Final = "Zwetschgenverordnung"


@dataclass(frozen=True, slots=True)
class Asked:
    """One list that is asked for. later: how many pages are turned before."""

    title: str
    username: str
    query: InboxQuery
    later: int = 0


def _asked() -> list[Asked]:
    orders = [
        Asked(f"{name}, Seite {later + 1}", CLERK, InboxQuery(order=order), later)
        for order, name in (
            (InboxOrder.OLDEST, "älteste zuerst"),
            (InboxOrder.DUE, "nach Fristende"),
            (InboxOrder.PRIORITY, "nach Dringlichkeit"),
        )
        for later in (0, 3)
    ]
    searches = [
        Asked(f"Suche: {name}", CLERK, InboxQuery(q=search))
        for name, search in (
            ("häufiges Wort", "beschluss"),
            ("seltenes Wort", RARE),
            ("Teil eines Wortes", "wetschgenver"),
            ("zwei Wörter", "kamen empfehlung"),
            ("Aktenzeichen", "IKZ-2026-0007"),
            ("kein Treffer", "quittenmus"),
        )
    ]
    filters = [
        Asked("überfällig", CLERK, InboxQuery(overdue=True)),
        Asked("fünf Rollen, nach Fristende", MANY, InboxQuery(order=InboxOrder.DUE)),
        Asked("fünf Rollen, Suche", MANY, InboxQuery(q="prüfung")),
    ]
    return orders + searches + filters


def _asked_of_many() -> list[Asked]:
    """By somebody to whom a fifth of all tasks belongs: only the limit in time holds."""
    return [
        Asked("großer Vorrat: erste Seite", LARGE, InboxQuery()),
        Asked("großer Vorrat: nach Fristende, Seite 4", LARGE, InboxQuery(order=InboxOrder.DUE), 3),
        Asked("großer Vorrat: nach Dringlichkeit", LARGE, InboxQuery(order=InboxOrder.PRIORITY)),
        Asked("großer Vorrat: häufiges Wort", LARGE, InboxQuery(q="festschreiben")),
        Asked("großer Vorrat: seltenes Wort", LARGE, InboxQuery(q=RARE)),
        Asked("großer Vorrat: Teil eines Wortes", LARGE, InboxQuery(q="wetschgenver")),
        Asked("großer Vorrat: kein Treffer", LARGE, InboxQuery(q="quittenmus")),
    ]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a list cost: milliseconds in the database, statements, rows."""

    milliseconds: tuple[float, ...]
    statements: int
    rows: int

    @property
    def median(self) -> float:
        """Half of the runs took no longer."""
        return median(self.milliseconds)

    @property
    def least(self) -> float:
        """What it takes when nothing else is going on."""
        return min(self.milliseconds)

    @property
    def p95(self) -> float:
        """19 of 20 runs took no longer."""
        return quantiles(self.milliseconds, n=20)[-1]


def fill(sessions: sessionmaker[Session], url: str, size: int) -> None:
    """So many open tasks, over cases and bodies as they come."""
    with transaction(sessions) as session:
        add_region(session, sample_region())
        for kreis in OTHER_KREISE:
            add_region(session, region_from_directory(kreis))
        _give_duties(session)
    with sessions() as session:
        bodies = {body.ags: body.id for body in session.scalars(select(Body))}
        names = {body.id: body.forms["short"] for body in session.scalars(select(Body))}
        starter = session.scalars(select(User.id)).first()
    with administration.connect(url) as connection:
        cases = _copy_cases(connection, size // TASKS_PER_CASE, starter)
        _copy_tasks(connection, size, cases, bodies, names)
        connection.execute("VACUUM ANALYZE")


def _give_duties(session: Session) -> None:
    kamen = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
    many = session.scalars(select(User).where(User.username == MANY)).one()
    held = {duty.role for duty in many.duties}
    for role in {Role.LEGAL, Role.TREASURER, Role.SIGNATORY, Role.SUPERVISOR} - held:
        session.add(Duty(user_id=many.id, role=role, body_id=kamen))
    kreis = session.scalars(select(Body.id).where(Body.ags == KREIS)).one()
    session.add(Duty(user_id=many.id, role=Role.LEGAL, body_id=kreis))


Case = tuple[UUID, UUID, str, str]


def _copy_cases(
    connection: psycopg.Connection[Any], count: int, starter: UUID | None
) -> list[Case]:
    now, cases = clock.now(), list[Case]()
    columns = (
        "id, reference, title, subject, instrument, land, procedure, procedure_version, "
        "principle_round, kreistag_order, conditions, retrospective, state, started_on, "
        "started_at, started_by, version, journal_number, journal_hash"
    )
    with connection.cursor() as cursor, cursor.copy(f"COPY cases ({columns}) FROM STDIN") as copy:
        for number in range(count):
            case_id, title = new_id(), f"{_PROJECTS[number % len(_PROJECTS)]} {number:05d}"
            reference = f"IKZ-2026-{number:04d}"
            cases.append((case_id, new_id(), reference, title))
            copy.write_row(
                (case_id, reference, title, f"Gegenstand: {title}", "mandating_agreement", "NW",
                 "cooperation_agreement", 1, False, "before_councils", [], False, "running",
                 now.date(), now, starter, 1, 0, "")
            )  # fmt: skip
    columns = (
        "id, case_id, key, kind, number, position, state, awaits, reason, state_since, attempt, "
        "run_ended"
    )
    with connection.cursor() as cursor, cursor.copy(f"COPY stages ({columns}) FROM STDIN") as copy:
        for case_id, stage_id, _, _ in cases:
            copy.write_row(
                (stage_id, case_id, "agreement_councils", "council_resolutions", 1, 5, "open",
                 "people", "", now, 1, False)
            )  # fmt: skip
    return cases


def _copy_tasks(
    connection: psycopg.Connection[Any],
    size: int,
    cases: Sequence[Case],
    bodies: dict[str, UUID],
    names: dict[UUID, str],
) -> None:
    random, now = Random(size), clock.now()
    columns = (
        "id, case_id, stage_id, body_id, role, kind, own_title, subject_id, details, state, "
        "not_by, priority, due_on, due_kind, follow_up_on, opened_at, search_text, version"
    )
    owners = [(owner, random) for owner in islice(_owners(random, bodies), size - SHARE)]
    owners += [
        ((bodies[KREIS if i % 8 == 3 else KAMEN], *_TITLES[i % len(_TITLES)]), Random(i))
        for i in range(SHARE)
    ]
    random.shuffle(owners)
    where = list(islice(cycle(cases), size))
    random.shuffle(where)
    with connection.cursor() as cursor, cursor.copy(f"COPY tasks ({columns}) FROM STDIN") as copy:
        for number, (owner, (case, stage, reference, name)) in enumerate(
            zip(owners, where, strict=True)
        ):
            (body, kind, role, title), drawn = owner
            due = now.date() + timedelta(days=drawn.randrange(-5, 90))
            has_due = drawn.random() < 0.6
            priority = drawn.choices(list(Priority), (3, 94, 3))[0]
            later = now.date() + timedelta(days=9) if drawn.random() < 0.05 else None
            details = f"nach der {RARE}" if number % 500 == 7 else ""
            searched = f"{title} {reference} {name} {names[body]} {details}".strip()
            copy.write_row(
                (new_id(), case, stage, body, role, kind, title, new_id(), details, "open", [],
                 priority, due if has_due else None, "internal" if has_due else None, later, now,
                 searched, 1)
            )  # fmt: skip


Owner = tuple[UUID, TaskKind, Role, str]


def _owners(random: Random, bodies: dict[str, UUID]) -> Iterator[Owner]:
    """Whose the tasks are: a fifth is Lünen's legal office's, nothing of Kamen or the Kreis."""
    others = [body for ags, body in bodies.items() if ags not in (KAMEN, KREIS)]
    while True:
        if random.random() < 0.2:
            yield (bodies[LUENEN], *_TITLES[3])
        else:
            yield (random.choice(others), *random.choice(_TITLES))


Statement = tuple[str, dict[str, Any]]


def measure(engines: Sequence[Engine], asked: Asked, runs: int) -> list[Cost]:
    """Ask each database for the list, then let PostgreSQL say what its statements take.

    The databases take turns, so that whatever else the machine does meets all of them.
    """
    found = [_statements_of(engine, asked) for engine in engines]
    taken: list[list[float]] = [[] for _ in engines]
    with ExitStack() as stack:
        clients = [stack.enter_context(_client(engine)) for engine in engines]
        for _ in range(runs + _WARMING):
            for client, (sent, _), times in zip(clients, found, taken, strict=True):
                times.append(sum(_explained(client, *one) for one in sent))
    return [
        Cost(tuple(times[_WARMING:]), len(sent), rows)
        for times, (sent, rows) in zip(taken, found, strict=True)
    ]


@contextmanager
def _client(engine: Engine) -> Iterator[psycopg.ClientCursor[Any]]:
    url = engine.url.render_as_string(hide_password=False)
    with administration.connect(url) as connection, psycopg.ClientCursor(connection) as client:
        yield client


def _statements_of(engine: Engine, asked: Asked) -> tuple[list[Statement], int]:
    sessions = session_factory(engine)
    with sessions() as session:
        user = session.scalars(select(User).where(User.username == asked.username)).one()
        actor, cursor = actor_of(user), None
    for _ in range(asked.later):
        with sessions() as session:
            cursor = _list(session, actor, asked.query, cursor)[0]
    return _sent(engine, lambda session: _list(session, actor, asked.query, cursor)[1])


def _list(
    session: Session, actor: Actor, query: InboxQuery, cursor: str | None
) -> tuple[str | None, int]:
    page = inbox.inbox(session, actor, query, cursor=cursor, limit=50)
    return page.next_cursor, len(page.items)


def _sent(engine: Engine, work: Callable[[Session], int]) -> tuple[list[Statement], int]:
    seen: list[Statement] = []

    def note(_: object, __: object, statement: str, parameters: Any, *rest: object) -> None:  # noqa: ANN401
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        with session_factory(engine)() as session:
            return seen, work(session)
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _explained(
    client: psycopg.ClientCursor[Any], statement: str, parameters: dict[str, Any]
) -> float:
    """Milliseconds that PostgreSQL needs to plan and to execute the statement."""
    asked = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}"
    client.execute(asked.encode(), parameters)
    row = client.fetchone()
    assert row is not None
    [plan] = row[0]
    return float(plan["Planning Time"]) + float(plan["Execution Time"])


def _filled(server: EmbeddedPostgres, size: int) -> Engine:
    url = server.url(f"inbox_{size}")
    server.ensure_database(f"inbox_{size}")
    schema.upgrade(url)
    engine = make_engine(url)
    fill(session_factory(engine), url, size)
    return engine


def run(runs: int = RUNS, sizes: Sequence[int] = SIZES) -> tuple[Table, bool]:
    """Measure; the table, and whether every limit holds."""
    costs: dict[tuple[int, str], Cost] = {}
    with (
        tempfile.TemporaryDirectory(prefix="vb-", dir="/tmp") as folder,
        EmbeddedPostgres(Path(folder) / "pg") as server,
    ):
        engines = [_filled(server, size) for size in sizes]
        for asked in _asked():
            for size, cost in zip(sizes, measure(engines, asked, runs), strict=True):
                costs[size, asked.title] = cost
        for asked in _asked_of_many():
            [costs[sizes[-1], asked.title]] = measure(engines[-1:], asked, runs)
        for engine in engines:
            engine.dispose()
    return _table(costs, sizes, runs)


def _table(
    costs: dict[tuple[int, str], Cost], sizes: Sequence[int], runs: int
) -> tuple[Table, bool]:
    small, large = min(sizes), max(sizes)
    table = Table(
        "Liste", "Zeilen", "Anweisungen", f"Median bei {small}", f"Median bei {large}",
        f"p95 bei {large}", "Verhältnis", f"kleinste bei {large}", "deren Verhältnis", "",
        title=f"Arbeitsvorrat, Millisekunden in der Datenbank, {runs} Läufe",
    )  # fmt: skip
    fine = True
    for (size, title), cost in costs.items():
        if size != large:
            continue
        before = costs.get((small, title))
        ratio = cost.median / before.median if before else None
        holds = cost.p95 < LIMIT_MS and (ratio is None or ratio <= RATIO)
        holds = holds and (before is None or before.statements == cost.statements)
        fine = fine and holds
        table.add_row(
            title,
            str(cost.rows),
            str(cost.statements),
            f"{before.median:.2f}" if before else "",
            f"{cost.median:.2f}",
            f"{cost.p95:.2f}",
            f"{ratio:.2f}" if ratio else "",
            f"{cost.least:.2f}",
            f"{cost.least / before.least:.2f}" if before else "",
            "" if holds else "zu viel",
        )
    return table, fine


def main() -> int:
    """Run the benchmark and print its table."""
    table, fine = run()
    Console(width=140).print(table)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
