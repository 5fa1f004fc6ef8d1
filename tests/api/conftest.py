"""The served API on a fresh database that holds the sample region."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from fastapi import FastAPI

from agreements import clock
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import make_engine, session_factory, transaction
from agreements.documents.store import DocumentStore
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from agreements.settings import Settings
from api.app import create_app
from api.auth import Throttle
from tests.api.server import serving
from tests.api.world import NOW, PASSWORD, World

_TEMPLATE = "region"
_numbers = count(1)


@pytest.fixture(scope="session")
def region_template(postgres: EmbeddedPostgres, migrated_template: str) -> str:
    """The name of a database that holds the sample region with its people."""
    postgres.ensure_database(_TEMPLATE, template=migrated_template)
    engine = make_engine(postgres.url(_TEMPLATE))
    with transaction(engine) as session:
        add_region(session, sample_region(), sample_password=PASSWORD)
    engine.dispose()
    return _TEMPLATE


@pytest.fixture(scope="session")
def served(postgres_url: str) -> Iterator[tuple[FastAPI, str]]:
    """One server for all tests; each gives it a database of its own."""
    app = create_app(Settings(database_url=postgres_url))
    with serving(app) as address:
        yield app, address


@pytest.fixture
def world(
    postgres: EmbeddedPostgres,
    region_template: str,
    served: tuple[FastAPI, str],
    tmp_path: Path,
) -> Iterator[World]:
    """The sample region behind the served API, on one fixed day."""
    app, address = served
    name = f"api_{next(_numbers)}"
    postgres.ensure_database(name, template=region_template)
    engine = make_engine(postgres.url(name))
    app.state.engine, app.state.sessions = engine, session_factory(engine)
    app.state.throttle = Throttle()
    app.state.settings = Settings(database_url=postgres.url(name), documents_dir=tmp_path)
    world = World(address, app, engine, app.state.sessions, DocumentStore(tmp_path))
    with clock.fixed(NOW):
        yield world
    world.close()
    engine.dispose()
    postgres.drop_database(name)


@pytest.fixture
def councils(world: World) -> tuple[World, str]:
    """A case that lies before the first committee of each municipality."""
    return world, world.to_councils()
