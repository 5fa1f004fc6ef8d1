"""What may be shown of a stage and a case outside: bodies, roles and states.

Never names of persons, never texts, never the results of non-public consultations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agreements import course
from agreements.automation import LIVE
from agreements.discretion import PRIVATE_CONSULTATION
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.enums import ConsultationState, StageState, TaskKind, TaskState
from agreements.model.notices import Mail

_STANDS_OUT: Final = (ConsultationState.PLANNED, ConsultationState.OPEN)


@dataclass(frozen=True, slots=True)
class StageOverview:
    """One stage at a glance. done of total: tasks of bodies, 0 of 0 if there are none yet."""

    reference: str
    case_title: str
    stage_title: str
    procedure: str
    waiting_for: tuple[str, ...]
    done: int
    total: int
    reason: str

    @property
    def name(self) -> str:
        """What a list shows: case, step, and how many of its bodies are through."""
        counted = f" {self.done}/{self.total}" if self.total > 1 else ""
        return f"{self.reference} {self.case_title} - {self.stage_title}{counted}"


@dataclass(frozen=True, slots=True)
class StageLine:
    """A line of a case's overview."""

    title: str
    state: str
    since: datetime
    reason: str
    is_live: bool


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """A consultation of a case's overview; all non-public ones of a paper are one line."""

    stage: str
    body: str
    committee: str
    state: str
    outcome: str | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class CaseOverview:
    """A case at a glance."""

    reference: str
    title: str
    stages: tuple[StageLine, ...]
    consultations: tuple[ConsultationLine, ...]
    deadlines: tuple[tuple[date, str, str], ...]


@dataclass(frozen=True, slots=True)
class NextDeadline:
    """The next day by which a body has something to do in a case."""

    reference: str
    due_on: date
    body: str
    title: str


def stage_overview(session: Session, stage_id: UUID) -> StageOverview:
    """One stage at a glance."""
    stage, case = session.execute(
        select(Stage, Case).join(Case, Case.id == Stage.case_id).where(Stage.id == stage_id)
    ).one()
    bodies = _bodies(session, stage_id)
    waiting = [short for short, is_open in bodies if is_open]
    return StageOverview(
        reference=case.reference,
        case_title=case.title,
        stage_title=course.procedure_of(case).stage(stage.key).title,
        procedure=case.procedure,
        waiting_for=tuple(waiting),
        done=len(bodies) - len(waiting),
        total=len(bodies),
        reason=_reason(stage),
    )


def _reason(stage: Stage) -> str:
    # Why a stage was replaced is what a person wrote; all others are the machine's words.
    if stage.state is StageState.SUPERSEDED:
        return "Eine neue Runde ersetzt den Schritt."
    return stage.reason


def _bodies(session: Session, stage_id: UUID) -> Sequence[tuple[str, bool]]:
    """Every body that has a task in the stage, and whether one of its tasks is open."""
    rows = session.execute(
        select(
            Body.forms["short"].astext,
            func.bool_or(Task.state == TaskState.OPEN),
        )
        .join(Task, Task.body_id == Body.id)
        .where(Task.stage_id == stage_id, Task.state != TaskState.CANCELLED)
        .group_by(Body.id)
        .order_by(Body.ags)
    )
    return [(short, bool(is_open)) for short, is_open in rows]


def case_overview(session: Session, case_id: UUID) -> CaseOverview:
    """A case at a glance: who has decided, what is open and since when, what is due."""
    case = session.get_one(Case, case_id)
    definition = course.procedure_of(case)
    stages = course.stages_of(session, case)
    titles = {stage.id: definition.stage(key).title for key, stage in stages.items()}
    return CaseOverview(
        reference=case.reference,
        title=case.title,
        stages=tuple(
            StageLine(titles[s.id], label(s.state), s.state_since, _reason(s), s.state in LIVE)
            for s in stages.values()
            if s.state is not StageState.SKIPPED
        ),
        consultations=_consultations(session, case_id, titles),
        deadlines=_deadlines(session, case_id),
    )


