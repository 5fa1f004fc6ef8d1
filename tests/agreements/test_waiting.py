"""What a waiting case costs in the database: no more than 4 kB besides documents and journal."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from agreements.database import administration
from agreements.database.engine import transaction
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests.bench.waiting import LIMIT, grow, row_bytes, sizes, waiting_bytes
from tests.story import KREIS, PARTIES, SCHWERTE


def test_a_waiting_case_takes_at_most_four_kilobytes(
    sessions: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    with transaction(sessions) as session:
        add_region(session, sample_region())
    with administration.connect(database_url) as connection:
        before = row_bytes(sizes(connection))
        grow(sessions, tmp_path, (SCHWERTE, KREIS), 1)
        assert 0 < row_bytes(sizes(connection)) - before <= LIMIT
        of_two = waiting_bytes(connection)
        assert 0 < of_two <= LIMIT / 2
        # With eleven parties there is more on record, but what is there for waiting still is small.
        grow(sessions, tmp_path, tuple(PARTIES), 1)
        assert of_two < waiting_bytes(connection) - of_two <= LIMIT
