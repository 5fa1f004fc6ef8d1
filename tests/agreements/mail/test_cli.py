"""``vereinbar mail`` as the administration calls it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from agreements.cli.main import app
from agreements.mail.message import message
from agreements.model.enums import MailRhythm, MailState
from agreements.model.people import User
from agreements.settings import get_settings
from tests.agreements.mail.office import SETTINGS, Office
from tests.agreements.mail.smtp import Server, serving
from tests.agreements.mail.test_bounces import report

Call = Callable[..., Result]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as server:
        yield server


@pytest.fixture
def vereinbar(monkeypatch: pytest.MonkeyPatch, office_url: str) -> Iterator[Call]:
    """Calls it on the office's database, without a mail server."""

    def call(*arguments: str, stdin: str | bytes = "", server: Server | None = None) -> Result:
        monkeypatch.setenv("VEREINBAR_DATABASE_URL", office_url)
        monkeypatch.setenv("VEREINBAR_MAIL_FROM", SETTINGS.mail_from)
        if server is not None:
            monkeypatch.setenv("VEREINBAR_SMTP_HOST", "127.0.0.1")
            monkeypatch.setenv("VEREINBAR_SMTP_PORT", str(server.port))
            monkeypatch.setenv("VEREINBAR_SMTP_SECURITY", "none")
        get_settings.cache_clear()
        return CliRunner().invoke(app, ["mail", *arguments], input=stdin)

    yield call
    get_settings.cache_clear()


def told(office: Office) -> None:
    """The clerk is told of a task, at once."""
    office.tell(office.person("sb.kamen", MailRhythm.IMMEDIATELY), task=office.task())


def test_send_composes_and_sends(office: Office, vereinbar: Call, server: Server) -> None:
    told(office)
    done = vereinbar("send", server=server)
    assert done.stdout == "1 versandt, 0 endgültig abgelehnt, 0 warten.\n"
    assert len(server.taken) == 1


def test_send_says_why_mails_wait(office: Office, vereinbar: Call, server: Server) -> None:
    told(office)
    server.answers["sb.kamen@kreis-unna.de"] = "450 4.2.0 Bitte spaeter"
    done = vereinbar("send", server=server)
    assert done.stdout.startswith("0 versandt, 0 endgültig abgelehnt, 1 warten.\n")
    assert "450 4.2.0 Bitte spaeter" in vereinbar("list", "--state", "waiting").stdout


def test_list_shows_state_address_and_error(
    office: Office, vereinbar: Call, server: Server
) -> None:
    assert vereinbar("list").stdout == "Keine E-Mails.\n"
    told(office)
    server.answers["sb.kamen@kreis-unna.de"] = "550 5.1.1 Postfach unbekannt"
    vereinbar("send", server=server)
    line = vereinbar("list").stdout
    assert line.startswith("30.11.2026 09:00  fehlgeschlagen  sb.kamen@kreis-unna.de  Aufgabe: ")
    assert line.endswith("[550 5.1.1 Postfach unbekannt]\n")
    listed = json.loads(vereinbar("list", "--state", "failed", "--json").stdout)["mails"]
    assert [mail["last_error"] for mail in listed] == ["550 5.1.1 Postfach unbekannt"]
    assert json.loads(vereinbar("list", "--state", "sent", "--json").stdout) == {"mails": []}


@pytest.mark.parametrize("command", [("send",), ("test", "a@b.de")])
def test_without_a_server_nothing_is_sent(
    office: Office, vereinbar: Call, command: tuple[str, ...]
) -> None:
    refused = vereinbar(*command)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Es ist kein Mailserver eingerichtet (VEREINBAR_SMTP_HOST).")


def test_the_test_mail_says_what_the_server_says(
    office: Office, vereinbar: Call, server: Server
) -> None:
    done = vereinbar("test", "technik@kamen.de", server=server)
    assert done.stdout == (
        f"Mailserver 127.0.0.1:{server.port}, Absender {SETTINGS.mail_from}\n"
        "Angenommen: Angenommen als 4711\n"
    )
    [sent] = server.messages
    assert sent["Subject"] == "Probenachricht von vereinbar"
    server.answers["technik@kamen.de"] = "550 5.7.1 Relaying denied"
    refused = vereinbar("test", "technik@kamen.de", server=server)
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Nicht angenommen. 550 5.7.1 Relaying denied\n",
    )


@pytest.mark.parametrize("from_stdin", [True, False])
def test_a_bounce_is_noted(
    office: Office, vereinbar: Call, tmp_path: Path, from_stdin: bool
) -> None:
    told(office)
    office.collect()
    [mail] = office.mails()
    path = tmp_path / "zurueck.eml"
    path.write_bytes(report(mail))
    if from_stdin:
        done = vereinbar("bounce", "-", stdin=path.read_bytes())
    else:
        done = vereinbar("bounce", str(path))
    assert done.exit_code == 0
    assert "sb.kamen@kreis-unna.de.\nGrund: " in done.stdout
    assert [found.state for found in office.mails()] == [MailState.BOUNCED]


def test_a_bounce_of_others_is_said_so(office: Office, vereinbar: Call) -> None:
    told(office)
    office.collect()
    [mail] = office.mails()
    foreign = message(mail, SETTINGS).as_bytes().replace(mail.message_id.encode(), b"<x@y>")
    refused = vereinbar("bounce", "-", stdin=foreign)
    assert refused.exit_code == 1
    assert "keine E-Mail dieser Anlage" in refused.stderr
    assert vereinbar("bounce", "/nirgends/x.eml").stderr.startswith("/nirgends/x.eml lässt sich")


def test_a_delay_is_said_to_be_one(office: Office, vereinbar: Call) -> None:
    told(office)
    office.collect()
    [mail] = office.mails()
    done = vereinbar("bounce", "-", stdin=report(mail, action="delayed"))
    assert done.stdout.startswith("Die Zustellung verzögert sich nur")


def test_an_address_is_changed_and_removed(office: Office, vereinbar: Call) -> None:
    def email() -> str | None:
        with office.sessions() as session:
            return session.scalar(select(User.email).where(User.username == "sb.kamen"))

    assert vereinbar("address", "sb.kamen", "neu@kamen.de").exit_code == 0
    assert email() == "neu@kamen.de"
    assert vereinbar("address", "sb.kamen", "keine").exit_code == 1
    assert vereinbar("address", "niemand", "neu@kamen.de").exit_code == 1
    assert email() == "neu@kamen.de"
    assert vereinbar("address", "sb.kamen").exit_code == 0
    assert email() is None
