"""What may be done to a stage, a task and a consultation: one table each.

``judge`` decides, ``offered`` lists what is possible and what stands against it; both read
the same table. A guard sees facts, never queries, and answers with sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from agreements.errors import Conflict
from agreements.model.enums import ConsultationState, StageState, TaskState

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)
Facts = TypeVar("Facts")
Objections = tuple[str, ...]


class Who(StrEnum):
    """On whose behalf an action is taken."""

    MACHINE = "machine"
    HOLDER = "holder"  # a person with the task's role for its body, or who stands in for one
    SUPERVISOR = "supervisor"  # a person who distributes the body's tasks
    OPERATOR = "operator"  # admin, or legal staff of the lead


def _unguarded(_: object) -> Objections:
    return ()


@dataclass(frozen=True, slots=True)
class Transition(Generic[State, Action, Facts]):
    """One row: in ``source``, ``action`` leads to ``target`` for ``who`` unless guarded."""

    source: State
    action: Action
    target: State
    who: Who
    guard: Callable[[Facts], Objections] = _unguarded


class ActionRefused(Conflict):
    """The action is not in the table for this state and person, or a guard objects."""


@dataclass(frozen=True)
class Table(Generic[State, Action, Facts]):
    """All transitions of one kind of thing; nothing else names a successor."""

    noun: str
    rows: tuple[Transition[State, Action, Facts], ...]

    def judge(self, state: State, action: Action, who: Who, facts: Facts) -> State:
        """The state that the action leads to; raises ``ActionRefused`` with the reasons."""
        row = next((r for r in self.rows if r.source is state and r.action is action), None)
        if row is None or row.who is not who:
            raise ActionRefused(
                "action-not-available",
                f"{self.noun}: Das ist im jetzigen Stand nicht möglich.",
            )
        if objections := row.guard(facts):
            raise ActionRefused("not-yet-possible", " ".join(objections))
        return row.target

    def offered(
        self, state: State, who: Who, facts: Facts
    ) -> tuple[tuple[Action, Objections], ...]:
        """The actions of this state for ``who``, each with what stands against it."""
        return tuple(
            (r.action, r.guard(facts)) for r in self.rows if r.source is state and r.who is who
        )


class StageAction(StrEnum):
    """What may be done to a stage."""

    BEGIN = "begin"
    CLOSE = "close"
    LIFT_HALT = "lift_halt"
    PREPARE_AGAIN = "prepare_again"
    SUPERSEDE = "supersede"


@dataclass(frozen=True, slots=True)
class StageActionFacts:
    """What the guards of a stage may look at."""

    objections: Objections = ()
    prepared: bool = False
    halted: bool = False


def _nothing_is_missing(facts: StageActionFacts) -> Objections:
    if not facts.prepared:
        return ("Der Schritt ist noch nicht vorbereitet.",)
    return facts.objections


def _is_halted(facts: StageActionFacts) -> Objections:
    return () if facts.halted else ("Die Automatik dieses Schritts ist nicht angehalten.",)


_S, _SA = StageState, StageAction
STAGE: Final = Table[StageState, StageAction, StageActionFacts](
    "Verfahrensschritt",
    (
        Transition(_S.READY, _SA.BEGIN, _S.OPEN, Who.MACHINE),
        Transition(_S.OPEN, _SA.CLOSE, _S.DONE, Who.MACHINE, _nothing_is_missing),
        # A body decides again in the stage that runs: what it needs is prepared first.
        Transition(_S.READY, _SA.PREPARE_AGAIN, _S.READY, Who.MACHINE),
        Transition(_S.OPEN, _SA.PREPARE_AGAIN, _S.OPEN, Who.MACHINE),
        Transition(_S.BLOCKED, _SA.PREPARE_AGAIN, _S.OPEN, Who.MACHINE),
        Transition(_S.READY, _SA.SUPERSEDE, _S.SUPERSEDED, Who.MACHINE),
        Transition(_S.OPEN, _SA.SUPERSEDE, _S.SUPERSEDED, Who.MACHINE),
        Transition(_S.BLOCKED, _SA.SUPERSEDE, _S.SUPERSEDED, Who.MACHINE),
        Transition(_S.DONE, _SA.SUPERSEDE, _S.SUPERSEDED, Who.MACHINE),
        Transition(_S.NOT_DUE, _SA.SUPERSEDE, _S.SUPERSEDED, Who.MACHINE),
        Transition(_S.READY, _SA.LIFT_HALT, _S.READY, Who.OPERATOR, _is_halted),
        Transition(_S.OPEN, _SA.LIFT_HALT, _S.OPEN, Who.OPERATOR, _is_halted),
        Transition(_S.BLOCKED, _SA.LIFT_HALT, _S.BLOCKED, Who.OPERATOR, _is_halted),
    ),
)


class TaskAction(StrEnum):
    """What may be done to a task."""

    CLAIM = "claim"
    RELEASE = "release"
    ASSIGN = "assign"
    REASSIGN = "reassign"
    DELEGATE = "delegate"
    HAND_BACK = "hand_back"
    COMPLETE = "complete"
    CANCEL = "cancel"


class FourEyes(StrEnum):
    """Why somebody is not the second pair of eyes on the work of another."""

    SAME_PERSON = "same_person"
    OTHER_ACCOUNT = "other_account"
    IN_PLACE_OF = "in_place_of"
    SUBSTITUTE = "substitute"


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the guards of a task may look at.

    ``claimed_by``: the name of whoever works on it, ``claimed_by_me`` that it is the person.
    ``claimed_by_other``: the same name if it keeps the person from it: not that of somebody who is
    away, whom the person stands in for (``represented``), or who has left.
    ``delegated_to_me_by``, ``delegated_by_me``: who gets it back.
    ``excluded_for_bias``: the rule by which the person takes no part; None if they may.
    ``not_let_in_by``: the body whose non-public consultation the person may not see.
    ``against_recipient``: what keeps the one who is to get it from completing it.
    """

    claimed_by: str | None = None
    claimed_by_me: bool = False
    claimed_by_other: str | None = None
    represented: str | None = None
    delegated_to_me_by: str | None = None
    delegated_by_me: bool = False
    excluded_by_four_eyes: FourEyes | None = None
    excluded_for_bias: str | None = None
    not_let_in_by: str | None = None
    against_recipient: Objections = ()


