"""The cost of a decision: over HTTP, beside the least that FastAPI and psycopg need.

One API process and one process with the bare endpoint, on the same PostgreSQL with fsync. Both
are worked off in turn by the same clients (``tests.bench.load``); measured is from the sending
of a request until its answer has been read, sign-in checked in every request.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from uuid import uuid4

import psycopg
from rich.console import Console
from rich.progress import Progress

from agreements import processes
from agreements.cli.stack_parts import answers, request
from agreements.database import schema
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import make_engine, session_factory
from tests.bench import played
from tests.bench.bare import TABLES
from tests.bench.load import Chain, Job, Result
from tests.bench.played import PHASES, TASKS, Cases
from tests.waiting import until

TURNS: Final = 3
LOADS: Final = (1, 2, 4, 8, 16)
SAME_CASE: Final = 8
_OURS, _BARE = "vereinbar", "bare"
_COUNTING: Final = (
    "SELECT sum(calls) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid "
    "WHERE d.datname = %s AND s.query !~* '^(begin|commit|rollback)'"
)


@dataclass(frozen=True)
class Load:
    """So many clients, each on cases of its own or all on the same one."""

    clients: int
    same_case: bool = False

    @property
    def cases(self) -> int:
        """How many cases are worked off in one turn."""
        return 2 if self.same_case else max(2, self.clients)

    @property
    def title(self) -> str:
        """How the table names it."""
        people = "1 Client" if self.clients == 1 else f"{self.clients} Clients"
        return f"{people}, derselbe Vorgang" if self.same_case else people


@dataclass
class Measured:
    """What came of a load: seconds and number of decisions of each turn, all latencies."""

    load: Load
    turns: list[tuple[float, int]] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    def add(self, results: Sequence[Result]) -> None:
        """One turn."""
        latencies = [seconds for result in results for seconds in result.latencies]
        self.turns.append((sum(result.seconds for result in results), len(latencies)))
        self.latencies += latencies

    @property
    def per_second(self) -> float:
        """Decisions per second, in the turn in the middle."""
        return median(count / seconds for seconds, count in self.turns)

    def percentile(self, share: int) -> float:
        """Milliseconds that so many per cent of all requests did not exceed."""
        return quantiles(self.latencies, n=100, method="inclusive")[share - 1] * 1000


@dataclass(frozen=True)
class Report:
    """Everything that was measured."""

    ours: Sequence[Measured]
    bare: Sequence[Measured]
    statements: float
    sign_in: float
    people: int


class Clients:
    """The process that sends the requests."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, job: Job) -> Result:
        """Carry a job out; fails if any request was refused."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        result = Result(**json.loads(self._process.stdout.readline()))
        assert not result.failures, result.failures[0]
        return result

    def close(self) -> None:
        """No more jobs."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@dataclass(frozen=True)
class Bench:
    """The running servers, and who works on them."""

    clients: Clients
    cases: Cases
    api_port: int
    bare_port: int
    bare_database: str
    server: EmbeddedPostgres

    def ours(self, load: Load, advance: Callable[[], None]) -> list[Result]:
        """All tasks of so many new cases."""
        cases = self.cases.start(load.cases)
        results: list[Result] = []
        for phase in PHASES:
            for case in cases:
                phase.before(self.cases, case)
            self.cases.drive()
            chains = [phase.chains(self.cases, case) for case in cases]
            results += [self.clients.run(job) for job in self._jobs(load, chains)]
            self.cases.drive()
            advance()
        return results

    def _jobs(self, load: Load, chains: Sequence[tuple[Chain, ...]]) -> list[Job]:
        if load.same_case:
            return [Job(self.api_port, load.clients, (of_case,)) for of_case in chains]
        queues = tuple(
            tuple(chain for of_case in chains[client :: load.clients] for chain in of_case)
            for client in range(load.clients)
        )
        return [Job(self.api_port, 1, queues)]

    def bare(self, load: Load) -> list[Result]:
        """As many requests to the bare endpoint, each client on rows of its own."""
        count = load.cases * TASKS // load.clients
        ids = [uuid4() for _ in range(load.clients)]
        with psycopg.connect(self.bare_database) as connection, connection.cursor() as cursor:
            rows = [(id_, "open", 1) for id_ in ids]
            cursor.executemany("INSERT INTO items VALUES (%s, %s, %s)", rows)
        body = '{"state":"adopted","remark":"14 Ja, 1 Nein"}'
        queues = tuple(
            (Chain("/items/{id}/decide", str(id_), "none=1", (body,) * count, leads_on=False),)
            for id_ in ids
        )
        return [self.clients.run(Job(self.bare_port, 1, queues))]

    def statements_per_decision(self) -> float:
        """Counted by PostgreSQL: all that a decision sends but BEGIN and COMMIT."""
        load = Load(1)
        cases = self.cases.start(1)
        seen = 0
        for phase in PHASES:
            for case in cases:
                phase.before(self.cases, case)
            self.cases.drive()
            chains = [phase.chains(self.cases, case) for case in cases]
            seen += self._counted(self._jobs(load, chains))
            self.cases.drive()
        return seen / TASKS

    def _counted(self, jobs: Sequence[Job]) -> int:
        with _admin(self.server) as admin:
            _track(admin, "top")
            admin.execute("SELECT pg_stat_statements_reset()")
            for job in jobs:
                self.clients.run(job)
            row = admin.execute(_COUNTING, (_OURS,)).fetchone()
            _track(admin, "none")
        assert row is not None
        return int(row[0])


