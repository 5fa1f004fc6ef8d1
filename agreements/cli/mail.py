"""``vereinbar mail``: what became of the mails, sending them now, and those that came back."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agreements.cli.installation import installation_sessions, installation_transaction
from agreements.errors import Refusal
from agreements.model.enums import MailState
from agreements.settings import get_settings

if TYPE_CHECKING:
    from agreements.mail.lists import MailLine

mail = typer.Typer(help="E-Mails: Stand, Versand, Rückläufer.", no_args_is_help=True)
_NO_SERVER = (
    "Es ist kein Mailserver eingerichtet (VEREINBAR_SMTP_HOST). Die Nachrichten warten und stehen "
    "in vereinbar."
)


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(mail, name="mail")


@mail.command("list")
def list_command(
    state: Annotated[
        MailState | None,
        typer.Option(
            help="Nur in diesem Zustand: waiting (wartet), sent (versandt), kept (aufbewahrt), "
            "failed (fehlgeschlagen), bounced (unzustellbar)."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Höchstens so viele.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Ein JSON-Objekt ausgeben.")] = False,
) -> None:
    """Nennt die E-Mails, die neuesten zuerst."""
    from agreements.mail import lists

    with installation_transaction() as session:
        found = lists.all_mails(session, state=state, cursor=None, limit=limit)
    if as_json:
        content = {"mails": [_as_dict(line) for line in found.items]}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    for line in found.items:
        typer.echo(_line(line))
    if not found.items:
        typer.echo("Keine E-Mails.")
    if found.next_cursor is not None:
        typer.echo(f"Gezeigt sind die neuesten {limit}.")


@mail.command("send")
def send_command() -> None:
    """Versendet jetzt, was fällig ist."""
    from agreements import mail as mails

    settings = get_settings()
    if settings.smtp_address is None:
        raise Refusal("no-mail-server", _NO_SERVER)
    with installation_sessions() as sessions:
        with sessions.begin() as session:
            mails.collect(session, settings)
        done = asyncio.run(mails.deliver(sessions, settings))
    typer.echo(f"{done.sent} versandt, {done.failed} endgültig abgelehnt, {done.waiting} warten.")
    if done.waiting:
        typer.echo("Woran es liegt, zeigt „vereinbar mail list --state waiting“.")


@mail.command("test")
def test_command(
    address: Annotated[str, typer.Argument(help="Empfänger.", metavar="ADDRESS")],
) -> None:
    """Versendet sofort eine Probenachricht und sagt, was der Mailserver antwortet."""
    from agreements.mail.probe import send_probe

    settings = get_settings()
    if settings.smtp_address is None:
        raise Refusal("no-mail-server", _NO_SERVER)
    host, port = settings.smtp_address
    typer.echo(f"Mailserver {host}:{port}, Absender {settings.mail_from}")
    words = asyncio.run(send_probe(settings, address))
    typer.echo(f"Angenommen: {words}")


@mail.command("address")
def address_command(
    username: Annotated[str, typer.Argument(help="Benutzername.", metavar="USERNAME")],
    address: Annotated[
        str | None,
        typer.Argument(help="Neue Adresse; ohne Angabe wird die alte entfernt.", metavar="ADDRESS"),
    ] = None,
) -> None:
    """Ändert die E-Mail-Adresse eines Kontos, oder entfernt sie."""
    from agreements import accounts

    with installation_transaction() as session:
        accounts.set_email(session, username, address)
    if address is None:
        typer.echo(f"{username} hat keine E-Mail-Adresse mehr; Nachrichten stehen in vereinbar.")
    else:
        typer.echo(f"Nachrichten an {username} gehen jetzt an {address}.")


@mail.command("bounce")
def bounce_command(
    file: Annotated[
        str, typer.Argument(help="Die zurückgekommene Nachricht; - ist die Standardeingabe.")
    ],
) -> None:
    """Liest eine zurückgekommene Nachricht und vermerkt die E-Mail als unzustellbar."""
    from agreements.mail import bounces

    returned = bounces.read(_content(file))
    if returned.delayed:
        typer.echo("Die Zustellung verzögert sich nur; es ist nichts zu vermerken.")
        return
    with installation_transaction() as session:
        found = bounces.mark(session, returned)
        address = found.address if found is not None else None
    if found is None:
        raise Refusal(
            "not-ours",
            "In dieser Nachricht steht keine E-Mail dieser Anlage; es wurde nichts vermerkt.",
        )
    typer.echo(f"Als unzustellbar vermerkt: „{found.subject}“ an {address}.")
    typer.echo(f"Grund: {returned.diagnostic}")


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Refusal(
            "file-unreadable", f"{file} lässt sich nicht lesen: {error.strerror}."
        ) from error


def _line(line: MailLine) -> str:
    from agreements import clock
    from agreements.glossary import label

    found = line.mail
    at = found.created_at.astimezone(clock.BERLIN)
    text = (
        f"{at:%d.%m.%Y %H:%M}  {label(found.state):<14}  {found.address or line.recipient}  "
        f"{found.subject}"
    )
    return text + (f" [{found.last_error}]" if found.last_error else "")


def _as_dict(line: MailLine) -> dict[str, object]:
    found = line.mail
    return {
        "id": str(found.id),
        "kind": found.kind.value,
        "state": found.state.value,
        "recipient": line.recipient,
        "address": found.address,
        "subject": found.subject,
        "message_id": found.message_id,
        "created_at": found.created_at.isoformat(),
        "attempts": found.attempts,
        "last_error": found.last_error,
        "sent_at": found.sent_at.isoformat() if found.sent_at else None,
    }
