"""The office of Kamen: a few people, no case."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session, sessionmaker

from agreements import accounts
from agreements.accounts import NewAccount
from agreements.database.engine import transaction
from agreements.model.enums import Role
from tests.agreements.people.office import KAMEN, Office

PEOPLE = {
    "anna": ((Role.CLERK, KAMEN), (Role.LEGAL, KAMEN)),
    "bernd": ((Role.TREASURER, KAMEN),),
    "clara": ((Role.SIGNATORY, KAMEN),),
    "doris": ((Role.SUPERVISOR, KAMEN),),
    "technik": ((Role.ADMIN, None),),
}


@pytest.fixture
def office(kreis: sessionmaker[Session]) -> Office:
    """Anna writes and judges, Bernd pays, Clara signs, Doris distributes."""
    with transaction(kreis) as session:
        for username, duties in PEOPLE.items():
            accounts.add(session, NewAccount(username, username.capitalize(), duties))
    return Office(kreis)