def _consultations(
    session: Session, case_id: UUID, titles: dict[UUID, str]
) -> tuple[ConsultationLine, ...]:
    rows = session.execute(
        select(Paper.id, Paper.stage_id, Body.forms["short"].astext, Consultation, Resolution)
        .select_from(Paper)
        .join(Body, Body.id == Paper.body_id)
        .join(Consultation, Consultation.paper_id == Paper.id)
        .outerjoin(Resolution, Resolution.consultation_id == Consultation.id)
        .where(Paper.case_id == case_id)
        .order_by(Paper.id, Consultation.position, Resolution.id)
    )
    lines: list[ConsultationLine] = []
    private: dict[UUID, int] = {}
    for paper_id, stage_id, body, consultation, resolution in rows:
        stage = titles.get(stage_id, "")
        if consultation.public:
            lines.append(_public_line(stage, body, consultation, resolution))
        elif paper_id not in private:
            private[paper_id] = len(lines)
            lines.append(_private_line(stage, body, consultation))
        elif consultation.state in _STANDS_OUT:
            # One line for all of them: how many there are would tell of a referral.
            lines[private[paper_id]] = _private_line(stage, body, consultation)
    return tuple(lines)


def _public_line(
    stage: str, body: str, consultation: Consultation, resolution: Resolution | None
) -> ConsultationLine:
    return ConsultationLine(
        stage=stage,
        body=body,
        committee=consultation.committee.name,
        state=label(consultation.state),
        outcome=label(resolution.outcome) if resolution else None,
        decided_on=resolution.decided_on if resolution else None,
    )


def _private_line(stage: str, body: str, consultation: Consultation) -> ConsultationLine:
    """Neither when nor how often nor how: whether it is over."""
    open_ = consultation.state in _STANDS_OUT
    state = label(ConsultationState.OPEN if open_ else ConsultationState.HELD)
    return ConsultationLine(stage, body, PRIVATE_CONSULTATION, state, None, None)


def next_deadlines(session: Session, limit: int = 50) -> tuple[NextDeadline, ...]:
    """For each case what is due next, the most urgent cases first."""
    first = (
        select(Case.reference, Task.due_on, Task.body_id, Task.kind, Task.own_title)
        .join(Case, Case.id == Task.case_id)
        .where(Task.state == TaskState.OPEN, Task.due_on.is_not(None))
        .distinct(Task.case_id)
        .order_by(Task.case_id, Task.due_on, Task.id)
        .subquery()
    )
    rows = session.execute(
        select(first.c.reference, first.c.due_on, Body.forms["short"].astext, first.c.kind,
               first.c.own_title)
        .join(Body, Body.id == first.c.body_id)
        .order_by(first.c.due_on, first.c.reference)
        .limit(limit)
    )  # fmt: skip
    return tuple(
        NextDeadline(ref, due, body, _titled(kind, title)) for ref, due, body, kind, title in rows
    )


def mails_sent_since(session: Session, moment: datetime) -> int:
    """How many mails have gone out since then."""
    return session.scalar(select(func.count()).where(Mail.sent_at >= moment)) or 0


def _titled(kind: TaskKind, own_title: str | None) -> str:
    """What a person wrote as an ad-hoc task's title stays inside."""
    return label(kind) if kind is TaskKind.AD_HOC else own_title or label(kind)


def _deadlines(session: Session, case_id: UUID) -> tuple[tuple[date, str, str], ...]:
    rows = session.execute(
        select(Task.due_on, Body.forms["short"].astext, Task.kind, Task.own_title)
        .join(Body, Body.id == Task.body_id)
        .where(Task.case_id == case_id, Task.state == TaskState.OPEN, Task.due_on.is_not(None))
        .order_by(Task.due_on, Task.id)
        .limit(10)
    )
    return tuple(
        (due, body, _titled(kind, title)) for due, body, kind, title in rows if due is not None
    )
