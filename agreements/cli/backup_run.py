"""Take a backup and bring one back: our database and the documents that it refers to.

Prefect's database is not part of it; it is rebuilt from ours.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from agreements import automation, clock
from agreements.cli import backup_archive as archive
from agreements.cli import stack_environment as environment
from agreements.cli.backup_archive import Entry, Manifest
from agreements.cli.stack_state import exclusive, running_stack_state
from agreements.database import administration, embedded, schema
from agreements.database.engine import make_engine, transaction
from agreements.errors import Conflict, Refusal
from agreements.settings import Settings
from agreements.version import program_version


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished backup, and what an operator should look at."""

    path: Path
    size: int
    manifest: Manifest
    missing: list[str]
    altered: list[str]


def take(settings: Settings, target: Path) -> Taken:
    """Write a verified backup to ``target``; the file appears only when it is complete."""
    target = target.absolute()
    if not target.parent.is_dir():
        raise Refusal("folder-missing", f"Den Ordner {target.parent} gibt es nicht.", "file")
    with _database(settings) as url, _workspace(target.parent) as workspace:
        if not administration.exists(url) or schema.current_revision(url) is None:
            raise Refusal("nothing-to-back-up", "Hier gibt es noch keine Daten zu sichern.")
        schema.refuse_newer(url)
        dump = workspace / archive.DUMP
        # First the database, then the files: they are written before the row that names
        # them and never change, so nothing that the dump refers to can be missing.
        _dump(url, dump)
        files = {archive.DUMP: dump, **_documents(settings.documents)}
        entries = tuple(archive.describe(name, path) for name, path in files.items())
        manifest = Manifest(
            format=archive.FORMAT,
            version=program_version(),
            revision=schema.current_revision(url),
            postgres=_server_version(url),
            created_at=clock.now().isoformat(timespec="seconds"),
            entries=entries,
        )
        partial = workspace / "backup"
        archive.write(partial, manifest, files)
        archive.verify(partial)
        missing, altered = _compare(url, manifest.documents)
        _persist(partial, target)
    return Taken(target, target.stat().st_size, manifest, missing, altered)


def bring_back(settings: Settings, source: Path, *, replace: bool = False) -> Manifest:
    """Restore a backup. Everything is verified and prepared before anything is replaced."""
    data_dir = settings.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(exclusive(data_dir))
        workspace = stack.enter_context(_workspace(data_dir))
        manifest = archive.verify(source, into=workspace)
        _refuse_unknown(manifest)
        url = stack.enter_context(_started(settings))
        _refuse_target(url, replace=replace)
        fresh = administration.sibling(url, f"restored_{os.getpid()}")
        administration.drop(fresh)
        stack.callback(administration.drop, fresh)
        administration.ensure(fresh)
        _load(fresh, workspace / archive.DUMP)
        schema.upgrade(fresh)
        _forget_runs(fresh)
        for entry in manifest.documents:
            target = settings.documents / entry.name.removeprefix("documents/")
            target.parent.mkdir(parents=True, exist_ok=True)
            _persist(workspace / entry.name, target)
        # Its runs belong to the state that is being replaced; it is rebuilt at the start.
        administration.drop(environment.prefect_database_url(settings))
        _swap(fresh, url)
    return manifest


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The URL of our database, whether the stack runs or not."""
    state = running_stack_state(settings.data_dir)
    if state is not None:
        yield state.database_url
        return
    if settings.database_url is not None:
        yield settings.database_url
        return
    if not (settings.data_dir / "postgres" / "PG_VERSION").exists():
        raise Refusal(
            "nothing-to-back-up", f"In {settings.data_dir} gibt es noch keine Daten zu sichern."
        )
    with exclusive(settings.data_dir), _started(settings) as url:
        yield url


@contextmanager
def _started(settings: Settings) -> Iterator[str]:
    """Our database for a stopped installation; the lock is already held."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    with environment.embedded_server(settings) as server:
        yield server.url("vereinbar")


