"""The file of a backup: a tar archive with a manifest, the dump and the documents.

Everything in it is listed in the manifest with size and SHA-256; whatever differs is
not accepted.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

from agreements.errors import Refusal

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
DOCUMENT = re.compile(r"documents/[0-9a-f]{2}/[0-9a-f]{62}")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself."""

    format: int
    version: str
    revision: str | None
    postgres: str
    created_at: str
    entries: tuple[Entry, ...]

    @property
    def documents(self) -> list[Entry]:
        """The documents, without the dump."""
        return [entry for entry in self.entries if entry.name != DUMP]

    def to_json(self) -> bytes:
        """The manifest's bytes."""
        return json.dumps(asdict(self), indent=1).encode()


def damaged(path: Path, reason: str) -> Refusal:
    """The refusal of a file that is not (or no longer) a backup of ours."""
    return Refusal(
        "backup-damaged",
        f"Die Sicherung {path} ist nicht brauchbar: {reason} Bitte eine andere Sicherung nehmen.",
    )


def describe(name: str, path: Path) -> Entry:
    """An entry for a file on disk."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Entry(name, path.stat().st_size, digest)


def write(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write the archive; ``files`` gives the path of every entry of the manifest."""
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        text = manifest.to_json()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(text)
        archive.addfile(head, io.BytesIO(text))
        for entry in manifest.entries:
            member = tarfile.TarInfo(entry.name)
            member.size = entry.size
            with files[entry.name].open("rb") as file:
                archive.addfile(member, file)


def verify(path: Path, into: Path | None = None) -> Manifest:
    """Read the whole archive and compare it with its manifest; the manifest.

    With ``into``, the files are laid down there under their names. Raises ``Refusal``
    (``backup-damaged``) at the first difference.
    """
    try:
        with tarfile.open(path, "r:gz") as archive:
            return _verify(path, archive, into)
    except FileNotFoundError as error:
        raise Refusal("backup-missing", f"Die Datei {path} gibt es nicht.") from error
    except (tarfile.TarError, OSError, EOFError) as error:
        raise damaged(path, "Sie ist unvollständig oder keine Sicherung.") from error


def _verify(path: Path, archive: tarfile.TarFile, into: Path | None) -> Manifest:
    members = iter(archive)
    manifest = _manifest(path, archive, members)
    expected = {entry.name: entry for entry in manifest.entries}
    for member in members:
        entry = expected.pop(member.name, None)
        if entry is None or not member.isreg():
            raise damaged(path, f"„{member.name}“ gehört nicht hinein.")
        target = into / entry.name if into is not None else None
        content = cast("IO[bytes]", archive.extractfile(member))
        if _copy(content, target) != (entry.size, entry.sha256):
            raise damaged(path, f"„{entry.name}“ wurde verändert.")
    if expected:
        raise damaged(path, f"„{next(iter(expected))}“ fehlt.")
    return manifest


def _manifest(path: Path, archive: tarfile.TarFile, members: Iterator[tarfile.TarInfo]) -> Manifest:
    first = next(members, None)
    if first is None or first.name != MANIFEST or not first.isreg():
        raise damaged(path, "Das Inhaltsverzeichnis fehlt.")
    try:
        data = json.loads(cast("IO[bytes]", archive.extractfile(first)).read())
        entries = tuple(Entry(**entry) for entry in data.pop("entries"))
        manifest = Manifest(entries=entries, **data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(path, "Das Inhaltsverzeichnis ist nicht lesbar.") from error
    names = [entry.name for entry in entries]
    documents = [name for name in names if name != DUMP]
    if DUMP not in names or not all(DOCUMENT.fullmatch(name) for name in documents):
        raise damaged(path, "Das Inhaltsverzeichnis nennt fremde Dateien.")
    return manifest


def _copy(source: IO[bytes], target: Path | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") if target is not None else io.BytesIO() as sink:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if target is not None:
                sink.write(chunk)
    return size, digest.hexdigest()
