"""Calendars to subscribe to: made, with the address shown once, and revoked."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from agreements import feeds
from agreements.feeds import NewCalendar
from agreements.people import Actor
from api.dependencies import ActorDep, SessionDep
from api.web.forms import FormDep, filled, read
from api.web.frame import DONE, Page, own_page

router = APIRouter(route_class=Page, prefix="/kalender")


@router.get("")
def calendars(session: SessionDep, actor: ActorDep, getan: str | None = None) -> HTMLResponse:
    return _shown(session, actor, done=DONE.get(getan or ""))


def _shown(
    session: Session, actor: Actor, *, done: str | None = None, address: str | None = None
) -> HTMLResponse:
    found = feeds.feeds_of(session, actor)
    return own_page(session, actor, "calendars.html", feeds=found, done=done, address=address)


@router.post("")
def create(form: FormDep, request: Request, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    secret, _ = feeds.create(session, actor, read(NewCalendar, filled(form, "name", "case")))
    base = request.app.state.settings.links_url
    # Only its hash is kept: the address cannot be shown again.
    return _shown(session, actor, address=f"{base}/api/v1/calendars/{secret}.ics")


@router.post("/{calendar_id}/widerrufen")
def revoke(form: FormDep, calendar_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    feeds.revoke(session, actor, calendar_id)
    return RedirectResponse("/kalender?getan=kalender-weg", HTTPStatus.SEE_OTHER)
