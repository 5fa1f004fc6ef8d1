"""Which detours a case can take now: one table of guards, for judging and for listing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from agreements import course, drafting, standing
from agreements.acts import Reason
from agreements.decision import check_day
from agreements.errors import Conflict
from agreements.model.cases import Case, Stage
from agreements.model.enums import (
    CaseState,
    ConsultationState,
    Detour,
    PartyRole,
    Role,
    Round,
    StageKind,
    StageState,
    VersionKind,
)
from agreements.people import Actor
from agreements.standing import DecisionFact, Worth

Objections = tuple[str, ...]
BEGUN: Final = (StageState.READY, StageState.OPEN, StageState.BLOCKED, StageState.DONE)
COUNCILS: Final = (StageKind.COUNCIL_RESOLUTIONS, StageKind.KREISTAG_DECISION)
REPEATABLE: Final = (
    StageKind.RESOLUTIONS_CHECK,
    StageKind.SIGNING,
    StageKind.SUPERVISORY_APPROVAL,
    StageKind.FINANCE_PLAN,
    StageKind.FUNDING_APPLICATION,
)


class DetourInput(BaseModel):
    """What every detour asks for: why, and on which day it was decided to take it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason
    decided_on: date


@dataclass(frozen=True, slots=True)
class DetourFacts:
    """What the guards look at."""

    state: CaseState
    in_force: bool
    published: bool
    frozen: frozenset[VersionKind]
    stages: Mapping[str, Stage]
    decisions: tuple[DecisionFact, ...]
    parties: int

    def undecided_after_all(self, round_: Round | None = None) -> list[DecisionFact]:
        """Decisions of running or past stages after which a body has no valid resolution."""
        current = {
            stage.id: stage.round for stage in self.stages.values() if stage.kind in COUNCILS
        }
        return [
            d
            for d in self.decisions
            if d.current
            and d.stage_id in current
            and (round_ is None or current[d.stage_id] is round_)
            and _lacks_resolution(d)
        ]


def _lacks_resolution(d: DecisionFact) -> bool:
    if d.state is ConsultationState.CANCELLED:
        return True
    decided = d.state is ConsultationState.HELD and d.worth is not Worth.PENDING
    return decided and not d.holds_for(d.paper_hash)


def facts_of(session: Session, case: Case) -> DetourFacts:
    """Gather the facts of a case."""
    stages = course.stages_of(session, case)
    done = {s.kind for s in stages.values() if s.state is StageState.DONE}
    frozen = frozenset(
        kind for kind in VersionKind if drafting.frozen_version(session, case.id, kind)
    )
    taking_part = {body.id for body in course.parties_of(session, case)}
    return DetourFacts(
        state=case.state,
        in_force=StageKind.ENTRY_INTO_FORCE in done,
        published=StageKind.PUBLICATION in done,
        frozen=frozen,
        stages=stages,
        decisions=tuple(
            d for d in standing.decisions_of(session, case.id) if d.body_id in taking_part
        ),
        parties=len(taking_part),
    )


@dataclass(frozen=True, slots=True)
class Way:
    """A detour, and what stands against it; nothing: it can be taken."""

    detour: Detour
    objections: Objections


def _over(facts: DetourFacts) -> Objections:
    if facts.state is not CaseState.RUNNING:
        return ("Der Vorgang ist abgeschlossen oder zurückgezogen.",)
    return ()


def _too_late(facts: DetourFacts) -> Objections:
    if over := _over(facts):
        return over
    if facts.in_force:
        return (
            "Die Vereinbarung ist in Kraft. Änderung, Beitritt, Kündigung und Aufhebung sind ein "
            "eigener Vorgang.",
        )
    if facts.published:
        return ("Die Vereinbarung ist bekannt gemacht; am Text ist nichts mehr zu ändern.",)
    return ()


def _has_frozen_text(facts: DetourFacts) -> Objections:
    if late := _too_late(facts):
        return late
    return () if facts.frozen else ("Der Text ist offen; er kann ohne Weiteres geändert werden.",)


def _somebody_lacks(facts: DetourFacts) -> Objections:
    if late := _too_late(facts):
        return late
    if not facts.undecided_after_all():
        return (
            "Keine Vertretung hat abgelehnt oder ohne gültigen Beschluss geendet. Sollen "
            "Vertretungen trotz gültigen Beschlusses erneut entscheiden, ist das eine neue Runde.",
        )
    return ()


def _council_has_begun(facts: DetourFacts) -> Objections:
    if late := _too_late(facts):
        return late
    if not any(s.kind in COUNCILS and s.state in BEGUN for s in facts.stages.values()):
        return ("Es hat noch keine Beschlussrunde begonnen.",)
    return ()


def _something_repeatable(facts: DetourFacts) -> Objections:
    if late := _over(facts):
        return late
    if not any(s.kind in REPEATABLE and s.state in BEGUN for s in facts.stages.values()):
        return ("Es hat noch kein Schritt begonnen, der wiederholt werden kann.",)
    return ()


def _more_than_two(facts: DetourFacts) -> Objections:
    if late := _too_late(facts):
        return late
    if facts.parties <= 2:
        return ("Mit weniger als zwei Beteiligten gibt es keine Zusammenarbeit.",)
    return ()


GUARDS: Final[Mapping[Detour, Callable[[DetourFacts], Objections]]] = {
    Detour.DECIDE_AGAIN: _somebody_lacks,
    Detour.REOPEN_TEXT: _has_frozen_text,
    Detour.NEW_ROUND: _council_has_begun,
    Detour.REPEAT_STAGE: _something_repeatable,
    Detour.LEAVE_PARTY: _more_than_two,
    Detour.JOIN_PARTY: _too_late,
    Detour.OPEN_AD_HOC: _over,
    Detour.WITHDRAW_CASE: _too_late,
}


def ways(session: Session, case: Case) -> list[Way]:
    """Every detour, with what stands against it now."""
    facts = facts_of(session, case)
    return [Way(detour, guard(facts)) for detour, guard in GUARDS.items()]


def enter(
    session: Session, actor: Actor, case: Case, detour: Detour, given: DetourInput
) -> DetourFacts:
    """Judge whether this person may take the detour on that day; the case is locked."""
    actor.require(is_lead(session, actor, case), f"Das entscheidet das {who_decides(case)}.")
    check_day(
        "decided_on", given.decided_on, not_before=case.started_on, why="dem Beginn des Vorgangs"
    )
    facts = facts_of(session, case)
    if objections := GUARDS[detour](facts):
        raise Conflict("detour-not-possible", " ".join(objections))
    return facts


def is_lead(session: Session, actor: Actor, case: Case) -> bool:
    """Whether the actor is of the lead's legal staff."""
    return any(
        PartyRole.LEAD in party.roles and actor.holds(Role.LEGAL, party.body_id)
        for party in case.parties
    )


def who_decides(case: Case) -> str:
    """Who takes detours, in words."""
    lead = next(p.body for p in case.parties if PartyRole.LEAD in p.roles)
    return f"Rechtsamt {lead.forms['genitive']}"
