"""The course of a case: gather the facts, let ``progress`` judge, write what it says.

Called in every transaction that changes a case, with the case locked, so the stages' rows
always say what is next. Conductors are woken for each stage whose turn has changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from agreements import ahead, clock, outbox
from agreements.database.prepared import prepared
from agreements.errors import NotFound
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Stage, Task
from agreements.model.conclusion import Approval, Publication
from agreements.model.enums import (
    AuthorityAnswer,
    ConsultationState,
    Outcome,
    Round,
    StageKind,
    StageState,
    TaskKind,
    TaskState,
)
from agreements.procedures.definition import Procedure, Requirement, procedure
from agreements.procedures.progress import CaseFacts, StageFacts, StageProgress, progress
from agreements.standing import DecisionFact, Standing, Worth, decisions_of
from agreements.standing import standings as standings_of

LIVE: Final = (StageState.READY, StageState.OPEN, StageState.BLOCKED)


def locked_case(session: Session, case_id: UUID) -> Case:
    """The case, locked until the end of the transaction.

    Not against those who merely refer to it: what people are told of it waits for nobody.
    """
    found = _case_to_lock.first(session, case_id=case_id)
    if found is None:
        raise NotFound("case-unknown", "Diesen Vorgang gibt es nicht.")
    return found[0]


@prepared
def _case_to_lock() -> Select[Case]:
    return select(Case).where(Case.id == bindparam("case_id")).with_for_update(key_share=True)


def locked_live(session: Session, stage_id: UUID) -> tuple[Case, Stage] | None:
    """The locked case and its stage; None if that has been superseded or closed meanwhile.

    For the machine, which works on a stage in several transactions while people go on.
    """
    case = locked_case(session, session.get_one(Stage, stage_id).case_id)
    stage = session.get_one(Stage, stage_id, populate_existing=True)
    return (case, stage) if stage.state in LIVE else None


def procedure_of(case: Case) -> Procedure:
    """The procedure version that the case started with."""
    return procedure(case.procedure, case.procedure_version)


def stages_of(session: Session, case: Case) -> dict[str, Stage]:
    """The current instance of every stage: the one of the latest round number.

    Those that are still ahead have no row (``ahead``).
    """
    rows = {stage.key: stage for (stage,) in _stages.all(session, case_id=case.id)}
    stages = ahead.with_those_ahead(session, case, rows)
    ahead.explain(case, stages)
    return stages


@prepared
def _stages() -> Select[Stage]:
    return (
        select(Stage)
        .where(Stage.case_id == bindparam("case_id"))
        .order_by(Stage.position, Stage.number)
    )


def parties_of(session: Session, case: Case) -> list[Body]:
    """The bodies that take part now, in the parties' order."""
    return [body for (body,) in _bodies_taking_part.all(session, case_id=case.id)]


@prepared
def _bodies_taking_part() -> Select[Body]:
    return (
        select(Body)
        .join(Party, Party.body_id == Body.id)
        .where(Party.case_id == bindparam("case_id"), Party.left_on.is_(None))
        .order_by(Party.position)
    )


def rounds_of(session: Session, case_id: UUID) -> list[tuple[UUID, Round | None]]:
    """All stages of a case that have a row, past ones included, with their round of councils."""
    rows = session.execute(select(Stage.id, Stage.round).where(Stage.case_id == case_id))
    return [(stage_id, round_) for stage_id, round_ in rows]


def judge(session: Session, case: Case) -> dict[str, StageProgress]:
    """Judge the progress of the locked case and write it into its stages."""
    session.flush()
    stages = stages_of(session, case)
    judged = progress_of(session, case, stages)
    write(session, stages, judged)
    session.flush()
    return judged


def progress_of(
    session: Session, case: Case, stages: Mapping[str, Stage]
) -> dict[str, StageProgress]:
    """Where the case's stages stand, by the facts as they are now."""
    session.flush()
    procedure, gathered = procedure_of(case), _Gathered(session, case, stages)
    judged = progress(procedure, gathered.facts())
    # Requirements are asked for only where nothing else stands in the way any more.
    if any(judged[s.key].state is StageState.READY for s in procedure.stages if s.requires):
        return progress(procedure, gathered.facts(with_unmet=True))
    return judged


def write(
    session: Session, stages: Mapping[str, Stage], judged: Mapping[str, StageProgress]
) -> None:
    """Write what was judged into the stages of the locked case."""
    for key, stage in stages.items():
        _write(session, stage, judged[key])


