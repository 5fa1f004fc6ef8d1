"""An installation with a real Kreis: bodies and committees from the directory, nobody in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy.orm import Session, sessionmaker

from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory, transaction
from agreements.regions.assemble import region_from_directory
from agreements.regions.load import add_region
from tests import engines

_TEMPLATE = "kreis"
_numbers = count(1)


@pytest.fixture(scope="session")
def kreis_template(postgres: EmbeddedPostgres, migrated_template: str) -> str:
    """The name of a database in which Kreis Unna has been added from the directory."""
    postgres.ensure_database(_TEMPLATE, template=migrated_template)
    engine = engines.borrow(postgres.url(_TEMPLATE))
    with transaction(engine) as session:
        add_region(session, region_from_directory("05978"))
    engines.give_back(engine)
    return _TEMPLATE


@pytest.fixture
def kreis_url(postgres: EmbeddedPostgres, kreis_template: str) -> Iterator[str]:
    """A database of its own with that Kreis."""
    name = f"{_TEMPLATE}_{next(_numbers)}"
    postgres.ensure_database(name, template=kreis_template)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def kreis(kreis_url: str) -> Iterator[sessionmaker[Session]]:
    """The session factory on that database."""
    engine = engines.borrow(kreis_url)
    yield session_factory(engine)
    engines.give_back(engine)
