"""Proposals for a text, as far as a person sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from agreements import sights
from agreements.errors import NotFound
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.model.drafting import TextVersion
from agreements.model.people import User
from agreements.model.proposals import Proposal, ProposalUpload
from agreements.sights import Sight


@dataclass(frozen=True, slots=True)
class Sent:
    """A document with proposals: the version it is based on, the newest one, whose, by whom."""

    upload: ProposalUpload
    base: TextVersion
    newest: int
    body: Body
    uploader: str

    @property
    def outdated(self) -> bool:
        """Whether there is a newer text than that on which it is based."""
        return self.newest > self.base.number


@dataclass(frozen=True, slots=True)
class Made:
    """A proposal with what became of it: who has decided, in which version it is, what it answers.

    answers: the number of the comment that it answers.
    """

    proposal: Proposal
    decider: str | None
    adopted_in: int | None
    answers: int | None


def uploads(session: Session, case: Case, sight: Sight) -> list[Sent]:
    """The documents that are visible, by party, the oldest first."""
    rows = session.execute(_uploads(case, sight).order_by(Body.ags, ProposalUpload.id))
    return [Sent(*row) for row in rows]


def upload(session: Session, case: Case, sight: Sight, upload_id: UUID) -> Sent:
    """One of them."""
    row = session.execute(_uploads(case, sight).where(ProposalUpload.id == upload_id)).first()
    if row is None:
        raise NotFound("upload-unknown", "Diese Datei mit Vorschlägen gibt es nicht.")
    return Sent(*row)


def _uploads(case: Case, sight: Sight) -> Select[*tuple[Any, ...]]:
    later = aliased(TextVersion)
    newest = (
        select(func.max(later.number))
        .where(later.case_id == case.id, later.kind == TextVersion.kind)
        .correlate(TextVersion)
        .scalar_subquery()
    )
    return (
        select(ProposalUpload, TextVersion, newest, Body, User.display_name)
        .join(TextVersion, TextVersion.id == ProposalUpload.version_id)
        .join(Body, Body.id == ProposalUpload.body_id)
        .join(User, User.id == ProposalUpload.uploaded_by)
        .where(ProposalUpload.case_id == case.id, sights.own(sight, ProposalUpload.body_id))
    )


def proposals(session: Session, case: Case, sight: Sight) -> dict[UUID, list[Made]]:
    """The visible proposals by their upload, in the order of their numbers."""
    found: dict[UUID, list[Made]] = {}
    rows = session.execute(_proposals(case, sight).order_by(Proposal.number))
    for row in rows:
        made = _made(row)
        found.setdefault(made.proposal.upload_id, []).append(made)
    return found


def proposal(session: Session, case: Case, sight: Sight, number: int) -> Made:
    """One proposal."""
    row = session.execute(_proposals(case, sight).where(Proposal.number == number)).first()
    if row is None:
        raise NotFound("proposal-unknown", f"Einen Vorschlag Nr. {number} gibt es nicht.")
    return _made(row)


def _proposals(case: Case, sight: Sight) -> Select[*tuple[Any, ...]]:
    answered, adopted = aliased(Proposal), aliased(TextVersion)
    return (
        select(Proposal, User.display_name, adopted.number, answered.number)
        .join(ProposalUpload, ProposalUpload.id == Proposal.upload_id)
        .outerjoin(User, User.id == Proposal.decided_by)
        .outerjoin(adopted, adopted.id == Proposal.adopted_in)
        .outerjoin(answered, answered.id == Proposal.answers_id)
        .where(Proposal.case_id == case.id, sights.own(sight, ProposalUpload.body_id))
    )


def _made(row: Row[*tuple[Any, ...]]) -> Made:
    return Made(row[0], row[1], row[2], row[3])
