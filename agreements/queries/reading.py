"""The documents that people read before they decide in a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agreements import sights
from agreements.dossier.jobs import Purpose
from agreements.model.cases import Task
from agreements.model.enums import TaskKind
from agreements.model.records import Document
from agreements.sights import Sight

_READ: Final[Mapping[TaskKind, tuple[Purpose, ...]]] = {
    TaskKind.SUBMIT_DRAFT: (Purpose.DRAFT_AGREEMENT,),
    TaskKind.GIVE_STATEMENT: (Purpose.DRAFT_AGREEMENT, Purpose.SYNOPSIS),
    TaskKind.FREEZE_VERSION: (Purpose.DRAFT_AGREEMENT, Purpose.SYNOPSIS),
    TaskKind.RECORD_RESOLUTION: (Purpose.PAPER, Purpose.BODY_PAPER, Purpose.FROZEN_AGREEMENT),
    TaskKind.CONFIRM_RESOLUTIONS: (Purpose.MATRIX, Purpose.FROZEN_AGREEMENT),
    TaskKind.RECORD_SIGNATURE: (Purpose.PRINT_SET, Purpose.SIGNING_SET, Purpose.SIGNING_SHEET),
    TaskKind.SUBMIT_TO_AUTHORITY: (Purpose.APPROVAL_APPLICATION, Purpose.FILING),
    TaskKind.RECORD_PUBLICATION: (Purpose.PUBLICATION_TEXT, Purpose.PUBLICATION_REQUEST),
    TaskKind.RECORD_NOTICE: (Purpose.PUBLICATION_NOTICE, Purpose.PUBLICATION_TEXT),
    TaskKind.CHECK_FINANCE_PLAN: (Purpose.FINANCE_PLAN,),
    TaskKind.SUBMIT_APPLICATION: (
        Purpose.FUNDING_APPLICATION,
        Purpose.FINANCE_PLAN,
        Purpose.FUNDING_LETTER,
    ),
    TaskKind.JUDGE_AMENDMENT: (Purpose.FROZEN_AGREEMENT,),
    TaskKind.CONFIRM_URGENT_DECISION: (Purpose.URGENT_DECISION,),
}


def to_read(session: Session, sight: Sight, task: Task) -> list[Document]:
    """The newest document of each kind that the task is about, as far as it is visible."""
    purposes = _READ.get(task.kind, ())
    rows = session.scalars(
        select(Document)
        .where(
            Document.case_id == task.case_id,
            Document.purpose.in_([purpose.value for purpose in purposes]),
            or_(Document.body_id.is_(None), Document.body_id == task.body_id),
        )
        .order_by(Document.id)
    )
    newest = {row.purpose: row for row in rows if sights.may_read(sight, row)}
    return [newest[purpose] for purpose in purposes if purpose in newest]
