"""A case that people play through: what each of them does, and a way to the end from anywhere.

``finish`` does whatever is still open in the most favourable way, so that a test only tells
what is special about its case.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import (
    acts,
    automation,
    cases,
    clock,
    course,
    decisions,
    detours,
    drafting,
    journal,
    standing,
    wording,
)
from agreements.database.engine import transaction
from agreements.detours.ways import DetourFacts, facts_of
from agreements.documents.content import PrincipleContent
from agreements.documents.store import DocumentStore
from agreements.errors import Refusal
from agreements.funding.plan import CostItem, CostKind, FinancePlan, OwnContribution
from agreements.funding.rules import guideline, quote
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Stage, Task
from agreements.model.conclusion import Approval
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.drafting import TextVersion
from agreements.model.enums import (
    AuthorityAnswer,
    CaseState,
    Detour,
    Materiality,
    Outcome,
    PartyRole,
    Role,
    Round,
    StageState,
    TaskKind,
    TaskState,
    Verdict,
    VersionKind,
)
from agreements.model.records import Document
from agreements.people import Actor
from agreements.regions.assemble import sample_region
from agreements.standing import DecisionFact
from tests.machine import drive
from tests.saved import OwnDatabase, once
from tests.story import KAMEN, KREIS, PARTIES, SCHWERTE, actor

NOW: Final = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
TODAY: Final = NOW.date()
UNNA, WERNE, BOENEN = "05978036", "05978040", "05978008"
LEAD: Final = "recht.schwerte"
THREE: Final = (SCHWERTE, KREIS, KAMEN)
FOUR: Final = (SCHWERTE, KREIS, KAMEN, UNNA)
BECAUSE: Final = "So hat es der Lenkungskreis entschieden."
ELIGIBLE: Final = Decimal("400000.00")
_ACCOUNTS: Final = {
    Role.LEGAL: "recht",
    Role.CLERK: "sb",
    Role.SIGNATORY: "unterschrift",
    Role.TREASURER: "kaemmerer",
}


@dataclass
class Played:
    """A case and the people who act in it. ``writing``: documents are written."""

    sessions: sessionmaker[Session]
    store: DocumentStore
    writing: bool = False
    case_id: UUID = field(init=False)
    texts: int = 0
    database: OwnDatabase | None = None

    def known(self) -> dict[str, Any]:
        """The case, and how many texts have been written."""
        return {"case_id": self.case_id, "texts": self.texts}

    def recall(self, known: dict[str, Any]) -> None:
        """Take up a case that was played before."""
        self.case_id, self.texts = known["case_id"], known["texts"]

    def manner(self) -> Hashable:
        """With or without documents."""
        return self.writing

    # --- the road up to a point -------------------------------------------------------------

    @once
    def start(self, parties: tuple[str, ...] = THREE, **changes: Any) -> None:  # noqa: ANN401
        """A new case of these parties; Schwerte leads, the councils decide first."""
        wanted: dict[str, Any] = {
            "title": "Gemeinsame Datenplattform",
            "subject": "Eine Datenplattform für die Region",
            "parties": parties,
            "lead": SCHWERTE,
            "started_on": TODAY,
            **changes,
        }
        with transaction(self.sessions) as session:
            who = actor(session, f"recht.{PARTIES[wanted['lead']]}")
            self.case_id = cases.start(session, who, cases.StartCase(**wanted)).id
        self.drive()

    @once
    def to_principle(self, parties: tuple[str, ...] = THREE, **changes: Any) -> None:  # noqa: ANN401
        """A case whose Grundsatzbeschlüsse are before the first committees."""
        self.start(parties, principle_round=True, **changes)
        self.do(TaskKind.SUBMIT_DRAFT)

    @once
    def to_coordination(self, parties: tuple[str, ...] = THREE, **changes: Any) -> None:  # noqa: ANN401
        """A case whose parties are asked for their statements."""
        self.start(parties, **changes)
        self.do(TaskKind.SUBMIT_DRAFT)

    @once
    def to_councils(self, parties: tuple[str, ...] = THREE, **changes: Any) -> None:  # noqa: ANN401
        """A case whose frozen text lies before the first committees."""
        self.to_coordination(parties, **changes)
        self.agree()

    @once
    def to_check(self, parties: tuple[str, ...] = THREE, **changes: Any) -> None:  # noqa: ANN401
        """A case in which all have decided."""
        self.to_councils(parties, **changes)
        self.do_all(TaskKind.RECORD_RESOLUTION)

    @once
    def to_signing(self, parties: tuple[str, ...] = THREE, **changes: Any) -> None:  # noqa: ANN401
        """A case whose signatories are asked."""
        self.to_check(parties, **changes)
        self.do(TaskKind.CONFIRM_RESOLUTIONS)

    @once
    def to_authority(self, parties: tuple[str, ...] = THREE, **changes: Any) -> None:  # noqa: ANN401
        """A signed case that has to go to the authority."""
        self.to_signing(parties, **changes)
        self.do_all(TaskKind.RECORD_SIGNATURE)

    def agree(self, **freeze: Any) -> None:  # noqa: ANN401
        """All agree with the newest text, and it is frozen."""
        self.fit_text()
        self.do_all(TaskKind.GIVE_STATEMENT)
        self.do(TaskKind.FREEZE_VERSION, **freeze)

    # --- single acts --------------------------------------------------------------------------

    def drive(self) -> None:
        """Let the machine do its part."""
        drive(self.sessions, self.store, writing=self.writing)

    def write(self, kind: VersionKind = VersionKind.AGREEMENT) -> None:
        """The lead's Rechtsamt writes a version that differs from all before."""
        self.texts += 1
        with transaction(self.sessions) as session:
            who = actor(session, self.lead())
            if kind is VersionKind.PRINCIPLE:
                self._write_principle(session, who)
            else:
                wording.write(session, who, self.case_id, self.agreement())
        self.drive()

    def agreement(self) -> wording.AgreementInput:
        """What the lead writes: no text is like another."""
        return wording.AgreementInput(
            purpose=f"die digitale Entwicklung gemeinsam zu gestalten ({self.texts})",
            tasks=("den Betrieb einer gemeinsamen Datenplattform",),
            chair=self.holder(PartyRole.LEAD),
            cost_key=wording.CostKeyInput(method="equal"),
            staff=Decimal("2.5"),
            written_on=TODAY,
        )

    def _write_principle(self, session: Session, who: Actor) -> None:
        """The wording that the clause texts give, after the first time with a point of its own."""
        first = wording.PrincipleInput(purpose="gemeinsam zu arbeiten", written_on=TODAY)
        last = drafting.latest_version(session, self.case_id, VersionKind.PRINCIPLE)
        if last is None:
            wording.write(session, who, self.case_id, first)
            return
        content = drafting.content_of(last)
        assert isinstance(content, PrincipleContent)
        points = (*content.points, f"Ein weiterer Punkt ({self.texts}).")
        drafting.write_version(
            session,
            who,
            self.case_id,
            wording.stored_terms(last),
            content.model_copy(update={"points": points}),
            note="",
            written_on=TODAY,
        )

    def fit_text(self) -> None:
        """See to it that the newest text names exactly the parties of now."""
        if self.frozen() is not None:
            return
        newest = self.newest()
        named = {p["name"] for p in newest.content["parties"]} if newest else set()
        with transaction(self.sessions) as session:
            case = session.get_one(Case, self.case_id)
            expected = {b.forms["name"] for b in course.parties_of(session, case)}
        if named != expected:
            self.write()

    def do(self, kind: TaskKind, ags: str | None = None, **particulars: Any) -> None:  # noqa: ANN401
        """Somebody does the one open task of this kind, favourably but for the particulars."""
        found = self.open_tasks(kind, ags)
        assert len(found) == 1, f"{kind}: {len(found)} tasks"
        self.complete(found[0], **particulars)

    def do_all(self, kind: TaskKind, ags: str | None = None) -> None:
        """Whoever is asked for this does it, until nobody is asked any more."""
        while found := self.open_tasks(kind, ags):
            self._complete_all(found)

    def complete(self, task: Task, **particulars: Any) -> None:  # noqa: ANN401
        """The one whose task it is does it; then the machine goes on."""
        if task.kind is TaskKind.SUBMIT_DRAFT:
            self._write_what_is_missing()
        act = self.favourable(task, **particulars)
        with transaction(self.sessions) as session:
            decisions.complete(session, actor(session, self.holder_of(task)), task.id, act)
        self.drive()

    def resolve(
        self,
        ags: str,
        outcome: Outcome = Outcome.ADOPTED,
        **particulars: Any,  # noqa: ANN401
    ) -> None:
        """The body's deciding council; before it the committees recommend."""
        while True:
            task = self.open_tasks(TaskKind.RECORD_RESOLUTION, ags)[0]
            if self.decides(task):
                self.complete(task, outcome=outcome, **particulars)
                return
            self.complete(task)

    def adopt(self, *bodies: str) -> None:
        """These bodies adopt the text."""
        for ags in bodies:
            self.resolve(ags)

    def detour(
        self,
        way: Callable[..., Any],
        wanted: Any,  # noqa: ANN401
        username: str | None = None,
    ) -> Any:  # noqa: ANN401
        """The lead's Rechtsamt takes a way; then the machine goes on."""
        with transaction(self.sessions) as session:
            case = course.locked_case(session, self.case_id)
            result = way(session, actor(session, username or self.lead()), case, wanted)
        self.drive()
        return result

    def locked(self, session: Session) -> Case:
        """The locked case."""
        return course.locked_case(session, self.case_id)

    def acting_lead(self, session: Session) -> Actor:
        """The lead's Rechtsamt."""
        return actor(session, self.lead())

    def judge(self) -> None:
        """Judge where the case stands today; then the machine goes on."""
        with transaction(self.sessions) as session:
            automation.judge_case(session, self.case_id)
        self.drive()

    # --- what can be seen -----------------------------------------------------------------------

    def lead(self) -> str:
        """The account of the lead's Rechtsamt."""
        return f"recht.{PARTIES[self.holder(PartyRole.LEAD)]}"

    def holder(self, role: PartyRole) -> str:
        """The AGS of the party that has a role."""
        with transaction(self.sessions) as session:
            return session.scalars(
                select(Body.ags)
                .join(Party, Party.body_id == Body.id)
                .where(Party.case_id == self.case_id, Party.roles.contains([role]))
            ).one()

    def holder_of(self, task: Task) -> str:
        """The account that a task is for."""
        return f"{_ACCOUNTS[task.role]}.{PARTIES[self.ags(task.body_id)]}"

    def ags(self, body_id: UUID) -> str:
        """The AGS of a body."""
        with transaction(self.sessions) as session:
            return session.get_one(Body, body_id).ags

    def open_tasks(self, kind: TaskKind | None = None, ags: str | None = None) -> list[Task]:
        """The open tasks of the case, oldest first."""
        query = select(Task).where(Task.case_id == self.case_id, Task.state == TaskState.OPEN)
        if kind is not None:
            query = query.where(Task.kind == kind)
        if ags is not None:
            query = query.join(Body, Body.id == Task.body_id).where(Body.ags == ags)
        with transaction(self.sessions) as session:
            return list(session.scalars(query.order_by(Task.id)))

    def asked(self, kind: TaskKind) -> set[str]:
        """Who is asked for something now, by AGS."""
        return {self.ags(task.body_id) for task in self.open_tasks(kind)}

    def stage(self, key: str) -> Stage:
        """The current instance of a stage."""
        with transaction(self.sessions) as session:
            return course.stages_of(session, session.get_one(Case, self.case_id))[key]

    def stages(self) -> list[Stage]:
        """The current instances of all stages."""
        with transaction(self.sessions) as session:
            return list(course.stages_of(session, session.get_one(Case, self.case_id)).values())

    def instances(self, key: str) -> list[Stage]:
        """Every instance of a stage that there has been."""
        with transaction(self.sessions) as session:
            return list(
                session.scalars(
                    select(Stage)
                    .where(Stage.case_id == self.case_id, Stage.key == key)
                    .order_by(Stage.number)
                )
            )

    def case(self) -> Case:
        """The case's row."""
        with transaction(self.sessions) as session:
            return session.get_one(Case, self.case_id)

    def frozen(self, kind: VersionKind = VersionKind.AGREEMENT) -> TextVersion | None:
        """The frozen text."""
        with transaction(self.sessions) as session:
            return drafting.frozen_version(session, self.case_id, kind)

    def text_hash(self, kind: VersionKind = VersionKind.AGREEMENT) -> str:
        """The hash of the frozen text."""
        frozen = self.frozen(kind)
        assert frozen is not None
        return frozen.text_hash

    def newest(self, kind: VersionKind = VersionKind.AGREEMENT) -> TextVersion | None:
        """The newest text."""
        with transaction(self.sessions) as session:
            return drafting.latest_version(session, self.case_id, kind)

    def papers(self, ags: str) -> list[Paper]:
        """Every paper that a body has had, oldest first."""
        with transaction(self.sessions) as session:
            return list(
                session.scalars(
                    select(Paper)
                    .join(Body, Body.id == Paper.body_id)
                    .where(Paper.case_id == self.case_id, Body.ags == ags)
                    .order_by(Paper.id)
                )
            )

    def resolutions(self, ags: str | None = None) -> list[Resolution]:
        """Everything that was resolved, in the order in which it was recorded."""
        query = (
            select(Resolution)
            .join(Consultation, Consultation.id == Resolution.consultation_id)
            .join(Paper, Paper.id == Consultation.paper_id)
            .join(Body, Body.id == Paper.body_id)
            .where(Paper.case_id == self.case_id)
            .order_by(Resolution.id)
        )
        with transaction(self.sessions) as session:
            return list(session.scalars(query.where(Body.ags == ags) if ags else query))

    def decisions(self, ags: str) -> list[DecisionFact]:
        """Where a body's deciding consultations stand."""
        with transaction(self.sessions) as session:
            found = standing.decisions_of(session, self.case_id)
            wanted = session.scalars(select(Body.id).where(Body.ags == ags)).one()
            return [d for d in found if d.body_id == wanted]

    def documents(self, purpose: str) -> list[Document]:
        """The documents that were written for something, oldest first."""
        with transaction(self.sessions) as session:
            return list(
                session.scalars(
                    select(Document)
                    .where(Document.case_id == self.case_id, Document.purpose == purpose)
                    .order_by(Document.id)
                )
            )

    def events(self) -> list[str]:
        """The journal's events, oldest first; the chain has been verified."""
        with transaction(self.sessions) as session:
            case = session.get_one(Case, self.case_id)
            entries = journal.entries(session, self.case_id)
            end = journal.End(case.journal_number, case.journal_hash)
            broken = journal.first_broken(entries, end)
            assert broken is None, broken
            return [entry.event for entry in entries]

    def ways(self) -> dict[Detour, tuple[str, ...]]:
        """Every detour with what stands against it now."""
        with transaction(self.sessions) as session:
            case = session.get_one(Case, self.case_id)
            return {way.detour: way.objections for way in detours.ways(session, case)}

    def facts(self) -> DetourFacts:
        """What the ways look at."""
        with transaction(self.sessions) as session:
            return facts_of(session, session.get_one(Case, self.case_id))

    def lacking(self, round_: Round) -> list[str]:
        """The AGS of the bodies that ended without a valid resolution."""
        found = self.facts().undecided_after_all(round_)
        return list(dict.fromkeys(self.ags(d.body_id) for d in found))

    def decides(self, task: Task) -> bool:
        """Whether a task is about a council that decides."""
        with transaction(self.sessions) as session:
            consultation = session.get_one(Consultation, task.consultation_id)
            return consultation.role.authoritative

    # --- the way to the end ---------------------------------------------------------------------

    def finish(self, touched: Iterable[str] = (), *, before: str | None = None) -> None:
        """Do whatever is open in the most favourable way until the case is through.

        touched: the bodies whose earlier resolutions a new text touches. before: stop as soon
        as this stage has begun.
        """
        self.drive()
        for _ in range(400):
            if self.case().state is not CaseState.RUNNING:
                return
            if before is not None and self.stage(before).prepared_at is not None:
                return
            if not self._one_step(tuple(touched)):
                self._let_a_day_come()
        raise AssertionError("the case does not come to an end: " + self.told())

    def _one_step(self, touched: tuple[str, ...]) -> bool:
        facts = self.facts()
        for round_ in Round:
            for undecided in facts.undecided_after_all(round_):
                again = detours.DecideAgain(
                    body=self.ags(undecided.body_id),
                    round=round_,
                    reason="Noch einmal beraten.",
                    decided_on=TODAY,
                )
                self.detour(detours.decide_again, again)
                return True
        if facts.stages["supervisory_approval"].state is StageState.BLOCKED:
            repeat = detours.RepeatStage(
                stage="supervisory_approval", reason="Neuer Antrag.", decided_on=TODAY
            )
            self.detour(detours.repeat_stage, repeat)
            return True
        tasks = self.open_tasks()
        # The text is frozen when all have spoken, the Beschlusslage stated when all is settled.
        late = (TaskKind.FREEZE_VERSION, TaskKind.CONFIRM_RESOLUTIONS)
        tasks.sort(key=lambda task: (task.kind in late, task.id))
        if not tasks:
            return False
        first = tasks[0]
        if first.kind is TaskKind.FREEZE_VERSION:
            self.fit_text()
            if self.open_tasks(TaskKind.GIVE_STATEMENT):
                return True
        if first.kind in (TaskKind.FREEZE_VERSION, TaskKind.SUBMIT_DRAFT):
            self._complete_text(first, touched)
        else:
            self._complete_all([task for task in tasks if task.kind is first.kind])
        return True

    def _complete_all(self, tasks: Sequence[Task]) -> None:
        if any(task.kind is TaskKind.SUBMIT_DRAFT for task in tasks):
            self._write_what_is_missing()
        chosen = [(task, self.favourable(task), self.holder_of(task)) for task in tasks]
        with transaction(self.sessions) as session:
            for task, act, username in chosen:
                decisions.complete(session, actor(session, username), task.id, act)
        self.drive()

    def _complete_text(self, task: Task, touched: tuple[str, ...]) -> None:
        try:
            self.complete(task, touched=touched)
        except Refusal as refusal:
            if refusal.code != "touched-unknown":
                raise
            self.complete(task, touched=())

    def _let_a_day_come(self) -> None:
        later = clock.now() + timedelta(days=40)
        with clock.fixed(later):
            with transaction(self.sessions) as session:
                waiting = automation.cases_waiting_for_a_day(session)
            assert self.case_id in waiting, "nobody is on turn: " + self.told()
            self.judge()

    def told(self) -> str:
        """Where every stage stands, for a message."""
        with transaction(self.sessions) as session:
            stages = course.stages_of(session, session.get_one(Case, self.case_id)).values()
            return "; ".join(f"{s.key}: {s.state} {s.awaits} {s.reason}" for s in stages)

    def _write_what_is_missing(self) -> None:
        principle = self.case().principle_round
        if principle and self.newest(VersionKind.PRINCIPLE) is None:
            self.write(VersionKind.PRINCIPLE)
        if self.newest() is None:
            self.write()

    def favourable(self, task: Task, **particulars: Any) -> acts.Act:  # noqa: ANN401
        """The act by which a task brings the case on."""
        act: acts.Act = ACTS[task.kind](self, task, particulars)
        return act

    def _resolution(self, task: Task, particulars: Mapping[str, Any]) -> acts.RecordResolution:
        with transaction(self.sessions) as session:
            paper = session.get_one(Consultation, task.consultation_id).paper
        wanted = {"outcome": Outcome.ADOPTED, "decided_on": clock.today()}
        return acts.RecordResolution(text_hash=paper.text_hash, **(wanted | dict(particulars)))

    def _statement(self, task: Task, particulars: Mapping[str, Any]) -> acts.GiveStatement:
        newest = self.newest()
        assert newest is not None
        wanted = {"verdict": Verdict.AGREED, "given_on": TODAY, "version": newest.number}
        return acts.GiveStatement(**(wanted | dict(particulars)))

    def _freeze(self, task: Task, particulars: Mapping[str, Any]) -> acts.FreezeVersion:
        newest = self.newest()
        assert newest is not None
        wanted = {
            "version": newest.number,
            "frozen_on": TODAY,
            "remark": "Es bleibt bei diesem Text.",
            "touched": (),
            "untouched_because": "Nur Folgeänderungen.",
        }
        return acts.FreezeVersion(**(wanted | dict(particulars)))

    def _signature(self, task: Task, particulars: Mapping[str, Any]) -> acts.RecordSignature:
        frozen = self.frozen()
        assert frozen is not None
        wanted = {
            "signed_on": TODAY,
            **self._signed_by(task),
            "text_hash": frozen.text_hash,
        }
        return acts.RecordSignature(**(wanted | dict(particulars)))

    def _signed_by(self, task: Task) -> dict[str, str]:
        """Both who are registered for the body: two signatures are enough on any day."""
        with transaction(self.sessions) as session:
            ags = session.get_one(Body, task.body_id).ags
        body = sample_region().body(ags)
        return {
            "signatory_name": body.forms.head_name,
            "signatory_function": body.forms.head_title,
            "co_signatory_name": body.signatories[0].name,
            "co_signatory_function": body.signatories[0].function,
        }

    @staticmethod
    def requirement(session: Session, task: Task) -> str:
        """What the authority is asked for in the stage of a task."""
        return session.scalars(
            select(Approval.requirement).where(Approval.stage_id == task.stage_id)
        ).one()

    def _answer(self, task: Task, particulars: Mapping[str, Any]) -> acts.RecordAuthorityAnswer:
        with transaction(self.sessions) as session:
            requirement = self.requirement(session, task)
        answer = {"approval": AuthorityAnswer.APPROVED, "filing": AuthorityAnswer.FILED}
        wanted = {"answer": answer[requirement], "answered_on": TODAY}
        return acts.RecordAuthorityAnswer(**(wanted | dict(particulars)))

    def _plan(self, task: Task, particulars: Mapping[str, Any]) -> acts.DraftFinancePlan:
        with transaction(self.sessions) as session:
            bodies = course.parties_of(session, session.get_one(Case, self.case_id))
        granted = quote(guideline("ikz-nrw", TODAY), len(bodies), ELIGIBLE, TODAY)
        own = OwnContribution(
            ags=bodies[0].ags, name=bodies[0].name, amount=granted.own_contribution
        )
        item = CostItem(label="Datenplattform", kind=CostKind.SERVICES, amount=ELIGIBLE)
        return acts.DraftFinancePlan(
            plan=FinancePlan(items=(item,), grant=granted.grant, own_contributions=(own,)),
            description="Aufbau der Datenplattform.",
            starts_on=date(2027, 1, 1),
            ends_on=date(2029, 12, 31),
            planned_on=TODAY,
        )


