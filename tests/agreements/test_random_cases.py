"""Random cases with several bodies: nothing gets stuck, lost or closed too early."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.orm import Session, sessionmaker

from agreements import clock
from agreements.database.engine import transaction
from agreements.documents.store import DocumentStore
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests.agreements.detours.played import NOW
from tests.agreements.random_case import RandomCase

# One case after the other in one database; shrinking would play hundreds of them. How many
# can be set: RANDOM_CASES=200 looks for an hour.
SETTINGS = settings(
    max_examples=int(os.environ.get("RANDOM_CASES", "6")),
    stateful_step_count=30,
    deadline=None,
    # The same cases each time, so that a red run is about the change; a hunt draws new ones.
    derandomize="RANDOM_CASES" not in os.environ,
    print_blob=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(3000)
def test_random_cases(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    with transaction(sessions) as session:
        add_region(session, sample_region())
    RandomCase.sessions, RandomCase.store = sessions, DocumentStore(tmp_path)
    with clock.fixed(NOW):
        run_state_machine_as_test(RandomCase, settings=SETTINGS)
