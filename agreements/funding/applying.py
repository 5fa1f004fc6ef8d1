"""Finance plan with a second pair of eyes, then the application with its receipt."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from agreements import clock, course, tasks
from agreements.acts import CheckFinancePlan, DraftFinancePlan, SubmitApplication
from agreements.decision import Decision, Recorded, check_day
from agreements.errors import Conflict, Refusal, StepFailure
from agreements.funding.plan import FinancePlan, check
from agreements.funding.programme import Guideline
from agreements.funding.rules import Quote, guideline, quote
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.enums import PartyRole, PlanState, TaskKind, Verdict
from agreements.model.funding import Application, FinancePlanVersion
from agreements.procedures.definition import Addressee


def quote_for(session: Session, case: Case, plan: FinancePlan, on: date) -> tuple[Guideline, Quote]:
    """What the case's programme grants for the plan by the guideline of that day."""
    if case.programme is None:
        raise Conflict("no-programme", "Für diesen Vorgang ist kein Förderprogramm gewählt.")
    parties = session.scalar(
        select(func.count()).where(Party.case_id == case.id, Party.left_on.is_(None))
    )
    rule = guideline(case.programme, on)
    return rule, quote(rule, parties or 0, plan.eligible, on)


def draft_finance_plan(decision: Decision, act: DraftFinancePlan) -> Recorded:
    """The applicant draws up the plan; another person is asked to check it."""
    session, case, stage = decision.session, decision.case, decision.stage
    check_day(
        "planned_on",
        act.planned_on,
        not_before=course.base_day(session, case, stage),
        why="dem Entwurf der Vereinbarung",
    )
    if act.ends_on <= act.starts_on:
        raise Refusal(
            "project-ends-before-start",
            "Das Vorhaben endet, bevor es beginnt.",
            "ends_on",
            f"ein Tag nach dem {act.starts_on:%d.%m.%Y}",
        )
    rule, granted = quote_for(session, case, act.plan, act.planned_on)
    if objections := check(act.plan, granted):
        raise Refusal(
            objections[0].code,
            " ".join(objection.message for objection in objections),
            f"plan.{objections[0].field}",
        )
    _check_contributors(session, case, act.plan)
    plan = FinancePlanVersion(
        case_id=case.id,
        stage_id=stage.id,
        number=_next_number(session, case),
        plan=act.plan.model_dump(mode="json"),
        description=act.description,
        starts_on=act.starts_on,
        ends_on=act.ends_on,
        eligible=act.plan.eligible,
        grant=act.plan.grant,
        own_contribution=act.plan.own_contribution,
        planned_on=act.planned_on,
        drafted_by=decision.actor.user_id,
        drafted_at=clock.now(),
    )
    session.add(plan)
    _ask_second_person(decision)
    return Recorded(
        Event.FINANCE_PLAN_DRAFTED,
        act.planned_on,
        {
            "number": plan.number,
            "guideline": rule.id,
            "grant": str(plan.grant),
            "own_contribution": str(plan.own_contribution),
        },
    )


def _check_contributors(session: Session, case: Case, plan: FinancePlan) -> None:
    known = set(
        session.scalars(
            select(Body.ags)
            .join(Party, Party.body_id == Body.id)
            .where(Party.case_id == case.id, Party.left_on.is_(None))
        )
    )
    for number, own in enumerate(plan.own_contributions):
        if own.ags not in known:
            raise Refusal(
                "contributor-not-a-party",
                f"{own.name} ({own.ags}) ist an diesem Vorgang nicht beteiligt.",
                f"plan.own_contributions.{number}.ags",
            )


def _next_number(session: Session, case: Case) -> int:
    last = session.scalar(
        select(func.max(FinancePlanVersion.number)).where(FinancePlanVersion.case_id == case.id)
    )
    return (last or 0) + 1


def _ask_second_person(decision: Decision) -> None:
    session, case, stage = decision.session, decision.case, decision.stage
    definition = tasks.definition_of(case, stage, TaskKind.CHECK_FINANCE_PLAN)
    for body_id in tasks.addressees(session, case, definition.of):
        tasks.open_task(session, stage, body_id, definition)


def latest_plan(session: Session, case_id: UUID) -> FinancePlanVersion | None:
    """The newest plan of the case."""
    return session.scalar(
        select(FinancePlanVersion)
        .where(FinancePlanVersion.case_id == case_id)
        .order_by(FinancePlanVersion.number.desc())
        .limit(1)
    )


