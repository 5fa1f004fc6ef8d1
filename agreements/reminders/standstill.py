"""Stages in which nobody has decided for days: where to ask what is the matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agreements import clock, course
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.enums import Awaits, CaseState, TaskState
from agreements.reminders.looking import berlin_day


@dataclass(frozen=True, slots=True)
class Standstill:
    """A stage that waits for people: of which bodies, and for how many days nobody has acted."""

    stage_id: UUID
    reference: str
    stage: str
    bodies: tuple[str, ...]
    days: int


def standstill(session: Session, days: int) -> list[Standstill]:
    """The stages in which nobody has decided for at least so many days, the longest first.

    Names bodies, never persons: it is shown where everybody of the administration can look.
    """
    since = func.greatest(Stage.state_since, func.max(Task.completed_at))
    waiting = (
        select(Case, Stage, since)
        .join(Stage, Stage.case_id == Case.id)
        .outerjoin(Task, Task.stage_id == Stage.id)
        .where(Case.state == CaseState.RUNNING, Stage.awaits == Awaits.PEOPLE)
        .where(Stage.superseded_because.is_(None))
        .group_by(Case.id, Stage.id)
        .having(since < _moment_before(days))
        .order_by(since, Case.reference, Stage.position)
    )
    rows = [(case, stage, at) for case, stage, at in session.execute(waiting)]
    bodies = _bodies(session, [stage for _, stage, _ in rows])
    today = clock.today()
    return [
        Standstill(
            stage.id,
            case.reference,
            course.procedure_of(case).stage(stage.key).title,
            tuple(bodies.get(stage.id, ())),
            (today - berlin_day(at)).days,
        )
        for case, stage, at in rows
    ]


def _moment_before(days: int) -> datetime:
    """The end of the last day that lies so many days back, in German legal time."""
    day = clock.today() - timedelta(days=days - 1)
    return datetime(day.year, day.month, day.day, tzinfo=clock.BERLIN)


def _bodies(session: Session, stages: list[Stage]) -> dict[UUID, list[str]]:
    """Stage -> the bodies whose tasks are open in it."""
    found: dict[UUID, list[str]] = {}
    for stage_id, short in session.execute(
        select(Task.stage_id, Body.forms["short"].astext)
        .join(Body, Body.id == Task.body_id)
        .where(Task.stage_id.in_([s.id for s in stages]), Task.state == TaskState.OPEN)
        .order_by(Body.ags)
    ):
        names = found.setdefault(stage_id, [])
        if short not in names:
            names.append(short)
    return found
