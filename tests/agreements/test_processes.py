"""Children do not outlive their parent, and end in order when asked."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agreements import processes

WAIT_FOR_EVER = "import sys, time; print('up', flush=True); time.sleep(600)"


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from agreements import processes;"
        f"command = [sys.executable, '-c', {WAIT_FOR_EVER!r}];"
        "child = processes.spawn(command, log=Path(sys.argv[1]));"
        "print(child.pid, flush=True); child.wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        # Readable as soon as the process has ended; blocks until then.
        assert _ended(child, seconds=60)
    finally:
        os.close(child)


def _ended(pidfd: int, seconds: float) -> bool:
    readable, _, _ = select.select([pidfd], [], [], seconds)
    return bool(readable)


def test_what_ignores_the_request_is_killed(tmp_path: Path) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + WAIT_FOR_EVER
    log = tmp_path / "log"
    child = processes.spawn([sys.executable, "-c", stubborn], log=log)
    processes.stop(child, signal.SIGTERM, patience=0.2)
    assert child.returncode in {-signal.SIGKILL, -signal.SIGTERM}


def test_the_output_is_appended_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "part.log"
    for word in ("one", "two"):
        assert processes.spawn([sys.executable, "-c", f"print({word!r})"], log=log).wait() == 0
    assert log.read_text().split() == ["one", "two"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give its rights away")
def test_root_gives_its_rights_away(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert processes.spawn(["id", "-u"], log=log, user=(65534, 65534)).wait() == 0
    assert log.read_text().strip() == "65534"
