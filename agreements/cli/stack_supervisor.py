"""Starts the parts of the stack in order, watches them, and ends them in reverse order."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import psycopg

from agreements.cli import stack_environment as environment
from agreements.cli import stack_parts as parts
from agreements.cli.stack_parts import Part
from agreements.cli.stack_state import StackState, clear_state, take_lock, write_state
from agreements.database import administration, schema
from agreements.database.embedded import EmbeddedPostgres, PostgresUnavailable
from agreements.errors import Conflict, Refusal
from agreements.settings import Settings
from agreements.version import program_version

NEEDED_BYTES = 500_000_000
START_PATIENCE = 180.0
WATCH_SECONDS = 0.5
DATABASE_CHECK_SECONDS = 5.0
# Linux gives connections ports from 32768 on, other systems from 49152 on.
_NEVER_GIVEN = range(20_000, 32_000)

Report = Callable[[str, str], None]
"""Called with (what in German, state): ``starting``, ``ready``, ``restarted``, ``stopped``."""


class Stack:
    """PostgreSQL, Prefect, the conductor and the API over one data folder.

    One thread starts, watches and ends all children: they die with the thread that
    started them (see ``processes.spawn``).
    """

    def __init__(self, settings: Settings, *, report: Report | None = None) -> None:
        self.settings = settings
        self._report: Report = report or (lambda what, state: None)
        self._postgres: EmbeddedPostgres | None = None
        self._parts: dict[str, Part] = {}
        self._lock: IO[str] | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._settled = threading.Event()
        self._failure: BaseException | None = None
        self._database_checked_at = 0.0

    @property
    def processes(self) -> dict[str, int]:
        """The process id of every part that lives: postgres, prefect, conductor, api."""
        found = {"postgres": self._postgres.pid if self._postgres else None}
        for name, part in self._parts.items():
            found[name] = part.process.pid if part.process and part.is_alive else None
        return {name: pid for name, pid in found.items() if pid is not None}

    def start(self) -> None:
        """Refuse at once what can be seen at once, then start; ``wait_ready`` waits."""
        self._lock = take_lock(self.settings.data_dir)
        clear_state(self.settings.data_dir)  # of a stack that was killed
        try:
            _refuse_full_disk(self.settings)
            for port, host, variable in (
                (self.settings.api_port, self.settings.api_host, "VEREINBAR_API_PORT"),
                (self.settings.prefect_port, self.settings.prefect_host, "VEREINBAR_PREFECT_PORT"),
            ):
                _refuse_taken_port(host, port, variable)
        except BaseException:
            self._release()
            raise
        self._thread = threading.Thread(target=self._run, name="stack")
        self._thread.start()

    def wait_ready(self, timeout: float = 600) -> None:
        """Wait until everything answers; raises what went wrong."""
        if not self._settled.wait(timeout):
            raise Refusal("stack-slow", "Der Start dauert zu lange; bitte die Protokolle ansehen.")
        if self._failure is not None:
            raise self._failure

    def request_stop(self) -> None:
        """Ask for the end, without waiting (may be called in a signal handler)."""
        self._stopping.set()

    def wait_stopped(self) -> None:
        """Wait until somebody asks for the end, or the stack ends by itself."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """End everything in order, and wait for it."""
        self.request_stop()
        self.wait_stopped()

    @property
    def failure(self) -> BaseException | None:
        """Why the stack ended by itself, if it did."""
        return self._failure

    def _run(self) -> None:
        try:
            self._start_all()
            self._settled.set()
            self._publish(ready=True)
            while not self._stopping.wait(WATCH_SECONDS):
                self._watch()
        except _Stopped:
            self._failure = Refusal("stack-stopped", "Der Start wurde abgebrochen.")
        except BaseException as error:  # noqa: BLE001  (handed to the thread that waits)
            self._failure = error
        finally:
            self._stop_all()
            self._settled.set()

    def _start_all(self) -> None:
        self._start_postgres()
        self._prepare_databases()
        self._bring_up(parts.prefect_server(self.settings))
        self._register()
        self._bring_up(parts.conductor(self.settings))
        self._bring_up(parts.api(self.settings))

    def _start_postgres(self) -> None:
        if self.settings.database_url is not None:
            return
        server = environment.embedded_server(self.settings)
        parts.rotate(server.log)
        self._report("PostgreSQL", "starting")
        self._postgres = server
        server.start()
        self._publish()
        self._report("PostgreSQL", "ready")

    def _prepare_databases(self) -> None:
        self._report("Datenbank", "starting")
        ours = environment.database_url(self.settings)
        try:
            administration.ensure(ours)
        except psycopg.OperationalError as error:
            raise Refusal(
                "database-unreachable",
                "Die Datenbank antwortet nicht; bitte VEREINBAR_DATABASE_URL und den Server "
                f"prüfen ({str(error).strip().splitlines()[-1]}).",
            ) from error
        schema.upgrade(ours)
        self._prepare_prefect_database()
        self._report("Datenbank", "ready")

    def _prepare_prefect_database(self) -> None:
        url = environment.prefect_database_url(self.settings)
        administration.ensure(url)
        administration.ensure_extension(url, "pg_trgm")

    def _bring_up(self, part: Part) -> None:
        """Start one part and wait until it answers."""
        self._report(part.label, "starting")
        parts.rotate(part.log)
        self._parts[part.name] = part
        part.start()
        self._await(part)
        self._publish()
        self._report(part.label, "ready")

    def _await(self, part: Part) -> None:
        deadline = time.monotonic() + START_PATIENCE
        while not part.is_ready():
            if not part.is_alive or time.monotonic() > deadline:
                raise _not_started(part.label, part.log)
            self._pause(0.2)
            self._revive_postgres()

    def _register(self) -> None:
        what = "Arbeitsbereich und Abläufe in Prefect"
        self._report(what, "starting")
        if parts.run_module(self.settings, "flows.registration") != 0:
            raise _not_started(what, parts.log_file(self.settings, "registration"))
        self._report(what, "ready")

    def _watch(self) -> None:
        """Start again what died; bring Prefect's database back if it is gone."""
        self._revive_postgres()
        for part in self._parts.values():
            if not part.is_alive and part.restart_when_due():
                self._restarted(part.label)
        if time.monotonic() - self._database_checked_at > DATABASE_CHECK_SECONDS:
            self._database_checked_at = time.monotonic()
            if parts.prefect_database_is_gone(self.settings):
                self._rebuild_prefect()

    def _revive_postgres(self) -> None:
        """The first thing that everybody else needs; they reconnect by themselves."""
        if self._postgres is None or self._postgres.is_running():
            return
        try:
            self._postgres.start()
        except PostgresUnavailable:
            # For example a full disk: the next round tries again.
            self._pause(5)
            return
        self._restarted("PostgreSQL")

    def _rebuild_prefect(self) -> None:
        """Prefect holds no truth: an empty database, its own migration, our deployments."""
        part = self._parts["prefect"]
        part.stop()
        try:
            self._prepare_prefect_database()
            part.start()
            self._await(part)
            self._register()
        except (Refusal, psycopg.Error) as error:
            if self._stopping.is_set():
                raise _Stopped from error
            # Try again in the next round, with the database still seen as gone.
            self._pause(2)
            return
        self._restarted("Datenbank von Prefect")

    def _restarted(self, what: str) -> None:
        self._publish(ready=self._settled.is_set())
        self._report(what, "restarted")

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise _Stopped

    def _publish(self, *, ready: bool = False) -> None:
        server = self._postgres
        write_state(
            StackState(
                pid=os.getpid(),
                version=program_version(),
                data_dir=str(self.settings.data_dir.absolute()),
                database_url=environment.database_url(self.settings),
                prefect_database_url=environment.prefect_database_url(self.settings),
                socket_dir=str(server.socket_dir) if server else None,
                api_url=environment.api_url(self.settings),
                prefect_url=environment.prefect_url(self.settings),
                conductor_name=environment.conductor_name(self.settings),
                ready=ready,
                processes=self.processes,
            )
        )

    def _stop_all(self) -> None:
        for part in reversed(self._parts.values()):
            part.stop()
            self._report(part.label, "stopped")
        if self._postgres is not None:
            self._postgres.stop()
            self._report("PostgreSQL", "stopped")
        self._release()

    def _release(self) -> None:
        clear_state(self.settings.data_dir)
        if self._lock is not None:
            self._lock.close()
            self._lock = None


