"""Fonts and colour profiles without the moment of the conversion: same text, same bytes."""

from __future__ import annotations

import struct
from typing import Final

import pikepdf

_HEAD: Final = b"head"
# Offsets in the table „head“ (OpenType): checksum of the whole font, created, modified.
_ADJUSTMENT: Final = 8
_CREATED: Final = slice(20, 28)
_MODIFIED: Final = slice(28, 36)
_WHOLE: Final = 0xB1B0AFBA
# In the header of a colour profile (ICC.1): year, month, day, hour, minute, second.
_PROFILED: Final = slice(24, 36)
_FIRST_OF_1980: Final = struct.pack(">6H", 1980, 1, 1, 0, 0, 0)


def pin_dates(document: pikepdf.Pdf) -> None:
    """Take the moment of the conversion out of everything that is embedded."""
    _pin_fonts(document)
    for intent in document.Root.get("/OutputIntents", pikepdf.Array()):
        profile = intent.DestOutputProfile
        pinned = bytearray(profile.read_bytes())
        pinned[_PROFILED] = _FIRST_OF_1980
        profile.write(bytes(pinned))


def _pin_fonts(document: pikepdf.Pdf) -> None:
    """Give every embedded TrueType font its day of creation as that of its last change."""
    for thing in document.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing:
            font = thing.FontFile2
            pinned = pinned_font(font.read_bytes())
            font.write(pinned)
            font.Length1 = len(pinned)


def pinned_font(font: bytes) -> bytes:
    """A TrueType font with modified = created; unchanged if it is none."""
    place = _table(font)
    if place is None:
        return font
    entry, start, length = place
    made = bytearray(font)
    head = memoryview(made)[start : start + length]
    head[_MODIFIED] = bytes(head[_CREATED])
    head[_ADJUSTMENT : _ADJUSTMENT + 4] = bytes(4)
    made[entry + 4 : entry + 8] = struct.pack(">I", _sum(bytes(head)))
    adjustment = (_WHOLE - _sum(bytes(made))) & 0xFFFFFFFF
    head[_ADJUSTMENT : _ADJUSTMENT + 4] = struct.pack(">I", adjustment)
    return bytes(made)


def _table(font: bytes) -> tuple[int, int, int] | None:
    """Where the table „head“ is listed, where it starts, how long it is."""
    if len(font) < 12:
        return None
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        entry = 12 + 16 * number
        if font[entry : entry + 4] == _HEAD:
            start, length = struct.unpack_from(">II", font, entry + 8)
            return (entry, start, length) if start + length <= len(font) else None
    return None


def _sum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
