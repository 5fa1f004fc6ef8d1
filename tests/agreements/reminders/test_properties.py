"""What holds of every look, whenever it comes and however often."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, reminders
from agreements.model.cases import Task
from agreements.model.enums import DueKind, NoticeKind, Role, TaskKind, TaskState
from agreements.model.notices import Notice
from agreements.reminders import looking
from tests.agreements.reminders.desk import Desk, berlin
from tests.story import KAMEN

OPENED = date(2026, 6, 1)

in_the_database = settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
frists = st.lists(st.integers(0, 60), min_size=3, max_size=3)
looks = st.lists(st.integers(0, 100), min_size=1, max_size=6, unique=True).map(sorted)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A case with four open tasks; Kamen has two clerks, one of them away."""
    desk.do(TaskKind.SUBMIT_DRAFT)
    desk.appoint("sb2.kamen", Role.CLERK, KAMEN)
    desk.away("sb2.kamen", None)
    return desk


def set_frists(session: Session, lengths: list[int]) -> None:
    wanted = select(Task).where(Task.kind == TaskKind.GIVE_STATEMENT).order_by(Task.id)
    tasks = session.scalars(wanted).all()
    for task, length in zip(tasks, lengths, strict=True):
        task.due_on, task.due_kind = OPENED + timedelta(days=length), DueKind.INTERNAL
    session.flush()


def look(session: Session, day: int) -> Counter[NoticeKind]:
    with clock.fixed(berlin(OPENED + timedelta(days=day))):
        return reminders.run(session)


def keys(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(Notice.user_id, Notice.key))
    return sorted((str(user_id), key) for user_id, key in rows)


@given(lengths=frists, days=looks)
@in_the_database
def test_a_second_look_adds_nothing_and_the_present_does_not_depend_on_the_past(
    busy: Desk, lengths: list[int], days: list[int]
) -> None:
    with busy.sessions() as session:
        set_frists(session, lengths)
        for day in days:
            look(session, day)
            assert look(session, day) == Counter()
        all_looks = keys(session)
        session.rollback()
    assert len(all_looks) == len(set(all_looks))
    with busy.sessions() as session:
        set_frists(session, lengths)
        look(session, days[-1])
        only_the_last = keys(session)
        session.rollback()
    # Whoever looked rarely says nothing that whoever looked often did not say.
    assert set(only_the_last) <= set(all_looks)


@given(lengths=frists, day=st.integers(0, 100))
@in_the_database
def test_it_does_not_matter_in_which_batches_the_tasks_are_read(
    busy: Desk, lengths: list[int], day: int
) -> None:
    found = []
    for size in (1, 3, 2000):
        with pytest.MonkeyPatch.context() as patch, busy.sessions() as session:
            patch.setattr(looking, "BATCH", size)
            set_frists(session, lengths)
            look(session, day)
            found.append(keys(session))
            session.rollback()
    assert found[0] == found[1] == found[2]


@given(lengths=frists, day=st.integers(0, 100))
@in_the_database
def test_nobody_is_told_of_a_task_that_is_closed(busy: Desk, lengths: list[int], day: int) -> None:
    with busy.sessions() as session:
        set_frists(session, lengths)
        for task in session.scalars(select(Task)):
            task.completed_at, task.state = clock.now(), TaskState.DONE
        session.flush()
        assert look(session, day) == Counter()
        session.rollback()
