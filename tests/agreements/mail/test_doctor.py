"""What the doctor says of the mail."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from agreements.cli.doctor_checks import Finding, examine
from agreements.database.engine import transaction
from agreements.model.enums import MailRhythm, MailState
from agreements.model.notices import Mail
from agreements.settings import Settings
from tests.agreements.mail.office import SETTINGS, Office
from tests.agreements.mail.smtp import Server, serving
from tests.ports import nobody_listens


def examined(settings: Settings, tmp_path: Path, office_url: str) -> Finding:
    changes = {"data_dir": tmp_path, "database_url": office_url, "prefect_port": 1}
    findings = examine(settings.model_copy(update=changes))
    [found] = [finding for finding in findings if finding.what == "E-Mail-Versand"]
    return found


@pytest.fixture
def waiting(office: Office) -> Office:
    """One mail waits."""
    office.tell(office.person("sb.kamen", MailRhythm.IMMEDIATELY), task=office.task())
    assert office.collect() == 1
    return office


def test_no_server_is_a_hint(waiting: Office, tmp_path: Path, office_url: str) -> None:
    found = examined(SETTINGS, tmp_path, office_url)
    assert (found.state, found.detail) == ("hint", "kein Mailserver eingerichtet, 1 warten")


def test_a_server_that_answers_is_fine(waiting: Office, tmp_path: Path, office_url: str) -> None:
    with serving(Server()) as server:
        found = examined(server.settings(), tmp_path, office_url)
    assert (found.state, found.detail) == (
        "ok",
        f"127.0.0.1:{server.port} erreichbar, 1 warten",
    )
    assert server.taken == []


def test_mails_that_failed_are_a_hint(waiting: Office, tmp_path: Path, office_url: str) -> None:
    with transaction(waiting.sessions) as session:
        session.execute(update(Mail).values(state=MailState.BOUNCED))
    with serving(Server()) as server:
        found = examined(server.settings(), tmp_path, office_url)
    assert found.state == "hint"
    assert "1 gescheitert" in found.detail


def test_a_wrong_password_is_named(office: Office, tmp_path: Path, office_url: str) -> None:
    with serving(Server(secrets={"vereinbar": "richtig"})) as server:
        settings = server.settings(smtp_username="vereinbar", smtp_password=SecretStr("falsch"))
        found = examined(settings, tmp_path, office_url)
    assert found.state == "missing"
    assert "lehnt die Anmeldung ab: 535" in found.detail


def test_a_server_that_is_gone_is_named(office: Office, tmp_path: Path, office_url: str) -> None:
    with nobody_listens() as port:
        found = examined(Server(port=port).settings(), tmp_path, office_url)
    assert found.state == "missing"
    assert "Die Verbindung zum Mailserver misslang" in found.detail
