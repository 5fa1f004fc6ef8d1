"""Papers, consultations and resolutions: how every council decides on the same text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from agreements import clock, course, drafting, tasks, wording
from agreements.acts import ConfirmResolutions, RecordResolution
from agreements.automation import mark_prepared
from agreements.decision import Decision, Recorded, check_day, check_text
from agreements.errors import Conflict, Refusal, StepFailure
from agreements.journal import Event
from agreements.model.bodies import Body, Committee
from agreements.model.cases import Case, Party, Stage
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.drafting import TextVersion
from agreements.model.enums import (
    ConsultationState,
    Outcome,
    Round,
    StageKind,
    TaskKind,
    VersionKind,
)
from agreements.procedures.transitions import (
    CONSULTATION,
    ConsultationAction,
    ConsultationFacts,
    Who,
)

ROUND_TEXT = {
    Round.PRINCIPLE: VersionKind.PRINCIPLE,
    Round.AGREEMENT: VersionKind.AGREEMENT,
}


def deciding_bodies(session: Session, stage: Stage) -> list[Body]:
    """The parties that decide in this stage: the Kreis, or all others."""
    of_kreistag = stage.kind is StageKind.KREISTAG_DECISION
    bodies = session.scalars(
        select(Body)
        .join(Party, Party.body_id == Body.id)
        .where(Party.case_id == stage.case_id, Party.left_on.is_(None))
        .order_by(Party.position)
    )
    return [body for body in bodies if body.kind.is_district is of_kreistag]


def is_planned(session: Session, stage_id: UUID) -> bool:
    """Whether every deciding body has its paper."""
    stage = session.get_one(Stage, stage_id)
    return {p.body_id for p in _papers(session, stage_id)} == {
        body.id for body in deciding_bodies(session, stage)
    }


def plan_papers(session: Session, stage_id: UUID) -> list[UUID]:
    """Write down a paper with its Beratungsfolge for each body; returns the papers' ids.

    Repeatable: what is there already stays. The bodies' rows are locked, since each hands
    out its own numbers.
    """
    stage = session.get_one(Stage, stage_id)
    case = course.locked_case(session, stage.case_id)
    version = _text_of_round(session, stage)
    dated_on = course.legal_day(session, case, stage)
    done = {p.body_id: p.id for p in _papers(session, stage.id)}
    bodies = deciding_bodies(session, stage)
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


def _papers(session: Session, stage_id: UUID) -> Sequence[Paper]:
    return session.scalars(select(Paper).where(Paper.stage_id == stage_id).order_by(Paper.id)).all()


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
    paper = Paper(
        case_id=case.id,
        stage_id=stage.id,
        body_id=body.id,
        version_id=version.id,
        text_hash=version.text_hash,
        number=paper_number(body.paper_number_pattern, body.next_paper_number, dated_on),
        dated_on=dated_on,
        proposal={"points": list(wording.proposal_points(case, version))},
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
    """Open the first consultation of every paper; from then on the stage waits for people."""
    stage = session.get_one(Stage, stage_id)
    case = course.locked_case(session, stage.case_id)
    for paper in _papers(session, stage.id):
        if all(c.state is ConsultationState.PLANNED for c in paper.consultations):
            _open_next(session, case, stage, paper)
    mark_prepared(session, case, stage)


def _open_next(session: Session, case: Case, stage: Stage, paper: Paper) -> None:
    """Open the next planned consultation and its task, in the same transaction."""
    for consultation in paper.consultations:
        if consultation.state is not ConsultationState.PLANNED:
            continue
        facts = ConsultationFacts(
            tuple(
                c.committee.name
                for c in paper.consultations
                if c.position < consultation.position and c.state is not ConsultationState.HELD
            )
        )
        consultation.state = CONSULTATION.judge(
            consultation.state, ConsultationAction.OPEN, Who.MACHINE, facts
        )
        _open_task(session, case, stage, paper, consultation)
        return


def _open_task(
    session: Session, case: Case, stage: Stage, paper: Paper, consultation: Consultation
) -> None:
    definition = tasks.definition_of(case, stage, TaskKind.RECORD_RESOLUTION)
    noun = "Beschluss" if consultation.role.authoritative else "Empfehlung"
    tasks.open_task(
        session,
        stage,
        paper.body_id,
        definition,
        title=f"{noun} erfassen ({consultation.committee.name})",
        consultation_id=consultation.id,
    )


def record_resolution(decision: Decision, act: RecordResolution) -> Recorded:
    """A committee has decided. What follows in the body is opened at once."""
    session = decision.session
    paper = _whole_paper(session, decision.task.consultation_id)
    consultation = next(c for c in paper.consultations if c.id == decision.task.consultation_id)
    check_text("text_hash", act.text_hash, paper.text_hash)
    _check_decided_on(consultation, act.decided_on)
    check_votes(
        act,
        voting_members(consultation.committee, act.decided_on),
        consultation.committee,
    )
    action = (
        ConsultationAction.DEFER if act.outcome is Outcome.DEFERRED else ConsultationAction.HOLD
    )
    consultation.state = CONSULTATION.judge(
        consultation.state, action, Who.HOLDER, ConsultationFacts()
    )
    consultation.resolutions.append(_resolution(decision, act, paper))
    if action is ConsultationAction.DEFER:
        _open_task(session, decision.case, decision.stage, paper, consultation)
    else:
        _open_next(session, decision.case, decision.stage, paper)
    return Recorded(Event.RESOLUTION_RECORDED, act.decided_on, _trace(consultation, act))


def _whole_paper(session: Session, consultation_id: UUID | None) -> Paper:
    """The consultation's paper with its whole Beratungsfolge, in one statement."""
    of_it = select(Consultation.paper_id).where(Consultation.id == consultation_id)
    committee = joinedload(Consultation.committee).joinedload(Committee.sizes)
    return (
        session.scalars(
            select(Paper)
            .where(Paper.id == of_it.scalar_subquery())
            .options(
                joinedload(Paper.consultations).options(
                    joinedload(Consultation.resolutions), committee
                )
            )
            .execution_options(populate_existing=True)
        )
        .unique()
        .one()
    )


