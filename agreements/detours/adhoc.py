"""Ad-hoc tasks: something that nobody foresaw and that a step has to wait for."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, course, journal, tasks
from agreements.acts import Ags, CompleteAdHoc, Remark
from agreements.decision import Decision, Recorded, check_day
from agreements.detours.repeating import party
from agreements.detours.ways import DetourInput, enter
from agreements.errors import Conflict, NotFound, Refusal
from agreements.ids import new_id
from agreements.journal import Event
from agreements.law.days import require_reckonable
from agreements.model.cases import Case, Task
from agreements.model.enums import Detour, DueKind, Role, StageState, TaskKind, TaskState
from agreements.people import Actor
from agreements.procedures.definition import Addressee, TaskDefinition
from agreements.texts import Printable

TaskTitle = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=120), Printable
]


class OpenAdHoc(DetourInput):
    """Eine zusätzliche Aufgabe stellen; der Schritt endet nicht, bevor sie erledigt ist."""

    stage: str
    body: Ags
    role: Role = Role.CLERK
    title: TaskTitle = Field(examples=["Stellungnahme Datenschutz"])
    details: Remark = ""
    due_on: date | None = None


class CancelTask(DetourInput):
    """Eine zusätzliche Aufgabe zurücknehmen."""


def open_ad_hoc(session: Session, actor: Actor, case: Case, wanted: OpenAdHoc) -> UUID:
    """Ask a role of a body for something; returns the task's id."""
    actor, facts = enter(session, actor, case, Detour.OPEN_AD_HOC, wanted)
    if wanted.due_on is not None:
        require_reckonable(wanted.due_on, "due_on")
    body = party(session, case, wanted.body, "body")
    if wanted.role in (Role.ADMIN, Role.AUTHORITY):
        raise Refusal(
            "role-gets-no-task",
            "Aufgaben bekommen nur Rollen der Beteiligten.",
            "role",
            "legal, clerk, signatory oder treasurer",
        )
    stage = facts.stages.get(wanted.stage)
    over = (StageState.DONE, StageState.SKIPPED, StageState.SUPERSEDED)
    if stage is None or stage.state in over:
        raise Refusal(
            "stage-over",
            "Diesen Schritt gibt es nicht, oder er ist schon vorbei.",
            "stage",
            ", ".join(key for key, s in facts.stages.items() if s.state not in over),
        )
    task_id = new_id()
    tasks.open_task(
        session,
        stage,
        body.id,
        TaskDefinition(
            kind=TaskKind.AD_HOC, of=Addressee.EACH_PARTY, role=wanted.role, title=wanted.title
        ),
        subject_id=task_id,
        details=wanted.details,
        due_on=wanted.due_on,
        due_kind=DueKind.INTERNAL if wanted.due_on else None,
        due_reason="Wunschtermin der federführenden Körperschaft" if wanted.due_on else None,
    )
    journal.append(
        session,
        case,
        Event.AD_HOC_TASK_OPENED,
        actor,
        legal_date=wanted.decided_on,
        body_id=body.id,
        reason=wanted.reason,
        data={"stage": stage.key, "title": wanted.title, "role": wanted.role.value},
    )
    course.judge(session, case)
    return session.scalars(select(Task.id).where(Task.subject_id == task_id)).one()


def complete_ad_hoc(decision: Decision, act: CompleteAdHoc) -> Recorded:
    """The task is done; its result stands in the journal."""
    opened_on = decision.task.opened_at.astimezone(clock.BERLIN).date()
    if not decision.case.retrospective:
        check_day("done_on", act.done_on, not_before=opened_on, why="dem Tag der Aufgabe")
    check_day("done_on", act.done_on)
    return Recorded(
        Event.AD_HOC_TASK_DONE,
        act.done_on,
        {"title": decision.task.title},
        after={"result": act.result},
    )


def cancel_task(
    session: Session, actor: Actor, case: Case, task_id: UUID, wanted: CancelTask
) -> None:
    """Take an ad-hoc task back."""
    actor, _ = enter(session, actor, case, Detour.OPEN_AD_HOC, wanted)
    task = session.scalar(select(Task).where(Task.id == task_id, Task.case_id == case.id))
    if task is None:
        raise NotFound("task-unknown", "Diese Aufgabe gibt es nicht.")
    if task.kind is not TaskKind.AD_HOC or task.state is not TaskState.OPEN:
        raise Conflict(
            "task-not-cancellable",
            "Zurückgenommen werden nur offene zusätzliche Aufgaben; die anderen folgen aus dem "
            "Verfahren.",
        )
    tasks.cancel(session, Task.id == task.id)
    journal.append(
        session,
        case,
        Event.TASK_CANCELLED,
        actor,
        legal_date=wanted.decided_on,
        body_id=task.body_id,
        reason=wanted.reason,
        data={"title": task.title},
    )
    course.judge(session, case)
