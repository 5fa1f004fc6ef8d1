"""Who is reached: substitutes of those who are away, those who came, never those who left."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from agreements import acts, clock, decisions
from agreements.clock import BERLIN
from agreements.database.engine import transaction
from agreements.model.cases import Task
from agreements.model.enums import NoticeKind, Role, TaskKind, TaskState
from tests.agreements.reminders.desk import Desk, Told
from tests.story import KAMEN, SCHWERTE, actor

OPENED, DUE = date(2026, 6, 1), date(2026, 7, 13)
LEAD, HEAD = "recht.schwerte", "leitung.schwerte"
OTHER = "recht2.schwerte"


def test_a_clerk_falls_ill_on_the_last_day(desk: Desk) -> None:
    """Kamen's clerk has taken the task; on the last day, at half past nine, they report sick."""
    desk.appoint("sb2.kamen", Role.CLERK, KAMEN)
    desk.do(TaskKind.SUBMIT_DRAFT)
    task = desk.task(TaskKind.GIVE_STATEMENT, KAMEN)
    desk.claim("sb.kamen", task)
    last = date(2026, 6, 29)
    assert task.due_on == last
    desk.pass_days(OPENED, last)
    assert desk.heard(NoticeKind.REMINDER_DUE) >= [Told(last, "sb.kamen", NoticeKind.REMINDER_DUE)]
    with desk.on(last, time(9, 30)):
        desk.away("sb.kamen", date(2026, 7, 10), "sb2.kamen")
    with desk.on(last, time(10)):
        desk.look()
    reminded = [
        t for t in desk.heard_in_words(NoticeKind.REMINDER_DUE) if t.username == "sb2.kamen"
    ]
    assert [(t.on, t.sentence) for t in reminded] == [(last, f"Sie vertreten {name_of(desk)}.")]
    with desk.on(last, time(15)), transaction(desk.sessions) as session:
        newest = desk.newest()
        assert newest is not None
        act = acts.GiveStatement(version=newest.number, verdict="agreed", given_on=last)
        done = decisions.complete(session, actor(session, "sb2.kamen"), task.id, act)
        assert done.state is TaskState.DONE
        assert done.completed_for == desk.user_id("sb.kamen")
    desk.pass_days(last + timedelta(days=1), date(2026, 7, 31))
    after = [t for t in desk.heard(of=TaskKind.GIVE_STATEMENT) if t.username.endswith("kamen")]
    assert max(t.on for t in after) == last


def name_of(desk: Desk, username: str = "sb.kamen") -> str:
    with transaction(desk.sessions) as session:
        return actor(session, username).name


def test_nobody_writes_to_people_who_are_away(desk: Desk) -> None:
    desk.appoint(OTHER, Role.LEGAL, SCHWERTE)
    desk.away(LEAD, None)
    desk.pass_days(OPENED, date(2026, 8, 31))
    assert {t.username for t in desk.heard(of=TaskKind.SUBMIT_DRAFT)} == {OTHER, HEAD}


def test_a_gap_is_told_to_the_supervisor_at_once_and_once(desk: Desk) -> None:
    desk.look()
    desk.claim(LEAD, desk.task(TaskKind.SUBMIT_DRAFT))
    with desk.on(date(2026, 7, 1)):
        desk.away(LEAD, None)
    desk.pass_days(date(2026, 7, 1), date(2026, 7, 15))
    gaps = desk.heard_in_words(NoticeKind.SUBSTITUTION_GAP, of=TaskKind.SUBMIT_DRAFT)
    # Noticed when the next reminder would have reached nobody.
    assert [(t.on, t.username) for t in gaps] == [(date(2026, 7, 6), HEAD)]
    assert gaps[0].sentence.startswith(f"Ohne Vertretung abwesend: {name_of(desk, LEAD)}.")


def test_a_substitution_does_not_pass_on(desk: Desk) -> None:
    """The substitute is away too: whoever stands in for them does not stand in for the first."""
    desk.appoint(OTHER, Role.LEGAL, SCHWERTE)
    desk.appoint("recht3.schwerte", Role.LEGAL, SCHWERTE)
    desk.claim(LEAD, desk.task(TaskKind.SUBMIT_DRAFT))
    desk.away(LEAD, None, OTHER)
    desk.away(OTHER, None, "recht3.schwerte")
    desk.pass_days(DUE, DUE)
    about = desk.heard(of=TaskKind.SUBMIT_DRAFT)
    assert about == [Told(DUE, HEAD, NoticeKind.SUBSTITUTION_GAP)]


