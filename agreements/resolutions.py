"""What happens to a resolution afterwards, and what follows from it in its body.

Shared by objection, annulment, revocation, correction, reservation and urgent decision. A
resolution's outcome never changes; a record beside it says what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agreements import (
    clock,
    councils,
    course,
    discretion,
    drafting,
    exclusions,
    journal,
    outbox,
    rounds,
    standing,
    substitution,
    tasks,
)
from agreements.councils import recording
from agreements.decision import Acting
from agreements.errors import Conflict, NotFound
from agreements.glossary import label
from agreements.journal import Event
from agreements.model.base import Json
from agreements.model.bodies import Committee
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import Consultation, Paper, Resolution, ResolutionRecord
from agreements.model.drafting import TextVersion
from agreements.model.enums import (
    ConsultationState,
    OutboxKind,
    RecordKind,
    ReservationState,
    Role,
    Round,
    StageState,
    TaskKind,
)
from agreements.people import Actor
from agreements.standing import ADOPTING, AMENDING, GOES_ON, DecisionFact, Worth

BEGUN: Final = (StageState.READY, StageState.OPEN, StageState.BLOCKED, StageState.DONE)
_ASKED: Final = (ConsultationState.PLANNED, ConsultationState.OPEN)
_ENDS: Final = (RecordKind.CORRECTION, RecordKind.ANNULMENT, RecordKind.REVOCATION)


@dataclass(frozen=True, slots=True)
class Matter:
    """A resolution of a locked case, with the consultation, paper and stage that it belongs to."""

    case: Case
    resolution: Resolution
    consultation: Consultation
    paper: Paper
    stage: Stage
    round: Round

    @property
    def kinds(self) -> list[RecordKind]:
        """What happened to the resolution, in the order in which it was recorded."""
        return [record.kind for record in self.resolution.records]

    @property
    def worth(self) -> Worth:
        """What the resolution is worth now."""
        return worth_of(self.resolution)

    @property
    def confidential(self) -> bool:
        """Whether it was taken in private."""
        return not self.consultation.public

    @property
    def what(self) -> str:
        """The resolution as the subject of a sentence."""
        return (
            f"Der Beschluss {self.consultation.committee.genitive} vom "
            f"{self.resolution.decided_on:%d.%m.%Y}"
        )


def worth_of(resolution: Resolution) -> Worth:
    """What a resolution is worth now, by what has happened to it."""
    reservation = resolution.reservation
    return standing.worth(
        resolution.outcome,
        [record.kind for record in resolution.records],
        reservation.state if reservation is not None else None,
    )


def find(session: Session, actor: Actor, case: Case, resolution_id: UUID) -> Matter:
    """A resolution of the case; ``NotFound`` if it is none, or not for this person."""
    row = session.execute(
        select(Resolution, Consultation, Paper, Stage)
        .join(Consultation, Consultation.id == Resolution.consultation_id)
        .join(Paper, Paper.id == Consultation.paper_id)
        .join(Stage, Stage.id == Paper.stage_id)
        .where(Resolution.id == resolution_id, Paper.case_id == case.id)
    ).first()
    if row is None or discretion.body_to_ask(session, actor, row[1].id) is not None:
        raise NotFound("resolution-unknown", "Diesen Beschluss gibt es in dem Vorgang nicht.")
    resolution, consultation, paper, stage = row
    session.refresh(resolution)
    assert stage.round is not None, "papers belong to stages with a round"
    return Matter(case, resolution, consultation, paper, stage, stage.round)


def require_staff(session: Session, actor: Actor, matter: Matter) -> Actor:
    """Refuse all but clerks and legal staff of the body, and whoever is excluded for bias.

    Returns the actor, who may stand in for one of them.
    """
    body_id = matter.paper.body_id
    offices = (Role.CLERK, Role.LEGAL)
    actor = substitution.acting_in_any(session, actor, offices, body_id, matter.case.id)
    actor.require(
        actor.holds(Role.CLERK, body_id) or actor.holds(Role.LEGAL, body_id),
        "Das halten die Sachbearbeitung und das Rechtsamt der Körperschaft fest, deren Gremium "
        "beschlossen hat.",
    )
    require_unbiased(session, actor, matter)
    return actor


def require_unbiased(session: Session, actor: Actor, matter: Matter) -> None:
    """Refuse who takes no part in the consultation for bias."""
    exclusions.require_unbiased(
        session, actor, matter.case.id, matter.paper.body_id, matter.consultation.id
    )


def require_in_effect(session: Session, matter: Matter, *allowed: Worth) -> None:
    """Refuse unless the resolution decides for its body and is worth one of these."""
    if not matter.consultation.role.authoritative:
        raise Conflict(
            "only-recommended",
            f"{matter.consultation.committee.name} hat nur empfohlen. Das betrifft nur den "
            "Beschluss des Gremiums, das entscheidet.",
        )
    if matter.resolution.outcome not in ADOPTING:
        raise Conflict(
            "nothing-adopted",
            f"{matter.what} lautet „{label(matter.resolution.outcome)}“; es gibt nichts, was "
            "gelten oder aufgehoben werden könnte.",
        )
    if matter.worth is Worth.VOID:
        raise Conflict("resolution-void", why_void(matter))
    if matter.worth not in allowed:
        objected = matter.worth is Worth.SUSPENDED
        raise Conflict(
            "already-objected" if objected else "not-objected",
            f"{matter.what} ist {'schon' if objected else 'nicht'} beanstandet.",
        )
    require_latest(session, matter)


def why_void(matter: Matter) -> str:
    """Why the resolution does not count any more."""
    ends = [kind for kind in matter.kinds if kind in (*_ENDS, RecordKind.RENEWAL)]
    why = label(ends[-1]) if ends else "Vorbehalt ausgefallen"
    return f"{matter.what} gilt nicht mehr ({why})."


def require_latest(session: Session, matter: Matter) -> None:
    """Refuse if the body has decided in the same round since."""
    later = [
        fact
        for fact in own_decisions(session, matter)
        if fact.resolution_id is not None
        and fact.resolution_id > matter.resolution.id
        and fact.outcome not in GOES_ON
    ]
    if later:
        raise Conflict(
            "decided-since",
            f"{matter.what} ist überholt: {later[-1].body} hat am "
            f"{later[-1].decided_on:%d.%m.%Y} erneut beschlossen.",
        )


def own_decisions(session: Session, matter: Matter) -> list[DecisionFact]:
    """What the body has decided or is to decide in the same round."""
    session.flush()
    of_round = {s for s, r in course.rounds_of(session, matter.case.id) if r is matter.round}
    return [
        fact
        for fact in standing.decisions_of(session, matter.case.id)
        if fact.body_id == matter.paper.body_id and fact.stage_id in of_round
    ]


def text_of(session: Session, matter: Matter) -> TextVersion | None:
    """The text on which the round decides now; None while it is open."""
    return drafting.frozen_version(session, matter.case.id, councils.ROUND_TEXT[matter.round])


def current_stage(session: Session, matter: Matter) -> Stage | None:
    """Where the body decides in the round now; None if that has not begun."""
    stage = rounds.stage_of_body(session, matter.case, matter.paper.body_id, matter.round)
    return stage if stage is not None and stage.state in BEGUN else None


def holds(session: Session, matter: Matter) -> bool:
    """Whether the body has a resolution that counts for the text of the round."""
    text = text_of(session, matter)
    return text is not None and any(
        fact.holds_for(text.text_hash) for fact in own_decisions(session, matter)
    )


def ask_again(
    session: Session, actor: Actor, matter: Matter, because: str, on: date, legal_basis: str
) -> None:
    """The body decides again, unless a resolution of it holds or it is being asked already."""
    stage = current_stage(session, matter)
    if stage is None or text_of(session, matter) is None or holds(session, matter):
        return
    takes_part = {body.id for body in course.parties_of(session, matter.case)}
    if matter.paper.body_id not in takes_part or _is_asked(session, stage, matter):
        return
    rounds.decide_again(
        session,
        actor,
        matter.case,
        matter.paper.body_id,
        matter.round,
        because,
        legal_date=on,
        legal_basis=legal_basis,
    )


def _is_asked(session: Session, stage: Stage, matter: Matter) -> bool:
    return any(
        consultation.role.authoritative and consultation.state in _ASKED
        for paper in councils.papers_of(session, stage.id)
        if paper.body_id == matter.paper.body_id
        for consultation in paper.consultations
    )


def ask_no_more(session: Session, matter: Matter, because: str) -> None:
    """The resolution counts again: a renewed paper that is not decided yet is taken back."""
    stage = current_stage(session, matter)
    if stage is None:
        return
    for paper in councils.papers_of(session, stage.id):
        if paper.body_id == matter.paper.body_id and paper.id != matter.paper.id:
            councils.drop_undecided(session, paper, because)
    current = {paper.body_id for paper in councils.papers_of(session, stage.id)}
    if matter.paper.stage_id == stage.id and matter.paper.body_id not in current:
        matter.paper.superseded_because = None
    session.flush()


def withdraw_tasks(session: Session, resolution: Resolution) -> None:
    """Nobody need judge, settle or confirm a resolution that does not count."""
    tasks.cancel(session, Task.subject_id == resolution.id)


def open_tasks(session: Session, actor: Actor, matter: Matter) -> None:
    """Ask for what has still to be done with a resolution that counts."""
    resolution, consultation = matter.resolution, matter.consultation
    stage = current_stage(session, matter) or matter.stage
    acting = Acting(session, actor, matter.case, stage)
    if resolution.outcome in AMENDING and resolution.reconciliation is None:
        recording.ask_for_judgement(acting, consultation, resolution)
    reservation = resolution.reservation
    if reservation is not None and reservation.state is ReservationState.OPEN:
        recording.ask_for_fulfilment(acting, consultation, resolution)
    if resolution.urgency is not None and RecordKind.CONFIRMATION not in matter.kinds:
        recording.open_later(
            session,
            matter.case,
            stage,
            TaskKind.CONFIRM_URGENT_DECISION,
            consultation,
            resolution.id,
        )


def committee_on(session: Session, committee: Committee, on: date) -> Committee:
    """The committee, or the one of its kind that has taken its place after an election."""
    if committee.valid_to is None or on <= committee.valid_to:
        return committee
    following = session.scalar(
        select(Committee)
        .where(
            Committee.body_id == committee.body_id,
            Committee.kind == committee.kind,
            Committee.role == committee.role,
            or_(Committee.valid_from.is_(None), Committee.valid_from <= on),
            or_(Committee.valid_to.is_(None), Committee.valid_to >= on),
        )
        .limit(1)
    )
    return following or committee


def add_record(
    session: Session,
    actor: Actor,
    resolution: Resolution,
    kind: RecordKind,
    *,
    by: str,
    happened_on: date,
    reason: str,
    legal_basis: str,
    details: Json | None = None,
) -> ResolutionRecord:
    """Write down beside a resolution what happened to it."""
    record = ResolutionRecord(
        resolution_id=resolution.id,
        kind=kind,
        by=by,
        happened_on=happened_on,
        reason=reason,
        legal_basis=legal_basis,
        details=details,
        recorded_by=actor.user_id,
        recorded_at=clock.now(),
    )
    resolution.records.append(record)
    session.flush()
    return record


def leave_trace(
    session: Session,
    actor: Actor,
    matter: Matter,
    event: Event,
    on: date,
    *,
    reason: str | None,
    legal_basis: str | None,
    before: Json | None = None,
    after: Json | None = None,
    data: Json | None = None,
) -> None:
    """The journal entry of an act on a resolution, and what Prefect is told of it."""
    journal.append(
        session,
        matter.case,
        event,
        actor,
        legal_date=on,
        body_id=matter.paper.body_id,
        reason=reason,
        legal_basis=legal_basis,
        before=before,
        after=after,
        data=recording.trace(matter.consultation, matter.resolution) | (data or {}),
        confidential=matter.confidential,
    )
    outbox.put(
        session,
        matter.case.id,
        OutboxKind.EVENT,
        {
            "event": discretion.event_outside(event, private=matter.confidential),
            "case": matter.case.reference,
            "stage": matter.stage.key,
            "stage_id": str(matter.stage.id),
            "body_id": str(matter.paper.body_id),
        },
    )
