"""What a mail says: the same in text and HTML, correct headers, no way to smuggle anything in."""

from __future__ import annotations

import re
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from icalendar import Calendar
from lxml import html as lxml_html
from sqlalchemy import select

from agreements.mail.message import AddressNotUsable, message, recipient
from agreements.model.cases import Task
from agreements.model.enums import MailRhythm, NoticeKind, TaskState
from agreements.model.notices import Mail
from tests.agreements.mail.office import SETTINGS, Office

DUE = date(2026, 12, 14)
NAMES = ("Müller & Söhne <GmbH>", "Vertrag „Ä“ \"2\" '3'", "<script>alert(1)</script>", "x" * 300)


def one_mail(office: Office, title: str, **changes: object) -> Mail:
    """The mail of one task."""
    clerk = office.person("sb.kamen", MailRhythm.IMMEDIATELY)
    office.tell(clerk, task=office.task(title, due_on=DUE, **changes))
    office.collect()
    [found] = office.mails()
    return found


def parsed(mail: Mail) -> EmailMessage:
    """The mail as it reads after transport."""
    return message_from_bytes(message(mail, SETTINGS).as_bytes(), policy=default)


def text_of(html: str) -> str:
    """The visible text of an HTML mail, without regard to line breaks."""
    body = lxml_html.fromstring(html.encode()).find("body")
    assert body is not None
    return " ".join(" ".join(str(part) for part in body.itertext()).split())


def test_a_mail_says_what_until_when_and_where(office: Office) -> None:
    mail = one_mail(office, "Beschluss erfassen (Rat)")
    assert mail.subject == (
        "Frist 14.12.2026: Beschluss erfassen (Rat) - IKZ-2026-0001 Smart Region Kreis Unna"
    )
    for sentence in (
        "Für Sie liegt eine neue Aufgabe bereit.",
        "Vorgang: IKZ-2026-0001 Smart Region Kreis Unna",
        "Zuständig: Sachbearbeitung, Stadt Kamen",
        "Frist: Montag, 14. Dezember 2026 (selbst gesetzte Frist)",
        "Woraus sie folgt: Sitzung am 14.12.2026",
        "Bearbeitung: noch niemand",
        "Aufgabe öffnen: https://vereinbar.kreis-unna.de/aufgaben/",
        "Lesen und entscheiden können Sie nur nach der Anmeldung in vereinbar.",
        "Sie erhalten Nachrichten von vereinbar sofort, höchstens 3 Nachrichten am Tag.",
        "Ändern oder abstellen können Sie das nach der Anmeldung: "
        "https://vereinbar.kreis-unna.de/einstellungen",
    ):
        assert sentence in mail.plain


def test_a_mail_says_who_works_on_it(office: Office) -> None:
    colleague = office.person("recht.kamen", MailRhythm.NEVER, display_name="Änne Groß")
    mail = one_mail(office, "Beschluss erfassen (Rat)", claimed_by=colleague)
    assert "Bearbeitung: Änne Groß arbeitet daran" in mail.plain


@pytest.mark.parametrize("title", NAMES)
def test_html_and_text_state_the_same_facts(office: Office, title: str) -> None:
    mail = one_mail(office, title)
    shown = text_of(mail.html)
    lines = [line for line in mail.plain.split("\n") if line and line != "-- "]
    for line in lines:
        # Labels stand in a list of their own there, addresses behind the links.
        parts = re.split(r": (?=\S)", line, maxsplit=1)
        missing = [part for part in parts if part not in shown and part not in mail.html]
        assert missing == [], line
    assert title in shown


def test_a_digest_states_the_same_facts_twice(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    for number, title in enumerate(NAMES[:3]):
        office.tell(clerk, task=office.task(title, due_on=date(2026, 11, 29 + number % 2)))
    office.tell(clerk, kind=NoticeKind.SUBSTITUTION, key="v", data={"sentence": "Sie vertreten X."})
    with office.at(date(2026, 12, 1), 7):
        office.collect()
    [mail] = office.mails()
    shown = text_of(mail.html)
    for line in filter(None, mail.plain.split("\n")):
        value = line.strip("= ").partition(": ")[2] or line.strip("= ")
        assert value in shown or value in mail.html or value == "--", line


def test_the_html_is_accessible_and_loads_nothing(office: Office) -> None:
    root = lxml_html.fromstring(one_mail(office, "Beschluss").html.encode())
    assert root.get("lang") == "de"
    assert [h.tag for h in root.iter("h1", "h2", "h3")] == ["h1", "h2"]
    assert list(root.iter("img", "script", "link", "iframe", "form", "button")) == []
    assert "url(" not in one_mail_style(root)
    links = {a.get("href") for a in root.iter("a")}
    assert all(str(link).startswith("https://vereinbar.kreis-unna.de/") for link in links)


def one_mail_style(root: lxml_html.HtmlElement) -> str:
    """The style sheet."""
    return "".join(style.text or "" for style in root.iter("style"))


@pytest.mark.parametrize("title", [*NAMES, "ö" * 300, "Zeile\r\nBcc: alle@welt.de\n\nText"])
def test_headers_carry_any_title_and_only_that(office: Office, title: str) -> None:
    mail = one_mail(office, title)
    read = parsed(mail)
    assert read["Subject"] == mail.subject
    assert len(mail.subject) <= 180
    assert read["Bcc"] is None
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted",
        "X-Auto-Response-Suppress", "List-Id", "Content-Type",
    }  # fmt: skip
    raw = message(mail, SETTINGS).as_bytes()
    assert all(len(line) <= 998 for line in raw.splitlines())
    assert raw.isascii()
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == mail.plain
    assert html.get_content().replace("\r\n", "\n") == mail.html


