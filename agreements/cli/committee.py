"""``vereinbar committee``: the committees of a body, and how many may vote in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from agreements.cli.installation import installation_transaction
from agreements.model.enums import CommitteeKind, ConsultationRole

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
        f"  {entry.name}{_term(entry)} ({place})",
        *(sizes or ["    Zahl der Stimmberechtigten nicht bekannt"]),
    ]


def _term(entry: Committee) -> str:
    since = f" ab {entry.valid_from:%d.%m.%Y}" if entry.valid_from else ""
    return since + (f" bis {entry.valid_to:%d.%m.%Y}" if entry.valid_to else "")


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


@committee.command("end")
def end_command(
    ags: Ags,
    name: Annotated[str, typer.Argument(help="Name des Gremiums, etwa Rat.", metavar="NAME")],
    last: Annotated[
        date,
        typer.Option("--on", help="Letzter Tag, JJJJ-MM-TT.", parser=_day, metavar="DATE"),
    ],
) -> None:
    """Trägt den letzten Tag eines Gremiums ein, etwa nach einer Wahl."""
    from agreements import bodies

    with installation_transaction() as session:
        ended = bodies.end_committee(
            session, None, ags, bodies.EndCommittee(name=name, valid_to=last)
        )
        line = f"{ended.name} besteht bis zum {last:%d.%m.%Y}."
    typer.echo(line)
    typer.echo("Laufende Vorgänge gehen mit „Beratungsfolge anpassen“ auf die neuen Gremien über.")


@committee.command("add")
def add_command(
    ags: Ags,
    name: Annotated[str, typer.Argument(help="Name des Gremiums, etwa Rat.", metavar="NAME")],
    genitive: Annotated[str, typer.Option(help="Der Name im Genitiv: des Rates.", metavar="TEXT")],
    kind: Annotated[CommitteeKind, typer.Option(help="Art des Gremiums.")],
    role: Annotated[ConsultationRole, typer.Option(help="Was es in der Beratungsfolge tut.")],
    start: Annotated[
        date,
        typer.Option("--from", help="Erster Tag, JJJJ-MM-TT.", parser=_day, metavar="DATE"),
    ],
    members: Annotated[
        int,
        typer.Option(
            help="Wie viele stimmberechtigt sind; Bürgermeister oder Landrat zählt mit, wo er "
            "nach dem Gesetz mitstimmt.",
            parser=_count,
            metavar="N",
        ),
    ],
    source: Annotated[str, typer.Option(help="Woher die Zahl stammt.", metavar="TEXT")],
    position: Annotated[
        int | None,
        typer.Option(
            help="Platz in der Beratungsfolge; ohne Platz durchläuft keine Vorlage es von selbst.",
            parser=_count,
            metavar="N",
        ),
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="Es berät nichtöffentlich.")] = False,
) -> None:
    """Trägt ein Gremium ein; ein früheres gleichen Namens oder Platzes muss beendet sein."""
    from agreements import bodies

    wanted = {
        "name": name,
        "genitive": genitive,
        "kind": kind,
        "position": position,
        "role": role,
        "public": not private,
        "valid_from": start,
        "voting_members": members,
        "source": source,
    }
    try:
        checked = bodies.EnterCommittee.model_validate(wanted)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise typer.BadParameter(f"{where}: {wanted.get(where)!r} geht nicht.") from None
    with installation_transaction() as session:
        made = bodies.enter_committee(session, None, ags, checked)
        lines = _lines(made)
    for line in lines:
        typer.echo(line.strip())