def check_finance_plan(decision: Decision, act: CheckFinancePlan) -> Recorded:
    """The second person agrees, or gives the plan back with a remark."""
    session, case, stage = decision.session, decision.case, decision.stage
    plan = latest_plan(session, case.id)
    if plan is None:
        raise Conflict("no-finance-plan", "Es gibt noch keinen Plan, der zu prüfen wäre.")
    check_day("checked_on", act.checked_on, not_before=plan.planned_on, why="dem Plan")
    agreed = act.verdict is Verdict.AGREED
    if not agreed and not act.remark:
        raise Refusal("remark-missing", "Bitte angeben, was am Plan zu ändern ist.", "remark")
    plan.state = PlanState.CHECKED if agreed else PlanState.RETURNED
    plan.checked_by, plan.checked_on = decision.actor.user_id, act.checked_on
    plan.check_remark = act.remark
    if not agreed:
        definition = tasks.definition_of(case, stage, TaskKind.DRAFT_FINANCE_PLAN)
        for body_id in tasks.addressees(session, case, definition.of):
            tasks.open_task(session, stage, body_id, definition)
    return Recorded(
        Event.FINANCE_PLAN_CHECKED,
        act.checked_on,
        {"number": plan.number, "verdict": act.verdict.value, "remark": act.remark},
    )


def is_planned(session: Session, stage_id: UUID) -> bool:
    """Whether it is written down what is applied for."""
    return bool(session.scalar(select(exists().where(Application.stage_id == stage_id))))


def plan_application(session: Session, stage_id: UUID) -> UUID | None:
    """Write down what is applied for, by the guideline of the day; repeatable.

    None: the stage has been superseded.
    """
    found = course.locked_live(session, stage_id)
    if found is None:
        return None
    case, stage = found
    there = session.scalar(select(Application.id).where(Application.stage_id == stage.id))
    if there is not None:
        return there
    plan = latest_plan(session, case.id)
    if plan is None or plan.state is not PlanState.CHECKED or case.programme is None:
        raise StepFailure("Es gibt keinen geprüften Kosten- und Finanzierungsplan.")
    on = course.legal_day(session, case, stage)
    try:
        rule, granted = quote_for(session, case, FinancePlan.model_validate(plan.plan), on)
    except Refusal as refusal:
        raise StepFailure(refusal.message) from refusal
    application = Application(
        case_id=case.id,
        stage_id=stage.id,
        plan_id=plan.id,
        programme=case.programme,
        guideline=rule.id,
        authority=_granting_authority(session, case, rule),
        parties=len(tasks.addressees(session, case, Addressee.EACH_PARTY)),
        eligible=plan.eligible,
        grant=plan.grant,
        own_contribution=plan.own_contribution,
        reasons={"reasons": list(granted.reasons)},
        prepared_on=on,
    )
    session.add(application)
    session.flush()
    return application.id


def _granting_authority(session: Session, case: Case, rule: Guideline) -> str:
    district = session.scalar(
        select(Body.government_district)
        .join(Party, Party.body_id == Body.id)
        .where(Party.case_id == case.id, Party.roles.contains([PartyRole.APPLICANT]))
    )
    return f"{rule.authority} {district}" if district else rule.authority


def application_of(session: Session, case_id: UUID) -> Application | None:
    """The application of the case."""
    return session.scalar(
        select(Application).where(Application.case_id == case_id).order_by(Application.id.desc())
    )


def submit_application(decision: Decision, act: SubmitApplication) -> Recorded:
    """The application has reached the authority; the receipt is kept."""
    session, case = decision.session, decision.case
    application = session.scalars(
        select(Application).where(Application.stage_id == decision.stage.id)
    ).one()
    check_day(
        "submitted_on", act.submitted_on, not_before=application.prepared_on, why="dem Antrag"
    )
    rule = guideline(application.programme, act.submitted_on)
    if rule.id != application.guideline:
        raise Conflict(
            "guideline-changed",
            f"Am {act.submitted_on:%d.%m.%Y} gilt eine andere Richtlinie ({rule.short_title}) als "
            "im Antrag. Dafür ist der Schritt „Kosten- und Finanzierungsplan“ zu wiederholen; "
            "der Antrag wird dann nach der geltenden Richtlinie neu aufgestellt.",
            "submitted_on",
        )
    application.submitted_on = act.submitted_on
    application.receipt_reference = act.receipt_reference
    application.recorded_by = decision.actor.user_id
    application.recorded_at = clock.now()
    return Recorded(
        Event.APPLICATION_SUBMITTED,
        act.submitted_on,
        {
            "programme": case.programme,
            "guideline": application.guideline,
            "grant": str(application.grant),
            "authority": application.authority,
            "receipt_reference": act.receipt_reference,
        },
    )