def _not_taken(facts: TaskFacts) -> Objections:
    if facts.claimed_by_other:
        return (f"{facts.claimed_by_other} hat die Aufgabe bereits übernommen.",)
    return ()


def _not_represented(facts: TaskFacts) -> Objections:
    if facts.represented:
        return (
            f"Sie vertreten {facts.represented}: Die Aufgabe bleibt dort, und Sie können sie "
            "erledigen, ohne sie zu übernehmen.",
        )
    return ()


_FOUR_EYES: Final[Mapping[FourEyes, str]] = {
    FourEyes.SAME_PERSON: "Wer den ersten Teil erledigt hat, kann nicht auch prüfen.",
    FourEyes.OTHER_ACCOUNT: "Den ersten Teil hat dieselbe Person unter einem anderen Konto "
    "erledigt.",
    FourEyes.IN_PLACE_OF: "In Vertretung der Person, die den ersten Teil erledigt hat, kann "
    "niemand prüfen.",
    FourEyes.SUBSTITUTE: "Wer die Person vertritt oder zuletzt vertreten hat, die den ersten Teil "
    "erledigt hat, kann nicht auch prüfen.",
}


def four_eyes_sentence(why: FourEyes) -> str:
    """Why somebody may not be the second pair of eyes, and what to do."""
    return f"Vier-Augen-Prinzip: {_FOUR_EYES[why]} Bitte eine zweite Person damit befassen."


def _four_eyes(facts: TaskFacts) -> Objections:
    if facts.excluded_by_four_eyes:
        return (four_eyes_sentence(facts.excluded_by_four_eyes),)
    return ()


def _unbiased(facts: TaskFacts) -> Objections:
    if facts.excluded_for_bias:
        return (
            "Für Sie ist festgehalten, dass Sie wegen Befangenheit nicht mitwirken dürfen "
            f"({facts.excluded_for_bias}). Bitte die Vertretung damit befassen.",
        )
    return ()


def _let_in(facts: TaskFacts) -> Objections:
    if facts.not_let_in_by:
        return (
            f"Die Beratung war nichtöffentlich. {facts.not_let_in_by} muss Sie zuerst für die "
            "nichtöffentlichen Beratungen benennen.",
        )
    return ()


def _may_complete(facts: TaskFacts) -> Objections:
    return _not_taken(facts) + _four_eyes(facts) + _unbiased(facts) + _let_in(facts)


def _may_take_it(facts: TaskFacts) -> Objections:
    return _not_represented(facts) + _may_complete(facts)


def _is_mine(facts: TaskFacts) -> Objections:
    return () if facts.claimed_by_me else ("Die Aufgabe ist nicht von Ihnen übernommen.",)


