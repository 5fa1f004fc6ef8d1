"""The tables of transitions: what is not listed is refused, what is offered is accepted."""

from __future__ import annotations

import pickle
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.model.enums import ConsultationState, StageState, TaskState
from agreements.procedures.transitions import (
    CONSULTATION,
    STAGE,
    TASK,
    ActionRefused,
    ConsultationAction,
    ConsultationFacts,
    FourEyes,
    StageAction,
    StageActionFacts,
    Table,
    TaskAction,
    TaskFacts,
    Transition,
    Who,
)

AnyTable = Table[Any, Any, Any]

# Facts to which no guard objects: a refusal then comes from the table alone.
KINDS: tuple[tuple[AnyTable, type[StrEnum], type[StrEnum], object], ...] = (
    (STAGE, StageState, StageAction, StageActionFacts(prepared=True, halted=True)),
    (TASK, TaskState, TaskAction, TaskFacts()),
    (CONSULTATION, ConsultationState, ConsultationAction, ConsultationFacts()),
)
# What an action needs besides: nothing else stands against it then.
NEEDED: dict[StrEnum, object] = {
    TaskAction.RELEASE: TaskFacts(claimed_by="ich", claimed_by_me=True),
    TaskAction.REASSIGN: TaskFacts(claimed_by="Frau Beispiel"),
    TaskAction.DELEGATE: TaskFacts(claimed_by="ich", claimed_by_me=True),
    TaskAction.HAND_BACK: TaskFacts(delegated_by_me=True),
}
LISTED = [pytest.param(t, row, NEEDED.get(row.action, f), id=f"{t.noun}-{row.source}-{row.action}")
          for t, _, _, f in KINDS for row in t.rows]  # fmt: skip
UNLISTED = [
    pytest.param(table, state, action, facts, id=f"{table.noun}-{state}-{action}")
    for table, states, actions, facts in KINDS
    for state, action in product(states, actions)
    if (state, action) not in {(row.source, row.action) for row in table.rows}
]
FACTS = {
    STAGE.noun: st.builds(
        StageActionFacts,
        objections=st.sampled_from(((), ("Es fehlt etwas.",))),
        prepared=st.booleans(),
        halted=st.booleans(),
    ),
    TASK.noun: st.builds(
        TaskFacts,
        claimed_by=st.sampled_from((None, "Frau Beispiel")),
        claimed_by_me=st.booleans(),
        claimed_by_other=st.sampled_from((None, "Frau Beispiel")),
        represented=st.sampled_from((None, "Frau Beispiel")),
        delegated_to_me_by=st.sampled_from((None, "Herr Muster")),
        delegated_by_me=st.booleans(),
        excluded_by_four_eyes=st.sampled_from((None, *FourEyes)),
        excluded_for_bias=st.sampled_from((None, "§ 31 GO NRW")),
        not_let_in_by=st.sampled_from((None, "Kamen")),
        against_recipient=st.sampled_from(((), ("Frau Beispiel ist heute abwesend.",))),
    ),
    CONSULTATION.noun: st.builds(
        ConsultationFacts,
        not_held_before=st.sampled_from(((), ("Hauptausschuss",))),
        authoritative=st.booleans(),
    ),
}


@pytest.mark.parametrize(("table", "state", "action", "facts"), UNLISTED)
def test_every_unlisted_pair_is_refused_for_everybody(
    table: AnyTable, state: StrEnum, action: StrEnum, facts: object
) -> None:
    for who in Who:
        with pytest.raises(ActionRefused) as refusal:
            table.judge(state, action, who, facts)
        assert refusal.value.code == "action-not-available"
        assert refusal.value.message.startswith(f"{table.noun}: ")


@pytest.mark.parametrize(("table", "row", "facts"), LISTED)
def test_every_listed_pair_is_for_one_kind_of_actor(
    table: AnyTable, row: Transition[Any, Any, Any], facts: object
) -> None:
    assert table.judge(row.source, row.action, row.who, facts) is row.target
    for who in set(Who) - {row.who}:
        with pytest.raises(ActionRefused) as refusal:
            table.judge(row.source, row.action, who, facts)
        assert refusal.value.code == "action-not-available"


@pytest.mark.parametrize("table", [kind[0] for kind in KINDS], ids=lambda table: table.noun)
def test_a_pair_stands_in_one_row_only(table: AnyTable) -> None:
    pairs = [(row.source, row.action) for row in table.rows]
    assert len(set(pairs)) == len(pairs)


