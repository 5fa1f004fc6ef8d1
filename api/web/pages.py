"""The pages: sign-in, one's messages and how they come."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from agreements import people
from agreements.errors import NotSignedIn
from agreements.law.days import WEEKDAYS
from agreements.mail import lists
from agreements.mail.boxes import in_words
from agreements.mail.lists import SetMailRhythm
from agreements.model.enums import MailRhythm
from agreements.model.people import User
from api import signing_in
from api.auth import COOKIE, TooManyAttempts, protect_cookie
from api.dependencies import ActorDep, SessionDep, SignedInDep
from api.web.frame import Page, local, own_page, page

SHOWN: Final = 50
router = APIRouter(route_class=Page)


@router.get("/")
def start() -> Response:
    return RedirectResponse("/aufgaben", HTTPStatus.SEE_OTHER)


@router.get("/anmeldung")
def sign_in_form(weiter: str = "/aufgaben") -> HTMLResponse:
    return page("sign_in.html", target=local(weiter), username="", sentence=None)


@router.post("/anmeldung")
def sign_in(
    request: Request,
    session: SessionDep,
    username: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    weiter: Annotated[str, Form(max_length=500)] = "/aufgaben",
) -> Response:
    protect_cookie(request)
    target = local(weiter)
    try:
        _, secret, expires_at = signing_in.sign_in(request, session, username, password)
    except (NotSignedIn, TooManyAttempts) as refusal:
        return page(
            "sign_in.html",
            refusal.status,
            target=target,
            username=username,
            sentence=refusal.message,
        )
    response = RedirectResponse(target, HTTPStatus.SEE_OTHER)
    signing_in.give_cookie(request, response, secret, expires_at)
    return response


@router.post("/abmeldung")
def sign_out(session: SessionDep, signed_in: SignedInDep) -> Response:
    people.revoke_token(session, signed_in.actor, signed_in.token_id)
    response = RedirectResponse("/anmeldung", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/nachrichten")
def messages(session: SessionDep, actor: ActorDep, ab: str | None = None) -> HTMLResponse:
    found = lists.own_mails(session, actor, cursor=ab or None, limit=SHOWN)
    return own_page(
        session, actor, "messages.html", mails=found.items, next_cursor=found.next_cursor
    )


@router.get("/einstellungen")
def preferences(session: SessionDep, actor: ActorDep, gespeichert: bool = False) -> HTMLResponse:
    user = session.get_one(User, actor.user_id)
    return own_page(
        session,
        actor,
        "preferences.html",
        user=user,
        rhythms=list(MailRhythm),
        weekdays=list(enumerate(WEEKDAYS, start=1)),
        sentence=in_words(user),
        saved=gespeichert,
    )


@router.post("/einstellungen")
def set_preferences(
    session: SessionDep,
    actor: ActorDep,
    rhythm: Annotated[MailRhythm, Form()],
    hour: Annotated[int, Form(ge=0, le=23)],
    weekday: Annotated[int, Form(ge=1, le=7)],
) -> Response:
    lists.set_rhythm(session, actor, SetMailRhythm(rhythm=rhythm, hour=hour, weekday=weekday))
    return RedirectResponse("/einstellungen?gespeichert=true", HTTPStatus.SEE_OTHER)
