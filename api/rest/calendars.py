"""Calendars to subscribe to: made, listed, revoked, and read by their secret alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body, Header, Request, Response
from pydantic import Field

from agreements import feeds
from agreements.feeds import Feed, NewCalendar
from api.dependencies import ActorDep, SessionDep
from api.rest.schemas import Output

router = APIRouter(prefix="/calendars", tags=["Benachrichtigungen"])
MEDIA_TYPE: Final = "text/calendar"


class CalendarView(Output):
    """Ein Kalender zum Abonnieren, ohne sein Geheimnis."""

    id: UUID
    name: str = Field(examples=["Fristen auf dem Diensttelefon"])
    case: str | None = Field(
        description="Aktenzeichen; null: die eigenen Termine", examples=["IKZ-2026-0001"]
    )
    created_at: datetime

    @classmethod
    def of(cls, feed: Feed) -> CalendarView:
        """The calendar of a row."""
        return cls(
            id=feed.calendar.id,
            name=feed.calendar.name,
            case=feed.reference,
            created_at=feed.calendar.created_at,
        )


class NewCalendarView(Output):
    """Ein neuer Kalender; seine Adresse wird nur dieses eine Mal gezeigt."""

    calendar: CalendarView
    url: str = Field(description="Adresse zum Abonnieren; wer sie kennt, sieht die Termine")


class Calendars(Output):
    """Die eigenen Kalender."""

    items: list[CalendarView]


@router.post("", summary="Einen Kalender zum Abonnieren anlegen", status_code=201)
def create(
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    wanted: Annotated[
        NewCalendar,
        Body(
            openapi_examples={
                "eigene Termine": {"value": {"name": "Fristen auf dem Diensttelefon"}},
                "ein Vorgang": {"value": {"name": "Smart Region", "case": "IKZ-2026-0001"}},
            }
        ),
    ],
) -> NewCalendarView:
    secret, feed = feeds.create(session, actor, wanted)
    base = request.app.state.settings.links_url
    url = f"{base}/api/v1/calendars/{secret}.ics"
    return NewCalendarView(calendar=CalendarView.of(feed), url=url)


@router.get("", summary="Eigene Kalender")
def calendars(session: SessionDep, actor: ActorDep) -> Calendars:
    return Calendars(items=[CalendarView.of(feed) for feed in feeds.feeds_of(session, actor)])


@router.delete("/{calendar_id}", summary="Einen Kalender widerrufen", status_code=204)
def revoke(calendar_id: UUID, session: SessionDep, actor: ActorDep) -> None:
    feeds.revoke(session, actor, calendar_id)


@router.get(
    "/{secret}.ics",
    summary="Einen Kalender abrufen (ohne Anmeldung, allein mit seiner Adresse)",
    response_class=Response,
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}},
        304: {"description": "Unverändert seit dem ETag in If-None-Match"},
    },
)
def read(
    request: Request,
    session: SessionDep,
    secret: str,
    if_none_match: Annotated[str | None, Header(description="ETag einer früheren Antwort")] = None,
) -> Response:
    found = feeds.read(session, secret, request.app.state.settings.links_url)
    tag = f'"{found.etag}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=0, must-revalidate"}
    known = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(found.text, media_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers)
