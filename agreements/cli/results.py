"""``vereinbar results``: what a council's words say was decided."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from agreements.cli.console import plural
from agreements.errors import Refusal
from agreements.results import ReadOutcome, ReadResult, ResultRole, read_result

results = typer.Typer(help="Ergebnisse der Gremien.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(results, name="results")


@results.callback()
def group() -> None:
    """Ergebnisse der Gremien."""


@results.command("read")
def read_command(
    file: Annotated[
        str, typer.Argument(help="Datei mit einem Text je Zeile; - liest die Eingabe.")
    ],
    role: Annotated[
        ResultRole,
        typer.Option("--role", help="Aufgabe des Gremiums: Entscheidung, Empfehlung, unbekannt."),
    ] = ResultRole.DECISION,
    as_json: Annotated[
        bool, typer.Option("--json", help="Gibt je Zeile ein JSON-Objekt aus.")
    ] = False,
) -> None:
    """Liest Ergebnistexte als Vorschläge: Ergebnis, Stimmen, Einstimmigkeit.

    Jede Zeile ist ein Text, auch eine leere. Was sich nicht sicher lesen lässt, heißt „unklar“.
    """
    try:
        lines = _lines(file)
    except Refusal as refusal:
        typer.echo(refusal.message, err=True)
        raise typer.Exit(1) from refusal
    found = [read_result(line, role) for line in lines]
    if as_json:
        for reading in found:
            typer.echo(json.dumps(asdict(reading), ensure_ascii=False))
        return
    from agreements.glossary import label  # imports the whole model: JSON is quicker without it

    for reading in found:
        typer.echo(_sentence(reading, label(reading.outcome)))
    unclear = sum(reading.outcome is ReadOutcome.UNCLEAR for reading in found)
    typer.echo(f"{plural(len(found), 'Text', 'Texte')} gelesen, davon {unclear} unklar.")


def _lines(file: str) -> list[str]:
    """The lines without their ends; only LF and CR LF end a line."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Refusal(
            "file-unreadable", f"Die Datei „{file}“ lässt sich nicht lesen.", "file"
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            "not-utf-8",
            f"„{file}“ ist kein Text in UTF-8; bitte speichern Sie die Datei in dieser Kodierung.",
            "file",
        ) from error
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _sentence(reading: ReadResult, outcome: str) -> str:
    """One reading as a line for people."""
    doubt = "" if reading.certain or reading.outcome is ReadOutcome.UNCLEAR else " (bitte prüfen)"
    counts = [
        f"{number} {name}"
        for number, name in (
            (reading.yes, "Ja"),
            (reading.no, "Nein"),
            (reading.abstained, "Enthaltung"),
        )
        if number is not None
    ]
    how = {True: "einstimmig", False: "nicht einstimmig", None: ""}[reading.unanimous]
    details = "; ".join(part for part in (how, ", ".join(counts)) if part)
    return f"{outcome + doubt:<44}{details:<44}{reading.text.strip()}".rstrip()
