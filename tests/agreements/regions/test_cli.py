"""``vereinbar region`` as people call it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from agreements.cli import region
from agreements.database.engine import make_engine
from agreements.model.bodies import Body, Committee
from agreements.settings import get_settings

APP = typer.Typer()
region.register(APP)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Session]:
    """A look into the database that the command writes to."""
    monkeypatch.setenv("VEREINBAR_DATABASE_URL", database_url)
    get_settings.cache_clear()
    engine = make_engine(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()
    get_settings.cache_clear()


def test_search_names_kreis_and_municipality_with_their_keys() -> None:
    result = CliRunner().invoke(APP, ["region", "search", "Unna"])
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()[:2]
    assert first.startswith("05978   ")
    assert second.startswith("05978036")


def test_a_long_list_is_cut_and_says_so() -> None:
    result = CliRunner().invoke(APP, ["region", "search", "berg"])
    assert "weitere; bitte genauer suchen" in result.stdout.splitlines()[-1]


def test_add_writes_the_kreis_and_its_municipalities(session: Session) -> None:
    result = CliRunner().invoke(APP, ["region", "add", "05978"])
    assert result.exit_code == 0, result.stderr
    assert "Kreis Unna: 11 Körperschaften angelegt, 0 aktualisiert." in result.stdout
    assert "Destatis" in result.stdout
    assert session.scalar(select(func.count()).select_from(Body)) == 11
    assert session.scalar(select(Body.name).where(Body.ags == "05978028")) == "Stadt Schwerte"


def test_add_again_doubles_nothing(session: Session) -> None:
    for added, updated in ((11, 0), (0, 11)):
        result = CliRunner().invoke(APP, ["region", "add", "05978"])
        assert f"{added} Körperschaften angelegt, {updated} aktualisiert" in result.stdout
    assert session.scalar(select(func.count()).select_from(Body)) == 11
    assert session.scalar(select(func.count()).select_from(Committee)) == 22


@pytest.mark.parametrize(
    "arguments",
    [["add", "5978"], ["add", "05999"], ["add", "02000"], ["search", "Nirgendwo"], ["search", " "]],
)
def test_a_refusal_is_exit_1_with_one_sentence(arguments: list[str]) -> None:
    result = CliRunner().invoke(APP, ["region", *arguments])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [["add"], ["search"], ["remove", "05978"]])
def test_a_wrong_call_is_exit_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(APP, ["region", *arguments]).exit_code == 2
