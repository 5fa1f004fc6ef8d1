"""The offices of the sample region, each test with a copy of its own."""

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
from tests.agreements.detours.played import NOW
from tests.agreements.reminders.desk import Desk
from tests.saved import OwnDatabase, Saves

_TEMPLATE = "reminders"
_numbers = count(1)


@pytest.fixture(scope="session")
def region_of_reminders(postgres: EmbeddedPostgres, migrated_template: str) -> str:
    """The name of a database that holds the sample region with its people."""
    postgres.ensure_database(_TEMPLATE, template=migrated_template)
    engine = engines.borrow(postgres.url(_TEMPLATE))
    with transaction(engine) as session:
        add_region(session, sample_region())
    engines.give_back(engine)
    return _TEMPLATE


@pytest.fixture
def empty_desk(saves: Saves, region_of_reminders: str, tmp_path: Path) -> Iterator[Desk]:
    """Monday, 1 June 2026: the people are there, no case has been started."""
    own = OwnDatabase(saves, f"{_TEMPLATE}_{next(_numbers)}", region_of_reminders)
    with clock.fixed(NOW):
        yield Desk(session_factory(own.engine), DocumentStore(tmp_path), database=own)
    own.drop()


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Monday, 1 June 2026: a case has been started, its draft is asked for."""
    empty_desk.start()
    return empty_desk
