"""``vereinbar casefile`` as people call it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements.documents.store import DocumentStore
from agreements.model.cases import Case
from agreements.settings import get_settings
from tests.agreements.cli.conftest import call
from tests.story import Story


@pytest.fixture
def case(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[str]:
    """The file reference of a case that has its first document."""
    story = Story(sessions, DocumentStore(tmp_path / "var"))
    story.begin()
    story.draft()
    with sessions() as session:
        url = session.get_bind().engine.url.render_as_string(hide_password=False)
        reference = session.scalars(select(Case.reference)).one()
    monkeypatch.setenv("VEREINBAR_DATABASE_URL", url)
    monkeypatch.setenv("VEREINBAR_DOCUMENTS_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PATH", str(tmp_path))  # without LibreOffice it is quick
    get_settings.cache_clear()
    yield reference
    get_settings.cache_clear()


def test_the_file_is_written_as_folder_and_as_archive(case: str, tmp_path: Path) -> None:
    folder, archive = tmp_path / "Akte", tmp_path / "Akte.zip"
    said = call("casefile", case, "--out", str(folder))
    assert said.exit_code == 0, said.stderr
    assert f"Vorgangsakte {case} geschrieben: {folder} (2 Dokumente" in said.stdout
    assert json.loads((folder / "manifest.json").read_text())["complete"] is True
    assert call("casefile", case, "--out", str(archive)).exit_code == 0
    with zipfile.ZipFile(archive) as written:
        names = {name.partition("/")[2] for name in written.namelist()}
    assert names == {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_a_wrong_call_writes_nothing(case: str, tmp_path: Path) -> None:
    (tmp_path / "voll").mkdir()
    (tmp_path / "voll" / "da.txt").write_text("da")
    full = call("casefile", case, "--out", str(tmp_path / "voll"))
    assert (full.exit_code, "kein leerer Ordner" in full.stderr) == (2, True)
    unknown = call("casefile", "IKZ-2026-9999", "--out", str(tmp_path / "neu"))
    assert (unknown.exit_code, "gibt es nicht" in unknown.stderr) == (1, True)
    stranger = call("casefile", case, "--out", str(tmp_path / "neu"), "--user", "niemand")
    assert (stranger.exit_code, "„niemand“" in stranger.stderr) == (1, True)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "var") == ["voll"]
