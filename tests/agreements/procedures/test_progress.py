"""Progress: what is next follows from the definition and the facts, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.model.enums import Awaits, Condition, StageKind, StageState
from agreements.procedures.definition import Procedure, Requirement, every_choice, latest
from agreements.procedures.progress import CaseFacts, StageFacts, StageProgress, progress
from tests.agreements.procedures.building import procedure, stage

AGREEMENT = latest("cooperation-agreement")
CHOICES = sorted(every_choice(), key=sorted)
UNMET = {Requirement.PROGRAMME_CONDITIONS_MET: "Es fehlen Beschlüsse."}
OVER = (StageState.DONE, StageState.SKIPPED)
BEGUN, PREPARED = StageFacts(begun=True), StageFacts(begun=True, prepared=True)
DONE = replace(PREPARED, done=True)

sentences = st.sampled_from(("Es fehlt etwas.", "Kamen: Beschluss erfassen."))
stage_facts = st.builds(
    StageFacts,
    begun=st.booleans(),
    prepared=st.booleans(),
    done=st.booleans(),
    superseded=st.none() | st.just("Ersetzt."),
    missing=st.lists(sentences, max_size=2).map(tuple),
    obstacle=st.none() | sentences,
    not_before=st.none() | sentences,
)
case_facts = st.builds(
    CaseFacts,
    conditions=st.sampled_from(CHOICES),
    unmet=st.sampled_from(({}, UNMET)),
    stages=st.fixed_dictionaries({}, optional={s.key: stage_facts for s in AGREEMENT.stages}),
)


def built_on(defined: Procedure, key: str, conditions: frozenset[Condition]) -> set[str]:
    """What a stage really builds on: its needs, and for one that is left out, what that needs."""
    found = set[str]()
    for need in defined.stage(key).needs:
        if conditions.issuperset(need.when):
            if conditions.issuperset(defined.stage(need.stage).when):
                found.add(need.stage)
            else:
                found |= built_on(defined, need.stage, conditions)
    return found


@pytest.mark.parametrize(
    ("known", "state", "awaits", "reason"),
    [
        (StageFacts(), StageState.READY, Awaits.MACHINE, "Wird vorbereitet."),
        (BEGUN, StageState.OPEN, Awaits.MACHINE, "Wird vorbereitet."),
        (replace(BEGUN, missing=("A.",)), StageState.OPEN, Awaits.MACHINE, "Wird vorbereitet."),
        (replace(PREPARED, missing=("A.", "B.")), StageState.OPEN, Awaits.PEOPLE, "A. B."),
        (replace(PREPARED, obstacle="Nein."), StageState.BLOCKED, Awaits.PEOPLE, "Nein."),
        (
            replace(PREPARED, obstacle="Nein.", missing=("A.",)),
            StageState.BLOCKED, Awaits.PEOPLE, "Nein.",
        ),
        (replace(PREPARED, not_before="Am 1."), StageState.OPEN, Awaits.DATE, "Am 1."),
        (
            replace(PREPARED, not_before="Am 1.", missing=("A.",)),
            StageState.OPEN, Awaits.PEOPLE, "A.",
        ),
        (PREPARED, StageState.OPEN, Awaits.MACHINE, "Wird abgeschlossen."),
        (DONE, StageState.DONE, Awaits.NOBODY, "Abgeschlossen."),
        (
            replace(DONE, missing=("A.",), obstacle="Nein.", not_before="Am 1."),
            StageState.DONE, Awaits.NOBODY, "Abgeschlossen.",
        ),
        (
            replace(DONE, superseded="Ersetzt."),
            StageState.SUPERSEDED, Awaits.NOBODY, "Ersetzt.",
        ),
    ],
)  # fmt: skip
def test_where_a_stage_stands(
    known: StageFacts, state: StageState, awaits: Awaits, reason: str
) -> None:
    judged = progress(procedure(stage("a")), CaseFacts(frozenset(), stages={"a": known}))
    assert judged == {"a": StageProgress(state, awaits, reason)}


CHAIN = procedure(stage("a"), stage("b", ["a"], when=["funding_wanted"]), stage("c", ["b"]))


@pytest.mark.parametrize(
    ("conditions", "stages", "state_of_c", "reason_of_c"),
    [
        (set(), {}, StageState.NOT_DUE, "Wartet auf: A."),
        (set(), {"a": PREPARED}, StageState.NOT_DUE, "Wartet auf: A."),
        (set(), {"a": DONE}, StageState.READY, "Wird vorbereitet."),
        ({Condition.FUNDING_WANTED}, {"a": DONE}, StageState.NOT_DUE, "Wartet auf: B."),
        ({Condition.FUNDING_WANTED}, {"a": DONE, "b": DONE}, StageState.READY, "Wird vorbereitet."),
        (
            {Condition.FUNDING_WANTED},
            {"a": DONE, "b": replace(DONE, superseded="Ersetzt.")},
            StageState.NOT_DUE, "Wartet auf: B.",
        ),
    ],
)  # fmt: skip
def test_a_stage_that_is_left_out_passes_its_needs_on(
    conditions: set[Condition],
    stages: Mapping[str, StageFacts],
    state_of_c: StageState,
    reason_of_c: str,
) -> None:
    judged = progress(CHAIN, CaseFacts(frozenset(conditions), stages=stages))
    assert (judged["c"].state, judged["c"].reason) == (state_of_c, reason_of_c)
    assert (judged["b"].state is StageState.SKIPPED) is (not conditions)


def test_what_is_waited_for_twice_is_named_once() -> None:
    diamond = procedure(
        stage("a"),
        stage("b", ["a"], when=["funding_wanted"]),
        stage("c", ["a"], when=["funding_wanted"]),
        stage("d", ["b", "c"]),
    )
    assert progress(diamond, CaseFacts(frozenset()))["d"].reason == "Wartet auf: A."


def test_a_requirement_holds_a_stage_back_with_its_sentence() -> None:
    defined = procedure(stage("a", requires=["programme_conditions_met"]))
    waiting = progress(defined, CaseFacts(frozenset(), unmet=UNMET))["a"]
    assert waiting == StageProgress(
        StageState.NOT_DUE, Awaits.NOBODY, "Es fehlen Beschlüsse.", held=True
    )
    assert progress(defined, CaseFacts(frozenset()))["a"].state is StageState.READY


@given(case_facts)
def test_a_stage_is_never_ready_before_what_it_builds_on(facts: CaseFacts) -> None:
    judged = progress(AGREEMENT, facts)
    for key, found in judged.items():
        if found.state is StageState.READY:
            needs = built_on(AGREEMENT, key, facts.conditions)
            assert {judged[need].state for need in needs} <= {StageState.DONE}
            assert not facts.unmet.keys() & set(AGREEMENT.stage(key).requires)


@given(case_facts)
def test_a_stage_that_waits_for_nothing_is_not_kept_waiting(facts: CaseFacts) -> None:
    judged = progress(AGREEMENT, facts)
    for key, found in judged.items():
        if found.state is StageState.NOT_DUE:
            needs = built_on(AGREEMENT, key, facts.conditions)
            undone = any(judged[need].state is not StageState.DONE for need in needs)
            assert undone or facts.unmet.keys() & set(AGREEMENT.stage(key).requires)


@given(case_facts, case_facts)
def test_done_stays_done_whatever_happens_elsewhere(before: CaseFacts, after: CaseFacts) -> None:
    done = {k for k, p in progress(AGREEMENT, before).items() if p.state is StageState.DONE}
    kept = {key: before.stages[key] for key in done}
    later = replace(after, conditions=before.conditions, stages={**after.stages, **kept})
    judged = progress(AGREEMENT, later)
    assert {judged[key].state for key in done} <= {StageState.DONE}


@given(case_facts)
def test_every_state_gives_its_reason_and_who_is_on_turn(facts: CaseFacts) -> None:
    judged = progress(AGREEMENT, facts)
    assert list(judged) == [s.key for s in AGREEMENT.stages]
    for found in judged.values():
        assert found.reason.endswith(".")
        assert found.reason[0].isupper()
        on_turn = found.state in (StageState.READY, StageState.OPEN, StageState.BLOCKED)
        assert (found.awaits is not Awaits.NOBODY) is on_turn


@given(case_facts)
def test_judging_changes_nothing(facts: CaseFacts) -> None:
    assert progress(AGREEMENT, facts) == progress(AGREEMENT, facts)


def _next_fact(known: StageFacts, found: StageProgress) -> StageFacts:
    """What the machine or people do next in a stage where everybody does their part."""
    if found.state is StageState.READY:
        return BEGUN
    if not known.prepared:
        return replace(known, prepared=True, missing=("Jemand muss etwas tun.",))
    return replace(known, missing=()) if known.missing else replace(known, done=True)


def _unmet(judged: Mapping[str, StageProgress]) -> Mapping[Requirement, str]:
    deciding = (StageKind.COUNCIL_RESOLUTIONS, StageKind.KREISTAG_DECISION)
    decided = all(judged[s.key].state in OVER for s in AGREEMENT.stages if s.kind in deciding)
    return {} if decided else UNMET


@pytest.mark.parametrize("chosen", CHOICES, ids=lambda chosen: "+".join(sorted(chosen)))
def test_a_case_in_which_people_do_their_part_comes_to_its_end(
    chosen: frozenset[Condition],
) -> None:
    facts = CaseFacts(chosen, UNMET)
    # Begin, prepare, decide, close: four moves for each stage, even one after the other.
    for _ in range(4 * len(AGREEMENT.stages) + 1):
        judged = progress(AGREEMENT, facts)
        moves = {
            key: _next_fact(facts.stages.get(key, StageFacts()), found)
            for key, found in judged.items()
            if found.awaits is not Awaits.NOBODY
        }
        facts = replace(facts, unmet=_unmet(judged), stages={**facts.stages, **moves})
    final = progress(AGREEMENT, facts)
    for defined in AGREEMENT.stages:
        belongs = chosen.issuperset(defined.when)
        assert final[defined.key].state is (StageState.DONE if belongs else StageState.SKIPPED)


@pytest.mark.parametrize(
    ("round_name", "order"),
    list(product(("principle", "agreement"), (Condition.KREISTAG_FIRST, Condition.KREISTAG_LAST))),
)
def test_the_chosen_order_of_kreistag_and_councils(round_name: str, order: Condition) -> None:
    chosen = frozenset(
        {
            order,
            Condition.PRINCIPLE_ROUND,
            Condition.DISTRICT_TAKES_PART,
            Condition.MUNICIPALITY_TAKES_PART,
        }
    )
    rounds = (f"{round_name}_kreistag", f"{round_name}_councils")
    first, second = rounds if order is Condition.KREISTAG_FIRST else reversed(rounds)
    over = {s.key: DONE for s in AGREEMENT.stages if s.key not in (first, second)}
    judged = progress(AGREEMENT, CaseFacts(chosen, stages=over))
    assert judged[first].state is StageState.READY
    assert judged[second].state is StageState.NOT_DUE
    judged = progress(AGREEMENT, CaseFacts(chosen, stages={**over, first: DONE}))
    assert judged[second].state is StageState.READY
