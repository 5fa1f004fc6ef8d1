"""A case in which people, in any order, do whatever is open to them, while the machine works.

Every transaction of the machine is a step of its own, so that people act between them.
"""

# ruff: noqa: PT017 - a refusal is one of the results that are looked at
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import (
    acts,
    automation,
    course,
    decisions,
    detours,
    objections,
    standing,
    urgent,
)
from agreements.automation import StageView
from agreements.database.engine import transaction
from agreements.detours.ways import COUNCILS
from agreements.documents.store import DocumentStore
from agreements.errors import Conflict, Refusal, StepFailure
from agreements.ids import new_id
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.enums import (
    AuthorityAnswer,
    Awaits,
    CaseState,
    Consequence,
    Detour,
    KreistagOrder,
    Materiality,
    Outcome,
    Role,
    Round,
    StageKind,
    StageState,
    TaskKind,
    TaskState,
    Urgency,
    Verdict,
    VersionKind,
)
from tests.agreements.detours.played import BECAUSE, BOENEN, TODAY, UNNA, Played
from tests.machine import STEPS, Machine, Suspended
from tests.story import KAMEN, KREIS, PARTIES, SCHWERTE, actor

BODIES: Final = (SCHWERTE, KREIS, KAMEN, UNNA, BOENEN)
LIVE: Final = (StageState.READY, StageState.OPEN, StageState.BLOCKED)
# What legal staff are told when somebody else has to act first; anything else is a surprise.
MAY_BE_REFUSED: Final = (
    TaskKind.FREEZE_VERSION,
    TaskKind.SUBMIT_DRAFT,
    TaskKind.CONFIRM_RESOLUTIONS,
)
OUTCOMES: Final = (*([Outcome.ADOPTED] * 6), *Outcome)
# How far the case has got on the straight road before anything goes astray.
ROAD: Final = (
    TaskKind.SUBMIT_DRAFT, TaskKind.RECORD_RESOLUTION, TaskKind.FREEZE_VERSION,
    TaskKind.RECORD_RESOLUTION, TaskKind.CONFIRM_RESOLUTIONS, TaskKind.RECORD_SIGNATURE,
    TaskKind.SUBMIT_TO_AUTHORITY,
)  # fmt: skip
AMENDMENT: Final = acts.Amendment(place="§ 4", wording="Halbjährlich.")


@dataclass
class Run:
    """A run of a stage under way: its recorded id, and the next of its steps."""

    stage: StageView
    run_id: UUID
    step: int = 0


@dataclass
class Memory:
    """What was on record after the last step; none of it may be lost or changed."""

    resolutions: dict[UUID, tuple[Outcome, Any, str]] = field(default_factory=dict)
    entries: int = 0


