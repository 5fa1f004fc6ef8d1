"""A human decision is one transaction: decision, journal, progress, effects.

``complete`` decides in a given task; ``record`` finds the task for the act, or says why
there is none yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import approval, councils, course, drafting, journal, outbox, publication, signing
from agreements import tasks as task_use_cases
from agreements.acts import Act
from agreements.decision import Decision, Recorded
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.funding import applying
from agreements.glossary import label
from agreements.model.cases import Case, Stage, Task
from agreements.model.enums import OutboxKind, StageState, TaskKind, TaskState
from agreements.people import Actor

# Each handler takes the act of its kind; ``complete`` checks that the kinds agree.
Handler = Callable[[Decision, Any], Recorded]

HANDLERS: Final[Mapping[TaskKind, Handler]] = {
    TaskKind.SUBMIT_DRAFT: drafting.submit_draft,
    TaskKind.GIVE_STATEMENT: drafting.give_statement,
    TaskKind.FREEZE_VERSION: drafting.freeze_version,
    TaskKind.RECORD_RESOLUTION: councils.record_resolution,
    TaskKind.CONFIRM_RESOLUTIONS: councils.confirm_resolutions,
    TaskKind.RECORD_SIGNATURE: signing.record_signature,
    TaskKind.SUBMIT_TO_AUTHORITY: approval.submit_to_authority,
    TaskKind.RECORD_AUTHORITY_ANSWER: approval.record_authority_answer,
    TaskKind.RECORD_PUBLICATION: publication.record_publication,
    TaskKind.RECORD_NOTICE: publication.record_notice,
    TaskKind.DRAFT_FINANCE_PLAN: applying.draft_finance_plan,
    TaskKind.CHECK_FINANCE_PLAN: applying.check_finance_plan,
    TaskKind.SUBMIT_APPLICATION: applying.submit_application,
}


def complete(
    session: Session, actor: Actor, task_id: UUID, act: Act, version: int | None = None
) -> Task:
    """Decide in a task. Raises a ``Refusal``; then nothing was written."""
    case_id = session.scalar(select(Task.case_id).where(Task.id == task_id))
    if case_id is None:
        raise NotFound("task-unknown", "Diese Aufgabe gibt es nicht.")
    case = course.locked_case(session, case_id)
    return _decide(session, actor, case, task_id, act, version)


def record(
    session: Session,
    actor: Actor,
    case_id: UUID,
    act: Act,
    *,
    body_id: UUID | None = None,
    consultation_id: UUID | None = None,
) -> Task:
    """Decide in the open task of this kind: of the body given, else of the actor's own body."""
    case = course.locked_case(session, case_id)
    found = _open_tasks(session, case, act.kind, body_id, consultation_id)
    own = [task for task in found if actor.holds(task.role, task.body_id)]
    if len(own) == 1:
        return _decide(session, actor, case, own[0].id, act, None)
    if own:
        raise Refusal(
            "task-ambiguous",
            "Dafür stehen mehrere Aufgaben an. Bitte die Körperschaft oder die Beratung angeben.",
            "body",
        )
    if found:
        raise NotPermitted(
            "task-of-others",
            "Diese Aufgabe gehört zu einer anderen Körperschaft oder einer anderen Rolle. "
            "Erledigen kann sie nur, wer dort zuständig ist.",
        )
    raise Conflict("no-open-task", _why_no_task(session, case, act.kind))


def _open_tasks(
    session: Session,
    case: Case,
    kind: TaskKind,
    body_id: UUID | None,
    consultation_id: UUID | None,
) -> list[Task]:
    query = select(Task).where(
        Task.case_id == case.id, Task.kind == kind, Task.state == TaskState.OPEN
    )
    if body_id is not None:
        query = query.where(Task.body_id == body_id)
    if consultation_id is not None:
        query = query.where(Task.consultation_id == consultation_id)
    return list(session.scalars(query.order_by(Task.id)))


def _why_no_task(session: Session, case: Case, kind: TaskKind) -> str:
    """Why nobody is asked for this now: the stages in which it belongs, and how they stand."""
    stages = course.stages_of(session, case)
    reasons = [
        f"{definition.title}: {label(stages[definition.key].state)}. "
        f"{stages[definition.key].reason}"
        for definition in course.procedure_of(case).stages
        if any(task.kind is kind for task in definition.tasks)
        and stages[definition.key].state is not StageState.SKIPPED
    ]
    return " ".join([f"{label(kind)}: Das steht jetzt nicht an.", *reasons])


def _decide(
    session: Session,
    actor: Actor,
    case: Case,
    task_id: UUID,
    act: Act,
    version: int | None,
) -> Task:
    task, stage = session.execute(
        select(Task, Stage)
        .join(Stage, Stage.id == Task.stage_id)
        .where(Task.id == task_id)
        .execution_options(populate_existing=True)
    ).one()
    if act.kind is not task.kind:
        raise Refusal(
            "wrong-act",
            f"Die Aufgabe verlangt: {label(task.kind)}.",
            "kind",
            task.kind.value,
        )
    task_use_cases.complete(session, actor, task)
    task_use_cases.require_version(task, version)
    recorded = HANDLERS[act.kind](Decision(session, actor, case, stage, task), act)
    _leave_trace(session, actor, case, stage, task, recorded)
    course.judge(session, case)
    return task


def _leave_trace(
    session: Session, actor: Actor, case: Case, stage: Stage, task: Task, recorded: Recorded
) -> None:
    stage.last_act_on = max(filter(None, (stage.last_act_on, recorded.legal_date)))
    journal.append(
        session,
        case,
        recorded.event,
        actor,
        legal_date=recorded.legal_date,
        body_id=task.body_id,
        data=recorded.data,
    )
    outbox.put(
        session,
        case.id,
        OutboxKind.EVENT,
        {
            "event": recorded.event.value,
            "case": case.reference,
            "stage": stage.key,
            "stage_id": str(stage.id),
            "body_id": str(task.body_id),
        },
    )
