"""Enter, check, record: three steps, of which the last one alone writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from agreements import access, idempotency
from agreements.acts import Act
from agreements.errors import NotFound, NotPermitted, NotSignedIn, Refusal
from agreements.ids import new_id
from agreements.model.enums import TaskKind
from agreements.people import Actor
from agreements.procedures.transitions import TaskAction
from agreements.queries import tasks as queries
from api.dependencies import ActorDep, CredentialsDep, Errand, SessionDep
from api.rest.tasks import completing
from api.web.deciding import showing
from api.web.deciding.fields import Form
from api.web.deciding.kinds import FORMS
from api.web.deciding.reading import Entered, Faulty, entered, first, read_act
from api.web.forms import FormDep, version_of
from api.web.frame import Page

router = APIRouter(route_class=Page, prefix="/aufgaben/{task_id}/erfassen")

_MORE: Final = "mehr:"


class Sent:
    """A form that was sent: whose errand it is, and what stands in it."""

    def __init__(self, request: Request, form: FormDep, credentials: CredentialsDep) -> None:
        self.given: Entered = entered(form)
        self.version = version_of(form)
        self._request, self._credentials = request, credentials

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

    def errand(self, key: str | None = None, mark: str = "") -> Errand:
        """The unit of work in which everything of this request happens."""
        state = self._request.app.state
        return Errand(state.sessions, state.turns, self._credentials, key, mark)

    async def shown(self, build: Callable[[Session, Actor], Response]) -> Response:
        """A page for whoever has sent it; whatever it tried is undone."""
        return await self.errand().rehearse(build)


SentDep = Annotated[Sent, Depends()]


@router.get("")
def enter(task_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    seen, _, _ = access.visible_task(session, actor, task_id)
    if dict(queries.offered(session, actor, seen)).get(TaskAction.COMPLETE) != ():
        # The task's page says why not.
        return RedirectResponse(f"/aufgaben/{task_id}", HTTPStatus.SEE_OTHER)
    return showing.empty(session, actor, task_id)


@router.post("")
async def check(task_id: UUID, sent: SentDep) -> Response:
    step = first(sent.given, "schritt")
    if step == "aendern" or step.startswith(_MORE):
        more = step.removeprefix(_MORE)
        return await sent.shown(lambda s, a: showing.again(s, a, task_id, sent.given, more=more))

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
        await sent.errand(key, mark).run(completing(task_id, act, sent.version))
        where = f"/aufgaben/{task_id}?getan=erledigt"
        return RedirectResponse(where, HTTPStatus.SEE_OTHER)

    return await _unless_refused(task_id, sent, recorded)


async def _unless_refused(
    task_id: UUID, sent: Sent, step: Callable[[], Awaitable[Response]]
) -> Response:
    """The step's page, or the form again with what was entered and what is wrong with it."""
    try:
        return await step()
    except (NotFound, NotPermitted, NotSignedIn):
        raise
    except (Faulty, Refusal) as refused:
        trouble = refused
    return await sent.shown(lambda s, a: showing.again(s, a, task_id, sent.given, trouble=trouble))
