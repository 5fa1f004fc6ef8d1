"""One task: what it is about, what has come of it, and what people do with it beside deciding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from pathlib import PurePath
from typing import Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from agreements import (
    access,
    assignment,
    corrections,
    duedates,
    idempotency,
    planning,
    remarks,
    responsibility,
)
from agreements import tasks as use_cases
from agreements.assignment import AssignTask, DelegateTask, HandBackTask, ReassignTask
from agreements.documents.store import DocumentStore
from agreements.duedates import DayKind, MoveDueDate
from agreements.errors import NotPermitted
from agreements.filters import InboxOrder, InboxQuery
from agreements.glossary import label
from agreements.ids import new_id
from agreements.model.cases import Case, Task
from agreements.model.enums import DueKind, Priority, TaskState
from agreements.model.people import User
from agreements.people import Actor
from agreements.planning import PlanTask
from agreements.procedures.transitions import Objections, TaskAction
from agreements.queries import colleagues, inbox, recorded
from agreements.queries import tasks as queries
from agreements.queries.tasks import TaskLine
from agreements.remarks import WriteComment
from agreements.sights import Sight
from api.dependencies import ActorDep, SessionDep
from api.rest.schemas import stage_title
from api.web.deciding import signing, words
from api.web.deciding.kinds import FORMS
from api.web.forms import FileFormDep, FormDep, Model, file_of, filled, read, text_of, version_of
from api.web.frame import DONE, Page, own_page

router = APIRouter(route_class=Page, prefix="/aufgaben/{task_id}")

# Done with a task by whoever filled in that form.
Deed: TypeAlias = Callable[[Session, Actor, UUID, FormData], Task]

_DAYS: Final = {
    DayKind.PERIOD: "Ende einer Frist: fällt es auf einen freien Tag, gilt der nächste Werktag",
    DayKind.ANNOUNCED: "genau dieser Tag wurde als Ende der Frist mitgeteilt",
    DayKind.APPOINTMENT: "Termin: bleibt auch an einem freien Tag",
}
_TYPES: Final[Mapping[str, str]] = {
    kind.ending: media_type for media_type, kind in remarks.ACCEPTED.items()
} | {".jpeg": "image/jpeg"}
_GIVING: Final = (TaskAction.DELEGATE, TaskAction.ASSIGN, TaskAction.REASSIGN)
_DISTRIBUTING: Final = (TaskAction.CLAIM, TaskAction.RELEASE, TaskAction.HAND_BACK, *_GIVING)


@router.get("")
def task(
    task_id: UUID, session: SessionDep, actor: ActorDep, getan: str | None = None
) -> HTMLResponse:
    seen, case, sight = access.visible_task(session, actor, task_id)
    line = queries.line(session, seen.id)
    offered = dict(queries.offered(session, actor, seen))
    holder = responsibility.holder_of(session, actor, seen)
    is_open = seen.state is TaskState.OPEN
    return own_page(
        session,
        actor,
        "task.html",
        line=line,
        stage=stage_title(line.case, line.stage),
        role=label(seen.role),
        state=label(seen.state),
        open=is_open,
        closed=_closed(session, seen),
        for_whom=holder.on_behalf_of if holder is not None else None,
        possible={action.value for action in _DISTRIBUTING if offered.get(action) == ()},
        objections=offered.get(TaskAction.COMPLETE, ()),
        decides=TaskAction.COMPLETE in offered,
        plans=bool(offered),
        says=FORMS[seen.kind].says,
        recipients=_recipients(session, actor, seen, offered),
        gets_it_back=seen.delegated_by == actor.user_id,
        priorities=list(Priority),
        due=_due(session, actor, case, seen),
        to_confirm=signing.to_confirm(session, actor, case, seen) if is_open else [],
        done=DONE.get(getan or ""),
        once=new_id(),
        **_remarks(session, actor, task_id),
        **_after(session, actor, case, sight, seen),
    )


def _after(
    session: Session, actor: Actor, case: Case, sight: Sight, seen: Task
) -> dict[str, object]:
    """Of a task that is done: what was recorded, where the case stands, and what comes next."""
    if seen.state is TaskState.OPEN:
        return {}
    return {
        "recorded": recorded.recorded_in(session, case, sight, seen),
        "corrected": recorded.corrections(session, case, sight, seen),
        "correction": _correction(session, actor, case, seen),
        "stands": words.stands(session, case),
        "following": _following(session, actor, case),
    }


def _correction(session: Session, actor: Actor, case: Case, seen: Task) -> str:
    """Whether the person may correct what was recorded: "may", "other" (somebody else), or ""."""
    now = recorded.resolution_now(session, seen)
    if now is None:
        return ""
    refusal = corrections.why_not(session, actor, case, now)
    if refusal is None:
        return "may"
    return "other" if refusal.code == "second-person-needed" else ""


def _following(session: Session, actor: Actor, case: Case) -> TaskLine | None:
    """The person's next task: in the same case if there is one, else the most urgent."""
    for narrowed in (case.reference, None):
        query = InboxQuery(case=narrowed, order=InboxOrder.DUE)
        found = inbox.inbox(session, actor, query, cursor=None, limit=1).items
        if found:
            return found[0]
    return None


def _closed(session: Session, seen: Task) -> str | None:
    """What has become of a task that is not open any more."""
    return None if seen.state is TaskState.OPEN else responsibility.why_not_open(session, seen)


