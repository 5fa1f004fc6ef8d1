"""``vereinbar user``: accounts of people, their duties and their passwords."""

from __future__ import annotations

import getpass
import json
import sys
import warnings
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from agreements.cli.console import plural
from agreements.cli.installation import installation_transaction
from agreements.errors import Refusal
from agreements.model.enums import Role

if TYPE_CHECKING:
    from agreements.accounts import Account, AccountDuty

user = typer.Typer(help="Konten der Personen.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Wish:
    """``--duty``: a role, and the AGS of its body."""

    role: Role
    ags: str | None


def _wish(text: str) -> Wish:
    role, colon, ags = text.partition(":")
    if role not in set(Role) or bool(ags) != bool(colon) or (role == Role.ADMIN) == bool(colon):
        others = ", ".join(f"{known}:AGS" for known in Role if known is not Role.ADMIN)
        raise typer.BadParameter(f"„{text}“; erwartet wird {others} oder {Role.ADMIN}.")
    return Wish(Role(role), ags or None)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"„{text}“ ist kein Tag; erwartet wird JJJJ-MM-TT, etwa 2025-11-01."
        ) from None


Username = Annotated[str, typer.Argument(help="Benutzername.", metavar="USERNAME")]


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(user, name="user")


@user.command("add")
def add_command(
    username: Username,
    name: Annotated[str, typer.Option(help="Vor- und Nachname.")],
    duty: Annotated[
        list[Wish],
        typer.Option(
            help="Rolle und Körperschaft; mehrfach möglich. Rollen: legal (Rechtsamt), clerk "
            "(Sachbearbeitung), signatory (Zeichnungsberechtigte), treasurer (Kämmerei), "
            "supervisor (Leitung: verteilt die Aufgaben), "
            "authority (untere staatliche Verwaltungsbehörde, nie zusammen mit den vorigen), "
            "admin (Administration der Anlage, ohne AGS).",
            parser=_wish,
            metavar="ROLE:AGS",
        ),
    ],
    function: Annotated[str | None, typer.Option(help="Amtsbezeichnung.")] = None,
    email: Annotated[str | None, typer.Option(help="E-Mail-Adresse.")] = None,
) -> None:
    """Legt ein Konto an; danach bekommt es mit „user password“ sein Kennwort."""
    from agreements import accounts

    duties = [(wish.role, wish.ags) for wish in duty]
    wanted = accounts.NewAccount(username, name, duties, function, email)
    with installation_transaction() as session:
        accounts.add(session, wanted)
        public = accounts.has_sample_accounts(session)
    typer.echo(
        f"Konto „{username}“ angelegt. Ein Kennwort bekommt es mit "
        f"„vereinbar user password {username}“."
    )
    if public:
        typer.echo(
            "Achtung: Auf dieser Anlage gibt es Musterzugänge, deren Kennwort allgemein bekannt "
            "ist; bitte legen Sie sie vor dem Betrieb still.",
            err=True,
        )


@user.command("password")
def password_command(
    username: Username,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Das Kennwort von der Standardeingabe lesen.")
    ] = False,
) -> None:
    """Setzt das Kennwort (mindestens 12 Zeichen) und beendet alle Anmeldungen des Kontos."""
    from agreements import accounts

    password = _read_password() if stdin else _ask_password()
    # Before the database: a stopped one would be started in vain.
    accounts.check_password(password)
    with installation_transaction() as session:
        accounts.set_password(session, username, password)
    typer.echo(
        f"Kennwort von „{username}“ gesetzt; bisherige Anmeldungen und Zugangsschlüssel gelten "
        "nicht mehr."
    )


def _read_password() -> str:
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(
            "password-not-utf8", "Das Kennwort auf der Standardeingabe ist nicht UTF-8."
        ) from error
    return text.removesuffix("\n").removesuffix("\r")


def _ask_password() -> str:
    try:
        with warnings.catch_warnings():
            # It would show what is typed.
            warnings.simplefilter("error", getpass.GetPassWarning)
            first = getpass.getpass("Neues Kennwort: ")
            second = getpass.getpass("Noch einmal: ")
    except getpass.GetPassWarning as warning:
        raise Refusal(
            "no-terminal",
            "Ohne Terminal lässt sich das Kennwort nicht verdeckt eingeben; bitte mit --stdin "
            "übergeben.",
        ) from warning
    if first != second:
        raise Refusal("passwords-differ", "Die beiden Eingaben stimmen nicht überein.")
    return first


