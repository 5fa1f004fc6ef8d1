"""The command ``vereinbar`` as people call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from agreements.cli.main import app
from agreements.settings import get_settings

Vereinbar = Callable[..., Result]


def call(*arguments: str, stdin: str | bytes = "") -> Result:
    """Run ``vereinbar …``."""
    return CliRunner().invoke(app, arguments, input=stdin)


@pytest.fixture
def vereinbar(monkeypatch: pytest.MonkeyPatch, kreis_url: str) -> Iterator[Vereinbar]:
    """Calls it on a database of its own, with Kreis Unna and nobody in it."""
    monkeypatch.setenv("VEREINBAR_DATABASE_URL", kreis_url)
    get_settings.cache_clear()
    yield call
    get_settings.cache_clear()


@pytest.fixture
def vereinbar_offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vereinbar]:
    """Calls it where there is no database: what it refuses, it refuses without asking one."""
    monkeypatch.setenv("VEREINBAR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    get_settings.cache_clear()
    yield call
    get_settings.cache_clear()
