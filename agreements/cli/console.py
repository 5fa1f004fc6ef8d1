"""What the commands print: one look for progress, results and hints."""

from __future__ import annotations

import sys

from rich.console import Console


def console(*, errors: bool = False) -> Console:
    """A console on standard output, or on standard error."""
    return Console(stderr=errors, highlight=False, soft_wrap=not sys.stdout.isatty())


def plural(count: int, one: str, many: str) -> str:
    """``1 Datei``, ``3 Dateien``."""
    return f"{count} {one if count == 1 else many}"


def size(count: int) -> str:
    """A number of bytes for people, with a decimal comma."""
    value = float(count)
    for unit in ("Bytes", "KB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    digits = 0 if unit == "Bytes" else 1
    return f"{value:.{digits}f} {unit}".replace(".", ",")
