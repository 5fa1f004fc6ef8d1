"""Due dates: where one comes from, who may move it, and moving it with reason and proof.

A Frist that the administration has set itself is moved with a reason; one that an authority has set
is extended by that authority alone (§ 31 Abs. 7 VwVfG), so its paper is asked for. One that the law
sets follows from its facts and is never moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, discretion, journal, notices, substitution, tasks
from agreements.acts import Line, Reason
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.glossary import label
from agreements.ids import new_id
from agreements.journal import Event
from agreements.law.days import require_reckonable, why_no_working_day
from agreements.law.deadlines import (
    german_date,
    german_day,
    holidays_of,
    next_working_day,
    procedure_rule,
)
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Task
from agreements.model.enums import DueKind, NoticeKind, PartyRole, Role, TaskKind, TaskState
from agreements.model.people import User
from agreements.model.work import DueMove, TaskAttachment
from agreements.people import Actor
from agreements.reminders import workers_on

_HOW_TO_CORRECT: Final = {
    TaskKind.RECORD_AUTHORITY_ANSWER: "Ist der Tag des Eingangs bei der Aufsichtsbehörde falsch "
    "erfasst, wiederholen Sie den Schritt „Aufsichtsbehörde“ (Weg „Verfahrensschritt "
    "wiederholen“) und erfassen ihn richtig; die Frist rechnet sich dann neu.",
}
_HOW_ELSE: Final = "Ist eine davon falsch erfasst, berichtigen Sie diese; die Frist folgt dann."


class DayKind(StrEnum):
    """What the authority has said of the day: whether it stays if it is no working day.

    PERIOD: end of a Frist, moves (§ 31 Abs. 3 VwVfG). ANNOUNCED: that very day was announced as
    the end, pointing to the rule (Satz 2). APPOINTMENT: Termin (Abs. 5).
    """

    PERIOD = "period"
    ANNOUNCED = "announced"
    APPOINTMENT = "appointment"


class MoveDueDate(BaseModel):
    """Die Frist einer Aufgabe setzen, verlegen oder verlängern.

    ``kind``: whose Frist it is; None: as it was, a new one set by the administration itself.
    ``proof`` names the authority's paper, ``attachment_id`` is its file at the task.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    due_on: date
    reason: Reason
    kind: DueKind | None = None
    day: DayKind = DayKind.PERIOD
    proof: Line | None = None
    attachment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Mover:
    """Who may move a due date, in words, and whether the person is one of them."""

    words: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A move on record, with the name of whoever made it."""

    move: DueMove
    by: str


def move(
    session: Session,
    actor: Actor,
    case: Case,
    task_id: UUID,
    wanted: MoveDueDate,
    version: int | None = None,
) -> Task:
    """Set, move or extend the due date of a task of the locked case. Refuses before it writes."""
    task = session.get_one(Task, task_id, populate_existing=True)
    who = _mover(session, actor, case, task)
    if task.state is not TaskState.OPEN:
        raise Conflict("task-not-open", "Die Aufgabe ist nicht mehr offen; sie hat keine Frist.")
    tasks.require_version(task, version)
    kind = _kind(session, who, case, task, wanted)
    day, derivation = _reckoned(case, kind, wanted)
    _check_day(task, kind, day)
    _check_proof(session, task, kind, wanted)
    _write(session, who, case, task, kind, day, derivation, wanted)
    return task


def movers(session: Session, actor: Actor, case: Case, task: Task) -> list[Mover]:
    """Who may move the due date of a task: its holders, the supervisors, the lead's Rechtsamt."""
    if task.due_kind is DueKind.STATUTORY:
        return []
    return [
        Mover(words, _may_act(session, actor, role, body_id, case))
        for words, role, body_id in _entitled(session, case, task)
    ]


def moves_of(session: Session, task_id: UUID) -> list[Moved]:
    """Every move of a due date, oldest first."""
    rows = session.execute(
        select(DueMove, User.display_name)
        .join(User, User.id == DueMove.moved_by)
        .where(DueMove.task_id == task_id)
        .order_by(DueMove.id)
    )
    return [Moved(*row) for row in rows]


def why_statutory(task: Task) -> str:
    """Why a statutory period is not moved: from what it follows, and how that is corrected."""
    how = _HOW_TO_CORRECT.get(task.kind, _HOW_ELSE)
    return (
        "Eine gesetzliche Frist lässt sich nicht verlegen; sie folgt allein aus ihren Tatsachen: "
        f"{task.due_reason} {how}"
    )


