"""Kamen's offices with a case, people of a certain rhythm, and what they are to be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from agreements import clock, mail
from agreements.clock import BERLIN
from agreements.database.engine import transaction
from agreements.law.instruments import Instrument
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.enums import (
    DueKind,
    KreistagOrder,
    MailRhythm,
    NoticeKind,
    Role,
    StageKind,
    TaskKind,
)
from agreements.model.notices import Mail, Notice
from agreements.model.people import User
from agreements.notices import tell
from agreements.settings import Settings

SETTINGS = Settings(
    public_url="https://vereinbar.kreis-unna.de/",
    mail_from="vereinbar Kreis Unna <vereinbar@kreis-unna.de>",
)


def berlin(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant in German legal time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


@dataclass
class Office:
    """One case in a database with the sample region."""

    sessions: sessionmaker[Session]
    case_id: UUID = field(init=False)
    stage_id: UUID = field(init=False)
    body_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        with transaction(self.sessions) as session:
            self.body_id = session.scalars(select(Body.id).where(Body.ags == "05978020")).one()
            case = _case(session, "Smart Region Kreis Unna")
            session.add(case)
            session.flush()
            stage = Stage(
                case_id=case.id,
                key="agreement_councils",
                kind=StageKind.COUNCIL_RESOLUTIONS,
                position=1,
                state_since=clock.now(),
            )
            session.add(stage)
            session.flush()
            self.case_id, self.stage_id = case.id, stage.id

    def task(
        self,
        title: str = "Beschluss erfassen (Rat)",
        due_on: date | None = None,
        **changes: object,
    ) -> UUID:
        """An open task of Kamen's clerks."""
        with transaction(self.sessions) as session:
            task = Task(
                case_id=self.case_id,
                stage_id=self.stage_id,
                body_id=self.body_id,
                role=Role.CLERK,
                kind=TaskKind.AD_HOC,
                own_title=title,
                due_on=due_on,
                due_kind=DueKind.INTERNAL if due_on else None,
                due_reason=f"Sitzung am {due_on:%d.%m.%Y}" if due_on else None,
                opened_at=clock.now(),
            )
            session.add(task)
            session.flush()
            task.subject_id = task.id
            for name, value in changes.items():
                setattr(task, name, value)
            return task.id

    def change(self, task_id: UUID, **changes: object) -> None:
        """Change columns of a task."""
        with transaction(self.sessions) as session:
            task = session.get_one(Task, task_id)
            for name, value in changes.items():
                setattr(task, name, value)

    def person(self, username: str, rhythm: MailRhythm, **changes: object) -> UUID:
        """Give a person of the region a rhythm, and an address if they have none."""
        values: dict[str, object] = {"mail_rhythm": rhythm, "email": f"{username}@kreis-unna.de"}
        with transaction(self.sessions) as session:
            return session.scalars(
                update(User)
                .where(User.username == username)
                .values(values | changes)
                .returning(User.id)
            ).one()

    def tell(
        self,
        *users: UUID,
        task: UUID | None = None,
        kind: NoticeKind = NoticeKind.TASK_OPENED,
        key: str | None = None,
        urgent: bool = False,
        data: dict[str, object] | None = None,
    ) -> int:
        """Tell people of a task."""
        with transaction(self.sessions) as session:
            row = session.get_one(Task, task) if task is not None else None
            key = key or f"{kind}:{task}"
            return tell(session, users, kind, key, task=row, urgent=urgent, data=data)

    def collect(self) -> int:
        """Compose the mails of now."""
        with transaction(self.sessions) as session:
            return mail.collect(session, SETTINGS)

    def mails(self) -> list[Mail]:
        """All mails, oldest first."""
        with self.sessions() as session:
            return list(session.scalars(select(Mail).order_by(Mail.id)))

    def notices(self) -> list[Notice]:
        """All notices, oldest first."""
        with self.sessions() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))

    @contextmanager
    def at(self, day: date, hour: int, minute: int = 0) -> Iterator[None]:
        """Within the block the clock stands there."""
        with clock.fixed(berlin(day, hour, minute)):
            yield


def _case(session: Session, title: str) -> Case:
    starter = session.scalars(select(User.id).order_by(User.id).limit(1)).one()
    return Case(
        reference="IKZ-2026-0001",
        title=title,
        subject="Gemeinsame digitale Entwicklung",
        instrument=Instrument.MANDATING_AGREEMENT,
        land="NW",
        procedure="cooperation_agreement",
        procedure_version=1,
        principle_round=False,
        kreistag_order=KreistagOrder.BEFORE_COUNCILS,
        conditions=[],
        started_on=clock.today(),
        started_at=clock.now(),
        started_by=starter,
    )