@user.command("deactivate")
def deactivate_command(username: Username) -> None:
    """Legt ein Konto still, beendet seine Anmeldungen und gibt übernommene Aufgaben zurück."""
    from agreements import accounts

    with installation_transaction() as session:
        released = accounts.deactivate(session, username)
    typer.echo(
        f"Konto „{username}“ stillgelegt; Anmeldungen und Zugangsschlüssel gelten nicht mehr."
    )
    if released:
        typer.echo(
            f"{plural(released, 'übernommene Aufgabe', 'übernommene Aufgaben')} zurückgegeben. "
            "Sollen die Aufgaben einer Person an eine bestimmte andere gehen, übergibt sie vorher "
            "„vereinbar user handover“."
        )


@user.command("handover")
def handover_command(
    leaving: Annotated[
        list[str], typer.Argument(help="Wer abgibt; mehrere möglich.", metavar="USERNAME…")
    ],
    body: Annotated[str, typer.Option(help="In welcher Körperschaft.", metavar="AGS")],
    reason: Annotated[str, typer.Option(help="Warum; steht im Verlauf jedes Vorgangs.")],
    to: Annotated[
        str | None,
        typer.Option(help="Wer übernimmt; ohne Angabe alle Zuständigen.", metavar="USERNAME"),
    ] = None,
) -> None:
    """Übergibt alle offenen Aufgaben, die jemand in der Hand hat, etwa beim Ausscheiden."""
    from agreements import handover

    if not reason.strip():
        raise Refusal("reason-missing", "Bitte einen Grund angeben.", "reason")
    wanted = handover.HandOver.model_validate({"from": leaving, "to": to, "reason": reason})
    with installation_transaction() as session:
        done = handover.hand_over(session, None, body, wanted)
        kept = [
            f"{entry.case.reference} {entry.task.title}: {' '.join(entry.reasons)}"
            for entry in done.kept
        ]
    typer.echo(f"{plural(len(done.moved), 'Aufgabe', 'Aufgaben')} übergeben.")
    if done.substitutions_ended:
        count = plural(done.substitutions_ended, "Vertretung", "Vertretungen")
        typer.echo(f"{count} beendet.")
    for line in kept:
        typer.echo(f"Nicht übergeben: {line}")


@user.command("duty")
def duty_command(
    username: Username,
    duty: Annotated[
        Wish,
        typer.Argument(
            help="Rolle und Körperschaft, etwa signatory:05978020.",
            parser=_wish,
            metavar="ROLE:AGS",
        ),
    ],
    start: Annotated[
        date | None,
        typer.Option("--from", help="Erster Tag der Rolle.", parser=_day, metavar="DATE"),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--until", help="Letzter Tag der Rolle.", parser=_day, metavar="DATE"),
    ] = None,
) -> None:
    """Gibt einem Konto eine Rolle ab einem Tag, oder trägt ihren letzten Tag ein."""
    from agreements import accounts
    from agreements.glossary import label

    if (start is None) == (last is None):
        raise Refusal("one-day", "Bitte entweder --from oder --until angeben.")
    with installation_transaction() as session:
        if start is not None:
            accounts.begin_duty(session, username, duty.role, duty.ags, start)
        elif last is not None:
            accounts.end_duty(session, username, duty.role, duty.ags, last)
    period = f"ab {start:%d.%m.%Y}" if start else f"bis {last:%d.%m.%Y}"
    typer.echo(f"{username}: {label(duty.role)} {duty.ags or ''} {period}.")


@user.command("list")
def list_command(
    body: Annotated[
        str | None, typer.Option(help="Nur Konten für diese Körperschaft.", metavar="AGS")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Ein JSON-Objekt ausgeben.")] = False,
) -> None:
    """Nennt die Konten mit ihren heutigen Rollen."""
    from agreements import accounts

    with installation_transaction() as session:
        found = accounts.accounts(session, body)
    if as_json:
        listed = {"users": [asdict(account) for account in found]}
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for account in found:
        typer.echo(_line(account))
    if not found:
        typer.echo("Keine Konten.")


def _line(account: Account) -> str:
    marks = [
        mark
        for mark, applies in (
            ("stillgelegt", not account.active),
            ("ohne Kennwort", account.active and not account.has_password),
            ("Muster", account.sample),
        )
        if applies
    ]
    duties = "; ".join(map(_duty, account.duties)) or "ohne Rolle"
    return f"{account.username:<24}  {account.name}: {duties}" + (
        f" [{', '.join(marks)}]" if marks else ""
    )


def _duty(duty: AccountDuty) -> str:
    from agreements.glossary import label

    role = label(duty.role)
    return f"{role} {duty.body} ({duty.ags})" if duty.ags else role
