"""``vereinbar region`` as people call it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

import pytest
import typer
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from agreements.cli import region
from agreements.regions.model import RegionData
from agreements.settings import get_settings

APP = typer.Typer()
region.register(APP)


@dataclass
class Report:
    added: int
    updated: int
    bodies: list[str]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[list[RegionData]]:
    """The command's own database, and what it hands to the import."""
    seen: list[RegionData] = []

    def add_region(session: Session, data: RegionData) -> Report:
        assert session.execute(text("select count(*) from bodies")).scalar_one() == 0
        seen.append(data)
        return Report(len(data.bodies), 0, [body.name for body in data.bodies])

    module = ModuleType("agreements.regions.load")
    module.add_region = add_region  # type: ignore[attr-defined]  # a module made for this test
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setenv("VEREINBAR_DATABASE_URL", database_url)
    get_settings.cache_clear()
    yield seen
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


def test_add_hands_the_region_over(loaded: list[RegionData]) -> None:
    result = CliRunner().invoke(APP, ["region", "add", "05978"])
    assert result.exit_code == 0, result.stderr
    assert "Kreis Unna: 11 Körperschaften angelegt, 0 aktualisiert." in result.stdout
    assert "Destatis" in result.stdout
    assert [len(data.bodies) for data in loaded] == [11]


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
