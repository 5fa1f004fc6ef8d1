"""``vereinbar demo``: the Smart Region case from the first draft to force and application."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from agreements.cli.console import console

if TYPE_CHECKING:
    from agreements.cli.client import Json
    from agreements.cli.demo_play import Player
    from agreements.cli.stack_state import StackState
    from agreements.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    as_json: Annotated[
        bool, typer.Option("--json", help="Das Ergebnis als ein JSON-Objekt ausgeben.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="SCHRITT",
            help="Aufhören, sobald dieser Schritt auf Personen wartet, zum Beispiel signing.",
        ),
    ] = None,
    case: Annotated[
        str | None,
        typer.Option(
            metavar="AKTENZEICHEN", help="Diesen begonnenen Vorgang der Vorführung weiterspielen."
        ),
    ] = None,
) -> None:
    """Spielt „Smart Region Kreis Unna“ über die Schnittstelle, mit den Rollen der Beteiligten.

    Läuft schon ein vereinbar auf dem Datenordner, spielt es dort; sonst startet es eines und
    beendet es wieder. Erfolgreich nur, wenn alle Schritte erledigt sind (oder der Schritt von
    --until erreicht ist).
    """
    from agreements.cli import demo_report
    from agreements.settings import get_settings

    _check_stage(until)
    settings = get_settings()
    with _stack(settings) as state:
        result = _play(settings, state, until, case)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        folder = settings.data_dir / "demo" / result["case"]
        demo_report.show(result, folder, console())
    if until is None and result["state"] != "done":
        raise typer.Exit(1)


def _check_stage(until: str | None) -> None:
    if until is None:
        return
    from agreements.cases import PROCEDURE
    from agreements.procedures.definition import latest

    keys = [stage.key for stage in latest(PROCEDURE).stages]
    if until not in keys:
        raise typer.BadParameter(f"Schritte sind: {', '.join(keys)}.", param_hint="--until")


@contextmanager
def _stack(settings: Settings) -> Iterator[StackState]:
    """The stack that runs on the data folder, or one for the length of the demo."""
    from agreements.cli.sample import running_state
    from agreements.cli.stack_state import running_stack_state
    from agreements.cli.stack_supervisor import running_stack

    state = running_stack_state(settings.data_dir)
    if state is not None:
        yield state
        return
    with running_stack(settings, report=_report):
        yield running_state(settings.data_dir)


def _report(what: str, state: str) -> None:
    word = {"starting": "startet …", "ready": "bereit", "stopped": "beendet"}.get(state, state)
    console(errors=True).print(f"{what}: {word}", style="dim")


def _play(settings: Settings, state: StackState, until: str | None, reference: str | None) -> Json:
    from agreements.cli import demo_report
    from agreements.cli.client import ApiClient
    from agreements.cli.demo_play import Player
    from agreements.cli.sample import PASSWORD, load_region
    from agreements.demo.story import load_story

    load_region(state.database_url)
    with ApiClient(state.api_url, PASSWORD) as api:
        player = Player(api, load_story("smart_region"))
        reference = reference or player.start()
        case = _with_progress(player, reference, until)
        folder = settings.data_dir.absolute() / "demo" / reference
        return demo_report.collect(api, player.lead, case, folder)


def _with_progress(player: Player, reference: str, until: str | None) -> Json:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(errors=True)) as progress:
        player.reference = reference
        bar = progress.add_task(reference, total=player.acts_expected())
        progress.update(bar, completed=player.acts_done())
        player.watch(
            lambda stage, kind, body: progress.update(
                bar, advance=1, description=f"{reference} {player.title_of(stage)}"
            )
        )
        return player.play(reference, until)
