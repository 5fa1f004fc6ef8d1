"""Fixtures of the flows: a real Prefect server on the test PostgreSQL, and a world of its own.

One server, pool and set of deployments for the run; each test has a fresh database of cases.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agreements.cli.stack_environment import child_environment
from agreements.cli.stack_parts import answers
from agreements.database.embedded import EmbeddedPostgres
from agreements.settings import PROJECT_ROOT, Settings, get_settings
from tests.waiting import until


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def prefect_server(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """A running Prefect server with our pool and deployments; the settings that lead to it."""
    postgres.ensure_database("prefect")
    folder = tmp_path_factory.mktemp("prefect")
    settings = Settings(
        data_dir=folder,
        database_url=postgres.url("postgres"),
        prefect_database_url=postgres.url("prefect"),
        prefect_port=free_port(),
    )
    environment = child_environment(settings)
    log = (folder / "prefect.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start"],
        env=environment, stdout=log, stderr=log, cwd=PROJECT_ROOT,
    )  # fmt: skip
    try:
        until(lambda: answers(f"{settings.prefect_api_url}/health"), "Prefect answers", seconds=120)
        subprocess.run(
            [sys.executable, "-m", "flows.registration"],
            env=environment, check=True, cwd=PROJECT_ROOT, capture_output=True,
        )  # fmt: skip
        yield settings
    finally:
        server.terminate()
        server.wait(30)
        log.close()


@pytest.fixture
def world(
    prefect_server: Settings,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """Settings of an installation of its own on the shared Prefect server."""
    settings = prefect_server.model_copy(
        update={"data_dir": tmp_path, "database_url": database_url}
    )
    values = child_environment(settings)
    for name, value in values.items():
        if name.startswith(("VEREINBAR_", "PREFECT_")):
            monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    yield settings
    get_settings.cache_clear()


def spawn_conductor(settings: Settings, name: str, log: Path) -> subprocess.Popen[bytes]:
    """A conductor in a process of its own, as an installation runs it."""
    environment = {**os.environ, **child_environment(settings), "VEREINBAR_CONDUCTOR_NAME": name}
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "flows"],
            env=environment, stdout=output, stderr=output, cwd=PROJECT_ROOT,
        )  # fmt: skip
