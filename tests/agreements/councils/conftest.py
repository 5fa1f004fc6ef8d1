"""A database in which the sample region stands already: every test gets a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from agreements import clock
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory, transaction
from agreements.documents.store import DocumentStore
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests import engines
from tests.agreements.councils.deciding import Deciding
from tests.agreements.detours.played import NOW
from tests.saved import OwnDatabase, Saves

_TEMPLATE = "resolutions"
_DECIDED = "all_decided"
_numbers = count(1)


@pytest.fixture(scope="session")
def region_of_resolutions(postgres: EmbeddedPostgres, migrated_template: str) -> str:
    """The name of a database that holds the sample region with its people."""
    postgres.ensure_database(_TEMPLATE, template=migrated_template)
    engine = engines.borrow(postgres.url(_TEMPLATE))
    with transaction(engine) as session:
        add_region(session, sample_region())
    engines.give_back(engine)
    return _TEMPLATE


@contextmanager
def _copy_of(saves: Saves, template: str, documents: Path) -> Iterator[Deciding]:
    own = OwnDatabase(saves, f"{_TEMPLATE}_{next(_numbers)}", template)
    with clock.fixed(NOW):
        yield Deciding(session_factory(own.engine), DocumentStore(documents), database=own)
    own.drop()


@pytest.fixture
def case(saves: Saves, region_of_resolutions: str, tmp_path: Path) -> Iterator[Deciding]:
    """The people of the sample region, on one fixed day; no case has been started yet."""
    with _copy_of(saves, region_of_resolutions, tmp_path) as case:
        yield case


@pytest.fixture(scope="session")
def decided_template(
    postgres: EmbeddedPostgres, region_of_resolutions: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, UUID]:
    """The name of a database with a case in which all have decided, and the case's id."""
    postgres.ensure_database(_DECIDED, template=region_of_resolutions)
    engine = engines.borrow(postgres.url(_DECIDED))
    with clock.fixed(NOW):
        case = Deciding(session_factory(engine), DocumentStore(tmp_path_factory.mktemp("decided")))
        case.to_check()
    engines.give_back(engine)
    return _DECIDED, case.case_id


@pytest.fixture
def decided(saves: Saves, decided_template: tuple[str, UUID], tmp_path: Path) -> Iterator[Deciding]:
    """A case in which all councils have adopted the agreement."""
    name, case_id = decided_template
    with _copy_of(saves, name, tmp_path) as case:
        case.case_id = case_id
        yield case