def _write(session: Session, stage: Stage, judged: StageProgress) -> None:
    if ahead.is_ahead(stage):
        if ahead.stays_ahead(judged):
            # Looked at and forgotten, by most: noting a change costs more than asking for it.
            if stage.state is not judged.state:
                stage.state = judged.state
            if stage.reason != judged.reason:
                stage.reason = judged.reason
            return
        session.add(stage)
    if stage.state is not judged.state:
        stage.state, stage.state_since = judged.state, clock.now()
    elif (stage.awaits, stage.reason) == (judged.awaits, judged.reason):
        return
    stage.awaits, stage.reason = judged.awaits, judged.reason
    if judged.state in (StageState.READY, StageState.OPEN, StageState.BLOCKED, StageState.DONE):
        outbox.wake(session, stage.id)


def facts_of(session: Session, case: Case, stages: Mapping[str, Stage]) -> CaseFacts:
    """What ``progress`` looks at."""
    return _Gathered(session, case, stages).facts(with_unmet=True)


@dataclass
class _Gathered:
    """The facts of a case, each read when it is needed and only once."""

    session: Session
    case: Case
    stages: Mapping[str, Stage]

    @cached_property
    def tasks(self) -> dict[UUID, list[str]]:
        """What is still to be done in each stage."""
        return _open_tasks(self.session, self.case.id)

    @cached_property
    def standings(self) -> list[Standing]:
        """Where the parties' resolutions stand."""
        return standings_of(self.session, self.case.id)

    def facts(self, *, with_unmet: bool = False) -> CaseFacts:
        """All of them; requirements that do not hold only if they are asked for."""
        unmet = _unmet(self.case, self.stages, self.standings) if with_unmet else {}
        return CaseFacts(frozenset(self.case.conditions), unmet, self._of_stages)

    @cached_property
    def _of_stages(self) -> dict[str, StageFacts]:
        return {key: self._of(stage) for key, stage in self.stages.items()}

    def _of(self, stage: Stage) -> StageFacts:
        begun = stage.state in (StageState.OPEN, StageState.BLOCKED)
        missing = tuple(self.tasks.get(stage.id, ())) if begun else ()
        return StageFacts(
            begun=begun,
            prepared=stage.prepared_at is not None,
            done=stage.state is StageState.DONE,
            superseded=stage.superseded_because,
            missing=missing,
            obstacle=self._obstacle(stage, bool(missing)) if begun else None,
            not_before=_not_before(self.session, stage) if begun else None,
        )

    def _obstacle(self, stage: Stage, has_tasks: bool) -> str | None:
        # Papers belong to stages with a round.
        standings = self.standings if stage.round is not None else []
        decisions = [s.decision for s in standings if s.decision is not None and s.takes_part]
        return _obstacle(self.session, stage, decisions, has_tasks)


@prepared
def _tasks_to_do() -> Select[UUID, str, TaskKind, str | None]:
    return (
        select(Task.stage_id, Body.forms["short"].astext, Task.kind, Task.own_title)
        .join(Body, Body.id == Task.body_id)
        .where(Task.case_id == bindparam("case_id"), Task.state == TaskState.OPEN)
        .order_by(Body.ags, Task.id)
    )


def _open_tasks(session: Session, case_id: UUID) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for stage_id, short, kind, own_title in _tasks_to_do.all(session, case_id=case_id):
        found[stage_id].append(f"{short}: {_titled(kind, own_title)}.")
    return found


def _titled(kind: TaskKind, own_title: str | None) -> str:
    # What somebody typed in is for the body and the lead; a reason is read by all, and outside.
    return label(kind) if kind is TaskKind.AD_HOC else own_title or label(kind)


def _obstacle(
    session: Session, stage: Stage, decisions: Iterable[DecisionFact], has_tasks: bool
) -> str | None:
    sentences = [
        sentence
        for decision in decisions
        if decision.stage_id == stage.id and decision.current
        for sentence in _council_obstacle(decision, has_tasks)
    ]
    if sentences:
        return " ".join(sentences)
    if stage.kind is StageKind.SUPERVISORY_APPROVAL:
        refused = session.scalar(select(Approval.answer).where(Approval.stage_id == stage.id))
        if refused is AuthorityAnswer.REFUSED:
            return "Die Aufsichtsbehörde hat die Genehmigung versagt."
    return None


