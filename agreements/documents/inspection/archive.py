"""The ZIP archive of a Word file: judged from its directory, then read without trusting it.

``zipfile`` is no help here: it trusts the sizes in the directory, reads any number of entries
and lets entries overlap. What it and python-docx read later must be what was judged here, so
everything that two readers could see differently is refused.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agreements.documents.inspection import limits
from agreements.documents.inspection.findings import Refused, of_package

_END: Final = struct.Struct("<4s4H2LH")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800
_UNICODE_NAME: Final = 0x7075
_TRICKY: Final = re.compile(r"(^|/)\.\.?(/|$)|^/|\\|^[A-Za-z]:|[\x00-\x1f\x7f]|//")
_AGAIN: Final = "Speichern Sie das Dokument in Word neu als „Word-Dokument (*.docx)“."


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive, as the directory describes it."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    extra: bytes


def entries_of(content: bytes) -> list[Entry]:
    """The entries, judged without unpacking any; raises ``Refused``."""
    position, count, size, start = _end_of(content)
    if count > limits.ENTRIES or size > limits.DIRECTORY_BYTES:
        raise _refused(
            "zip-too-many-entries",
            "",
            str(count),
            f"Die Datei enthält mehr als {limits.ENTRIES} Bestandteile. {_AGAIN}",
        )
    if start + size != position:
        raise _broken("Inhaltsverzeichnis")
    entries = list(_directory(content[start:position]))
    if len(entries) != count:
        raise _broken("Inhaltsverzeichnis")
    _judge_names(entries)
    for entry in entries:
        _judge_entry(entry)
    _judge_total(entries)
    _judge_layout(content, entries, start)
    return entries


def read(content: bytes, entry: Entry) -> bytes:
    """The entry's content; never more than the directory says, whatever the data does."""
    start = _data_start(content, entry)
    raw = content[start : start + entry.packed]
    try:
        data = raw if entry.method == _STORED else _inflated(raw, entry)
    except zlib.error:
        raise _broken(entry.name) from None
    if len(data) != entry.size or zlib.crc32(data) != entry.crc:
        raise _lies(entry)
    return data


def _end_of(content: bytes) -> tuple[int, int, int, int]:
    position = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if position < 0 or position + _END.size > len(content):
        raise _broken("Ende des Archivs")
    _, disk, first, here, count, size, start, comment = _END.unpack_from(content, position)
    if position + _END.size + comment != len(content):
        raise _broken("Anhang hinter dem Archiv")
    if disk or first or here != count or start == 0xFFFFFFFF:
        raise _broken("Inhaltsverzeichnis")
    return position, count, size, start


def _directory(raw: bytes) -> Iterator[Entry]:
    at = 0
    while at < len(raw):
        if at + _ENTRY.size > len(raw) or raw[at : at + 4] != b"PK\x01\x02":
            raise _broken("Inhaltsverzeichnis")
        values = _ENTRY.unpack_from(raw, at)
        flags, method = values[3], values[4]
        crc, packed, size, name_length, extra_length, comment_length = values[7:13]
        name = raw[at + _ENTRY.size : at + _ENTRY.size + name_length]
        extra_start = at + _ENTRY.size + name_length
        extra = raw[extra_start : extra_start + extra_length]
        text = name.decode("utf-8" if flags & _UTF8 else "cp437", "surrogateescape")
        mode = values[15] >> 16
        yield Entry(text, name, flags, method, crc, packed, size, values[16], mode, extra)
        at = extra_start + extra_length + comment_length


