"""Who gets which mail when: by rhythm, day and hour, never too many, nothing that is over."""

from __future__ import annotations

import threading
from datetime import UTC, date, timedelta

from sqlalchemy import event, select, update

from agreements import clock, mail
from agreements.clock import BERLIN
from agreements.database.engine import transaction
from agreements.model.enums import MailKind, MailRhythm, MailState, NoticeKind, TaskState
from agreements.model.people import User
from tests.agreements.mail.office import SETTINGS, Office, berlin

MONDAY = date(2026, 11, 30)
TUESDAY, WEDNESDAY, FRIDAY, SATURDAY, NEXT_MONDAY = (
    MONDAY + timedelta(days=days) for days in (1, 2, 4, 5, 7)
)
CASE = "IKZ-2026-0001 Smart Region Kreis Unna"


def test_daily_mail_comes_at_the_persons_hour_of_the_next_working_day(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    office.tell(clerk, task=office.task())
    assert office.collect() == 0
    with office.at(TUESDAY, 6, 59):
        assert office.collect() == 0
    with office.at(TUESDAY, 7):
        assert office.collect() == 1
        assert office.collect() == 0
    [found] = office.mails()
    assert (found.kind, found.state) == (MailKind.TASK, MailState.WAITING)
    assert (found.address, found.user_id) == ("sb.kamen@kreis-unna.de", clerk)
    assert found.subject == f"Aufgabe: Beschluss erfassen (Rat) - {CASE}"


def test_what_was_missed_at_the_hour_is_made_up_for(office: Office) -> None:
    """Nothing ran at seven; whoever looks at eleven finds the mail due."""
    office.tell(office.person("sb.kamen", MailRhythm.DAILY), task=office.task())
    with office.at(TUESDAY, 11, 20):
        assert office.collect() == 1


def test_daily_mail_rests_on_weekends_and_holidays_of_the_land(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    with office.at(FRIDAY, 12):
        office.tell(clerk, task=office.task())
    for day in (SATURDAY, SATURDAY + timedelta(days=1)):
        with office.at(day, 12):
            assert office.collect() == 0
    with office.at(NEXT_MONDAY, 7):
        assert office.collect() == 1
    with office.at(date(2026, 12, 24), 12):
        office.tell(clerk, task=office.task("Zweite"))
    with office.at(date(2026, 12, 25), 12):  # erster Weihnachtstag, ein Freitag
        assert office.collect() == 0
    with office.at(date(2026, 12, 28), 7):
        assert office.collect() == 1


def test_urgent_things_come_on_the_same_day_and_on_any_day(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    due = office.task(due_on=SATURDAY)
    with office.at(SATURDAY, 9, 10):
        office.tell(clerk, task=due, kind=NoticeKind.REMINDER_DUE, urgent=True)
        assert office.collect() == 0
    with office.at(SATURDAY, 10):
        assert office.collect() == 1
    [found] = office.mails()
    assert found.kind is MailKind.REMINDER
    assert found.subject == f"Frist heute, 05.12.2026: Beschluss erfassen (Rat) - {CASE}"


def test_nothing_urgent_comes_in_the_night(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    due = office.task(due_on=TUESDAY)
    with office.at(MONDAY, 19):
        office.tell(clerk, task=due, kind=NoticeKind.REMINDER_BEFORE, urgent=True)
        assert office.collect() == 0
    with office.at(TUESDAY, 6, 30):
        assert office.collect() == 0
    with office.at(TUESDAY, 7):
        assert office.collect() == 1


def test_weekly_mail_comes_on_the_persons_weekday(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.WEEKLY, mail_weekday=3, mail_hour=14)
    office.tell(clerk, task=office.task())
    for day, hour, count in ((TUESDAY, 14, 0), (WEDNESDAY, 13, 0), (WEDNESDAY, 14, 1)):
        with office.at(day, hour):
            assert office.collect() == count


def test_weekly_mail_does_not_wait_a_week_with_an_escalation(office: Office) -> None:
    chief = office.person("recht.kamen", MailRhythm.WEEKLY, mail_weekday=5)
    over = office.task(due_on=MONDAY - timedelta(days=3))
    office.tell(chief, task=over, kind=NoticeKind.ESCALATED_TO_SUPERVISOR, urgent=True)
    assert office.collect() == 0
    with office.at(TUESDAY, 7):
        assert office.collect() == 1
    [found] = office.mails()
    assert found.kind is MailKind.ESCALATION
    assert found.subject == f"Überfällig seit 27.11.2026: Beschluss erfassen (Rat) - {CASE}"


def test_at_once_means_three_mails_a_day_and_the_rest_next_morning(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.IMMEDIATELY)
    for number in range(12):
        office.tell(clerk, task=office.task(f"Aufgabe {number}"), urgent=number > 6)
        assert office.collect() == (1 if number < 3 else 0)
    for hour in (0, 6):
        with office.at(TUESDAY, hour, 59):
            assert office.collect() == 0
    with office.at(TUESDAY, 7):
        assert office.collect() == 1
    *_, digest = office.mails()
    assert digest.kind is MailKind.DIGEST
    assert digest.subject == f"9 Aufgaben - {CASE}"
    assert all(f"Aufgabe {number}\n" in digest.plain for number in range(3, 12))


def test_nobody_gets_ten_mails_a_day_whatever_happens(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    for hour in range(7, 24):
        with office.at(MONDAY, hour):
            office.tell(clerk, task=office.task(f"Um {hour} Uhr", due_on=MONDAY), urgent=True)
            office.collect()
    assert len(office.mails()) == 3


def test_several_things_make_a_digest_by_urgency_and_case(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    for title, days in (("Ohne", None), ("Später", 14), ("Überfällige", -3), ("Heutige", 1)):
        due_on = MONDAY + timedelta(days=days) if days is not None else None
        office.tell(clerk, task=office.task(title, due_on=due_on))
    with office.at(TUESDAY, 7):
        office.collect()
    [digest] = office.mails()
    assert digest.kind is MailKind.DIGEST
    assert digest.subject == f"4 Aufgaben: 1 überfällig, 1 heute fällig - {CASE}"
    order = ["Überfällig ==", "Überfällige", "Heute fällig ==", "Heutige", "Später", "Ohne\n"]
    places = [digest.plain.index(text) for text in order]
    assert places == sorted(places)


def test_a_task_stands_once_in_a_mail_whatever_is_told_of_it(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    task = office.task(due_on=TUESDAY)
    for kind in (NoticeKind.TASK_OPENED, NoticeKind.TASK_COMMENTED, NoticeKind.REMINDER_DUE):
        office.tell(clerk, task=task, kind=kind)
    with office.at(TUESDAY, 7):
        office.collect()
    [found] = office.mails()
    assert found.kind is MailKind.REMINDER
    assert found.plain.count("Beschluss erfassen (Rat)") == 1
    assert "neuen Vermerk" in found.plain


def test_what_is_done_meanwhile_comes_to_no_mail_and_does_not_come_back(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.DAILY)
    done, moved, open_ = (office.task(t, due_on=TUESDAY) for t in ("Erledigt", "Verlegt", "Offen"))
    for task in (done, moved, open_):
        office.tell(clerk, task=task, kind=NoticeKind.REMINDER_DUE)
    office.change(done, state=TaskState.DONE)
    office.change(moved, due_on=FRIDAY)
    with office.at(TUESDAY, 7):
        assert office.collect() == 1
    [found] = office.mails()
    assert "Offen" in found.plain
    assert "Erledigt" not in found.plain
    assert "Verlegt" not in found.plain
    dropped = [notice.task_id for notice in office.notices() if notice.dropped_at is not None]
    assert set(dropped) == {done, moved}
    assert office.tell(clerk, task=done, kind=NoticeKind.REMINDER_DUE) == 0


def test_there_are_no_empty_mails(office: Office) -> None:
    task = office.task()
    office.tell(office.person("sb.kamen", MailRhythm.IMMEDIATELY), task=task)
    office.change(task, state=TaskState.CANCELLED)
    assert office.collect() == 0
    assert office.mails() == []
    assert [notice.dropped_at is not None for notice in office.notices()] == [True]


def test_a_notice_of_another_due_date_is_dropped(office: Office) -> None:
    task = office.task(due_on=FRIDAY)
    clerk = office.person("sb.kamen", MailRhythm.IMMEDIATELY)
    office.tell(clerk, task=task, kind=NoticeKind.REMINDER_BEFORE, data={"due_on": "2026-12-02"})
    assert office.collect() == 0


def test_a_shared_mailbox_gets_one_mail_that_says_for_whom(office: Office) -> None:
    shared = "Rathaus@kamen.de"
    clerk = office.person("sb.kamen", MailRhythm.DAILY, email=shared)
    legal = office.person("recht.kamen", MailRhythm.DAILY, email=shared.lower())
    both, one = office.task("Gemeinsame"), office.task("Eigene")
    office.tell(clerk, legal, task=both)
    office.tell(legal, task=one)
    with office.at(TUESDAY, 7):
        assert office.collect() == 1
    [found] = office.mails()
    with office.sessions() as session:
        names = {user.id: user.display_name for user in session.scalars(select(User))}
    assert found.plain.count("Gemeinsame\n") == 1
    assert f"Für: {names[clerk]}, {names[legal]}\n" in found.plain
    assert f"Für: {names[legal]}\n" in found.plain
    assert {notice.mail_id for notice in office.notices()} == {found.id}


def test_without_an_address_or_wish_mails_are_kept_to_be_read(office: Office) -> None:
    without = office.person("sb.kamen", MailRhythm.IMMEDIATELY, email=None)
    never = office.person("recht.kamen", MailRhythm.NEVER)
    broken = office.person("sb.schwerte", MailRhythm.DAILY, email="a b@x\r\nBcc: c@d")
    office.tell(without, never, broken, task=office.task())
    with office.at(TUESDAY, 7):
        assert office.collect() == 3
    assert {(m.state, m.address, bool(m.last_error)) for m in office.mails()} == {
        (MailState.KEPT, None, True)
    }


def test_who_has_left_is_told_nothing(office: Office) -> None:
    clerk = office.person("sb.kamen", MailRhythm.IMMEDIATELY, active=False)
    office.tell(clerk, task=office.task())
    assert office.collect() == 0
    assert [notice.dropped_at is not None for notice in office.notices()] == [True]


def test_the_administration_is_told(office: Office) -> None:
    office.person("admin", MailRhythm.IMMEDIATELY)
    for _ in range(2):
        with transaction(office.sessions) as session:
            mail.tell_operators(session, "stillstand:1", "Der Schritt „Beschlüsse“ steht still.")
    assert office.collect() == 1
    [found] = office.mails()
    assert found.kind is MailKind.OPERATOR
    assert found.subject == "Der Schritt „Beschlüsse“ steht still."
    assert "Lesen und entscheiden" not in found.plain


def test_the_nights_in_which_the_clock_jumps_double_and_skip_nothing(office: Office) -> None:
    """28 March 2027 has no half past two, 31 October 2027 has two of them."""
    clerk = office.person("sb.kamen", MailRhythm.DAILY, mail_hour=2)
    for number, night in enumerate((date(2027, 3, 28), date(2027, 10, 31))):
        with office.at(night - timedelta(days=1), 20):
            office.tell(clerk, task=office.task(f"Nachts {number}", due_on=night), urgent=True)
        begin = berlin(night, 0).astimezone(UTC)
        made = []
        for minutes in range(0, 300, 10):
            with clock.fixed(begin + timedelta(minutes=minutes)):
                if office.collect():
                    made.append(clock.now().astimezone(BERLIN).strftime("%H:%M %z"))
        assert made == [["03:00 +0200", "02:00 +0200"][number]]


def test_two_at_once_make_each_mail_once(office: Office) -> None:
    people = [office.person(f"sb.{t}", MailRhythm.IMMEDIATELY) for t in ("kamen", "schwerte")]
    office.tell(*people, task=office.task())
    first, other = office.sessions(), office.sessions()
    with first.begin():
        assert mail.collect(first, SETTINGS) == 2
        with other.begin():
            assert mail.collect(other, SETTINGS) == 0
    first.close()
    other.close()
    threads = [threading.Thread(target=office.collect) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(office.mails()) == 2


def test_the_number_of_statements_does_not_grow_with_the_people(office: Office) -> None:
    def statements() -> int:
        seen: list[str] = []
        engine = office.sessions.kw["bind"]
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        office.collect()
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    office.tell(office.person("sb.kamen", MailRhythm.IMMEDIATELY), task=office.task("Erste"))
    one = statements()
    with transaction(office.sessions) as session:
        everybody = session.scalars(
            update(User)
            .values(mail_rhythm=MailRhythm.IMMEDIATELY, email=User.username + "@x.de")
            .returning(User.id)
        ).all()
    office.tell(*everybody, task=office.task("Zweite"))
    assert statements() <= one <= 9