def test_line_breaks_in_rows_smuggle_nothing_into_the_text(office: Office) -> None:
    mail = one_mail(office, "Titel\r\n\r\nFrist: nie")
    assert "\nFrist: nie" not in mail.plain
    mail.subject = "Betreff\r\nBcc: alle@welt.de"
    assert parsed(mail)["Bcc"] is None


def test_every_attempt_sends_the_same_bytes(office: Office) -> None:
    mail = one_mail(office, "Beschluss")
    assert message(mail, SETTINGS).as_bytes() == message(mail, SETTINGS).as_bytes()


def test_the_due_date_comes_as_a_calendar_entry(office: Office) -> None:
    mail = one_mail(office, "Müller & Söhne; Rat, Kamen")
    [attached] = list(parsed(mail).iter_attachments())
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_filename() == "fristen.ics"
    calendar = Calendar.from_ical(str(attached.get_content()))
    assert calendar["METHOD"] == "PUBLISH"
    [event] = calendar.events
    with office.sessions() as session:
        task = session.scalars(select(Task)).one()
    assert event["UID"] == f"{task.id}.due@vereinbar"
    assert event.decoded("DTSTART") == DUE
    assert event.decoded("DTEND") == date(2026, 12, 15)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["SEQUENCE"] == task.version
    assert str(event["SUMMARY"]).startswith("Frist: Müller & Söhne; Rat, Kamen - IKZ-2026-0001")
    assert event["URL"] == f"https://vereinbar.kreis-unna.de/aufgaben/{task.id}"


def test_a_moved_date_and_a_remark_say_from_when_and_from_whom(office: Office) -> None:
    clerk, task = office.person("sb.kamen", MailRhythm.DAILY), office.task(due_on=DUE)
    moved: dict[str, object] = {
        "due_on": "2026-12-14",
        "moved_from": "2026-12-07",
        "sentence": "Weil.",
    }
    office.tell(clerk, task=task, kind=NoticeKind.DUE_MOVED, data=moved)
    office.tell(clerk, task=task, kind=NoticeKind.TASK_COMMENTED, data={"by": "Änne Groß"})
    with office.at(date(2026, 12, 1), 7):
        office.collect()
    [mail] = office.mails()
    assert "wurde verlegt; bisher endete sie am Montag, 7. Dezember 2026." in mail.plain
    assert "einen neuen Vermerk von Änne Groß." in mail.plain


def test_the_administration_gets_no_link_to_a_task_that_it_may_not_see(office: Office) -> None:
    admin = office.person("admin", MailRhythm.IMMEDIATELY)
    said: dict[str, object] = {"sentence": "Niemand ist zu erreichen."}
    office.tell(admin, task=office.task(due_on=DUE), kind=NoticeKind.OPERATOR, data=said)
    office.collect()
    [mail] = office.mails()
    assert "Niemand ist zu erreichen." in mail.plain
    assert "/aufgaben/" not in mail.plain + mail.html
    assert mail.calendar is None


def test_without_a_due_date_there_is_no_calendar(office: Office) -> None:
    office.tell(office.person("sb.kamen", MailRhythm.IMMEDIATELY), task=office.task())
    office.collect()
    assert [mail.calendar for mail in office.mails()] == [None]


def test_no_link_decides_anything(office: Office) -> None:
    mail = one_mail(office, "Beschluss", state=TaskState.OPEN)
    links = set(re.findall(r"https?://[^\s\"<]+", mail.plain + mail.html))
    task = office.notices()[0].task_id
    base = "https://vereinbar.kreis-unna.de"
    assert links == {f"{base}/aufgaben/{task}", f"{base}/einstellungen"}


def test_a_domain_with_umlauts_is_written_as_smtp_knows_it() -> None:
    assert recipient(Mail(address="a.b@müller.de")).addr_spec == "a.b@xn--mller-kva.de"
    for address in ("müller@kamen.de", "", "ohne", None, "a@b@c d"):
        with pytest.raises(AddressNotUsable):
            recipient(Mail(address=address))
