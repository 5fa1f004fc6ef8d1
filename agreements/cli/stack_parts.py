"""The parts of the stack: how each is started, and how one sees that it answers."""

from __future__ import annotations

import base64
import http.client
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from agreements import processes
from agreements.cli import stack_environment as environment
from agreements.database import administration
from agreements.settings import PROJECT_ROOT, Settings

LOG_LIMIT = 5_000_000
LOGS_KEPT = 3
LONGEST_PAUSE = 30.0
# Whoever lived this long before dying begins again with the shortest pause.
STEADY_AFTER = 60.0


@dataclass
class Part:
    """A child process that is started again when it dies."""

    name: str
    label: str
    command: list[str]
    is_ready: Callable[[], bool]
    log: Path
    environment: dict[str, str]
    patience: float = 15
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0
    not_before: float = 0

    @property
    def is_alive(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it, without waiting until it answers."""
        self.started_at = time.monotonic()
        self.process = processes.spawn(
            self.command, log=self.log, environment=self.environment, working_dir=PROJECT_ROOT
        )

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGTERM, patience=self.patience)
            self.process = None

    def restart_when_due(self) -> bool:
        """Start a dead part again once its pause is over; whether that was done now."""
        now = time.monotonic()
        if self.process is not None:
            processes.kill_group(self.process)
            self.process = None
            steady = now - self.started_at > STEADY_AFTER
            self.failures = 0 if steady else self.failures + 1
            pause = 0.0 if self.failures == 0 else 0.5 * 2 ** min(self.failures - 1, 8)
            self.not_before = now + min(pause, LONGEST_PAUSE)
        if now < self.not_before:
            return False
        self.start()
        return True


def log_file(settings: Settings, name: str) -> Path:
    """Where a part writes to."""
    return settings.data_dir.absolute() / "logs" / f"{name}.log"


def rotate(log: Path) -> None:
    """Put a log that has grown too long aside; a few old ones are kept."""
    if not log.exists() or log.stat().st_size < LOG_LIMIT:
        return
    for number in range(LOGS_KEPT - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    log.replace(log.with_name(f"{log.name}.1"))


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log, for a message."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def request(
    url: str, auth: str | None = None, body: Mapping[str, object] | None = None
) -> http.client.HTTPResponse:
    """Ask one of our own servers; ``auth`` is ``user:password``, ``body`` makes it a POST."""
    asked = urllib.request.Request(url, json.dumps(body).encode() if body is not None else None)
    asked.add_header("Content-Type", "application/json")
    if auth is not None:
        asked.add_header("Authorization", "Basic " + base64.b64encode(auth.encode()).decode())
    # No proxy for our own machine, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    answer: http.client.HTTPResponse = opener.open(asked, timeout=5)
    return answer


def answers(url: str, auth: str | None = None) -> bool:
    """Whether the address answers with 200."""
    try:
        with request(url, auth) as response:
            return response.status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def prefect_server(settings: Settings) -> Part:
    """Prefect's server with its UI; it migrates its own database."""
    return Part(
        name="prefect",
        label="Prefect-Server",
        command=[sys.executable, "-m", "prefect", "server", "start"],
        is_ready=lambda: answers(f"{environment.prefect_url(settings)}/api/health"),
        log=log_file(settings, "prefect"),
        environment=environment.child_environment(settings),
    )


def conductor(settings: Settings) -> Part:
    """The conductor; it is ready when its heartbeat has changed since it was started."""
    name = environment.conductor_name(settings)
    url = environment.database_url(settings)
    before = heartbeat(url, name)
    return Part(
        name="conductor",
        label="Ablaufsteuerung",
        command=[sys.executable, "-m", "flows"],
        is_ready=lambda: heartbeat(url, name) != before,
        log=log_file(settings, "conductor"),
        environment=environment.child_environment(settings),
    )


def api(settings: Settings) -> Part:
    """Our REST API and pages."""
    return Part(
        name="api",
        label="Schnittstelle (API)",
        command=[
            sys.executable, "-m", "uvicorn", "api.app:app",
            "--host", settings.api_host, "--port", str(settings.api_port),
            "--timeout-graceful-shutdown", "5",
        ],
        is_ready=lambda: answers(f"{environment.api_url(settings)}/health"),
        log=log_file(settings, "api"),
        environment=environment.child_environment(settings),
    )  # fmt: skip


def heartbeat(database_url: str, name: str) -> datetime | None:
    """When a conductor was last seen; None if never or if the database does not answer."""
    try:
        with administration.connect(database_url) as connection:
            row = connection.execute(
                "SELECT seen_at FROM conductors WHERE name = %s", [name]
            ).fetchone()
    except psycopg.Error:
        return None
    return row[0] if row else None


def run_module(settings: Settings, module: str, *arguments: str, timeout: float = 180) -> int:
    """Run one of our modules to its end; its exit code. Its log is named after what it does."""
    log = log_file(settings, arguments[0] if arguments else module.rpartition(".")[2])
    rotate(log)
    process = processes.spawn(
        [sys.executable, "-m", module, *arguments],
        log=log,
        environment=environment.child_environment(settings),
        working_dir=PROJECT_ROOT,
    )
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return -1
    finally:
        processes.stop(process, patience=2)


def prefect_database_is_gone(settings: Settings) -> bool:
    """Whether somebody dropped Prefect's database or emptied it; False when in doubt."""
    url = environment.prefect_database_url(settings)
    try:
        return not administration.exists(url) or not administration.has_table(url, "flow_run")
    except psycopg.Error:
        return False
