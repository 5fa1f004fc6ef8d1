"""Which detours a case can take now: one table of guards, for judging and for listing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from agreements import course, drafting, standing, substitution
from agreements.acts import Reason
from agreements.councils import ROUND_TEXT
from agreements.decision import check_day
from agreements.errors import Conflict
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import Publication
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
from agreements.standing import DecisionFact

Objections = tuple[str, ...]
_ASKED: Final = (ConsultationState.PLANNED, ConsultationState.OPEN)
BEGUN: Final = (StageState.READY, StageState.OPEN, StageState.BLOCKED, StageState.DONE)
COUNCILS: Final = (StageKind.COUNCIL_RESOLUTIONS, StageKind.KREISTAG_DECISION)
FUNDING: Final = (StageKind.FINANCE_PLAN, StageKind.FUNDING_APPLICATION)
REPEATABLE: Final = (
    StageKind.RESOLUTIONS_CHECK,
    StageKind.SIGNING,
    StageKind.SUPERVISORY_APPROVAL,
    *FUNDING,
)


class DetourInput(BaseModel):
    """What every detour asks for: why, and on which day it was decided to take it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason
    decided_on: date


@dataclass(frozen=True, slots=True)
class DetourFacts:
    """What the guards look at.

    ``frozen``: the hashes of the texts that are frozen now. ``stages``: the current instances;
    ``keys``: of which stage each instance is, past ones included.
    """

    state: CaseState
    in_force: bool
    published: bool
    frozen: Mapping[VersionKind, str]
    stages: Mapping[str, Stage]
    keys: Mapping[UUID, str]
    decisions: tuple[DecisionFact, ...]
    parties: int

    def undecided_after_all(self, round_: Round | None = None) -> list[DecisionFact]:
        """The last decisions of the bodies that have no valid resolution and are not asked."""
        return [
            d
            for stage in self.stages.values()
            if stage.kind in COUNCILS and stage.state in BEGUN
            if stage.round is not None and round_ in (None, stage.round)
            for d in self._lacking_in(stage, self.frozen.get(ROUND_TEXT[stage.round]))
        ]

    def renewable(self, stage: Stage) -> list[DecisionFact]:
        """The resolutions of a stage of councils that a new round would replace.

        Where a text is frozen, these are the ones that hold for it: the others decide anyway.
        """
        if stage.kind not in COUNCILS or stage.round is None:
            return []
        text_hash = self.frozen.get(ROUND_TEXT[stage.round])
        return [
            d
            for d in self.decisions
            if self.keys[d.stage_id] == stage.key
            and (d.adopts if text_hash is None else d.holds_for(text_hash))
        ]

    def _lacking_in(self, stage: Stage, text_hash: str | None) -> Iterator[DecisionFact]:
        own: dict[UUID, list[DecisionFact]] = {}
        for d in self.decisions:
            if self.keys[d.stage_id] == stage.key:
                own.setdefault(d.body_id, []).append(d)
        for decisions in own.values():
            here = [d for d in decisions if d.stage_id == stage.id and d.current]
            asked = any(d.state in _ASKED for d in here)
            # Without a paper the body gets one as long as the stage is being prepared.
            expected = not here and stage.prepared_at is None
            holds = text_hash is None or any(d.holds_for(text_hash) for d in decisions)
            if not (asked or expected or holds):
                yield decisions[-1]


def facts_of(session: Session, case: Case) -> DetourFacts:
    """Gather the facts of a case."""
    stages = course.stages_of(session, case)
    done = {s.kind for s in stages.values() if s.state is StageState.DONE}
    frozen = {
        kind: version.text_hash
        for kind in VersionKind
        if (version := drafting.frozen_version(session, case.id, kind))
    }
    taking_part = {body.id for body in course.parties_of(session, case)}
    return DetourFacts(
        state=case.state,
        in_force=StageKind.ENTRY_INTO_FORCE in done,
        published=_is_published(session, stages),
        frozen=frozen,
        stages=stages,
        keys=_keys(session, case),
        decisions=tuple(
            d for d in standing.decisions_of(session, case.id) if d.body_id in taking_part
        ),
        parties=len(taking_part),
    )


def _keys(session: Session, case: Case) -> dict[UUID, str]:
    rows = session.scalars(select(Stage).where(Stage.case_id == case.id))
    return {stage.id: stage.key for stage in rows}


def _is_published(session: Session, stages: Mapping[str, Stage]) -> bool:
    # From the act on, not only when the machine has closed its stage.
    current = [stage.id for stage in stages.values() if stage.kind is StageKind.PUBLICATION]
    return bool(session.scalar(select(exists().where(Publication.stage_id.in_(current)))))


@dataclass(frozen=True, slots=True)
class Way:
    """A detour, and what stands against it; nothing: it can be taken."""

    detour: Detour
    objections: Objections


