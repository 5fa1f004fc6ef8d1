"""Procedures are validated when they are read: names, references, no circle in any case."""

from __future__ import annotations

from graphlib import TopologicalSorter

import pytest
from pydantic import ValidationError

from agreements.model.enums import Condition
from agreements.procedures.definition import (
    OPPOSITES,
    Procedure,
    every_choice,
    latest,
    procedures,
)
from agreements.procedures.definition import procedure as shipped
from tests.agreements.procedures.building import procedure, stage

SHIPPED = tuple(procedures().values())


def test_stage_keys_are_unique() -> None:
    with pytest.raises(ValidationError, match="stage keys must be unique"):
        procedure(stage("a"), stage("a"))


def test_a_need_must_name_a_stage() -> None:
    with pytest.raises(ValidationError, match=r"unknown stages are needed: \['b'\]"):
        procedure(stage("a", ["b"]))


@pytest.mark.parametrize(
    "needs_of_a",
    [["a"], ["c"], [{"stage": "c", "when": ["kreistag_first"]}]],
    ids=["itself", "round-about", "only-for-some-cases"],
)
def test_a_circle_is_refused(needs_of_a: list[object]) -> None:
    with pytest.raises(ValidationError, match="in a circle"):
        procedure(stage("a", needs_of_a), stage("b", ["a"]), stage("c", ["b"]))


def test_needs_that_never_hold_together_are_no_circle() -> None:
    either_way = procedure(
        stage("a", [{"stage": "b", "when": ["kreistag_first"]}]),
        stage("b", [{"stage": "a", "when": ["kreistag_last"]}]),
    )
    assert [s.key for s in either_way.stages] == ["a", "b"]


@pytest.mark.parametrize(
    "broken",
    [
        stage("a", when=["if_the_weather_is_fine"]),
        stage("a", requires=["luck"]),
        stage("a", kind="dancing"),
        stage("A"),
        stage("a", titel="misspelt"),
        stage("a", tasks=[{"kind": "submit_draft", "of": "everybody", "role": "legal"}]),
    ],
    ids=["condition", "requirement", "kind", "key", "field", "addressee"],
)
def test_only_the_closed_vocabulary_is_understood(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        procedure(broken)


def test_every_choice_takes_one_of_each_opposite() -> None:
    choices = list(every_choice())
    free = len(Condition) - sum(len(pair) for pair in OPPOSITES)
    assert len(set(choices)) == len(choices) == 2 ** (len(OPPOSITES) + free)
    assert all(len(choice.intersection(pair)) == 1 for choice in choices for pair in OPPOSITES)


@pytest.mark.parametrize("defined", SHIPPED, ids=lambda p: f"{p.id}-{p.version}")
def test_every_case_of_a_shipped_procedure_has_an_order(defined: Procedure) -> None:
    keys = {s.key for s in defined.stages}
    for chosen in every_choice():
        graph = {
            s.key: {n.stage for n in s.needs if chosen.issuperset(n.when)} for s in defined.stages
        }
        assert set(TopologicalSorter(graph).static_order()) == keys


@pytest.mark.parametrize("defined", SHIPPED, ids=lambda p: f"{p.id}-{p.version}")
def test_the_second_pair_of_eyes_looks_at_a_task_of_the_same_stage(defined: Procedure) -> None:
    for part in defined.stages:
        kinds = [task.kind for task in part.tasks]
        assert len(set(kinds)) == len(kinds)
        for task in part.tasks:
            assert task.four_eyes is None or part.task(task.four_eyes) is not task


def test_the_councils_decide_before_anybody_signs() -> None:
    agreement = latest("cooperation-agreement")
    above, waiting = set[str](), ["signing"]
    while waiting:
        needs = [need.stage for need in agreement.stage(waiting.pop()).needs]
        waiting += [key for key in needs if key not in above]
        above.update(needs)
    assert {"agreement_kreistag", "agreement_councils", "resolutions_check"} <= above


def test_a_case_keeps_its_version_and_a_new_one_takes_the_latest() -> None:
    newest = latest("cooperation-agreement")
    versions = [p.version for p in SHIPPED if p.id == newest.id]
    assert newest.version == max(versions)
    assert all(shipped(newest.id, version).version == version for version in versions)
    with pytest.raises(KeyError):
        shipped(newest.id, newest.version + 1)
