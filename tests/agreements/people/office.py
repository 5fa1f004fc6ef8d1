"""What people of an office do about their absences, without a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import absences, clock, substitution
from agreements.absences import AddSubstitution, EnterAbsence
from agreements.database.engine import transaction
from agreements.model.enums import NoticeKind, Role
from agreements.model.notices import Notice
from agreements.model.people import User
from agreements.people import Actor, actor_of

KAMEN = "05978020"
MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
Result = TypeVar("Result")


def day(offset: int) -> date:
    """So many days after the Monday on which the tests begin."""
    return MONDAY.date() + timedelta(days=offset)


@dataclass
class Office:
    """Each call is one transaction on that day."""

    sessions: sessionmaker[Session]
    today: int = 0

    def run(self, work: Callable[[Session], Result]) -> Result:
        """In a transaction, on the day that it is."""
        with (
            clock.fixed(MONDAY + timedelta(days=self.today)),
            transaction(self.sessions) as session,
        ):
            return work(session)

    def actor(self, session: Session, username: str) -> Actor:
        """The person, with their duties of today."""
        return actor_of(session.scalars(select(User).where(User.username == username)).one())

    def away(
        self, who: str, *substitutes: str, first: int = 0, last: int | None = None, by: str = ""
    ) -> UUID:
        """Somebody enters an absence; returns its id."""
        wanted = EnterAbsence(
            username=who,
            first_day=day(first),
            last_day=day(last) if last is not None else None,
            substitutions=tuple(AddSubstitution(substitute=name) for name in substitutes),
        )
        return self.run(
            lambda session: absences.enter(session, self.actor(session, by or who), wanted).id
        )

    def stands_in(self, who: str) -> set[tuple[str, Role]]:
        """For whom the person stands in today, and in which roles."""
        found = self.run(
            lambda session: substitution.stood_in_duties(session, self.actor(session, who))
        )
        return {(duty.name.lower(), duty.role) for duty in found}

    def told(self, who: str, kind: NoticeKind) -> list[str]:
        """What the person was told under this heading."""

        def read(session: Session) -> list[str]:
            query = (
                select(Notice.data)
                .join(User, User.id == Notice.user_id)
                .where(User.username == who, Notice.kind == kind)
                .order_by(Notice.id)
            )
            return [str(data["sentence"]) for data in session.scalars(query)]

        return self.run(read)
