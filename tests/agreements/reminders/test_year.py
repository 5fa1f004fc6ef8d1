"""A year of a case with the clock set forward: exactly the mails that should go out, no others.

Three parties, Schwerte leads. Every morning at six somebody looks at what it is time for, at
seven mails are collected; at three in the afternoon people act. What is told in between goes out
on the next Arbeitstag. The clerk of the Kreis gets mail on Mondays, Schwerte's mayor none at all.

The list of mails is written by hand from the rules: a new task is told the next morning; reminders
come seven days and one day before the end (on the Arbeitstag before, if that is none), at the end,
one and five Arbeitstage after; three Arbeitstage after the end the supervisor hears of it, ten
after it the lead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from agreements import absences, acts, clock, councils, decisions, mail, planning, wording
from agreements.clock import BERLIN
from agreements.councils.meetings import ScheduleMeeting
from agreements.database.engine import transaction
from agreements.model.cases import Task
from agreements.model.enums import (
    AuthorityAnswer,
    CaseState,
    DueKind,
    MailRhythm,
    MailState,
    NoticeKind,
    TaskKind,
)
from agreements.model.notices import Mail, Notice
from agreements.model.people import User
from tests.agreements.reminders.desk import Desk
from tests.story import KAMEN, KREIS, SCHWERTE, actor

BEGIN, END = date(2026, 1, 12), date(2027, 1, 31)
LEGAL, CLERK, HEAD = "recht.schwerte", "sb.schwerte", "leitung.schwerte"
KAMEN_CLERK, KAMEN_LEGAL = "sb.kamen", "recht.kamen"
KREIS_CLERK, MAYOR, LANDRAT = "sb.kreis-unna", "unterschrift.schwerte", "unterschrift.kreis-unna"
KAMEN_MAYOR = "unterschrift.kamen"

NEW, BEFORE, TODAY, AFTER = (
    NoticeKind.TASK_OPENED,
    NoticeKind.REMINDER_BEFORE,
    NoticeKind.REMINDER_DUE,
    NoticeKind.REMINDER_AFTER,
)


def d(month: int, day: int, year: int = 2026) -> date:
    """A day of the year."""
    return date(year, month, day)


# Who gets a mail on which day, and what it tells.
MAILS: Final = [
    # The draft, asked for on 12 January, is due on Monday, 23 February.
    (d(1, 13), LEGAL, NEW),
    (d(2, 16), LEGAL, BEFORE),
    (d(2, 20), LEGAL, BEFORE),  # the 22nd is a Sunday
    # Submitted on Friday the 20th. Statements are due on 20 March, the frozen text on 7 April:
    # six weeks end on Karfreitag. What is announced on Saturday goes out on Monday.
    (d(2, 23), CLERK, NEW),
    (d(2, 23), KREIS_CLERK, NEW),
    (d(2, 23), KAMEN_CLERK, NEW),
    (d(2, 23), LEGAL, NEW),
    # Kamen's clerk is away from 9 to 27 March: the legal office stands in, to the last day.
    (d(3, 9), KAMEN_LEGAL, NoticeKind.SUBSTITUTION),
    (d(3, 13), KAMEN_LEGAL, BEFORE),
    (d(3, 19), KAMEN_LEGAL, BEFORE),
    (d(3, 20), KAMEN_LEGAL, TODAY),
    (d(3, 31), LEGAL, BEFORE),
    (d(4, 2), LEGAL, BEFORE),  # the last Arbeitstag before 6 April: Easter lies between
    # Frozen on 2 April; the committees are asked, and the mails go out after Easter.
    (d(4, 7), CLERK, NEW),
    (d(4, 7), KAMEN_CLERK, NEW),
    # Schwerte's committee decides on 28 April, Kamen's on 5 May; the councils are asked.
    (d(4, 29), CLERK, NEW),
    (d(5, 8), KAMEN_CLERK, NEW),
    (d(6, 15), CLERK, NoticeKind.FOLLOW_UP),
    # Kamen's council sits on 18 June: two weeks for the minutes, to 2 July.
    (d(6, 25), KAMEN_CLERK, BEFORE),
    # Schwerte's result, due on 28 July, does not come until 11 August.
    (d(7, 21), CLERK, BEFORE),
    (d(7, 27), CLERK, BEFORE),
    (d(7, 28), CLERK, TODAY),
    (d(7, 29), CLERK, AFTER),
    (d(7, 31), HEAD, NoticeKind.ESCALATED_TO_SUPERVISOR),
    (d(8, 4), CLERK, AFTER),
    (d(8, 11), LEGAL, NoticeKind.ESCALATED_TO_LEAD),
    # The Kreisausschuss, asked on 11 August, and the Kreistag, on 7 September: told on Mondays.
    (d(8, 17), KREIS_CLERK, NEW),
    (d(9, 14), KREIS_CLERK, NEW),
    # The Beschlusslage, asked for on 22 September, is stated on 1 October.
    (d(9, 23), LEGAL, NEW),
    # Signatures are due on 29 October; the lead gives the Landrat until 12 November.
    (d(10, 2), LANDRAT, NEW),
    (d(10, 2), KAMEN_MAYOR, NEW),
    (d(10, 21), LANDRAT, NoticeKind.DUE_MOVED),
    (d(11, 5), LANDRAT, BEFORE),
    # To the authority, which has four weeks from 13 November and stays silent.
    (d(11, 11), LEGAL, NEW),
    (d(11, 17), LEGAL, NEW),
    (d(12, 4), LEGAL, BEFORE),
    (d(12, 10), LEGAL, BEFORE),
    (d(12, 11), LEGAL, TODAY),
    (d(12, 14), LEGAL, AFTER),
    # Published on 5 January; the parties' notices are asked for on the 8th, a Friday.
    (d(12, 16), LEGAL, NEW),
    (d(1, 11, 2027), CLERK, NEW),
    (d(1, 11, 2027), KREIS_CLERK, NEW),
    (d(1, 11, 2027), KAMEN_CLERK, NEW),
]
# Composed all the same, and only shown: Schwerte's mayor wants no mail.
KEPT: Final = [(d(10, 2), MAYOR, NEW)]


class Year(Desk):
    """The people of the case, and what they do in the course of a year."""

    def agreement(self) -> wording.AgreementInput:
        """What the lead writes, dated today."""
        return super().agreement().model_copy(update={"written_on": clock.today()})

    def prefer(self, username: str, rhythm: MailRhythm) -> None:
        """How often somebody wants mail."""
        with transaction(self.sessions) as session:
            wanted = update(User).where(User.username == username)
            session.execute(wanted.values(mail_rhythm=rhythm))

    def resolves(self, ags: str) -> None:
        """A clerk records what the body's committee or council has decided."""
        self.do(TaskKind.RECORD_RESOLUTION, ags)

    def goes_away(self) -> None:
        """Kamen's clerk enters an absence."""
        wanted = absences.EnterAbsence(
            first_day=d(3, 9),
            last_day=d(3, 27),
            substitutions=(absences.AddSubstitution(substitute=KAMEN_LEGAL),),
        )
        with transaction(self.sessions) as session:
            absences.enter(session, actor(session, KAMEN_CLERK), wanted)

    def stands_in(self) -> None:
        """Kamen's legal office gives the statement in the clerk's place."""
        task = self.task(TaskKind.GIVE_STATEMENT, KAMEN)
        act = acts.GiveStatement(version=1, verdict="agreed", given_on=clock.today())
        with transaction(self.sessions) as session:
            decisions.complete(session, actor(session, KAMEN_LEGAL), task.id, act)
        self.drive()

    def plans_sessions(self) -> None:
        """Kamen's committee will deal with the paper on 5 May, its council on 18 June."""
        with transaction(self.sessions) as session:
            case = self.locked(session)
            paper = session.merge(self.papers(KAMEN)[-1])
            days = (d(5, 5), d(6, 18))
            for consultation, day in zip(paper.consultations, days, strict=True):
                wanted = ScheduleMeeting(held_on=day)
                who = actor(session, KAMEN_CLERK)
                councils.schedule(session, who, case, consultation.id, wanted)

    def follows_up(self) -> None:
        """Schwerte's clerk wants to look at the council's task again in June."""
        task = self.task(TaskKind.RECORD_RESOLUTION, SCHWERTE)
        wanted = planning.PlanTask(follow_up_on=d(6, 15))
        with transaction(self.sessions) as session:
            planning.plan(session, actor(session, CLERK), task.id, wanted, None)

    def statement(self, ags: str) -> None:
        """A party agrees."""
        self.do(TaskKind.GIVE_STATEMENT, ags, given_on=clock.today())

    def signs(self, ags: str) -> None:
        """A party signs."""
        self.do(TaskKind.RECORD_SIGNATURE, ags, signed_on=clock.today())

    def notices(self) -> None:
        """Every party points to the publication."""
        for ags in (SCHWERTE, KREIS, KAMEN):
            self.do(TaskKind.RECORD_NOTICE, ags, published_on=clock.today())

    def collect(self) -> None:
        """Compose the mails whose time has come."""
        with transaction(self.sessions) as session:
            mail.collect(session)

    def mails(self, state: MailState) -> list[tuple[date, str, NoticeKind]]:
        """Which mails there are in that state, and what each tells."""
        with transaction(self.sessions) as session:
            rows = session.execute(
                select(Mail.created_at, User.username, Notice.kind)
                .join(User, User.id == Mail.user_id)
                .join(Notice, Notice.mail_id == Mail.id)
                .where(Mail.state == state)
            )
            return sorted((at.astimezone(BERLIN).date(), who, kind) for at, who, kind in rows)


