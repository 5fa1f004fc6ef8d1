"""A human decision is one transaction: decision, journal, progress, effects.

``complete`` decides in a given task; ``record`` finds the task for the act, or says why
there is none yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from agreements import (
    ahead,
    approval,
    councils,
    course,
    discretion,
    drafting,
    exclusions,
    journal,
    outbox,
    publication,
    reconciling,
    reservations,
    responsibility,
    signing,
    urgent,
)
from agreements import tasks as task_use_cases
from agreements.acts import Act
from agreements.database.prepared import Only, Prepared
from agreements.decision import Decision, Recorded
from agreements.detours import adhoc
from agreements.errors import Conflict, NotFound, NotPermitted, Refusal
from agreements.funding import applying
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.enums import OutboxKind, StageState, TaskKind, TaskState
from agreements.people import Actor

# Each handler takes the act of its kind; ``complete`` checks that the kinds agree.
Handler = Callable[[Decision, Any], Recorded]
TaskOfBody = tuple[Task, Body]

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
    TaskKind.JUDGE_AMENDMENT: reconciling.judge_amendment,
    TaskKind.SETTLE_RESERVATION: reservations.settle_reservation,
    TaskKind.CONFIRM_URGENT_DECISION: urgent.confirm_urgent_decision,
    TaskKind.AD_HOC: adhoc.complete_ad_hoc,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was taken: its task, where that belongs, and what it has opened."""

    task: Task
    stage: Stage
    body: Body
    opened: tuple[Task, ...]


def complete(
    session: Session, actor: Actor, task_id: UUID, act: Act, version: int | None = None
) -> Task:
    """Decide in a task. Raises a ``Refusal``; then nothing was written."""
    case_id = session.scalar(select(Task.case_id).where(Task.id == task_id))
    if case_id is None:
        raise NotFound("task-unknown", "Diese Aufgabe gibt es nicht.")
    case = course.locked_case(session, case_id)
    return complete_in(session, actor, case, task_id, act, version).task


def complete_in(
    session: Session,
    actor: Actor,
    case: Case,
    task_id: UUID,
    act: Act,
    version: int | None = None,
) -> Decided:
    """Decide in a task of a case that is locked already."""
    stages, found = _course(
        session, case, _course_of_task.all(session, case_id=case.id, task_id=task_id)
    )
    return _decide(session, actor, case, stages, found[0], act, version)


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
    decided = record_in(session, actor, case, act, body_id=body_id, consultation_id=consultation_id)
    return decided.task


def record_in(
    session: Session,
    actor: Actor,
    case: Case,
    act: Act,
    *,
    body_id: UUID | None = None,
    consultation_id: UUID | None = None,
) -> Decided:
    """Decide in the open task of this kind in a case that is locked already."""
    wanted = {"kind": act.kind, "body_id": body_id, "consultation_id": consultation_id}
    named = {name: value for name, value in wanted.items() if value is not None}
    rows = _course_of_open(*named).all(session, case_id=case.id, **named)
    stages, found = _course(session, case, rows)
    own = [entry for entry in found if actor.holds(entry[0].role, entry[0].body_id)]
    if not own:
        own = [e for e in found if responsibility.holder_of(session, actor, e[0]) is not None]
    if len(own) == 1:
        return _decide(session, actor, case, stages, own[0], act, None)
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
    raise Conflict("no-open-task", _why_no_task(case, stages, act.kind))


def _course_query(*wanted: ColumnElement[bool]) -> Select[Stage, Task, Body, bool]:
    return (
        select(Stage, Task, Body, exclusions.any_in(Stage.case_id))
        .outerjoin(Task, and_(Task.stage_id == Stage.id, *wanted))
        .outerjoin(Body, Body.id == Task.body_id)
        .where(Stage.case_id == bindparam("case_id"))
        .order_by(Stage.position, Stage.number, Task.id)
    )


_OF_BODY: Final[Only] = {Body: (Body.ags, Body.kind, Body.land, Body.name, Body.forms)}
_course_of_task: Final = Prepared(lambda: _course_query(Task.id == bindparam("task_id")), _OF_BODY)


@cache
def _course_of_open(*columns: str) -> Prepared[Stage, Task, Body, bool]:
    """With the open tasks that have these values in these columns."""
    wanted = [getattr(Task, column) == bindparam(column) for column in columns]
    return Prepared(lambda: _course_query(Task.state == TaskState.OPEN, *wanted), _OF_BODY)


def _course(
    session: Session, case: Case, rows: Sequence[tuple[Stage, Task, Body, bool]]
) -> tuple[dict[str, Stage], list[TaskOfBody]]:
    """The locked case's stages, and the wanted ones of its tasks, from what was read at once."""
    if not any(has_exclusions for *_, has_exclusions in rows):
        exclusions.note_none(session, case)
    # As in ``course.stages_of``: the latest round of a stage is the one that counts.
    stages = ahead.with_those_ahead(session, case, {stage.key: stage for stage, *_ in rows})
    return stages, [(task, body) for _, task, body, _ in rows if task is not None]


def _why_no_task(case: Case, stages: Mapping[str, Stage], kind: TaskKind) -> str:
    """Why nobody is asked for this now: the stages in which it belongs, and how they stand."""
    ahead.explain(case, stages)
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
    stages: Mapping[str, Stage],
    found: TaskOfBody,
    act: Act,
    version: int | None,
) -> Decided:
    task, body = found
    stage = session.get_one(Stage, task.stage_id)
    if act.kind is not task.kind:
        raise Refusal(
            "wrong-act",
            f"Die Aufgabe verlangt: {label(task.kind)}.",
            "kind",
            task.kind.value,
        )
    # Who stands in for somebody decides in that person's place.
    actor = task_use_cases.complete(session, actor, task)
    task_use_cases.require_version(task, version)
    recorded = HANDLERS[act.kind](Decision(session, actor, case, stage, task, stages), act)
    if any(s.state is StageState.SUPERSEDED for s in stages.values()):
        stages = course.stages_of(session, case)
    judged = course.progress_of(session, case, stages)
    # What nothing is judged by is written at the end, all at once.
    _leave_trace(session, actor, case, stage, task, recorded)
    # Set between reading and writing, the stage is written once.
    stage.last_act_on = max(filter(None, (stage.last_act_on, recorded.legal_date)))
    course.write(session, stages, judged)
    return Decided(task, stage, body, tuple(task_use_cases.opened_in(session)))


def _leave_trace(
    session: Session, actor: Actor, case: Case, stage: Stage, task: Task, recorded: Recorded
) -> None:
    # Who decides on it may be of another body; the entry stays with the one that consulted.
    private = discretion.private_body(session, task.consultation_id)
    journal.append(
        session,
        case,
        recorded.event,
        actor,
        legal_date=recorded.legal_date,
        body_id=private or task.body_id,
        data=recorded.data,
        reason=recorded.reason,
        legal_basis=recorded.legal_basis,
        before=recorded.before,
        after=recorded.after,
        confidential=recorded.confidential or private is not None,
    )
    outbox.put(
        session,
        case.id,
        OutboxKind.EVENT,
        {
            "event": discretion.event_outside(recorded.event, private=private is not None),
            "case": case.reference,
            "stage": stage.key,
            "stage_id": str(stage.id),
            "body_id": str(task.body_id),
        },
    )
