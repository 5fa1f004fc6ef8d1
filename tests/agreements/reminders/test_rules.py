"""The rhythm is data that makes sense, and the reminders that follow from it are in order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from agreements.law.deadlines import holidays_of, is_working_day
from agreements.model.enums import DueKind, NoticeKind
from agreements.procedures.definition import Procedure
from agreements.reminders.rhythm import read, rhythm_on, rhythms
from agreements.reminders.steps import DueDate, escalates_on, step_of
from tests.agreements.procedures.building import procedure, stage

NRW = holidays_of("NW")
RHYTHM = rhythms()[-1]
GOOD = """
rhythms:
  - valid_from: 2026-01-01
    source: Test
    before: [{from_days: 10, days: [7, 1]}, {from_days: 0, days: []}]
    on_the_day: true
    after: [1]
    escalation: {supervisor: 3, lead: 10}
"""
ORDER = (
    NoticeKind.REMINDER_BEFORE,
    NoticeKind.REMINDER_DUE,
    NoticeKind.REMINDER_AFTER,
)

days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
lengths = st.integers(0, 400)


def test_the_rhythm_of_a_day_is_the_latest_that_has_begun() -> None:
    later = GOOD + GOOD.split("\n", 2)[2].replace("2026-01-01", "2027-01-01")
    first, second = read(later)
    assert (first.valid_from, second.valid_from) == (date(2026, 1, 1), date(2027, 1, 1))
    assert rhythm_on(date(2020, 1, 1)) is rhythms()[0]
    assert rhythm_on(date(2099, 1, 1)) is rhythms()[-1]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("days: [7, 1]", "days: [1, 7]"),
        ("days: [7, 1]", "days: [10]"),
        ("from_days: 0", "from_days: 3"),
        ("after: [1]", "after: [5, 1]"),
        ("lead: 10", "lead: 3"),
        ("lead: 10", "lead: 0"),
        ("on_the_day: true", "on_the_day: true\n    sometimes: 1"),
        ("source: Test", "source: ''"),
    ],
)
def test_a_rhythm_that_makes_no_sense_is_not_read(right: str, wrong: str) -> None:
    assert read(GOOD)
    with pytest.raises((ValidationError, ValueError)):
        read(GOOD.replace(right, wrong))


@settings(deadline=None)
@given(known_on=days, length=lengths, wait=st.integers(-5, 500))
def test_a_reminder_never_comes_early_and_of_several_the_latest_counts(
    known_on: date, length: int, wait: int
) -> None:
    due = DueDate(known_on + timedelta(days=length), DueKind.INTERNAL, known_on)
    today = known_on + timedelta(days=wait)
    step = step_of(due, today, RHYTHM, NRW)
    if today <= known_on:
        assert step is None
    if step is None:
        return
    assert known_on < step.on <= today
    before = step_of(due, step.on - timedelta(days=1), RHYTHM, NRW)
    assert before is None or before.on < step.on
    assert before is None or ORDER.index(before.kind) <= ORDER.index(step.kind)
    assert (step.on <= due.on) == (step.kind is not NoticeKind.REMINDER_AFTER)
    if step.kind is not NoticeKind.REMINDER_DUE:
        assert is_working_day(step.on, NRW)


@settings(deadline=None)
@given(known_on=days, length=lengths)
def test_every_day_in_turn_gives_every_reminder_once(known_on: date, length: int) -> None:
    due = DueDate(known_on + timedelta(days=length), DueKind.INTERNAL, known_on)
    seen = [
        step.name
        for n in range(length + 30)
        if (step := step_of(due, known_on + timedelta(days=n), RHYTHM, NRW)) is not None
    ]
    stages = list(dict.fromkeys(seen))
    assert sorted(seen, key=stages.index) == seen
    assert stages[-1] == f"reminder_after-{RHYTHM.after[-1]}"


@settings(deadline=None)
@given(due_on=days, known_on=days)
def test_the_supervisor_hears_of_it_before_the_lead_and_nobody_before_the_end(
    due_on: date, known_on: date
) -> None:
    due = DueDate(due_on, DueKind.INTERNAL, known_on)
    rule = RHYTHM.escalation
    first, second = (escalates_on(due, n, NRW) for n in (rule.supervisor, rule.lead))
    assert max(due_on, known_on) < first < second


def test_what_ran_out_before_it_was_recorded_is_told_of_the_next_day() -> None:
    late = DueDate(date(2026, 6, 29), DueKind.STATUTORY, date(2026, 9, 1))
    assert step_of(late, date(2026, 9, 1), RHYTHM, NRW) is None
    step = step_of(late, date(2026, 9, 2), RHYTHM, NRW)
    assert step is not None
    assert step.kind is NoticeKind.REMINDER_AFTER


def with_period(**changes: object) -> Procedure:
    """A procedure with one task that has a Frist."""
    task = {"kind": "submit_draft", "of": "lead", "role": "legal", "title": "Entwurf", **changes}
    source = {"as_of": "2026-11-25", "text": "Hausregel"}
    return procedure(stage("a", tasks=[task]), periods=source)


def test_the_period_of_a_task_is_read_as_it_is_written() -> None:
    (task,) = with_period(within="10at").stage("a").tasks
    assert str(task.within) == "zehn Arbeitstagen"


@pytest.mark.parametrize("wrong", ["4 Wochen", "0d", "-1w", "25m", "800d", "3y"])
def test_a_period_that_makes_no_sense_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        with_period(within=wrong)


def test_periods_need_a_source() -> None:
    task = {"kind": "submit_draft", "of": "lead", "role": "legal", "title": "Entwurf"}
    with pytest.raises(ValidationError, match="periods of tasks need a source"):
        procedure(stage("a", tasks=[{**task, "within": "4w"}]))
