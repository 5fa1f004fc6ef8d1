"""What may be said outside of a consultation that is not public: that it takes place.

Committee, paper, votes, wording and outcome stay with the body and those it has named
(§ 48 Abs. 2 GO NRW). The flag of the consultation rules, whatever its agenda item says.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements.journal import Event
from agreements.model.councils import Confidant, Consultation
from agreements.model.enums import TaskKind
from agreements.people import Actor

PRIVATE_CONSULTATION: Final = "nichtöffentliche Beratung"
# An event of its own: what was recorded would tell how the committee has decided.
PRIVATE_EVENT: Final = "private_consultation_advanced"


def is_private(session: Session, consultation_id: UUID | None) -> bool:
    """Whether this is a non-public consultation; no consultation is none."""
    return private_body(session, consultation_id) is not None


def private_body(session: Session, consultation_id: UUID | None) -> UUID | None:
    """Whose consultation it is, if it is a non-public one."""
    if consultation_id is None:
        return None
    consultation = session.get_one(Consultation, consultation_id)
    return None if consultation.public else consultation.paper.body_id


def body_to_ask(session: Session, actor: Actor, consultation_id: UUID | None) -> str | None:
    """The short name of the body that has yet to name the person, who may not see what it did.

    Others than its own people have to judge a resolution that differs from the common text.
    """
    body_id = private_body(session, consultation_id)
    if body_id is None or body_id in actor.party_bodies():
        return None
    consultation = session.get_one(Consultation, consultation_id)
    named = select(Confidant.id).where(
        Confidant.case_id == consultation.paper.case_id,
        Confidant.body_id == body_id,
        Confidant.user_id == actor.user_id,
        Confidant.ended_at.is_(None),
    )
    if session.scalar(named) is not None:
        return None
    short: str = consultation.paper.body.forms["short"]
    return short


def neutral_title(kind: TaskKind) -> str:
    """The title of a task on a non-public consultation, as lists, reasons and Prefect show it."""
    if kind is TaskKind.RECORD_RESOLUTION:
        return "Ergebnis der nichtöffentlichen Beratung erfassen"
    return "Folgen der nichtöffentlichen Beratung klären"


def event_outside(event: Event, *, private: bool) -> str:
    """The name under which an act is told outside."""
    return PRIVATE_EVENT if private else event.value
