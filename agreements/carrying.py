"""Weitergeltung: which earlier resolutions a new text leaves untouched, so that they go on holding.

Legal staff name the bodies whose resolution a change touches; exactly those decide again. What
the others resolved stays on record as on the earlier version, with the reason why it carries.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from agreements import clock, course, journal, standing
from agreements.acts import FreezeVersion, SubmitDraft
from agreements.decision import Decision
from agreements.errors import Refusal
from agreements.journal import Event
from agreements.model.cases import Case
from agreements.model.councils import Carry
from agreements.model.drafting import TextVersion
from agreements.model.enums import CarryReason, Round
from agreements.people import Actor
from agreements.standing import DecisionFact, Worth


def carry_over(
    decision: Decision,
    version: TextVersion,
    round_: Round,
    act: FreezeVersion | SubmitDraft,
    on: date,
) -> None:
    """Let the resolutions that the new text does not touch hold for it.

    Refuses if there are such resolutions and nobody has said which of them are touched.
    """
    session, case = decision.session, decision.case
    earlier = _adopted(session, case, round_)
    decided = {ags: d for ags, d in earlier.items() if not d.holds_for(version.text_hash)}
    if not decided:
        return
    touched = _touched(act, earlier)
    untouched = [decided[ags] for ags in decided if ags not in touched]
    if untouched and not act.untouched_because:
        raise Refusal(
            "untouched-reason-missing",
            "Bitte begründen, warum die Änderung diese Beschlüsse nicht berührt: "
            + ", ".join(d.body for d in untouched)
            + ".",
            "untouched_because",
        )
    for fact in untouched:
        carry(
            session,
            decision.actor,
            case,
            fact,
            version,
            CarryReason.UNTOUCHED,
            act.untouched_because,
            on,
        )


def _touched(act: FreezeVersion | SubmitDraft, earlier: dict[str, DecisionFact]) -> frozenset[str]:
    if act.touched is None:
        raise Refusal(
            "touched-missing",
            "Zu einer früheren Fassung liegen Beschlüsse vor von: "
            + ", ".join(d.body for d in earlier.values())
            + ". Bitte angeben, welche davon die Änderung berührt; nur diese Vertretungen "
            "beschließen erneut.",
            "touched",
            "AGS aus: " + ", ".join(earlier),
        )
    if strange := sorted(set(act.touched) - earlier.keys()):
        raise Refusal(
            "touched-unknown",
            "Zu diesen Körperschaften gibt es keinen früheren Beschluss: "
            + ", ".join(strange)
            + ".",
            "touched",
            "AGS aus: " + ", ".join(earlier),
        )
    return frozenset(act.touched)


def _adopted(session: Session, case: Case, round_: Round) -> dict[str, DecisionFact]:
    """By AGS: the last word of each party in the round, if it was a resolution that counts."""
    of_round = _stages_of_round(session, case, round_)
    last = {
        d.body_id: d
        for d in standing.decisions_of(session, case.id)
        if d.stage_id in of_round and d.worth not in (None, Worth.PENDING)
    }
    parties = course.parties_of(session, case)
    return {body.ags: last[body.id] for body in parties if body.id in last and last[body.id].adopts}


def _stages_of_round(session: Session, case: Case, round_: Round) -> set[UUID]:
    return {stage_id for stage_id, of in course.rounds_of(session, case.id) if of is round_}


def carry(
    session: Session,
    actor: Actor,
    case: Case,
    fact: DecisionFact,
    version: TextVersion,
    because: CarryReason,
    reason: str,
    on: date,
) -> None:
    """Let one resolution hold for a version that is not the one it was taken on."""
    session.add(
        Carry(
            resolution_id=fact.resolution_id,
            version_id=version.id,
            because=because,
            reason=reason,
            judged_on=on,
            judged_by=actor.user_id,
            judged_at=clock.now(),
        )
    )
    journal.append(
        session,
        case,
        Event.RESOLUTION_CARRIED,
        actor,
        legal_date=on,
        body_id=fact.body_id,
        reason=reason,
        confidential=not fact.public,
        before={"text_hash": fact.text_hash},
        after={"text_hash": version.text_hash, "version": version.number},
        data={"because": because.value, "resolution_id": str(fact.resolution_id)},
    )
