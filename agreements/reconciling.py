"""Abgleich: an amended resolution is judged editorial or material, and what follows from it."""

from __future__ import annotations

from typing import Final

from agreements import carrying, clock, rounds, standing
from agreements.acts import JudgeAmendment
from agreements.decision import Decision, Recorded, check_day
from agreements.errors import Conflict, Refusal
from agreements.journal import Event
from agreements.model.councils import Consultation, Paper, Reconciliation, Resolution
from agreements.model.drafting import TextVersion
from agreements.model.enums import CarryReason, Consequence, Materiality
from agreements.standing import DecisionFact

_NEUTRAL: Final = "Nach einer nichtöffentlichen Beratung wird der Text neu abgestimmt."


def judge_amendment(decision: Decision, act: JudgeAmendment) -> Recorded:
    """Legal staff of the lead say what a body's different text means for the agreement.

    Editorial: the resolution holds for the common text. Material: either the text is opened
    again for everybody, or the body is asked to decide again on the common text.
    """
    session = decision.session
    resolution = session.get_one(Resolution, decision.task.subject_id)
    consultation = session.get_one(Consultation, resolution.consultation_id)
    paper = consultation.paper
    check_day("judged_on", act.judged_on, not_before=resolution.decided_on, why="dem Beschluss")
    _check(act)
    session.add(
        Reconciliation(
            resolution_id=resolution.id,
            materiality=act.materiality,
            consequence=act.consequence,
            reason=act.reason,
            judged_on=act.judged_on,
            judged_by=decision.actor.user_id,
            judged_at=clock.now(),
        )
    )
    session.flush()
    _follow(decision, act, _fact(decision, resolution), paper)
    return Recorded(
        Event.AMENDMENT_JUDGED,
        act.judged_on,
        {
            "body": paper.body.forms["short"],
            "resolution_id": str(resolution.id),
            "materiality": act.materiality.value,
            "consequence": act.consequence.value if act.consequence else None,
        },
        reason=act.reason,
        before={"text_hash": paper.text_hash},
        after={"text_hash": resolution.text_hash},
        confidential=not consultation.public,
    )


def _check(act: JudgeAmendment) -> None:
    if act.materiality is Materiality.MATERIAL and act.consequence is None:
        raise Refusal(
            "consequence-missing",
            "Eine inhaltliche Abweichung braucht eine Folge: eine neue Textfassung für alle, oder "
            "das Gremium befasst sich erneut mit dem gemeinsamen Text.",
            "consequence",
            "new_version oder decide_again",
        )
    if act.materiality is Materiality.EDITORIAL and act.consequence is not None:
        raise Refusal(
            "consequence-without-difference",
            "Eine redaktionelle Abweichung hat keine Folge für den Text.",
            "consequence",
            "leer lassen",
        )


def _fact(decision: Decision, resolution: Resolution) -> DecisionFact:
    found = standing.decisions_of(decision.session, decision.case.id)
    for fact in found:
        if fact.resolution_id == resolution.id:
            return fact
    raise Conflict(
        "resolution-replaced",
        "Zu dieser Beratung gibt es inzwischen einen neueren Eintrag; zu beurteilen ist nur der.",
    )


def _follow(decision: Decision, act: JudgeAmendment, fact: DecisionFact, paper: Paper) -> None:
    session, case = decision.session, decision.case
    version = session.get_one(TextVersion, paper.version_id)
    if act.materiality is Materiality.EDITORIAL:
        carrying.carry(
            session,
            decision.actor,
            case,
            fact,
            version,
            CarryReason.EDITORIAL,
            act.reason,
            act.judged_on,
        )
    elif act.consequence is Consequence.NEW_VERSION:
        # All parties read why the text is open again; the judgement has a journal entry of its own.
        because = act.reason if fact.public else _NEUTRAL
        rounds.reopen_text(
            session, decision.actor, case, version.kind, because, legal_date=act.judged_on
        )
    elif decision.stage.round is not None:
        rounds.decide_again(
            session,
            decision.actor,
            case,
            fact.body_id,
            decision.stage.round,
            act.reason,
            legal_date=act.judged_on,
        )
