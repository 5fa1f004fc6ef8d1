"""The checks of an installation. Each gives one finding; none changes anything."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Literal

import psycopg

from agreements import clock
from agreements.cli import stack_environment as environment
from agreements.cli import stack_parts
from agreements.cli.console import size
from agreements.cli.stack_state import StackState, running_stack_state
from agreements.cli.stack_supervisor import NEEDED_BYTES
from agreements.database import administration, embedded, schema
from agreements.documents import pdf
from agreements.errors import Refusal
from agreements.mail import probe
from agreements.settings import Settings
from agreements.version import program_version

State = Literal["ok", "hint", "missing"]
FONTS = ("Liberation Sans", "Arial")
TOLERATED_CLOCK_SECONDS = 5
START = "Mit „vereinbar up“ starten."


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw. ``missing`` means: it does not work without."""

    what: str
    state: State
    detail: str
    advice: str = ""

    def as_dict(self) -> dict[str, str]:
        """For ``--json``."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """All checks, in the order in which an operator would mend things."""
    running = running_stack_state(settings.data_dir)
    checks: list[Callable[[], Iterator[Finding]]] = [
        _versions,
        lambda: _folder(settings),
        lambda: _disk(settings),
        lambda: _database(settings, running),
        lambda: _prefect(settings, running),
        lambda: _mail(settings, running),
        _fonts,
        _office,
        _zone,
    ]
    return [finding for check in checks for finding in check()]


def _versions() -> Iterator[Finding]:
    yield Finding("vereinbar", "ok", program_version())
    old = sys.version_info < (3, 11)
    yield Finding(
        "Python", "missing" if old else "ok", platform.python_version(),
        "Python 3.11 oder neuer installieren." if old else "",
    )  # fmt: skip
    try:
        yield Finding("Prefect", "ok", metadata.version("prefect"))
    except metadata.PackageNotFoundError:
        yield Finding("Prefect", "missing", "nicht installiert", "„make setup“ ausführen.")
    try:
        yield Finding(
            "PostgreSQL-Programme", "ok",
            f"{embedded.major_version()} in {embedded.binary_folder()}",
        )  # fmt: skip
    except (Refusal, OSError, subprocess.CalledProcessError) as error:
        yield Finding("PostgreSQL-Programme", "missing", str(error), "„make setup“ ausführen.")


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.exists():
        yield Finding("Datenordner", "hint", f"{folder} ist noch nicht angelegt", START)
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            "Datenordner", "missing", f"{folder} ist nicht beschreibbar",
            "Dem Benutzer, unter dem vereinbar läuft, Schreibrechte geben.",
        )  # fmt: skip
        return
    yield Finding("Datenordner", "ok", str(folder))
    secrets = folder / "secrets.json"
    if secrets.exists() and secrets.stat().st_mode & 0o077:
        yield Finding(
            "Geheimnisse", "hint", f"{secrets} ist für andere lesbar", f"chmod 600 {secrets}"
        )


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    full = free < NEEDED_BYTES
    yield Finding(
        "Speicherplatz", "missing" if full else "ok", f"{size(free)} frei",
        f"Mindestens {size(NEEDED_BYTES)} frei machen." if full else "",
    )  # fmt: skip


def _database(settings: Settings, running: StackState | None) -> Iterator[Finding]:
    if running is None and settings.database_url is None:
        yield Finding("Datenbank", "hint", "die eingebettete Datenbank läuft nicht", START)
        return
    url = running.database_url if running else str(settings.database_url)
    before = clock.now()
    try:
        with administration.connect(url) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version'), clock_timestamp()"
            ).fetchone()
    except psycopg.Error as error:
        yield Finding(
            "Datenbank", "missing", str(error).strip().splitlines()[-1],
            "VEREINBAR_DATABASE_URL und den Datenbankserver prüfen.",
        )  # fmt: skip
        return
    version, instant = row if row else ("", before)
    yield Finding("Datenbank", "ok", f"erreichbar, PostgreSQL {version}")
    yield _clock(before, instant)
    yield _migrations(url)


def _clock(before: datetime, instant: datetime) -> Finding:
    """The database's clock lies between two looks at our own, give or take."""
    own = before + (clock.now() - before) / 2
    difference = abs((instant.astimezone(UTC) - own).total_seconds())
    wrong = difference > TOLERATED_CLOCK_SECONDS
    return Finding(
        "Uhr", "missing" if wrong else "ok",
        f"Datenbank und Programm unterscheiden sich um {difference:.1f} s".replace(".", ","),
        "Die Uhren beider Rechner mit einem Zeitserver (NTP) abgleichen." if wrong else "",
    )  # fmt: skip


def _migrations(url: str) -> Finding:
    current, head = schema.current_revision(url), schema.head_revision()
    if current == head:
        return Finding("Datenbankschema", "ok", f"Stand {current}")
    if schema.is_known(current):
        return Finding("Datenbankschema", "hint", f"Stand {current}, neu ist {head}", START)
    return Finding(
        "Datenbankschema", "missing", f"Stand {current} ist neuer als dieses Programm",
        "Die Programmversion einspielen, die die Datenbank zuletzt benutzt hat.",
    )  # fmt: skip


