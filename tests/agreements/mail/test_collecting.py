"""Who gets which mail when: by rhythm, day and hour, and never too many."""

from __future__ import annotations

from datetime import date, timedelta

from agreements.model.enums import MailKind, MailRhythm, MailState
from tests.agreements.mail.office import Office

MONDAY = date(2026, 11, 30)
TUESDAY = MONDAY + timedelta(days=1)
FRIDAY = MONDAY + timedelta(days=4)
SATURDAY = MONDAY + timedelta(days=5)


def test_daily_mail_comes_at_the_persons_hour_of_the_next_working_day(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    office.tell(clerk, task=office.task())
    assert office.collect() == 0
    with office.at(TUESDAY, 6, 59):
        assert office.collect() == 0
    with office.at(TUESDAY, 7):
        assert office.collect() == 1
        assert office.collect() == 0
    [mail] = office.mails()
    assert (mail.kind, mail.state, mail.address) == (
        MailKind.TASK,
        MailState.WAITING,
        "sb.kamen@kreis-unna.de",
    )
    assert (
        mail.subject == "Aufgabe: Beschluss erfassen (Rat) - IKZ-2026-0001 Smart Region Kreis Unna"
    )