def _admin(server: EmbeddedPostgres) -> psycopg.Connection:
    return psycopg.connect(_plain(server.url("postgres")), autocommit=True)


def _plain(url: str) -> str:
    """The URL as psycopg itself reads it."""
    return url.replace("+psycopg", "")


def _track(admin: psycopg.Connection, what: str) -> None:
    admin.execute(f"ALTER SYSTEM SET pg_stat_statements.track = {what}")
    admin.execute("SELECT pg_reload_conf()")
    until(
        lambda: admin.execute("SHOW pg_stat_statements.track").fetchone() == (what,),
        "the server reads its settings",
    )


def measure(folder: Path, console: Console, loads: Sequence[Load]) -> Report:
    """Every load three times, ours and the bare endpoint in turn."""
    ours = [Measured(load) for load in loads]
    bare = [Measured(load) for load in loads]
    with running(folder) as (bench, seconds), Progress(console=console) as progress:
        task = progress.add_task("Entscheidungen", total=(TURNS * len(loads) + 1) * len(PHASES))

        def advance() -> None:
            progress.advance(task)

        bench.ours(Load(1), advance)  # warm
        bench.bare(Load(1))
        statements = bench.statements_per_decision()
        for _ in range(TURNS):
            for load, of_ours, of_bare in zip(loads, ours, bare, strict=True):
                of_bare.add(bench.bare(load))
                of_ours.add(bench.ours(load, advance))
    return Report(ours, bare, statements, seconds, len(played.people()))


@contextmanager
def running(folder: Path) -> Iterator[tuple[Bench, float]]:
    """PostgreSQL with fsync, the API, the bare endpoint, the clients; and what signing in took."""
    options = {
        "shared_preload_libraries": "pg_stat_statements",
        "pg_stat_statements.track_utility": "off",
    }
    with ExitStack() as stack:
        server = stack.enter_context(EmbeddedPostgres(folder / "pg", options=options))
        bare_database = _databases(server)
        engine = make_engine(server.url(_OURS), application_name="vereinbar-bench")
        stack.callback(engine.dispose)
        sessions = session_factory(engine)
        played.prepare(sessions)
        environment = {
            "VEREINBAR_DATABASE_URL": server.url(_OURS),
            "VEREINBAR_DATA_DIR": str(folder),
            "BARE_DATABASE": bare_database,
        }
        api, endpoint = (
            stack.enter_context(_uvicorn(app, path, folder / f"{name}.log", environment))
            for name, app, path in (
                ("api", "api.app:app", "/health"),
                ("bare", "tests.bench.bare:app", "/openapi.json"),
            )
        )
        clients = Clients()
        stack.callback(clients.close)
        cookies, seconds = _sign_in(api)
        cases = Cases(sessions, folder / "documents", cookies)
        yield Bench(clients, cases, api, endpoint, bare_database, server), seconds


def _databases(server: EmbeddedPostgres) -> str:
    server.ensure_database(_OURS)
    schema.upgrade(server.url(_OURS))
    server.ensure_database(_BARE)
    bare = _plain(server.url(_BARE))
    with psycopg.connect(bare) as connection:
        connection.execute(TABLES)
    with _admin(server) as admin:
        admin.execute("CREATE EXTENSION pg_stat_statements")
        _track(admin, "none")
    return bare


@contextmanager
def _uvicorn(app: str, path: str, log: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """One process, started as ``vereinbar up`` starts the API; without a line per request."""
    port = _free_port()
    process = processes.spawn(
        [
            sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port),
            "--no-access-log",
        ],
        log=log,
        environment={**os.environ, **environment},
    )  # fmt: skip
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}{path}"), f"{app} starts")
        yield port
    finally:
        processes.stop(process, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _sign_in(port: int) -> tuple[dict[str, str], float]:
    """Everybody signs in over HTTP; the cookies, and the seconds that took."""
    before = time.perf_counter()
    cookies = {}
    for username in played.people():
        credentials = {"username": username, "password": played.PASSWORD}
        with request(f"http://127.0.0.1:{port}/api/v1/session", body=credentials) as response:
            cookies[username] = response.headers["Set-Cookie"].split(";", 1)[0]
    return cookies, time.perf_counter() - before


def all_loads() -> list[Load]:
    """What the table shows."""
    return [*(Load(clients) for clients in LOADS), Load(SAME_CASE, same_case=True)]


def ratio(ours: Measured, bare: Measured) -> float:
    """Our decisions per second as a share of the bare endpoint's, at the same load."""
    return ours.per_second / bare.per_second
