"""Enter, check, record: three steps, of which the last one alone writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from agreements import access, idempotency
from agreements.acts import Act
from agreements.errors import NotFound, NotPermitted, NotSignedIn, Refusal
from agreements.ids import new_id
from agreements.model.enums import TaskKind
from agreements.people import Actor
from agreements.procedures.transitions import TaskAction
from agreements.queries import tasks as queries
from api.auth import protect_cookie
from api.dependencies import BearerDep, CookieDep, Errand, Shown, credentials_of
from api.rest.tasks import completing
from api.web.deciding import showing
from api.web.deciding.fields import Form
from api.web.deciding.kinds import FORMS
from api.web.deciding.reading import Entered, Faulty, entered, first, read_act
from api.web.forms import LONGEST, refuse_longer, version_of
from api.web.frame import Page

router = APIRouter(route_class=Page, prefix="/aufgaben/{task_id}/erfassen")


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

    @property
    def form(self) -> Form:
        """The form of the kind that it says it is; the use case judges whether the task is."""
        kind = first(self.given, "art")
        if kind not in {known.value for known in FORMS}:
            raise Refusal("invalid-input", "Die Art der Aufgabe fehlt. Bitte von vorn beginnen.")
        return FORMS[TaskKind(kind)]

    def act(self) -> Act:
        """What is to be recorded; ``Faulty`` if it cannot be read."""
        return read_act(self.form, self.given)


SentDep = Annotated[Sent, Depends()]


@router.get("")
async def enter(task_id: UUID, asking: AskingDep, getan: str = "") -> Response:
    def begin(session: Session, actor: Actor) -> tuple[Response, Act | None]:
        seen, _, _ = access.visible_task(session, actor, task_id)
        if dict(queries.offered(session, actor, seen)).get(TaskAction.COMPLETE) != ():
            # The task's page says why not.
            return RedirectResponse(f"/aufgaben/{task_id}", HTTPStatus.SEE_OTHER), None
        return showing.empty(session, actor, task_id, getan)

    page, act = await asking.shown(begin)
    if act is None:
        return page
    try:
        # Nothing need be entered: what stands against it can be said at once.
        await asking.shown(completing(task_id, act, None))
    except Refusal as refusal:
        if refusal.field is None:
            reasons = (refusal.message,)
            return await asking.shown(lambda s, a: showing.not_now(s, a, task_id, reasons))
    return page


@router.post("")
async def check(task_id: UUID, sent: SentDep) -> Response:
    step = first(sent.given, "schritt")
    if step in showing.STEPS or step.startswith(showing.MORE):
        return await _unless_refused(
            task_id,
            sent,
            lambda: sent.shown(lambda s, a: showing.again(s, a, task_id, sent.given, step=step)),
        )

    async def checked() -> Response:
        act = sent.act()
        return await sent.shown(
            lambda s, a: showing.to_check(s, a, task_id, act, sent.given, sent.version)
        )

    return await _unless_refused(task_id, sent, checked)


@router.post("/eintragen")
async def record(task_id: UUID, sent: SentDep) -> Response:
    async def recorded() -> Response:
        act = sent.act()
        key = first(sent.given, "einmal")[:100] or str(new_id())
        content = act.model_dump_json().encode()
        mark = idempotency.fingerprint("POST", f"erfassen/{task_id}", content)
        errand = await sent.errand(key, mark)
        await errand.run(completing(task_id, act, sent.version))
        where = f"/aufgaben/{task_id}?getan=erledigt"
        return RedirectResponse(where, HTTPStatus.SEE_OTHER)

    return await _unless_refused(task_id, sent, recorded)


async def _unless_refused(
    task_id: UUID, sent: Sent, step: Callable[[], Awaitable[Response]]
) -> Response:
    """The step's page, or the form again with what was entered and what is wrong with it."""
    try:
        return await _or_again(task_id, sent, step)
    except NotSignedIn:
        return showing.signed_out(task_id, sent.given)


async def _or_again(task_id: UUID, sent: Sent, step: Callable[[], Awaitable[Response]]) -> Response:
    try:
        return await step()
    except (NotFound, NotPermitted, NotSignedIn):
        raise
    except (Faulty, Refusal) as refused:
        trouble = refused
    return await sent.shown(lambda s, a: showing.again(s, a, task_id, sent.given, trouble=trouble))
