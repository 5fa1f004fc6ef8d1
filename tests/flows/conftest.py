"""Fixtures of the flows: a real Prefect server on the test PostgreSQL, and a world of its own.

One server, pool and set of deployments for the run; each test has a fresh database of cases.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker

from agreements.cli.stack_environment import child_environment
from agreements.cli.stack_parts import answers
from agreements.cli.stack_supervisor import free_ports
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import make_engine, session_factory, transaction
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from agreements.settings import PROJECT_ROOT, Settings, get_settings
from flows.domain import engine, holder
from flows.domain import sessions as flow_sessions
from tests.flows.asking import client_of
from tests.flows.region import Region
from tests.waiting import until


def free_port() -> int:
    """A port that nobody listens on."""
    return free_ports(1)[0]


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
        prefect_password="for-tests-only",
    )
    environment = child_environment(settings)
    log = (folder / "prefect.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start"],
        env=environment, stdout=log, stderr=log, cwd=PROJECT_ROOT,
    )  # fmt: skip
    try:
        until(lambda: answers(f"{settings.prefect_api_url}/health"), "Prefect answers", seconds=240)
        subprocess.run(
            [sys.executable, "-m", "flows.registration"],
            env=environment, check=True, cwd=PROJECT_ROOT, capture_output=True,
        )  # fmt: skip
        yield settings
    finally:
        server.terminate()
        server.wait(120)
        log.close()


@pytest.fixture(scope="module")
def region(
    postgres: EmbeddedPostgres,
    migrated_template: str,
    prefect_server: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Region]:
    """An installation of a module's own on the shared Prefect server, with the sample region.

    Its tests share the database, each with cases of its own. Modules never overlap: a
    conductor ends scheduled runs of cases that its database does not know.
    """
    folder = tmp_path_factory.mktemp("region")
    name = folder.name
    postgres.ensure_database(name, template=migrated_template)
    templates = folder / "templates"
    shutil.copytree(PROJECT_ROOT / "templates", templates)
    settings = prefect_server.model_copy(
        update={
            "data_dir": folder,
            "database_url": postgres.url(name),
            "templates_dir": templates,
            "pdf_ahead": False,
        }
    )
    with pytest.MonkeyPatch.context() as patch, _client_settings(settings, patch):
        own = make_engine(postgres.url(name))
        sessions = session_factory(own)
        with transaction(sessions) as session:
            add_region(session, sample_region())
        made = Region(settings, sessions)
        yield made
        made.end_conductors()
        own.dispose()
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def conducted(region: Region) -> Iterator[Region]:
    """The same, with a conductor at work."""
    with region.conductor():
        yield region


@contextmanager
def _client_settings(settings: Settings, patch: pytest.MonkeyPatch) -> Iterator[None]:
    values = child_environment(settings)
    for name, value in values.items():
        if name.startswith(("VEREINBAR_", "PREFECT_")):
            patch.setenv(name, value)
    _forget_the_process()
    with client_of(values):
        yield
        # Their WebSocket would go on beside the tests that follow, and fail them with its server.
        EventsWorker.drain_all(timeout=30)
        APILogWorker.drain_all(timeout=30)
    engine().dispose()
    _forget_the_process()


def _forget_the_process() -> None:
    """What a process keeps for its life, a test must not hand on to the next."""
    for kept in (get_settings, engine, flow_sessions, holder):
        kept.cache_clear()
