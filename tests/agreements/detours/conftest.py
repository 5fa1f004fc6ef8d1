"""A database in which the sample region stands already: every test gets a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from agreements import clock
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory, transaction
from agreements.documents.store import DocumentStore
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests import engines
from tests.agreements.detours.played import NOW, Played
from tests.saved import OwnDatabase, Saves

_TEMPLATE = "detours"
_numbers = count(1)


@pytest.fixture(scope="session")
def region_of_detours(postgres: EmbeddedPostgres, migrated_template: str) -> str:
    """The name of a database that holds the sample region with its people."""
    postgres.ensure_database(_TEMPLATE, template=migrated_template)
    engine = engines.borrow(postgres.url(_TEMPLATE))
    with transaction(engine) as session:
        add_region(session, sample_region())
    engines.give_back(engine)
    return _TEMPLATE


@pytest.fixture
def played(saves: Saves, region_of_detours: str, tmp_path: Path) -> Iterator[Played]:
    """The people of the sample region, on one fixed day; no case has been started yet."""
    own = OwnDatabase(saves, f"{_TEMPLATE}_{next(_numbers)}", region_of_detours)
    with clock.fixed(NOW):
        yield Played(session_factory(own.engine), DocumentStore(tmp_path), database=own)
    own.drop()
