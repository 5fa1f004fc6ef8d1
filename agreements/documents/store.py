"""Content-addressed store: a document is found by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from agreements.errors import NotFound, StepFailure

_HASH = re.compile(r"[0-9a-f]{64}")


class DocumentMissing(NotFound):
    """No document with this hash lies in the store."""

    def __init__(self, digest: str) -> None:
        super().__init__(
            "document-missing",
            f"Das Dokument mit der Prüfsumme {digest} liegt nicht in der Dokumentenablage. "
            "Spielen Sie es aus einer Sicherung zurück.",
        )
        self.args = (digest,)


class DocumentCorrupted(StepFailure):
    """The file's bytes are no longer those that its name promises."""

    def __init__(self, digest: str, path: str) -> None:
        super().__init__(
            f"Das Dokument mit der Prüfsumme {digest} wurde nachträglich verändert oder ist "
            f"beschädigt ({path}). Spielen Sie es aus einer Sicherung zurück."
        )
        self.args = (digest, path)


class DocumentStore:
    """Documents under ``root`` as ``ab/cdef…``; a file is written once and never changed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keep ``data`` durably and return its SHA-256 in hex; the same content is one file."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if not self._holds(target, digest):
            self._write(target, data)
        return digest

    def read(self, digest: str) -> bytes:
        """The document's bytes, checked against its hash."""
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise DocumentMissing(digest) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise DocumentCorrupted(digest, str(path))
        return data

    def exists(self, digest: str) -> bool:
        """Whether a file lies under this hash (its content is not checked)."""
        return self.path(digest).is_file()

    def path(self, digest: str) -> Path:
        """Where the document lies, whether it is there or not."""
        if not _HASH.fullmatch(digest):
            raise ValueError(f"not a SHA-256 in lower-case hex: {digest!r}")
        return self.root / digest[:2] / digest[2:]

    def _holds(self, target: Path, digest: str) -> bool:
        # A damaged file is written again: whoever holds the right bytes mends the store.
        if not target.is_file():
            return False
        return hashlib.sha256(target.read_bytes()).hexdigest() == digest

    def _write(self, target: Path, data: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=target.parent, prefix=".partial-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(target)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
        # The rename itself is durable only when the folders' entries are.
        _sync_folder(target.parent)
        _sync_folder(self.root)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
