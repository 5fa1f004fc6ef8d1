"""File names that every file system takes, and that nobody has to guess."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_BLANKS: Final = re.compile(r"\s+")
# Names of devices, which Windows refuses with any ending.
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST_STEM: Final = 110


def safe_name(name: str, *, longest: int = _LONGEST_STEM) -> str:
    """The name for a file or folder; its ending stays, its stem is cut to ``longest``."""
    plain = unicodedata.normalize("NFC", name)
    plain = _BLANKS.sub(" ", _NOT_IN_NAMES.sub("-", plain)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 5 or " " in ending:
        stem, dot, ending = plain, "", ""
    made = f"{stem[:longest].strip(' .,')}{dot}{ending}" or "ohne Namen"
    return f"_{made}" if _RESERVED.fullmatch(made) else made


class Names:
    """Keeps names apart within each folder, also where capitals do not count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, folder: str, name: str) -> str:
        """A path in the folder that nothing else has; numbered if it must be."""
        safe = safe_name(name)
        stem, dot, ending = safe.rpartition(".")
        if not dot:
            stem, ending = safe, ""
        number, path = 1, f"{folder}/{safe}" if folder else safe
        while path.casefold() in self._taken:
            number += 1
            path = (
                f"{folder}/{stem} ({number}){dot}{ending}"
                if folder
                else f"{stem} ({number}){dot}{ending}"
            )
        self._taken.add(path.casefold())
        return path