class RandomCase(RuleBasedStateMachine):
    """The rules: what people do, one transaction of the machine, and what must always hold."""

    sessions: ClassVar[sessionmaker[Session]]
    store: ClassVar[DocumentStore]

    def __init__(self) -> None:
        super().__init__()
        self.played = Played(self.sessions, self.store)
        self.machine = Machine(self.sessions, self.store, writing=False)
        self.runs: dict[UUID, Run] = {}
        self.seen: dict[UUID, Task] = {}
        self.memory = Memory()

    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        """A case of two to four parties with Schwerte in the lead."""
        others = data.draw(
            st.lists(st.sampled_from(BODIES[1:]), min_size=1, max_size=3, unique=True)
        )
        parties = (SCHWERTE, *others)
        changes: dict[str, Any] = {
            "principle_round": data.draw(st.booleans()),
            "kreistag_order": data.draw(st.sampled_from(KreistagOrder)),
        }
        if data.draw(st.booleans()):
            changes |= {"programme": "ikz-nrw", "applicant": data.draw(st.sampled_from(parties))}
        note(f"start({parties}, {changes})")
        self.played.start(parties, **changes)
        for kind in ROAD[: data.draw(st.integers(1, len(ROAD)))]:
            if kind is TaskKind.FREEZE_VERSION:
                self.played.agree()
            else:
                self.played.do_all(kind)

    # --- the machine ------------------------------------------------------------------------------

    @rule(data=st.data(), steps=st.integers(1, 6))
    def machine_works(self, data: st.DataObject, steps: int) -> None:
        """Some transactions of one run; then people may come in between."""
        with transaction(self.sessions) as session:
            due = [s for s in automation.live_stages(session) if self._is_due(s)]
        waiting = [Run(stage, new_id()) for stage in due if stage.id not in self.runs]
        choice = [*self.runs.values(), *waiting]
        if not choice:
            return
        run = data.draw(st.sampled_from(sorted(choice, key=lambda r: r.stage.key)))
        note(f"machine_works({run.stage.key}, step {run.step}, {steps})")
        for _ in range(steps):
            if not self._one_step(run):
                self.runs.pop(run.stage.id, None)
                return
        self.runs[run.stage.id] = run

    @rule()
    def the_machine_does_all_it_can(self) -> None:
        """What the runs under way have left, too."""
        self.runs.clear()
        self.played.drive()

    def _is_due(self, stage: StageView) -> bool:
        return stage.case_id == self.played.case_id and stage.awaits is Awaits.MACHINE

    def _one_step(self, run: Run) -> bool:
        """One step; False: the run is through, or waits for people."""
        if run.step == 0:
            run.step = 1
            return self._enter(run)
        step = STEPS[run.stage.kind][run.step - 1]
        run.step += 1
        if step is Machine.close:
            self._close(run)
            return False
        try:
            step(self.machine, run.stage.id)
        except Suspended:
            return False
        except StepFailure:
            with transaction(self.sessions) as session:
                assert session.get_one(Stage, run.stage.id).state not in LIVE
            return False
        return True

    def _enter(self, run: Run) -> bool:
        with transaction(self.sessions) as session:
            stage = automation.work_left(session, run.stage.id)
            run.run_id = stage.flow_run_id or run.run_id
            if stage.flow_run_id is None:
                assert automation.record_run(session, stage.id, stage.attempt, run.run_id)
        with transaction(self.sessions) as session:
            verdict = automation.enter(session, run.stage.id, run.run_id)
        return verdict is automation.Verdict.PROCEED

    def _close(self, run: Run) -> None:
        with transaction(self.sessions) as session:
            closed = automation.close(session, run.stage.id)
            if closed:
                self._check_closed(session, session.get_one(Stage, run.stage.id))
            elif session.get_one(Stage, run.stage.id).state in LIVE:
                # The run has ended though its stage goes on: the conductor makes a new one.
                automation.forget_run(session, run.stage.id, run.run_id)

    def _check_closed(self, session: Session, stage: Stage) -> None:
        tasks = select(Task).where(Task.stage_id == stage.id, Task.state == TaskState.OPEN)
        assert session.scalars(tasks).first() is None
        if stage.kind not in COUNCILS:
            return
        kind = VersionKind.PRINCIPLE if stage.round is Round.PRINCIPLE else VersionKind.AGREEMENT
        text = self.played.text_hash(kind)
        case = session.get_one(Case, stage.case_id)
        facts = standing.decisions_of(session, case.id)
        for body in course.parties_of(session, case):
            if body.kind.is_district is (stage.kind is StageKind.KREISTAG_DECISION):
                own = [d for d in facts if d.body_id == body.id]
                assert any(d.holds_for(text) for d in own), f"{body.name} has no resolution"

    # --- people -----------------------------------------------------------------------------------

    def _running(self) -> bool:
        return self.played.case().state is CaseState.RUNNING

    @rule(data=st.data(), times=st.integers(2, 8))
    def somebody_does_a_task(self, data: st.DataObject, times: int) -> None:
        """Any open task, with any result."""
        for _ in range(times):
            self._one_task(data)

    def _one_task(self, data: st.DataObject) -> None:
        tasks = self.played.open_tasks()
        if not tasks:
            return
        task = tasks[data.draw(st.integers(0, len(tasks) - 1))]
        self.seen[task.id] = task
        particulars = self._particulars(data, task)
        note(f"{task.kind}({self.played.holder_of(task)}, {particulars})")
        try:
            self._complete(task, particulars)
        except Refusal as refusal:
            note(f"   refused: {refusal.code} {refusal.message}")
            assert task.kind in MAY_BE_REFUSED or refusal.code in (
                "rights-of-others", "body-has-decided", "reservation-settled",
            ), refusal  # fmt: skip

    def _complete(self, task: Task, particulars: dict[str, Any]) -> None:
        act = self.played.favourable(task, **particulars)
        who = self.played.holder_of(task)
        with transaction(self.sessions) as session:
            decisions.complete(session, actor(session, who), task.id, act)

    def _particulars(self, data: st.DataObject, task: Task) -> dict[str, Any]:
        particulars = PARTICULARS.get(task.kind)
        return particulars(self, data, task) if particulars else {}

    def _outcome(self, data: st.DataObject, task: Task) -> dict[str, Any]:
        outcome = data.draw(st.sampled_from(OUTCOMES))
        decides = self.played.decides(task)
        wanted: dict[str, Any] = {"outcome": outcome}
        if outcome in standing.AMENDING:
            wanted["amendments"] = (AMENDMENT,)
        elif outcome is Outcome.ADOPTED_CONDITIONALLY:
            wanted["reservation"] = "Die Mittel stehen bereit."
        elif outcome is Outcome.REFERRED and decides:
            wanted["referred_to"] = self._committee(task)
        return wanted

    def _committee(self, task: Task) -> str:
        with transaction(self.sessions) as session:
            body = session.get_one(Body, task.body_id)
            return next(c.name for c in body.committees if not c.role.authoritative)

    def _touched(self, data: st.DataObject, task: Task) -> dict[str, Any]:
        if task.kind is TaskKind.FREEZE_VERSION:
            if self.played.newest() is None:
                return {}
            return {"touched": self._some_resolved(data, Round.AGREEMENT)}
        if data.draw(st.booleans()):
            self.played._write_what_is_missing()
        return {"touched": self._some_resolved(data, Round.PRINCIPLE)}

    def _some_resolved(self, data: st.DataObject, round_: Round) -> tuple[str, ...]:
        with transaction(self.sessions) as session:
            case = session.get_one(Case, self.played.case_id)
            of_round = {s for s, r in course.rounds_of(session, case.id) if r is round_}
            last = {
                d.body_id: d
                for d in standing.decisions_of(session, case.id)
                if d.stage_id in of_round and d.worth not in (None, standing.Worth.PENDING)
            }
            names = [b.ags for b in course.parties_of(session, case)
                     if b.id in last and last[b.id].adopts]  # fmt: skip
        return tuple(ags for ags in names if data.draw(st.booleans()))

    @precondition(_running)
    @rule(again=st.booleans())
    def the_lead_writes(self, again: bool) -> None:
        """A new version of the agreement, if the text is open."""
        try:
            if again:
                self.played.texts += 1
                self._write()
            else:
                self.played.fit_text()
        except Conflict as conflict:
            assert conflict.code == "text-not-open"

    def _write(self) -> None:
        from agreements import wording

        with transaction(self.sessions) as session:
            lead = actor(session, self.played.lead())
            wording.write(session, lead, self.played.case_id, self.played.agreement())

    @rule(data=st.data())
    def a_clerk_is_too_late(self, data: st.DataObject) -> None:
        """Who completes a task that is not open any more learns so, and nothing happens."""
        open_now = {task.id for task in self.played.open_tasks()}
        stale = [task for task in self.seen.values() if task.id not in open_now]
        if not stale or not self._running():
            return
        task = data.draw(st.sampled_from(sorted(stale, key=lambda t: str(t.kind))))
        before = self.played.case().journal_number
        try:
            self._complete(task, {})
        except Refusal as refusal:
            assert isinstance(refusal, Conflict), refusal
            assert "entfallen" in refusal.message or "bereits" in refusal.message
        except AssertionError:
            return  # nothing is frozen: there is nothing that could be signed
        else:
            raise AssertionError(f"{task.kind} was completed twice")
        assert self.played.case().journal_number == before

    # --- detours ----------------------------------------------------------------------------------

    @precondition(_running)
    @rule(data=st.data(), way=st.sampled_from([d for d in Detour if d is not Detour.WITHDRAW_CASE]))
    def the_lead_takes_a_way(self, data: st.DataObject, way: Detour) -> None:
        """Any way; what stands against it is exactly what is listed."""
        listed = self.played.ways()
        in_vain = data.draw(st.integers(0, 3)) == 0
        if listed[way] and not in_vain:
            offered = [d for d in Detour if not listed[d] and d is not Detour.WITHDRAW_CASE]
            way = data.draw(st.sampled_from(offered))
        objections_now = listed[way]
        use_case, wanted = self._way(data, way)
        note(f"{way}({wanted})")
        try:
            with transaction(self.sessions) as session:
                case = course.locked_case(session, self.played.case_id)
                use_case(session, actor(session, self.played.lead()), case, wanted)
        except Refusal as refusal:
            note(f"   refused: {refusal.code} {refusal.message}")
            if objections_now:
                assert refusal.message == " ".join(objections_now)
            else:
                assert refusal.code in PARTICULAR_REFUSALS, refusal
        else:
            assert not objections_now

    @precondition(_running)
    @rule(sure=st.integers(0, 19))
    def the_case_is_withdrawn(self, sure: int) -> None:
        """Now and then."""
        if sure or self.played.ways()[Detour.WITHDRAW_CASE]:
            return
        wanted = detours.WithdrawCase(reason=BECAUSE, decided_on=TODAY)
        with transaction(self.sessions) as session:
            case = course.locked_case(session, self.played.case_id)
            detours.withdraw_case(session, actor(session, self.played.lead()), case, wanted)

    def _way(self, data: st.DataObject, way: Detour) -> tuple[Callable[..., Any], Any]:
        why: dict[str, Any] = {"reason": BECAUSE, "decided_on": TODAY}
        body = data.draw(st.sampled_from(BODIES))
        stages = list(self._stages())
        if way is Detour.DECIDE_AGAIN:
            round_ = data.draw(st.sampled_from(Round))
            lacking = self.played.lacking(round_)
            body = data.draw(st.sampled_from(lacking)) if lacking else body
            return detours.decide_again, detours.DecideAgain(body=body, round=round_, **why)
        if way is Detour.REOPEN_TEXT:
            kind = data.draw(st.sampled_from(VersionKind))
            return detours.reopen_text, detours.ReopenText(kind=kind, **why)
        if way is Detour.NEW_ROUND:
            keys = [s.key for s in stages if s.kind in COUNCILS]
            bodies = (body,) if data.draw(st.booleans()) else None
            stage = data.draw(st.sampled_from(keys))
            return detours.new_round, detours.NewRound(stage=stage, bodies=bodies, **why)
        if way is Detour.REPEAT_STAGE:
            stage = data.draw(st.sampled_from([s.key for s in stages]))
            return detours.repeat_stage, detours.RepeatStage(stage=stage, **why)
        if way is Detour.LEAVE_PARTY:
            heir = data.draw(st.sampled_from(BODIES))
            return detours.leave_party, detours.LeaveParty(body=body, successor=heir, **why)
        if way is Detour.JOIN_PARTY:
            return detours.join_party, detours.JoinParty(body=body, **why)
        stage = data.draw(st.sampled_from([s.key for s in stages]))
        role = data.draw(st.sampled_from((Role.LEGAL, Role.CLERK)))
        adhoc = detours.OpenAdHoc(
            stage=stage, body=body, role=role, title="Stellungnahme Datenschutz", **why
        )
        return detours.open_ad_hoc, adhoc

    # --- what happens to resolutions --------------------------------------------------------------

    @precondition(_running)
    @rule(data=st.data(), kind=st.sampled_from(("object", "lift", "annul", "revoke")))
    def something_happens_to_a_resolution(self, data: st.DataObject, kind: str) -> None:
        """Objection, its lifting, annulment, revocation of any resolution."""
        found = self.played.resolutions()
        if not found:
            return
        chosen = found[data.draw(st.integers(0, len(found) - 1))]
        act, wanted = AFTERWARDS[kind]
        note(f"{kind}({chosen.outcome})")
        try:
            with transaction(self.sessions) as session:
                case = course.locked_case(session, self.played.case_id)
                who = actor(session, f"recht.{PARTIES[self._body_of(session, chosen)]}")
                act(session, who, case, chosen.id, wanted)
        except Conflict as conflict:
            note(f"   refused: {conflict.code}")

    @staticmethod
    def _body_of(session: Session, resolution: Resolution) -> str:
        consultation = session.get_one(Consultation, resolution.consultation_id)
        return consultation.paper.body.ags

    @precondition(_running)
    @rule(ags=st.sampled_from(BODIES), adopted=st.booleans())
    def it_is_urgent(self, ags: str, adopted: bool) -> None:
        """The main committee decides instead of the council."""
        papers = [p for p in self.played.papers(ags) if p.superseded_because is None]
        if not papers:
            return
        wanted = urgent.UrgentDecision(
            stage=Urgency.MAIN_COMMITTEE,
            decided_on=TODAY,
            text_hash=papers[-1].text_hash,
            outcome=Outcome.ADOPTED if adopted else Outcome.REJECTED,
            reason=BECAUSE,
        )
        note(f"urgent({ags}, {wanted.outcome})")
        try:
            with transaction(self.sessions) as session:
                case = course.locked_case(session, self.played.case_id)
                clerk = actor(session, f"sb.{PARTIES[ags]}")
                urgent.decide_urgently(session, clerk, case, papers[-1].body_id, wanted)
        except Refusal as refusal:
            note(f"   refused: {refusal.code}")
            assert refusal.code in ("no-decision-due", "other-text", "agreement-in-force"), refusal

    # --- what always holds ------------------------------------------------------------------------

    def _stages(self) -> Iterator[Stage]:
        with transaction(self.sessions) as session:
            case = session.get_one(Case, self.played.case_id)
            yield from course.stages_of(session, case).values()

    @invariant()
    def nothing_on_record_is_lost(self) -> None:
        """Resolutions and journal only grow; the chain verifies."""
        now = {
            r.id: (r.outcome, (r.votes_yes, r.votes_no, r.votes_abstained), r.text_hash)
            for r in self.played.resolutions()
        }
        assert now | self.memory.resolutions == now
        assert self.memory.resolutions.keys() <= now.keys()
        self.memory.resolutions = now
        events = self.played.events()
        assert len(events) >= self.memory.entries
        self.memory.entries = len(events)

    @invariant()
    def nobody_is_asked_in_vain(self) -> None:
        """Only stages that run or are to come have open tasks."""
        with transaction(self.sessions) as session:
            rows = session.execute(
                select(Stage.key, Stage.state, Task.kind)
                .join(Task, Task.stage_id == Stage.id)
                .where(Stage.case_id == self.played.case_id, Task.state == TaskState.OPEN)
            ).all()
            over = (StageState.DONE, StageState.SKIPPED, StageState.SUPERSEDED)
            assert not [row for row in rows if row[1] in over]
            doubled = select(Paper.stage_id, Paper.body_id).where(
                Paper.case_id == self.played.case_id, Paper.superseded_because.is_(None)
            )
            papers = session.execute(doubled).all()
            assert len(set(papers)) == len(papers)

    @invariant()
    def somebody_is_always_on_turn(self) -> None:
        """No case is stuck, and what is stored is what would be judged now."""
        with transaction(self.sessions) as session:
            case = course.locked_case(session, self.played.case_id)
            if case.state is not CaseState.RUNNING:
                return
            stages = course.stages_of(session, case)
            judged = course.progress_of(session, case, stages)
            stored = {key: (s.state, s.awaits, s.reason) for key, s in stages.items()}
            assert stored == {k: (p.state, p.awaits, p.reason) for k, p in judged.items()}
        live = [stage for stage in stages.values() if stage.state in LIVE]
        assert live, self.played.told()
        asked = {task.stage_id for task in self.played.open_tasks()}
        for stage in live:
            assert stage.awaits is not Awaits.NOBODY
            if stage.awaits is Awaits.PEOPLE and stage.id not in asked:
                self._has_a_way_on(stage)

    def _has_a_way_on(self, stage: Stage) -> None:
        assert stage.state is StageState.BLOCKED, f"{stage.key}: {stage.reason}"
        if stage.round is not None:
            assert self.played.lacking(stage.round), f"{stage.key}: {stage.reason}"
            assert not self.played.ways()[Detour.DECIDE_AGAIN]
        else:
            assert stage.kind is StageKind.SUPERVISORY_APPROVAL
            assert not self.played.ways()[Detour.REPEAT_STAGE]

    def teardown(self) -> None:
        """From wherever the case has got to, it comes to its end."""
        if not hasattr(self.played, "case_id"):
            return
        note("finish()")
        self.played.finish()
        state = self.played.case().state
        assert state in (CaseState.DONE, CaseState.WITHDRAWN)
        assert not self.played.open_tasks()
        self.nothing_on_record_is_lost()