_SAYS: Final = {
    Outcome.REJECTED: "hat abgelehnt",
    Outcome.WITHDRAWN: "hat nicht beschlossen, die Vorlage ist zurückgezogen",
    Outcome.NOTED: "hat nur zur Kenntnis genommen, ein Beschluss fehlt",
}


def _council_obstacle(decision: DecisionFact, has_tasks: bool) -> Iterator[str]:
    """Why a body's decision keeps its stage from ending."""
    # Also shown outside, where results of non-public consultations have no place.
    private = (
        f"{decision.body}: Nach der nichtöffentlichen Beratung ist zu klären, wie es weitergeht."
    )
    where = f"{decision.body}: {decision.committee}"
    if decision.state is ConsultationState.CANCELLED:
        withdrawn = f"{decision.body}: Die Vorlage ist zurückgezogen."
        yield withdrawn if decision.public else private
    elif decision.state is not ConsultationState.HELD or decision.worth is Worth.PENDING:
        return
    elif decision.worth is Worth.NOT_ADOPTED:
        says = _SAYS.get(decision.outcome or Outcome.REJECTED, "hat nicht beschlossen")
        yield f"{where} {says}." if decision.public else private
    elif not decision.holds_for(decision.paper_hash) and not has_tasks:
        # Amended and not judged has its task; what is left has no valid resolution.
        lacks = f"{where}: Ein gültiger Beschluss über diesen Text fehlt."
        yield lacks if decision.public else private


def _not_before(session: Session, stage: Stage) -> str | None:
    if stage.kind is not StageKind.ENTRY_INTO_FORCE:
        return None
    effective_on = session.scalar(
        select(Publication.effective_on)
        .where(Publication.case_id == stage.case_id)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    if effective_on is None or effective_on <= clock.today():
        return None
    return f"Tritt am {effective_on:%d.%m.%Y} in Kraft."


def _unmet(
    case: Case, stages: Mapping[str, Stage], standings: Iterable[Standing]
) -> dict[Requirement, str]:
    waiting = {definition.key for definition in procedure_of(case).stages if definition.requires}
    if not any(stages[key].state is StageState.NOT_DUE for key in waiting):
        return {}
    parties = {s.position: s for s in standings if s.takes_part}
    adopted = {s.body_id for s in standings if s.decision is not None and s.decision.adopts}
    lacking = [party.body for _, party in sorted(parties.items()) if party.body_id not in adopted]
    if not lacking:
        return {}
    sentence = "Das Förderprogramm verlangt die Beschlüsse aller Beteiligten. Es fehlt: "
    return {Requirement.PROGRAMME_CONDITIONS_MET: sentence + ", ".join(lacking) + "."}


def base_day(
    session: Session, case: Case, stage: Stage, stages: Mapping[str, Stage] | None = None
) -> date | None:
    """The latest legal date of what this stage builds on; None if it builds on nothing.

    stages: those of the case, if they are read already.
    """
    stages = stages or stages_of(session, case)
    definition = procedure_of(case)
    days: list[date] = []

    def collect(key: str) -> None:
        for need in definition.stage(key).needs:
            if not frozenset(case.conditions).issuperset(need.when):
                continue
            needed = stages[need.stage]
            if needed.done_on is not None:
                days.append(needed.done_on)
            elif needed.state is StageState.SKIPPED:
                collect(need.stage)

    collect(stage.key)
    if definition.stage(stage.key).requires:
        days += _first_adoptions(decisions_of(session, case.id))
    return max(days, default=None)


def _first_adoptions(decisions: Iterable[DecisionFact]) -> list[date]:
    """For each body the day on which it first adopted a text: the programme's conditions."""
    first: dict[UUID, date] = {}
    for d in decisions:
        if d.adopts and d.decided_on is not None:
            first[d.body_id] = min(d.decided_on, first.get(d.body_id, d.decided_on))
    return list(first.values())


def legal_day(session: Session, case: Case, stage: Stage) -> date:
    """The legal date of what the machine does in a stage.

    Today; in a case that is recorded afterwards the latest date among the acts so far that
    the stage builds on, or its own.
    """
    if not case.retrospective:
        return clock.today()
    known = [base_day(session, case, stage), stage.last_act_on, case.started_on]
    return max(day for day in known if day is not None)
