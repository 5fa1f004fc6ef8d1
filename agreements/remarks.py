"""Vermerke and Anlagen at a task: what people note there, and the files that belong to it.

Whoever sees the task's contents reads and writes them; at a non-public consultation that is its
body and those it has named. An attachment that is removed is hidden; its file is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import access, clock, discretion, extracts, journal, notices, substitution
from agreements.documents.store import DocumentStore
from agreements.errors import Conflict, NotFound, NotPermitted
from agreements.extracts import FileType
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.base import Json
from agreements.model.cases import Case, Task
from agreements.model.enums import NoticeKind, Role
from agreements.model.people import User
from agreements.model.work import TaskAttachment, TaskComment
from agreements.people import Actor
from agreements.texts import Printable, printable

MOST_ATTACHMENTS: Final = 50
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


CommentText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(lambda text: text.replace("\r\n", "\n").replace("\r", "\n")),
    Printable,
]


class WriteComment(BaseModel):
    """Einen Vermerk zu einer Aufgabe schreiben."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: CommentText


def _is_xlsx(content: bytes) -> bool:
    names = extracts.names_in(content)
    return "[Content_Types].xml" in names and "xl/workbook.xml" in names


def _is_text(content: bytes) -> bool:
    try:
        printable(content.decode("utf-8"))
    except ValueError:
        return False
    return True


