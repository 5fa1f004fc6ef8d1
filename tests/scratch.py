"""Where tests keep databases and files: in memory, if there is room for them.

Each of thousands of tests gets a database of its own. On a disk, copying one takes longer than most
of the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")
_NAME: Final = "vereinbar-tests-"
# What all processes of a run keep at the most, and as much again for what runs besides.
_NEEDED_BYTES: Final = 8 * 2**30


def in_memory() -> Path | None:
    """Put the temporary files of this process and its children in memory; None if it is too small.

    What earlier runs have left because they were killed is removed.
    """
    if not _has_room():
        return None
    for left in _MEMORY.glob(f"{_NAME}*"):
        if not Path("/proc", left.name.removeprefix(_NAME)).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = _MEMORY / f"{_NAME}{os.getpid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def short_folder() -> Path:
    """A new folder whose path is short enough to hold a server's socket."""
    return Path(tempfile.mkdtemp(prefix="vb-", dir=os.environ.get("TMPDIR", "/tmp")))


def _has_room() -> bool:
    try:
        limits = os.statvfs(_MEMORY)
        memory = re.search(r"^MemAvailable:\s+(\d+) kB$", Path("/proc/meminfo").read_text(), re.M)
    except OSError:
        return False
    free = min(limits.f_bavail * limits.f_frsize, int(memory[1]) * 1024 if memory else 0)
    # Some tests make programs and call them.
    return free >= _NEEDED_BYTES and not limits.f_flag & os.ST_NOEXEC
