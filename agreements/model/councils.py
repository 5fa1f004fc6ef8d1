"""Papers, consultations and resolutions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agreements.model.base import Base, Identified, Json, stored
from agreements.model.bodies import Body, Committee
from agreements.model.enums import ConsultationRole, ConsultationState, Outcome


class Paper(Identified, Base):
    """Beschlussvorlage of one body in one stage, bound to the text hash it proposes."""

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("stage_id", "body_id"),
        UniqueConstraint("body_id", "number"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("text_versions.id"))
    text_hash: Mapped[str]
    number: Mapped[str]
    dated_on: Mapped[date]
    proposal: Mapped[Json]

    body: Mapped[Body] = relationship(lazy="joined")
    consultations: Mapped[list[Consultation]] = relationship(
        back_populates="paper", order_by="Consultation.position"
    )


class Consultation(Identified, Base):
    """Beratung of a paper in a committee; its position is its place in the Beratungsfolge."""

    __tablename__ = "consultations"
    __table_args__ = (UniqueConstraint("paper_id", "position"),)

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("papers.id"))
    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committees.id"))
    position: Mapped[int]
    role: Mapped[ConsultationRole] = mapped_column(stored(ConsultationRole))
    public: Mapped[bool]
    state: Mapped[ConsultationState] = mapped_column(
        stored(ConsultationState), default=ConsultationState.PLANNED
    )

    paper: Mapped[Paper] = relationship(back_populates="consultations")
    committee: Mapped[Committee] = relationship(lazy="joined")
    resolutions: Mapped[list[Resolution]] = relationship(order_by="Resolution.id")


class Resolution(Identified, Base):
    """Beschluss: what a committee decided on a text. Unknown votes stay unknown."""

    __tablename__ = "resolutions"
    __table_args__ = (
        CheckConstraint("votes_yes >= 0", name="votes_yes_not_negative"),
        CheckConstraint("votes_no >= 0", name="votes_no_not_negative"),
        CheckConstraint("votes_abstained >= 0", name="votes_abstained_not_negative"),
    )

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(stored(Outcome))
    votes_yes: Mapped[int | None]
    votes_no: Mapped[int | None]
    votes_abstained: Mapped[int | None]
    unanimous: Mapped[bool | None]
    decided_on: Mapped[date]
    text_hash: Mapped[str]
    remark: Mapped[str]
    sample: Mapped[bool] = mapped_column(default=False)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
