"""The checks see what is missing, and say what to do about it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from agreements import clock
from agreements.cli import doctor_checks
from agreements.cli.doctor_checks import Finding, examine
from agreements.cli.stack_supervisor import free_ports
from agreements.database.engine import make_engine, transaction
from agreements.settings import Settings


def findings(tmp_path: Path, database_url: str) -> dict[str, Finding]:
    settings = Settings(data_dir=tmp_path, database_url=database_url, prefect_port=free_ports(1)[0])
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
    with clock.fixed(clock.now() - timedelta(minutes=3)):
        found = findings(tmp_path, database_url)["Uhr"]
    assert found.state == "missing"
    assert "180" in found.detail


def test_a_database_that_does_not_answer_is_missing(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_ports(1)[0]}/vereinbar"
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