@contextmanager
def _workspace(parent: Path) -> Iterator[Path]:
    """A private folder on the same volume, so that a rename makes the result visible at once."""
    folder = Path(tempfile.mkdtemp(prefix=".vereinbar-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _documents(folder: Path) -> dict[str, Path]:
    found = {
        f"documents/{path.parent.name}/{path.name}": path for path in sorted(folder.glob("??/*"))
    }
    return {name: path for name, path in found.items() if archive.DOCUMENT.fullmatch(name)}


def _compare(url: str, documents: list[Entry]) -> tuple[list[str], list[str]]:
    """The hashes that the database names without a file, and files that are not their hash."""
    with administration.connect(url) as connection:
        rows = connection.execute("SELECT content_hash FROM documents").fetchall()
        # A backup of an earlier version has no attachments.
        if connection.execute("SELECT to_regclass('task_attachments')").fetchone() != (None,):
            rows += connection.execute("SELECT content_hash FROM task_attachments").fetchall()
    named = {entry.name.removeprefix("documents/").replace("/", ""): entry for entry in documents}
    missing = sorted({row[0] for row in rows} - named.keys())
    return missing, sorted(name for name, entry in named.items() if entry.sha256 != name)


def _dump(url: str, target: Path) -> None:
    finished = _run(url, "pg_dump", "--format=custom", "--no-owner", f"--file={target}")
    if finished.returncode != 0:
        raise Refusal(
            "dump-failed",
            f"Die Datenbank lässt sich nicht sichern: {finished.stderr.strip()}",
        )


def _load(url: str, dump: Path) -> None:
    finished = _run(
        url, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(dump)
    )
    if finished.returncode != 0:
        raise Refusal(
            "restore-failed",
            f"Die Sicherung lässt sich nicht einspielen: {finished.stderr.strip()}",
        )


def _run(url: str, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    parsed = make_url(url)
    # The password goes through the environment: arguments are visible to everybody.
    secret = {"PGPASSWORD": str(parsed.password)} if parsed.password else {}
    target = parsed.set(drivername="postgresql", password=None).render_as_string()
    return subprocess.run(
        [embedded.program(program), f"--dbname={target}", *arguments],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )


def _server_version(url: str) -> str:
    with administration.connect(url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]) if row else ""


def _refuse_unknown(manifest: Manifest) -> None:
    if manifest.format == archive.FORMAT and schema.is_known(manifest.revision):
        return
    raise Conflict(
        "backup-newer",
        f"Die Sicherung stammt von vereinbar {manifest.version} und ist neuer als dieses "
        f"Programm (Version {program_version()}). Bitte jene Version einspielen und damit "
        "wiederherstellen.",
    )


def _refuse_target(url: str, *, replace: bool) -> None:
    if not administration.exists(url):
        return
    with administration.connect(url) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name LIKE 'vereinbar%' AND pid <> pg_backend_pid()"
        ).fetchone()
    if others and others[0]:
        raise Conflict(
            "stack-running",
            "Ein anderes vereinbar arbeitet gerade auf dieser Datenbank. Bitte zuerst beenden.",
        )
    if schema.current_revision(url) is not None and not replace:
        raise Conflict(
            "target-not-empty",
            "Am Ziel liegen schon Daten. Mit --replace werden sie durch die Sicherung ersetzt; "
            "mit --data-dir kommt sie in einen anderen Ordner.",
        )


def _forget_runs(url: str) -> None:
    engine = make_engine(url, pool_size=1)
    with transaction(engine) as session:
        automation.forget_runs(session)
    engine.dispose()


def _swap(fresh: str, url: str) -> None:
    """Put the restored database in the place of the old one, in one transaction."""
    name, new = administration.database_name(url), administration.database_name(fresh)
    old = f"{name}_before_{os.getpid()}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    had_one = administration.exists(url)
    try:
        with administration.connect(administration.sibling(url, "postgres")) as connection:  # noqa: SIM117
            with connection.transaction():
                if had_one:
                    connection.execute(rename.format(sql.Identifier(name), sql.Identifier(old)))
                connection.execute(rename.format(sql.Identifier(new), sql.Identifier(name)))
    except psycopg.errors.ObjectInUse as error:
        raise Conflict(
            "stack-running",
            "Jemand ist noch mit der Datenbank verbunden. Bitte alle Verbindungen beenden und "
            "die Wiederherstellung noch einmal starten.",
        ) from error
    administration.drop(administration.sibling(url, old))


def _persist(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
