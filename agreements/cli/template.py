"""``vereinbar template``: are these Word files fit to be templates?"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agreements.documents.inspection.findings import Finding

template = typer.Typer(help="Vorlagen der Dokumente.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(template, name="template")


@template.callback()
def group() -> None:
    """Vorlagen der Dokumente."""


@template.command("check")
def check_command(
    files: Annotated[list[str], typer.Argument(help="Word-Dateien (.docx).", metavar="DATEI…")],
    template_id: Annotated[
        str | None,
        typer.Option(
            "--template",
            help="Kennung der Vorlage, etwa agreement: Die Felder werden an ihr gemessen.",
            metavar="ID",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Gibt je Datei ein JSON-Objekt in einer Zeile aus.")
    ] = False,
) -> None:
    """Prüft Vorlagen, bevor sie jemand verwendet: Aufbau, Platzhalter, Probe mit Beispieldaten.

    0 heißt: alle sind annehmbar; 1: mindestens eine ist es nicht; 2: falscher Aufruf, eine Datei
    ist nicht lesbar oder die Prüfung selbst ist gescheitert.
    """
    try:
        outcomes = [_told(*outcome, as_json) for outcome in _outcomes(files, template_id)]
    except typer.Exit:
        raise
    except Exception as problem:
        typer.echo(f"Die Prüfung ist gescheitert: {problem}", err=True)
        raise typer.Exit(2) from problem
    raise typer.Exit(max(outcomes))


def _outcomes(
    files: Sequence[str], template_id: str | None
) -> Iterator[tuple[str, list[Finding], bool]]:
    """Of each file its findings and whether it could be read at all."""
    from agreements.documents.inspection.guarded import Inspector
    from agreements.errors import NotFound

    with Inspector() as inspector:
        for file in files:
            content = _content(file)
            if not isinstance(content, bytes):
                yield file, [content], content.code != "file-unreadable"
                continue
            try:
                yield file, inspector.inspect(content, Path(file).name, template_id), True
            except NotFound as unknown:
                typer.echo(f"Die Angabe --template ist ungültig: {unknown}", err=True)
                raise typer.Exit(2) from None


def _content(file: str) -> bytes | Finding:
    """The file; it is not read if it is no file or larger than any template."""
    from agreements.documents.inspection import limits
    from agreements.documents.inspection.findings import of_package

    try:
        state = Path(file).stat()
        if not stat.S_ISREG(state.st_mode):
            raise IsADirectoryError
        if state.st_size > limits.FILE_BYTES:
            return of_package(
                "file-too-large",
                file,
                f"{state.st_size} Bytes",
                f"Die Datei ist größer als {limits.FILE_BYTES // limits.MEGABYTE} MB. Verkleinern "
                "Sie eingefügte Bilder.",
            )
        return Path(file).read_bytes()
    except (OSError, ValueError):
        return of_package(
            "file-unreadable", file, file, f"Die Datei „{file}“ lässt sich nicht lesen."
        )


def _told(file: str, findings: list[Finding], readable: bool, as_json: bool) -> int:
    """Print what was found; the exit code for this file."""
    from agreements.documents.inspection.findings import accepted

    ok = accepted(findings)
    if as_json:
        _print_json({"file": file, "ok": ok, "findings": _plain(findings)})
    else:
        _print(file, ok, findings)
    if not readable:
        return 2
    return 0 if ok else 1


def _plain(findings: list[Finding]) -> list[dict[str, str]]:
    return [
        {
            "code": finding.code,
            "part": finding.part,
            "place": finding.place,
            "text": finding.text,
            "message": finding.message,
        }
        for finding in findings
    ]


def _print_json(answer: dict[str, object]) -> None:
    line = json.dumps(answer, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # a file's name need not be text
        line = json.dumps(answer)
    typer.echo(line)


def _print(file: str, ok: bool, findings: list[Finding]) -> None:
    typer.echo(f"{file}: {'annehmbar' if ok else 'nicht annehmbar'}")
    fields = [finding.text for finding in findings if finding.code == "field-listed"]
    if fields:
        typer.echo(f"  Felder: {', '.join(fields)}")
    for finding in findings:
        if finding.code != "field-listed":
            where = ", ".join(part for part in (finding.part, finding.place) if part)
            shown = f" [{finding.text}]" if finding.text else ""
            typer.echo(f"  {finding.code} – {where}{shown}\n      {finding.message}")
