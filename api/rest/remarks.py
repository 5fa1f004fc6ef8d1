"""Comments and attachments at a task, and its planning."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from fastapi.openapi.models import Example
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import planning, remarks
from agreements.documents.store import DocumentStore
from agreements.model.work import TaskAttachment, TaskComment
from agreements.planning import PlanTask
from agreements.queries import tasks as queries
from agreements.remarks import WriteComment
from api.dependencies import ActorDep, IfMatch, OnceDep, Reply, SessionDep
from api.rest.documents import attachment as content_disposition
from api.rest.schemas import Hash, Output, TaskView
from api.rest.uploads import FileContent, FileName, LimitedLength, file_body, media_type_of

router = APIRouter(tags=["Aufgaben"])


def _one(summary: str, **content: Any) -> dict[str, Example]:  # noqa: ANN401  (JSON)
    return {summary: Example(value=content)}


_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_COMMENT: Final = _one("Vermerk", text="Mit dem Sitzungsdienst abgestimmt: TOP 7 am 26. März.")
_PLAN: Final = _one("Wiedervorlage", priority="high", follow_up_on="2026-06-15")


class CommentView(Output):
    """Ein Vermerk zu einer Aufgabe."""

    id: UUID
    text: str
    author: str = Field(description="wer ihn geschrieben hat")
    written_at: datetime

    @classmethod
    def of(cls, comment: TaskComment, author: str) -> CommentView:
        """The comment of a row."""
        return cls(id=comment.id, text=comment.text, author=author, written_at=comment.written_at)


class Comments(Output):
    """Die Vermerke zu einer Aufgabe, die ältesten zuerst."""

    items: list[CommentView]


class AttachmentView(Output):
    """Eine Anlage zu einer Aufgabe; der Inhalt liegt unter /attachments/{id}/content."""

    id: UUID
    file_name: str = Field(examples=["Stellungnahme Datenschutz.pdf"])
    media_type: str
    size: int = Field(description="Bytes")
    content_hash: Hash
    author: str = Field(description="wer sie abgelegt hat")
    filed_at: datetime

    @classmethod
    def of(cls, attachment: TaskAttachment, author: str) -> AttachmentView:
        """The attachment of a row."""
        return cls(
            id=attachment.id,
            file_name=attachment.file_name,
            media_type=attachment.media_type,
            size=attachment.size,
            content_hash=attachment.content_hash,
            author=author,
            filed_at=attachment.filed_at,
        )


class Attachments(Output):
    """Die Anlagen zu einer Aufgabe, die ältesten zuerst."""

    items: list[AttachmentView]


@router.post(
    "/tasks/{task_id}/comments",
    summary="Einen Vermerk zu einer Aufgabe schreiben",
    status_code=201,
    response_model=CommentView,
)
def write_comment(
    task_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[WriteComment, Body(openapi_examples=_COMMENT)],
) -> JSONResponse:
    def work() -> Reply:
        written = remarks.comment(session, actor, task_id, wanted)
        return Reply(CommentView.of(written, actor.name), 201)

    return once.run(work)


@router.get("/tasks/{task_id}/comments", summary="Die Vermerke zu einer Aufgabe")
def comments(task_id: UUID, session: SessionDep, actor: ActorDep) -> Comments:
    found = remarks.comments_of(session, actor, task_id)
    return Comments(items=[CommentView.of(comment, author) for comment, author in found])


@router.post(
    "/tasks/{task_id}/attachments",
    summary="Eine Datei als Anlage zu einer Aufgabe ablegen",
    status_code=201,
    response_model=AttachmentView,
    dependencies=[LimitedLength],
    openapi_extra=file_body(remarks.ACCEPTED),
)
def attach(
    task_id: UUID,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    content: FileContent,
    file_name: FileName,
) -> JSONResponse:
    def work() -> Reply:
        filed = remarks.attach(
            session, actor, task_id, content, media_type_of(request), file_name, _store(request)
        )
        return Reply(AttachmentView.of(filed, actor.name), 201)

    return once.run(work)


@router.get("/tasks/{task_id}/attachments", summary="Die Anlagen zu einer Aufgabe")
def attachments(task_id: UUID, session: SessionDep, actor: ActorDep) -> Attachments:
    found = remarks.attachments_of(session, actor, task_id)
    return Attachments(items=[AttachmentView.of(filed, author) for filed, author in found])


@router.delete(
    "/tasks/{task_id}/attachments/{attachment_id}",
    summary="Eine Anlage entfernen; die Datei bleibt in der Ablage",
    status_code=204,
)
def remove(task_id: UUID, attachment_id: UUID, session: SessionDep, actor: ActorDep) -> None:
    remarks.remove(session, actor, task_id, attachment_id)


@router.get(
    "/attachments/{attachment_id}/content",
    summary="Eine Anlage herunterladen",
    response_class=Response,
    responses={200: {"content": dict.fromkeys(remarks.ACCEPTED, _BINARY)}},
)
def content(
    attachment_id: UUID, request: Request, session: SessionDep, actor: ActorDep
) -> Response:
    filed, data = remarks.read(session, actor, attachment_id, _store(request))
    headers = {
        "ETag": f'"{filed.content_hash}"',
        "Cache-Control": "private, no-cache",
        "Content-Disposition": content_disposition(filed.file_name),
        "X-Content-Type-Options": "nosniff",
        # Whatever a file holds: nothing in it is to be run.
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type=filed.media_type, headers=headers)


@router.post(
    "/tasks/{task_id}/planning",
    summary="Dringlichkeit und Wiedervorlage einer Aufgabe festlegen",
    response_model=TaskView,
)
def plan(
    task_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    version: IfMatch,
    once: OnceDep,
    wanted: Annotated[PlanTask, Body(openapi_examples=_PLAN)],
) -> JSONResponse:
    def work() -> Reply:
        task = planning.plan(session, actor, task_id, wanted, version)
        session.flush()
        return Reply(TaskView.of(queries.line(session, task_id)), version=task.version)

    return once.run(work)


def _store(request: Request) -> DocumentStore:
    return DocumentStore(request.app.state.settings.documents)
