"""Doing it once more: a body decides again, the text is opened again, a round or step repeats."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from agreements import clock, course, rounds, tasks
from agreements.acts import Ags
from agreements.detours.ways import (
    BEGUN,
    COUNCILS,
    REPEATABLE,
    DetourFacts,
    DetourInput,
    enter,
    repeatable,
    too_late,
)
from agreements.errors import Conflict, Refusal
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import ResolutionRecord
from agreements.model.enums import Detour, RecordKind, Round, StageState, VersionKind
from agreements.people import Actor


class DecideAgain(DetourInput):
    """Eine Vertretung ohne gültigen Beschluss erneut mit dem Text befassen."""

    body: Ags
    round: Round


class ReopenText(DetourInput):
    """Zurück in die Abstimmung (Vereinbarung) oder in den Entwurf (Grundsatzbeschluss)."""

    kind: VersionKind = VersionKind.AGREEMENT


class NewRound(DetourInput):
    """Eine neue Beschlussrunde: der genannten Körperschaften, sonst aller des Schritts."""

    stage: str
    bodies: tuple[Ags, ...] | None = None


class RepeatStage(DetourInput):
    """Einen Verfahrensschritt wiederholen, mit allem, was auf ihm aufbaut."""

    stage: str


def decide_again(session: Session, actor: Actor, case: Case, wanted: DecideAgain) -> None:
    """Give a body that has no valid resolution a new paper on the same text."""
    actor, facts = enter(session, actor, case, Detour.DECIDE_AGAIN, wanted)
    body = party(session, case, wanted.body, "body")
    if wanted.round is Round.AGREEMENT and (late := too_late(facts)):
        raise Conflict("detour-not-possible", " ".join(late))
    if body.id not in {d.body_id for d in facts.undecided_after_all(wanted.round)}:
        raise Conflict(
            "body-has-decided",
            f"{body.forms['short']}: In dieser Runde ist weder abgelehnt noch ohne gültigen "
            "Beschluss geendet worden.",
            "body",
        )
    rounds.decide_again(
        session,
        actor,
        case,
        body.id,
        wanted.round,
        wanted.reason,
        legal_date=wanted.decided_on,
    )
    course.judge(session, case)


def reopen_text(session: Session, actor: Actor, case: Case, wanted: ReopenText) -> None:
    """Open the frozen text again, to negotiate it anew."""
    actor, _ = enter(session, actor, case, Detour.REOPEN_TEXT, wanted)
    rounds.reopen_text(
        session, actor, case, wanted.kind, wanted.reason, legal_date=wanted.decided_on
    )
    course.judge(session, case)


def new_round(session: Session, actor: Actor, case: Case, wanted: NewRound) -> None:
    """Let bodies decide again though they have a valid resolution."""
    actor, facts = enter(session, actor, case, Detour.NEW_ROUND, wanted)
    stage = _stage(facts, wanted.stage)
    if stage.kind not in COUNCILS or stage.round is None:
        raise Refusal(
            "no-council-stage",
            "Eine neue Runde gibt es nur für Beschlüsse der Räte und des Kreistages.",
            "stage",
            ", ".join(key for key, s in facts.stages.items() if s.kind in COUNCILS),
        )
    asked = None
    if wanted.bodies is not None:
        asked = {party(session, case, ags, "bodies").id for ags in wanted.bodies}
    renewed = _renew(session, actor, facts, stage, asked, wanted)
    if not renewed:
        raise Conflict(
            "nothing-to-renew",
            "Von diesen Körperschaften liegt in dieser Runde noch kein gültiger Beschluss vor.",
            "bodies",
        )
    if stage.state is StageState.DONE:
        rounds.repeat(
            session, actor, case, [stage.key], wanted.reason, legal_date=wanted.decided_on
        )
    else:
        for body_id in renewed:
            rounds.decide_again(
                session,
                actor,
                case,
                body_id,
                stage.round,
                wanted.reason,
                legal_date=wanted.decided_on,
            )
    course.judge(session, case)


def _renew(
    session: Session,
    actor: Actor,
    facts: DetourFacts,
    stage: Stage,
    asked: set[UUID] | None,
    wanted: NewRound,
) -> list[UUID]:
    """Note on every resolution that a new one is wanted; which bodies they are."""
    found = [d for d in facts.renewable(stage) if asked is None or d.body_id in asked]
    for d in found:
        session.add(
            ResolutionRecord(
                resolution_id=d.resolution_id,
                kind=RecordKind.RENEWAL,
                by="Rechtsamt der federführenden Körperschaft",
                happened_on=wanted.decided_on,
                reason=wanted.reason,
                legal_basis="",
                recorded_by=actor.user_id,
                recorded_at=clock.now(),
            )
        )
        tasks.cancel(session, Task.subject_id == d.resolution_id)
    session.flush()
    return list(dict.fromkeys(d.body_id for d in found))


def repeat_stage(session: Session, actor: Actor, case: Case, wanted: RepeatStage) -> None:
    """Repeat a step of the machine or the lead: a new application, a new finance plan."""
    actor, facts = enter(session, actor, case, Detour.REPEAT_STAGE, wanted)
    stage = _stage(facts, wanted.stage)
    allowed = repeatable(facts)
    if stage.kind in REPEATABLE and stage.kind not in allowed:
        raise Conflict("detour-not-possible", " ".join(too_late(facts)))
    if stage.kind not in allowed:
        raise Refusal(
            "stage-not-repeatable",
            "Dieser Schritt wird nicht für sich wiederholt: Texte werden wieder geöffnet, "
            "Beschlüsse in einer neuen Runde gefasst.",
            "stage",
            ", ".join(key for key, s in facts.stages.items() if s.kind in allowed),
        )
    if stage.state not in BEGUN:
        raise Conflict(
            "stage-not-begun",
            f"Der Schritt hat noch nicht begonnen: {label(stage.state)}. {stage.reason}",
            "stage",
        )
    rounds.repeat(session, actor, case, [stage.key], wanted.reason, legal_date=wanted.decided_on)
    course.judge(session, case)


def _stage(facts: DetourFacts, key: str) -> Stage:
    if key not in facts.stages:
        raise Refusal(
            "stage-unknown",
            f"Den Verfahrensschritt „{key}“ hat dieser Vorgang nicht.",
            "stage",
            ", ".join(facts.stages),
        )
    return facts.stages[key]


def party(session: Session, case: Case, ags: str, field: str) -> Body:
    """The body that takes part; refuses any other."""
    bodies = course.parties_of(session, case)
    for body in bodies:
        if body.ags == ags:
            return body
    raise Refusal(
        "not-a-party",
        f"Die Körperschaft {ags} ist an diesem Vorgang nicht beteiligt.",
        field,
        ", ".join(body.ags for body in bodies),
    )