def _judged(case: RandomCase, data: st.DataObject, task: Task) -> dict[str, Any]:
    consequence = data.draw(st.sampled_from((None, *Consequence)))
    materiality = Materiality.MATERIAL if consequence else Materiality.EDITORIAL
    return {"materiality": materiality, "consequence": consequence}


def _verdict(case: RandomCase, data: st.DataObject, task: Task) -> dict[str, Any]:
    if data.draw(st.booleans()):
        return {}
    return {"verdict": Verdict.CHANGES_WANTED, "comment": "Bitte ändern."}


def _checked(case: RandomCase, data: st.DataObject, task: Task) -> dict[str, Any]:
    if data.draw(st.booleans()):
        return {}
    return {"verdict": Verdict.CHANGES_WANTED, "remark": "Bitte ändern."}


def _answered(case: RandomCase, data: st.DataObject, task: Task) -> dict[str, Any]:
    with transaction(case.sessions) as session:
        filing = case.played.requirement(session, task) == "filing"
    refused = not filing and data.draw(st.booleans())
    return {"answer": AuthorityAnswer.REFUSED} if refused else {}


def _settled(case: RandomCase, data: st.DataObject, task: Task) -> dict[str, Any]:
    return {"fulfilled": data.draw(st.booleans())}


def _confirmed(case: RandomCase, data: st.DataObject, task: Task) -> dict[str, Any]:
    return {"confirmed": data.draw(st.booleans()), "reason": BECAUSE}


