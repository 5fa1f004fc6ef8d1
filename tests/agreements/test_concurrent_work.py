"""What happens between a decision and the machine's next step, and what is shown of it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from agreements import (
    acts,
    automation,
    cases,
    clock,
    councils,
    course,
    decisions,
    drafting,
    overview,
    reminders,
    wording,
)
from agreements.database.engine import transaction
from agreements.errors import Conflict
from agreements.ids import new_id
from agreements.model.bodies import Body
from agreements.model.cases import Stage, Task
from agreements.model.councils import Consultation
from agreements.model.enums import (
    Awaits,
    NoticeKind,
    Outcome,
    StageState,
    TaskKind,
    TaskState,
    Verdict,
    VersionKind,
)
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests.story import KAMEN, KREIS, SCHWERTE, actor, agreement

SMALL = cases.StartCase(
    title="Gemeinsame Datenplattform",
    subject="Eine Datenplattform für drei",
    parties=(SCHWERTE, KREIS, KAMEN),
    lead=SCHWERTE,
    started_on=date(2026, 1, 5),
)


def _start(session: Session) -> dict[str, Stage]:
    add_region(session, sample_region())
    case = cases.start(session, actor(session, "recht.schwerte"), SMALL)
    return course.stages_of(session, case)


def _begin(session: Session, stage: Stage) -> None:
    """The machine begins a stage and opens its tasks."""
    run_id = new_id()
    assert automation.record_run(session, stage.id, stage.attempt, run_id)
    assert automation.enter(session, stage.id, run_id) is automation.Verdict.PROCEED
    automation.open_stage(session, stage.id)


def _act(session: Session, stage: Stage, username: str, act: acts.Act) -> None:
    decisions.record(session, actor(session, username), stage.case_id, act)


def _coordinated(session: Session) -> Stage:
    """Coordination whose text has just been frozen; the machine has not closed it yet."""
    stages = _start(session)
    drafting_stage, coordination = stages["drafting"], stages["coordination"]
    lead = actor(session, "recht.schwerte")
    wording.write(session, lead, coordination.case_id, _text(date(2026, 1, 6)))
    _begin(session, drafting_stage)
    submitted = acts.SubmitDraft(submitted_on=date(2026, 1, 7))
    _act(session, drafting_stage, "recht.schwerte", submitted)
    begun = drafting_stage.state_since
    assert automation.close(session, drafting_stage.id)
    assert drafting_stage.state_since > begun
    _begin(session, coordination)
    agreed = acts.GiveStatement(version=1, verdict=Verdict.AGREED, given_on=date(2026, 1, 8))
    for slug in ("schwerte", "kreis-unna", "kamen"):
        _act(session, coordination, f"sb.{slug}", agreed)
    frozen = acts.FreezeVersion(version=1, frozen_on=date(2026, 1, 9))
    _act(session, coordination, "recht.schwerte", frozen)
    return coordination


def _text(on: date) -> wording.AgreementInput:
    return agreement(on, cost_key={"reference_date": date(2024, 12, 31), "census": "2022"})


def test_a_frozen_text_is_final_before_its_stage_is_closed(
    sessions: sessionmaker[Session],
) -> None:
    with transaction(sessions) as session:
        stage = _coordinated(session)
        assert (stage.state, stage.awaits) == (StageState.OPEN, Awaits.MACHINE)
    other = agreement(date(2026, 1, 12), cost_key={"method": "equal"})
    with transaction(sessions) as session:
        lead = actor(session, "recht.schwerte")
        with pytest.raises(Conflict, match="festgeschrieben"):
            wording.write(session, lead, stage.case_id, other)
    with transaction(sessions) as session:
        version = drafting.latest_version(session, stage.case_id, VersionKind.AGREEMENT)
        assert version is not None
        assert version.number == 1
        assert not session.scalars(select(Task).where(Task.state == TaskState.OPEN)).all()


def test_numbering_papers_holds_up_nobody_who_merely_refers_to_a_body(
    sessions: sessionmaker[Session],
) -> None:
    with transaction(sessions) as session:
        stage = _coordinated(session)
        assert automation.close(session, stage.id)
        case = stage.case_id
    with sessions() as planning, sessions() as other:
        councils_stage = planning.scalars(
            select(Stage).where(Stage.case_id == case, Stage.key == "agreement_councils")
        ).one()
        assert len(councils.plan_papers(planning, councils_stage.id)) == len(SMALL.parties) - 1
        kamen = other.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        refer = text("SELECT 1 FROM bodies WHERE id = :id FOR KEY SHARE NOWAIT")
        assert other.scalar(refer, {"id": kamen}) == 1
        planning.rollback()


def test_only_a_lease_that_nobody_has_taken_is_renewed(sessions: sessionmaker[Session]) -> None:
    with transaction(sessions) as session:
        stage, run = _start(session)["drafting"].id, new_id()
        assert automation.take_lease(session, stage, run, "left")
    later = clock.now() + automation.LEASE_LIFE + timedelta(seconds=1)
    with clock.fixed(later), transaction(sessions) as session:
        assert automation.lease_holder(session, stage) is None
        assert automation.renew_lease(session, stage, "left")
        assert not automation.take_lease(session, stage, run, "right")
    with clock.fixed(later + 2 * automation.LEASE_LIFE), transaction(sessions) as session:
        assert automation.take_lease(session, stage, run, "right")
        assert not automation.renew_lease(session, stage, "left")
        assert automation.lease_holder(session, stage) == "right"


@pytest.mark.parametrize("public", [True, False])
def test_a_rejection_is_named_outside_only_if_it_was_public(
    sessions: sessionmaker[Session], *, public: bool
) -> None:
    with transaction(sessions) as session:
        coordination = _coordinated(session)
        assert automation.close(session, coordination.id)
        stage = session.scalars(
            select(Stage).where(
                Stage.case_id == coordination.case_id, Stage.key == "agreement_councils"
            )
        ).one()
        run_id = new_id()
        assert automation.record_run(session, stage.id, stage.attempt, run_id)
        assert automation.enter(session, stage.id, run_id) is automation.Verdict.PROCEED
        councils.plan_papers(session, stage.id)
        for consultation in session.scalars(select(Consultation)):
            consultation.public = public
        session.flush()
        councils.open_consultations(session, stage.id)
        while stage.state is StageState.OPEN:
            task = session.scalars(
                select(Task).where(
                    Task.kind == TaskKind.RECORD_RESOLUTION, Task.state == TaskState.OPEN
                )
            ).first()
            assert task is not None
            consultation = session.get_one(Consultation, task.consultation_id)
            rejected = acts.RecordResolution(
                outcome=Outcome.REJECTED,
                decided_on=clock.today(),
                text_hash=consultation.paper.text_hash,
            )
            slug = "kamen" if task.body_id == _kamen(session) else "schwerte"
            decisions.complete(session, actor(session, f"sb.{slug}"), task.id, rejected)
        shown = overview.stage_overview(session, stage.id).reason
    assert stage.state is StageState.BLOCKED
    assert ("abgelehnt" in shown) is public
    assert ("nichtöffentlich" in shown) is not public


def _kamen(session: Session) -> UUID:
    return session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()


def test_people_are_told_of_a_new_task_while_somebody_decides_in_the_case(
    sessions: sessionmaker[Session],
) -> None:
    """Whoever tells holds tasks, whoever decides the case: if they waited, it would be a circle."""
    with transaction(sessions) as session:
        stage = _start(session)["drafting"]
        _begin(session, stage)
        case_id = stage.case_id
    with sessions() as deciding, transaction(sessions) as telling:
        course.locked_case(deciding, case_id)
        telling.execute(text("SET LOCAL lock_timeout = '5s'"))
        assert reminders.announce(telling)[NoticeKind.TASK_OPENED] > 0
