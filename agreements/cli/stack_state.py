"""One stack per data folder: its lock, and the file that says where it runs."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from agreements.errors import Conflict


@dataclass(frozen=True, kw_only=True)
class StackState:
    """A running stack, as other commands find it (``run/stack.json``)."""

    pid: int
    version: str
    data_dir: str
    database_url: str
    prefect_database_url: str
    socket_dir: str | None
    api_url: str
    prefect_url: str
    conductor_name: str
    ready: bool
    processes: dict[str, int]


def _run_dir(data_dir: Path) -> Path:
    folder = data_dir / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def exclusive(data_dir: Path) -> Iterator[None]:
    """Hold the data folder alone; ``Conflict`` (``stack-running``) if another process does."""
    file = take_lock(data_dir)
    try:
        yield
    finally:
        file.close()


def take_lock(data_dir: Path) -> IO[str]:
    """Take the folder's lock until the file is closed or the process ends, however it ends."""
    path = _run_dir(data_dir) / "stack.lock"
    # Not inherited by children: the lock ends with this process.
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        holder = file.read().strip() or "unbekannt"
        file.close()
        raise Conflict(
            "stack-running",
            f"Auf den Daten in {data_dir} arbeitet schon ein vereinbar (Prozess {holder}). "
            "Bitte jenes beenden (Strg+C) oder mit VEREINBAR_DATA_DIR einen anderen Ordner nennen.",
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def is_locked(data_dir: Path) -> bool:
    """Whether a process holds the data folder."""
    path = data_dir / "run" / "stack.lock"
    if not path.exists():
        return False
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def write_state(state: StackState) -> None:
    """Publish the state; a reader never sees half of it."""
    path = _run_dir(Path(state.data_dir)) / "stack.json"
    partial = path.with_suffix(".part")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(asdict(state), indent=1))
    partial.replace(path)


def clear_state(data_dir: Path) -> None:
    """Forget the state: nothing runs any more."""
    (data_dir / "run" / "stack.json").unlink(missing_ok=True)


def running_stack_state(data_dir: Path) -> StackState | None:
    """The stack that runs on this data folder, if one does."""
    try:
        text = (data_dir / "run" / "stack.json").read_text()
    except FileNotFoundError:
        return None
    return StackState(**json.loads(text)) if is_locked(data_dir) else None
