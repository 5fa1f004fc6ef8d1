"""``vereinbar doctor``: is this installation complete, and what is missing?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from agreements.cli.console import console

if TYPE_CHECKING:
    from agreements.cli.doctor_checks import Finding

_MARKS = {"ok": ("ok", "green"), "hint": ("Hinweis", "yellow"), "missing": ("fehlt", "red")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Ergebnis als JSON ausgeben")] = False,
) -> None:
    """Prüft die Installation; endet mit 1, wenn etwas Nötiges fehlt."""
    from agreements.cli.doctor_checks import examine
    from agreements.settings import get_settings

    findings = examine(get_settings())
    if as_json:
        typer.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))
    else:
        _print(findings)
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)


def _print(findings: list[Finding]) -> None:
    for finding in findings:
        word, style = _MARKS[finding.state]
        console().print(f"[{style}]{word:<8}[/{style}] {finding.what}: {finding.detail}")
        if finding.advice:
            console().print(f"{'':<8} → {finding.advice}")
