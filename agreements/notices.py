"""What people are to be told: written in the transaction of what it is about, once each.

A notice reaches its person by the next mail of their rhythm (``agreements.mail``); a transaction
that rolls back takes its notices with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from agreements import clock
from agreements.ids import new_id
from agreements.model.base import Json
from agreements.model.cases import Task
from agreements.model.enums import NoticeKind, Role
from agreements.model.notices import Notice
from agreements.model.people import Duty, User


def tell(
    session: Session,
    users: Iterable[UUID],
    kind: NoticeKind,
    key: str,
    *,
    task: Task | None = None,
    case_id: UUID | None = None,
    data: Json | None = None,
    urgent: bool = False,
) -> int:
    """Tell these people; who has been told the same ``key`` before is not told again.

    data: what the sentence needs beside the task, as plain values. Returns how many are told.
    """
    rows = [
        {
            "id": new_id(),
            "user_id": user_id,
            "kind": kind,
            "key": key,
            "case_id": task.case_id if task is not None else case_id,
            "task_id": task.id if task is not None else None,
            "data": data or {},
            "urgent": urgent,
            "created_at": clock.now(),
        }
        for user_id in dict.fromkeys(users)
    ]
    if not rows:
        return 0
    told = session.scalars(
        insert(Notice).values(rows).on_conflict_do_nothing().returning(Notice.id)
    ).all()
    return len(told)


def withdraw(session: Session, begins: str) -> None:
    """Take back what waits under keys that begin like this, and is true no more.

    What a mail has told stays; what is taken back may be told again.
    """
    waiting = (Notice.mail_id.is_(None), Notice.dropped_at.is_(None))
    session.execute(
        delete(Notice)
        .where(Notice.key.startswith(begins, autoescape=True), *waiting)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Message:
    """A notice to be written: ``tell`` for many people and things at once."""

    user_id: UUID
    kind: NoticeKind
    key: str
    case_id: UUID
    task_id: UUID
    data: Json = field(default_factory=dict)
    urgent: bool = False


def tell_all(session: Session, messages: Iterable[Message]) -> Counter[NoticeKind]:
    """Write these notices; what somebody has been told already is left out.

    Returns how many were written, by kind. Always in the same order, so that two who write the
    same ones at once wait for each other and never both.
    """
    unique = {(message.user_id, message.key): message for message in messages}
    rows = [_row(unique[key]) for key in sorted(unique)]
    if not rows:
        return Counter()
    written = session.execute(insert(Notice).on_conflict_do_nothing().returning(Notice.kind), rows)
    return Counter(written.scalars())


def _row(message: Message) -> Json:
    return {
        "id": new_id(),
        "user_id": message.user_id,
        "kind": message.kind,
        "key": message.key,
        "case_id": message.case_id,
        "task_id": message.task_id,
        "data": message.data,
        "urgent": message.urgent,
        "created_at": clock.now(),
    }


def holders(session: Session, role: Role, body_id: UUID) -> list[UUID]:
    """The active accounts that hold the role for the body today."""
    today = clock.today()
    return list(
        session.scalars(
            select(User.id)
            .join(Duty, Duty.user_id == User.id)
            .where(
                User.active,
                Duty.role == role,
                Duty.body_id == body_id,
                Duty.valid_from.is_(None) | (Duty.valid_from <= today),
                Duty.valid_to.is_(None) | (Duty.valid_to >= today),
            )
            .order_by(User.id)
            .distinct()
        )
    )