PARTICULARS: Final[dict[TaskKind, Callable[[RandomCase, st.DataObject, Task], dict[str, Any]]]] = {
    TaskKind.RECORD_RESOLUTION: RandomCase._outcome,
    TaskKind.FREEZE_VERSION: RandomCase._touched,
    TaskKind.SUBMIT_DRAFT: RandomCase._touched,
    TaskKind.JUDGE_AMENDMENT: _judged,
    TaskKind.GIVE_STATEMENT: _verdict,
    TaskKind.CHECK_FINANCE_PLAN: _checked,
    TaskKind.RECORD_AUTHORITY_ANSWER: _answered,
    TaskKind.SETTLE_RESERVATION: _settled,
    TaskKind.CONFIRM_URGENT_DECISION: _confirmed,
}
# The way is open, but not for this body, stage or text.
PARTICULAR_REFUSALS: Final = (
    "body-has-decided", "not-a-party", "detour-not-possible", "text-open", "nothing-to-renew",
    "stage-not-repeatable", "stage-not-begun", "roles-to-hand-over", "party-already", "stage-over",
)  # fmt: skip
_HAPPENED: Final[dict[str, Any]] = {"happened_on": TODAY, "reason": BECAUSE}
AFTERWARDS: Final[dict[str, tuple[Callable[..., Any], Any]]] = {
    "object": (objections.object_to, objections.RecordObjection(**_HAPPENED)),
    "lift": (objections.lift, objections.LiftObjection(**_HAPPENED)),
    "annul": (
        objections.annul,
        objections.RecordAnnulment(authority="Bezirksregierung Arnsberg", **_HAPPENED),
    ),
    "revoke": (
        objections.revoke,
        objections.RecordRevocation(third_party_rights="Niemand ist betroffen.", **_HAPPENED),
    ),
}
