"""The checks see what is missing, and say what to do about it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from agreements import clock
from agreements.cli import doctor_checks
from agreements.cli.doctor_checks import Finding, examine
from agreements.database.engine import make_engine, transaction
from agreements.settings import Settings
from tests.ports import nobody_listens


def findings(tmp_path: Path, database_url: str) -> dict[str, Finding]:
    with nobody_listens() as port:
        settings = Settings(data_dir=tmp_path, database_url=database_url, prefect_port=port)
        return {finding.what: finding for finding in examine(settings)}


def test_a_sound_database_is_ok(tmp_path: Path, database_url: str) -> None:
    found = findings(tmp_path, database_url)
    assert [found[name].state for name in ("Datenbank", "Uhr", "Datenbankschema")] == ["ok"] * 3


def test_a_newer_database_is_seen(tmp_path: Path, database_url: str) -> None:
    engine = make_engine(database_url)
    with transaction(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    engine.dispose()
    found = findings(tmp_path, database_url)["Datenbankschema"]
    assert found.state == "missing"
    assert "neuer" in found.detail


def test_an_unmigrated_database_is_a_hint(tmp_path: Path, empty_database_url: str) -> None:
    found = findings(tmp_path, empty_database_url)["Datenbankschema"]
    assert found.state == "hint"
    assert found.advice


def test_clocks_that_differ_are_seen(tmp_path: Path, database_url: str) -> None:
    begun = clock.now()
    with clock.fixed(begun - timedelta(minutes=3)):
        found = findings(tmp_path, database_url)["Uhr"]
    assert found.state == "missing"
    said = re.search(r"um (\d+),\d s", found.detail)
    assert said
    # Ours stands still, the database's goes on.
    assert 180 <= int(said[1]) <= 180 + (clock.now() - begun).total_seconds()


def test_a_database_that_does_not_answer_is_missing(tmp_path: Path) -> None:
    with nobody_listens() as port:
        url = f"postgresql://nobody@127.0.0.1:{port}/vereinbar"
        found = findings(tmp_path, url)["Datenbank"]
    assert found.state == "missing"
    assert "VEREINBAR_DATABASE_URL" in found.advice


def test_a_full_disk_is_missing(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_checks, "NEEDED_BYTES", 10**18)
    assert findings(tmp_path, database_url)["Speicherplatz"].state == "missing"


def test_secrets_that_others_can_read_are_seen(tmp_path: Path, database_url: str) -> None:
    (tmp_path / "secrets.json").write_text("{}")
    (tmp_path / "secrets.json").chmod(0o644)
    assert findings(tmp_path, database_url)["Geheimnisse"].state == "hint"
