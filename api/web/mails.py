"""For the administration: what has become of the mails."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from agreements.mail import lists
from agreements.model.enums import MailState
from api.dependencies import ActorDep, SessionDep
from api.web.forms import FormDep
from api.web.frame import DONE, Page, own_page
from api.web.inbox import SHOWN

router = APIRouter(route_class=Page, prefix="/versand")


@router.get("")
def mails(
    session: SessionDep,
    actor: ActorDep,
    stand: str = "",
    ab: str | None = None,
    getan: str | None = None,
) -> HTMLResponse:
    state = MailState(stand) if stand in set(MailState) else None
    found = lists.mails(session, actor, state=state, cursor=ab or None, limit=SHOWN)
    more = {"stand": state.value if state else "", "ab": found.next_cursor}
    return own_page(
        session,
        actor,
        "mails.html",
        lines=found.items,
        state=state,
        states=list(MailState),
        counts=lists.counts(session),
        retried=lists.RETRIED,
        next_page=f"/versand?{urlencode(more)}" if found.next_cursor is not None else None,
        done=DONE.get(getan or ""),
    )


@router.post("/{mail_id}/erneut")
def retry(form: FormDep, mail_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    lists.retry(session, actor, mail_id)
    return RedirectResponse("/versand?getan=erneut", HTTPStatus.SEE_OTHER)
