"""Objection, annulment and revocation: a resolution is suspended or ended, and may be decided anew.

Beanstandung by the head of administration with suspensive effect (§ 54 GO NRW, § 39 KrO NRW), its
lifting, the annulment by the supervisory authority (§ 122 GO NRW), the revocation by the
committee itself.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from agreements import councils, course, resolutions, rights, rounds, substitution, tasks
from agreements.acts import Line, Reason, RecordResolution, Remark, Votes
from agreements.councils.meetings import require_sitting
from agreements.councils.recording import law_for
from agreements.decision import check_day
from agreements.errors import Conflict
from agreements.journal import Event
from agreements.law.councils import CouncilLaw
from agreements.model.base import Json
from agreements.model.cases import Case
from agreements.model.councils import ResolutionRecord
from agreements.model.enums import Outcome, RecordKind, Role
from agreements.people import Actor
from agreements.procedures.definition import Addressee
from agreements.resolutions import Matter
from agreements.standing import Worth


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    happened_on: date
    reason: Reason


class RecordObjection(_Input):
    """Eine Beanstandung festhalten. `by`: wer beanstandet hat, sonst die Verwaltungsspitze."""

    by: Line | None = None


class LiftObjection(_Input):
    """Die Aufhebung einer Beanstandung festhalten. `by`: wer sie aufgehoben hat."""

    by: Line | None = None


class RecordAnnulment(_Input):
    """Die Aufhebung eines Beschlusses durch die Aufsichtsbehörde festhalten."""

    authority: Line
    authority_reference: Line | None = None


class RecordRevocation(_Input):
    """Die Aufhebung eines Beschlusses durch das Gremium selbst festhalten.

    `third_party_rights`: warum das möglich ist, obwohl Rechte anderer entstanden sein können.
    """

    votes: Votes = Votes()
    third_party_rights: Remark = ""


def object_to(
    session: Session, actor: Actor, case: Case, resolution_id: UUID, wanted: RecordObjection
) -> ResolutionRecord:
    """The head of administration objects: the resolution is suspended, the body decides again."""
    actor, matter = _enter(session, actor, case, resolution_id, wanted)
    resolutions.require_in_effect(session, matter, Worth.HOLDS, Worth.CONDITIONAL)
    basis = _law(matter, wanted).objection
    record = _end(
        session,
        actor,
        matter,
        RecordKind.OBJECTION,
        Event.RESOLUTION_OBJECTED,
        wanted,
        wanted.by or _head(matter),
        basis,
    )
    course.judge(session, case)
    return record


def lift(
    session: Session, actor: Actor, case: Case, resolution_id: UUID, wanted: LiftObjection
) -> ResolutionRecord:
    """The objection is lifted: the resolution counts again, the body need not decide anew."""
    actor, matter = _enter(session, actor, case, resolution_id, wanted)
    resolutions.require_in_effect(session, matter, Worth.SUSPENDED)
    objected_on = max(
        r.happened_on for r in matter.resolution.records if r.kind is RecordKind.OBJECTION
    )
    check_day("happened_on", wanted.happened_on, not_before=objected_on, why="der Beanstandung")
    basis = _law(matter, wanted).objection
    record = resolutions.add_record(
        session,
        actor,
        matter.resolution,
        RecordKind.OBJECTION_LIFTED,
        by=wanted.by or _head(matter),
        happened_on=wanted.happened_on,
        reason=wanted.reason,
        legal_basis=basis,
    )
    resolutions.ask_no_more(session, matter, "Die Beanstandung ist aufgehoben.")
    resolutions.open_tasks(session, actor, matter)
    _leave_trace(session, actor, matter, Event.OBJECTION_LIFTED, wanted, basis, Worth.SUSPENDED)
    course.judge(session, case)
    return record


def annul(
    session: Session, actor: Actor, case: Case, resolution_id: UUID, wanted: RecordAnnulment
) -> ResolutionRecord:
    """The supervisory authority annuls the resolution; legal staff of the body or of the lead."""
    rounds.require_running(session, case)
    matter = resolutions.find(session, actor, case, resolution_id)
    offices = [matter.paper.body_id, *tasks.addressees(session, case, Addressee.LEAD)]
    if not any(actor.holds(Role.LEGAL, body_id) for body_id in offices):
        for body_id in offices:
            actor = substitution.acting(session, actor, Role.LEGAL, body_id, case.id)
    actor.require(
        any(actor.holds(Role.LEGAL, body_id) for body_id in offices),
        "Die Aufhebung durch die Aufsichtsbehörde hält das Rechtsamt der Körperschaft oder das der "
        "federführenden fest.",
    )
    resolutions.require_unbiased(session, actor, matter)
    _check_day(matter, wanted)
    _require_any_effect(session, matter)
    details: Json | None = None
    if wanted.authority_reference is not None:
        details = {"reference": wanted.authority_reference}
    record = _end(
        session,
        actor,
        matter,
        RecordKind.ANNULMENT,
        Event.RESOLUTION_ANNULLED,
        wanted,
        wanted.authority,
        _law(matter, wanted).annulment,
        details,
    )
    course.judge(session, case)
    return record


def revoke(
    session: Session, actor: Actor, case: Case, resolution_id: UUID, wanted: RecordRevocation
) -> ResolutionRecord:
    """The committee revokes its own resolution, unless rights of others stand against it."""
    actor, matter = _enter(session, actor, case, resolution_id, wanted)
    _require_any_effect(session, matter)
    if matter.resolution.urgency is not None and RecordKind.CONFIRMATION not in matter.kinds:
        raise Conflict(
            "confirmation-open",
            "Ob die Dringlichkeitsentscheidung genehmigt oder aufgehoben ist, wird in der Aufgabe "
            "dafür erfasst.",
        )
    law = _law(matter, wanted)
    check_motion(session, matter, wanted.votes, wanted.happened_on, "happened_on", law)
    rights.require_no_rights_of_others(session, matter, wanted.third_party_rights, law.majority)
    record = _end(
        session,
        actor,
        matter,
        RecordKind.REVOCATION,
        Event.RESOLUTION_REVOKED,
        wanted,
        matter.consultation.committee.name,
        law.majority,
        {"votes": wanted.votes.model_dump(), "third_party_rights": wanted.third_party_rights},
    )
    course.judge(session, case)
    return record


def check_motion(
    session: Session, matter: Matter, votes: Votes, on: date, field: str, law: CouncilLaw
) -> None:
    """Refuse votes that can't have carried a motion about the resolution on that day."""
    committee = resolutions.committee_on(session, matter.consultation.committee, on)
    require_sitting(committee, on, field)
    carried = RecordResolution(
        outcome=Outcome.ADOPTED, votes=votes, decided_on=on, text_hash=matter.paper.text_hash
    )
    councils.check_votes(carried, councils.voting_members(committee, on), committee, law)


