"""Texts, resolutions and what follows them, as far as a person sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from agreements import sights
from agreements.errors import NotFound
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import Approval, PublicationNotice, Signature
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.model.drafting import Statement, TextVersion
from agreements.model.enums import VersionKind
from agreements.model.people import User
from agreements.model.records import Document
from agreements.sights import Sight


@dataclass(frozen=True, slots=True)
class WrittenVersion:
    """A text version and the name of whoever wrote it."""

    version: TextVersion
    author: str


def versions(session: Session, case: Case) -> list[WrittenVersion]:
    """All text versions of a case, by kind and number."""
    rows = session.execute(
        select(TextVersion, User.display_name)
        .join(User, User.id == TextVersion.written_by)
        .where(TextVersion.case_id == case.id)
        .order_by(TextVersion.kind, TextVersion.number)
    )
    return [WrittenVersion(*row) for row in rows]


def version(session: Session, case: Case, kind: VersionKind, number: int) -> WrittenVersion:
    """One text version."""
    row = session.execute(
        select(TextVersion, User.display_name)
        .join(User, User.id == TextVersion.written_by)
        .where(
            TextVersion.case_id == case.id,
            TextVersion.kind == kind,
            TextVersion.number == number,
        )
    ).first()
    if row is None:
        raise NotFound("version-unknown", f"Eine Textfassung {number} dieser Art gibt es nicht.")
    return WrittenVersion(*row)


@dataclass(frozen=True, slots=True)
class GivenStatement:
    """A statement with its version and body."""

    statement: Statement
    version: TextVersion
    body: Body


def statements(session: Session, case: Case, sight: Sight) -> list[GivenStatement]:
    """The statements that are visible, in the order in which they were given."""
    rows = session.execute(
        select(Statement, TextVersion, Body)
        .join(TextVersion, TextVersion.id == Statement.version_id)
        .join(Body, Body.id == Statement.body_id)
        .where(TextVersion.case_id == case.id, sights.own(sight, Statement.body_id))
        .order_by(Statement.id)
    )
    return [GivenStatement(*row) for row in rows]


_OF_A_RESOLUTION: Final = (
    selectinload(Resolution.records),
    selectinload(Resolution.reservation),
    selectinload(Resolution.reconciliation),
)


def papers(session: Session, case: Case, sight: Sight) -> list[tuple[Paper, Stage]]:
    """The visible papers with their visible consultations and the resolutions of these.

    For reading alone: ``consultations`` holds only what the person may see.
    """
    visible = Paper.consultations.and_(sights.consultations_of(sight))
    rows = session.execute(
        select(Paper, Stage)
        .join(Stage, Stage.id == Paper.stage_id)
        .where(Paper.case_id == case.id, sights.papers_of(sight))
        .options(
            undefer(Paper.proposal),
            selectinload(visible).options(
                selectinload(Consultation.resolutions).options(*_OF_A_RESOLUTION),
                selectinload(Consultation.agenda_items),
            ),
        )
        .order_by(Stage.position, Paper.id)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class FoundResolution:
    """A visible resolution with its consultation."""

    resolution: Resolution
    consultation: Consultation


def resolution(session: Session, case: Case, sight: Sight, resolution_id: UUID) -> FoundResolution:
    """A visible resolution of the case, as it is now."""
    row = session.execute(
        select(Resolution, Consultation)
        .join(Consultation, Consultation.id == Resolution.consultation_id)
        .join(Paper, Paper.id == Consultation.paper_id)
        .where(
            Resolution.id == resolution_id,
            Paper.case_id == case.id,
            sights.papers_of(sight),
            sights.consultations_of(sight),
        )
        .options(*_OF_A_RESOLUTION)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("resolution-unknown", "Diesen Beschluss gibt es in dem Vorgang nicht.")
    return FoundResolution(row[0], row[1])


def require_consultation(session: Session, case: Case, sight: Sight, consultation_id: UUID) -> None:
    """Refuse a consultation that is not visible."""
    found = session.scalar(
        select(Consultation.id)
        .join(Paper, Paper.id == Consultation.paper_id)
        .where(
            Consultation.id == consultation_id,
            Paper.case_id == case.id,
            sights.papers_of(sight),
            sights.consultations_of(sight),
        )
    )
    if found is None:
        raise NotFound("consultation-unknown", "Diese Beratung gibt es in dem Vorgang nicht.")


def signatures(session: Session, case: Case, sight: Sight) -> list[tuple[Signature, Body]]:
    """The visible signatures."""
    rows = session.execute(
        select(Signature, Body)
        .join(Body, Body.id == Signature.body_id)
        .where(Signature.case_id == case.id, sights.own(sight, Signature.body_id))
        .order_by(Signature.id)
    )
    return [(row[0], row[1]) for row in rows]


def notices(session: Session, case: Case, sight: Sight) -> list[tuple[PublicationNotice, Body]]:
    """The visible notices on the publication."""
    rows = session.execute(
        select(PublicationNotice, Body)
        .join(Body, Body.id == PublicationNotice.body_id)
        .where(PublicationNotice.case_id == case.id, sights.own(sight, PublicationNotice.body_id))
        .order_by(PublicationNotice.id)
    )
    return [(row[0], row[1]) for row in rows]


def approval(session: Session, case: Case) -> Approval | None:
    """The latest proceeding at the supervisory authority."""
    return session.scalar(
        select(Approval).where(Approval.case_id == case.id).order_by(Approval.id.desc()).limit(1)
    )


def bodies_of(session: Session, documents: Sequence[Document]) -> dict[UUID, Body]:
    """The bodies that documents concern."""
    ids = {document.body_id for document in documents if document.body_id is not None}
    if not ids:
        return {}
    return {body.id: body for body in session.scalars(select(Body).where(Body.id.in_(ids)))}
