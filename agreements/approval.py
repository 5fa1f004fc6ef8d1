"""Supervisory approval: which authority, whether approval or filing, and its answer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from agreements import course, tasks
from agreements.acts import RecordAuthorityAnswer, SubmitToAuthority
from agreements.decision import Decision, Recorded, check_day
from agreements.errors import Refusal, StepFailure
from agreements.glossary import label
from agreements.journal import Event
from agreements.law.authorities import Authority, PartyFacts, competent_authority
from agreements.law.rules import Requirement, approval_clock, law_of, supervisory_requirement
from agreements.law.tables import RequirementKind
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.conclusion import Approval
from agreements.model.enums import AuthorityAnswer, DueKind, PartyRole, TaskKind

_ANSWERS = {
    RequirementKind.APPROVAL: (
        AuthorityAnswer.APPROVED,
        AuthorityAnswer.DEEMED_APPROVED,
        AuthorityAnswer.REFUSED,
    ),
    RequirementKind.FILING: (AuthorityAnswer.FILED,),
    RequirementKind.NONE: (),
}


def party_facts(session: Session, case: Case) -> tuple[list[PartyFacts], PartyFacts]:
    """What the competence depends on: all parties, and the performing one."""
    district = aliased(Body)
    rows = session.execute(
        select(Party, Body, district)
        .join(Body, Body.id == Party.body_id)
        .outerjoin(district, district.ags == Body.district_ags)
        .where(Party.case_id == case.id, Party.left_on.is_(None))
        .order_by(Party.position)
    ).all()
    facts = {party.body_id: _facts(body, kreis) for party, body, kreis in rows}
    performing = next(
        (p for p, _, _ in rows if PartyRole.PERFORMING in p.roles),
        next(p for p, _, _ in rows if PartyRole.LEAD in p.roles),
    )
    return list(facts.values()), facts[performing.body_id]


def _facts(body: Body, district: Body | None) -> PartyFacts:
    return PartyFacts(
        ags=body.ags,
        name=body.forms["name"],
        kind=body.kind,
        land=body.land,
        government_district=body.government_district,
        district_ags=body.district_ags,
        district_genitive=district.forms["genitive"] if district else None,
        district_address=district.forms["address"] if district else None,
    )


def authority_on(
    session: Session, case: Case, on: date, joining: Body | None = None
) -> tuple[Authority, Requirement]:
    """The competent authority and what it has to do, by the law of that day.

    joining: a body that accedes; with it another authority may be competent.
    """
    law = law_of(case.land, on)
    parties, performing = party_facts(session, case)
    if joining is not None:
        district = session.scalar(select(Body).where(Body.ags == joining.district_ags))
        parties = [*parties, _facts(joining, district)]
    return competent_authority(law, parties, performing), supervisory_requirement(
        law, case.instrument
    )


def is_planned(session: Session, stage_id: UUID) -> bool:
    """Whether the authority has been determined."""
    return bool(session.scalar(select(exists().where(Approval.stage_id == stage_id))))


def plan_approval(session: Session, stage_id: UUID) -> UUID | None:
    """Write down who is asked for what; repeatable. None: the stage has been superseded."""
    found = course.locked_live(session, stage_id)
    if found is None:
        return None
    case, stage = found
    there = session.scalar(select(Approval.id).where(Approval.stage_id == stage.id))
    if there is not None:
        return there
    try:
        authority, requirement = authority_on(session, case, course.legal_day(session, case, stage))
    except Refusal as refusal:
        raise StepFailure(refusal.message) from refusal
    approval = Approval(
        case_id=case.id,
        stage_id=stage.id,
        authority=authority.name,
        authority_basis=authority.basis,
        requirement=requirement.kind.value,
        requirement_basis=requirement.basis,
    )
    session.add(approval)
    session.flush()
    return approval.id


def approval_of(session: Session, stage_id: UUID) -> Approval:
    """The proceeding of a stage that has been planned."""
    return session.scalars(select(Approval).where(Approval.stage_id == stage_id)).one()


def submit_to_authority(decision: Decision, act: SubmitToAuthority) -> Recorded:
    """The application (or filing) has gone to the authority; its receipt starts the clock."""
    session, case, stage = decision.session, decision.case, decision.stage
    check_day(
        "applied_on",
        act.applied_on,
        not_before=course.base_day(session, case, stage, decision.stages),
        why="der letzten Unterschrift",
    )
    check_day("received_on", act.received_on, not_before=act.applied_on, why="dem Antrag")
    approval = approval_of(decision.session, decision.stage.id)
    approval.applied_on, approval.received_on = act.applied_on, act.received_on
    if approval.requirement == RequirementKind.APPROVAL.value:
        clock = approval_clock(
            law_of(case.land, act.received_on), act.received_on, instrument=case.instrument
        )
        approval.clock_end_on, approval.clock_derivation = clock.end, clock.derivation
    lead = decision.task.body_id
    definition = tasks.definition_of(case, stage, TaskKind.RECORD_AUTHORITY_ANSWER)
    tasks.open_task(
        session,
        stage,
        lead,
        definition,
        due_on=approval.clock_end_on,
        due_kind=DueKind.STATUTORY if approval.clock_end_on else None,
        due_reason=approval.clock_derivation,
    )
    return Recorded(
        Event.SUBMITTED_TO_AUTHORITY,
        act.received_on,
        {"authority": approval.authority, "requirement": approval.requirement},
    )


def possible_answers(approval: Approval) -> tuple[AuthorityAnswer, ...]:
    """What the authority can answer to what it was asked for."""
    return _ANSWERS[RequirementKind(approval.requirement)]


def record_authority_answer(decision: Decision, act: RecordAuthorityAnswer) -> Recorded:
    """The authority has answered, or its silence counts as approval (§ 24 Abs. 2 GkG NRW)."""
    approval = approval_of(decision.session, decision.stage.id)
    allowed = possible_answers(approval)
    if act.answer not in allowed:
        raise Refusal(
            "answer-not-possible",
            f"„{label(act.answer)}“ passt nicht: {approval.requirement_basis}.",
            "answer",
            " oder ".join(label(answer) for answer in allowed),
        )
    check_day(
        "answered_on",
        act.answered_on,
        not_before=approval.received_on,
        why="dem Eingang bei der Aufsichtsbehörde",
    )
    if act.answer is AuthorityAnswer.DEEMED_APPROVED:
        _check_clock(approval, act.answered_on)
    approval.answer, approval.answered_on = act.answer, act.answered_on
    approval.authority_reference, approval.remark = act.reference, act.remark
    return Recorded(
        Event.AUTHORITY_ANSWERED,
        act.answered_on,
        {"authority": approval.authority, "answer": act.answer.value},
    )


def _check_clock(approval: Approval, answered_on: date) -> None:
    end = approval.clock_end_on
    if end is not None and answered_on <= end:
        raise Refusal(
            "clock-running",
            f"Die Genehmigung gilt erst nach Ablauf der Frist am {end:%d.%m.%Y} als erteilt. "
            f"{approval.clock_derivation}",
            "answered_on",
            f"ein Tag nach dem {end:%d.%m.%Y}",
        )
