"""The inbox: which tasks are open for a person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from agreements.model.enums import TaskKind
from agreements.queries import tasks as queries
from api.dependencies import ActorDep, Cursor, Limit, SessionDep
from api.rest.schemas import Page, TaskView

router = APIRouter(tags=["Aufgaben"])


@router.get("/tasks", summary="Meine offenen Aufgaben, die ältesten zuerst")
def inbox(
    session: SessionDep,
    actor: ActorDep,
    case: Annotated[
        str | None, Query(description="nur dieses Aktenzeichen", examples=["IKZ-2026-0001"])
    ] = None,
    kind: Annotated[TaskKind | None, Query(description="nur diese Art")] = None,
    body: Annotated[
        str | None, Query(description="nur diese Körperschaft (AGS)", examples=["05978020"])
    ] = None,
    claimed: Annotated[
        bool | None, Query(description="true: nur übernommene, false: nur freie")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[TaskView]:
    page = queries.inbox(
        session,
        actor,
        reference=case,
        kind=kind,
        ags=body,
        claimed=claimed,
        cursor=cursor,
        limit=limit,
    )
    return Page(items=[TaskView.of(line) for line in page.items], next_cursor=page.next_cursor)
