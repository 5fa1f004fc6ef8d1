"""``vereinbar up``: the whole stack in one command, until Ctrl-C."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from agreements.cli.console import console

if TYPE_CHECKING:
    from agreements.cli.stack_supervisor import Stack
    from agreements.settings import Settings

_MARKS = {
    "ready": ("[green]✓[/green]", "bereit"),
    "restarted": ("[yellow]↻[/yellow]", "neu gestartet"),
    "stopped": ("[dim]■[/dim]", "beendet"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    sample: Annotated[
        bool, typer.Option(help="Musterkreis und Mustervorgang anlegen, wenn sie fehlen.")
    ] = True,
) -> None:
    """Startet alles Nötige und überwacht es, bis Strg+C gedrückt wird."""
    from agreements.cli.stack_supervisor import Stack
    from agreements.settings import get_settings

    settings = get_settings()
    stopped = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stopped.set()
        stack.request_stop()

    stack = Stack(settings, report=_report)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    stack.start()
    try:
        stack.wait_ready()
        if sample:
            _seed(settings)
        _show(settings, sample=sample)
        stack.wait_stopped()
    finally:
        stack.stop()
    _end(stack, asked=stopped.is_set())


def _report(what: str, state: str) -> None:
    if state == "starting":
        console().print(f"  {what} startet …", style="dim")
        return
    mark, word = _MARKS[state]
    console().print(f"{mark} {what} {word}")


def _end(stack: Stack, *, asked: bool) -> None:
    if stack.failure is not None and not asked:
        raise stack.failure


def _seed(settings: Settings) -> None:
    """The sample case, by the same command that a user would give."""
    from agreements.cli import stack_parts

    _report("Musterdaten", "starting")
    log = stack_parts.log_file(settings, "sample")
    if stack_parts.run_module(settings, "agreements.cli.main", "sample") == 0:
        _report("Musterdaten", "ready")
    else:
        console().print(f"[red]✗[/red] Die Musterdaten fehlen; die Gründe stehen in {log}.")


def _show(settings: Settings, *, sample: bool) -> None:
    from agreements.cli import stack_environment as environment

    api = environment.api_url(settings)
    prefect = environment.prefect_url(settings)
    addresses = Table(title="Adressen", title_justify="left", show_header=False)
    addresses.add_row("Schnittstelle (API)", f"{api}/api/v1")
    addresses.add_row("deren Beschreibung (OpenAPI)", f"{api}/api/v1/openapi.json")
    addresses.add_row("Aufgaben und Nachrichten", f"{api}/aufgaben")
    addresses.add_row("Abläufe (Prefect)", prefect)
    addresses.add_row("Anmeldung bei Prefect", settings.prefect_auth())
    console().print(addresses)
    if sample:
        _show_sign_ins(environment.database_url(settings))
    console().print("Beenden mit Strg+C.")


def _show_sign_ins(database_url: str) -> None:
    from agreements.cli.sample import PASSWORD, sign_ins
    from agreements.database.engine import make_engine, transaction

    table = Table("Anmeldename", "Rolle", "Körperschaft", title="Musterzugänge")
    engine = make_engine(database_url, pool_size=1)
    with transaction(engine) as session:
        for row in sign_ins(session):
            table.add_row(row.username, row.role, row.body)
    engine.dispose()
    console().print(table)
    console().print(f"Kennwort aller Musterzugänge: {PASSWORD}")
