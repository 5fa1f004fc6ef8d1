"""Papers: what every council is asked to decide on the same text, and along which committees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from agreements import course, drafting, first_due, standing, tasks, wording
from agreements.automation import mark_prepared
from agreements.errors import StepFailure
from agreements.model.bodies import Body, Committee
from agreements.model.cases import Case, Party, Stage, Task
from agreements.model.councils import Consultation, Paper
from agreements.model.drafting import TextVersion
from agreements.model.enums import (
    ConsultationState,
    Round,
    StageKind,
    TaskKind,
    VersionKind,
)
from agreements.procedures.transitions import (
    CONSULTATION,
    STAGE,
    ConsultationAction,
    ConsultationFacts,
    StageAction,
    StageActionFacts,
    Who,
)

ROUND_TEXT = {
    Round.PRINCIPLE: VersionKind.PRINCIPLE,
    Round.AGREEMENT: VersionKind.AGREEMENT,
}


def deciding_bodies(session: Session, stage: Stage, text_hash: str) -> list[Body]:
    """The parties that have to decide in this stage: the Kreis, or all others.

    A body whose resolution holds for the text already (from an earlier round) need not.
    """
    decided = {
        d.body_id for d in standing.decisions_of(session, stage.case_id) if d.holds_for(text_hash)
    }
    of_kreistag = stage.kind is StageKind.KREISTAG_DECISION
    bodies = session.scalars(
        select(Body)
        .join(Party, Party.body_id == Body.id)
        .where(Party.case_id == stage.case_id, Party.left_on.is_(None))
        .order_by(Party.position)
    )
    return [
        body for body in bodies if body.kind.is_district is of_kreistag and body.id not in decided
    ]


def is_planned(session: Session, stage_id: UUID) -> bool:
    """Whether every body that has to decide has its paper."""
    stage = session.get_one(Stage, stage_id)
    if stage.state not in course.LIVE:
        return True
    text = _text_of_round(session, stage)
    planned = {p.body_id for p in papers_of(session, stage_id)}
    return all(body.id in planned for body in deciding_bodies(session, stage, text.text_hash))


def plan_papers(session: Session, stage_id: UUID) -> list[UUID]:
    """Write down a paper with its Beratungsfolge for each body; returns the papers' ids.

    Repeatable: what is there already stays. The bodies' rows are locked, since each hands
    out its own numbers.
    """
    found = course.locked_live(session, stage_id)
    if found is None:
        return []
    case, stage = found
    version = _text_of_round(session, stage)
    dated_on = course.legal_day(session, case, stage)
    done = {p.body_id: p.id for p in papers_of(session, stage.id)}
    bodies = deciding_bodies(session, stage, version.text_hash)
    _lock(session, [body.id for body in bodies if body.id not in done])
    for body in bodies:
        if body.id not in done:
            paper = _plan_paper(session, case, stage, body, version, dated_on)
            done[body.id] = paper.id
    session.flush()
    return list(done.values())


def _lock(session: Session, body_ids: Sequence[UUID]) -> None:
    """Lock bodies in one order for all cases; who merely refers to them need not wait."""
    session.scalars(
        select(Body)
        .where(Body.id.in_(body_ids))
        .order_by(Body.id)
        .with_for_update(of=Body, key_share=True)
        .execution_options(populate_existing=True)
    ).unique().all()


def papers_of(session: Session, stage_id: UUID) -> Sequence[Paper]:
    """The papers of a stage that are in force, not those that another one has replaced."""
    query = select(Paper).where(Paper.stage_id == stage_id, Paper.superseded_because.is_(None))
    return session.scalars(query.order_by(Paper.id)).all()


def _text_of_round(session: Session, stage: Stage) -> TextVersion:
    if stage.round is None:
        raise StepFailure(f"Der Verfahrensschritt {stage.key} hat keine Beschlussrunde.")
    version = drafting.frozen_version(session, stage.case_id, ROUND_TEXT[stage.round])
    if version is None:
        raise StepFailure("Es gibt noch keinen festgeschriebenen Text, der zu beschließen wäre.")
    return version


def _plan_paper(
    session: Session,
    case: Case,
    stage: Stage,
    body: Body,
    version: TextVersion,
    dated_on: date,
) -> Paper:
    committees = beratungsfolge(session, body, dated_on)
    if version.proposal is None:
        # Literally the same for every body, so it is kept with the text.
        version.proposal = {"points": list(wording.proposal_points(case, version))}
    paper = Paper(
        case_id=case.id,
        stage_id=stage.id,
        body_id=body.id,
        version_id=version.id,
        text_hash=version.text_hash,
        number=paper_number(body.paper_number_pattern, body.next_paper_number, dated_on),
        dated_on=dated_on,
    )
    body.next_paper_number += 1
    paper.consultations = [
        Consultation(
            committee_id=committee.id,
            position=position,
            role=committee.role,
            public=committee.public,
        )
        for position, committee in enumerate(committees, start=1)
    ]
    session.add(paper)
    session.flush()
    return paper


def beratungsfolge(session: Session, body: Body, on: date) -> list[Committee]:
    """The committees that a paper of the body passes on that date, in order.

    Raises ``StepFailure`` if the last one does not decide.
    """
    committees = list(
        session.scalars(
            select(Committee)
            .where(
                Committee.body_id == body.id,
                Committee.position.is_not(None),
                or_(Committee.valid_from.is_(None), Committee.valid_from <= on),
                or_(Committee.valid_to.is_(None), Committee.valid_to >= on),
            )
            .order_by(Committee.position)
        )
    )
    if not committees or not committees[-1].role.authoritative:
        raise StepFailure(
            f"Für {body.forms['accusative']} ist am {on:%d.%m.%Y} kein beschließendes Gremium am "
            "Ende der Beratungsfolge hinterlegt. Bitte die Gremien der Körperschaft ergänzen und "
            "den Schritt wiederholen."
        )
    return committees


def paper_number(pattern: str, sequence: int, on: date) -> str:
    """The number of a paper by the body's own pattern: ``{seq}`` and ``{year}``."""
    return pattern.format(seq=sequence, year=on.year)


