"""``vereinbar funding``: what a programme grants."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, NoReturn

import typer

from agreements.errors import Refusal
from agreements.funding.money import AmbiguousAmount, NotAnAmount, euro, fixed, parse_amount
from agreements.funding.rules import Guideline, Quote, guideline, quote

funding = typer.Typer(help="Förderprogramme.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(funding, name="funding")


@funding.callback()
def _group() -> None:
    """Förderprogramme."""


@funding.command("quote")
def quote_command(
    programme: Annotated[str, typer.Option(help="Förderprogramm, zum Beispiel ikz-nrw.")],
    on: Annotated[str, typer.Option(help="Tag des Antrags, JJJJ-MM-TT.", metavar="DATE")],
    parties: Annotated[str, typer.Option(help="Zahl der Beteiligten.", metavar="N")],
    eligible: Annotated[
        str, typer.Option(help="Zuwendungsfähige Ausgaben in Euro, etwa 560000.00.", metavar="EUR")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Ein JSON-Objekt ausgeben.")] = False,
) -> None:
    """Berechnet Zuwendung und Eigenanteil nach der am Tag geltenden Richtlinie."""
    day, number = _day(on), _count(parties)
    try:
        amount = _amount(eligible)
        rule = guideline(programme, day)
        result = quote(rule, number, amount, day)
    except Refusal as refusal:
        typer.echo(refusal.message, err=True)
        raise typer.Exit(1) from refusal
    typer.echo(_as_json(result) if as_json else _as_text(rule, result, amount))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _wrong_call(f"--on: „{text}“ ist kein Tag; erwartet wird JJJJ-MM-TT, etwa 2022-06-30.")


def _count(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        _wrong_call(f"--parties: „{text}“ ist keine ganze Zahl.")


def _amount(text: str) -> Decimal:
    try:
        return parse_amount(text)
    except AmbiguousAmount as error:
        raise Refusal(
            "ambiguous-amount",
            f"Der Betrag „{text}“ ist nicht eindeutig; bitte schreiben Sie ihn ohne "
            "Tausendertrennung und mit höchstens zwei Nachkommastellen, etwa 560000.00.",
            "eligible",
            "560000, 560000.00, 560.000,00",
        ) from error
    except NotAnAmount:
        _wrong_call(f"--eligible: „{text}“ ist kein Betrag; erwartet wird etwa 560000.00.")


def _wrong_call(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _as_json(result: Quote) -> str:
    return json.dumps(
        {
            "grant": fixed(result.grant),
            "own_contribution": fixed(result.own_contribution),
            "ceiling": fixed(result.ceiling),
            "reasons": list(result.reasons),
        },
        ensure_ascii=False,
        indent=2,
    )


def _as_text(rule: Guideline, result: Quote, eligible: Decimal) -> str:
    rows = (
        ("Zuwendungsfähige Ausgaben", eligible),
        ("Zuwendung", result.grant),
        ("Eigenanteil", result.own_contribution),
        ("Höchstbetrag nach Fördersatz", result.ceiling),
    )
    lines = [rule.short_title, ""]
    lines += [f"{label:<30}{euro(value):>24}" for label, value in rows]
    return "\n".join([*lines, "", *(f"- {reason}" for reason in result.reasons)])
