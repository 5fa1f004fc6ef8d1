"""Dringlichkeitsentscheidung: instead of the council, which confirms or revokes it afterwards.

Two stages (§ 60 Abs. 1 GO NRW, § 50 Abs. 3 KrO NRW): the main committee; if that cannot be called
in time either and delay would do serious harm, the head of administration with a member.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agreements import (
    councils,
    course,
    exclusions,
    resolutions,
    rights,
    rounds,
    substitution,
    tasks,
)
from agreements.acts import (
    ConfirmUrgentDecision,
    Count,
    Line,
    Reason,
    RecordResolution,
    Remark,
    TextHash,
    Votes,
)
from agreements.councils import papers, recording
from agreements.councils.meetings import require_sitting
from agreements.decision import Acting, Decision, Recorded, check_day, check_text
from agreements.errors import Conflict, Refusal
from agreements.journal import Event
from agreements.model.bodies import Committee
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.enums import (
    CommitteeKind,
    ConsultationState,
    Outcome,
    Quorum,
    RecordKind,
    Role,
    TaskKind,
    TaskState,
    Urgency,
)
from agreements.objections import check_motion
from agreements.people import Actor
from agreements.procedures.transitions import (
    CONSULTATION,
    ConsultationAction,
    ConsultationFacts,
    Who,
)
from agreements.resolutions import Matter
from agreements.standing import ADOPTING

_WAITING: Final = (ConsultationState.PLANNED, ConsultationState.OPEN)


class UrgentSignatory(BaseModel):
    """Wer unterschrieben hat. `signed` false: die Unterschrift wurde verweigert."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    function: Line
    capacity: Literal["head", "member"]
    signed: bool = True


