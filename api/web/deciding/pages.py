"""Enter, check, record: three steps, of which the last one alone writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from agreements import idempotency
from agreements.errors import NotFound, NotPermitted, NotSignedIn, Refusal
from agreements.ids import new_id
from agreements.people import Actor
from api.auth import protect_cookie
from api.dependencies import BearerDep, CookieDep, Errand, Shown, credentials_of
from api.web.deciding import showing
from api.web.deciding.reading import Entered, Faulty, entered, first, read_form
from api.web.deciding.ways import At, Way
from api.web.forms import LONGEST, refuse_longer, version_of
from api.web.frame import Page


async def _form(request: Request) -> AsyncIterator[FormData]:
    """What was sent; also of somebody whose sign-in has ended, who is to lose nothing of it."""
    protect_cookie(request)
    refuse_longer(request, LONGEST)
    async with request.form(max_files=0) as form:
        yield form


class Asking:
    """Somebody at a task."""

    def __init__(self, request: Request, cookie: CookieDep, bearer: BearerDep) -> None:
        self._state, self._credentials = request.app.state, (request, cookie, bearer)

    async def errand(self, key: str | None = None, mark: str = "") -> Errand:
        """The unit of work in which everything of this request happens."""
        credentials = await credentials_of(*self._credentials)
        return Errand(self._state.sessions, self._state.turns, credentials, key, mark)

    async def shown(self, build: Callable[[Session, Actor], Shown]) -> Shown:
        """What ``build`` makes of it; whatever it tried is undone."""
        return await (await self.errand()).rehearse(build)


AskingDep = Annotated[Asking, Depends()]


class Sent(Asking):
    """A form that was sent: whose errand it is, and what stands in it."""

    def __init__(
        self,
        form: Annotated[FormData, Depends(_form)],
        request: Request,
        cookie: CookieDep,
        bearer: BearerDep,
    ) -> None:
        super().__init__(request, cookie, bearer)
        self.given: Entered = entered(form)
        # An act may have a version of its own, that of a text.
        self.version = version_of(form, "stand")


SentDep = Annotated[Sent, Depends()]


def pages_of(way: Way) -> APIRouter:
    """The three pages on which something is entered at a task in this way."""
    router = APIRouter(route_class=Page, prefix=f"/aufgaben/{{task_id}}/{way.path}")

    @router.get("")
    async def enter(task_id: UUID, asking: AskingDep, getan: str = "") -> Response:
        return await _enter(way, task_id, asking, getan)

    @router.post("")
    async def check(task_id: UUID, sent: SentDep) -> Response:
        return await _unless_refused(way, task_id, sent, lambda: _check(way, task_id, sent))

    @router.post("/eintragen")
    async def record(task_id: UUID, sent: SentDep) -> Response:
        return await _unless_refused(way, task_id, sent, lambda: _record(way, task_id, sent))

    return router


async def _enter(way: Way, task_id: UUID, asking: Asking, getan: str) -> Response:
    def begin(session: Session, actor: Actor) -> tuple[Response, BaseModel | None, Entered]:
        at = At.seen(session, actor, task_id, way)
        if way.against(at):
            # The task's page says why not.
            return RedirectResponse(f"/aufgaben/{task_id}", HTTPStatus.SEE_OTHER), None, {}
        given = way.begins(at)
        try:
            return showing.empty(at, given, getan), read_form(at.form, given), given
        except Faulty:
            return showing.empty(at, given, getan), None, given

    page, content, given = await asking.shown(begin)
    if content is None:
        return page
    try:
        # Nothing need be entered: what stands against it can be said at once.
        await asking.shown(way.work(task_id, given, content, None))
    except Refusal as refusal:
        if refusal.field is None:
            reasons = (refusal.message,)
            return await asking.shown(
                lambda s, a: showing.not_now(At.seen(s, a, task_id, way), {}, reasons)
            )
    return page


async def _check(way: Way, task_id: UUID, sent: Sent) -> Response:
    step = first(sent.given, "schritt")
    if step in showing.STEPS or step.startswith(showing.MORE):
        return await sent.shown(
            lambda s, a: showing.again(At.seen(s, a, task_id, way), sent.given, step=step)
        )
    content = read_form(way.form(sent.given), sent.given)
    return await sent.shown(
        lambda s, a: showing.to_check(
            At.locked(s, a, task_id, way), content, sent.given, sent.version
        )
    )


async def _record(way: Way, task_id: UUID, sent: Sent) -> Response:
    content = read_form(way.form(sent.given), sent.given)
    key = first(sent.given, "einmal")[:100] or str(new_id())
    mark = idempotency.fingerprint(
        "POST", f"{way.path}/{task_id}", content.model_dump_json().encode()
    )
    errand = await sent.errand(key, mark)
    await errand.run(way.work(task_id, sent.given, content, sent.version))
    return RedirectResponse(f"/aufgaben/{task_id}?getan={way.done}", HTTPStatus.SEE_OTHER)


async def _unless_refused(
    way: Way, task_id: UUID, sent: Sent, step: Callable[[], Awaitable[Response]]
) -> Response:
    """The step's page, or the form again with what was entered and what is wrong with it."""
    try:
        return await _or_again(way, task_id, sent, step)
    except NotSignedIn:
        return showing.signed_out(task_id, way, sent.given)


async def _or_again(
    way: Way, task_id: UUID, sent: Sent, step: Callable[[], Awaitable[Response]]
) -> Response:
    try:
        return await step()
    except (NotFound, NotPermitted, NotSignedIn):
        raise
    except (Faulty, Refusal) as refused:
        trouble = refused
    return await sent.shown(
        lambda s, a: showing.again(At.seen(s, a, task_id, way), sent.given, trouble=trouble)
    )
