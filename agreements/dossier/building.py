"""From a job to the typed data of its document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import ValidationError
from sqlalchemy.orm import Session

from agreements.documents.data import DocumentData
from agreements.documents.failures import invalid_data
from agreements.dossier import agreement, comparing, councils, funding, letters, notices, signing
from agreements.dossier.jobs import DocumentJob, Purpose
from agreements.dossier.material import Material, material
from agreements.errors import Refusal, StepFailure

_BUILDERS: Final[Mapping[Purpose, Callable[[Material, DocumentJob], DocumentData]]] = {
    Purpose.DRAFT_AGREEMENT: agreement.draft,
    Purpose.FROZEN_AGREEMENT: agreement.frozen,
    Purpose.PAPER: councils.paper,
    Purpose.SYNOPSIS: comparing.synopsis,
    Purpose.MATRIX: councils.matrix,
    Purpose.APPROVAL_APPLICATION: letters.to_the_authority,
    Purpose.FILING: letters.to_the_authority,
    Purpose.PUBLICATION_TEXT: agreement.publication,
    Purpose.FUNDING_APPLICATION: funding.application,
    Purpose.SIGNING_SET: signing.due_set,
    Purpose.SIGNING_SHEET: signing.due_sheet,
    Purpose.PUBLICATION_NOTICE: notices.due_notice,
    Purpose.FINANCE_PLAN: funding.finance_plan,
    Purpose.FUNDING_LETTER: funding.letter,
}


def data_for(session: Session, job: DocumentJob) -> DocumentData:
    """The data of a document; StepFailure says what is missing and where to add it."""
    try:
        return _BUILDERS[job.purpose](material(session, job.stage_id), job)
    except ValidationError as problem:
        raise invalid_data(job.title, problem) from None
    except Refusal as refusal:
        raise StepFailure(refusal.message) from refusal