ACCEPTED: Final[Mapping[str, FileType]] = {
    **extracts.ACCEPTED,
    _XLSX: FileType("Excel (XLSX)", ".xlsx", _is_xlsx),
    "text/plain": FileType("Text (TXT, UTF-8)", ".txt", _is_text),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """The task at which something is left. private: whose non-public consultation it is about."""

    task: Task
    case: Case
    private: UUID | None


def comment(session: Session, actor: Actor, task_id: UUID, wanted: WriteComment) -> TaskComment:
    """Leave a comment; whoever works on the task is told."""
    at = _place(session, actor, task_id, lock=True)
    written = TaskComment(
        id=new_id(),
        task_id=task_id,
        case_id=at.case.id,
        author_id=actor.user_id,
        text=wanted.text,
        written_at=clock.now(),
    )
    session.add(written)
    data: Json = {"comment": wanted.text} if at.private is None else {}
    _note(session, actor, at, Event.TASK_COMMENTED, data)
    if at.task.claimed_by not in (None, actor.user_id):
        notices.tell(
            session,
            [at.task.claimed_by],
            NoticeKind.TASK_COMMENTED,
            f"comment:{written.id}",
            task=at.task,
            data={"sentence": f"{actor.name} hat zu der Aufgabe einen Vermerk geschrieben."},
        )
    return written


def comments_of(session: Session, actor: Actor, task_id: UUID) -> list[tuple[TaskComment, str]]:
    """The task's comments with their authors' names, the oldest first."""
    _place(session, actor, task_id)
    rows = session.execute(
        select(TaskComment, User.display_name)
        .join(User, User.id == TaskComment.author_id)
        .where(TaskComment.task_id == task_id)
        .order_by(TaskComment.id)
    )
    return [(row[0], row[1]) for row in rows]


def attach(
    session: Session,
    actor: Actor,
    task_id: UUID,
    content: bytes,
    media_type: str,
    file_name: str,
    store: DocumentStore,
) -> TaskAttachment:
    """File an attachment; the same file once more changes nothing.

    A file without a row is only litter, a row without a file would be a loss: hence the order.
    """
    at = _place(session, actor, task_id, lock=True)
    kind = extracts.check(content, media_type, ACCEPTED)
    filed = _filed(session, task_id)
    name = extracts.safe_name(file_name, kind.ending, "Anlage")
    content_hash = store.put(content)
    for known in filed:
        if (known.content_hash, known.file_name) == (content_hash, name):
            return known
    if len(filed) >= MOST_ATTACHMENTS:
        raise Conflict(
            "too-many-attachments",
            f"An einer Aufgabe liegen höchstens {MOST_ATTACHMENTS} Anlagen. Bitte zuerst eine "
            "entfernen.",
        )
    attachment = TaskAttachment(
        id=new_id(),
        task_id=task_id,
        case_id=at.case.id,
        author_id=actor.user_id,
        file_name=name,
        media_type=media_type,
        size=len(content),
        content_hash=content_hash,
        filed_at=clock.now(),
    )
    session.add(attachment)
    _note(session, actor, at, Event.ATTACHMENT_FILED, _described(at, attachment))
    return attachment


def _filed(session: Session, task_id: UUID) -> list[TaskAttachment]:
    return list(
        session.scalars(
            select(TaskAttachment)
            .where(TaskAttachment.task_id == task_id, TaskAttachment.removed_at.is_(None))
            .order_by(TaskAttachment.id)
        )
    )


def attachments_of(
    session: Session, actor: Actor, task_id: UUID
) -> list[tuple[TaskAttachment, str]]:
    """The task's attachments with the names of those who filed them, the oldest first."""
    _place(session, actor, task_id)
    rows = session.execute(
        select(TaskAttachment, User.display_name)
        .join(User, User.id == TaskAttachment.author_id)
        .where(TaskAttachment.task_id == task_id, TaskAttachment.removed_at.is_(None))
        .order_by(TaskAttachment.id)
    )
    return [(row[0], row[1]) for row in rows]


def remove(session: Session, actor: Actor, task_id: UUID, attachment_id: UUID) -> TaskAttachment:
    """Hide an attachment: who has filed it, who holds the task, or the body's supervisor."""
    at = _place(session, actor, task_id, lock=True)
    attachment = session.get(TaskAttachment, attachment_id, populate_existing=True)
    if attachment is None or attachment.task_id != task_id or attachment.removed_at is not None:
        raise _unknown()
    actor.require(
        attachment.author_id == actor.user_id
        or any(
            substitution.acting(session, actor, role, at.task.body_id, at.case.id).holds(
                role, at.task.body_id
            )
            for role in (at.task.role, Role.SUPERVISOR)
        ),
        "Eine Anlage entfernt, wer sie abgelegt hat, wer für die Aufgabe zuständig ist oder die "
        "Leitung.",
    )
    attachment.removed_at = clock.now()
    _note(session, actor, at, Event.ATTACHMENT_REMOVED, _described(at, attachment))
    return attachment


def read(
    session: Session, actor: Actor, attachment_id: UUID, store: DocumentStore
) -> tuple[TaskAttachment, bytes]:
    """An attachment and its bytes."""
    attachment = session.get(TaskAttachment, attachment_id)
    if attachment is None or attachment.removed_at is not None:
        raise _unknown()
    try:
        _place(session, actor, attachment.task_id)
    except NotFound:
        # Not to be told apart from one that does not exist.
        raise _unknown() from None
    return attachment, store.read(attachment.content_hash)


def _unknown() -> NotFound:
    return NotFound("attachment-unknown", "Diese Anlage gibt es nicht, oder sie ist entfernt.")


def _place(session: Session, actor: Actor, task_id: UUID, *, lock: bool = False) -> _Place:
    task, case, sight = access.visible_task(session, actor, task_id, lock=lock)
    if lock:
        session.refresh(task)
    private = discretion.private_body(session, task.consultation_id)
    if private is not None and not sight.in_confidence(private):
        raise NotPermitted(
            "in-confidence",
            "Die Beratung ist nichtöffentlich. Vermerke und Anlagen dazu sehen nur die beratende "
            "Körperschaft und wen sie dafür benannt hat.",
        )
    return _Place(task, case, private)


def _described(at: _Place, attachment: TaskAttachment) -> Json:
    about: Json = {
        "media_type": attachment.media_type,
        "size": attachment.size,
        "content_hash": attachment.content_hash,
        "attachment_id": str(attachment.id),
    }
    return about if at.private is not None else {"file_name": attachment.file_name, **about}


def _note(session: Session, actor: Actor, at: _Place, event: Event, data: Json) -> None:
    journal.append(
        session,
        at.case,
        event,
        actor,
        body_id=at.private or at.task.body_id,
        data={"task": at.task.kind.value, "task_id": str(at.task.id), **data},
        confidential=at.private is not None,
    )
    session.flush()
