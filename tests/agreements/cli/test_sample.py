"""The sample region goes into an empty installation once, and never beside real accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

from agreements.cli.sample import PASSWORD, load_region, sign_ins
from agreements.database.engine import transaction
from agreements.errors import Conflict, NotSignedIn
from agreements.model.people import User
from agreements.people import sign_in


def test_it_is_loaded_once(database_url: str, engine: Engine) -> None:
    assert load_region(database_url)
    assert not load_region(database_url)
    with transaction(engine) as session:
        assert sign_in(session, "sb.kamen", PASSWORD)[0].name
        with pytest.raises(NotSignedIn):
            sign_in(session, "sb.kamen", PASSWORD + "x")


def test_without_a_case_only_the_admin_has_something_to_do(
    database_url: str, engine: Engine
) -> None:
    load_region(database_url)
    with transaction(engine) as session:
        assert [row.username for row in sign_ins(session)] == ["admin"]


def test_an_installation_with_real_accounts_is_refused(database_url: str, engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(User(username="a.b", display_name="A B", person_key="a.b", sample=False))
    with pytest.raises(Conflict, match="echte Konten"):
        load_region(database_url)
    with transaction(engine) as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