class UrgentDecision(BaseModel):
    """Eine Dringlichkeitsentscheidung erfassen.

    `reason`: warum Rat oder Kreistag nicht rechtzeitig einberufen werden können. Zweite Stufe:
    `main_committee_prevented`: warum auch der Haupt- oder Kreisausschuss nicht; `harm`: welche
    erheblichen Nachteile oder Gefahren der Aufschub brächte.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Urgency
    decided_on: date
    text_hash: TextHash
    outcome: Literal[Outcome.ADOPTED, Outcome.REJECTED] = Outcome.ADOPTED
    reason: Reason
    main_committee_prevented: Remark = ""
    harm: Remark = ""
    committee: Line | None = None
    votes: Votes = Votes()
    unanimous: bool | None = None
    members_present: Count | None = None
    members_excluded: Count = 0
    quorum: Quorum = Quorum.COUNTED
    signatories: Annotated[tuple[UrgentSignatory, ...], Field(max_length=20)] = ()
    remark: Remark = ""
    sample: bool = False


def decide_urgently(
    session: Session,
    actor: Actor,
    case: Case,
    body_id: UUID,
    wanted: UrgentDecision,
    consultation_id: UUID | None = None,
) -> Resolution:
    """Record an urgent decision of a body in a locked case; a clerk of the body.

    It takes the place of the council's resolution; the council is asked afterwards.
    """
    rounds.require_running(session, case)
    actor = substitution.acting(session, actor, Role.CLERK, body_id, case.id)
    actor.require(
        actor.holds(Role.CLERK, body_id),
        "Dringlichkeitsentscheidungen erfasst die Sachbearbeitung der Körperschaft.",
    )
    paper, consultation = _waiting(session, case, body_id, wanted, consultation_id)
    exclusions.require_unbiased(session, actor, case.id, body_id, consultation.id)
    stage = session.get_one(Stage, paper.stage_id)
    committee = _check(session, case, paper, consultation, wanted)
    acting = Acting(session, actor, case, stage)
    resolution = _write(acting, paper, consultation, wanted, committee)
    recording.open_later(
        session, case, stage, TaskKind.CONFIRM_URGENT_DECISION, consultation, resolution.id
    )
    stage.last_act_on = max(filter(None, (stage.last_act_on, wanted.decided_on)))
    matter = resolutions.find(session, actor, case, resolution.id)
    resolutions.leave_trace(
        session,
        actor,
        matter,
        Event.URGENT_DECISION_RECORDED,
        wanted.decided_on,
        reason=wanted.reason,
        legal_basis=recording.law_for(case, paper, wanted.decided_on).urgency,
        data={
            "urgency": wanted.stage.value,
            "decided_by": committee.name if committee else [s.function for s in wanted.signatories],
            "main_committee_prevented": wanted.main_committee_prevented,
            "harm": wanted.harm,
        },
    )
    course.judge(session, case)
    return resolution


def _waiting(
    session: Session,
    case: Case,
    body_id: UUID,
    wanted: UrgentDecision,
    consultation_id: UUID | None,
) -> tuple[Paper, Consultation]:
    """The authoritative consultation of the body that has not been held yet."""
    found = [
        (paper, consultation)
        for stage in course.stages_of(session, case).values()
        if rounds.is_live(stage)
        for paper in councils.papers_of(session, stage.id)
        if paper.body_id == body_id
        for consultation in paper.consultations
        if consultation.state in _WAITING
        and consultation.role.authoritative
        and consultation_id in (None, consultation.id)
    ]
    if not found:
        raise Conflict(
            "no-decision-due",
            "Für diese Körperschaft steht jetzt kein Beschluss an, an dessen Stelle eine "
            "Dringlichkeitsentscheidung treten könnte.",
        )
    on_text = [entry for entry in found if entry[0].text_hash == wanted.text_hash]
    paper, consultation = (on_text or found)[0]
    check_text("text_hash", wanted.text_hash, paper.text_hash)
    return recording.whole_paper(session, consultation.id), consultation


def _check(
    session: Session,
    case: Case,
    paper: Paper,
    consultation: Consultation,
    wanted: UrgentDecision,
) -> Committee | None:
    """Refuse what is no urgent decision; the committee that took it in the first stage."""
    law = recording.law_for(case, paper, wanted.decided_on)
    recording.check_decided_on(consultation, wanted.decided_on)
    require_sitting(consultation.committee, wanted.decided_on, "decided_on")
    if wanted.stage is Urgency.HEAD_AND_MEMBER:
        _check_second_stage(wanted, law.urgency)
        return None
    committee = _main_committee(session, paper, wanted)
    councils.check_votes(
        _as_resolution(wanted),
        councils.voting_members(committee, wanted.decided_on),
        committee,
        law,
    )
    return committee


def _check_second_stage(wanted: UrgentDecision, basis: str) -> None:
    if not wanted.main_committee_prevented:
        raise Refusal(
            "main-committee-first",
            "Bitte angeben, warum auch der Haupt- oder Kreisausschuss nicht rechtzeitig einberufen "
            f"werden konnte; erst dann darf in der zweiten Stufe entschieden werden ({basis}).",
            "main_committee_prevented",
        )
    if not wanted.harm:
        raise Refusal(
            "harm-missing",
            "Bitte angeben, welche erheblichen Nachteile oder Gefahren durch den Aufschub "
            f"entstehen könnten ({basis}).",
            "harm",
        )
    if wanted.votes != Votes() or wanted.committee is not None:
        raise Refusal(
            "votes-without-committee",
            "In der zweiten Stufe stimmt kein Gremium ab.",
            "votes" if wanted.votes != Votes() else "committee",
            "leer lassen",
        )
    refused = [s.function for s in wanted.signatories if not s.signed]
    if refused or wanted.outcome is not Outcome.ADOPTED:
        raise Refusal(
            "no-urgent-decision",
            "Ohne beide Unterschriften ist nichts entschieden"
            + (f" (verweigert: {', '.join(refused)})" if refused else "")
            + f". Der Rat oder der Kreistag entscheidet in der nächsten Sitzung ({basis}).",
            "signatories" if refused else "outcome",
        )
    _check_signatories(wanted, basis)


def _check_signatories(wanted: UrgentDecision, basis: str) -> None:
    heads = sum(s.capacity == "head" for s in wanted.signatories)
    if heads != 1 or len(wanted.signatories) < 2:
        raise Refusal(
            "signatories-missing",
            "Die Entscheidung unterschreiben die Verwaltungsspitze und mindestens ein Mitglied des "
            f"Rates oder Kreistages ({basis}).",
            "signatories",
            "eine Unterschrift mit capacity head und mindestens eine mit capacity member",
        )
    names = [s.name.casefold() for s in wanted.signatories]
    if len(set(names)) != len(names):
        raise Refusal(
            "signatory-twice",
            "Dieselbe Person kann nicht zweimal unterschreiben; es müssen zwei Menschen "
            f"entscheiden ({basis}).",
            "signatories",
        )


def _main_committee(session: Session, paper: Paper, wanted: UrgentDecision) -> Committee:
    of_district = paper.body.kind.is_district
    kind = CommitteeKind.DISTRICT_COMMITTEE if of_district else CommitteeKind.MAIN_COMMITTEE
    on = wanted.decided_on
    known = list(
        session.scalars(
            select(Committee).where(
                Committee.body_id == paper.body_id,
                Committee.kind == kind,
                or_(Committee.valid_from.is_(None), Committee.valid_from <= on),
                or_(Committee.valid_to.is_(None), Committee.valid_to >= on),
            )
        )
    )
    matching = [c for c in known if wanted.committee in (None, c.name)]
    if len(matching) != 1:
        raise Refusal(
            "main-committee-unknown",
            "In der ersten Stufe entscheidet der Hauptausschuss, im Kreis der Kreisausschuss. "
            "Bitte angeben, welches Gremium das war.",
            "committee",
            ", ".join(c.name for c in known) or None,
        )
    return matching[0]


def _as_resolution(wanted: UrgentDecision) -> RecordResolution:
    return RecordResolution(
        outcome=wanted.outcome,
        votes=wanted.votes,
        unanimous=wanted.unanimous,
        members_present=wanted.members_present,
        members_excluded=wanted.members_excluded,
        quorum=wanted.quorum,
        decided_on=wanted.decided_on,
        text_hash=wanted.text_hash,
        remark=wanted.remark,
        sample=wanted.sample,
    )


def _write(
    acting: Acting,
    paper: Paper,
    consultation: Consultation,
    wanted: UrgentDecision,
    committee: Committee | None,
) -> Resolution:
    """The resolution in the council's place; nobody else is asked about this paper any more."""
    session = acting.session
    consultation.state = CONSULTATION.judge(
        consultation.state,
        ConsultationAction.DECIDE_URGENTLY,
        Who.HOLDER,
        ConsultationFacts(authoritative=consultation.role.authoritative),
    )
    for other in paper.consultations:
        if other.id != consultation.id and other.state in _WAITING:
            papers.cancel_consultation(session, other)
    asked = (Task.consultation_id == consultation.id) & (Task.state == TaskState.OPEN)
    for task in session.scalars(select(Task).where(asked)).all():
        tasks.complete(session, acting.actor, task)
    resolution = recording.add_resolution(acting, consultation, _as_resolution(wanted))
    resolution.urgency = wanted.stage
    resolution.urgent = {
        "reason": wanted.reason,
        "main_committee_prevented": wanted.main_committee_prevented,
        "harm": wanted.harm,
        "committee": committee.name if committee else None,
        "signatories": [s.model_dump(mode="json") for s in wanted.signatories],
    }
    session.flush()
    return resolution