@pytest.mark.parametrize(
    ("table", "actions"), [(k[0], k[2]) for k in KINDS], ids=[k[0].noun for k in KINDS]
)
def test_every_action_is_possible_somewhere(table: AnyTable, actions: type[StrEnum]) -> None:
    assert {row.action for row in table.rows} == set(actions)


@given(st.data())
def test_what_is_offered_is_exactly_what_is_accepted(data: st.DataObject) -> None:
    table, states, actions, _ = data.draw(st.sampled_from(KINDS))
    state, who = data.draw(st.sampled_from(list(states))), data.draw(st.sampled_from(list(Who)))
    facts = data.draw(FACTS[table.noun])
    offered = dict(table.offered(state, who, facts))
    for action in actions:
        if offered.get(action) == ():
            assert isinstance(table.judge(state, action, who, facts), states)
            continue
        with pytest.raises(ActionRefused) as refusal:
            table.judge(state, action, who, facts)
        if action in offered:
            assert refusal.value.code == "not-yet-possible"
            assert refusal.value.message == " ".join(offered[action])
        else:
            assert refusal.value.code == "action-not-available"


TAKEN = "Frau Beispiel hat die Aufgabe bereits übernommen."
FOUR_EYES = "Vier-Augen-Prinzip"
UNFIT = "Herr Muster ist heute abwesend."
BIASED = (
    "Für Sie ist festgehalten, dass Sie wegen Befangenheit nicht mitwirken dürfen (§ 31 GO NRW)."
)
EXCLUDED = TaskFacts(excluded_by_four_eyes=FourEyes.SAME_PERSON)
BY_OTHER = TaskFacts(claimed_by_other="Frau Beispiel")
BLOCKED_BY = ("Kamen: Es fehlt der Beschluss.", "Unna: Es fehlt der Beschluss.")
GUARDED: list[tuple[AnyTable, StrEnum, StrEnum, Who, object, str]] = [
    (STAGE, StageState.OPEN, StageAction.CLOSE, Who.MACHINE, StageActionFacts(),
     "Der Schritt ist noch nicht vorbereitet."),
    (STAGE, StageState.OPEN, StageAction.CLOSE, Who.MACHINE,
     StageActionFacts(prepared=True, objections=BLOCKED_BY), " ".join(BLOCKED_BY)),
    *((STAGE, state, StageAction.LIFT_HALT, Who.OPERATOR, StageActionFacts(),
       "Die Automatik dieses Schritts ist nicht angehalten.")
      for state in (StageState.READY, StageState.OPEN, StageState.BLOCKED)),
    (TASK, TaskState.OPEN, TaskAction.CLAIM, Who.HOLDER, BY_OTHER, TAKEN),
    (TASK, TaskState.OPEN, TaskAction.CLAIM, Who.HOLDER, EXCLUDED, FOUR_EYES),
    (TASK, TaskState.OPEN, TaskAction.COMPLETE, Who.HOLDER, BY_OTHER, TAKEN),
    (TASK, TaskState.OPEN, TaskAction.COMPLETE, Who.HOLDER, EXCLUDED, FOUR_EYES),
    *((TASK, TaskState.OPEN, action, Who.HOLDER, facts, sentence)
      for action in (TaskAction.CLAIM, TaskAction.COMPLETE)
      for facts, sentence in (
          (TaskFacts(excluded_for_bias="§ 31 GO NRW"), BIASED),
          (TaskFacts(not_let_in_by="Kamen"), "Die Beratung war nichtöffentlich. Kamen muss"),
      )),
    (TASK, TaskState.OPEN, TaskAction.CLAIM, Who.HOLDER, TaskFacts(represented="Frau Beispiel"),
     "Sie vertreten Frau Beispiel: Die Aufgabe bleibt dort"),
    *((TASK, TaskState.OPEN, action, Who.HOLDER, facts, sentence)
      for action in (TaskAction.RELEASE, TaskAction.DELEGATE)
      for facts, sentence in (
          (TaskFacts(), "Die Aufgabe ist nicht von Ihnen übernommen."),
          (TaskFacts(claimed_by_me=True, delegated_to_me_by="Herr Muster"),
           "Herr Muster hat Ihnen die Aufgabe zur Bearbeitung gegeben"),
      )),
    (TASK, TaskState.OPEN, TaskAction.DELEGATE, Who.HOLDER,
     TaskFacts(claimed_by_me=True, against_recipient=(UNFIT,)), UNFIT),
    (TASK, TaskState.OPEN, TaskAction.HAND_BACK, Who.HOLDER, TaskFacts(claimed_by_me=True),
     "Die Aufgabe ist weder Ihnen zur Bearbeitung gegeben"),
    (TASK, TaskState.OPEN, TaskAction.ASSIGN, Who.SUPERVISOR,
     TaskFacts(claimed_by="Frau Beispiel"), "Frau Beispiel hat die Aufgabe bereits. Mit einer"),
    (TASK, TaskState.OPEN, TaskAction.ASSIGN, Who.SUPERVISOR,
     TaskFacts(against_recipient=(UNFIT,)), UNFIT),
    (TASK, TaskState.OPEN, TaskAction.REASSIGN, Who.SUPERVISOR, TaskFacts(),
     "Niemand hat die Aufgabe."),
    (TASK, TaskState.OPEN, TaskAction.REASSIGN, Who.SUPERVISOR,
     TaskFacts(claimed_by="Frau Beispiel", against_recipient=(UNFIT,)), UNFIT),
    (CONSULTATION, ConsultationState.PLANNED, ConsultationAction.OPEN, Who.MACHINE,
     ConsultationFacts(("Hauptausschuss", "Bauausschuss")),
     "Zuvor berät: Hauptausschuss. Zuvor berät: Bauausschuss."),
    *((CONSULTATION, state, ConsultationAction.DECIDE_URGENTLY, Who.HOLDER,
       ConsultationFacts(authoritative=False), "Eine Dringlichkeitsentscheidung tritt an die")
      for state in (ConsultationState.PLANNED, ConsultationState.OPEN)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "state", "action", "who", "facts", "sentence"),
    GUARDED,
    ids=[f"{g[0].noun}-{g[1]}-{g[2]}-{number}" for number, g in enumerate(GUARDED)],
)
def test_a_guard_refuses_with_its_sentence(
    table: AnyTable, state: StrEnum, action: StrEnum, who: Who, facts: object, sentence: str
) -> None:
    with pytest.raises(ActionRefused) as refusal:
        table.judge(state, action, who, facts)
    assert (refusal.value.code, refusal.value.status) == ("not-yet-possible", 409)
    assert refusal.value.message.startswith(sentence)


