"""The served API on a fresh database that holds the sample region."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest
from fastapi import FastAPI

from agreements import clock
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory, transaction
from agreements.documents.store import DocumentStore
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from agreements.settings import Settings
from api.app import create_app
from api.auth import Throttle
from tests import engines
from tests.api.server import serving
from tests.api.world import NOW, PASSWORD, World
from tests.saved import OwnDatabase, Saves

_TEMPLATE = "region"
_COUNCILS = "councils"
_numbers = count(1)


@pytest.fixture(scope="session")
def region_template(postgres: EmbeddedPostgres, migrated_template: str) -> str:
    """The name of a database that holds the sample region with its people."""
    postgres.ensure_database(_TEMPLATE, template=migrated_template)
    engine = engines.borrow(postgres.url(_TEMPLATE))
    with transaction(engine) as session:
        add_region(session, sample_region(), sample_password=PASSWORD)
    engines.give_back(engine)
    return _TEMPLATE


@pytest.fixture(scope="session")
def served(postgres_url: str) -> Iterator[tuple[FastAPI, str]]:
    """One server for all tests; each gives it a database of its own."""
    app = create_app(Settings(database_url=postgres_url))
    with serving(app) as address:
        yield app, address


Stand = Callable[[str | OwnDatabase, Path], AbstractContextManager[World]]


@pytest.fixture(scope="session")
def stand(postgres: EmbeddedPostgres, served: tuple[FastAPI, str]) -> Stand:
    """Puts a copy of a database behind the served API, on one fixed day."""
    app, address = served

    @contextmanager
    def standing(database: str | OwnDatabase, documents: Path) -> Iterator[World]:
        own = database if isinstance(database, OwnDatabase) else None
        url = postgres.url(database.name if isinstance(database, OwnDatabase) else database)
        engine = own.engine if own else engines.borrow(url)
        around = dict(app.state._state)
        app.state.engine, app.state.sessions = engine, session_factory(engine)
        app.state.throttle = Throttle()
        app.state.settings = Settings(database_url=url, documents_dir=documents)
        store = DocumentStore(documents)
        world = World(address, app, engine, app.state.sessions, store, database=own)
        with clock.fixed(NOW):
            yield world
        world.close()
        if own is None:
            engines.give_back(engine)
        # One may stand within another, which goes on then.
        app.state._state.update(around)

    return standing


@pytest.fixture
def world(saves: Saves, region_template: str, stand: Stand, tmp_path: Path) -> Iterator[World]:
    """The sample region behind the served API."""
    own = OwnDatabase(saves, f"api_{next(_numbers)}", region_template)
    with stand(own, tmp_path) as world:
        yield world
    own.drop()


@pytest.fixture(scope="session")
def councils_template(
    postgres: EmbeddedPostgres,
    region_template: str,
    stand: Stand,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, str]:
    """A database with a case before the first committees, and the case's reference."""
    postgres.ensure_database(_COUNCILS, template=region_template)
    with stand(_COUNCILS, tmp_path_factory.mktemp("councils")) as world:
        reference = world.to_councils()
    return _COUNCILS, reference


@pytest.fixture
def councils(
    saves: Saves, councils_template: tuple[str, str], stand: Stand, tmp_path: Path
) -> Iterator[tuple[World, str]]:
    """A case that lies before the first committee of each municipality."""
    template, reference = councils_template
    own = OwnDatabase(saves, f"api_{next(_numbers)}", template)
    with stand(own, tmp_path) as world:
        yield world, reference
    own.drop()
