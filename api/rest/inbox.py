"""Lists of open tasks: the person's own, a body's for its supervisor, a case's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from agreements import filters
from agreements.filters import InboxQuery, Visible
from agreements.queries import inbox as queries
from agreements.queries.paging import Page as Found
from agreements.queries.tasks import TaskLine
from api.dependencies import ActorDep, InCaseDep, SessionDep
from api.rest.bodies import Ags
from api.rest.schemas import Page, TaskView

router = APIRouter(tags=["Aufgaben"])


class ListQuery(InboxQuery):
    """Wonach gesucht wird, und welche Seite."""

    cursor: str | None = Field(
        None, max_length=200, description="next_cursor der vorigen Seite; ohne Angabe die erste"
    )
    limit: int = Field(50, ge=1, le=200, description="höchstens so viele Einträge")


class OwnListQuery(ListQuery):
    """Wonach im eigenen Arbeitsvorrat gesucht wird."""

    filter: Visible | None = Field(
        None, description="Name eines gespeicherten Filters; weitere Angaben gehen ihm vor"
    )


class BodyListQuery(ListQuery):
    """Wonach in den Aufgaben einer Körperschaft gesucht wird."""

    person: Visible | None = Field(
        None, description="nur, woran diese Person arbeitet (Benutzername)"
    )


def _answer(page: Found[TaskLine]) -> Page[TaskView]:
    return Page(items=[TaskView.of(line) for line in page.items], next_cursor=page.next_cursor)


@router.get("/tasks", summary="Meine offenen Aufgaben")
def inbox(
    session: SessionDep, actor: ActorDep, wanted: Annotated[OwnListQuery, Query()]
) -> Page[TaskView]:
    query: InboxQuery = wanted
    if wanted.filter is not None:
        query = filters.applied(session, actor, wanted.filter, wanted)
    page = queries.inbox(session, actor, query, cursor=wanted.cursor, limit=wanted.limit)
    return _answer(page)


@router.get("/bodies/{ags}/tasks", summary="Alle offenen Aufgaben einer Körperschaft")
def of_body(
    ags: Ags, session: SessionDep, actor: ActorDep, wanted: Annotated[BodyListQuery, Query()]
) -> Page[TaskView]:
    page = queries.of_body(
        session, actor, ags, wanted, wanted.person, cursor=wanted.cursor, limit=wanted.limit
    )
    return _answer(page)


@router.get("/cases/{reference}/tasks", summary="Offene Aufgaben eines Vorgangs")
def of_case(found: InCaseDep, wanted: Annotated[ListQuery, Query()]) -> Page[TaskView]:
    page = queries.of_case(
        found.session,
        found.actor,
        found.case,
        found.sight,
        wanted,
        cursor=wanted.cursor,
        limit=wanted.limit,
    )
    return _answer(page)
