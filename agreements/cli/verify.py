"""``vereinbar verify`` and ``vereinbar checkpoint``: are the journals as they were written?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from agreements.cli.console import plural
from agreements.cli.installation import installation_transaction
from agreements.errors import NotFound

if TYPE_CHECKING:
    from agreements.model.records import Checkpoint
    from agreements.verification import Report


def _digest(text: str) -> str:
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise typer.BadParameter(
            f"„{text}“ ist keine Prüfsumme eines Prüfpunktes: erwartet werden 64 Zeichen aus 0–9 "
            "und a–f, wie „vereinbar checkpoint“ sie ausgibt."
        )
    return text


def register(app: typer.Typer) -> None:
    """Add both commands to the command line."""
    app.command("verify")(verify_command)
    app.command("checkpoint")(checkpoint_command)


def verify_command(
    references: Annotated[
        list[str] | None,
        typer.Argument(
            help="Aktenzeichen der Vorgänge; ohne Angabe alle.",
            metavar="[AKTENZEICHEN …]",
            show_default=False,
        ),
    ] = None,
    checkpoint: Annotated[
        list[str] | None,
        typer.Option(
            help="Prüfsumme eines Prüfpunktes, die außerhalb aufbewahrt wurde: Es muss ihn noch "
            "geben. Mehrfach möglich.",
            parser=_digest,
            metavar="PRÜFSUMME",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON ausgeben.")] = False,
) -> None:
    """Prüft die Verlaufsakten auf nachträgliche Änderungen; 1 heißt: etwas passt nicht."""
    with installation_transaction() as session:
        from agreements import verification

        # People may work meanwhile: every query sees the same moment.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        try:
            report = verification.verify(session, references or (), known=checkpoint or ())
        except NotFound as unknown:
            raise typer.BadParameter(
                f"{unknown} „vereinbar verify“ ohne Angabe prüft alle Vorgänge."
            ) from None
    if as_json:
        content = {"intact": report.intact, **asdict(report)}
        typer.echo(json.dumps(content, ensure_ascii=False))
    else:
        _print(report)
    if not report.intact:
        raise typer.Exit(1)


def _print(report: Report) -> None:
    looked_at = ", ".join(
        (
            plural(report.cases, "Vorgang", "Vorgänge"),
            plural(report.entries, "Eintrag", "Einträge"),
            plural(report.checkpoints, "Prüfpunkt", "Prüfpunkte"),
        )
    )
    if report.intact:
        typer.echo(f"Alle Verlaufsakten sind unverändert: {looked_at}.")
        return
    for found in report.findings:
        typer.echo(f"{found.reference or 'Prüfpunkte'}: {found.sentence}")
    many = plural(len(report.findings), "Abweichung", "Abweichungen")
    typer.echo(f"{many}; geprüft: {looked_at}.")


def checkpoint_command(
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Den ganzen Prüfpunkt als JSON ausgeben, zum Aufbewahren."),
    ] = False,
) -> None:
    """Hält den Stand aller Verlaufsakten fest und nennt die Prüfsumme zum Aufbewahren."""
    with installation_transaction() as session:
        from agreements import checkpoints

        taken = checkpoints.take(session)
        stands = taken or checkpoints.latest(session)
        content = {"new": taken is not None, **checkpoints.document(stands)} if stands else None
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False))
    elif stands is None:
        typer.echo("Es gibt noch keinen Vorgang, dessen Stand festzuhalten wäre.")
    else:
        _print_checkpoint(stands, new=taken is not None)


def _print_checkpoint(checkpoint: Checkpoint, *, new: bool) -> None:
    from agreements import clock

    at = f"{checkpoint.taken_at.astimezone(clock.BERLIN):%d.%m.%Y, %H:%M} Uhr"
    if new:
        cases = plural(checkpoint.cases, "Vorgang", "Vorgänge")
        typer.echo(f"Prüfpunkt {checkpoint.number} vom {at} über {cases}. Prüfsumme:")
    else:
        typer.echo(
            f"Seit Prüfpunkt {checkpoint.number} vom {at} hat sich nichts geändert. Prüfsumme:"
        )
    typer.echo(checkpoint.hash)
    typer.echo(
        "Bewahren Sie sie außerhalb dieser Installation auf; „vereinbar verify --checkpoint …“ "
        "prüft später dagegen."
    )