def confirm_urgent_decision(decision: Decision, act: ConfirmUrgentDecision) -> Recorded:
    """The council confirms the urgent decision, or revokes it and decides itself."""
    session, case = decision.session, decision.case
    assert decision.task.subject_id is not None, "the task is about a resolution"
    matter = resolutions.find(session, decision.actor, case, decision.task.subject_id)
    before = matter.worth
    basis = _check_confirmation(session, matter, act)
    record = resolutions.add_record(
        session,
        decision.actor,
        matter.resolution,
        RecordKind.CONFIRMATION if act.confirmed else RecordKind.REVOCATION,
        by=resolutions.committee_on(session, matter.consultation.committee, act.decided_on).name,
        happened_on=act.decided_on,
        reason=act.reason,
        legal_basis=basis,
        details={"votes": act.votes.model_dump(), "third_party_rights": act.third_party_rights},
    )
    if not act.confirmed:
        resolutions.withdraw_tasks(session, matter.resolution)
        resolutions.ask_again(session, decision.actor, matter, act.reason, act.decided_on, basis)
    return Recorded(
        Event.URGENT_DECISION_CONFIRMED if act.confirmed else Event.RESOLUTION_REVOKED,
        act.decided_on,
        {
            "resolution_id": str(matter.resolution.id),
            "committee": record.by,
            "votes": act.votes.model_dump(),
            "third_party_rights": act.third_party_rights,
        },
        reason=act.reason or None,
        legal_basis=basis,
        before={"worth": before.value},
        after={"worth": matter.worth.value},
        confidential=matter.confidential,
    )


def _check_confirmation(session: Session, matter: Matter, act: ConfirmUrgentDecision) -> str:
    """Refuse what the council cannot have decided; the paragraph on which it did."""
    law = recording.law_for(matter.case, matter.paper, act.decided_on)
    check_day(
        "decided_on",
        act.decided_on,
        not_before=matter.resolution.decided_on,
        why="der Dringlichkeitsentscheidung",
    )
    check_motion(session, matter, act.votes, act.decided_on, "decided_on", law)
    if act.confirmed:
        return law.urgency
    rounds.require_running(session, matter.case)
    if not act.reason:
        raise Refusal(
            "reason-missing",
            "Bitte angeben, warum die Dringlichkeitsentscheidung aufgehoben wurde.",
            "reason",
        )
    if matter.resolution.outcome in ADOPTING:
        rights.require_no_rights_of_others(session, matter, act.third_party_rights, law.urgency)
    return law.urgency