def again(ags: str, round_: Round = Round.AGREEMENT) -> detours.DecideAgain:
    """A body is asked to decide again."""
    return detours.DecideAgain(body=ags, round=round_, reason=BECAUSE, decided_on=TODAY)


def _plain(act: Callable[..., Any], **given: Any) -> Callable[..., Any]:  # noqa: ANN401
    def made(_: Played, __: Task, particulars: Mapping[str, Any]) -> Any:  # noqa: ANN401
        return act(**(given | dict(particulars)))

    return made


ACTS: Final[Mapping[TaskKind, Callable[..., Any]]] = {
    TaskKind.SUBMIT_DRAFT: _plain(
        acts.SubmitDraft, submitted_on=TODAY, touched=(), untouched_because="Nur Folgeänderungen."
    ),
    TaskKind.GIVE_STATEMENT: Played._statement,
    TaskKind.FREEZE_VERSION: Played._freeze,
    TaskKind.RECORD_RESOLUTION: Played._resolution,
    TaskKind.CONFIRM_RESOLUTIONS: _plain(acts.ConfirmResolutions, confirmed_on=TODAY),
    TaskKind.RECORD_SIGNATURE: Played._signature,
    TaskKind.SUBMIT_TO_AUTHORITY: _plain(
        acts.SubmitToAuthority, applied_on=TODAY, received_on=TODAY
    ),
    TaskKind.RECORD_AUTHORITY_ANSWER: Played._answer,
    TaskKind.RECORD_PUBLICATION: _plain(
        acts.RecordPublication, gazette="Amtsblatt", issue="31", published_on=TODAY
    ),
    TaskKind.RECORD_NOTICE: _plain(acts.RecordNotice, published_on=TODAY, medium="Amtsblatt"),
    TaskKind.DRAFT_FINANCE_PLAN: Played._plan,
    TaskKind.CHECK_FINANCE_PLAN: _plain(
        acts.CheckFinancePlan, verdict=Verdict.AGREED, checked_on=TODAY
    ),
    TaskKind.SUBMIT_APPLICATION: _plain(
        acts.SubmitApplication, submitted_on=TODAY, receipt_reference="BRA-1"
    ),
    TaskKind.JUDGE_AMENDMENT: _plain(
        acts.JudgeAmendment,
        materiality=Materiality.EDITORIAL,
        reason="Nur der Wortlaut.",
        judged_on=TODAY,
    ),
    TaskKind.SETTLE_RESERVATION: _plain(
        acts.SettleReservation,
        fulfilled=True,
        reason="Der Haushalt ist genehmigt.",
        settled_on=TODAY,
    ),
    TaskKind.CONFIRM_URGENT_DECISION: _plain(
        acts.ConfirmUrgentDecision, confirmed=True, decided_on=TODAY
    ),
    TaskKind.AD_HOC: _plain(acts.CompleteAdHoc, result="Erledigt.", done_on=TODAY),
}