def test_the_substitute_of_the_first_pair_of_eyes_is_not_asked(desk: Desk) -> None:
    desk.appoint(OTHER, Role.LEGAL, SCHWERTE, key="the-same-person")
    desk.appoint("recht3.schwerte", Role.LEGAL, SCHWERTE)
    desk.appoint("recht4.schwerte", Role.LEGAL, SCHWERTE)
    with transaction(desk.sessions) as session:
        task = session.get_one(Task, desk.task(TaskKind.SUBMIT_DRAFT).id)
        task.not_by = ["the-same-person", "muster-recht-schwerte"]
    desk.away(OTHER, None, "recht3.schwerte")
    desk.look()
    assert desk.heard(of=TaskKind.SUBMIT_DRAFT) == [
        Told(OPENED, "recht4.schwerte", NoticeKind.TASK_OPENED)
    ]


def test_a_whole_department_changes(desk: Desk) -> None:
    """The legal office leaves at the end of June; from July on two others hold the role."""
    desk.claim(LEAD, desk.task(TaskKind.SUBMIT_DRAFT))
    desk.look()
    desk.leave(LEAD, date(2026, 6, 30))
    for username in ("neu.schwerte", "neuer.schwerte"):
        desk.appoint(username, Role.LEGAL, SCHWERTE, valid_from=date(2026, 7, 1))
    desk.pass_days(date(2026, 6, 2), date(2026, 7, 27))
    about = desk.heard(of=TaskKind.SUBMIT_DRAFT)
    new = ("neu.schwerte", "neuer.schwerte")
    assert about == sorted(
        [
            *(Told(date(2026, 7, 6), name, NoticeKind.REMINDER_BEFORE) for name in new),
            *(Told(date(2026, 7, 10), name, NoticeKind.REMINDER_BEFORE) for name in new),
            *(Told(DUE, name, NoticeKind.REMINDER_DUE) for name in new),
            *(Told(date(2026, 7, 14), name, NoticeKind.REMINDER_AFTER) for name in new),
            Told(date(2026, 7, 16), HEAD, NoticeKind.ESCALATED_TO_SUPERVISOR),
            *(Told(date(2026, 7, 20), name, NoticeKind.REMINDER_AFTER) for name in new),
            *(Told(date(2026, 7, 27), name, NoticeKind.ESCALATED_TO_LEAD) for name in new),
        ]
    )


def test_a_new_supervisor_hears_of_what_was_escalated_to_the_old_one(desk: Desk) -> None:
    desk.pass_days(OPENED, date(2026, 7, 16))
    desk.leave(HEAD)
    desk.appoint("neue.leitung", Role.SUPERVISOR, SCHWERTE)
    desk.pass_days(date(2026, 7, 17), date(2026, 7, 17))
    assert desk.heard(NoticeKind.ESCALATED_TO_SUPERVISOR) == [
        Told(date(2026, 7, 16), HEAD, NoticeKind.ESCALATED_TO_SUPERVISOR),
        Told(date(2026, 7, 17), "neue.leitung", NoticeKind.ESCALATED_TO_SUPERVISOR),
    ]
    assert desk.escalations() == [("supervisor", date(2026, 7, 16))]


def test_a_task_of_which_nobody_could_be_told_is_announced_when_somebody_comes(desk: Desk) -> None:
    desk.leave(LEAD)
    desk.look()
    assert desk.heard() == [Told(OPENED, HEAD, NoticeKind.SUBSTITUTION_GAP)]
    with desk.on(date(2026, 6, 8)):
        desk.appoint(OTHER, Role.LEGAL, SCHWERTE)
        desk.look()
    assert desk.heard()[1:] == [Told(date(2026, 6, 8), OTHER, NoticeKind.TASK_OPENED)]


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)], ids=["spring", "autumn"]
)
def test_the_nights_in_which_the_clock_is_changed(desk: Desk, day: date, hours: int) -> None:
    """Somebody looks every hour of real time, from two days before to two days after."""
    first = datetime.combine(day - timedelta(days=2), time(0), BERLIN).astimezone(UTC)
    with clock.fixed(first):
        desk.move_at_will(desk.task(TaskKind.SUBMIT_DRAFT), opened_at=first, due_on=day)
    for hour in range(24 + 24 + hours + 24):
        with clock.fixed(first + timedelta(hours=hour)):
            desk.look()
    assert (first + timedelta(hours=48 + hours)).astimezone(BERLIN).hour == 0
    assert desk.heard() == [
        # Both are Sundays; the last Arbeitstag before is the day on which it was opened.
        Told(day - timedelta(days=2), LEAD, NoticeKind.TASK_OPENED),
        Told(day, LEAD, NoticeKind.REMINDER_DUE),
        Told(day + timedelta(days=1), LEAD, NoticeKind.REMINDER_AFTER),
    ]
