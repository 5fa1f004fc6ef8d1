"""Cases of the sample region that the conductor carries, and what can be asked of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, TaskRun
from prefect.client.schemas.sorting import TaskRunSort
from prefect.exceptions import ObjectNotFound
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from agreements import acts, automation, cases, course, decisions, drafting, journal, wording
from agreements.automation import StageView
from agreements.cli.stack_environment import child_environment
from agreements.database.engine import transaction
from agreements.model.cases import Case, Task
from agreements.model.enums import (
    Awaits,
    StageState,
    TaskKind,
    TaskState,
    Verdict,
    VersionKind,
)
from agreements.model.records import JournalEntry
from agreements.settings import Settings
from flows.conductor import Conductor
from tests.flows.asking import ask
from tests.flows.processes import start_conductor
from tests.story import KAMEN, KREIS, SCHWERTE, actor, agreement
from tests.waiting import until

START = cases.StartCase(
    title="Gemeinsame Datenplattform",
    subject="Eine Datenplattform für drei",
    parties=(SCHWERTE, KREIS, KAMEN),
    lead=SCHWERTE,
    started_on=date(2026, 1, 5),
)


@dataclass
class Region:
    """The sample region of one test: its cases, seen from the database and from Prefect."""

    settings: Settings
    sessions: sessionmaker[Session]
    started: list[UUID] = field(default_factory=list)
    conductors: list[BaseProcess] = field(default_factory=list)

    def start(self, wanted: cases.StartCase = START) -> UUID:
        """A new case, with the lead's first version of the text."""
        with transaction(self.sessions) as session:
            lead = actor(session, "recht.schwerte")
            case = cases.start(session, lead, wanted)
            self.started.append(case.id)
            return case.id

    def write(
        self, case_id: UUID, *, chair: str = KREIS, advance: Sequence[object] | None = None
    ) -> None:
        """The lead writes a version of the text."""
        cost_key: dict[str, object] = {"reference_date": date(2024, 12, 31), "census": "2022"}
        if advance is None:
            cost_key["advance"] = [{"ags": KREIS, "percent": 20}]
        wanted = agreement(date(2026, 1, 6), chair=chair, cost_key=cost_key)
        with transaction(self.sessions) as session:
            wording.write(session, actor(session, "recht.schwerte"), case_id, wanted)

    def submit(self, case_id: UUID) -> None:
        """The lead puts the draft forward: the decision that ends the first stage."""
        self.act(case_id, "recht.schwerte", acts.SubmitDraft(submitted_on=date(2026, 1, 7)))

    def act(self, case_id: UUID, username: str, act: acts.Act) -> None:
        """Somebody decides."""
        with transaction(self.sessions) as session:
            decisions.record(session, actor(session, username), case_id, act)

    def agree(self, case_id: UUID) -> None:
        """All parties agree with the first version, and it is frozen."""
        for name in ("schwerte", "kreis-unna", "kamen"):
            self.act(case_id, f"sb.{name}", self.agreed())
        self.act(
            case_id, "recht.schwerte", acts.FreezeVersion(version=1, frozen_on=date(2026, 1, 9))
        )

    def agreed(self) -> acts.GiveStatement:
        """A party's yes to the first version."""
        return acts.GiveStatement(version=1, verdict=Verdict.AGREED, given_on=date(2026, 1, 8))

    def frozen_text(self, case_id: UUID) -> str:
        """The hash of the frozen agreement."""
        with transaction(self.sessions) as session:
            version = drafting.frozen_version(session, case_id, VersionKind.AGREEMENT)
            assert version is not None
            return version.text_hash

    def stage(self, case_id: UUID, key: str) -> StageView:
        """A stage as conductors see it, in its latest round."""
        with transaction(self.sessions) as session:
            case = session.get_one(Case, case_id)
            stage = course.stages_of(session, case)[key]
            return automation.view_of(stage, case.reference, case.title)

    def open_tasks(self, case_id: UUID) -> list[TaskKind]:
        """What people are asked to do now."""
        with transaction(self.sessions) as session:
            query = select(Task.kind).where(Task.case_id == case_id, Task.state == TaskState.OPEN)
            return list(session.scalars(query))

    def journal(self, case_id: UUID) -> list[JournalEntry]:
        """The journal of a case; fails if its chain is broken."""
        with transaction(self.sessions) as session:
            found = journal.entries(session, case_id)
            assert journal.first_broken(found) is None
            return found

    def doubled_effects(self, case_id: UUID) -> list[str]:
        """What the machine did more than once in a case."""
        done = Counter(
            f"{entry.event} {sorted(entry.data.items())}"
            for entry in self.journal(case_id)
            if entry.actor_id is None
        )
        return [what for what, times in done.items() if times > 1]

    def wait_for_stage(self, case_id: UUID, key: str, state: StageState) -> StageView:
        """Wait until the stage has that state, and people (or nobody) are on turn."""

        def look() -> StageView | None:
            stage = self.stage(case_id, key)
            settled = stage.awaits is not Awaits.MACHINE
            return stage if stage.state is state and settled else None

        return until(look, f"{key} is {state}")

    def wait_for_people(self, case_id: UUID, key: str) -> StageView:
        """Wait until the stage is open and its run is suspended."""
        self.wait_for_stage(case_id, key, StageState.OPEN)
        self.wait_for_run(case_id, key, "Suspended")
        return self.stage(case_id, key)

    def wait_for_run(self, case_id: UUID, key: str, state_name: str) -> FlowRun:
        """Wait until the stage's run has that state in Prefect."""

        def look() -> FlowRun | None:
            run = self.run(case_id, key)
            return run if run is not None and run.state_name == state_name else None

        return until(look, f"the run of {key} is {state_name}")

    def wait_for_name(self, case_id: UUID, key: str, name: str) -> FlowRun:
        """Wait until the stage's run bears that name in Prefect."""

        def look() -> FlowRun | None:
            run = self.run(case_id, key)
            return run if run is not None and run.name == name else None

        return until(look, f"the run of {key} is called {name}")

    def run(self, case_id: UUID, key: str) -> FlowRun | None:
        """The stage's run as Prefect has it."""
        run_id = self.stage(case_id, key).flow_run_id
        if run_id is None:
            return None
        return ask(_read(run_id))

    def cancelled_run(self, run_id: UUID) -> str | None:
        """The sentence with which a run was cancelled; None while it is not."""
        run = ask(_read(run_id))
        if run is None or run.state is None or not run.state.is_cancelled():
            return None
        return run.state.message

    def task_runs(self, case_id: UUID, key: str) -> list[str]:
        """The names of the steps of the stage's run, in order."""
        run_id = self.stage(case_id, key).flow_run_id
        assert run_id is not None
        return [task.name.rsplit("-", 1)[0] for task in ask(_read_tasks(run_id))]

    @contextmanager
    def conductor(self, name: str = "conductor-1") -> Iterator[BaseProcess]:
        """A conductor in a process of its own, as an installation runs it."""
        process = self.spawn_conductor(name)
        try:
            yield process
        finally:
            process.terminate()
            process.join(60)
            ended = process.exitcode is not None
            process.kill()
            assert ended, f"{name} does not end"

    def spawn_conductor(self, name: str) -> BaseProcess:
        """Start a conductor; whoever calls ends it."""
        environment = {
            **child_environment(self.settings),
            "VEREINBAR_CONDUCTOR_NAME": name,
        }
        process = start_conductor(environment, self.log(name))
        self.conductors.append(process)
        return process

    def end_conductors(self) -> None:
        """Kill those that a failing test has left."""
        for process in self.conductors:
            process.kill()
            process.join()

    def log(self, name: str) -> Path:
        """What a conductor writes to."""
        return self.settings.data_dir / f"{name}.log"

    def count_cases(self) -> int:
        """How many cases there are."""
        with transaction(self.sessions) as session:
            return session.scalar(select(func.count()).select_from(Case)) or 0

    @contextmanager
    def case_locked(self, case_id: UUID) -> Iterator[None]:
        """Somebody holds the case's row: every step of the machine waits for it."""
        with self.sessions() as session:
            session.execute(text("SELECT 1 FROM cases WHERE id = :id FOR UPDATE"), {"id": case_id})
            yield
            session.rollback()


async def _read(run_id: UUID) -> FlowRun | None:
    async with get_client() as client:
        with suppress(ObjectNotFound):
            return await client.read_flow_run(run_id)
    return None


async def _read_tasks(run_id: UUID) -> list[TaskRun]:
    async with get_client() as client:
        return await client.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])),
            sort=TaskRunSort.EXPECTED_START_TIME_ASC,
        )


@asynccontextmanager
async def conducting(settings: Settings) -> AsyncIterator[PrefectClient]:
    """A conductor inside this process, for tests that watch it from within."""
    stop = asyncio.Event()
    async with get_client() as client:
        running = asyncio.create_task(Conductor(client, settings).run(stop))
        try:
            yield client
        finally:
            stop.set()
            await running