Acts = Mapping[date, Callable[[Year], Any]]

# What people do, at three in the afternoon of the day.
YEAR: Final[Acts] = {
    d(1, 12): lambda case: case.start(started_on=BEGIN),
    d(2, 20): lambda case: case.do(TaskKind.SUBMIT_DRAFT, submitted_on=d(2, 20)),
    d(3, 2): lambda case: case.statement(SCHWERTE),
    d(3, 6): lambda case: case.goes_away(),
    d(3, 10): lambda case: case.statement(KREIS),
    d(3, 20): lambda case: case.stands_in(),
    d(4, 2): lambda case: case.do(TaskKind.FREEZE_VERSION, frozen_on=d(4, 2)),
    d(4, 7): lambda case: case.plans_sessions(),
    d(4, 28): lambda case: case.resolves(SCHWERTE),
    d(5, 4): lambda case: case.follows_up(),
    d(5, 7): lambda case: case.resolves(KAMEN),
    d(6, 26): lambda case: case.resolves(KAMEN),
    d(8, 11): lambda case: case.resolves(SCHWERTE),
    d(9, 7): lambda case: case.resolves(KREIS),
    d(9, 22): lambda case: case.resolves(KREIS),
    d(10, 1): lambda case: case.do(TaskKind.CONFIRM_RESOLUTIONS, confirmed_on=d(10, 1)),
    d(10, 5): lambda case: case.signs(SCHWERTE),
    d(10, 6): lambda case: case.signs(KAMEN),
    d(10, 20): lambda case: case.move(
        LEGAL,
        case.task(TaskKind.RECORD_SIGNATURE, KREIS),
        d(11, 12),
        reason="Der Landrat ist bis Anfang November im Urlaub.",
    ),
    d(11, 10): lambda case: case.signs(KREIS),
    d(11, 16): lambda case: case.do(
        TaskKind.SUBMIT_TO_AUTHORITY, applied_on=d(11, 12), received_on=d(11, 13)
    ),
    d(12, 15): lambda case: case.do(
        TaskKind.RECORD_AUTHORITY_ANSWER,
        answer=AuthorityAnswer.DEEMED_APPROVED,
        answered_on=d(12, 14),
    ),
    d(1, 8, 2027): lambda case: case.do(TaskKind.RECORD_PUBLICATION, published_on=d(1, 5, 2027)),
    d(1, 12, 2027): lambda case: case.notices(),
}


