"""Papers, consultations and resolutions, and what happens to resolutions afterwards."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, declared_attr, mapped_column, relationship

from agreements.model.base import Base, Digest, Identified, Json, stored
from agreements.model.bodies import Body, Committee
from agreements.model.drafting import TextVersion
from agreements.model.enums import (
    CarryReason,
    Consequence,
    ConsultationRole,
    ConsultationState,
    Materiality,
    Outcome,
    RecordKind,
    ReservationState,
    Urgency,
)


class Paper(Identified, Base):
    """Beschlussvorlage of one body in one stage, bound to the text hash it proposes.

    ``superseded_because``: another paper of the body in the same stage takes its place.
    """

    __tablename__ = "papers"
    __table_args__ = (
        Index(
            "uq_papers_current",
            "stage_id",
            "body_id",
            unique=True,
            postgresql_where=text("superseded_because IS NULL"),
        ),
        UniqueConstraint("body_id", "number"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("text_versions.id"))
    text_hash: Mapped[str] = mapped_column(Digest)
    number: Mapped[str]
    dated_on: Mapped[date]
    superseded_because: Mapped[str | None]

    body: Mapped[Body] = relationship(lazy="joined")
    consultations: Mapped[list[Consultation]] = relationship(
        back_populates="paper", order_by="Consultation.position"
    )

    @declared_attr
    def proposal(cls) -> Mapped[Json]:  # noqa: N805 - the form SQLAlchemy reads
        """What the body is asked to resolve; kept once with the text, the same for all."""
        return column_property(
            select(TextVersion.proposal)
            .where(TextVersion.id == cls.version_id)
            .correlate_except(TextVersion)
            .scalar_subquery(),
            deferred=True,
        )


class Meeting(Identified, Base):
    """Sitzung of a committee (OParl)."""

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("committee_id", "held_on"),)

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committees.id"))
    held_on: Mapped[date]
    starts_at: Mapped[time | None]
    number: Mapped[str | None]
    place: Mapped[str | None]
    invited_on: Mapped[date | None]


class AgendaItem(Identified, Base):
    """Tagesordnungspunkt: a consultation in a meeting; a deferred one has several (OParl)."""

    __tablename__ = "agenda_items"
    __table_args__ = (UniqueConstraint("meeting_id", "consultation_id"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    number: Mapped[str | None]
    public: Mapped[bool]

    meeting: Mapped[Meeting] = relationship(lazy="joined")


class Consultation(Identified, Base):
    """Beratung of a paper in a committee; its position is its place in the Beratungsfolge."""

    __tablename__ = "consultations"
    __table_args__ = (
        # A referral puts committees in between, so positions change places in one statement.
        UniqueConstraint("paper_id", "position", deferrable=True, initially="DEFERRED"),
    )

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("papers.id"))
    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committees.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    role: Mapped[ConsultationRole] = mapped_column(stored(ConsultationRole))
    public: Mapped[bool]
    state: Mapped[ConsultationState] = mapped_column(
        stored(ConsultationState), default=ConsultationState.PLANNED
    )

    paper: Mapped[Paper] = relationship(back_populates="consultations")
    committee: Mapped[Committee] = relationship(lazy="joined")
    resolutions: Mapped[list[Resolution]] = relationship(order_by="Resolution.id")
    agenda_items: Mapped[list[AgendaItem]] = relationship(order_by="AgendaItem.id")

    @declared_attr
    def meeting_on(cls) -> Mapped[date | None]:  # noqa: N805 - the form SQLAlchemy reads
        """The day of its latest meeting, read in the same query as the consultation itself."""
        return column_property(
            select(func.max(Meeting.held_on))
            .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
            .where(AgendaItem.consultation_id == cls.id)
            .correlate_except(Meeting, AgendaItem)
            .scalar_subquery()
        )


class Resolution(Identified, Base):
    """Beschluss: what a committee decided on a text. Unknown votes stay unknown.

    ``text_hash`` is what was resolved: the paper's text, or with ``amendments`` a text of its own.
    ``source_text`` is the result as the council system words it. ``members_excluded`` counts those
    who did not take part for bias (§ 31 GO NRW). ``urgent``: reason, who decided and signed.
    ``corrects_id``: the wrong entry that this one replaces.
    """

    __tablename__ = "resolutions"
    __table_args__ = (
        CheckConstraint("votes_yes >= 0", name="votes_yes_not_negative"),
        CheckConstraint("votes_no >= 0", name="votes_no_not_negative"),
        CheckConstraint("votes_abstained >= 0", name="votes_abstained_not_negative"),
    )

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    agenda_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_items.id"))
    outcome: Mapped[Outcome] = mapped_column(stored(Outcome))
    votes_yes: Mapped[int | None] = mapped_column(SmallInteger)
    votes_no: Mapped[int | None] = mapped_column(SmallInteger)
    votes_abstained: Mapped[int | None] = mapped_column(SmallInteger)
    unanimous: Mapped[bool | None]
    members_present: Mapped[int | None] = mapped_column(SmallInteger)
    members_excluded: Mapped[int] = mapped_column(SmallInteger, default=0)
    decided_on: Mapped[date]
    text_hash: Mapped[str] = mapped_column(Digest)
    wording: Mapped[str] = mapped_column(default="")
    amendments: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    source_text: Mapped[str] = mapped_column(default="")
    urgency: Mapped[Urgency | None] = mapped_column(stored(Urgency))
    urgent: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("resolutions.id"))
    remark: Mapped[str]
    sample: Mapped[bool] = mapped_column(default=False)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]

    records: Mapped[list[ResolutionRecord]] = relationship(order_by="ResolutionRecord.id")
    reservation: Mapped[Reservation | None] = relationship()
    reconciliation: Mapped[Reconciliation | None] = relationship()


class ResolutionRecord(Identified, Base):
    """What happened to a resolution: objection, annulment, revocation, confirmation, correction.

    ``by`` is the organ or authority that acted. ``details``: votes, and why a revocation was
    possible though rights of others may exist.
    """

    __tablename__ = "resolution_records"

    resolution_id: Mapped[UUID] = mapped_column(ForeignKey("resolutions.id"), index=True)
    kind: Mapped[RecordKind] = mapped_column(stored(RecordKind))
    by: Mapped[str]
    happened_on: Mapped[date]
    reason: Mapped[str]
    legal_basis: Mapped[str]
    details: Mapped[Json | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]


class Reservation(Identified, Base):
    """Vorbehalt of a resolution, with its own fulfilment."""

    __tablename__ = "reservations"
    __table_args__ = (UniqueConstraint("resolution_id"),)

    resolution_id: Mapped[UUID] = mapped_column(ForeignKey("resolutions.id"))
    wording: Mapped[str]
    state: Mapped[ReservationState] = mapped_column(
        stored(ReservationState), default=ReservationState.OPEN
    )
    settled_on: Mapped[date | None]
    settled_because: Mapped[str | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime | None]


class Reconciliation(Identified, Base):
    """Abgleich: what legal staff judged of an amended resolution."""

    __tablename__ = "reconciliations"
    __table_args__ = (UniqueConstraint("resolution_id"),)

    resolution_id: Mapped[UUID] = mapped_column(ForeignKey("resolutions.id"))
    materiality: Mapped[Materiality] = mapped_column(stored(Materiality))
    consequence: Mapped[Consequence | None] = mapped_column(stored(Consequence))
    reason: Mapped[str]
    judged_on: Mapped[date]
    judged_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    judged_at: Mapped[datetime]


class Carry(Identified, Base):
    """Weitergeltung: a resolution on one text also holds for this version, and why."""

    __tablename__ = "carries"
    __table_args__ = (UniqueConstraint("resolution_id", "version_id"),)

    resolution_id: Mapped[UUID] = mapped_column(ForeignKey("resolutions.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("text_versions.id"))
    because: Mapped[CarryReason] = mapped_column(stored(CarryReason))
    reason: Mapped[str]
    judged_on: Mapped[date]
    judged_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    judged_at: Mapped[datetime]


class Exclusion(Identified, Base):
    """Befangenheit: somebody takes no part in a case for a body, in a consultation or at all.

    ``user_id``: an official with an account, who may then complete no task of the body there.
    """

    __tablename__ = "exclusions"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultations.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    function: Mapped[str]
    reason: Mapped[str]
    declared_on: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]


class Confidant(Identified, Base):
    """Somebody of a legal office who is named for the non-public consultations of a body."""

    __tablename__ = "confidants"
    __table_args__ = (UniqueConstraint("case_id", "body_id", "user_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    named_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
