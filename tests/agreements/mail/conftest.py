"""The sample region with one case, on a fixed Monday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session, sessionmaker

from agreements import clock
from tests.agreements.mail.office import Office, berlin


@pytest.fixture
def office(sessions: sessionmaker[Session]) -> Iterator[Office]:
    """Kamen's people with a case, on Monday 30 November 2026, nine o'clock."""
    with clock.fixed(berlin(date(2026, 11, 30), 9)):
        office = Office(sessions)
        office.furnish()
        yield office
