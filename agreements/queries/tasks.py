"""Tasks as they are listed, and what a person needs to see in order to decide in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from agreements import access, approval, clock, councils, drafting, publication, responsibility
from agreements.decisions import Decided
from agreements.funding import applying
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.conclusion import Approval, Publication
from agreements.model.councils import Consultation
from agreements.model.drafting import TextVersion
from agreements.model.enums import TaskKind, VersionKind
from agreements.model.funding import Application, FinancePlanVersion
from agreements.model.people import User
from agreements.people import Actor
from agreements.procedures.transitions import Objections, TaskAction
from agreements.sights import Sight


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list, with the names of the people that it tells of.

    claimed_by works on it, assigned_by gave it to them, delegated_by gets it back from them.
    for_whom: the person in whose place the reader may do it; None: by duties of their own.
    """

    task: Task
    case: Case
    stage: Stage
    body: Body
    claimed_by: str | None
    assigned_by: str | None
    delegated_by: str | None
    for_whom: str | None = None


def name_of(user_id: InstrumentedAttribute[UUID | None]) -> ScalarSelect[str]:
    """The name of somebody whose id stands in a column; without a join to plan."""
    named = aliased(User)
    return select(named.display_name).where(named.id == user_id).scalar_subquery()


def lines() -> Select[Task, Case, Stage, Body, str, str, str]:
    """Tasks as they are listed."""
    return (
        select(
            Task,
            Case,
            Stage,
            Body,
            name_of(Task.claimed_by),
            name_of(Task.assigned_by),
            name_of(Task.delegated_by),
        )
        .join(Case, Case.id == Task.case_id)
        .join(Stage, Stage.id == Task.stage_id)
        .join(Body, Body.id == Task.body_id)
    )


def line(session: Session, task_id: UUID) -> TaskLine:
    """One task that is known to exist."""
    return TaskLine(*session.execute(lines().where(Task.id == task_id)).one())


def after_decision(
    session: Session, case: Case, decided: Decided, sight: Sight
) -> tuple[TaskLine, list[TaskLine]]:
    """The completed task, and those that the decision has opened and the actor sees.

    Made from what the decision has read already, without another query where possible.
    """

    def name(user_id: UUID | None) -> str | None:
        return session.get_one(User, user_id).display_name if user_id is not None else None

    def of(task: Task) -> TaskLine:
        stage = session.get_one(Stage, task.stage_id)
        body = session.get_one(Body, task.body_id)
        people = (name(task.claimed_by), name(task.assigned_by), name(task.delegated_by))
        return TaskLine(task, case, stage, body, *people)

    visible = [task for task in decided.opened if access.sees_task(session, sight, task)]
    return of(decided.task), [of(task) for task in visible]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the decision in a task rests on; only what its kind needs is filled."""

    text: TextVersion | None = None
    consultation: Consultation | None = None
    voting_members: int | None = None
    approval: Approval | None = None
    publication: Publication | None = None
    plan: FinancePlanVersion | None = None
    application: Application | None = None


def basis(session: Session, task: Task, sight: Sight) -> Basis:
    """Gather what a person needs to see before deciding in this task, as far as they may."""
    match task.kind:
        case TaskKind.RECORD_RESOLUTION | TaskKind.JUDGE_AMENDMENT:
            return _consultation(session, task, sight)
        case TaskKind.SETTLE_RESERVATION | TaskKind.CONFIRM_URGENT_DECISION:
            return _consultation(session, task, sight)
        case TaskKind.SUBMIT_DRAFT | TaskKind.GIVE_STATEMENT | TaskKind.FREEZE_VERSION:
            newest = drafting.latest_version(session, task.case_id, VersionKind.AGREEMENT)
            return Basis(text=newest)
        case TaskKind.CONFIRM_RESOLUTIONS | TaskKind.RECORD_SIGNATURE:
            frozen = drafting.frozen_version(session, task.case_id, VersionKind.AGREEMENT)
            return Basis(text=frozen)
        case TaskKind.SUBMIT_TO_AUTHORITY | TaskKind.RECORD_AUTHORITY_ANSWER:
            return Basis(approval=approval.approval_of(session, task.stage_id))
        case TaskKind.RECORD_PUBLICATION | TaskKind.RECORD_NOTICE:
            return Basis(publication=publication.publication_of(session, task.case_id))
        case TaskKind.DRAFT_FINANCE_PLAN | TaskKind.CHECK_FINANCE_PLAN:
            return Basis(plan=applying.latest_plan(session, task.case_id))
        case TaskKind.SUBMIT_APPLICATION:
            return Basis(application=applying.application_of(session, task.case_id))
        case TaskKind.AD_HOC:
            return Basis()


def _consultation(session: Session, task: Task, sight: Sight) -> Basis:
    consultation = session.get_one(Consultation, task.consultation_id)
    if not consultation.public and not sight.in_confidence(consultation.paper.body_id):
        return Basis()
    members = councils.voting_members(consultation.committee, clock.today())
    return Basis(consultation=consultation, voting_members=members)


def offered(session: Session, actor: Actor, task: Task) -> Sequence[tuple[TaskAction, Objections]]:
    """What the actor may do with the task, each with what stands against it."""
    return responsibility.offered(session, actor, task)
