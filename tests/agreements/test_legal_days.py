"""Legal dates follow the acts, not the moment at which the machine comes to them."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session, sessionmaker

from agreements import cases, course, publication
from agreements.database.engine import transaction
from agreements.law.instruments import Instrument
from agreements.model.cases import Case, Stage
from agreements.model.enums import StageState
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from tests.story import KAMEN, SCHWERTE, actor


def _contract(session: Session) -> Case:
    """A contract that nobody publishes: it takes effect with its conclusion."""
    add_region(session, sample_region())
    wanted = cases.StartCase(
        title="Gemeinsamer Fuhrpark",
        subject="Ein Fuhrpark für zwei",
        instrument=Instrument.PUBLIC_LAW_CONTRACT,
        parties=(SCHWERTE, KAMEN),
        lead=SCHWERTE,
        started_on=date(2026, 1, 5),
    )
    return cases.start(session, actor(session, "recht.schwerte"), wanted)


def _stage(session: Session, case: Case, key: str) -> Stage:
    return course.stages_of(session, case)[key]


def test_an_unpublished_contract_takes_effect_with_the_last_act_not_with_its_recording(
    sessions: sessionmaker[Session],
) -> None:
    with transaction(sessions) as session:
        case = _contract(session)
        for stage in course.stages_of(session, case).values():
            if stage.state is not StageState.SKIPPED:
                session.add(stage)
                stage.state, stage.done_on = StageState.DONE, date(2026, 3, 2)
        _stage(session, case, "signing").done_on = date(2026, 3, 9)
        effect = _stage(session, case, "entry_into_force")
        effect.state, effect.done_on = StageState.OPEN, None
        session.flush()
        publication.determine_effect(session, effect.id)
        assert effect.last_act_on == date(2026, 3, 9)
