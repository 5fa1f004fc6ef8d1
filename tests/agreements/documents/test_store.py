from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import pytest

from agreements.documents.store import DocumentCorrupted, DocumentMissing, DocumentStore

DATA = b"Vereinbarung"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(tmp_path / "documents")


def test_what_is_put_is_read(store: DocumentStore) -> None:
    assert not store.exists(DIGEST)
    assert store.put(DATA) == DIGEST
    assert store.exists(DIGEST)
    assert store.read(DIGEST) == DATA
    assert store.path(DIGEST) == store.root / DIGEST[:2] / DIGEST[2:]


def test_the_same_content_is_one_file_and_nothing_else_is_left(store: DocumentStore) -> None:
    store.put(DATA)
    inode = store.path(DIGEST).stat().st_ino
    store.put(DATA)
    assert store.path(DIGEST).stat().st_ino == inode
    assert [path for path in store.root.rglob("*") if path.is_file()] == [store.path(DIGEST)]


def test_a_damaged_file_is_never_served_and_putting_it_again_mends_it(
    store: DocumentStore,
) -> None:
    store.put(DATA)
    store.path(DIGEST).write_bytes(b"verfaelscht")
    with pytest.raises(DocumentCorrupted, match=f"{DIGEST} wurde nachträglich verändert"):
        store.read(DIGEST)
    store.put(DATA)
    assert store.read(DIGEST) == DATA


def test_a_missing_document_is_named(store: DocumentStore) -> None:
    with pytest.raises(DocumentMissing, match=DIGEST):
        store.read(DIGEST)


@pytest.mark.parametrize("name", ["../../etc/passwd", DIGEST.upper(), DIGEST[:-1], ""])
def test_only_a_hash_is_a_name(store: DocumentStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)


@pytest.mark.parametrize(
    "problem", [DocumentMissing(DIGEST), DocumentCorrupted(DIGEST, "/x/y")], ids=str
)
def test_its_errors_survive_pickling(problem: Exception) -> None:
    copy = pickle.loads(pickle.dumps(problem))
    assert type(copy) is type(problem)
    assert str(copy) == str(problem)
