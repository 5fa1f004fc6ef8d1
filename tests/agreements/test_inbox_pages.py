"""Turning pages while others work: every task that stays is seen once, whatever comes and goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from agreements import clock
from agreements.errors import Refusal
from agreements.filters import InboxOrder, InboxQuery
from agreements.ids import new_id
from agreements.model.bodies import Body
from agreements.model.cases import Stage, Task
from agreements.model.enums import (
    Awaits,
    Priority,
    Role,
    StageKind,
    StageState,
    TaskKind,
    TaskState,
)
from agreements.model.people import User
from agreements.people import Actor
from agreements.queries.inbox import inbox
from agreements.queries.paging import Place
from tests.agreements.journals import KAMEN, a_case

TODAY = date(2026, 6, 1)
ROLES = (Role.CLERK, Role.LEGAL, Role.TREASURER)


@dataclass(frozen=True)
class Drawn:
    """A task as it is drawn. comes_after: the page after which it comes; None: from the start."""

    role: Role
    priority: Priority
    due_in: int | None
    comes_after: int | None
    is_done_after: int | None


TASKS = st.lists(
    st.builds(
        Drawn,
        role=st.sampled_from(ROLES),
        priority=st.sampled_from(Priority),
        due_in=st.none() | st.integers(-2, 2),
        comes_after=st.none() | st.integers(1, 3),
        is_done_after=st.none() | st.integers(1, 3),
    ),
    min_size=1,
    max_size=16,
)


@dataclass
class Desk:
    """A person with three roles of Kamen, and a stage in which tasks are opened for them."""

    session: Session
    actor: Actor
    body_id: UUID
    stage: Stage

    def open(self, drawn: Drawn) -> UUID:
        """One more open task."""
        task_id = new_id()
        due = TODAY + timedelta(days=drawn.due_in) if drawn.due_in is not None else None
        self.session.execute(
            insert(Task).values(
                id=task_id,
                case_id=self.stage.case_id,
                stage_id=self.stage.id,
                body_id=self.body_id,
                role=drawn.role,
                kind=TaskKind.AD_HOC,
                own_title="Aufgabe",
                subject_id=task_id,
                priority=drawn.priority,
                due_on=due,
                opened_at=clock.now(),
                version=1,
            )
        )
        return task_id

    def done(self, task_id: UUID) -> None:
        """Somebody completes it."""
        done = update(Task).where(Task.id == task_id).values(state=TaskState.DONE)
        self.session.execute(done)


@pytest.fixture
def desk(kreis: sessionmaker[Session]) -> Iterator[Desk]:
    """Nothing of it is committed."""
    with kreis() as session:
        case = a_case(session, "IKZ-2026-0001")
        stage = Stage(
            case_id=case.id,
            key="drafting",
            kind=StageKind.DRAFTING,
            position=1,
            state=StageState.OPEN,
            awaits=Awaits.PEOPLE,
            state_since=clock.now(),
        )
        session.add(stage)
        session.flush()
        body_id = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        user = session.scalars(select(User)).one()
        duties = frozenset((role, body_id) for role in ROLES)
        actor = Actor(user.id, user.username, user.display_name, user.person_key, duties)
        yield Desk(session, actor, body_id, stage)


@pytest.mark.parametrize("order", InboxOrder)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=TASKS, limit=st.integers(1, 5))
def test_every_task_that_stays_is_seen_once(
    desk: Desk, order: InboxOrder, drawn: list[Drawn], limit: int
) -> None:
    with desk.session.begin_nested() as everything:
        known = {desk.open(task): task for task in drawn if task.comes_after is None}
        seen: list[UUID] = []
        cursor: str | None = None
        for page_number in range(1, 100):
            query = InboxQuery(order=order)
            page = inbox(desk.session, desk.actor, query, cursor=cursor, limit=limit)
            assert len(page.items) == limit or page.next_cursor is None
            seen += [line.task.id for line in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
            known |= {desk.open(t): t for t in drawn if t.comes_after == page_number}
            for task_id, task in known.items():
                if task.is_done_after == page_number:
                    desk.done(task_id)
        assert cursor is None
        assert len(seen) == len(set(seen))
        stayed = {i for i, t in known.items() if t.comes_after is None and t.is_done_after is None}
        assert stayed <= set(seen) <= set(known)
        ranked = [_rank(order, known[task_id], task_id) for task_id in seen]
        assert ranked == sorted(ranked)
        everything.rollback()


def _rank(order: InboxOrder, task: Drawn, task_id: UUID) -> tuple[int, UUID]:
    match order:
        case InboxOrder.OLDEST:
            return 0, task_id
        case InboxOrder.DUE:
            return task.due_in if task.due_in is not None else 99, task_id
        case InboxOrder.PRIORITY:
            return (Priority.HIGH, Priority.NORMAL, Priority.LOW).index(task.priority), task_id


@pytest.mark.parametrize(
    ("order", "key"),
    [(InboxOrder.DUE, "morgen"), (InboxOrder.PRIORITY, "7"), (InboxOrder.PRIORITY, "")],
)
def test_a_cursor_with_a_key_of_no_row_is_refused(desk: Desk, order: InboxOrder, key: str) -> None:
    forged = Place(order.value, key, new_id()).cursor
    with pytest.raises(Refusal) as refusal:
        inbox(desk.session, desk.actor, InboxQuery(order=order), cursor=forged, limit=1)
    assert refusal.value.code == "cursor-invalid"
