"""What may be said outside of a consultation that is not public: that it takes place.

Committee, paper, votes, wording and outcome stay with the body and those it has named
(§ 48 Abs. 2 GO NRW). The flag of the consultation rules, whatever its agenda item says.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from agreements.journal import Event
from agreements.model.councils import Consultation
from agreements.model.enums import TaskKind

PRIVATE_CONSULTATION: Final = "nichtöffentliche Beratung"
# An event of its own: what was recorded would tell how the committee has decided.
PRIVATE_EVENT: Final = "private_consultation_advanced"


def is_private(session: Session, consultation_id: UUID | None) -> bool:
    """Whether this is a non-public consultation; no consultation is none."""
    if consultation_id is None:
        return False
    return not session.get_one(Consultation, consultation_id).public


def neutral_title(kind: TaskKind) -> str:
    """The title of a task on a non-public consultation, as lists, reasons and Prefect show it."""
    if kind is TaskKind.RECORD_RESOLUTION:
        return "Ergebnis der nichtöffentlichen Beratung erfassen"
    return "Folgen der nichtöffentlichen Beratung klären"


def event_outside(event: Event, *, private: bool) -> str:
    """The name under which an act is told outside."""
    return PRIVATE_EVENT if private else event.value
