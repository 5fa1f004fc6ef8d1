"""Publication, the parties' notices, and the day on which the agreement takes effect."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, course
from agreements.acts import RecordNotice, RecordPublication
from agreements.automation import mark_prepared
from agreements.decision import Decision, Recorded, check_day
from agreements.journal import Event
from agreements.law.rules import effect_rule, effective_on, law_of
from agreements.model.conclusion import Publication, PublicationNotice


def publication_of(session: Session, case_id: UUID) -> Publication | None:
    """The publication of the agreement of a case."""
    return session.scalar(
        select(Publication).where(Publication.case_id == case_id).order_by(Publication.id.desc())
    )


def record_publication(decision: Decision, act: RecordPublication) -> Recorded:
    """The authority has published the agreement; the day of effect follows from the law."""
    session, case, stage = decision.session, decision.case, decision.stage
    check_day(
        "published_on",
        act.published_on,
        not_before=course.base_day(session, case, stage, decision.stages),
        why="der Entscheidung der Aufsichtsbehörde",
    )
    law = law_of(case.land, act.published_on)
    effective = effective_on(
        law, act.published_on, act.agreed_effective_on, instrument=case.instrument
    )
    session.add(
        Publication(
            case_id=case.id,
            stage_id=stage.id,
            gazette=act.gazette,
            issue=act.issue,
            page=act.page,
            published_on=act.published_on,
            effective_on=effective,
            effective_basis=effect_rule(law, case.instrument).basis,
            recorded_by=decision.actor.user_id,
            recorded_at=clock.now(),
        )
    )
    return Recorded(
        Event.PUBLICATION_RECORDED,
        act.published_on,
        {"gazette": act.gazette, "issue": act.issue, "effective_on": effective.isoformat()},
    )


def record_notice(decision: Decision, act: RecordNotice) -> Recorded:
    """A party has pointed to the publication (§ 24 Abs. 3 GkG NRW)."""
    session, case = decision.session, decision.case
    published = publication_of(session, case.id)
    check_day(
        "published_on",
        act.published_on,
        not_before=published.published_on if published else None,
        why="der Bekanntmachung",
    )
    session.add(
        PublicationNotice(
            case_id=case.id,
            stage_id=decision.stage.id,
            body_id=decision.task.body_id,
            published_on=act.published_on,
            medium=act.medium,
            recorded_by=decision.actor.user_id,
            recorded_at=clock.now(),
        )
    )
    return Recorded(Event.NOTICE_RECORDED, act.published_on, {"medium": act.medium})


def determine_effect(session: Session, stage_id: UUID) -> None:
    """Fix the day of effect: by the publication, else with the last act before it."""
    found = course.locked_live(session, stage_id)
    if found is None:
        return
    case, stage = found
    published = publication_of(session, case.id)
    concluded = course.base_day(session, case, stage) or course.legal_day(session, case, stage)
    effective = published.effective_on if published else concluded
    if stage.last_act_on is None:
        stage.last_act_on = effective
    mark_prepared(session, case, stage)