def open_consultations(session: Session, stage_id: UUID) -> None:
    """Open the first consultation of every paper; from then on the stage waits for people.

    A body that has been asked to decide (again) since the papers were planned needs its own
    first: the stage stays unprepared, and its flow comes back to it.
    """
    found = course.locked_live(session, stage_id)
    if found is None:
        return
    case, stage = found
    for paper in papers_of(session, stage.id):
        if all(c.state is ConsultationState.PLANNED for c in paper.consultations):
            open_next(session, case, stage, paper)
    if is_planned(session, stage_id):
        mark_prepared(session, case, stage)
    else:
        course.judge(session, case)


def open_next(session: Session, case: Case, stage: Stage, paper: Paper) -> None:
    """Open the next planned consultation and its task, in the same transaction."""
    for consultation in paper.consultations:
        if consultation.state is not ConsultationState.PLANNED:
            continue
        facts = ConsultationFacts(
            tuple(
                c.committee.name
                for c in paper.consultations
                if c.position < consultation.position
                and c.state in (ConsultationState.PLANNED, ConsultationState.OPEN)
            )
        )
        consultation.state = CONSULTATION.judge(
            consultation.state, ConsultationAction.OPEN, Who.MACHINE, facts
        )
        # Planned until now: nobody has been asked yet.
        meeting_on = consultation.meeting_on
        open_consultation_task(session, case, stage, paper, consultation, meeting_on, is_new=True)
        return


def open_consultation_task(
    session: Session,
    case: Case,
    stage: Stage,
    paper: Paper,
    consultation: Consultation,
    meeting_on: date | None = None,
    *,
    is_new: bool = False,
) -> None:
    """Ask the body's clerks for the result of a consultation."""
    noun = "Beschluss" if consultation.role.authoritative else "Empfehlung"
    # A title is also read outside the body.
    where = consultation.committee.name if consultation.public else "nichtöffentliche Beratung"
    definition = tasks.definition_of(case, stage, TaskKind.RECORD_RESOLUTION)
    due = first_due.after_meeting(case, definition, meeting_on) if meeting_on else None
    tasks.open_task(
        session,
        stage,
        paper.body_id,
        definition,
        title=f"{noun} erfassen ({where})",
        consultation_id=consultation.id,
        due_on=due.on if due else None,
        due_kind=due.kind if due else None,
        due_reason=due.reason if due else None,
        is_new=is_new,
    )


def stage_with(session: Session, case: Case, kind: TaskKind) -> Stage | None:
    """The stage to which the procedure gives tasks of that kind; None if it has none."""
    keys = {
        stage.key
        for stage in course.procedure_of(case).stages
        if any(task.kind is kind for task in stage.tasks)
    }
    stages = course.stages_of(session, case)
    return next((stages[key] for key in stages if key in keys), None)


def drop_paper(session: Session, paper: Paper, because: str) -> None:
    """Take a body's paper out of force: what has not been consulted is cancelled."""
    paper.superseded_because = because
    for consultation in paper.consultations:
        if consultation.state in (ConsultationState.PLANNED, ConsultationState.OPEN):
            cancel_consultation(session, consultation)
    # Also what was asked about its resolutions: another paper decides now.
    tasks.cancel(session, Task.consultation_id.in_([c.id for c in paper.consultations]))


def drop_undecided(session: Session, paper: Paper, because: str) -> None:
    """Take a paper out of force unless the body has decided on it: that stays on record."""
    deciding = {c.state for c in paper.consultations if c.role.authoritative}
    # One that was cancelled beside one that was held had been planned by mistake.
    if deciding - {ConsultationState.CANCELLED} != {ConsultationState.HELD}:
        drop_paper(session, paper, because)


def in_private(session: Session, case: Case, body_id: UUID) -> bool:
    """Whether a body consults on the case in private, as far as it has a paper yet."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Paper.case_id == case.id,
                    Paper.body_id == body_id,
                    Consultation.paper_id == Paper.id,
                    Consultation.public.is_(False),
                )
            )
        )
    )


def cancel_consultation(session: Session, consultation: Consultation) -> None:
    """A consultation that will not be held; its task is taken back."""
    consultation.state = CONSULTATION.judge(
        consultation.state, ConsultationAction.CANCEL, Who.MACHINE, ConsultationFacts()
    )
    tasks.cancel(session, Task.consultation_id == consultation.id)


def consider_again(session: Session, case: Case, stage: Stage, body_id: UUID, because: str) -> None:
    """A body decides again in a stage that runs: a new paper takes the place of its old one.

    The stage's flow writes the paper; meanwhile the other bodies go on.
    """
    for paper in papers_of(session, stage.id):
        if paper.body_id == body_id:
            drop_paper(session, paper, because)
    stage.state = STAGE.judge(
        stage.state, StageAction.PREPARE_AGAIN, Who.MACHINE, StageActionFacts()
    )
    stage.prepared_at = None
    session.flush()
