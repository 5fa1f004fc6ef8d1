"""The closing note: what was concluded, since when, where the originals lie, how long they stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import Field
from sqlalchemy import func, select

from agreements import drafting
from agreements.documents import data
from agreements.documents.content import Text
from agreements.dossier.asked import Particulars
from agreements.dossier.letters import Line
from agreements.dossier.material import Material, adopted, agreement_of, mark_of
from agreements.dossier.notices import place_of
from agreements.errors import Refusal, StepFailure
from agreements.glossary import label
from agreements.model.cases import Party
from agreements.model.conclusion import Approval, Signature
from agreements.model.drafting import TextVersion
from agreements.model.enums import CaseState, PartyRole, Round, StageKind, StageState, VersionKind
from agreements.model.records import Document
from agreements.publication import publication_of


class ClosingParticulars(Particulars):
    """Schlussvermerk: wo die Originale liegen und wie lange die Akte aufbewahrt wird."""

    originals: tuple[data.Original, ...] = Field(default=(), max_length=100)
    open_points: tuple[Line, ...] = Field(default=(), max_length=100)
    retention_until: date = Field(description="letzter Tag der Aufbewahrung")
    retention_basis: Line = Field(examples=["Aktenplan 10.24, 30 Jahre"])
    archive: Text = Field(default="", max_length=300, examples=["Stadtarchiv Schwerte"])


def ready(look: Material, party: Party | None) -> None:
    """A case is closed when its agreement is in force, or when it has been withdrawn."""
    if look.case.state is CaseState.RUNNING and _effective_on(look) is None:
        raise StepFailure(
            "Die Vereinbarung ist noch nicht in Kraft und der Vorgang nicht zurückgezogen; für "
            "einen Schlussvermerk ist es zu früh."
        )


def closing_note(
    look: Material, party: Party | None, given: ClosingParticulars
) -> data.ClosingNoteData:
    """The note at the end of the case."""
    ready(look, party)
    if given.retention_until < given.dated_on:
        raise Refusal(
            "retention-over",
            "Die Aufbewahrung kann nicht vor dem Schlussvermerk enden.",
            "retention_until",
            f"ab {given.dated_on.isoformat()}",
        )
    case, lead = look.case, look.holder(PartyRole.LEAD)
    version = drafting.frozen_version(look.session, case.id, VersionKind.AGREEMENT)
    published = publication_of(look.session, case.id)
    withdrawn = case.state is CaseState.WITHDRAWN
    return data.ClosingNoteData(
        file_reference=case.reference,
        dated_on=given.dated_on,
        author=lead.name,
        project=case.title,
        subject=case.subject,
        outcome="withdrawn" if withdrawn else "concluded",
        outcome_reason=(case.ended_because or "") if withdrawn else "",
        parties=tuple(forms.name for forms in look.forms),
        lead=lead.name,
        lead_seat=lead.seat,
        instrument=label(case.instrument),
        agreement_title=agreement_of(version).title if version else "",
        text=mark_of(version) if version else None,
        milestones=tuple(sorted(_milestones(look, version), key=lambda m: m.on)),
        effective_on=None if withdrawn else _effective_on(look),
        effective_basis=published.effective_basis if published else "",
        originals=given.originals,
        open_points=given.open_points,
        retention_until=given.retention_until,
        retention_basis=given.retention_basis,
        archive=given.archive,
        documents=_count(look),
        journal_entries=case.journal_number,
        journal_digest=case.journal_hash,
    )


def _effective_on(look: Material) -> date | None:
    for stage in look.case.stages:
        if stage.kind is StageKind.ENTRY_INTO_FORCE and stage.state is StageState.DONE:
            return stage.done_on
    return None


def _count(look: Material) -> int:
    of_case = select(func.count()).select_from(Document).where(Document.case_id == look.case.id)
    return look.session.scalar(of_case) or 0


def _milestones(look: Material, version: TextVersion | None) -> Iterator[data.Milestone]:
    case = look.case
    yield data.Milestone(on=case.started_on, event="Vorgang begonnen")
    if version is not None and version.frozen_on is not None:
        yield data.Milestone(
            on=version.frozen_on,
            event="Textfassung festgeschrieben",
            remark=f"Textfassung {version.number}",
        )
        yield from _agreed(look, version)
    yield from _outside(look)
    if case.state is CaseState.WITHDRAWN and case.ended_on is not None:
        yield data.Milestone(on=case.ended_on, event="Vorgang zurückgezogen")


def _agreed(look: Material, version: TextVersion) -> Iterator[data.Milestone]:
    resolved = adopted(look, Round.AGREEMENT, version.text_hash)
    if resolved:
        yield data.Milestone(
            on=max(reference.decided_on for reference in resolved),
            event="Letzter Beschluss über die Vereinbarung",
            remark=f"{len(resolved)} von {len(look.parties)} Vertretungen",
        )
    signed = look.session.scalars(
        select(Signature.signed_on).where(
            Signature.case_id == look.case.id, Signature.text_hash == version.text_hash
        )
    ).all()
    if signed:
        yield data.Milestone(on=max(signed), event="Letzte Unterschrift")


def _outside(look: Material) -> Iterator[data.Milestone]:
    """What the authority has done, and the publication."""
    answered = look.session.scalar(
        select(Approval).where(Approval.case_id == look.case.id).order_by(Approval.id.desc())
    )
    if answered is not None and answered.answer is not None and answered.answered_on is not None:
        parts = (answered.authority, answered.authority_reference or "")
        yield data.Milestone(
            on=answered.answered_on,
            event=f"Aufsichtsbehörde: {label(answered.answer)}",
            remark=", ".join(part for part in parts if part),
        )
    published = publication_of(look.session, look.case.id)
    if published is not None:
        yield data.Milestone(
            on=published.published_on, event="Bekanntmachung", remark=place_of(look)
        )