def _entitled(session: Session, case: Case, task: Task) -> list[tuple[str, Role, UUID]]:
    body = session.get_one(Body, task.body_id)
    lead = session.scalars(
        select(Body)
        .join(Party, Party.body_id == Body.id)
        .where(
            Party.case_id == case.id,
            Party.left_on.is_(None),
            Party.roles.contains([PartyRole.LEAD]),
        )
    ).one()
    found = (
        (f"{label(task.role)} ({body.name})", task.role, body.id),
        (f"{label(Role.SUPERVISOR)} ({body.name})", Role.SUPERVISOR, body.id),
        (f"{label(Role.LEGAL)} ({lead.name})", Role.LEGAL, lead.id),
    )
    return list({entry[1:]: entry for entry in found}.values())


def _acts(session: Session, actor: Actor, role: Role, body_id: UUID, case: Case) -> Actor | None:
    """The actor in that role, of their own or in another's place; None: they do not have it."""
    acting = substitution.acting(session, actor, role, body_id, case.id)
    return acting if acting.holds(role, body_id) else None


def _may_act(session: Session, actor: Actor, role: Role, body_id: UUID, case: Case) -> bool:
    try:
        return _acts(session, actor, role, body_id, case) is not None
    except Conflict:
        return False


def _mover(session: Session, actor: Actor, case: Case, task: Task) -> Actor:
    entitled = _entitled(session, case, task)
    # Of their own first: only then is somebody else's place of any interest.
    entitled.sort(key=lambda entry: not actor.holds(entry[1], entry[2]))
    for _, role, body_id in entitled:
        if (acting := _acts(session, actor, role, body_id, case)) is not None:
            return acting
    raise NotPermitted(
        "due-date-of-others",
        "Die Frist verlegen können nur: " + ", ".join(words for words, _, _ in entitled) + ".",
    )


def _kind(session: Session, actor: Actor, case: Case, task: Task, wanted: MoveDueDate) -> DueKind:
    """Whose Frist it is from now on."""
    before = task.due_kind if task.due_on is not None else None
    if before is DueKind.STATUTORY:
        raise Conflict("due-date-statutory", why_statutory(task), "due_on")
    kind = wanted.kind or before or DueKind.INTERNAL
    if kind is DueKind.STATUTORY:
        raise Refusal(
            "due-date-statutory",
            "Eine gesetzliche Frist wird nicht gesetzt; sie folgt aus den erfassten Tatsachen.",
            "kind",
            "internal oder authority",
        )
    if before is DueKind.AUTHORITY and kind is not before:
        raise Refusal(
            "due-date-of-an-authority",
            "Diese Frist hat eine Behörde gesetzt; nur sie kann sie verlängern. Eine selbst "
            "gesetzte wird daraus nicht.",
            "kind",
            "authority",
        )
    if kind is DueKind.AUTHORITY and before is not kind:
        _require_lead(session, actor, case)
    return kind


def _require_lead(session: Session, actor: Actor, case: Case) -> None:
    leads = (party for party in case.parties if PartyRole.LEAD in party.roles)
    if not any(actor.holds(Role.LEGAL, p.body_id) for p in leads if p.left_on is None):
        raise NotPermitted(
            "authority-date-by-lead",
            "Dass eine Behörde eine Frist gesetzt hat, hält das Rechtsamt der federführenden "
            "Körperschaft fest.",
        )


def _reckoned(case: Case, kind: DueKind, wanted: MoveDueDate) -> tuple[date, str]:
    """The day on which it ends, and why that is not the day that was given, if it is not."""
    if kind is not DueKind.AUTHORITY:
        return wanted.due_on, ""
    holiday = holidays_of(case.land)
    end = next_working_day(wanted.due_on, holiday)
    if end == wanted.due_on:
        return end, ""
    free = f"Der {german_date(wanted.due_on)} ist {why_no_working_day(wanted.due_on, holiday)}"
    if wanted.day is DayKind.PERIOD:
        rule = procedure_rule(case.land, 3)
        return end, f"{free}; die Frist endet am nächsten Werktag, {german_day(end)} ({rule})."
    if wanted.day is DayKind.ANNOUNCED:
        rule = f"{procedure_rule(case.land, 3)} Satz 2"
        return wanted.due_on, f"{free}, aber als Ende der Frist bekannt gegeben ({rule})."
    return wanted.due_on, f"{free}; ein Termin bleibt ({procedure_rule(case.land, 5)})."


