"""The pages: sign-in, one's messages and how they come."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from agreements import people
from agreements.errors import NotSignedIn
from agreements.law.days import WEEKDAYS
from agreements.mail import lists
from agreements.mail.boxes import in_words
from agreements.mail.forgetting import readable_text
from agreements.mail.lists import SetMailRhythm
from agreements.model.enums import MailRhythm
from agreements.model.people import User
from api import signing_in
from api.auth import COOKIE, TooManyAttempts, protect_cookie
from api.dependencies import ActorDep, SessionDep, SignedInDep
from api.web.again import Typed, page_again
from api.web.forms import LABELS, FormDep, StrangersFormDep, read, text_of
from api.web.frame import SIGN_IN, Page, local, own_page, sign_in_page

SHOWN: Final = 50
router = APIRouter(route_class=Page)


@router.get("/")
def start() -> Response:
    return RedirectResponse("/aufgaben", HTTPStatus.SEE_OTHER)


class _SignIn(BaseModel):
    """What is filled in to sign in, and the page that was wanted."""

    username: str = Field("", max_length=100)
    password: str = Field("", max_length=1000)
    weiter: str = Field("/aufgaben", max_length=2000)


@router.get(SIGN_IN)
def sign_in_form(weiter: str = "/aufgaben") -> HTMLResponse:
    return sign_in_page(weiter)


# One transaction that has ended when the page is looked at again, as the one who signed in.
@router.post(SIGN_IN)
async def sign_in(form: StrangersFormDep, request: Request) -> Response:
    protect_cookie(request)
    wanted = read(_SignIn, {name: form[name] for name in _SignIn.model_fields if name in form})
    typed, target = Typed.of_sign_in(form), local(wanted.weiter)
    try:
        secret, expires_at = await run_in_threadpool(_signed_in, request, wanted)
    except (NotSignedIn, TooManyAttempts) as refusal:
        return sign_in_page(
            target,
            status=refusal.status,
            username=wanted.username,
            sentence=refusal.message,
            carried=typed.carried() if typed is not None else (),
        )
    response: Response = RedirectResponse(target, HTTPStatus.SEE_OTHER)
    if typed is not None:
        response = await page_again(request, target, secret, typed, LABELS)
    signing_in.give_cookie(request, response, secret, expires_at)
    return response


def _signed_in(request: Request, wanted: _SignIn) -> tuple[str, datetime]:
    with request.app.state.sessions.begin() as session:
        _, secret, expires_at = signing_in.sign_in(
            request, session, wanted.username, wanted.password
        )
    return secret, expires_at


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
        session,
        actor,
        "messages.html",
        mails=[(mail, readable_text(mail)) for mail in found.items],
        next_cursor=found.next_cursor,
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
def set_preferences(form: FormDep, session: SessionDep, actor: ActorDep) -> Response:
    # Each of them: what is left empty is no choice.
    wanted = {name: text_of(form, name) for name in SetMailRhythm.model_fields}
    lists.set_rhythm(session, actor, read(SetMailRhythm, wanted))
    return RedirectResponse("/einstellungen?gespeichert=true", HTTPStatus.SEE_OTHER)
