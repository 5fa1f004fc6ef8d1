"""Supervision: what dies is started again, what is dropped is rebuilt, nothing stays behind.

PostgreSQL is real; light processes stand in for the other parts (the story of the whole
stack is told elsewhere).
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from agreements import processes
from agreements.cli import stack_environment as environment
from agreements.cli import stack_parts, stack_supervisor
from agreements.cli.stack_parts import Part
from agreements.cli.stack_state import running_stack_state
from agreements.cli.stack_supervisor import Stack, scratch_settings
from agreements.database import administration
from agreements.errors import Refusal
from agreements.settings import Settings
from tests.scratch import short_folder

Reports = queue.Queue[tuple[str, str]]


def stand_in(name: str, settings: Settings, is_ready: Callable[[], bool]) -> Part:
    return Part(
        name=name,
        label=name,
        command=[sys.executable, "-c", "import signal; signal.pause()"],
        is_ready=is_ready,
        log=stack_parts.log_file(settings, name),
        environment=environment.child_environment(settings),
    )


def migrated(settings: Settings) -> bool:
    """What Prefect's server does before it answers."""
    with administration.connect(environment.prefect_database_url(settings)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS flow_run (id uuid)")
    return True


@pytest.fixture
def registrations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []

    def run_module(settings: Settings, module: str) -> int:
        done.append(module)
        return 0

    def replace(name: str, part: Callable[[Settings], Part]) -> None:
        monkeypatch.setattr(stack_parts, name, part)

    monkeypatch.setattr(stack_parts, "run_module", run_module)
    replace("prefect_server", lambda s: stand_in("prefect", s, lambda: migrated(s)))
    replace("conductor", lambda s: stand_in("conductor", s, lambda: True))
    replace("api", lambda s: stand_in("api", s, lambda: True))
    monkeypatch.setattr(stack_supervisor, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(stack_supervisor, "DATABASE_CHECK_SECONDS", 0.2)
    return done


@pytest.fixture
def settings() -> Iterator[Settings]:
    folder = short_folder()
    yield scratch_settings(folder)
    shutil.rmtree(folder)


def await_report(reports: Reports, what: str, state: str) -> None:
    while reports.get(timeout=120) != (what, state):
        pass


def test_the_stack_mends_itself_and_ends_cleanly(
    settings: Settings, registrations: list[str]
) -> None:
    reports: Reports = queue.Queue()
    stack = Stack(settings, report=lambda what, state: reports.put((what, state)))
    stack.start()
    try:
        stack.wait_ready(60)
        await_report(reports, "api", "ready")
        for name, label in [("api", "api"), ("conductor", "conductor"), ("postgres", "PostgreSQL")]:
            before = stack.processes[name]
            os.kill(before, signal.SIGKILL)
            await_report(reports, label, "restarted")
            assert stack.processes[name] != before
        state = running_stack_state(settings.data_dir)
        assert state is not None
        assert state.processes == stack.processes

        administration.drop(environment.prefect_database_url(settings))
        await_report(reports, "Datenbank von Prefect", "restarted")
        assert administration.has_table(environment.prefect_database_url(settings), "flow_run")
        assert registrations == ["flows.registration"] * 2
        last = stack.processes
    finally:
        stack.stop()
    assert set(last) == {"postgres", "prefect", "conductor", "api"}
    assert not any(processes.is_alive(pid) for pid in last.values())
    assert running_stack_state(settings.data_dir) is None


def test_stopping_in_the_middle_of_the_start_ends_everything(
    settings: Settings, registrations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_parts, "conductor", lambda s: stand_in("conductor", s, lambda: False))
    reports: Reports = queue.Queue()
    stack = Stack(settings, report=lambda what, state: reports.put((what, state)))
    stack.start()
    await_report(reports, "conductor", "starting")
    stack.stop()
    assert stack.processes == {}
    await_report(reports, "PostgreSQL", "stopped")


def test_a_part_that_dies_at_once_is_named_with_its_log(
    settings: Settings, registrations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(settings: Settings) -> Part:
        part = stand_in("api", settings, lambda: False)
        part.command = [sys.executable, "-c", "raise SystemExit('no')"]
        return part

    monkeypatch.setattr(stack_parts, "api", broken)
    stack = Stack(settings)
    stack.start()
    with pytest.raises(Refusal, match=r"api\.log"):
        stack.wait_ready(60)
    stack.stop()


def test_who_keeps_dying_waits_longer_each_time(settings: Settings) -> None:
    part = stand_in("api", settings, lambda: True)
    part.command = [sys.executable, "-c", "pass"]
    part.start()
    pauses = []
    for _ in range(3):
        assert part.process is not None
        part.process.wait()
        assert not part.restart_when_due()
        pauses.append(part.not_before - time.monotonic())
        part.not_before = 0
        assert part.restart_when_due()
    assert pauses[0] < pauses[1] < pauses[2] < stack_parts.LONGEST_PAUSE
    part.stop()


def test_who_lived_long_is_started_again_at_once(settings: Settings) -> None:
    part = stand_in("api", settings, lambda: True)
    part.start()
    assert part.process is not None
    part.process.kill()
    part.process.wait()
    part.started_at -= stack_parts.STEADY_AFTER + 1
    assert part.restart_when_due()
    part.stop()
