"""The list of one's open tasks: searching, keeping a search, paging, and many at once."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from agreements import bulk, filters
from agreements.bulk import BulkAction
from agreements.errors import NotFound, Refusal
from agreements.filters import FollowUp, InboxOrder, InboxQuery, SaveFilter
from agreements.model.cases import Task
from agreements.model.enums import Priority
from agreements.people import Actor
from agreements.queries import inbox
from agreements.queries.tasks import TaskLine
from api.dependencies import ActorDep, SessionDep
from api.rest.schemas import stage_title
from api.web.forms import FormDep, chosen, filled, read, text_of
from api.web.frame import DONE, Page, own_page

SHOWN: Final = 50
router = APIRouter(route_class=Page)

# What the choices of the search form mean; the first that fits is shown as chosen.
ONLY: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "": ("alle, für die ich zuständig bin", {}),
    "eigene": ("nur, was ich bearbeite", {"mine": True}),
    "freie": ("nur freie", {"claimed": False}),
    "gegeben": ("nur, was ich zur Bearbeitung gegeben habe", {"delegated": True}),
    "vertretung": ("nur in Vertretung", {"standing_in": True}),
}
DUE: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "": ("jede", {}),
    "ueberschritten": ("überschritten", {"overdue": True}),
    "7": ("in den nächsten 7 Tagen", {"due_within": 7}),
    "30": ("in den nächsten 30 Tagen", {"due_within": 30}),
}
PRIORITY: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "": ("jede", {}),
    "hoch": ("hoch", {"priority": Priority.HIGH.value}),
    "normal": ("normal", {"priority": Priority.NORMAL.value}),
    "niedrig": ("niedrig", {"priority": Priority.LOW.value}),
}
FOLLOW_UP: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "": ("ohne Weggelegtes", {}),
    "weggelegt": ("nur Weggelegtes", {"follow_up": FollowUp.LATER.value}),
    "alle": ("alles", {"follow_up": FollowUp.ALL.value}),
}
ORDER: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "frist": ("Ende der Frist", {"order": InboxOrder.DUE.value}),
    "dringlichkeit": ("Dringlichkeit", {"order": InboxOrder.PRIORITY.value}),
    "aelteste": ("älteste zuerst", {"order": InboxOrder.OLDEST.value}),
}
CHOICES: Final = {
    "auswahl": ("Auswahl", ONLY),
    "frist": ("Frist", DUE),
    "dringlichkeit": ("Dringlichkeit", PRIORITY),
    "wiedervorlage": ("Wiedervorlage", FOLLOW_UP),
    "sortierung": ("Sortiert nach", ORDER),
}


@router.get("/aufgaben")
def tasks(request: Request, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    asked = dict(request.query_params)
    name = asked["filter"] if asked.get("filter", "\n").isprintable() else None
    query = filters.applied(session, actor, name, InboxQuery()) if name else search_of(asked)
    cursor = asked.get("ab") or None
    found = inbox.inbox(session, actor, query, cursor=cursor, limit=SHOWN)
    kept = {"filter": name} if name else {key: asked[key] for key in _KEYS if asked.get(key)}
    return own_page(
        session,
        actor,
        "tasks.html",
        lines=found.items,
        stages=stages_of(found.items),
        choices=CHOICES,
        chosen=choices_of(query),
        search=query.q or "",
        filter=name,
        filters=filters.filters_of(session, actor),
        first_page=f"/aufgaben?{urlencode(kept)}",
        next_page=_next_page("/aufgaben", kept, found.next_cursor),
        later_page=cursor is not None,
        narrowed=bool(kept),
        done=DONE.get(asked.get("getan", "")),
    )


_KEYS: Final = ("suche", *CHOICES)


def _next_page(path: str, kept: Mapping[str, str], cursor: str | None) -> str | None:
    return f"{path}?{urlencode({**kept, 'ab': cursor})}" if cursor is not None else None


def search_of(asked: Mapping[str, str]) -> InboxQuery:
    """The search of a form; what is not chosen does not narrow."""
    wanted: dict[str, Any] = {"order": InboxOrder.DUE.value}
    for key, (_, choices) in CHOICES.items():
        if asked.get(key) in choices:
            wanted |= choices[asked[key]][1]
    if text := asked.get("suche", "").strip():
        wanted["q"] = text
    return read(InboxQuery, wanted)


def choices_of(query: InboxQuery) -> dict[str, str]:
    """What the form shows as chosen for a search, as far as it has a choice for it."""
    said = query.model_dump(mode="json")

    def fits(meaning: dict[str, Any]) -> bool:
        return bool(meaning) and all(said[field] == value for field, value in meaning.items())

    return {
        key: next((value for value, (_, meaning) in choices.items() if fits(meaning)), "")
        for key, (_, choices) in CHOICES.items()
    }


def stages_of(lines: tuple[TaskLine, ...]) -> dict[UUID, str]:
    """The title of each task's stage."""
    return {line.task.id: stage_title(line.case, line.stage) for line in lines}


@router.post("/aufgaben/filter")
def save_filter(form: FormDep, session: SessionDep, actor: ActorDep) -> Response:
    query = search_of(filled(form, *_KEYS))
    named = {"name": text_of(form, "name"), "query": query.model_dump(exclude_unset=True)}
    saved = filters.save(session, actor, read(SaveFilter, named))
    where = urlencode({"filter": saved.name, "getan": "filter"})
    return RedirectResponse(f"/aufgaben?{where}", HTTPStatus.SEE_OTHER)


@router.post("/aufgaben/filter/{filter_id}/loeschen")
def remove_filter(form: FormDep, filter_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    filters.remove(session, actor, filter_id)
    return RedirectResponse("/aufgaben?getan=filter-weg", HTTPStatus.SEE_OTHER)


@router.post("/aufgaben/mehrere")
def many(form: FormDep, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    action = text_of(form, "tun")
    wanted: dict[str, Any] = {"action": action, "task_ids": chosen(form, "aufgabe")}
    if action == "plan":
        wanted["plan"] = {"follow_up_on": _day_of(form)}
    return carried_out(session, actor, read(BulkAction, wanted), "/aufgaben")


def _day_of(form: FormData) -> str:
    """The day until which tasks are put away; without one they would lose the day they have."""
    day = text_of(form, "follow_up_on")
    if not day:
        sentence = "Bitte den Tag der Wiedervorlage angeben."
        raise Refusal("follow-up-missing", sentence, "follow_up_on")
    return day


def carried_out(session: Session, actor: Actor, wanted: BulkAction, back: str) -> HTMLResponse:
    """Do it, and show what became of each task."""
    results = bulk.carry_out(session, actor, wanted)
    # What one may not see has no title either.
    seen = [result.task_id for result in results if not isinstance(result.refusal, NotFound)]
    return own_page(
        session,
        actor,
        "many.html",
        results=results,
        titles={task_id: session.get_one(Task, task_id).title for task_id in seen},
        count=sum(result.refusal is None for result in results),
        back=back,
    )
