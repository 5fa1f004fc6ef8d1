"""A backup comes back as it was, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from agreements.cli import backup_archive as archive
from agreements.cli.backup_run import bring_back, take
from agreements.cli.main import app
from agreements.cli.stack_state import exclusive
from agreements.database import administration
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import make_engine, transaction
from agreements.errors import Conflict, Refusal
from agreements.settings import Settings, get_settings

LETTER = b"Beschlussvorlage"
DIGEST = hashlib.sha256(LETTER).hexdigest()


@pytest.fixture
def source(tmp_path: Path, database_url: str) -> Settings:
    """An installation with one conductor in its database and one document."""
    settings = Settings(data_dir=tmp_path / "source", database_url=database_url)
    document = settings.documents / DIGEST[:2] / DIGEST[2:]
    document.parent.mkdir(parents=True)
    document.write_bytes(LETTER)
    (document.parent / "half.tmp").write_bytes(b"half written")
    execute(database_url, "INSERT INTO conductors VALUES ('before', now(), '1')")
    return settings


@pytest.fixture
def target(tmp_path: Path, postgres: EmbeddedPostgres) -> Settings:
    """Another installation, without a database yet."""
    url = postgres.url(f"target_{tmp_path.name}")
    postgres.drop_database(administration.database_name(url))
    return Settings(data_dir=tmp_path / "target", database_url=url)


def execute(url: str, statement: str) -> None:
    engine = make_engine(url)
    with transaction(engine) as session:
        session.execute(text(statement))
    engine.dispose()


def conductors(settings: Settings) -> list[str]:
    with administration.connect(str(settings.database_url)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM conductors").fetchall()]


def test_database_and_documents_come_back(
    source: Settings, target: Settings, tmp_path: Path
) -> None:
    taken = take(source, tmp_path / "backup.tar.gz")
    assert [entry.sha256 for entry in taken.manifest.documents] == [DIGEST]
    assert (taken.missing, taken.altered) == ([], [])
    bring_back(target, taken.path)
    assert conductors(target) == ["before"]
    assert (target.documents / DIGEST[:2] / DIGEST[2:]).read_bytes() == LETTER


def test_data_at_the_target_are_replaced_only_on_demand(source: Settings, tmp_path: Path) -> None:
    taken = take(source, tmp_path / "backup.tar.gz")
    execute(str(source.database_url), "INSERT INTO conductors VALUES ('after', now(), '1')")
    with pytest.raises(Conflict, match="--replace"):
        bring_back(source, taken.path)
    assert sorted(conductors(source)) == ["after", "before"]
    bring_back(source, taken.path, replace=True)
    assert conductors(source) == ["before"]


def _flip_a_byte(path: Path) -> None:
    content = bytearray(gzip.decompress(path.read_bytes()))
    place = content.rindex(LETTER)
    content[place] ^= 1
    path.write_bytes(gzip.compress(bytes(content)))


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def _smuggle_in(path: Path) -> None:
    plain = path.with_suffix(".tar")
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    with tarfile.open(plain, "a") as tar:
        tar.add(__file__, "../evil")
    path.write_bytes(gzip.compress(plain.read_bytes()))


def _replace_by_text(path: Path) -> None:
    path.write_text("Sicherung")


@pytest.mark.parametrize("damage", [_flip_a_byte, _cut_off, _smuggle_in, _replace_by_text])
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    source: Settings, target: Settings, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = take(source, tmp_path / "backup.tar.gz").path
    damage(path)
    with pytest.raises(Refusal, match="nicht brauchbar"):
        bring_back(target, path)
    assert not administration.exists(str(target.database_url))
    assert not target.documents.exists()
    assert [entry.name for entry in target.data_dir.iterdir()] == ["run"]


def test_a_backup_of_a_newer_version_is_refused(
    source: Settings, target: Settings, tmp_path: Path
) -> None:
    path = take(source, tmp_path / "backup.tar.gz").path
    content = gzip.decompress(path.read_bytes())
    manifest = archive.verify(path)
    renamed = manifest.to_json().replace(
        json.dumps(manifest.revision).encode(), b'"' + b"9" * len(str(manifest.revision)) + b'"', 1
    )
    path.write_bytes(gzip.compress(content.replace(manifest.to_json(), renamed)))
    with pytest.raises(Conflict, match="neuer als dieses Programm"):
        bring_back(target, path)
    assert not administration.exists(str(target.database_url))


def test_nothing_is_restored_under_a_running_stack(
    source: Settings, target: Settings, tmp_path: Path
) -> None:
    path = take(source, tmp_path / "backup.tar.gz").path
    with exclusive(target.data_dir), pytest.raises(Conflict, match="arbeitet schon"):
        bring_back(target, path)


def test_a_missing_document_is_told(source: Settings, tmp_path: Path) -> None:
    (source.documents / DIGEST[:2] / DIGEST[2:]).write_bytes(b"tampered with")
    taken = take(source, tmp_path / "backup.tar.gz")
    assert taken.altered == [DIGEST]


def test_a_stopped_embedded_installation_can_be_saved_and_moved(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("moved")
    for name in ("first", "second"):
        monkeypatch.setenv("VEREINBAR_DATA_DIR", str(folder / name))
        get_settings.cache_clear()
        if name == "first":
            _embedded_with_a_row(folder / name)
            result = CliRunner().invoke(app, ["backup", str(folder / "b.tar.gz")])
        else:
            result = CliRunner().invoke(app, ["restore", str(folder / "b.tar.gz")])
        assert result.exit_code == 0, result.stderr
    get_settings.cache_clear()
    with EmbeddedPostgres(folder / "second" / "postgres") as server:
        settings = Settings(data_dir=folder, database_url=server.url("vereinbar"))
        assert conductors(settings) == ["before"]


def _embedded_with_a_row(data_dir: Path) -> None:
    from agreements.database import schema

    with EmbeddedPostgres(data_dir / "postgres") as server:
        server.ensure_database("vereinbar")
        schema.upgrade(server.url("vereinbar"))
        execute(server.url("vereinbar"), "INSERT INTO conductors VALUES ('before', now(), '1')")