def _prefect(settings: Settings, running: StackState | None) -> Iterator[Finding]:
    url = running.prefect_url if running else environment.prefect_url(settings)
    if not stack_parts.answers(f"{url}/api/health"):
        state: State = "missing" if running else "hint"
        yield Finding("Prefect-Server", state, f"antwortet nicht unter {url}", START)
        return
    if not stack_parts.answers(f"{url}/api/admin/version", settings.prefect_auth()):
        yield Finding(
            "Prefect-Server", "missing", f"{url} lehnt die Anmeldung ab",
            "VEREINBAR_PREFECT_PASSWORD prüfen.",
        )  # fmt: skip
        return
    yield Finding("Prefect-Server", "ok", f"erreichbar unter {url}")
    yield _pool(settings, url)
    yield _deployments(settings, url)


def _pool(settings: Settings, url: str) -> Finding:
    found = _ask(settings, f"{url}/api/work_pools/{settings.work_pool}", None)
    if not isinstance(found, dict):
        return Finding("Arbeitsbereich", "missing", f"{settings.work_pool} fehlt", START)
    if found.get("status") == "READY":
        return Finding("Arbeitsbereich", "ok", f"{settings.work_pool} ist bereit")
    return Finding(
        "Arbeitsbereich", "hint", f"{settings.work_pool} ist nicht bereit",
        "Läuft die Ablaufsteuerung? Ihr Protokoll ansehen.",
    )  # fmt: skip


def _deployments(settings: Settings, url: str) -> Finding:
    found = _ask(settings, f"{url}/api/deployments/filter", {"limit": 200})
    if not isinstance(found, list) or not found:
        return Finding("Abläufe", "missing", "keine in Prefect eingetragen", START)
    return Finding("Abläufe", "ok", f"{len(found)} in Prefect eingetragen")


def _ask(settings: Settings, url: str, body: dict[str, int] | None) -> object:
    try:
        with stack_parts.request(url, settings.prefect_auth(), body) as response:
            found: object = json.load(response)
    except (OSError, ValueError):
        return None
    return found


def _mail(settings: Settings, running: StackState | None) -> Iterator[Finding]:
    counted = _mail_counts(running.database_url if running else settings.database_url)
    if settings.smtp_address is None:
        yield Finding(
            "E-Mail-Versand", "hint", f"kein Mailserver eingerichtet{counted.said}",
            "VEREINBAR_SMTP_HOST und VEREINBAR_MAIL_FROM setzen; ohne sie stehen die Nachrichten "
            "nur in vereinbar.",
        )  # fmt: skip
        return
    trouble = asyncio.run(probe.reach(settings))
    host, port = settings.smtp_address
    if trouble is not None:
        yield Finding(
            "E-Mail-Versand", "missing", f"{host}:{port}: {trouble}{counted.said}",
            "Die Einstellungen VEREINBAR_SMTP_… und den Mailserver prüfen.",
        )  # fmt: skip
    elif counted.lost:
        yield Finding(
            "E-Mail-Versand", "hint", f"{host}:{port} erreichbar{counted.said}",
            "„vereinbar mail list --state failed“ und „--state bounced“ ansehen.",
        )  # fmt: skip
    elif settings.sender.domain == "localhost":
        yield Finding(
            "E-Mail-Versand", "hint", f"{host}:{port} erreichbar, Absender {settings.mail_from}",
            "VEREINBAR_MAIL_FROM setzen; viele Mailserver lehnen diesen Absender ab.",
        )  # fmt: skip
    else:
        yield Finding("E-Mail-Versand", "ok", f"{host}:{port} erreichbar{counted.said}")


@dataclass(frozen=True, slots=True)
class _Mails:
    """How many mails there are; lost: failed or came back."""

    waiting: int
    lost: int

    @property
    def said(self) -> str:
        parts = [
            f"{self.waiting} warten" if self.waiting else "",
            f"{self.lost} gescheitert" if self.lost else "",
        ]
        return "".join(f", {part}" for part in parts if part)


def _mail_counts(url: str | None) -> _Mails:
    query = (
        "SELECT count(*) FILTER (WHERE state = 'waiting'), "
        "count(*) FILTER (WHERE state IN ('failed', 'bounced')) FROM mails"
    )
    try:
        if url is None:
            return _Mails(0, 0)
        with administration.connect(url) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.Error:
        # What is wrong with the database is said elsewhere.
        return _Mails(0, 0)
    return _Mails(*row) if row else _Mails(0, 0)


def _fonts() -> Iterator[Finding]:
    listed = _output("fc-list", ":", "family")
    if listed is None:
        yield Finding(
            "Schriften", "hint", "fontconfig fehlt", "apt install fontconfig fonts-liberation"
        )
        return
    found = [font for font in FONTS if font in listed]
    yield Finding(
        "Schriften", "ok" if found else "hint", ", ".join(found) or "keine passende gefunden",
        "" if found else "apt install fonts-liberation (sonst stimmen die Seitenumbrüche nicht)",
    )  # fmt: skip


def _office() -> Iterator[Finding]:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        yield Finding(
            "LibreOffice", "hint", "fehlt",
            "apt install libreoffice-writer python3-uno (für PDF; Word-Dokumente gehen ohne)",
        )  # fmt: skip
        return
    lacking = pdf.missing()
    yield Finding("LibreOffice", "ok" if lacking is None else "hint", lacking or program)


def _zone() -> Iterator[Finding]:
    now = clock.now()
    yield Finding("Rechtstag", "ok", f"{clock.today():%d.%m.%Y} (Europe/Berlin, {now:%H:%M} UTC)")


def _output(*command: str) -> str | None:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