def _resolution(decision: Decision, act: RecordResolution, paper: Paper) -> Resolution:
    return Resolution(
        outcome=act.outcome,
        votes_yes=act.votes.yes,
        votes_no=act.votes.no,
        votes_abstained=act.votes.abstained,
        unanimous=act.unanimous,
        decided_on=act.decided_on,
        text_hash=paper.text_hash,
        remark=act.remark,
        sample=act.sample,
        recorded_by=decision.actor.user_id,
        recorded_at=clock.now(),
    )


def _trace(consultation: Consultation, act: RecordResolution) -> dict[str, object]:
    return {
        "committee": consultation.committee.name,
        "authoritative": consultation.role.authoritative,
        "paper": consultation.paper.number,
        "outcome": act.outcome.value,
        "votes": act.votes.model_dump(),
        "text_hash": act.text_hash,
        "sample": act.sample,
    }


def _check_decided_on(consultation: Consultation, day: date) -> None:
    check_day(
        "decided_on",
        day,
        not_before=consultation.paper.dated_on,
        why="dem Datum der Beschlussvorlage",
    )
    earlier = [
        (r.decided_on, c.committee.name)
        for c in consultation.paper.consultations
        if c.position <= consultation.position
        for r in c.resolutions
    ]
    if earlier:
        last, name = max(earlier)
        check_day("decided_on", day, not_before=last, why=f"der Beratung im Gremium {name}")


def voting_members(committee: Committee, on: date) -> int | None:
    """How many could vote in the committee on that date; None if it is not known."""
    valid = [
        size
        for size in committee.sizes
        if size.valid_from <= on and (size.valid_to is None or on <= size.valid_to)
    ]
    if not valid:
        return None
    return max(valid, key=lambda size: size.valid_from).voting_members


def check_votes(act: RecordResolution, members: int | None, committee: Committee) -> None:
    """Refuse votes that can't be: too many, or against the outcome (§ 50 GO NRW)."""
    votes = act.votes
    known = [v for v in (votes.yes, votes.no, votes.abstained) if v is not None]
    if members is not None and sum(known) > members:
        raise Refusal(
            "too-many-votes",
            f"Die Zahl der Stimmen ({sum(known)}) übersteigt die Zahl der Stimmberechtigten "
            f"{committee.genitive} ({members}).",
            "votes",
            f"zusammen höchstens {members}",
        )
    if act.unanimous and votes.no:
        raise Refusal(
            "unanimous-with-no",
            "Einstimmig beschlossen und Gegenstimmen schließen einander aus.",
            "unanimous",
        )
    if votes.yes is not None and votes.no is not None:
        _check_majority(act.outcome, votes.yes, votes.no)


def _check_majority(outcome: Outcome, yes: int, no: int) -> None:
    if outcome is Outcome.ADOPTED and yes <= no:
        raise Refusal(
            "no-majority",
            f"{yes} Ja- gegen {no} Nein-Stimmen sind keine Mehrheit; bei Stimmengleichheit ist "
            "ein Antrag abgelehnt (§ 50 Abs. 1 GO NRW).",
            "outcome",
            "abgelehnt",
        )
    if outcome is Outcome.REJECTED and yes > no:
        raise Refusal(
            "majority-for",
            f"{yes} Ja- gegen {no} Nein-Stimmen sind eine Mehrheit; das ist keine Ablehnung "
            "(§ 50 Abs. 1 GO NRW).",
            "outcome",
            "beschlossen",
        )


def confirm_resolutions(decision: Decision, act: ConfirmResolutions) -> Recorded:
    """Legal staff of the lead state that all resolutions are there and on the same text."""
    session, case = decision.session, decision.case
    version = drafting.frozen_version(session, case.id, VersionKind.AGREEMENT)
    if version is None:
        raise Conflict("no-frozen-text", "Es gibt keinen festgeschriebenen Text.")
    if objections := resolution_gaps(session, case, version.text_hash):
        raise Conflict("resolutions-missing", " ".join(objections))
    check_day(
        "confirmed_on",
        act.confirmed_on,
        not_before=course.base_day(session, case, decision.stage),
        why="dem letzten Beschluss",
    )
    return Recorded(
        Event.RESOLUTIONS_CONFIRMED,
        act.confirmed_on,
        {"version": version.number, "text_hash": version.text_hash},
    )


def resolution_gaps(session: Session, case: Case, text_hash: str) -> tuple[str, ...]:
    """What is missing until all parties have adopted this text, as sentences."""
    facts = {
        d.body_id: d for d in course.decisions_of(session, case.id) if d.text_hash == text_hash
    }
    gaps = []
    for body_id, short in session.execute(
        select(Party.body_id, Body.forms["short"].astext)
        .join(Body, Body.id == Party.body_id)
        .where(Party.case_id == case.id, Party.left_on.is_(None))
        .order_by(Party.position)
    ):
        fact = facts.get(body_id)
        if fact is None or fact.state is not ConsultationState.HELD:
            gaps.append(f"{short}: Der Beschluss über diesen Text fehlt.")
        elif fact.outcome is not Outcome.ADOPTED:
            gaps.append(f"{short}: {fact.committee} hat den Text nicht beschlossen.")
    return tuple(gaps)
