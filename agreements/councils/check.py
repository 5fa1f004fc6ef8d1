"""Beschlusslage: are all resolutions there, do they count, and are they on the same text?"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from agreements import course, drafting, standing
from agreements.acts import ConfirmResolutions
from agreements.decision import Decision, Recorded, check_day
from agreements.errors import Conflict
from agreements.journal import Event
from agreements.model.cases import Case
from agreements.model.councils import Consultation, Paper, Resolution, ResolutionRecord
from agreements.model.enums import Materiality, RecordKind, VersionKind
from agreements.standing import DecisionFact, Worth


def confirm_resolutions(decision: Decision, act: ConfirmResolutions) -> Recorded:
    """Legal staff of the lead state that all resolutions are there and on the same text."""
    session, case = decision.session, decision.case
    version = drafting.frozen_version(session, case.id, VersionKind.AGREEMENT)
    if version is None:
        raise Conflict("no-frozen-text", "Es gibt keinen festgeschriebenen Text.")
    if objections := resolution_gaps(session, case, version.text_hash):
        raise Conflict("resolutions-missing", " ".join(objections))
    check_day(
        "confirmed_on",
        act.confirmed_on,
        not_before=course.base_day(session, case, decision.stage, decision.stages),
        why="dem letzten Beschluss",
    )
    return Recorded(
        Event.RESOLUTIONS_CONFIRMED,
        act.confirmed_on,
        {"version": version.number, "text_hash": version.text_hash},
    )


def resolution_gaps(session: Session, case: Case, text_hash: str) -> tuple[str, ...]:
    """What is missing until a resolution of every party holds for this text, as sentences."""
    gaps: list[str] = []
    by_body: dict[str, list[DecisionFact]] = {}
    unconfirmed = _unconfirmed(session, case)
    for party in sorted(standing.standings(session, case.id), key=lambda s: s.position):
        if party.takes_part:
            by_body.setdefault(party.body, [])
            if party.decision is not None:
                by_body[party.body].append(party.decision)
    for body, decisions in by_body.items():
        holding = [d for d in decisions if d.holds_for(text_hash)]
        if not holding:
            gaps.append(f"{body}: {_lacking(decisions, text_hash)}")
        elif all(unsettled := [_unsettled(d, unconfirmed) for d in holding]):
            gaps.append(f"{body}: {unsettled[-1]}")
    return tuple(gaps)


def _unsettled(decision: DecisionFact, unconfirmed: set[UUID]) -> str | None:
    """What has still to happen to a resolution that holds, as a sentence."""
    conditional = decision.worth is Worth.CONDITIONAL
    if not conditional and decision.resolution_id not in unconfirmed:
        return None
    if not decision.public:
        return "Nach der nichtöffentlichen Beratung ist noch etwas zu klären."
    if conditional:
        return "Der Vorbehalt des Beschlusses ist noch nicht geklärt."
    return "Die Genehmigung der Dringlichkeitsentscheidung steht noch aus."


def _unconfirmed(session: Session, case: Case) -> set[UUID]:
    """Urgent decisions that the council has not confirmed yet (§ 60 Abs. 1 GO NRW)."""
    confirmed = exists().where(
        ResolutionRecord.resolution_id == Resolution.id,
        ResolutionRecord.kind == RecordKind.CONFIRMATION,
    )
    return set(
        session.scalars(
            select(Resolution.id)
            .join(Consultation, Consultation.id == Resolution.consultation_id)
            .join(Paper, Paper.id == Consultation.paper_id)
            .where(Paper.case_id == case.id, Resolution.urgency.is_not(None), ~confirmed)
        )
    )


def _lacking(decisions: list[DecisionFact], text_hash: str) -> str:
    on_it = [d for d in decisions if d.paper_hash == text_hash and d.worth is not None]
    if not on_it:
        return "Der Beschluss über diesen Text fehlt."
    last = on_it[-1]
    if not last.public:
        return "Nach der nichtöffentlichen Beratung fehlt ein gültiger Beschluss über diesen Text."
    if last.worth is Worth.NOT_ADOPTED:
        return f"{last.committee} hat den Text nicht beschlossen."
    if last.worth is Worth.SUSPENDED:
        return f"Der Beschluss des Gremiums {last.committee} ist beanstandet."
    if last.worth is Worth.VOID:
        return f"Der Beschluss des Gremiums {last.committee} gilt nicht mehr."
    if last.text_hash != text_hash and last.materiality is not Materiality.EDITORIAL:
        return f"{last.committee} hat einen abweichenden Text beschlossen."
    return f"Der Beschluss des Gremiums {last.committee} steht noch aus."