def _judge_names(entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if _TRICKY.search(entry.name) or not entry.name or _renamed(entry):
            raise _refused(
                "path-trick",
                entry.name,
                entry.name,
                "Der Name eines Bestandteils weist aus der Datei hinaus oder ist unzulässig. So "
                f"etwas schreibt kein Textprogramm. {_AGAIN}",
            )
        same = unicodedata.normalize("NFKC", entry.name).casefold()
        if same in seen:
            raise _refused(
                "zip-duplicate-entry",
                entry.name,
                entry.name,
                f"Die Datei enthält einen Bestandteil zweimal. {_AGAIN}",
            )
        seen.add(same)


def _renamed(entry: Entry) -> bool:
    """Whether another reader may see another name, or a link instead of a file."""
    at = 0
    while at + 4 <= len(entry.extra):
        kind, length = struct.unpack_from("<HH", entry.extra, at)
        if kind == _UNICODE_NAME:
            return True
        at += 4 + length
    return stat.S_ISLNK(entry.mode) or any(0xD800 <= ord(c) < 0xE000 for c in entry.name)


def _judge_entry(entry: Entry) -> None:
    if entry.flags & _ENCRYPTED:
        raise _refused(
            "encrypted",
            entry.name,
            entry.name,
            "Die Datei ist verschlüsselt. Heben Sie den Kennwortschutz auf und speichern Sie sie "
            "erneut.",
        )
    if entry.method not in (_STORED, _DEFLATED) or entry.packed == 0xFFFFFFFF:
        raise _refused(
            "zip-method",
            entry.name,
            f"Verfahren {entry.method}",
            f"Die Datei ist mit einem Verfahren gepackt, das Word nicht verwendet. {_AGAIN}",
        )
    if entry.size > limits.ENTRY_BYTES:
        raise _too_large("zip-entry-too-large", entry.name, entry.size, limits.ENTRY_BYTES)
    if entry.size > limits.RATIO_FROM_BYTES and entry.size > limits.RATIO * max(entry.packed, 1):
        raise _refused(
            "zip-ratio",
            entry.name,
            f"{entry.packed} → {entry.size} Bytes",
            "Ein Bestandteil würde sich beim Entpacken auf mehr als das "
            f"{limits.RATIO}-Fache vergrößern (ZIP-Bombe). Verwenden Sie diese Datei nicht.",
        )


def _judge_total(entries: list[Entry]) -> None:
    total = sum(entry.size for entry in entries)
    if total > limits.TOTAL_BYTES:
        raise _too_large("zip-too-large", "", total, limits.TOTAL_BYTES)


def _judge_layout(content: bytes, entries: list[Entry], end: int) -> None:
    """Each byte belongs to one entry: nothing before, nothing twice, headers agree."""
    before = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset < before:
            raise _refused(
                "zip-overlap",
                entry.name,
                entry.name,
                f"Bestandteile der Datei überlappen sich (ZIP-Bombe). {_AGAIN}",
            )
        if before == 0 and entry.offset != 0:
            raise _broken("Anfang des Archivs")
        before = _data_start(content, entry) + entry.packed
        if before > end:
            raise _broken(entry.name)


def _data_start(content: bytes, entry: Entry) -> int:
    at = entry.offset
    if at + _LOCAL.size > len(content) or content[at : at + 4] != b"PK\x03\x04":
        raise _broken(entry.name)
    values = _LOCAL.unpack_from(content, at)
    flags, method = values[2], values[3]
    packed, size, name_length, extra_length = values[7:11]
    name = content[at + _LOCAL.size : at + _LOCAL.size + name_length]
    if name != entry.raw_name or method != entry.method or flags & _ENCRYPTED:
        raise _lies(entry)
    follow = flags & _SIZES_FOLLOW or packed == size == 0xFFFFFFFF
    if not follow and (packed, size) != (entry.packed, entry.size):
        raise _lies(entry)
    return at + _LOCAL.size + int(name_length) + int(extra_length)


def _inflated(raw: bytes, entry: Entry) -> bytes:
    unpacker = zlib.decompressobj(-15)
    data = unpacker.decompress(raw, entry.size + 1)
    if len(data) > entry.size or not unpacker.eof or unpacker.unused_data:
        raise _lies(entry)
    return data


def _refused(code: str, place: str, text: str, message: str) -> Refused:
    return Refused(of_package(code, place, text, message))


def _broken(place: str) -> Refused:
    return _refused(
        "zip-broken",
        place,
        place,
        f"Die Datei ist beschädigt oder kein gewöhnliches Word-Dokument. {_AGAIN}",
    )


def _lies(entry: Entry) -> Refused:
    return _refused(
        "zip-lies",
        entry.name,
        entry.name,
        "Ein Bestandteil ist anders, als das Inhaltsverzeichnis der Datei angibt (beschädigt oder "
        f"gefälscht). {_AGAIN}",
    )


def _too_large(code: str, place: str, size: int, limit: int) -> Refused:
    return _refused(
        code,
        place,
        f"{size} Bytes",
        f"Entpackt wären das {size // limits.MEGABYTE} MB, erlaubt sind "
        f"{limit // limits.MEGABYTE} MB. Verkleinern Sie eingefügte Bilder.",
    )
