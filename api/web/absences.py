"""One's own absences with those who stand in, and those in which one stands in."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from agreements import absences as use_cases
from agreements.absences import AddSubstitution, EndAbsence, EnterAbsence
from agreements.model.bodies import Body
from agreements.model.enums import Role
from agreements.people import Actor
from agreements.queries import absences as queries
from agreements.queries import bodies, colleagues
from api.dependencies import ActorDep, SessionDep
from api.web.forms import FormDep, filled, read, text_of
from api.web.frame import DONE, Page, local, own_page

router = APIRouter(route_class=Page, prefix="/abwesenheit")
HERE = "/abwesenheit"
SUBSTITUTION: Final = ("substitute", "role", "body", "case")


@router.get("")
def absences(session: SessionDep, actor: ActorDep, getan: str | None = None) -> HTMLResponse:
    return own_page(
        session,
        actor,
        "absences.html",
        own=queries.of_person(session, actor),
        past=queries.past_of_person(session, actor),
        standing_in=queries.where_standing_in(session, actor),
        people=colleagues.of_own_side(session, actor),
        bodies=_bodies(session, actor),
        roles=[role for role in Role if actor.bodies(role)],
        here=HERE,
        done=DONE.get(getan or ""),
    )


def _bodies(session: Session, actor: Actor) -> Sequence[Body]:
    """To which of them a substitution may be limited: only where there are several."""
    found = bodies.by_id(session, actor.bodies())
    return sorted(found.values(), key=lambda body: body.ags) if len(found) > 1 else ()


def entered(form: FormData) -> EnterAbsence:
    """The absence of a form, with the one who stands in, if any is chosen."""
    wanted: dict[str, Any] = dict(filled(form, "username", "first_day", "last_day"))
    substitution = filled(form, *SUBSTITUTION)
    if "substitute" in substitution:
        wanted["substitutions"] = [substitution]
    return read(EnterAbsence, wanted)


def _back(form: FormData, done: str) -> Response:
    """To the page whose form it was: one's own, or that of the supervisor."""
    where = local(text_of(form, "zurueck") or HERE)
    return RedirectResponse(f"{where}?getan={done}", HTTPStatus.SEE_OTHER)


@router.post("")
def enter(form: FormDep, session: SessionDep, actor: ActorDep) -> Response:
    use_cases.enter(session, actor, entered(form))
    return _back(form, "eingetragen")


@router.post("/{absence_id}/beenden")
def end(form: FormDep, absence_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    wanted = read(EndAbsence, filled(form, "last_day"))
    use_cases.end(session, actor, absence_id, wanted)
    return _back(form, "beendet" if wanted.last_day is None else "verkuerzt")


@router.post("/{absence_id}/vertretung")
def add(form: FormDep, absence_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    wanted = read(AddSubstitution, filled(form, *SUBSTITUTION))
    use_cases.add_substitution(session, actor, absence_id, wanted)
    return _back(form, "vertretung")


@router.post("/{absence_id}/vertretung/{substitution_id}/beenden")
def end_substitution(
    form: FormDep, absence_id: UUID, substitution_id: UUID, session: SessionDep, actor: ActorDep
) -> Response:
    use_cases.end_substitution(session, actor, absence_id, substitution_id)
    return _back(form, "vertretung-weg")