class _Stopped(Exception):
    """Somebody asked to stop in the middle of the start."""


@contextmanager
def running_stack(settings: Settings, *, report: Report | None = None) -> Iterator[Stack]:
    """A whole stack that answers, for the length of the block."""
    stack = Stack(settings, report=report)
    stack.start()
    try:
        stack.wait_ready()
        yield stack
    finally:
        stack.stop()


def scratch_settings(data_dir: Path) -> Settings:
    """The settings of a stack of its own in ``data_dir``, on ports that are free now."""
    api_port, prefect_port = free_ports(2)
    return Settings(
        data_dir=data_dir,
        api_port=api_port,
        prefect_port=prefect_port,
        database_url=None,
        prefect_database_url=None,
        documents_dir=None,
        conductor_name=None,
        # Such a stack is gone again before anybody would look at them.
        pdf_ahead=False,
    )


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment.

    Of those that the system gives to nobody by itself: any connection to anywhere could take one
    of the others before it is used.
    """
    ports: list[int] = []
    with ExitStack() as held:
        while len(ports) < count:
            port = secrets.choice(_NEVER_GIVEN)
            try:
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                ports.append(port)
    return ports


def _not_started(what: str, log: object) -> Refusal:
    return Refusal(
        "part-not-started", f"{what} startet nicht; die Gründe stehen am Ende von {log}."
    )


def _refuse_full_disk(settings: Settings) -> None:
    free = shutil.disk_usage(settings.data_dir).free
    if free < NEEDED_BYTES:
        raise Refusal(
            "disk-full",
            f"Auf dem Datenträger von {settings.data_dir} sind nur noch {free // 1_000_000} MB "
            f"frei, nötig sind {NEEDED_BYTES // 1_000_000} MB. Bitte Platz schaffen oder mit "
            "VEREINBAR_DATA_DIR einen anderen Ordner nennen.",
        )


def _refuse_taken_port(host: str, port: int, variable: str) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as error:
            raise Refusal(
                "port-not-allowed",
                f"Port {port} darf nur der Administrator öffnen. Bitte mit {variable} einen "
                "anderen wählen (ab 1024).",
            ) from error
        except OSError as error:
            raise Conflict(
                "port-taken",
                f"Port {port} auf {host} ist schon belegt. Bitte das andere Programm beenden "
                f"oder mit {variable} einen freien Port wählen.",
            ) from error
