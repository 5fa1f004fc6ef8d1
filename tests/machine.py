"""What the flows do for every stage whose turn is the machine's, without Prefect.

The steps of each kind of stage stand here in the order of ``flows/*.py``; each step is a
transaction of its own, and a stage is carried on only by the run that is recorded for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from agreements import (
    approval,
    automation,
    councils,
    dossier,
    publication,
    signing,
    template_versions,
)
from agreements.automation import StageView, Verdict
from agreements.database.engine import transaction
from agreements.documents.rendering import render_job
from agreements.documents.store import DocumentStore
from agreements.funding import applying
from agreements.ids import new_id
from agreements.model.enums import Awaits, StageKind
from agreements.settings import get_settings

T = TypeVar("T")


class Suspended(Exception):
    """The stage waits for people, or for a day."""


class Machine:
    """Carries stages on, one step after the other. ``writing`` False: without documents."""

    def __init__(
        self, sessions: sessionmaker[Session], store: DocumentStore, *, writing: bool = True
    ) -> None:
        self.sessions, self.store, self.writing = sessions, store, writing

    def domain(self, function: Callable[[Session], T]) -> T:
        """Call a function of the domain in a transaction."""
        with transaction(self.sessions) as session:
            return function(session)

    def carry(self, stage: StageView) -> None:
        """Begin or continue a stage until it waits for people or is closed."""
        run_id = stage.flow_run_id or new_id()
        if stage.flow_run_id is None:
            recorded = self.domain(
                lambda session: automation.record_run(session, stage.id, stage.attempt, run_id)
            )
            assert recorded
        verdict = self.domain(lambda session: automation.enter(session, stage.id, run_id))
        assert verdict is Verdict.PROCEED
        try:
            for step in STEPS[stage.kind]:
                step(self, stage.id)
        except Suspended:
            return

    def write_documents(self, stage_id: UUID) -> None:
        """Write what is due in the stage now and not written yet."""
        if not self.writing:
            return
        for job in self.domain(lambda session: dossier.due(session, stage_id)):
            with transaction(self.sessions) as session:
                data = dossier.data_for(session, job)
                source = template_versions.source_for(session, job, self.store)
            templates = str(get_settings().templates_dir)
            rendered = render_job(job.template_id, templates, data.model_dump(), source)
            with transaction(self.sessions) as session:
                dossier.file(session, job, data, rendered, self.store)

    def people(self, stage_id: UUID) -> None:
        """Go on only if nobody is waited for."""
        stage = self.domain(lambda session: automation.work_left(session, stage_id))
        if stage.awaits in (Awaits.PEOPLE, Awaits.DATE):
            raise Suspended

    def close(self, stage_id: UUID) -> None:
        """Close the stage; what it opens is judged in the same transaction."""
        assert self.domain(lambda session: automation.close(session, stage_id))


Step = Callable[[Machine, UUID], None]


def _open_with(opening: Callable[[Session, UUID], None]) -> Step:
    def step(machine: Machine, stage_id: UUID) -> None:
        if not machine.domain(lambda session: automation.is_prepared(session, stage_id)):
            machine.domain(lambda session: opening(session, stage_id))

    return step


def _plan(
    planning: Callable[[Session, UUID], object], is_planned: Callable[[Session, UUID], bool]
) -> Step:
    def step(machine: Machine, stage_id: UUID) -> None:
        if not machine.domain(lambda session: is_planned(session, stage_id)):
            machine.domain(lambda session: planning(session, stage_id))

    return step


_open_tasks = _open_with(automation.open_stage)
_plan_papers = _plan(councils.plan_papers, councils.is_planned)
_write, _people, _close = Machine.write_documents, Machine.people, Machine.close
_ends: tuple[Step, ...] = (_people, _close)
_councils: tuple[Step, ...] = (
    _plan_papers,
    _write,
    _open_with(councils.open_consultations),
    _people,
    _write,
    _close,
)

STEPS: Final[Mapping[StageKind, tuple[Step, ...]]] = {
    StageKind.DRAFTING: (_open_tasks, _people, _write, _close),
    StageKind.COORDINATION: (_open_tasks, _people, _write, _close),
    StageKind.COUNCIL_RESOLUTIONS: _councils,
    StageKind.KREISTAG_DECISION: _councils,
    StageKind.RESOLUTIONS_CHECK: (_write, _open_tasks, *_ends),
    StageKind.SIGNING: (_write, _open_with(signing.open_signing), *_ends),
    StageKind.SUPERVISORY_APPROVAL: (
        _plan(approval.plan_approval, approval.is_planned),
        _write,
        _open_tasks,
        *_ends,
    ),
    StageKind.PUBLICATION: (_write, _open_tasks, *_ends),
    StageKind.PUBLICATION_NOTICES: (_write, _open_tasks, *_ends),
    StageKind.ENTRY_INTO_FORCE: (_open_with(publication.determine_effect), *_ends),
    StageKind.FINANCE_PLAN: (_open_tasks, *_ends),
    StageKind.FUNDING_APPLICATION: (
        _plan(applying.plan_application, applying.is_planned),
        _write,
        _open_tasks,
        *_ends,
    ),
}


def drive(sessions: sessionmaker[Session], store: DocumentStore, *, writing: bool = True) -> None:
    """Carry on every stage whose turn is the machine's, until none is left."""
    machine = Machine(sessions, store, writing=writing)
    while stages := machine.domain(_due):
        for stage in stages:
            machine.carry(stage)


def _due(session: Session) -> list[StageView]:
    return [stage for stage in automation.live_stages(session) if stage.awaits is Awaits.MACHINE]
