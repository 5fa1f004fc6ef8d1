"""The open tasks as a run looks at them: what it needs of each, in batches, nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from agreements import clock
from agreements.model.cases import Case, Party, Task
from agreements.model.enums import CaseState, DueKind, PartyRole, Role, TaskKind, TaskState
from agreements.model.notices import Notice
from agreements.model.work import DueMove
from agreements.notices import Message
from agreements.reminders.reach import Asked, biased_in
from agreements.reminders.steps import DueDate

BATCH = 2000


@dataclass(frozen=True)
class Seen:
    """An open task. ``lead``: the body that leads its case. ``moves``: how often it was moved."""

    id: UUID
    case_id: UUID
    body_id: UUID
    role: Role
    kind: TaskKind
    consultation_id: UUID | None
    not_by: Sequence[str]
    worked_on_by: UUID | None
    opened_at: datetime
    due_on: date | None
    due_kind: DueKind | None
    follow_up_on: date | None
    land: str
    retrospective: bool
    lead: UUID | None
    moves: int
    moved_at: datetime | None

    @cached_property
    def due(self) -> DueDate | None:
        """Its due date, if it has one that anybody can still keep or miss."""
        if self.due_on is None:
            return None
        known_on = berlin_day(max(filter(None, (self.opened_at, self.moved_at))))
        if self.retrospective and self.due_on < known_on:
            return None
        return DueDate(self.due_on, self.due_kind or DueKind.INTERNAL, known_on)

    @cached_property
    def due_key(self) -> str:
        """Marks this due date; one that is moved, even there and back, is another."""
        return f"{self.id}:{self.due_on}:{self.moves}"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some tasks, and who takes no part in them for bias."""

    tasks: Sequence[Seen]
    biased: dict[tuple[UUID, UUID], list[tuple[UUID | None, str]]]

    def asked(self, task: Seen) -> Asked:
        """For what somebody is to be reached in a task."""
        biased = self.biased.get((task.case_id, task.body_id), ())
        return Asked(
            task.role,
            task.body_id,
            task.case_id,
            task.worked_on_by,
            frozenset(task.not_by),
            frozenset(key for where, key in biased if where in (None, task.consultation_id)),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What has been told already: to whom, and when it was told first."""

    pairs: frozenset[tuple[UUID, str]]
    first: Mapping[str, datetime]

    def news(self, messages: Iterable[Message]) -> list[Message]:
        """Those of the messages that their persons have not had yet."""
        return [m for m in messages if (m.user_id, m.key) not in self.pairs]


def berlin_day(moment: datetime) -> date:
    """The legal day of an instant."""
    return moment.astimezone(clock.BERLIN).date()


def batches(
    session: Session, wanted: ColumnElement[bool], *, lock: bool = False
) -> Iterator[Batch]:
    """The open tasks of running cases that fit, in batches.

    lock: those that somebody is changing at this moment are left for the next time.
    """
    last: UUID | None = None
    while True:
        tasks = _read(session, wanted, last, lock=lock)
        if not tasks:
            return
        yield Batch(tasks, biased_in(session, (task.case_id for task in tasks)))
        if len(tasks) < BATCH:
            return
        last = tasks[-1].id


def _read(
    session: Session, wanted: ColumnElement[bool], last: UUID | None, *, lock: bool
) -> list[Seen]:
    query = _query().where(Task.state == TaskState.OPEN, Case.state == CaseState.RUNNING, wanted)
    if last is not None:
        query = query.where(Task.id > last)
    if lock:
        query = query.with_for_update(of=Task, skip_locked=True, key_share=True)
    return [Seen(*row) for row in session.execute(query.order_by(Task.id).limit(BATCH))]


def _query() -> Select[*tuple[Any, ...]]:
    of_task = DueMove.task_id == Task.id
    leads = and_(
        Party.case_id == Task.case_id,
        Party.left_on.is_(None),
        Party.roles.contains([PartyRole.LEAD]),
    )
    return select(
        Task.id,
        Task.case_id,
        Task.body_id,
        Task.role,
        Task.kind,
        Task.consultation_id,
        Task.not_by,
        Task.claimed_by,
        Task.opened_at,
        Task.due_on,
        Task.due_kind,
        Task.follow_up_on,
        Case.land,
        Case.retrospective,
        select(Party.body_id).where(leads).limit(1).scalar_subquery(),
        select(func.count(DueMove.id)).where(of_task).scalar_subquery(),
        select(func.max(DueMove.moved_at)).where(of_task).scalar_subquery(),
    ).join(Case, Case.id == Task.case_id)


def told_of(session: Session, tasks: Iterable[UUID], keys: Iterable[str]) -> Told:
    """Who has been told these keys, which are of these tasks."""
    wanted, known = set(tasks), set(keys)
    if not wanted or not known:
        return Told(frozenset(), {})
    rows = session.execute(
        select(Notice.user_id, Notice.key, Notice.created_at)
        .where(
            Notice.task_id == any_(_array(wanted, Uuid())),
        )
        .order_by(Notice.created_at.desc())
    ).all()
    return Told(
        frozenset((user_id, key) for user_id, key, _ in rows if key in known),
        {key: at for _, key, at in rows if key in known},
    )


def is_one_of(task_ids: Iterable[UUID]) -> ColumnElement[bool]:
    """These tasks; however many they are, as one parameter."""
    return Task.id == any_(_array(task_ids, Uuid()))


def _array(values: Iterable[Any], of: TypeEngine[Any]) -> BindParameter[Any]:
    return bindparam(None, list(values), ARRAY(of), unique=True)


def due_by(day: date) -> ColumnElement[bool]:
    """Tasks whose due date is not later than that day."""
    return Task.due_on <= day


def to_announce() -> ColumnElement[bool]:
    """Tasks of which nobody has been told yet."""
    return Task.announced_at.is_(None)


def to_follow_up(day: date) -> ColumnElement[bool]:
    """Tasks whose Wiedervorlage has come."""
    return Task.follow_up_on <= day
