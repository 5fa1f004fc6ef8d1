"""``vereinbar region``: find Kreise and municipalities in the official directory, set one up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from agreements.cli.console import plural
from agreements.errors import Refusal
from agreements.regions import directory
from agreements.regions.assemble import region_from_directory
from agreements.settings import get_settings

_SHOWN = 40

region = typer.Typer(help="Kreise und Gemeinden.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(region, name="region")


@region.command("search")
def search_command(
    name: Annotated[str, typer.Argument(help="Name oder Teil des Namens.", metavar="NAME")],
) -> None:
    """Sucht Kreise und Gemeinden nach ihrem Namen und nennt ihre Schlüssel."""
    try:
        hits = directory.search(name)
        if not hits:
            raise Refusal(
                "nothing-found", f"Im Gemeindeverzeichnis gibt es nichts zu „{name}“.", "name"
            )
    except Refusal as refusal:
        typer.echo(refusal.message, err=True)
        raise typer.Exit(1) from refusal
    for hit in hits[:_SHOWN]:
        typer.echo(f"{hit.ags:<8}  {hit.official_name} ({hit.kind}), {hit.kreis}")
    if len(hits) > _SHOWN:
        typer.echo(f"… und {len(hits) - _SHOWN} weitere; bitte genauer suchen.")


@region.command("add")
def add_command(
    ags: Annotated[str, typer.Argument(help="Kreisschlüssel, zum Beispiel 05978.", metavar="AGS")],
) -> None:
    """Richtet einen Kreis mit seinen Gemeinden ein; vorhandene werden aktualisiert."""
    try:
        data = region_from_directory(ags)
        with _database() as url:
            # Only this command needs the database; the search starts without it.
            from agreements.database.engine import make_engine, transaction
            from agreements.regions.load import add_region

            engine = make_engine(url)
            try:
                with transaction(engine) as session:
                    report = add_region(session, data)
            finally:
                engine.dispose()
    except Refusal as refusal:
        typer.echo(refusal.message, err=True)
        raise typer.Exit(1) from refusal
    typer.echo(
        f"{data.name}: {plural(report.added, 'Körperschaft', 'Körperschaften')} angelegt, "
        f"{report.updated} aktualisiert."
    )
    typer.echo(f"Quelle: {data.source}.")
    typer.echo(
        "Die Zahl der Stimmberechtigten, die Ausschüsse der Beratungsfolge und die Personen "
        "kennt das Verzeichnis nicht; bitte tragen Sie sie ein."
    )


@contextmanager
def _database() -> Iterator[str]:
    """The migrated database: the one that is set, the running stack's, or the embedded one."""
    from agreements.cli.stack_environment import embedded_server
    from agreements.cli.stack_state import exclusive, running_stack_state
    from agreements.database import schema

    settings = get_settings()
    running = running_stack_state(settings.data_dir)
    url = settings.database_url or (running.database_url if running else None)
    if url is not None:
        schema.upgrade(url)
        yield url
        return
    with exclusive(settings.data_dir), embedded_server(settings) as server:
        server.ensure_database("vereinbar")
        schema.upgrade(server.url("vereinbar"))
        yield server.url("vereinbar")
