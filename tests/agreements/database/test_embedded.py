"""The embedded server: start, stop, and what survives a crash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from agreements import processes
from agreements.database import embedded
from agreements.database.embedded import SOCKET_PATH_LIMIT, EmbeddedPostgres
from tests.scratch import short_folder
from tests.waiting import until


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    folder = short_folder()
    server = EmbeddedPostgres(folder / "pg")
    yield server
    server.stop()
    shutil.rmtree(folder)


def connect(server: EmbeddedPostgres, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(
        host=str(server.socket_dir), user="postgres", dbname=database, autocommit=True
    )


def setting(server: EmbeddedPostgres, name: str) -> str:
    with connect(server) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_is_durable_private_and_speaks_german(server: EmbeddedPostgres) -> None:
    server.start()
    assert setting(server, "fsync") == "on"
    assert setting(server, "data_checksums") == "on"
    assert setting(server, "listen_addresses") == ""
    assert server.socket_dir.stat().st_mode & 0o077 == 0
    with connect(server) as connection:
        row = connection.execute("SELECT lower('ÄÖÜ'), getdatabaseencoding()").fetchone()
    assert row == ("äöü", "UTF8")


def test_what_was_committed_survives_a_kill(server: EmbeddedPostgres) -> None:
    server.start()
    with connect(server) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('Beschluss')")
    server.kill()
    assert (server.data_dir / "postmaster.pid").exists()
    server.start()
    with connect(server) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("Beschluss",)


def test_a_pid_that_belongs_to_another_process_does_not_block_the_start(
    server: EmbeddedPostgres,
) -> None:
    server.start()
    server.kill()
    pid_file = server.data_dir / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    server.start()
    assert server.is_running()


def test_a_killed_owner_leaves_no_server_behind(server: EmbeddedPostgres) -> None:
    script = (
        "import sys, time; from pathlib import Path;"
        "from agreements.database.embedded import EmbeddedPostgres as E;"
        "s = E(Path(sys.argv[1])); s.start(); print(s.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(server.data_dir)], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        first = int(owner.stdout.readline())
        owner.send_signal(signal.SIGKILL)
    server.start()  # waits until the leftover is gone
    assert server.pid != first
    # It removes its file shortly before it ends.
    until(lambda: not processes.is_alive(first), "the leftover is gone")


def test_a_long_path_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("x" * 100) / "pg")
    assert len(os.fsencode(server.socket_dir / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT
    assert server.socket_dir == EmbeddedPostgres(tmp_path / ("x" * 100) / "pg").socket_dir


def test_installed_binaries_can_be_used_instead(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = server.data_dir.parent / "bin"
    elsewhere.symlink_to(embedded.binary_folder())
    monkeypatch.setenv("VEREINBAR_POSTGRES_BIN", str(elsewhere))
    embedded.binary_folder.cache_clear()
    try:
        assert embedded.program("pg_dump") == elsewhere / "pg_dump"
        server.start()
    finally:
        embedded.binary_folder.cache_clear()
    assert server.is_running()


def test_a_database_is_created_once(server: EmbeddedPostgres) -> None:
    server.start()
    assert server.ensure_database("vereinbar")
    assert not server.ensure_database("vereinbar")
    server.drop_database("vereinbar")
    assert server.ensure_database("vereinbar")
