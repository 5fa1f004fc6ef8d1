"""``vereinbar deadline``: when a period ends, and why."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Annotated, NoReturn

import typer

from agreements import clock
from agreements.errors import Refusal
from agreements.law.deadlines import (
    LANDS,
    Deadline,
    Kind,
    Period,
    Reckoning,
    german_day,
    hours_after,
    known_land,
    parse_period,
    reckon,
)

_PERIODS = "30d, 4w, 1m, 1q, 1y, 10wt (Werktage), 10at (Arbeitstage), 48h (Stunden)"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("deadline")(deadline_command)


def deadline_command(
    start: Annotated[
        str,
        typer.Option(
            help="Tag des Ereignisses, JJJJ-MM-TT; bei Stunden auch die Uhrzeit.", metavar="DATE"
        ),
    ],
    land: Annotated[str, typer.Option(help=f"Land: {', '.join(LANDS)}.", metavar="LAND")],
    period: Annotated[
        str | None,
        typer.Option(help=f"Länge: {_PERIODS}; halbe auch 1.5m.", metavar="PERIOD"),
    ] = None,
    backward: Annotated[
        bool,
        typer.Option(
            "--backward",
            help="Zurückrechnen: der letzte Tag vor einer vollen Frist, etwa für eine Einladung.",
        ),
    ] = False,
    counts_start_day: Annotated[
        bool,
        typer.Option("--counts-start-day", help="Der Starttag zählt mit (§ 187 Abs. 2 BGB)."),
    ] = False,
    kind: Annotated[
        Kind,
        typer.Option(
            help="period: Frist, das Ende verschiebt sich auf den nächsten Werktag; performance: "
            "Leistungszeitraum (§ 31 Abs. 4 VwVfG) und fixed: Termin (§ 31 Abs. 5 VwVfG) bleiben."
        ),
    ] = Kind.PERIOD,
    as_json: Annotated[bool, typer.Option("--json", help="Ein JSON-Objekt ausgeben.")] = False,
) -> None:
    """Berechnet das Ende einer Frist und leitet es her."""
    try:
        code = known_land(land)
        if period is not None and re.fullmatch(r"\d+h", period.strip().lower(), re.ASCII):
            answer = _hours(start, period, code, backward or counts_start_day, kind)
        else:
            answer = _days(start, _length(period, kind), code, backward, counts_start_day, kind)
    except Refusal as refusal:
        _wrong_call(refusal.message)
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else _as_text(answer))


def _days(
    start: str,
    length: Period | None,
    land: str,
    backward: bool,
    counts_start_day: bool,
    kind: Kind,
) -> dict[str, str | bool | None]:
    if length is None and (backward or counts_start_day):
        _wrong_call("--backward und --counts-start-day brauchen eine Länge: --period, etwa 4w.")
    wanted = Reckoning(_day(start), length, kind, counts_start_day, backward)
    found: Deadline = reckon(wanted, land)
    return {
        "start": found.event_on.isoformat(),
        "period": length.short if length is not None else None,
        "kind": kind.value,
        "land": land,
        "backward": backward,
        "counts_start_day": counts_start_day,
        "nominal_end": found.nominal_end.isoformat(),
        "end": found.end.isoformat(),
        "derivation": found.derivation,
    }


def _hours(
    start: str, period: str, land: str, directed: bool, kind: Kind
) -> dict[str, str | bool | None]:
    if directed or kind is not Kind.PERIOD:
        _wrong_call(
            "Eine Frist nach Stunden läuft vorwärts von Zeitpunkt zu Zeitpunkt; --backward, "
            "--counts-start-day und --kind gelten für sie nicht."
        )
    begin = _moment(start)
    try:
        end, derivation = hours_after(begin, int(period.strip()[:-1]), land)
    except (ValueError, OverflowError):
        _wrong_call(f"--period: „{period}“ ist keine Zahl von Stunden, mit der sich rechnen lässt.")
    return {
        "start": begin.isoformat(),
        "period": period.strip().lower(),
        "kind": kind.value,
        "land": land,
        "backward": False,
        "counts_start_day": False,
        "nominal_end": end.isoformat(),
        "end": end.isoformat(),
        "derivation": derivation,
    }


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        _wrong_call(f"--start: „{text}“ ist kein Tag; erwartet wird JJJJ-MM-TT, etwa 2026-11-27.")


def _moment(text: str) -> datetime:
    """A moment; without an offset it is meant in German time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or "T" not in text.upper().replace(" ", "T"):
        _wrong_call(
            f"--start: „{text}“ ist kein Zeitpunkt; eine Frist nach Stunden braucht Tag und "
            "Uhrzeit, etwa 2026-11-27T14:00."
        )
    return found if found.tzinfo else _in_german_time(text, found)


def _in_german_time(text: str, naive: datetime) -> datetime:
    """The moment of a German clock; refuses what it skips, and what it shows twice."""
    meant = naive.replace(tzinfo=clock.BERLIN)
    if meant.astimezone(UTC).astimezone(clock.BERLIN).replace(tzinfo=None) != naive:
        _wrong_call(
            f"--start: „{text}“ gibt es nicht; in dieser Nacht wird die Uhr um eine Stunde "
            "vorgestellt."
        )
    if meant.utcoffset() != meant.replace(fold=1).utcoffset():
        _wrong_call(
            f"--start: „{text}“ gibt es in dieser Nacht zweimal. Bitte „+02:00“ (Sommerzeit) oder "
            "„+01:00“ (Winterzeit) anfügen."
        )
    return meant


def _length(text: str | None, kind: Kind) -> Period | None:
    if text is None:
        if kind is Kind.FIXED:
            return None
        _wrong_call(f"Es fehlt die Angabe --period: {_PERIODS}.")
    try:
        return parse_period(text)
    except ValueError:
        _wrong_call(f"--period: „{text}“ ist keine Länge einer Frist; erwartet wird {_PERIODS}.")


def _wrong_call(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _as_text(answer: dict[str, str | bool | None]) -> str:
    end = str(answer["end"])
    day = german_day(date.fromisoformat(end[:10]))
    return f"Ende: {end} ({day})\nHerleitung: {answer['derivation']}"
