"""What a resolution is worth now: pure, from its outcome and from what happened to it since.

A resolution's outcome never changes. Objection, annulment, revocation and correction are records
beside it; a reservation has its own fulfilment. Whether it holds for a text is another question:
``DecisionFact.holds_for``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from agreements.database.prepared import prepared
from agreements.model.base import Digest
from agreements.model.bodies import Body, Committee
from agreements.model.cases import Party
from agreements.model.councils import (
    Carry,
    Consultation,
    Paper,
    Reconciliation,
    Reservation,
    Resolution,
    ResolutionRecord,
)
from agreements.model.drafting import TextVersion
from agreements.model.enums import (
    ConsultationRole,
    ConsultationState,
    Materiality,
    Outcome,
    RecordKind,
    ReservationState,
)


class Worth(StrEnum):
    """Whether a resolution counts."""

    HOLDS = "holds"
    CONDITIONAL = "conditional"  # adopted, its reservation still open
    PENDING = "pending"  # no decision yet: deferred or referred
    NOT_ADOPTED = "not_adopted"
    SUSPENDED = "suspended"  # objected to, § 54 Abs. 2 GO NRW: suspensive effect
    VOID = "void"


ADOPTING = frozenset(
    (
        Outcome.ADOPTED,
        Outcome.ADOPTED_AMENDED,
        Outcome.ADOPTED_CONDITIONALLY,
        Outcome.PARTLY_ADOPTED,
    )
)
AMENDING = frozenset((Outcome.ADOPTED_AMENDED, Outcome.PARTLY_ADOPTED))
GOES_ON = frozenset((Outcome.DEFERRED, Outcome.REFERRED))
_ENDING = frozenset(
    (RecordKind.ANNULMENT, RecordKind.REVOCATION, RecordKind.CORRECTION, RecordKind.RENEWAL)
)


def worth(
    outcome: Outcome,
    records: Sequence[RecordKind] = (),
    reservation: ReservationState | None = None,
) -> Worth:
    """What the resolution is worth; ``records`` in the order in which they were made."""
    if _ENDING.intersection(records):
        return Worth.VOID
    if outcome in GOES_ON:
        return Worth.PENDING
    if outcome not in ADOPTING:
        return Worth.NOT_ADOPTED
    objections = [k for k in records if k in (RecordKind.OBJECTION, RecordKind.OBJECTION_LIFTED)]
    if objections and objections[-1] is RecordKind.OBJECTION:
        return Worth.SUSPENDED
    if reservation is ReservationState.FAILED:
        return Worth.VOID
    if reservation is ReservationState.OPEN:
        return Worth.CONDITIONAL
    return Worth.HOLDS


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """Where a body's authoritative consultation in a stage stands, by its latest resolution.

    ``current``: no later paper of the stage takes its paper's place. ``paper_hash`` is what was
    proposed, ``text_hash`` what was resolved, ``carried`` the later texts for which it holds too.
    """

    body_id: UUID
    body: str
    stage_id: UUID
    current: bool
    paper_hash: str
    committee: str
    public: bool
    state: ConsultationState
    resolution_id: UUID | None
    outcome: Outcome | None
    decided_on: date | None
    text_hash: str | None
    worth: Worth | None
    materiality: Materiality | None
    carried: frozenset[str]

    def holds_for(self, text_hash: str) -> bool:
        """Whether this is a resolution that counts, on that very text or carried over to it."""
        return self.worth in (Worth.HOLDS, Worth.CONDITIONAL) and (
            text_hash == self.text_hash or text_hash in self.carried
        )

    @property
    def adopts(self) -> bool:
        """Whether a text was adopted by it, whichever that was."""
        return self.worth in (Worth.HOLDS, Worth.CONDITIONAL)


def decisions_of(session: Session, case_id: UUID) -> list[DecisionFact]:
    """The authoritative consultations of a case, each with its latest resolution."""
    return [s.decision for s in standings(session, case_id) if s.decision is not None]


def _has_another() -> ColumnElement[bool]:
    """Whether the paper is decided elsewhere: a correction has planned the consultation anew."""
    other = aliased(Consultation)
    return exists().where(
        other.paper_id == Consultation.paper_id,
        other.role == ConsultationRole.DECISION,
        other.state != ConsultationState.CANCELLED,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A party, with one of its authoritative consultations if there is any."""

    body_id: UUID
    body: str
    position: int
    takes_part: bool
    decision: DecisionFact | None