def _mine_alone(facts: TaskFacts) -> Objections:
    if facts.delegated_to_me_by:
        return (
            f"{facts.delegated_to_me_by} hat Ihnen die Aufgabe zur Bearbeitung gegeben und bekommt "
            "sie zurück. Bitte dorthin zurückgeben.",
        )
    return _is_mine(facts)


def _may_delegate(facts: TaskFacts) -> Objections:
    return _mine_alone(facts) + facts.against_recipient


def _is_delegated(facts: TaskFacts) -> Objections:
    if facts.delegated_to_me_by or facts.delegated_by_me:
        return ()
    return (
        "Die Aufgabe ist weder Ihnen zur Bearbeitung gegeben, noch haben Sie sie jemandem gegeben.",
    )


def _may_assign(facts: TaskFacts) -> Objections:
    if facts.claimed_by:
        return (
            f"{facts.claimed_by} hat die Aufgabe bereits. Mit einer Begründung kann sie neu "
            "zugewiesen werden.",
        )
    return facts.against_recipient


def _may_reassign(facts: TaskFacts) -> Objections:
    if not facts.claimed_by:
        return ("Niemand hat die Aufgabe. Sie kann ohne Begründung zugewiesen werden.",)
    return facts.against_recipient


_T, _TA = TaskState, TaskAction
TASK: Final = Table[TaskState, TaskAction, TaskFacts](
    "Aufgabe",
    (
        Transition(_T.OPEN, _TA.CLAIM, _T.OPEN, Who.HOLDER, _may_take_it),
        Transition(_T.OPEN, _TA.RELEASE, _T.OPEN, Who.HOLDER, _mine_alone),
        Transition(_T.OPEN, _TA.ASSIGN, _T.OPEN, Who.SUPERVISOR, _may_assign),
        Transition(_T.OPEN, _TA.REASSIGN, _T.OPEN, Who.SUPERVISOR, _may_reassign),
        Transition(_T.OPEN, _TA.DELEGATE, _T.OPEN, Who.HOLDER, _may_delegate),
        Transition(_T.OPEN, _TA.HAND_BACK, _T.OPEN, Who.HOLDER, _is_delegated),
        Transition(_T.OPEN, _TA.COMPLETE, _T.DONE, Who.HOLDER, _may_complete),
        Transition(_T.OPEN, _TA.CANCEL, _T.CANCELLED, Who.MACHINE),
    ),
)


class ConsultationAction(StrEnum):
    """What may be done to a consultation."""

    OPEN = "open"
    HOLD = "hold"
    DEFER = "defer"
    DECIDE_URGENTLY = "decide_urgently"
    REOPEN = "reopen"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class ConsultationFacts:
    """What the guards of a consultation may look at: earlier ones that are not held yet."""

    not_held_before: tuple[str, ...] = ()
    authoritative: bool = True


def _earlier_ones_are_held(facts: ConsultationFacts) -> Objections:
    return tuple(f"Zuvor berät: {name}." for name in facts.not_held_before)


def _decides(facts: ConsultationFacts) -> Objections:
    if facts.authoritative:
        return ()
    return (
        "Eine Dringlichkeitsentscheidung tritt an die Stelle des beschließenden Gremiums; dieses "
        "Gremium berät nur.",
    )


_C, _CA = ConsultationState, ConsultationAction
CONSULTATION: Final = Table[ConsultationState, ConsultationAction, ConsultationFacts](
    "Beratung",
    (
        Transition(_C.PLANNED, _CA.OPEN, _C.OPEN, Who.MACHINE, _earlier_ones_are_held),
        Transition(_C.OPEN, _CA.HOLD, _C.HELD, Who.HOLDER),
        Transition(_C.OPEN, _CA.DEFER, _C.OPEN, Who.HOLDER),
        # Instead of the council, so it need not have been its turn (§ 60 Abs. 1 GO NRW).
        Transition(_C.PLANNED, _CA.DECIDE_URGENTLY, _C.HELD, Who.HOLDER, _decides),
        Transition(_C.OPEN, _CA.DECIDE_URGENTLY, _C.HELD, Who.HOLDER, _decides),
        # A wrong entry that was corrected: nothing has been decided after all.
        Transition(_C.HELD, _CA.REOPEN, _C.OPEN, Who.MACHINE),
        Transition(_C.PLANNED, _CA.CANCEL, _C.CANCELLED, Who.MACHINE),
        Transition(_C.OPEN, _CA.CANCEL, _C.CANCELLED, Who.MACHINE),
    ),
)
