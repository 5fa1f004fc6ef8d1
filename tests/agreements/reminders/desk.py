"""Offices in which days pass: people come, fall ill and leave, and somebody looks at the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from agreements import absences, assignment, clock, course, duedates, journal, reminders, tasks
from agreements.absences import AddSubstitution, EnterAbsence
from agreements.clock import BERLIN
from agreements.database.engine import transaction
from agreements.duedates import MoveDueDate
from agreements.model.bodies import Body
from agreements.model.cases import Task
from agreements.model.enums import NoticeKind, Role, TaskKind
from agreements.model.notices import Notice
from agreements.model.people import Duty, User
from agreements.model.records import JournalEntry
from tests.agreements.detours.played import Played
from tests.story import actor

MORNING: Final = time(7)


def berlin(day: date, at: time = MORNING) -> datetime:
    """An instant in German legal time."""
    return datetime.combine(day, at, BERLIN)


@dataclass(frozen=True, order=True)
class Told:
    """What somebody is told: on which day, and what kind of thing."""

    on: date
    username: str
    kind: NoticeKind
    sentence: str = ""


@dataclass
class Desk(Played):
    """A case, the people who work on it, and the look that reminds them."""

    # --- time -----------------------------------------------------------------------------------

    @contextmanager
    def on(self, day: date, at: time = MORNING) -> Iterator[None]:
        """Within the block it is that day."""
        with clock.fixed(berlin(day, at)):
            yield

    def look(self) -> Counter[NoticeKind]:
        """Look once at what it is time for."""
        with transaction(self.sessions) as session:
            return reminders.run(session)

    def pass_days(self, first: date, last: date) -> None:
        """Every morning from the first day to the last somebody looks."""
        day = first
        while day <= last:
            with self.on(day):
                self.look()
            day += timedelta(days=1)

    # --- people ---------------------------------------------------------------------------------

    def appoint(
        self, username: str, role: Role, ags: str, key: str | None = None, **duty: date
    ) -> None:
        """Somebody gets a role of a body, with an account if they have none yet."""
        with transaction(self.sessions) as session:
            user = session.scalar(select(User).where(User.username == username))
            if user is None:
                name = username.replace(".", " ").title()
                user = User(
                    username=username,
                    display_name=name,
                    person_key=key or username,
                    email=f"{username}@example.org",
                )
                session.add(user)
                session.flush()
            body_id = session.scalars(select(Body.id).where(Body.ags == ags)).one()
            session.add(Duty(user_id=user.id, role=role, body_id=body_id, **duty))

    def leave(self, username: str, last_day: date | None = None) -> None:
        """Somebody leaves: the duties end with that day; without one the account is closed."""
        with transaction(self.sessions) as session:
            user_id = session.scalars(select(User.id).where(User.username == username)).one()
            if last_day is None:
                session.execute(update(User).where(User.id == user_id).values(active=False))
            else:
                ends = update(Duty).where(Duty.user_id == user_id).values(valid_to=last_day)
                session.execute(ends)

    def away(self, username: str, last_day: date | None, *substitutes: str) -> None:
        """From today on somebody is away, and these stand in."""
        with transaction(self.sessions) as session:
            wanted = EnterAbsence(
                first_day=clock.today(),
                last_day=last_day,
                substitutions=tuple(AddSubstitution(substitute=name) for name in substitutes),
            )
            absences.enter(session, actor(session, username), wanted)

    # --- tasks ----------------------------------------------------------------------------------

    def task(self, kind: TaskKind, ags: str | None = None) -> Task:
        """The one open task of that kind."""
        (task,) = self.open_tasks(kind, ags)
        return task

    def claim(self, username: str, task: Task) -> None:
        """Somebody takes a task."""
        with transaction(self.sessions) as session:
            tasks.claim(session, actor(session, username), task.id, None)

    def assign(self, supervisor: str, task: Task, username: str) -> None:
        """The supervisor gives a task to somebody."""
        with transaction(self.sessions) as session:
            wanted = assignment.AssignTask(to=username)
            assignment.assign(session, actor(session, supervisor), task.id, wanted, None)

    def move(self, username: str, task: Task, due_on: date, /, **more: object) -> Task:
        """Somebody moves the due date of a task."""
        given = {"due_on": due_on, "reason": "Der Ausschuss tagt später.", **more}
        wanted = MoveDueDate.model_validate(given)
        with transaction(self.sessions) as session:
            case = course.locked_case(session, self.case_id)
            return duedates.move(session, actor(session, username), case, task.id, wanted)

    def move_at_will(self, task: Task, **values: object) -> None:
        """A task is changed as no use case would."""
        with transaction(self.sessions) as session:
            session.execute(update(Task).where(Task.id == task.id).values(**values))

    # --- what can be seen -----------------------------------------------------------------------

    def heard(self, *kinds: NoticeKind, of: TaskKind | None = None) -> list[Told]:
        """Everything that anybody has been told (of these kinds), oldest first."""
        return [Told(t.on, t.username, t.kind) for t in self.heard_in_words(*kinds, of=of)]

    def heard_in_words(self, *kinds: NoticeKind, of: TaskKind | None = None) -> list[Told]:
        """The same with the sentences."""
        query = select(Notice, User.username).join(User, User.id == Notice.user_id)
        if kinds:
            query = query.where(Notice.kind.in_(kinds))
        if of is not None:
            query = query.join(Task, Task.id == Notice.task_id).where(Task.kind == of)
        with transaction(self.sessions) as session:
            return sorted(
                Told(
                    notice.created_at.astimezone(BERLIN).date(),
                    username,
                    notice.kind,
                    str(notice.data.get("sentence", "")),
                )
                for notice, username in session.execute(query)
            )

    def escalations(self) -> list[tuple[str, date]]:
        """The levels that the journal names, with their days; its chain has been verified."""
        self.events()
        with transaction(self.sessions) as session:
            return [
                (entry.data["level"], entry.recorded_at.astimezone(BERLIN).date())
                for entry in journal.entries(session, self.case_id)
                if entry.event == journal.Event.TASK_ESCALATED
            ]

    def entry(self, event: journal.Event) -> JournalEntry:
        """The newest entry of an event."""
        with transaction(self.sessions) as session:
            found = [e for e in journal.entries(session, self.case_id) if e.event == event]
            return found[-1]

    def user_id(self, username: str) -> UUID:
        """The id of an account."""
        with transaction(self.sessions) as session:
            return session.scalars(select(User.id).where(User.username == username)).one()
