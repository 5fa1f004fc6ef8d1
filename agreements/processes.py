"""Child processes that cannot outlive their parent.

Started as a script, this file is the small launcher between fork and exec: it drops
root's rights where asked, ties the child to its parent, then becomes the command. A
launcher instead of ``preexec_fn``, which is not safe in a process that has threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    working_dir: Path | None = None,
    user: tuple[int, int] | None = None,
    signal_on_parent_death: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a process group of its own; its output is appended to ``log``.

    The child receives ``signal_on_parent_death`` when the *thread* that calls this
    ends (Linux): call it from a thread that lives as long as the child should.
    ``user`` is (uid, gid) for a caller that is root.
    """
    uid, gid = user or (-1, -1)
    launcher = [
        sys.executable, "-I", "-S", __file__,
        str(os.getpid()), str(int(signal_on_parent_death)), str(uid), str(gid),
    ]  # fmt: skip
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [*launcher, *(str(part) for part in command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=working_dir,
            process_group=0,
        )


def stop(process: subprocess.Popen[bytes], *signals: signal.Signals, patience: float = 15) -> None:
    """End a child and its group: each signal in turn, ``patience`` seconds for each, then KILL."""
    for number in signals or (signal.SIGTERM,):
        if process.poll() is not None:
            break
        process.send_signal(number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    kill_group(process)
    process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for whatever is left of a child's process group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # Gone, or (macOS) only a zombie is left of it.
        return


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists and is not merely waiting to be reaped."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return not Path("/proc/self").exists()


def _launch(arguments: list[str]) -> None:
    parent, death_signal, uid, gid = (int(argument) for argument in arguments[:4])
    command = arguments[4:]
    # The other user may be unable to read Python's own files: load before the change.
    libc = ctypes.CDLL(None)
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After the change of user, which clears it.
        libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            sys.exit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    _launch(sys.argv[1:])
