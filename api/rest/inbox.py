"""Lists of open tasks, the searches that people keep, and what they do to many at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Body, Query
from fastapi.openapi.models import Example
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import bulk, filters
from agreements.filters import InboxQuery, SaveFilter, Visible
from agreements.model.work import SavedFilter
from agreements.queries import inbox as queries
from agreements.queries.paging import Page as Found
from agreements.queries.tasks import TaskLine
from api.dependencies import ActorDep, InCaseDep, OnceDep, Reply, SessionDep
from api.rest.bodies import Ags
from api.rest.schemas import Output, Page, TaskView

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


_FILTER: Final = {
    "Eilige Fristen": Example(
        value={"name": "Eilige Fristen", "query": {"due_within": 7, "order": "due"}}
    )
}
_BULK: Final = {
    "Wiedervorlage": Example(
        value={
            "action": "plan",
            "task_ids": ["0199c1de-7d6a-7a51-8f4e-2a7f6b1f1c55"],
            "plan": {"follow_up_on": "2026-06-15"},
        }
    ),
    "Übernehmen": Example(
        value={"action": "claim", "task_ids": ["0199c1de-7d6a-7a51-8f4e-2a7f6b1f1c55"]}
    ),
}


class FilterView(Output):
    """Ein gespeicherter Filter; `query` enthält nur, was einschränkt oder sortiert."""

    id: UUID
    name: str = Field(examples=["Eilige Fristen"])
    query: dict[str, Any] = Field(examples=[{"due_within": 7, "order": "due"}])
    created_at: datetime

    @classmethod
    def of(cls, saved: SavedFilter) -> FilterView:
        """The filter of a row."""
        return cls(id=saved.id, name=saved.name, query=saved.query, created_at=saved.created_at)


class Filters(Output):
    """Die eigenen Filter, nach Namen."""

    items: list[FilterView]


class BulkResult(Output):
    """Was aus einer der Aufgaben geworden ist."""

    task_id: UUID
    done: bool
    version: int | None = Field(description="neuer Stand; null: abgelehnt")
    code: str | None = Field(description="warum abgelehnt; null: ausgeführt")
    detail: str | None = Field(description="dasselbe als Satz")

    @classmethod
    def of(cls, result: bulk.Result) -> BulkResult:
        """The result as it is answered."""
        refusal = result.refusal
        return cls(
            task_id=result.task_id,
            done=refusal is None,
            version=result.version,
            code=refusal.code if refusal else None,
            detail=refusal.message if refusal else None,
        )


class BulkResults(Output):
    """Je Aufgabe das Ergebnis, in der Reihenfolge der Anfrage."""

    done: int = Field(description="wie viele ausgeführt sind")
    items: list[BulkResult]


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


@router.post(
    "/tasks/bulk",
    summary="Mehrere Aufgaben auf einmal übernehmen, zurückgeben, planen oder zuweisen",
    response_model=BulkResults,
)
def carry_out(
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[bulk.BulkAction, Body(openapi_examples=_BULK)],
) -> JSONResponse:
    def work() -> Reply:
        items = [BulkResult.of(result) for result in bulk.carry_out(session, actor, wanted)]
        return Reply(BulkResults(done=sum(item.done for item in items), items=items))

    return once.run(work)


@router.post(
    "/filters", summary="Eine Suche als Filter behalten", status_code=201, response_model=FilterView
)
def save_filter(
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[SaveFilter, Body(openapi_examples=_FILTER)],
) -> JSONResponse:
    return once.run(lambda: Reply(FilterView.of(filters.save(session, actor, wanted)), 201))


@router.get("/filters", summary="Meine gespeicherten Filter")
def saved_filters(session: SessionDep, actor: ActorDep) -> Filters:
    return Filters(items=[FilterView.of(saved) for saved in filters.filters_of(session, actor)])


@router.delete("/filters/{filter_id}", summary="Einen Filter löschen", status_code=204)
def remove_filter(filter_id: UUID, session: SessionDep, actor: ActorDep) -> None:
    filters.remove(session, actor, filter_id)
