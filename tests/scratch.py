"""Where tests keep databases and files: in memory, if there is room for them.

Each of thousands of tests gets a database of its own. On a disk, copying one takes longer than most
of the tests.
"""

from __future__ import annotations

import fcntl
import multiprocessing.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")
_PREFIX: Final = "vereinbar-tests-"
_LOCK: Final = "in-use"
# What all processes of a run keep at the most, and as much again for what runs besides.
_NEEDED_BYTES: Final = 8 * 2**30
# What a container may use, however much its host has.
_LIMITS: Final = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


@contextmanager
def in_memory() -> Iterator[None]:
    """Keep the temporary files of this process and its children in memory, if there is room."""
    if not _has_room():
        yield
        return
    _remove_leftovers()
    # In the usual place: multiprocessing removes its own after we have removed ours.
    multiprocessing.util.get_temp_dir()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_MEMORY))
    # The server, which does not run as root, has its files in there.
    folder.chmod(0o755)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        shutil.rmtree(folder, ignore_errors=True)


def short_folder() -> Path:
    """A new folder whose path is short enough to hold a server's socket."""
    return Path(tempfile.mkdtemp(prefix="vb-", dir=os.environ.get("TMPDIR", "/tmp")))


def _remove_leftovers() -> None:
    """Remove what is left of runs that were killed: nobody holds their locks any more."""
    for lock in _MEMORY.glob(f"{_PREFIX}*/{_LOCK}"):
        with lock.open() as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(lock.parent, ignore_errors=True)


def _has_room() -> bool:
    try:
        limits = os.statvfs(_MEMORY)
        known = re.search(r"^MemAvailable:\s+(\d+) kB$", Path("/proc/meminfo").read_text(), re.M)
    except OSError:
        return False
    available = int(known[1]) * 1024 if known else 0
    room = min(limits.f_bavail * limits.f_frsize, available, *_allowed())
    # Some tests make programs and call them.
    return room >= _NEEDED_BYTES and not limits.f_flag & os.ST_NOEXEC


def _allowed() -> Iterator[int]:
    for path in map(Path, _LIMITS):
        if path.exists() and (text := path.read_text().strip()).isdigit():
            yield int(text)
