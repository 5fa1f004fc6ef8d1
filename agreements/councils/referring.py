"""Verweisung: another committee deals with the paper next."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agreements.acts import RecordResolution
from agreements.errors import Refusal
from agreements.model.bodies import Committee
from agreements.model.councils import Consultation, Paper
from agreements.model.enums import ConsultationRole, ConsultationState


def committee_referred_to(
    session: Session, consultation: Consultation, act: RecordResolution
) -> Committee | None:
    """The committee that gets the paper; None if the act names none."""
    if act.referred_to is None:
        return None
    known = list(
        session.scalars(
            select(Committee).where(
                Committee.body_id == consultation.paper.body_id,
                or_(Committee.valid_from.is_(None), Committee.valid_from <= act.decided_on),
                or_(Committee.valid_to.is_(None), Committee.valid_to >= act.decided_on),
            )
        )
    )
    for committee in known:
        if committee.name == act.referred_to and committee.id != consultation.committee_id:
            return committee
    raise Refusal(
        "committee-unknown",
        f"Ein anderes Gremium „{act.referred_to}“ ist für diese Körperschaft nicht hinterlegt.",
        "referred_to",
        ", ".join(c.name for c in known if c.id != consultation.committee_id) or None,
    )


def refer(session: Session, paper: Paper, consultation: Consultation, committee: Committee) -> None:
    """Put the other committee next; whoever decides gets the matter back afterwards."""
    later = [c for c in paper.consultations if c.position > consultation.position]
    planned = any(
        c.committee_id == committee.id and c.state is ConsultationState.PLANNED for c in later
    )
    wanted = [] if planned else [(committee, ConsultationRole.RECOMMENDATION, committee.public)]
    if consultation.role.authoritative:
        wanted.append((consultation.committee, consultation.role, consultation.public))
    for moved in later:
        moved.position += len(wanted)
    for place, (where, role, public) in enumerate(wanted, start=consultation.position + 1):
        paper.consultations.append(
            Consultation(committee_id=where.id, position=place, role=role, public=public)
        )
    session.flush()
    session.refresh(paper, ["consultations"])
