"""The pages: sign-in, one's open tasks, one task, one's messages and how they come."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from agreements import access, people
from agreements.errors import NotSignedIn
from agreements.filters import InboxQuery
from agreements.glossary import label
from agreements.law.days import WEEKDAYS
from agreements.mail import lists
from agreements.mail.boxes import in_words
from agreements.mail.lists import SetMailRhythm
from agreements.model.enums import MailRhythm
from agreements.model.people import User
from agreements.procedures.transitions import TaskAction
from agreements.queries import inbox
from agreements.queries import tasks as queries
from agreements.queries.tasks import TaskLine
from api import signing_in
from api.auth import COOKIE, TooManyAttempts, protect_cookie
from api.dependencies import ActorDep, SessionDep, SignedInDep
from api.rest.schemas import stage_title
from api.web.frame import Page, local, page

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


@router.get("/aufgaben")
def tasks(session: SessionDep, actor: ActorDep) -> HTMLResponse:
    found = inbox.inbox(session, actor, InboxQuery(), cursor=None, limit=SHOWN)
    return page(
        "tasks.html",
        name=actor.name,
        lines=found.items,
        more=found.next_cursor is not None,
        stages={line.task.id: _stage(line) for line in found.items},
    )


@router.get("/aufgaben/{task_id}")
def task(task_id: UUID, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    seen, _, _ = access.visible_task(session, actor, task_id)
    line = queries.line(session, seen.id)
    offered = dict(queries.offered(session, actor, seen))
    return page(
        "task.html",
        name=actor.name,
        line=line,
        stage=_stage(line),
        role=label(seen.role),
        state=label(seen.state),
        mine=TaskAction.COMPLETE in offered,
        objections=offered.get(TaskAction.COMPLETE, ()),
    )


def _stage(line: TaskLine) -> str:
    return stage_title(line.case, line.stage)


@router.get("/nachrichten")
def messages(session: SessionDep, actor: ActorDep) -> HTMLResponse:
    found = lists.own_mails(session, actor, cursor=None, limit=SHOWN)
    return page(
        "messages.html",
        name=actor.name,
        mails=found.items,
        more=found.next_cursor is not None,
    )


@router.get("/einstellungen")
def preferences(session: SessionDep, actor: ActorDep, gespeichert: bool = False) -> HTMLResponse:
    user = session.get_one(User, actor.user_id)
    return page(
        "preferences.html",
        name=user.display_name,
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
