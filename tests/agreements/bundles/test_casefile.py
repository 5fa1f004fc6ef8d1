"""The case file: complete, checkable, readable without vereinbar, honest about what it lacks."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from agreements import access, clock
from agreements.bundles import Asker, BundleKind, Maker, bundle_files, gather, into_folder, zipped
from agreements.bundles.archive import File
from agreements.bundles.contents import MANIFEST, SUMS
from agreements.documents.pdf import Converter
from agreements.documents.store import DocumentStore
from agreements.model.cases import Case
from agreements.model.drafting import TextVersion
from agreements.model.people import User
from agreements.people import actor_of
from tests.agreements.bundles.conftest import whole
from tests.story import Story

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def without_office(told: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Maker:
    """A machine on which nothing converts, which keeps these tests quick."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return Maker(told.sessions, told.store, Converter(1))


def _files(told: Story, maker: Maker) -> dict[str, bytes]:
    with clock.fixed(NOW):
        return {
            file.path: file.content
            for file in bundle_files(whole(told, BundleKind.CASE_FILE), maker)
        }


class _Links(HTMLParser):
    """Every address that a page leads to or loads."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "link", "img", "iframe"}
        self.found += [unquote(value or "") for name, value in attrs if name in {"href", "src"}]


def test_every_file_is_listed_and_every_list_is_right(told: Story, without_office: Maker) -> None:
    files = _files(told, without_office)
    summed = dict(line.split("  ", 1)[::-1] for line in files[SUMS].decode().splitlines())
    assert summed == {
        path: hashlib.sha256(content).hexdigest() for path, content in files.items() if path != SUMS
    }
    manifest = json.loads(files[MANIFEST])
    assert manifest["complete"] is True
    assert len(manifest["documents"]) == 44
    for document in manifest["documents"]:
        assert document["sha256"] == document["expected_sha256"] == summed[document["path"]]
        assert document["source"]["kind"] == "generated"
    links = _Links(files["index.html"]).found
    assert set(links) <= files.keys()
    assert {d["path"] for d in manifest["documents"]} <= set(links)
    assert _Links(files["Beschlüsse/Beschlüsse.html"]).found == ["../index.html"]


def test_texts_carry_their_hash_and_the_journal_its_chain(
    told: Story, without_office: Maker
) -> None:
    files = _files(told, without_office)
    with told.sessions() as session:
        hashes = set(session.scalars(select(TextVersion.text_hash)))
    texts = [c for p, c in files.items() if p.startswith("Textfassungen/") and p.endswith("json")]
    assert {hashlib.sha256(content).hexdigest() for content in texts} == hashes
    journal = json.loads(files["Verlaufsakte/Verlaufsakte.json"])
    assert journal["entry_count"] == len(journal["entries"])
    assert all(entry["visibility"] == "full" for entry in journal["entries"])
    previous = ""
    for entry in journal["entries"]:
        assert entry["previous_hash"] == previous
        previous = entry["hash"]
    assert previous == journal["last_hash"]


def test_the_same_state_gives_the_same_archive(told: Story, without_office: Maker) -> None:
    def made() -> list[bytes]:
        with clock.fixed(NOW):
            bundle = whole(told, BundleKind.CASE_FILE)
            return list(zipped(bundle_files(bundle, without_office), "Akte"))

    first = made()
    assert made() == first
    with zipfile.ZipFile(io.BytesIO(b"".join(first))) as archive:
        assert archive.testzip() is None
        assert all(name.startswith("Akte/") for name in archive.namelist())
        # Piece by piece: what is held at a time is a file, not the archive.
        assert max(map(len, first)) < sum(map(len, first)) / 4


def test_a_missing_and_a_damaged_file_are_named_everywhere(
    told: Story, without_office: Maker, tmp_path: Path
) -> None:
    bundle = whole(told, BundleKind.CASE_FILE)
    lost, damaged = bundle.entries[1], bundle.entries[2]
    store = DocumentStore(tmp_path / "store")
    for entry in bundle.entries:
        if entry is not lost:
            store.put(told.store.read(entry.wanted.content_hash))
    store.path(damaged.wanted.content_hash).write_bytes(b"gone wrong")
    maker = Maker(told.sessions, store, without_office.converter)
    files = {file.path: file.content for file in bundle_files(bundle, maker)}
    manifest = json.loads(files[MANIFEST])
    assert manifest["complete"] is False
    assert [d["number"] for d in manifest["documents"] if d["problem"]] == [2, 3]
    assert len(manifest["documents"]) == len(bundle.entries)
    for page in ("index.html", "LIESMICH.txt"):
        text = files[page].decode()
        assert f"Nr. 2 „{lost.title}“ liegt nicht in der Dokumentenablage" in text
        assert f"Nr. 3 „{damaged.title}“ ist in der Dokumentenablage verändert" in text
    placeholders = [path for path in files if " FEHLT " in path]
    assert len(placeholders) == 2
    assert lost.wanted.content_hash in files[placeholders[0]].decode()


def test_without_libreoffice_it_says_that_pdfs_are_missing(
    told: Story, without_office: Maker
) -> None:
    files = _files(told, without_office)
    assert "Verlaufsakte/Verlaufsakte.docx" in files
    assert "Verlaufsakte/Verlaufsakte.pdf" not in files
    assert "Inhaltsverzeichnis.docx" in files
    assert "LibreOffice fehlt" in files["LIESMICH.txt"].decode()


def test_everybody_gets_what_they_may_read_and_no_more(told: Story) -> None:
    with told.sessions() as session:
        user = session.scalars(select(User).where(User.username == "sb.kamen")).one()
        case, sight = access.visible_case(
            session, actor_of(user), session.scalars(select(Case.reference)).one()
        )
        bundle = gather(session, case, Asker(actor_of(user), sight), BundleKind.CASE_FILE)
    titles = {entry.title for entry in bundle.entries}
    assert "Beschlussvorlage Kamen" in titles
    assert "Beschlussvorlage Bergkamen" not in titles
    assert "Förderantrag" not in titles
    assert len(bundle.entries) < 15


def test_a_folder_is_complete_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "Akte"

    def broken() -> list[File]:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        into_folder((file for _ in (1,) for file in broken()), target)
    assert not target.exists()
    assert into_folder([File("01 A/b.txt", b"b"), File("c.txt", b"c")], target) == 2
    assert (target / "01 A" / "b.txt").read_bytes() == b"b"
