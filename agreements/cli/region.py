"""``vereinbar region``: find Kreise and municipalities in the official directory, set one up."""

from __future__ import annotations

from typing import Annotated

import typer

from agreements.cli.console import plural
from agreements.cli.installation import installation_transaction
from agreements.errors import Refusal
from agreements.regions import directory
from agreements.regions.assemble import region_from_directory

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
        with installation_transaction() as session:
            # Only this command needs the database; the search starts without it.
            from agreements.regions.load import add_region

            report = add_region(session, data)
    except Refusal as refusal:
        typer.echo(refusal.message, err=True)
        raise typer.Exit(1) from refusal
    typer.echo(
        f"{data.name}: {plural(report.added, 'Körperschaft', 'Körperschaften')} angelegt, "
        f"{report.updated} aktualisiert."
    )
    typer.echo(f"Quelle: {data.source}.")
    typer.echo(
        "Angelegt sind die üblichen Gremien. Die Zahl der Stimmberechtigten und die Personen kennt "
        "das Verzeichnis nicht; bitte tragen Sie sie mit „vereinbar committee size“ und "
        "„vereinbar user add“ ein."
    )
