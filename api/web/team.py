"""For whoever leads: a body's open tasks, who is away, what nobody covers, handing over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from agreements import access, handover, substitution
from agreements.bulk import BulkAction
from agreements.filters import InboxQuery
from agreements.handover import HandOver
from agreements.model.enums import Role
from agreements.people import PARTY_ROLES
from agreements.queries import absences as absence_queries
from agreements.queries import bodies, colleagues, inbox
from api.dependencies import ActorDep, SessionDep
from api.web.forms import FormDep, chosen, filled, read, text_of
from api.web.frame import DONE, Page, own_page
from api.web.inbox import SHOWN, carried_out, stages_of

router = APIRouter(route_class=Page, prefix="/leitung")


@router.get("")
def team(session: SessionDep, actor: ActorDep) -> Response:
    found = colleagues.supervised(session, actor)
    if len(found) == 1:
        return RedirectResponse(f"/leitung/{found[0].ags}", HTTPStatus.SEE_OTHER)
    return own_page(session, actor, "teams.html", bodies=found)


@router.get("/{ags}")
def of_body(ags: str, request: Request, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    body_id = access.tasks_of_body(session, actor, ags)
    asked = {key: request.query_params.get(key, "").strip() for key in ("suche", "person")}
    kept = {key: text for key, text in asked.items() if text}
    found = inbox.of_body(
        session,
        actor,
        ags,
        _search(kept),
        _person(kept),
        cursor=request.query_params.get("ab") or None,
        limit=SHOWN,
    )
    here = f"/leitung/{ags}"
    more = {**kept, "ab": found.next_cursor}
    away = absence_queries.of_body(session, body_id)
    return own_page(
        session,
        actor,
        "team.html",
        body=bodies.body(session, ags),
        here=here,
        lines=found.items,
        stages=stages_of(found.items),
        # Admins see who has what, but no contents.
        distributes=substitution.supervises(session, actor, body_id),
        asked=asked,
        narrowed=bool(kept),
        next_page=f"{here}?{urlencode(more)}" if found.next_cursor is not None else None,
        people=colleagues.staff(session, [body_id]),
        absences=away,
        roles=sorted(PARTY_ROLES, key=list(Role).index),
        past=absence_queries.past_of_body(session, body_id),
        gaps=[gap for one in away for gap in one.gaps],
        done=DONE.get(request.query_params.get("getan", "")),
    )


_FREE: Final = "-"  # nobody works on it; no username looks like this


def _search(kept: Mapping[str, str]) -> InboxQuery:
    wanted: dict[str, Any] = {"order": "due", "follow_up": "all"}
    if "suche" in kept:
        wanted["q"] = kept["suche"]
    if kept.get("person") == _FREE:
        wanted["claimed"] = False
    return read(InboxQuery, wanted)


def _person(kept: Mapping[str, str]) -> str | None:
    person = kept.get("person", _FREE)
    return None if person == _FREE or not person.isprintable() else person


@router.post("/{ags}/mehrere")
def many(form: FormDep, ags: str, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    access.tasks_of_body(session, actor, ags)
    wanted: dict[str, Any] = {"action": text_of(form, "tun"), "task_ids": chosen(form, "aufgabe")}
    if wanted["action"] == "assign":
        wanted["assign"] = {**filled(form, "to"), "note": text_of(form, "reason") or None}
    elif wanted["action"] == "reassign":
        wanted["reassign"] = filled(form, "to", "reason")
    return carried_out(session, actor, read(BulkAction, wanted), f"/leitung/{ags}")


@router.post("/{ags}/uebergabe")
def hand_over(form: FormDep, ags: str, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    content = {"from": chosen(form, "from"), **filled(form, "to", "reason")}
    done = handover.hand_over(session, actor, ags, read(HandOver, content))
    moved = Counter(one.to or "alle Zuständigen" for one in done.moved)
    return own_page(
        session,
        actor,
        "handed_over.html",
        done=done,
        moved=moved,
        distributes=substitution.supervises(session, actor, bodies.body(session, ags).id),
        back=f"/leitung/{ags}",
    )