def test_a_year_of_a_case(empty_desk: Desk) -> None:
    case = Year(empty_desk.sessions, empty_desk.store)
    case.prefer(KREIS_CLERK, MailRhythm.WEEKLY)
    case.prefer(MAYOR, MailRhythm.NEVER)
    day = BEGIN
    while day <= END:
        with case.on(day, time(6)):
            case.look()
        with case.on(day, time(7)):
            case.look()
            case.collect()
        if day in YEAR:
            with case.on(day, time(15)):
                YEAR[day](case)
        day += timedelta(days=1)
    assert case.mails(MailState.WAITING) == sorted(MAILS)
    assert case.mails(MailState.KEPT) == KEPT
    assert case.case().state is CaseState.DONE
    assert case.escalations() == [("supervisor", d(7, 31)), ("lead", d(8, 11))]


def test_the_frists_of_the_year(empty_desk: Desk) -> None:
    """What the list of mails rests on: the due dates of the tasks, by their rules."""
    case = Year(empty_desk.sessions, empty_desk.store)
    for day, act in YEAR.items():
        with case.on(day, time(15)):
            act(case)
    with transaction(case.sessions) as session:
        found = session.execute(
            select(Task.kind, Task.due_on, Task.due_kind).order_by(Task.opened_at, Task.id)
        )
        frists = [(kind, due_on, due_kind) for kind, due_on, due_kind in found]
    inner = DueKind.INTERNAL
    statement, resolution = TaskKind.GIVE_STATEMENT, TaskKind.RECORD_RESOLUTION
    assert frists == [
        (TaskKind.SUBMIT_DRAFT, d(2, 23), inner),
        *[(statement, d(3, 20), inner)] * 3,
        (TaskKind.FREEZE_VERSION, d(4, 7), inner),
        (resolution, d(7, 2), inner),  # three months: Schwerte's committee
        (resolution, d(5, 19), inner),  # two weeks after 5 May: Kamen's
        (resolution, d(7, 28), inner),
        (resolution, d(7, 2), inner),  # two weeks after 18 June
        (resolution, d(11, 11), inner),
        (resolution, d(12, 7), inner),
        (TaskKind.CONFIRM_RESOLUTIONS, d(10, 6), inner),
        (TaskKind.RECORD_SIGNATURE, d(10, 29), inner),
        (TaskKind.RECORD_SIGNATURE, d(11, 12), inner),
        (TaskKind.RECORD_SIGNATURE, d(10, 29), inner),
        (TaskKind.SUBMIT_TO_AUTHORITY, d(11, 24), inner),
        (TaskKind.RECORD_AUTHORITY_ANSWER, d(12, 11), DueKind.STATUTORY),
        (TaskKind.RECORD_PUBLICATION, d(1, 26, 2027), inner),
        *[(TaskKind.RECORD_NOTICE, d(2, 5, 2027), inner)] * 3,
    ]
