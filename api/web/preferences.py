"""The page that every mail leads to: how often mail comes, and what it has said."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from agreements.mail import lists
from agreements.mail.boxes import in_words
from agreements.mail.lists import SetMailRhythm
from agreements.model.enums import MailRhythm
from agreements.model.people import User
from api.dependencies import ActorDep, SessionDep
from api.web.frame import Page, page

SHOWN: Final = 20
WEEKDAYS: Final = (
    "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
)  # fmt: skip
router = APIRouter(route_class=Page)


@router.get("/einstellungen")
def preferences(session: SessionDep, actor: ActorDep, gespeichert: bool = False) -> HTMLResponse:
    user = session.get_one(User, actor.user_id)
    return page(
        "preferences.html",
        name=actor.name,
        user=user,
        sentence=in_words(user),
        saved=gespeichert,
        rhythms=tuple(MailRhythm),
        weekdays=tuple(enumerate(WEEKDAYS, 1)),
        mails=lists.own_mails(session, actor, cursor=None, limit=SHOWN).items,
    )


@router.post("/einstellungen")
def change(
    session: SessionDep,
    actor: ActorDep,
    rhythm: Annotated[MailRhythm, Form()],
    hour: Annotated[int, Form(ge=0, le=23)],
    weekday: Annotated[int, Form(ge=1, le=7)],
) -> Response:
    wanted = SetMailRhythm(rhythm=rhythm, hour=hour, weekday=weekday)
    lists.set_rhythm(session, actor, wanted)
    return RedirectResponse("/einstellungen?gespeichert=true", HTTPStatus.SEE_OTHER)