def _recipients(
    session: Session, actor: Actor, seen: Task, offered: Mapping[TaskAction, Objections]
) -> Sequence[User]:
    if not any(offered.get(action) == () for action in _GIVING):
        return ()
    return colleagues.recipients(session, actor, seen)


def _due(session: Session, actor: Actor, case: Case, seen: Task) -> dict[str, object]:
    movers = duedates.movers(session, actor, case, seen)
    statutory = seen.due_kind is DueKind.STATUTORY and seen.state is TaskState.OPEN
    return {
        "may_move": seen.state is TaskState.OPEN and any(mover.is_me for mover in movers),
        "why_not": duedates.why_statutory(seen) if statutory else None,
        "moves": duedates.moves_of(session, seen.id),
        "kinds": (DueKind.INTERNAL, DueKind.AUTHORITY),
        "days": _DAYS,
    }


def _remarks(session: Session, actor: Actor, task_id: UUID) -> dict[str, object]:
    try:
        comments = remarks.comments_of(session, actor, task_id)
    except NotPermitted as refusal:
        return {"comments": [], "attachments": [], "in_confidence": refusal.message}
    attachments = remarks.attachments_of(session, actor, task_id)
    return {"comments": comments, "attachments": attachments, "in_confidence": None}


def _back(task_id: UUID, done: str) -> Response:
    return RedirectResponse(f"/aufgaben/{task_id}?getan={done}", HTTPStatus.SEE_OTHER)


def _with(
    model: type[Model], use_case: Callable[[Session, Actor, UUID, Model, int | None], Task]
) -> Deed:
    """The use case with what is filled in for it, on the state that the person has seen."""

    def do(session: Session, actor: Actor, task_id: UUID, form: FormData) -> Task:
        wanted = read(model, filled(form, *model.model_fields))
        return use_case(session, actor, task_id, wanted, version_of(form))

    return do


def _as_it_is(use_case: Callable[[Session, Actor, UUID, int | None], Task]) -> Deed:
    """The use case on whatever state it is in: whoever was faster is named."""
    return lambda session, actor, task_id, _: use_case(session, actor, task_id, None)


# How a task comes into other hands, by the word in the address, and what is said when it has.
_HANDS: Final[Mapping[str, tuple[Deed, str]]] = {
    "uebernehmen": (_as_it_is(use_cases.claim), "uebernommen"),
    "zurueckgeben": (_as_it_is(use_cases.release), "zurueckgegeben"),
    "zur-bearbeitung": (_with(DelegateTask, assignment.delegate), "gegeben"),
    "zurueck": (_with(HandBackTask, assignment.hand_back), "zurueckgegeben"),
    "zuweisen": (_with(AssignTask, assignment.assign), "zugewiesen"),
    "neu-zuweisen": (_with(ReassignTask, assignment.reassign), "zugewiesen"),
}


def _hand(do: Deed, done: str) -> Callable[..., Response]:
    """What a form does that hands the task on, and where it leads."""

    def hand(form: FormDep, task_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
        access.visible_task(session, actor, task_id)
        do(session, actor, task_id, form)
        return _back(task_id, done)

    return hand


for _how, (_do, _done) in _HANDS.items():
    router.post(f"/{_how}")(_hand(_do, _done))


@router.post("/planung")
def plan(form: FormDep, task_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    content: dict[str, object] = {"follow_up_on": None, **filled(form, "priority", "follow_up_on")}
    planning.plan(session, actor, task_id, read(PlanTask, content), version_of(form))
    return _back(task_id, "geplant")


@router.post("/frist")
def move(form: FormDep, task_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    wanted = read(MoveDueDate, filled(form, "due_on", "reason", "proof", "kind", "day"))
    _, case, _ = access.visible_task(session, actor, task_id, lock=True)
    duedates.move(session, actor, case, task_id, wanted, version_of(form))
    return _back(task_id, "frist")


@router.post("/vermerk")
def comment(form: FormDep, task_id: UUID, session: SessionDep, actor: ActorDep) -> Response:
    wanted = read(WriteComment, filled(form, "text"))
    # A second click on the same form writes nothing.
    key = text_of(form, "einmal")[:100] or str(new_id())
    mark = idempotency.fingerprint("POST", f"vermerk/{task_id}", wanted.text.encode())
    if idempotency.begin(session, actor.user_id, key, mark) is None:
        remarks.comment(session, actor, task_id, wanted)
        answer = idempotency.Answer(HTTPStatus.SEE_OTHER, {})
        idempotency.finish(session, actor.user_id, key, answer)
    return _back(task_id, "vermerk")


@router.post("/anlage")
def attach(
    form: FileFormDep, task_id: UUID, request: Request, session: SessionDep, actor: ActorDep
) -> Response:
    chosen = file_of(form, "datei")
    name = chosen.filename or ""
    # What a browser claims depends on the machine; the ending is what people see.
    media_type = _TYPES.get(PurePath(name).suffix.lower(), chosen.content_type or "")
    store = DocumentStore(request.app.state.settings.documents)
    remarks.attach(session, actor, task_id, chosen.file.read(), media_type, name, store)
    return _back(task_id, "anlage")


@router.post("/anlage/{attachment_id}/entfernen")
def remove(
    form: FormDep, task_id: UUID, attachment_id: UUID, session: SessionDep, actor: ActorDep
) -> Response:
    remarks.remove(session, actor, task_id, attachment_id)
    return _back(task_id, "anlage-weg")
