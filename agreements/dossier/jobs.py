"""Which documents are due in a stage: before it is opened for people, or after they are done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from agreements import course
from agreements.law.tables import RequirementKind
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party, Stage
from agreements.model.conclusion import Approval
from agreements.model.councils import Consultation, Paper
from agreements.model.enums import Awaits, ConsultationRole, Round, StageKind, StageState
from agreements.model.records import Document


class Purpose(StrEnum):
    """What a document of a stage is for; unique within stage and body."""

    DRAFT_AGREEMENT = "draft_agreement"
    FROZEN_AGREEMENT = "frozen_agreement"
    PAPER = "paper"
    SYNOPSIS = "synopsis"
    MATRIX = "matrix"
    APPROVAL_APPLICATION = "approval_application"
    FILING = "filing"
    PUBLICATION_TEXT = "publication_text"
    FUNDING_APPLICATION = "funding_application"
    FINANCE_PLAN = "finance_plan"
    FUNDING_LETTER = "funding_letter"
    BODY_PAPER = "body_paper"  # with what only the body itself knows
    MATRIX_SO_FAR = "matrix_so_far"
    RESOLUTION_EXTRACT = "resolution_extract"  # to be certified; the certified one is filed
    URGENT_DECISION = "urgent_decision"
    URGENT_DRAFT = "urgent_draft"  # to be signed
    MINUTES_EXTRACT = "minutes_extract"  # filed by people, never written here
    SIGNING_SET = "signing_set"
    SIGNING_SHEET = "signing_sheet"
    CERTIFICATE_REQUEST = "certificate_request"
    FICTION_NOTE = "fiction_note"
    PUBLICATION_REQUEST = "publication_request"
    PUBLICATION_NOTICE = "publication_notice"
    END_FILING = "end_filing"
    STEERING_MINUTES = "steering_minutes"
    CLOSING_NOTE = "closing_note"
    CASE_FILE = "case_file"
    PRINT_SET = "print_set"  # the frozen text as PDF, stamped for signing
    SIGNED_COPY = "signed_copy"  # filed by people
    LETTER_OF_INTENT = "letter_of_intent"
    ACCESSION_AGREEMENT = "accession_agreement"
    AMENDMENT_AGREEMENT = "amendment_agreement"
    EXIT_AGREEMENT = "exit_agreement"
    REPEAL_AGREEMENT = "repeal_agreement"
    SERVICE_CATALOGUE = "service_catalogue"
    COST_KEY = "cost_key"
    RULES_OF_PROCEDURE = "rules_of_procedure"
    JOINT_CONTROLLERS = "joint_controllers"
    PROCESSING_CONTRACT = "processing_contract"


class Moment(StrEnum):
    """When in a stage documents are written."""

    BEFORE_OPENING = "before_opening"
    AFTER_PEOPLE = "after_people"


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """A document to write. ``title`` is also shown to operators: no names of persons in it.

    subject_id: what it is about, where a body has several of them in a stage (a paper).
    confidential: of a non-public consultation.
    """

    stage_id: UUID
    purpose: Purpose
    body_id: UUID | None
    title: str
    template_id: str
    subject_id: UUID | None = None
    confidential: bool = False


def due(session: Session, stage_id: UUID) -> list[DocumentJob]:
    """The documents of the stage that are due at this point and not written yet."""
    stage = session.get(Stage, stage_id)
    if stage is None or stage.awaits is not Awaits.MACHINE:
        return []
    moment = Moment.BEFORE_OPENING if stage.prepared_at is None else Moment.AFTER_PEOPLE
    planned = _DUE.get((stage.kind, moment))
    if planned is None:
        return []
    written = {
        (purpose, body_id, subject_id)
        for purpose, body_id, subject_id in session.execute(
            select(Document.purpose, Document.body_id, Document.subject_id).where(
                Document.stage_id == stage.id
            )
        )
    }
    return [
        job
        for job in planned(session, stage)
        if (job.purpose.value, job.body_id, job.subject_id) not in written
    ]


def _one(purpose: Purpose, title: str, template_id: str) -> _Planned:
    def planned(session: Session, stage: Stage) -> list[DocumentJob]:
        return [DocumentJob(stage.id, purpose, None, title, template_id)]

    return planned


def _papers(session: Session, stage: Stage) -> list[DocumentJob]:
    rows = session.execute(
        select(Paper.id, Paper.body_id, Body.forms["short"].astext, _is_confidential())
        .join(Body, Body.id == Paper.body_id)
        .join(Party, (Party.body_id == Paper.body_id) & (Party.case_id == Paper.case_id))
        .where(Paper.stage_id == stage.id, Paper.superseded_because.is_(None))
        .order_by(Party.position)
    )
    return [
        DocumentJob(
            stage.id,
            Purpose.PAPER,
            body_id,
            f"Beschlussvorlage {short}",
            "paper",
            subject_id=paper_id,
            confidential=confidential,
        )
        for paper_id, body_id, short, confidential in rows
    ]


def _papers_with_synopsis(session: Session, stage: Stage) -> list[DocumentJob]:
    """The papers; if an earlier round was about another text, what has changed since."""
    jobs = _papers(session, stage)
    if jobs and earlier_version(session, stage) is not None:
        jobs.append(
            DocumentJob(stage.id, Purpose.SYNOPSIS, None, "Synopse der Textfassungen", "synopsis")
        )
    return jobs


def earlier_version(session: Session, stage: Stage) -> UUID | None:
    """The text that the latest earlier round of a stage was about, if it is another one now."""
    versions = session.execute(
        select(Stage.number, Paper.version_id)
        .join(Paper, Paper.stage_id == Stage.id)
        .where(Stage.case_id == stage.case_id, Stage.key == stage.key, Stage.number <= stage.number)
        .order_by(Stage.number.desc(), Paper.id.desc())
    ).all()
    now = next((version for number, version in versions if number == stage.number), None)
    before = next((version for number, version in versions if number < stage.number), None)
    return before if now is not None and before != now else None


def _is_confidential() -> ColumnElement[bool]:
    """Whether the committee that decides on the paper meets in private."""
    return exists().where(
        Consultation.paper_id == Paper.id,
        Consultation.role == ConsultationRole.DECISION,
        Consultation.public.is_(False),
    )


def _principle_matrix(session: Session, stage: Stage) -> list[DocumentJob]:
    """Once, with the stage that decides last in its round; see ``resolutions_check`` else."""
    if stage.round is not Round.PRINCIPLE:
        return []
    case = session.get_one(Case, stage.case_id)
    undecided = [
        other
        for other in course.stages_of(session, case).values()
        if other.id != stage.id
        and other.round is stage.round
        and other.state not in (StageState.DONE, StageState.SKIPPED, StageState.SUPERSEDED)
    ]
    if undecided:
        return []
    title = "Beschlussmatrix der Grundsatzbeschlüsse"
    return [DocumentJob(stage.id, Purpose.MATRIX, None, title, "matrix")]


_FOR_THE_AUTHORITY: Final = {
    RequirementKind.APPROVAL.value: _one(
        Purpose.APPROVAL_APPLICATION, "Antrag auf Genehmigung", "approval_application"
    ),
    RequirementKind.FILING.value: _one(Purpose.FILING, "Anzeige der Vereinbarung", "filing"),
}


def _for_the_authority(session: Session, stage: Stage) -> list[DocumentJob]:
    requirement = session.scalar(select(Approval.requirement).where(Approval.stage_id == stage.id))
    planned = _FOR_THE_AUTHORITY.get(requirement or "")
    return planned(session, stage) if planned else []


def _to_sign(session: Session, stage: Stage) -> list[DocumentJob]:
    """The copies to be signed, and the sheet that goes round with them."""
    return [
        DocumentJob(
            stage.id, Purpose.SIGNING_SET, None, "Ausfertigung zur Unterzeichnung", "signing_set"
        ),
        DocumentJob(
            stage.id, Purpose.SIGNING_SHEET, None, "Laufblatt zur Unterzeichnung", "signing_sheet"
        ),
    ]


def _notices(session: Session, stage: Stage) -> list[DocumentJob]:
    """A notice for each party that takes part now."""
    rows = session.execute(
        select(Party.body_id, Body.forms["short"].astext)
        .join(Body, Body.id == Party.body_id)
        .where(Party.case_id == stage.case_id, Party.left_on.is_(None))
        .order_by(Party.position)
    )
    return [
        DocumentJob(
            stage.id,
            Purpose.PUBLICATION_NOTICE,
            body_id,
            f"Hinweisbekanntmachung {short}",
            "publication_notice",
        )
        for body_id, short in rows
    ]


def _application_set(session: Session, stage: Stage) -> list[DocumentJob]:
    """The application with its annex and the letter that goes with both."""
    wanted = (
        (Purpose.FUNDING_APPLICATION, "Förderantrag", "funding_application"),
        (Purpose.FINANCE_PLAN, "Kosten- und Finanzierungsplan", "finance_plan"),
        (Purpose.FUNDING_LETTER, "Anschreiben zum Förderantrag", "funding_letter"),
    )
    return [
        DocumentJob(stage.id, purpose, None, title, template_id)
        for purpose, title, template_id in wanted
    ]


_Planned = Callable[[Session, Stage], list[DocumentJob]]

# fmt: off
_DUE: Final[Mapping[tuple[StageKind, Moment], _Planned]] = {
    (StageKind.DRAFTING, Moment.AFTER_PEOPLE):
        _one(Purpose.DRAFT_AGREEMENT, "Entwurf der Vereinbarung", "agreement"),
    (StageKind.COORDINATION, Moment.AFTER_PEOPLE):
        _one(Purpose.FROZEN_AGREEMENT, "Festgeschriebene Vereinbarung", "agreement"),
    (StageKind.COUNCIL_RESOLUTIONS, Moment.BEFORE_OPENING): _papers_with_synopsis,
    (StageKind.COUNCIL_RESOLUTIONS, Moment.AFTER_PEOPLE): _principle_matrix,
    (StageKind.KREISTAG_DECISION, Moment.BEFORE_OPENING): _papers_with_synopsis,
    (StageKind.KREISTAG_DECISION, Moment.AFTER_PEOPLE): _principle_matrix,
    (StageKind.RESOLUTIONS_CHECK, Moment.BEFORE_OPENING):
        _one(Purpose.MATRIX, "Beschlussmatrix zur Vereinbarung", "matrix"),
    (StageKind.SIGNING, Moment.BEFORE_OPENING): _to_sign,
    (StageKind.SUPERVISORY_APPROVAL, Moment.BEFORE_OPENING): _for_the_authority,
    (StageKind.PUBLICATION, Moment.BEFORE_OPENING):
        _one(Purpose.PUBLICATION_TEXT, "Bekanntmachungstext", "publication"),
    (StageKind.PUBLICATION_NOTICES, Moment.BEFORE_OPENING): _notices,
    (StageKind.FUNDING_APPLICATION, Moment.BEFORE_OPENING): _application_set,
}
# fmt: on
