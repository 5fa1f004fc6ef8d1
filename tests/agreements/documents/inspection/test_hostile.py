"""Every hostile file is refused with its reason, quickly and in little memory.

Measured on the real command in a process of its own, Python's start included. Its time is that of
its processors: the clock on the wall also counts what other tests do meanwhile.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.inspection.hostile import HOSTILE

SECONDS = 2.0
MEMORY = 300 * 1024 * 1024
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Checked:
    """What ``vereinbar template check --json`` said about one file, and what that cost."""

    exit_code: int
    codes: list[str]
    ok: bool
    seconds: float
    memory: int


def checked(file: Path) -> Checked:
    """Run the command on a file and measure it with all its processes."""
    before = _computed()
    process = subprocess.Popen(
        [sys.executable, "-m", "agreements.cli.main", "template", "check", str(file), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=PROJECT_ROOT,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
    )
    memory = 0
    while process.poll() is None:
        memory = max(memory, _memory_of_session(process.pid))
        time.sleep(0.01)
    out, err = process.communicate()
    seconds = _computed() - before
    assert err == b""
    [line] = out.decode().splitlines()
    answer = json.loads(line)
    codes = [finding["code"] for finding in answer["findings"]]
    return Checked(process.returncode, codes, answer["ok"], seconds, memory)


def _computed() -> float:
    """What the processes that this one has waited for, and those that they have, computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory_of_session(session: int) -> int:
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # After the name in brackets: state, parent, group, session … pages in memory.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * _PAGE
    return total


def test_the_set_is_large() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    code, make = HOSTILE[name]
    file = tmp_path / "Vorlage.docx"
    file.write_bytes(make())
    found = checked(file)
    assert (found.exit_code, found.ok) == (1, False)
    assert code in found.codes
    if found.seconds > SECONDS:
        # Or twice what one of our own costs, where the machine is slow or its cores are shared.
        shutil.copyfile(PROJECT_ROOT / "templates" / "Förderantrag.docx", file)
        ours = checked(file)
        assert ours.ok
        assert found.seconds <= 2 * ours.seconds
    assert 0 < found.memory <= MEMORY
