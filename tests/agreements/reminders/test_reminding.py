"""One task through its Frist: told when it opens, before its end, on the day, and after.

The draft that recht.schwerte is asked for on Monday, 1 June 2026 is due in six weeks: Monday,
13 July 2026. North Rhine-Westphalia has no holiday in July.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, update

from agreements import councils, detours, reminders
from agreements.councils.meetings import ScheduleMeeting
from agreements.database.engine import transaction
from agreements.journal import Event
from agreements.model.cases import Task
from agreements.model.enums import DueKind, NoticeKind, Role, TaskKind
from tests.agreements.reminders.desk import Desk, Told
from tests.story import KAMEN, SCHWERTE, actor

OPENED, DUE = date(2026, 6, 1), date(2026, 7, 13)
LEAD, HEAD = "recht.schwerte", "leitung.schwerte"
CHAIN = [
    Told(OPENED, LEAD, NoticeKind.TASK_OPENED),
    Told(date(2026, 7, 6), LEAD, NoticeKind.REMINDER_BEFORE),  # seven days before
    Told(date(2026, 7, 10), LEAD, NoticeKind.REMINDER_BEFORE),  # the day before is a Sunday
    Told(DUE, LEAD, NoticeKind.REMINDER_DUE),
    Told(date(2026, 7, 14), LEAD, NoticeKind.REMINDER_AFTER),  # one Arbeitstag late
    Told(date(2026, 7, 16), HEAD, NoticeKind.ESCALATED_TO_SUPERVISOR),  # three
    Told(date(2026, 7, 20), LEAD, NoticeKind.REMINDER_AFTER),  # five
    Told(date(2026, 7, 27), LEAD, NoticeKind.ESCALATED_TO_LEAD),  # ten
]


def test_a_task_says_when_it_is_due_and_why(desk: Desk) -> None:
    task = desk.task(TaskKind.SUBMIT_DRAFT)
    assert (task.due_on, task.due_kind) == (DUE, DueKind.INTERNAL)
    assert task.due_reason == (
        "Selbst gesetzte Frist des Verfahrens von sechs Wochen ab Eröffnung der Aufgabe am "
        "1. Juni 2026."
    )


def test_an_escalation_chain_to_its_end(desk: Desk) -> None:
    desk.pass_days(OPENED, date(2026, 12, 31))
    assert desk.heard() == CHAIN
    assert desk.escalations() == [
        ("supervisor", date(2026, 7, 16)),
        ("lead", date(2026, 7, 27)),
    ]
    entry = desk.entry(Event.TASK_ESCALATED)
    assert entry.actor == "vereinbar"
    assert entry.data["due_on"] == "2026-07-13"


def test_looking_again_and_again_tells_nothing_twice(desk: Desk) -> None:
    for day in (OPENED, DUE, date(2026, 7, 16), date(2026, 7, 27)):
        for hour in range(8, 20):
            with desk.on(day, time(hour)):
                desk.look()
    assert len(desk.heard()) == len(set(desk.heard()))
    assert [level for level, _ in desk.escalations()] == ["supervisor", "lead"]


def test_the_result_counts_what_was_told(desk: Desk) -> None:
    assert desk.look() == {NoticeKind.TASK_OPENED: 1}
    assert desk.look() == {}
    with desk.on(date(2026, 7, 16)):
        assert desk.look() == {
            NoticeKind.REMINDER_AFTER: 1,
            NoticeKind.ESCALATED_TO_SUPERVISOR: 1,
        }


def test_after_days_without_a_look_only_the_latest_reminder_comes(desk: Desk) -> None:
    desk.pass_days(OPENED, OPENED)
    desk.pass_days(date(2026, 7, 15), date(2026, 7, 15))
    assert desk.heard()[1:] == [Told(date(2026, 7, 15), LEAD, NoticeKind.REMINDER_AFTER)]


def test_after_weeks_without_a_look_the_supervisor_still_gets_their_time(desk: Desk) -> None:
    desk.pass_days(OPENED, OPENED)
    # The lead's turn would have come by 27 July; the supervisor hears of it on 3 August.
    desk.pass_days(date(2026, 8, 3), date(2026, 8, 31))
    assert desk.heard()[1:] == [
        Told(date(2026, 8, 3), HEAD, NoticeKind.ESCALATED_TO_SUPERVISOR),
        Told(date(2026, 8, 3), LEAD, NoticeKind.REMINDER_AFTER),
        Told(date(2026, 8, 12), LEAD, NoticeKind.ESCALATED_TO_LEAD),  # seven Arbeitstage later
    ]


def test_a_body_without_a_supervisor_goes_straight_to_the_lead_and_says_so(desk: Desk) -> None:
    desk.leave(HEAD)
    desk.pass_days(OPENED, date(2026, 9, 30))
    escalated = desk.heard_in_words(
        NoticeKind.ESCALATED_TO_SUPERVISOR, NoticeKind.ESCALATED_TO_LEAD
    )
    assert [(t.on, t.username, t.kind) for t in escalated] == [
        (date(2026, 7, 16), LEAD, NoticeKind.ESCALATED_TO_LEAD)
    ]
    assert "keine Leitung" in escalated[0].sentence
    assert desk.escalations() == [("lead", date(2026, 7, 16))]
    assert "keine Leitung" in (desk.entry(Event.TASK_ESCALATED).reason or "")


def test_where_nobody_can_be_reached_the_administration_hears_of_it(desk: Desk) -> None:
    desk.leave(HEAD)
    desk.leave(LEAD)
    desk.pass_days(OPENED, date(2026, 9, 30))
    assert desk.heard() == [Told(date(2026, 7, 16), "admin", NoticeKind.OPERATOR)]
    assert desk.escalations() == []


def test_nobody_is_told_of_what_is_done(desk: Desk) -> None:
    desk.look()
    with desk.on(date(2026, 7, 1)):
        desk.do(TaskKind.SUBMIT_DRAFT)
    desk.pass_days(date(2026, 7, 2), date(2026, 12, 31))
    assert desk.heard(of=TaskKind.SUBMIT_DRAFT) == CHAIN[:1]


def test_nobody_is_told_of_a_case_that_was_withdrawn(desk: Desk) -> None:
    wanted = detours.WithdrawCase(reason="Es geht nicht weiter.", decided_on=OPENED)
    desk.detour(detours.withdraw_case, wanted)
    desk.pass_days(OPENED, date(2026, 12, 31))
    assert desk.heard() == []


def test_whoever_has_taken_the_task_is_reminded_alone(desk: Desk) -> None:
    desk.appoint("recht2.schwerte", Role.LEGAL, SCHWERTE)
    desk.look()
    desk.claim("recht2.schwerte", desk.task(TaskKind.SUBMIT_DRAFT))
    desk.pass_days(DUE, DUE)
    assert desk.heard(NoticeKind.TASK_OPENED) == [
        Told(OPENED, LEAD, NoticeKind.TASK_OPENED),
        Told(OPENED, "recht2.schwerte", NoticeKind.TASK_OPENED),
    ]
    assert desk.heard(NoticeKind.REMINDER_DUE) == [
        Told(DUE, "recht2.schwerte", NoticeKind.REMINDER_DUE)
    ]


def test_whoever_was_given_the_task_is_not_told_of_it_as_new(desk: Desk) -> None:
    desk.appoint("recht2.schwerte", Role.LEGAL, SCHWERTE)
    desk.assign(HEAD, desk.task(TaskKind.SUBMIT_DRAFT), "recht2.schwerte")
    desk.look()
    assert desk.heard() == [Told(OPENED, "recht2.schwerte", NoticeKind.TASK_ASSIGNED)]


def test_a_follow_up_date_comes_once(desk: Desk) -> None:
    desk.look()
    follow_up(desk, date(2026, 6, 10))
    desk.pass_days(date(2026, 6, 2), date(2026, 6, 30))
    assert desk.heard(NoticeKind.FOLLOW_UP) == [Told(date(2026, 6, 10), LEAD, NoticeKind.FOLLOW_UP)]
    follow_up(desk, date(2026, 7, 2))
    desk.pass_days(date(2026, 7, 1), date(2026, 7, 5))
    assert [t.on for t in desk.heard(NoticeKind.FOLLOW_UP)] == [
        date(2026, 6, 10),
        date(2026, 7, 2),
    ]


def follow_up(desk: Desk, day: date) -> None:
    with transaction(desk.sessions) as session:
        session.execute(update(Task).values(follow_up_on=day))


def test_a_moved_date_reminds_again_even_when_it_is_moved_back(desk: Desk) -> None:
    desk.pass_days(OPENED, date(2026, 7, 7))
    task = desk.task(TaskKind.SUBMIT_DRAFT)
    with desk.on(date(2026, 7, 7), time(12)):
        desk.move(LEAD, task, date(2026, 8, 10))
    with desk.on(date(2026, 7, 7), time(13)):
        desk.move(LEAD, task, DUE)
    desk.pass_days(date(2026, 7, 8), DUE)
    assert [t.on for t in desk.heard(NoticeKind.REMINDER_BEFORE, NoticeKind.REMINDER_DUE)] == [
        date(2026, 7, 6),
        # Moved six days before its end: it is a short Frist now, with one reminder before.
        date(2026, 7, 10),
        DUE,
    ]


def test_a_short_frist_has_one_reminder_before_and_the_opening_none(desk: Desk) -> None:
    task = desk.task(TaskKind.SUBMIT_DRAFT)
    desk.move(LEAD, task, date(2026, 6, 5))
    desk.pass_days(OPENED, date(2026, 6, 5))
    assert desk.heard(NoticeKind.REMINDER_BEFORE, NoticeKind.REMINDER_DUE) == [
        Told(date(2026, 6, 3), LEAD, NoticeKind.REMINDER_BEFORE),  # 4 June is Fronleichnam
        Told(date(2026, 6, 5), LEAD, NoticeKind.REMINDER_DUE),
    ]


def test_two_who_look_at_once_tell_everything_once(desk: Desk) -> None:
    found: list[int] = []
    start = Barrier(4)

    def look() -> None:
        start.wait()
        found.append(desk.look().total())

    with desk.on(date(2026, 7, 16)):
        threads = [Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    told = desk.heard()
    assert sum(found) == len(told) == len(set(told))
    assert desk.escalations() == [("supervisor", date(2026, 7, 16))]


def test_a_look_does_not_wait_for_somebody_who_decides(desk: Desk) -> None:
    """Their case is locked: it is left for the next look."""
    with desk.on(date(2026, 7, 16)):
        with transaction(desk.sessions) as deciding:
            desk.locked(deciding)
            desk.look()
            assert desk.escalations() == []
        desk.look()
        assert desk.escalations() == [("supervisor", date(2026, 7, 16))]


def test_a_look_costs_the_same_however_many_tasks_there_are(desk: Desk) -> None:
    desk.do(TaskKind.SUBMIT_DRAFT)
    few = statements(desk, lambda: desk.look())
    for _ in range(3):
        desk.start()
        desk.do(TaskKind.SUBMIT_DRAFT)
    assert statements(desk, lambda: desk.look()) == few


def statements(desk: Desk, work: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    engine = desk.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_meeting_that_is_planned_ahead_gives_the_task_its_day(desk: Desk) -> None:
    """The council's session is known while the committee has yet to consult."""
    desk.do(TaskKind.SUBMIT_DRAFT)
    desk.agree()
    with transaction(desk.sessions) as session:
        case = desk.locked(session)
        paper = session.merge(desk.papers(KAMEN)[-1])
        (rat,) = [c for c in paper.consultations if c.role.authoritative]
        councils.schedule(
            session,
            actor(session, "sb.kamen"),
            case,
            rat.id,
            ScheduleMeeting(held_on=date(2026, 9, 17)),
        )
    task = desk.task(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert (task.due_reason or "").startswith(
        "Selbst gesetzte Frist des Verfahrens von drei Monaten"
    )
    desk.complete(task)
    task = desk.task(TaskKind.RECORD_RESOLUTION, KAMEN)
    assert task.due_on == date(2026, 10, 1)
    assert (task.due_reason or "").startswith("Sitzung am 17.09.2026")


@pytest.mark.parametrize("days", [3, 30])
def test_a_standstill_names_bodies_and_no_persons(desk: Desk, days: int) -> None:
    since = OPENED + timedelta(days=days)
    with desk.on(since - timedelta(days=1)), transaction(desk.sessions) as session:
        assert reminders.standstill(session, days) == []
    with desk.on(since), transaction(desk.sessions) as session:
        (found,) = reminders.standstill(session, days)
    reference = desk.case().reference
    assert (found.reference, found.stage, found.bodies, found.days) == (
        reference,
        "Entwurf",
        ("Schwerte",),
        days,
    )
