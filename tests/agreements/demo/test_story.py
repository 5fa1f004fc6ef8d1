"""The facts of the demonstrated cases: complete, in order, sourced, none invented."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from agreements import clock
from agreements.demo.story import Story, load_story
from agreements.model.enums import ConsultationRole, Round, StageKind

KAMEN, SCHWERTE = "05978020", "05978028"


@pytest.fixture(scope="module")
def real() -> Story:
    return load_story("smart_region")


def test_every_fact_on_record_names_its_source(real: Story) -> None:
    assert real.on_record
    assert all(record.fact and record.source for record in real.on_record)


def test_only_kamens_votes_are_known_in_the_first_round(real: Story) -> None:
    known = {
        (ags, role): sitting.votes
        for ags, sittings in real.rounds[Round.PRINCIPLE].items()
        for role, sitting in sittings.items()
        if any(count is not None for count in sitting.votes.model_dump().values())
    }
    assert {ags for ags, _ in known} == {KAMEN}
    council = known[KAMEN, ConsultationRole.DECISION]
    assert (council.yes, council.no, council.abstained) == (None, 1, 1)
    committee = known[KAMEN, ConsultationRole.RECOMMENDATION]
    assert (committee.yes, committee.no, committee.abstained) == (None, None, 1)


def test_a_resolution_that_is_not_on_record_is_sample_data(real: Story) -> None:
    official = {
        ags
        for ags, sittings in real.rounds[Round.PRINCIPLE].items()
        if not sittings[ConsultationRole.DECISION].sample
    }
    assert official == {KAMEN, SCHWERTE, "05978"}
    second = real.rounds[Round.AGREEMENT].values()
    assert all(sitting.sample for sittings in second for sitting in sittings.values())


def test_a_day_that_is_not_on_record_says_so(real: Story) -> None:
    for sittings in real.rounds[Round.PRINCIPLE].values():
        for sitting in sittings.values():
            assert sitting.sample or "Tag" in sitting.remark


def test_the_finance_plan_adds_up(real: Story) -> None:
    assert real.funding is not None
    plan = real.funding.planned.plan
    assert plan.financed == plan.total
    assert {own.ags for own in plan.own_contributions} == set(real.case.parties)


def test_stages_follow_each_other_in_the_order_of_their_days(real: Story) -> None:
    kreistag = real.days(StageKind.KREISTAG_DECISION, Round.PRINCIPLE)
    councils = real.days(StageKind.COUNCIL_RESOLUTIONS, Round.PRINCIPLE)
    coordination = real.days(StageKind.COORDINATION, None)
    plan = real.days(StageKind.FINANCE_PLAN, None)
    assert kreistag is not None
    assert councils is not None
    assert coordination is not None
    assert plan is not None
    assert kreistag[1] < councils[0] <= councils[1] < coordination[0] < coordination[1] < plan[0]
    assert real.days(StageKind.ENTRY_INTO_FORCE, None) is None


def test_the_sample_case_runs_now() -> None:
    with clock.fixed(datetime(2031, 3, 1, 12, tzinfo=UTC)):
        story = load_story("sample_case")
    assert story.case.started_on == date(2031, 1, 18)
    assert story.coordination.frozen_on == date(2031, 2, 22)
    assert not story.case.retrospective
    assert story.rounds == {}


def test_a_round_without_a_party_is_refused(real: Story) -> None:
    told = real.model_dump()
    del told["rounds"][Round.AGREEMENT][KAMEN]
    with pytest.raises(ValidationError, match="not the parties"):
        Story.model_validate(told)


def test_a_wish_that_no_version_answers_is_refused(real: Story) -> None:
    told = real.model_dump()
    told["coordination"]["wishes"] = {2: {KAMEN: "Bitte kürzer."}}
    with pytest.raises(ValidationError, match="no later one answers"):
        Story.model_validate(told)
