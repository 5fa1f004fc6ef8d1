"""The sample region with one case, on a fixed Monday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

import pytest

from agreements import clock
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory, transaction
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests import engines
from tests.agreements.mail.office import Office, berlin

_TEMPLATE = "office"
_numbers = count(1)


@pytest.fixture(scope="session")
def office_template(postgres: EmbeddedPostgres, migrated_template: str) -> str:
    """The name of a database that holds the sample region with its people."""
    postgres.ensure_database(_TEMPLATE, template=migrated_template)
    engine = engines.borrow(postgres.url(_TEMPLATE))
    with transaction(engine) as session:
        add_region(session, sample_region())
    engines.give_back(engine)
    return _TEMPLATE


@pytest.fixture
def office_url(postgres: EmbeddedPostgres, office_template: str) -> Iterator[str]:
    """A database of its own with that region."""
    name = f"{_TEMPLATE}_{next(_numbers)}"
    postgres.ensure_database(name, template=office_template)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def office(office_url: str) -> Iterator[Office]:
    """Kamen's people with a case, on Monday 30 November 2026, nine o'clock."""
    engine = engines.borrow(office_url)
    with clock.fixed(berlin(date(2026, 11, 30), 9)):
        yield Office(session_factory(engine))
    engines.give_back(engine)
