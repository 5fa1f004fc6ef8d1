"""Every hostile file is refused with its reason, quickly and in little memory.

Measured on the real command in a process of its own, Python's start included. Its time is that of
its processors: the clock on the wall also counts what other tests do meanwhile. It is started once
for all files, which takes as long as checking many of them.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pytest

from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.inspection.hostile import HOSTILE
from tests.agreements.documents.inspection.making import document, paragraph

SECONDS = 2.0
MEMORY = 300 * 1024 * 1024
_PAGE, _TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Answer:
    """What the command said about one file, and what that cost."""

    codes: list[str]
    ok: bool
    seconds: float
    memory: int

    def alone(self, start: Answer) -> Answer:
        """As if the command had been started for this file."""
        return replace(self, seconds=start.seconds + self.seconds)


class Use(NamedTuple):
    """What processes have computed so far, and the memory that they have now."""

    seconds: float
    memory: int


# The command itself, but that it hears of its files one by one.
COMMAND = """
import sys
from typer import Exit
from agreements.cli.main import app
from agreements.cli.template import check_command
try:
    check_command((line.rstrip() for line in sys.stdin), None, True)
except Exit as end:
    sys.exit(end.exit_code)
"""


class Command:
    """``vereinbar template check --json`` at work, in processes of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT_ROOT,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._answers = self._process.stdin, self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        self._computed = 0.0

    def check(self, file: Path) -> Answer:
        """About one file; the first bears the cost of the start."""
        print(file, file=self._orders, flush=True)
        memory = 0
        while not self._poll.poll(10):
            memory = max(memory, _use_of_session(self._process.pid).memory)
        told = json.loads(self._answers.readline())
        use = _use_of_session(self._process.pid)
        seconds, self._computed = use.seconds - self._computed, use.seconds
        codes = [finding["code"] for finding in told["findings"]]
        return Answer(codes, told["ok"], seconds, max(memory, use.memory))

    def exit_code(self) -> int:
        """How it ends after the last file; it has nothing to complain about."""
        assert self._process.communicate() == ("", "")
        return self._process.returncode


def _use_of_session(session: int) -> Use:
    """Of its processes, and of those that they had."""
    ticks, pages = 0, 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # After the name in brackets: state, parent, group, session …
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            ticks += sum(int(field) for field in fields[11:15])
            pages += int(fields[21])
    return Use(ticks / _TICKS, pages * _PAGE)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """What is said about every file, and what it would have taken alone.

    One command checks them all; the first file is a good one, with which everything is loaded.
    """
    folder = tmp_path_factory.mktemp("hostile")
    command = Command()
    start = command.check(_written(folder / "good", document(paragraph("{{ name }}"))))
    assert start.ok
    found = {
        name: command.check(_written(folder / str(n), make()))
        for n, (name, (_, make)) in enumerate(HOSTILE.items())
    }
    # It is 2 as soon as one file could not be read or the check itself has failed.
    assert command.exit_code() == 1
    return {name: answer.alone(start) for name, answer in found.items()}


def _written(folder: Path, content: bytes) -> Path:
    folder.mkdir()
    file = folder / "Vorlage.docx"
    file.write_bytes(content)
    return file


def _checked_alone(folder: Path, content: bytes) -> Answer:
    command = Command()
    answer = command.check(_written(folder, content))
    assert command.exit_code() == (0 if answer.ok else 1)
    return answer


def test_the_set_is_large() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(
    name: str, answers: dict[str, Answer], tmp_path: Path
) -> None:
    code, make = HOSTILE[name]
    found = answers[name]
    assert not found.ok
    assert code in found.codes
    # Two threads of one core slow each other down: the best of three counts.
    for n in range(2):
        if found.seconds > SECONDS:
            found = _checked_alone(tmp_path / str(n), make())
            assert code in found.codes
    if found.seconds > SECONDS:
        # Or twice what one of our own costs, where the machine is slow or its cores are shared.
        own = (PROJECT_ROOT / "templates" / "Förderantrag.docx").read_bytes()
        ours = _checked_alone(tmp_path / "own", own)
        assert ours.ok
        assert found.seconds <= 2 * ours.seconds
    assert 0 < found.memory <= MEMORY