def _records_of(resolution_id: ColumnElement[UUID]) -> ColumnElement[list[str]]:
    kinds = (
        select(cast(ResolutionRecord.kind, String))
        .where(ResolutionRecord.resolution_id == resolution_id)
        .order_by(ResolutionRecord.id)
    )
    return func.array(kinds.scalar_subquery(), type_=ARRAY(String))


def _carried(resolution_id: ColumnElement[UUID]) -> ColumnElement[list[str]]:
    hashes = (
        select(TextVersion.text_hash)
        .join(Carry, Carry.version_id == TextVersion.id)
        .where(Carry.resolution_id == resolution_id)
    )
    return func.array(hashes.scalar_subquery(), type_=ARRAY(Digest))


@prepared
def _standings() -> Select[*tuple[Any, ...]]:
    """Of the case ``case_id``."""
    latest = (
        select(Resolution)
        .where(Resolution.consultation_id == Consultation.id)
        .order_by(Resolution.id.desc())
        .limit(1)
        .lateral()
    )
    last = aliased(Resolution, latest)
    return (
        select(
            Party.body_id,
            Body.forms["short"].astext,
            Party.position,
            Party.left_on.is_(None),
            Paper.stage_id,
            Paper.superseded_because.is_(None),
            Paper.text_hash,
            Committee.name,
            Consultation.public,
            Consultation.state,
            last.id,
            last.outcome,
            last.decided_on,
            last.text_hash,
            _records_of(latest.c.id),
            Reservation.state,
            Reconciliation.materiality,
            _carried(latest.c.id),
        )
        .select_from(Party)
        .join(Body, Body.id == Party.body_id)
        .outerjoin(Paper, and_(Paper.case_id == Party.case_id, Paper.body_id == Party.body_id))
        .outerjoin(
            Consultation,
            and_(
                Consultation.paper_id == Paper.id,
                Consultation.role == ConsultationRole.DECISION,
                or_(Consultation.state != ConsultationState.CANCELLED, ~_has_another()),
            ),
        )
        .outerjoin(Committee, Committee.id == Consultation.committee_id)
        .outerjoin(latest, latest.c.consultation_id == Consultation.id)
        .outerjoin(Reservation, Reservation.resolution_id == latest.c.id)
        .outerjoin(Reconciliation, Reconciliation.resolution_id == latest.c.id)
        .where(Party.case_id == bindparam("case_id"))
        .order_by(Paper.id)
    )


def standings(session: Session, case_id: UUID) -> list[Standing]:
    """The parties of a case, each with its authoritative consultations; one statement."""
    rows = _standings.all(session, case_id=case_id)
    return [
        Standing(
            body_id,
            body,
            position,
            takes_part,
            _decision(body_id, body, rest) if rest[5] is not None else None,
        )
        for body_id, body, position, takes_part, *rest in rows
    ]


def _decision(body_id: UUID, body: str, row: Sequence[Any]) -> DecisionFact:
    stage_id, current, paper_hash, committee, public, state, resolution_id, *latest = row
    outcome, decided_on, text_hash, records, reservation, materiality, carried = latest
    kinds = [RecordKind(kind) for kind in records]
    return DecisionFact(
        body_id=body_id,
        body=body,
        stage_id=stage_id,
        current=current,
        paper_hash=paper_hash,
        committee=committee,
        public=public,
        state=state,
        resolution_id=resolution_id,
        outcome=outcome,
        decided_on=decided_on,
        text_hash=text_hash,
        worth=worth(outcome, kinds, reservation) if outcome is not None else None,
        materiality=materiality,
        carried=frozenset(carried),
    )
