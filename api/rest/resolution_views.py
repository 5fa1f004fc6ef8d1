"""What is shown of a resolution, and of what happened to it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from agreements import resolutions
from agreements.glossary import label
from agreements.model import councils as rows
from agreements.model.enums import (
    Consequence,
    Materiality,
    Outcome,
    RecordKind,
    ReservationState,
    Urgency,
)
from agreements.model.records import Document
from agreements.standing import Worth
from api.rest.schemas import Hash, Output


class VotesView(Output):
    """Stimmen; null heißt: nicht bekannt."""

    yes: int | None
    no: int | None
    abstained: int | None


class SittingView(Output):
    """Der Tagesordnungspunkt, unter dem beraten wurde oder beraten werden soll."""

    held_on: date
    meeting: str | None = Field(description="Nummer der Sitzung", examples=["5/2026"])
    agenda_item: str | None = Field(examples=["Ö 7"])
    place: str | None

    @classmethod
    def of(cls, item: rows.AgendaItem) -> SittingView:
        """The agenda item of a row."""
        meeting = item.meeting
        return cls(
            held_on=meeting.held_on,
            meeting=meeting.number,
            agenda_item=item.number,
            place=meeting.place,
        )


class AmendmentView(Output):
    """Was abweichend beschlossen wurde."""

    place: str = Field(examples=["§ 4 Abs. 2"])
    wording: str


class ReservationView(Output):
    """Der Vorbehalt eines Beschlusses und ob er erfüllt ist."""

    wording: str
    state: ReservationState
    state_label: str = Field(examples=["offen"])
    settled_on: date | None
    settled_because: str | None


class ReconciliationView(Output):
    """Wie eine Abweichung vom gemeinsamen Text beurteilt ist."""

    materiality: Materiality
    materiality_label: str = Field(examples=["redaktionell"])
    consequence: Consequence | None
    consequence_label: str | None
    reason: str
    judged_on: date


class SignatoryView(Output):
    """Wer eine Dringlichkeitsentscheidung unterschrieben hat."""

    name: str
    function: str = Field(examples=["Bürgermeisterin"])
    capacity: Literal["head", "member"]


class UrgentView(Output):
    """Eine Dringlichkeitsentscheidung: wer sie warum getroffen hat."""

    stage: Urgency
    stage_label: str
    reason: str
    main_committee_prevented: str
    harm: str
    committee: str | None = Field(examples=["Hauptausschuss"])
    signatories: list[SignatoryView]


class RecordView(Output):
    """Was mit einem Beschluss nachträglich geschah."""

    id: UUID
    kind: RecordKind
    kind_label: str = Field(examples=["beanstandet"])
    by: str = Field(examples=["Bürgermeisterin"])
    happened_on: date
    reason: str
    legal_basis: str = Field(examples=["§ 54 GO NRW"])
    votes: VotesView | None
    third_party_rights: str | None
    recorded_at: datetime


class ExtractView(Output):
    """Ein Auszug aus der Niederschrift; der höchsten Nummer geht keiner nach."""

    document_id: UUID
    number: int
    file_name: str
    media_type: str = Field(examples=["application/pdf"])
    content_hash: Hash
    size: int = Field(description="Bytes")
    filed_at: datetime

    @classmethod
    def of(cls, document: Document) -> ExtractView:
        """The extract of a row."""
        return cls(
            document_id=document.id,
            number=document.number,
            file_name=document.file_name,
            media_type=document.media_type,
            content_hash=document.content_hash,
            size=document.size,
            filed_at=document.written_at,
        )


class ResolutionView(Output):
    """Was ein Gremium beschlossen hat; das Ergebnis bleibt, was immer damit geschieht.

    `worth`: ob der Beschluss jetzt zählt.
    """

    id: UUID
    outcome: Outcome
    outcome_label: str = Field(examples=["beschlossen"])
    worth: Worth
    worth_label: str = Field(examples=["gilt"])
    votes: VotesView
    unanimous: bool | None
    members_present: int | None = Field(description="einschließlich der Befangenen")
    members_excluded: int = Field(description="wegen Befangenheit nicht mitgewirkt")
    decided_on: date
    sitting: SittingView | None
    text_hash: Hash
    wording: str = Field(description="leer: wie vorgeschlagen")
    amendments: list[AmendmentView]
    source_text: str = Field(description="das Ergebnis, wie das Ratsinformationssystem es nennt")
    urgent: UrgentView | None
    reservation: ReservationView | None
    reconciliation: ReconciliationView | None
    records: list[RecordView]
    extracts: list[ExtractView]
    corrects_id: UUID | None = Field(description="der falsche Eintrag, den dieser ersetzt")
    remark: str
    sample: bool = Field(description="Beispieldaten, nicht amtlich")
    recorded_at: datetime


def resolution_view(
    resolution: rows.Resolution,
    items: Mapping[UUID, rows.AgendaItem],
    extracts: Sequence[Document],
) -> ResolutionView:
    """A resolution with all that belongs to it. items: agenda items of its consultation."""
    reservation = resolution.reservation
    worth = resolutions.worth_of(resolution)
    item = items.get(resolution.agenda_item_id) if resolution.agenda_item_id else None
    return ResolutionView(
        id=resolution.id,
        outcome=resolution.outcome,
        outcome_label=label(resolution.outcome),
        worth=worth,
        worth_label=label(worth),
        votes=VotesView(
            yes=resolution.votes_yes,
            no=resolution.votes_no,
            abstained=resolution.votes_abstained,
        ),
        unanimous=resolution.unanimous,
        members_present=resolution.members_present,
        members_excluded=resolution.members_excluded,
        decided_on=resolution.decided_on,
        sitting=SittingView.of(item) if item is not None else None,
        text_hash=resolution.text_hash,
        wording=resolution.wording,
        amendments=[AmendmentView(**a) for a in (resolution.amendments or {"items": []})["items"]],
        source_text=resolution.source_text,
        urgent=_urgent(resolution.urgency, resolution.urgent),
        reservation=_reservation(reservation) if reservation is not None else None,
        reconciliation=_reconciliation(resolution.reconciliation),
        records=[_record(record) for record in resolution.records],
        extracts=[ExtractView.of(document) for document in extracts],
        corrects_id=resolution.corrects_id,
        remark=resolution.remark,
        sample=resolution.sample,
        recorded_at=resolution.recorded_at,
    )


def _urgent(urgency: Urgency | None, told: dict[str, Any] | None) -> UrgentView | None:
    if urgency is None or told is None:
        return None
    return UrgentView(
        stage=urgency,
        stage_label=label(urgency),
        reason=told["reason"],
        main_committee_prevented=told["main_committee_prevented"],
        harm=told["harm"],
        committee=told["committee"],
        signatories=[
            SignatoryView(name=s["name"], function=s["function"], capacity=s["capacity"])
            for s in told["signatories"]
        ],
    )


def _reservation(reservation: rows.Reservation) -> ReservationView:
    return ReservationView(
        wording=reservation.wording,
        state=reservation.state,
        state_label=label(reservation.state),
        settled_on=reservation.settled_on,
        settled_because=reservation.settled_because,
    )


def _reconciliation(judged: rows.Reconciliation | None) -> ReconciliationView | None:
    if judged is None:
        return None
    return ReconciliationView(
        materiality=judged.materiality,
        materiality_label=label(judged.materiality),
        consequence=judged.consequence,
        consequence_label=label(judged.consequence) if judged.consequence is not None else None,
        reason=judged.reason,
        judged_on=judged.judged_on,
    )


def _record(record: rows.ResolutionRecord) -> RecordView:
    details = record.details or {}
    votes = details.get("votes")
    return RecordView(
        id=record.id,
        kind=record.kind,
        kind_label=label(record.kind),
        by=record.by,
        happened_on=record.happened_on,
        reason=record.reason,
        legal_basis=record.legal_basis,
        votes=VotesView(**votes) if votes is not None else None,
        third_party_rights=details.get("third_party_rights") or None,
        recorded_at=record.recorded_at,
    )
