"""A whole installation for the demo's tests: its stack, its command line, its database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from agreements import journal
from agreements.cli import stack_environment as environment
from agreements.cli.main import app
from agreements.cli.stack_supervisor import Stack
from agreements.database.engine import make_engine, transaction
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.records import Document, JournalEntry
from agreements.settings import Settings, get_settings

Json = dict[str, Any]


@dataclass
class Disturbances:
    """What was done to the running stack, and which processes died of it."""

    killed: dict[str, int] = field(default_factory=dict)
    prefect_dropped: bool = False
    backup: Path | None = None


@dataclass
class Installation:
    """One data folder, with a stack that runs on it or not."""

    settings: Settings
    stack: Stack | None = None

    def command(self, *words: str) -> Result:
        """Call ``vereinbar`` on this installation."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("data_dir", "api_port", "prefect_port"):
                value = str(getattr(self.settings, name))
                patch.setenv(f"VEREINBAR_{name.upper()}", value)
            get_settings.cache_clear()
            result = CliRunner().invoke(app, list(words))
        get_settings.cache_clear()
        return result

    def json(self, *words: str) -> Json:
        """The object that a command prints; it has to succeed and to print nothing else."""
        result = self.command(*words)
        assert result.exit_code == 0, result.output
        printed: Json = json.loads(result.stdout)
        return printed

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Look into the database."""
        engine = make_engine(environment.database_url(self.settings), pool_size=1)
        with transaction(engine) as session:
            yield session
        engine.dispose()

    def papers_written(self, reference: str, stage: str) -> int:
        """How many documents of a stage there are."""
        with self.session() as session:
            query = (
                select(Document.id)
                .join(Stage, Stage.id == Document.stage_id)
                .join(Case, Case.id == Stage.case_id)
                .where(Case.reference == reference, Stage.key == stage)
            )
            return len(session.scalars(query).all())

    def traces(self, reference: str) -> Traces:
        """Everything that a case has left in the database."""
        with self.session() as session:
            return Traces.of(session, reference)


@dataclass(frozen=True)
class Traces:
    """What a case has left, counted: equal for two cases of the same story."""

    tasks: Counter[tuple[str, ...]]
    documents: Counter[tuple[str, ...]]
    resolutions: Counter[tuple[str, ...]]
    events: Counter[tuple[str, ...]]
    first_broken_entry: journal.Broken | None

    @classmethod
    def of(cls, session: Session, reference: str) -> Traces:
        """The traces of the case."""
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        chain = journal.entries(session, case.id)
        bodies = {body.id: body.ags for body in session.scalars(select(Body))}
        return cls(
            tasks=_counted(
                session.execute(
                    select(Stage.key, Body.ags, Task.kind, Task.own_title, Task.state)
                    .join(Task, Task.stage_id == Stage.id)
                    .join(Body, Body.id == Task.body_id)
                    .where(Stage.case_id == case.id)
                )
            ),
            documents=_counted(
                session.execute(
                    select(Stage.key, Document.purpose, Document.title, Document.dated_on)
                    .join(Document, Document.stage_id == Stage.id)
                    .where(Stage.case_id == case.id)
                )
            ),
            resolutions=_counted(
                session.execute(
                    select(Stage.key, Body.ags, Consultation.position, Resolution.decided_on)
                    .join(Paper, Paper.stage_id == Stage.id)
                    .join(Body, Body.id == Paper.body_id)
                    .join(Consultation, Consultation.paper_id == Paper.id)
                    .join(Resolution, Resolution.consultation_id == Consultation.id)
                    .where(Stage.case_id == case.id)
                )
            ),
            events=_counted(_event(entry, bodies) for entry in chain),
            first_broken_entry=journal.first_broken(chain),
        )


def _event(entry: JournalEntry, bodies: dict[Any, str]) -> tuple[object, ...]:
    body = bodies.get(entry.body_id)
    return (entry.event, entry.legal_date, body, entry.data.get("stage"), entry.data.get("purpose"))


def _counted(rows: Iterable[Iterable[object]]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(str(value) for value in row) for row in rows)


def comparable(result: Json) -> Json:
    """The result without what differs from case to case."""
    return {
        **result,
        "case": None,
        "stages": [{**stage, "flow_run_id": None} for stage in result["stages"]],
        "resolutions": [{**resolution, "paper": None} for resolution in result["resolutions"]],
        "documents": sorted(
            (d["purpose"], d["title"], d["body"] or "", d["dated_on"], Path(d["path"]).name)
            for d in result["documents"]
        ),
    }