def _enter(
    session: Session, actor: Actor, case: Case, resolution_id: UUID, wanted: _Input
) -> tuple[Actor, Matter]:
    rounds.require_running(session, case)
    matter = resolutions.find(session, actor, case, resolution_id)
    actor = resolutions.require_staff(session, actor, matter)
    _check_day(matter, wanted)
    return actor, matter


def _check_day(matter: Matter, wanted: _Input) -> None:
    check_day(
        "happened_on",
        wanted.happened_on,
        not_before=matter.resolution.decided_on,
        why="dem Beschluss",
    )


def _require_any_effect(session: Session, matter: Matter) -> None:
    resolutions.require_in_effect(session, matter, Worth.HOLDS, Worth.CONDITIONAL, Worth.SUSPENDED)


def _law(matter: Matter, wanted: _Input) -> CouncilLaw:
    return law_for(matter.case, matter.paper, wanted.happened_on)


def _head(matter: Matter) -> str:
    title: str = matter.paper.body.forms["head_title"]
    return title


def _end(
    session: Session,
    actor: Actor,
    matter: Matter,
    kind: RecordKind,
    event: Event,
    wanted: _Input,
    by: str,
    basis: str,
    details: Json | None = None,
) -> ResolutionRecord:
    """The resolution does not count any more: the record, its trace, and the body decides again."""
    before = matter.worth
    record = resolutions.add_record(
        session,
        actor,
        matter.resolution,
        kind,
        by=by,
        happened_on=wanted.happened_on,
        reason=wanted.reason,
        legal_basis=basis,
        details=details,
    )
    resolutions.withdraw_tasks(session, matter.resolution)
    _leave_trace(session, actor, matter, event, wanted, basis, before, {"by": by})
    resolutions.ask_again(session, actor, matter, wanted.reason, wanted.happened_on, basis)
    return record


def _leave_trace(
    session: Session,
    actor: Actor,
    matter: Matter,
    event: Event,
    wanted: _Input,
    basis: str,
    before: Worth,
    data: Json | None = None,
) -> None:
    resolutions.leave_trace(
        session,
        actor,
        matter,
        event,
        wanted.happened_on,
        reason=wanted.reason,
        legal_basis=basis,
        before={"worth": before.value},
        after={"worth": matter.worth.value},
        data=data,
    )
