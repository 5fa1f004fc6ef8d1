"""Mails from notices: for those whose time has come, one for each mailbox.

Level-triggered: what waits and whose time has come is read from the tables and the clock. It may
run as often as one likes; of several at once one works and the others leave it to that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, column, func, insert, literal, select, update
from sqlalchemy.orm import Session, aliased

from agreements import clock
from agreements.ids import new_id
from agreements.mail import dates
from agreements.mail.boxes import Box, due_boxes
from agreements.mail.composing import Texts, compose
from agreements.mail.entries import Entry, Waiting, case_line, entries, pointless
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.enums import MailState
from agreements.model.notices import Mail, Notice
from agreements.model.people import User
from agreements.settings import Settings, get_settings

# Any fixed number: who holds it collects.
_LOCK: Final = 0x6D61696C


@dataclass(frozen=True, slots=True)
class _Row:
    """A mail to be written, and the notices that it carries."""

    id: UUID
    values: dict[str, object]
    notices: tuple[UUID, ...]


def collect(session: Session, settings: Settings | None = None) -> int:
    """Compose the mails whose time has come at ``clock.now()``; returns how many.

    Notices that have become pointless meanwhile are marked as dropped and come to no mail.
    """
    settings = settings or get_settings()
    if not session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    session.flush()
    found = due_boxes(session, clock.now())
    _drop(session, found.of_nobody)
    if not found.boxes:
        return 0
    waiting = _waiting(session, [user for box in found.boxes for user in box.user_ids])
    today = clock.today()
    live: dict[UUID, list[Waiting]] = {}
    for one in waiting:
        if not pointless(one, today):
            live.setdefault(one.notice.user_id, []).append(one)
    _drop(session, [w.notice.id for w in waiting if pointless(w, today)])
    rows = [row for box in found.boxes if (row := _row(box, live, settings)) is not None]
    _write(session, rows)
    return len(rows)


def _drop(session: Session, notices: list[UUID]) -> None:
    if notices:
        session.execute(
            update(Notice)
            .where(Notice.id == any_(literal(notices, ARRAY(Uuid))))
            .values(dropped_at=clock.now())
            .execution_options(synchronize_session=False)
        )


def _waiting(session: Session, users: Iterable[UUID]) -> list[Waiting]:
    worker = aliased(User)
    rows = session.execute(
        select(
            Notice,
            User.display_name,
            Task,
            Case.reference,
            Case.title,
            Body.name,
            worker.display_name,
        )
        .join(User, User.id == Notice.user_id)
        .outerjoin(Task, Task.id == Notice.task_id)
        .outerjoin(Case, Case.id == Notice.case_id)
        .outerjoin(Body, Body.id == Task.body_id)
        .outerjoin(worker, worker.id == Task.claimed_by)
        .where(
            Notice.mail_id.is_(None),
            Notice.dropped_at.is_(None),
            Notice.user_id.in_(list(users)),
        )
        .order_by(Notice.id)
        .execution_options(populate_existing=True)
    )
    return [
        Waiting(notice, recipient, task, case_line(reference, title) if reference else None, *names)
        for notice, recipient, task, reference, title, *names in rows
    ]


def _row(box: Box, live: Mapping[UUID, Sequence[Waiting]], settings: Settings) -> _Row | None:
    mine = [one for user_id in sorted(box.user_ids) for one in live.get(user_id, ())]
    if not mine:
        return None
    found = entries(mine, clock.today(), settings.links_url)
    names = list(dict.fromkeys(one.recipient for one in mine))
    url = f"{settings.links_url}/einstellungen"
    texts = compose(found, names, box.words, url)
    mail_id, now = new_id(), clock.now()
    return _Row(
        mail_id,
        {
            **_content(texts, _calendar(found, mine, settings, now)),
            "id": mail_id,
            "user_id": mine[0].notice.user_id,
            "address": box.address,
            "message_id": f"<{mail_id}@{settings.message_domain}>",
            "state": MailState.KEPT if box.kept_because else MailState.WAITING,
            "last_error": box.kept_because,
            "created_at": now,
            "next_attempt_at": now,
            "attempts": 0,
        },
        tuple(one.notice.id for one in mine),
    )


def _content(texts: Texts, calendar: str | None) -> dict[str, object]:
    return {
        "kind": texts.kind,
        "subject": texts.subject,
        "plain": texts.plain,
        "html": texts.html,
        "calendar": calendar,
    }


def _calendar(
    found: Sequence[Entry], mine: Sequence[Waiting], settings: Settings, now: datetime
) -> str | None:
    bodies = {one.task.id: one.body for one in mine if one.task is not None}
    events = [
        dates.due_date(entry.task, entry.case or "", bodies[entry.task.id] or "", link, now)
        for link in [settings.links_url]
        for entry in found
        if entry.task is not None and entry.dated
    ]
    return dates.calendar(events) if events else None


def _write(session: Session, rows: Sequence[_Row]) -> None:
    if not rows:
        return
    session.execute(insert(Mail), [row.values for row in rows])
    carried = (
        func.unnest(
            literal([notice for row in rows for notice in row.notices], ARRAY(Uuid)),
            literal([row.id for row in rows for _ in row.notices], ARRAY(Uuid)),
        )
        .table_valued(column("id", Uuid), column("mail_id", Uuid), name="carried")
        .render_derived()
    )
    session.execute(
        update(Notice)
        .where(Notice.id == carried.c.id)
        .values(mail_id=carried.c.mail_id)
        .execution_options(synchronize_session=False)
    )
