"""``vereinbar committee``: the committees of a body, and how many may vote in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from agreements.cli.installation import installation_transaction

if TYPE_CHECKING:
    from agreements.model.bodies import Committee, CommitteeSize

committee = typer.Typer(help="Gremien und Zahl ihrer Stimmberechtigten.", no_args_is_help=True)

Ags = Annotated[
    str, typer.Argument(help="Schlüssel der Körperschaft, etwa 05978020.", metavar="AGS")
]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"„{text}“ ist kein Tag; erwartet wird JJJJ-MM-TT, etwa 2025-11-01."
        ) from None


def _count(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"„{text}“ ist keine ganze Zahl.") from None


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(committee, name="committee")


@committee.command("list")
def list_command(ags: Ags) -> None:
    """Nennt die Gremien einer Körperschaft mit der Zahl der Stimmberechtigten."""
    from agreements.queries import bodies as body_queries

    with installation_transaction() as session:
        body = body_queries.body(session, ags)
        lines = [line for entry in body.committees for line in _lines(entry)]
        typer.echo(body.name)
    for line in lines:
        typer.echo(line)


def _lines(entry: Committee) -> list[str]:
    from agreements.glossary import label

    place = "nicht in der Beratungsfolge"
    if entry.position is not None:
        place = f"{entry.position}. in der Beratungsfolge, {label(entry.role)}"
    sizes = [f"    {_size(size)}" for size in entry.sizes]
    return [
        f"  {entry.name} ({place})",
        *(sizes or ["    Zahl der Stimmberechtigten nicht bekannt"]),
    ]


def _size(size: CommitteeSize) -> str:
    until = f" bis {size.valid_to:%d.%m.%Y}" if size.valid_to else ""
    period = f"ab {size.valid_from:%d.%m.%Y}{until}"
    return f"{size.voting_members} Stimmberechtigte {period} (Quelle: {size.source})"


@committee.command("size")
def size_command(
    ags: Ags,
    name: Annotated[str, typer.Argument(help="Name des Gremiums, etwa Rat.", metavar="NAME")],
    number: Annotated[
        int,
        typer.Argument(
            help="Wie viele stimmberechtigt sind; Bürgermeister oder Landrat zählt mit, wo er "
            "nach dem Gesetz mitstimmt.",
            parser=_count,
            metavar="N",
        ),
    ],
    start: Annotated[
        date,
        typer.Option("--from", help="Ab welchem Tag, JJJJ-MM-TT.", parser=_day, metavar="DATE"),
    ],
    source: Annotated[str, typer.Option(help="Woher die Zahl stammt.", metavar="TEXT")],
) -> None:
    """Trägt die Zahl der Stimmberechtigten ein; die vorige endet am Tag davor."""
    from agreements import bodies

    with installation_transaction() as session:
        new, ended = bodies.set_size(session, ags, name, bodies.NewSize(number, start, source))
        lines = [f"{name}: {_size(new)}."]
        if ended is not None:
            lines.append(f"Zuvor: {_size(ended)}.")
    for line in lines:
        typer.echo(line)