def _over(facts: DetourFacts) -> Objections:
    if facts.state is not CaseState.RUNNING:
        return ("Der Vorgang ist abgeschlossen oder zurückgezogen.",)
    return ()


def too_late(facts: DetourFacts) -> Objections:
    """Why nothing is to be changed in text, parties and resolutions any more."""
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
    if late := too_late(facts):
        return late
    return () if facts.frozen else ("Der Text ist offen; er kann ohne Weiteres geändert werden.",)


def _somebody_lacks(facts: DetourFacts) -> Objections:
    late = too_late(facts)
    # A Grundsatzbeschluss that is still lacking can be taken when all else is done.
    if facts.undecided_after_all(Round.PRINCIPLE if late else None) and not _over(facts):
        return ()
    if late:
        return late
    return (
        "Keine Vertretung hat abgelehnt oder ohne gültigen Beschluss geendet. Sollen "
        "Vertretungen trotz gültigen Beschlusses erneut entscheiden, ist das eine neue Runde.",
    )


def _something_renewable(facts: DetourFacts) -> Objections:
    if late := too_late(facts):
        return late
    if not any(s.kind in COUNCILS and s.state in BEGUN for s in facts.stages.values()):
        return ("Es hat noch keine Beschlussrunde begonnen.",)
    if not any(facts.renewable(stage) for stage in facts.stages.values()):
        return ("Es liegt noch kein gültiger Beschluss vor, der zu erneuern wäre.",)
    return ()


def _something_repeatable(facts: DetourFacts) -> Objections:
    if over := _over(facts):
        return over
    kinds = repeatable(facts)
    if not any(s.kind in kinds and s.state in BEGUN for s in facts.stages.values()):
        return ("Es hat noch kein Schritt begonnen, der wiederholt werden kann.",)
    return ()


def repeatable(facts: DetourFacts) -> tuple[StageKind, ...]:
    """Which steps can be repeated: after the publication only those of the funding."""
    return FUNDING if too_late(facts) else REPEATABLE


def _more_than_two(facts: DetourFacts) -> Objections:
    if late := too_late(facts):
        return late
    if facts.parties <= 2:
        return ("Mit weniger als zwei Beteiligten gibt es keine Zusammenarbeit.",)
    return ()


GUARDS: Final[Mapping[Detour, Callable[[DetourFacts], Objections]]] = {
    Detour.DECIDE_AGAIN: _somebody_lacks,
    Detour.REOPEN_TEXT: _has_frozen_text,
    Detour.NEW_ROUND: _something_renewable,
    Detour.REPEAT_STAGE: _something_repeatable,
    Detour.LEAVE_PARTY: _more_than_two,
    Detour.JOIN_PARTY: too_late,
    Detour.OPEN_AD_HOC: _over,
    Detour.WITHDRAW_CASE: too_late,
}


def ways(session: Session, case: Case) -> list[Way]:
    """Every detour, with what stands against it now."""
    facts = facts_of(session, case)
    return [Way(detour, guard(facts)) for detour, guard in GUARDS.items()]


def enter(
    session: Session, actor: Actor, case: Case, detour: Detour, given: DetourInput
) -> tuple[Actor, DetourFacts]:
    """Judge whether this person may take the detour on that day; the case is locked.

    Returns the person as legal staff of the lead, of their own or in place of one who is away.
    """
    leads = _leads(case)
    if not any(actor.holds(Role.LEGAL, body_id) for body_id in leads):
        for body_id in leads:
            actor = substitution.acting(session, actor, Role.LEGAL, body_id, case.id)
    may = any(actor.holds(Role.LEGAL, body_id) for body_id in leads)
    actor.require(may, f"Das entscheidet das {who_decides(case)}.")
    check_day(
        "decided_on", given.decided_on, not_before=case.started_on, why="dem Beginn des Vorgangs"
    )
    facts = facts_of(session, case)
    if objections := GUARDS[detour](facts):
        raise Conflict("detour-not-possible", " ".join(objections))
    return actor, facts


def is_lead(session: Session, actor: Actor, case: Case) -> bool:
    """Whether the actor is of the lead's legal staff, or stands in for one of them."""
    leads = _leads(case)
    if any(actor.holds(Role.LEGAL, body_id) for body_id in leads):
        return True
    return any(
        substitution.standing_in_for(session, actor, Role.LEGAL, body_id, case.id) is not None
        and not substitution.is_of_two_parties(session, actor, body_id, case.id)
        for body_id in leads & actor.party_bodies()
    )


def _leads(case: Case) -> frozenset[UUID]:
    return frozenset(p.body_id for p in case.parties if PartyRole.LEAD in p.roles)


def who_decides(case: Case) -> str:
    """Who takes detours, in words."""
    lead = next(p.body for p in case.parties if PartyRole.LEAD in p.roles)
    return f"Rechtsamt {lead.forms['genitive']}"
