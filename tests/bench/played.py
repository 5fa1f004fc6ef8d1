"""Cases of 46 human tasks for the benchmark: who decides what, and what lies in between.

Eleven parties of the sample region, three committees in each municipality. What is measured is
handed out as chains of requests; the machine's part and the other decisions are done here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import acts, cases, decisions, drafting, wording
from agreements.database.engine import transaction
from agreements.documents.store import DocumentStore
from agreements.model.bodies import Body, Committee
from agreements.model.cases import Task
from agreements.model.enums import (
    AuthorityAnswer,
    CommitteeKind,
    ConsultationRole,
    KreistagOrder,
    Role,
    TaskKind,
    TaskState,
    Verdict,
    VersionKind,
)
from agreements.people import Actor
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests.bench.load import Chain
from tests.machine import drive
from tests.story import COUNCILS, KREIS, PARTIES, SCHWERTE, START, actor, agreement, finance_plan

PASSWORD: Final = "ein-langes-beispiel"
LEAD: Final = f"recht.{PARTIES[SCHWERTE]}"
WANTED: Final = START.model_copy(
    update={"principle_round": False, "kreistag_order": KreistagOrder.AFTER_COUNCILS}
)
_SLUGS: Final = {Role.CLERK: "sb", Role.LEGAL: "recht", Role.SIGNATORY: "unterschrift"}
_PATH: Final = "/api/v1/tasks/{id}/complete"
_SITTINGS: Final = (date(2022, 2, 21), date(2022, 3, 21), date(2022, 4, 25))


def prepare(sessions: sessionmaker[Session]) -> None:
    """The sample region with three committees in every municipality; the Kreistag alone decides."""
    with transaction(sessions) as session:
        add_region(session, sample_region(), sample_password=PASSWORD)
    with transaction(sessions) as session:
        for body in session.scalars(select(Body).where(Body.ags.in_(PARTIES))):
            _committees(session, body)


def _committees(session: Session, body: Body) -> None:
    deciding = body.committees[-1]
    if body.ags == KREIS:
        body.committees[0].position = None
        return
    deciding.position = 3
    session.add(
        Committee(
            body_id=body.id,
            kind=CommitteeKind.SPECIALIST_COMMITTEE,
            name="Ausschuss für Digitalisierung",
            genitive="des Ausschusses für Digitalisierung",
            position=2,
            role=ConsultationRole.RECOMMENDATION,
        )
    )


@dataclass
class Cases:
    """Cases that go through the same phases side by side."""

    sessions: sessionmaker[Session]
    folder: Path
    cookies: Mapping[str, str]
    _actors: dict[str, Actor] = field(default_factory=dict)
    _texts: dict[UUID, str] = field(default_factory=dict)

    def start(self, count: int) -> list[UUID]:
        """So many new cases that wait for their draft."""
        started = []
        for _ in range(count):
            with transaction(self.sessions) as session:
                case = cases.start(session, self._actor(session, LEAD), WANTED)
                wording.write(session, self._actor(session, LEAD), case.id, agreement())
                started.append(case.id)
        self.drive()
        return started

    def drive(self) -> None:
        """The machine's part, without documents."""
        drive(self.sessions, DocumentStore(self.folder), writing=False)

    def act(self, case: UUID, username: str, act: acts.Act) -> None:
        """A person decides; not measured."""
        with transaction(self.sessions) as session:
            decisions.record(session, self._actor(session, username), case, act)

    def text(self, case: UUID) -> str:
        """The hash of the case's frozen text."""
        if case not in self._texts:
            with transaction(self.sessions) as session:
                found = drafting.frozen_version(session, case, VersionKind.AGREEMENT)
                assert found is not None
                self._texts[case] = found.text_hash
        return self._texts[case]

    def chains(
        self, case: UUID, kind: TaskKind, *wanted: BaseModel | Callable[[str], BaseModel]
    ) -> tuple[Chain, ...]:
        """Of each open task of that kind the requests that complete it and what it opens.

        wanted: the acts, or what makes them of the AGS of the task's body.
        """

        def named(ags: str) -> tuple[str, ...]:
            made = (act(ags) if callable(act) else act for act in wanted)
            bodies = (act.model_dump_json(exclude_defaults=True)[:-1] + "," for act in made)
            return tuple(f'{body}"kind":"{kind.value}"}}' for body in bodies)

        with transaction(self.sessions) as session:
            rows = session.execute(
                select(Task.id, Task.role, Body.ags)
                .join(Body, Body.id == Task.body_id)
                .where(Task.case_id == case, Task.kind == kind, Task.state == TaskState.OPEN)
                .order_by(Task.id)
            ).all()
        return tuple(
            Chain(_PATH, str(task), self.cookies[f"{_SLUGS[role]}.{PARTIES[ags]}"], named(ags))
            for task, role, ags in rows
        )

    def _actor(self, session: Session, username: str) -> Actor:
        if username not in self._actors:
            self._actors[username] = actor(session, username)
        return self._actors[username]


