"""The version of this program."""

from __future__ import annotations

from functools import lru_cache
from importlib import metadata


@lru_cache
def program_version() -> str:
    """The installed version of ``vereinbar``."""
    try:
        return metadata.version("vereinbar")
    except metadata.PackageNotFoundError:
        return "unbekannt"
