"""Returned mails: found by the Message-ID of the original, by whatever means they come back."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from agreements.database.engine import transaction
from agreements.mail import bounces
from agreements.mail.message import message
from agreements.model.enums import MailRhythm, MailState, NoticeKind
from agreements.model.notices import Mail
from tests.agreements.mail.office import SETTINGS, Office

REPORT = """\
Return-Path: <>
From: Mail Delivery System <mailer-daemon@mail.test>
To: vereinbar@kreis-unna.de
Subject: Undelivered Mail Returned to Sender
Message-ID: <20261130.4711@mail.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grenze"

--grenze
Content-Type: text/plain; charset=utf-8

Ihre Nachricht konnte nicht zugestellt werden.

--grenze
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.test

Final-Recipient: rfc822; sb.kamen@kreis-unna.de
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <sb.kamen@kreis-unna.de>: Postfach
 unbekannt

--grenze
Content-Type: {kind}

{original}
--grenze--
"""


@pytest.fixture
def sent(office: Office) -> Mail:
    """A mail of the office."""
    office.tell(office.person("sb.kamen", MailRhythm.IMMEDIATELY), task=office.task())
    office.collect()
    [mail] = office.mails()
    return mail


def report(mail: Mail, kind: str = "message/rfc822", action: str = "failed") -> bytes:
    """A report by RFC 3464 on the mail."""
    original = message(mail, SETTINGS).as_bytes(policy=SMTP.clone(linesep="\n")).decode()
    headers = original.partition("\n\n")[0] + "\n"
    content = original if kind == "message/rfc822" else headers
    return REPORT.format(kind=kind, action=action, original=content).encode()


def bounce(office: Office, content: bytes) -> Mail | None:
    with transaction(office.sessions) as session:
        return bounces.mark(session, bounces.read(content))


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_marks_the_mail_and_tells_the_administration(
    office: Office, sent: Mail, kind: str
) -> None:
    for _ in range(2):
        found = bounce(office, report(sent, kind))
        assert found is not None
        assert found.id == sent.id
    [mail] = office.mails()
    assert mail.state is MailState.BOUNCED
    assert mail.last_error == (
        "sb.kamen@kreis-unna.de 550 5.1.1 <sb.kamen@kreis-unna.de>: Postfach unbekannt"
    )
    told = [notice for notice in office.notices() if notice.kind is NoticeKind.OPERATOR]
    assert len(told) == 1


def test_a_delay_changes_nothing(office: Office, sent: Mail) -> None:
    assert bounce(office, report(sent, action="delayed")) is None
    assert [mail.state for mail in office.mails()] == [MailState.WAITING]


def test_a_plain_reply_with_the_message_id_in_it_will_do(office: Office, sent: Mail) -> None:
    plain = EmailMessage()
    plain["Subject"] = "Unzustellbar"
    plain.set_content(f"Postfach gelöscht.\n\n> Message-ID: {sent.message_id}\n")
    found = bounce(office, plain.as_bytes())
    assert found is not None
    assert str(found.last_error).startswith("Postfach gelöscht.")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"Subject: x\n\n<a@b>", b"<" * 10_000])
def test_what_is_none_of_ours_is_none(office: Office, sent: Mail, content: bytes) -> None:
    assert bounce(office, content) is None
    assert [mail.state for mail in office.mails()] == [MailState.WAITING]
