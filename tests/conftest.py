"""Fixtures for every room: a real PostgreSQL, and a fresh migrated database per test."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count

import hypothesis
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from agreements.database import schema
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory
from tests import authorities, engines, scratch
from tests.saved import Saves

_TEMPLATE = "migrated"
_numbers = count(1)


# Every run tries the same examples, however slow the machine is: what fails fails again, and a
# change has broken it. ``pytest --hypothesis-profile=hunting`` looks for new ones.
_UNTIMED = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.register_profile("hunting", _UNTIMED, derandomize=False)
hypothesis.settings.register_profile("steady", _UNTIMED, derandomize=True, database=None)
hypothesis.settings.load_profile("steady")

_SCRATCH = ExitStack()
_WITH_A_STACK = ("tests/flows/", "tests/demo/")
_LONGEST = "tests/api/test_discretion.py"


class _ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Side by side: the processes share the files; a folder with stacks keeps to one of them."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return next((folder for folder in _WITH_A_STACK if file.startswith(folder)), file)


def pytest_configure(config: pytest.Config) -> None:
    """Temporary files go to memory; the processes of one run share a folder."""
    if not hasattr(config, "workerinput"):
        _SCRATCH.enter_context(scratch.in_memory())
        _SCRATCH.enter_context(authorities.only_one())


def pytest_unconfigure() -> None:
    """Nothing stays in memory."""
    _SCRATCH.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByFile:
    """How the tests are shared among the processes of ``make test``."""
    return _ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, and the rest runs beside it."""
    items.sort(key=lambda item: not item.nodeid.startswith((*_WITH_A_STACK, _LONGEST)))


def pytest_collection_finish() -> None:
    """What was loaded stays until the end: the garbage collector need not look at it again."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One server for the whole test run (not durable: its data are thrown away)."""
    folder = scratch.short_folder()
    options = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    # Dropping a database looks through all of them.
    options["shared_buffers"] = "32MB"
    try:
        with EmbeddedPostgres(folder / "pg", options=options) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_url(postgres: EmbeddedPostgres) -> str:
    """The maintenance database of the test server."""
    return postgres.url("postgres")


@pytest.fixture(scope="session")
def migrated_template(postgres: EmbeddedPostgres) -> str:
    """The name of a database that has all migrations and no rows."""
    postgres.ensure_database(_TEMPLATE)
    schema.upgrade(postgres.url(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def saves(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Saves:
    """The points to which cases have been played in this run."""
    return Saves(postgres, tmp_path_factory.mktemp("saves"))


@pytest.fixture
def database_url(postgres: EmbeddedPostgres, migrated_template: str) -> Iterator[str]:
    """A fresh, migrated database of its own."""
    name = f"test_{next(_numbers)}"
    postgres.ensure_database(name, template=migrated_template)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def empty_database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A fresh database without any table."""
    name = f"empty_{next(_numbers)}"
    postgres.ensure_database(name)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on the test's own database."""
    engine = engines.borrow(database_url)
    yield engine
    engines.give_back(engine)


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """The session factory on the test's own database."""
    return session_factory(engine)
