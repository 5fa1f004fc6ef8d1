"""Files become a ZIP or a folder, one at a time: never is a whole bundle in memory."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# The earliest moment that an entry can carry: the same files give the same bytes.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16
# These are compressed already.
_STORED: Final = (".docx", ".odt", ".pdf", ".png", ".jpg", ".jpeg")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle: its path with slashes, and its bytes."""

    path: str
    content: bytes


class _Sink:
    """What ``zipfile`` writes to, and what was written since it was last asked."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""

    def taken(self) -> bytes:
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)


def zipped(files: Iterable[File], root: str) -> Iterator[bytes]:
    """The ZIP of the files in a folder ``root``, piece by piece; same files, same bytes."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # needs no more than write and flush
        for file in files:
            entry = zipfile.ZipInfo(f"{root}/{file.path}", _EPOCH)
            entry.external_attr, entry.create_system = _MODE, 3
            stored = file.path.lower().endswith(_STORED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content, compresslevel=6)
            yield sink.taken()
    yield sink.taken()


def into_folder(files: Iterable[File], folder: Path) -> int:
    """Write the files into a folder that is not there yet or empty; how many there are.

    Complete or not at all: they are written beside it and moved when the last one is there.
    """
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    count = 0
    for file in files:
        target = partial / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        count += 1
    if folder.exists():
        folder.rmdir()
    partial.rename(folder)
    return count