def _check_day(task: Task, kind: DueKind, day: date) -> None:
    require_reckonable(day, "due_on")
    today = clock.today()
    if day < today:
        raise Refusal(
            "due-date-past",
            f"Der {day:%d.%m.%Y} ist schon vorbei; eine Frist endet nicht in der Vergangenheit.",
            "due_on",
            f"ein Tag ab dem {today:%d.%m.%Y}",
        )
    if (day, kind) == (task.due_on, task.due_kind):
        raise Refusal(
            "due-date-unchanged",
            f"Die Frist endet schon am {day:%d.%m.%Y}.",
            "due_on",
            "ein anderer Tag",
        )


def _check_proof(session: Session, task: Task, kind: DueKind, wanted: MoveDueDate) -> None:
    if wanted.attachment_id is not None:
        attachment = session.get(TaskAttachment, wanted.attachment_id)
        if attachment is None or attachment.task_id != task.id or attachment.removed_at is not None:
            raise NotFound("attachment-unknown", "Diese Anlage gibt es an der Aufgabe nicht.")
    if kind is DueKind.AUTHORITY and wanted.proof is None and wanted.attachment_id is None:
        raise Refusal(
            "proof-missing",
            "Eine von einer Behörde gesetzte Frist setzt und verlängert nur die Behörde. Bitte "
            "nennen Sie ihr Schreiben, oder legen Sie es als Anlage der Aufgabe ab.",
            "proof",
            "zum Beispiel „Schreiben vom 3. Dezember 2026, Az. 31.04“, oder attachment_id",
        )


def _write(
    session: Session,
    actor: Actor,
    case: Case,
    task: Task,
    kind: DueKind,
    day: date,
    derivation: str,
    wanted: MoveDueDate,
) -> None:
    before = _state(task)
    entry = DueMove(
        id=new_id(),
        task_id=task.id,
        case_id=case.id,
        moved_from=task.due_on,
        moved_to=day,
        reason=wanted.reason,
        proof=wanted.proof,
        attachment_id=wanted.attachment_id,
        moved_by=actor.user_id,
        moved_at=clock.now(),
    )
    session.add(entry)
    event = Event.DUE_DATE_SET if task.due_on is None else Event.DUE_DATE_MOVED
    reason = _sentence(case, task, kind, day, derivation, wanted)
    task.due_on, task.due_kind, task.due_reason = day, kind, reason
    _note(session, actor, case, task, event, before, wanted)
    people = workers_on(session, task) - {actor.user_id}
    data = {"due_on": day.isoformat(), "moved_from": before["due_on"], "sentence": reason}
    key = f"due_moved:{entry.id}"
    notices.tell(session, sorted(people), NoticeKind.DUE_MOVED, key, task=task, data=data)


def _sentence(
    case: Case, task: Task, kind: DueKind, day: date, derivation: str, wanted: MoveDueDate
) -> str:
    """The derivation of the new due date."""
    if kind is DueKind.INTERNAL:
        said = f"Selbst gesetzte Frist bis zum {german_date(day)}"
        said += f", bisher {german_date(task.due_on)}" if task.due_on else ""
    elif task.due_kind is DueKind.AUTHORITY:
        rule = procedure_rule(case.land, 7)
        said = f"Von der Behörde verlängert bis zum {german_date(day)} ({rule})"
    else:
        said = f"Von einer Behörde gesetzt auf den {german_date(day)}"
    proof = f" Nachweis: {wanted.proof}." if wanted.proof else ""
    return f"{said}: {wanted.reason.rstrip('.')}.{proof} {derivation}".strip()


def _state(task: Task) -> dict[str, str | None]:
    return {
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "due_kind": task.due_kind.value if task.due_kind else None,
    }


def _note(
    session: Session,
    actor: Actor,
    case: Case,
    task: Task,
    event: Event,
    before: dict[str, str | None],
    wanted: MoveDueDate,
) -> None:
    private = discretion.private_body(session, task.consultation_id)
    journal.append(
        session,
        case,
        event,
        actor,
        body_id=private or task.body_id,
        reason=wanted.reason,
        before=before,
        after=_state(task),
        data={"task": task.kind.value, "task_id": str(task.id), "proof": wanted.proof},
        confidential=private is not None,
    )
    session.flush()
