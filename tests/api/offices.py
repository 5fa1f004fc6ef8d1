"""More people than the sample region has, and what they were told; for the tests on people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from agreements import accounts
from agreements.accounts import NewAccount
from agreements.model.bodies import Body
from agreements.model.cases import Task
from agreements.model.enums import NoticeKind, Role
from agreements.model.notices import Notice
from agreements.model.people import Duty, User
from agreements.model.records import JournalEntry
from tests.api.world import KAMEN, TODAY, World, ok

CLERK = (Role.CLERK, KAMEN)


def join(world: World, username: str, name: str, *duties: tuple[Role, str]) -> str:
    """A new person with these duties, clerk of Kamen if none is given; returns the username."""
    with world.sessions.begin() as session:
        accounts.add(session, NewAccount(username, name, list(duties) or [CLERK]))
    return username


def take_on(world: World, username: str, role: Role, ags: str) -> None:
    """A further duty of somebody."""
    with world.sessions.begin() as session:
        user = session.scalars(select(User).where(User.username == username)).one()
        body_id = session.scalars(select(Body.id).where(Body.ags == ags)).one()
        session.add(Duty(user_id=user.id, role=role, body_id=body_id))


def away(
    world: World,
    username: str,
    *substitutes: str,
    last_day: str | None = None,
    **limits: str,
) -> dict[str, Any]:
    """The person enters that they are away from today on; these stand in."""
    wanted = [{"substitute": name, **limits} for name in substitutes]
    content = {"first_day": TODAY, "last_day": last_day, "substitutions": wanted}
    return ok(world.as_(username).post("/absences", json=content))


def resolution_task(world: World) -> str:
    """The task of Kamen's clerks."""
    return str(world.task("sb.kamen", "record_resolution")["id"])


def told(world: World, username: str, kind: NoticeKind) -> list[str]:
    """What the person was told under this heading, oldest first."""
    with world.sessions() as session:
        query = (
            select(Notice.data)
            .join(User, User.id == Notice.user_id)
            .where(User.username == username, Notice.kind == kind)
            .order_by(Notice.id)
        )
        return [str(data["sentence"]) for data in session.scalars(query)]


def entries(world: World, event: str) -> list[JournalEntry]:
    """The journal's entries of that event, oldest first."""
    with world.sessions() as session:
        query = select(JournalEntry).where(JournalEntry.event == event)
        return list(session.scalars(query.order_by(JournalEntry.number)))


def has(world: World, task_id: str) -> str | None:
    """The username of whoever works on a task."""
    with world.sessions() as session:
        query = select(User.username).join(Task, Task.claimed_by == User.id)
        return session.scalar(query.where(Task.id == task_id))