@dataclass(frozen=True)
class Phase:
    """Tasks that may be done at the same time, and what has to be done before without a clock."""

    title: str
    tasks: int
    before: Callable[[Cases, UUID], None]
    chains: Callable[[Cases, UUID], tuple[Chain, ...]]


def people() -> list[str]:
    """Everybody whose decisions are measured."""
    clerks = [f"sb.{slug}" for slug in PARTIES.values()]
    signatories = [f"unterschrift.{slug}" for slug in PARTIES.values()]
    return [*clerks, *signatories, LEAD, "recht.kreis-unna"]


def _nothing(cases: Cases, case: UUID) -> None:
    """The machine has done it all."""


def _draft(cases: Cases, case: UUID) -> tuple[Chain, ...]:
    submitted = acts.SubmitDraft(submitted_on=date(2021, 5, 14))
    return cases.chains(case, TaskKind.SUBMIT_DRAFT, submitted)


def _agree(cases: Cases, case: UUID) -> None:
    agreed = acts.GiveStatement(version=1, given_on=date(2021, 12, 6), verdict=Verdict.AGREED)
    for slug in PARTIES.values():
        cases.act(case, f"sb.{slug}", agreed)
    cases.act(case, LEAD, acts.FreezeVersion(version=1, frozen_on=date(2021, 12, 15)))


def _resolutions(*days: date) -> Callable[[Cases, UUID], tuple[Chain, ...]]:
    def of(cases: Cases, case: UUID) -> tuple[Chain, ...]:
        text = cases.text(case)
        votes = acts.Votes(yes=14, no=1, abstained=0)
        wanted = [
            acts.RecordResolution(outcome="adopted", votes=votes, decided_on=day, text_hash=text)
            for day in days
        ]
        return cases.chains(case, TaskKind.RECORD_RESOLUTION, *wanted)

    return of


def _confirm(cases: Cases, case: UUID) -> None:
    cases.act(case, LEAD, acts.ConfirmResolutions(confirmed_on=date(2022, 5, 16)))


def _signatures(cases: Cases, case: UUID) -> tuple[Chain, ...]:
    def signed(ags: str) -> acts.RecordSignature:
        body = sample_region().body(ags)
        return acts.RecordSignature(
            signed_on=date(2022, 6, 20),
            signatory_name=body.forms.head_name,
            signatory_function=body.forms.head_title,
            co_signatory_name=body.signatories[0].name,
            co_signatory_function=body.signatories[0].function,
            text_hash=cases.text(case),
        )

    return cases.chains(case, TaskKind.RECORD_SIGNATURE, signed)


def _submit(cases: Cases, case: UUID) -> None:
    applied = acts.SubmitToAuthority(applied_on=date(2022, 6, 24), received_on=date(2022, 6, 27))
    cases.act(case, LEAD, applied)


def _approval(cases: Cases, case: UUID) -> tuple[Chain, ...]:
    approved = acts.RecordAuthorityAnswer(
        answer=AuthorityAnswer.APPROVED, answered_on=date(2022, 7, 14), reference="31.03.02-011"
    )
    return cases.chains(case, TaskKind.RECORD_AUTHORITY_ANSWER, approved)


def _publication(cases: Cases, case: UUID) -> tuple[Chain, ...]:
    published = acts.RecordPublication(
        gazette="Amtsblatt", issue="31", page="245", published_on=date(2022, 8, 6)
    )
    return cases.chains(case, TaskKind.RECORD_PUBLICATION, published)


def _plan(cases: Cases, case: UUID) -> None:
    drafted = acts.DraftFinancePlan(
        plan=finance_plan(),
        description="Aufbau der Datenplattform.",
        starts_on=date(2023, 1, 1),
        ends_on=date(2025, 12, 31),
        planned_on=date(2022, 1, 17),
    )
    checked = acts.CheckFinancePlan(verdict=Verdict.AGREED, checked_on=date(2022, 1, 24))
    cases.act(case, "recht.kreis-unna", drafted)
    cases.act(case, "kaemmerer.kreis-unna", checked)


def _submission(cases: Cases, case: UUID) -> tuple[Chain, ...]:
    submitted = acts.SubmitApplication(
        submitted_on=date(2022, 8, 31), receipt_reference="BRA-2022-0131"
    )
    return cases.chains(case, TaskKind.SUBMIT_APPLICATION, submitted)


PHASES: Final = (
    Phase("Entwurf", 1, _nothing, _draft),
    Phase("Räte", 3 * len(COUNCILS), _agree, _resolutions(*_SITTINGS)),
    Phase("Kreistag", 1, _nothing, _resolutions(date(2022, 5, 9))),
    Phase("Unterschriften", len(PARTIES), _confirm, _signatures),
    Phase("Genehmigung", 1, _submit, _approval),
    Phase("Bekanntmachung", 1, _nothing, _publication),
    Phase("Förderantrag", 1, _plan, _submission),
)
TASKS: Final = sum(phase.tasks for phase in PHASES)