def test_every_guard_has_been_seen_to_refuse() -> None:
    seen = {(g[0].noun, g[1], g[2]) for g in GUARDED}
    guarded = {
        (table.noun, row.source, row.action)
        for table, _, _, _ in KINDS
        for row in table.rows
        if row.guard.__name__ != "_unguarded"
    }
    assert seen == guarded


def test_two_objections_are_both_told() -> None:
    facts = TaskFacts(claimed_by_other="Frau Beispiel", excluded_by_four_eyes=FourEyes.SUBSTITUTE)
    with pytest.raises(ActionRefused, match=rf"{TAKEN} {FOUR_EYES}"):
        TASK.judge(TaskState.OPEN, TaskAction.COMPLETE, Who.HOLDER, facts)


def test_each_way_around_the_four_eyes_has_a_sentence_of_its_own() -> None:
    sentences = set()
    for why in FourEyes:
        facts = TaskFacts(excluded_by_four_eyes=why)
        with pytest.raises(ActionRefused, match=FOUR_EYES) as refusal:
            TASK.judge(TaskState.OPEN, TaskAction.COMPLETE, Who.HOLDER, facts)
        sentences.add(refusal.value.message)
    assert len(sentences) == len(FourEyes)


def test_a_supervisor_distributes_but_does_not_complete() -> None:
    offered = {action for action, _ in TASK.offered(TaskState.OPEN, Who.SUPERVISOR, TaskFacts())}
    assert offered == {TaskAction.ASSIGN, TaskAction.REASSIGN}


def test_a_refusal_survives_pickling() -> None:
    with pytest.raises(ActionRefused) as refusal:
        TASK.judge(TaskState.DONE, TaskAction.COMPLETE, Who.HOLDER, TaskFacts())
    again = pickle.loads(pickle.dumps(refusal.value))
    assert type(again) is ActionRefused
    assert (again.code, again.message, again.status) == (
        "action-not-available",
        "Aufgabe: Das ist im jetzigen Stand nicht möglich.",
        409,
    )
    assert str(again) == again.message
