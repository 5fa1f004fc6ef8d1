"""What the parts of the stack are told: addresses, databases, secrets, Prefect's settings."""

from __future__ import annotations

import hashlib
import os
import platform
from pathlib import Path

from agreements.database.administration import sibling
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import with_driver
from agreements.settings import Settings

_WILDCARDS = {"0.0.0.0", "::", ""}


def embedded_server(settings: Settings) -> EmbeddedPostgres:
    """The embedded server of this installation, started or not."""
    return EmbeddedPostgres(
        settings.data_dir / "postgres", log=settings.data_dir / "logs" / "postgres.log"
    )


def database_url(settings: Settings) -> str:
    """Our database: the one that is set, or the embedded one."""
    return settings.database_url or embedded_server(settings).url("vereinbar")


def prefect_database_url(settings: Settings) -> str:
    """Prefect's database: the one that is set, or ``prefect`` on our server."""
    chosen = settings.prefect_database_url or sibling(database_url(settings), "prefect")
    return with_driver(chosen, "asyncpg")


def conductor_name(settings: Settings) -> str:
    """Stable per installation, so that a restarted conductor takes its own leases back."""
    if settings.conductor_name:
        return settings.conductor_name
    mark = hashlib.sha256(os.fsencode(settings.data_dir.absolute())).hexdigest()[:8]
    return f"{platform.node() or 'conductor'}-{mark}"


def reachable(host: str) -> str:
    """The host under which a local client reaches a server that listens on ``host``."""
    return "127.0.0.1" if host in _WILDCARDS else host


def api_url(settings: Settings) -> str:
    """Where our API answers for a client on this machine."""
    return f"http://{reachable(settings.api_host)}:{settings.api_port}"


def prefect_url(settings: Settings) -> str:
    """Where Prefect's UI answers for a client on this machine."""
    return f"http://{reachable(settings.prefect_host)}:{settings.prefect_port}"


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment of every part of the stack, on top of the caller's own."""
    return {**os.environ, **_ours(settings), **_prefect(settings)}


def _ours(settings: Settings) -> dict[str, str]:
    data_dir = settings.data_dir.absolute()
    values = {
        "DATA_DIR": data_dir,
        "DATABASE_URL": database_url(settings),
        "PREFECT_DATABASE_URL": prefect_database_url(settings),
        "DOCUMENTS_DIR": Path(settings.documents).absolute(),
        "TEMPLATES_DIR": settings.templates_dir.absolute(),
        "API_HOST": settings.api_host,
        "API_PORT": settings.api_port,
        "PREFECT_HOST": settings.prefect_host,
        "PREFECT_PORT": settings.prefect_port,
        "PREFECT_PASSWORD": settings.prefect_auth().partition(":")[2],
        "CONDUCTOR_NAME": conductor_name(settings),
        "SECURE_COOKIES": str(settings.secure_cookies).lower(),
        "STANDSTILL_DAYS": settings.standstill_days,
        "PDF_AHEAD": str(settings.pdf_ahead).lower(),
    }
    return {f"VEREINBAR_{name}": str(value) for name, value in values.items()}


def _prefect(settings: Settings) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(settings.data_dir.absolute() / "prefect"),
        "PREFECT_API_URL": f"{prefect_url(settings)}/api",
        "PREFECT_API_AUTH_STRING": settings.prefect_auth(),
        "PREFECT_SERVER_API_AUTH_STRING": settings.prefect_auth(),
        "PREFECT_SERVER_API_HOST": settings.prefect_host,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": prefect_database_url(settings),
        # Unset, the UI calls 127.0.0.1:4200 whatever its port. This is the address that the
        # browser came by, also from another machine or through a tunnel.
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # It loads every suspended run every 5 s, and nothing of ours expires there.
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
        # It fails with our SQLAlchemy; the conductor makes the scheduled runs (flows/schedule.py).
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
        # Never a server of its own inside a client that does not find ours.
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
    }
