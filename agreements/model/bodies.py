"""Bodies, their committees, and how a paper passes them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agreements.model.base import Base, Identified, Json, stored
from agreements.model.enums import BodyKind, CommitteeKind, ConsultationRole, SigningCapacity


class Body(Identified, Base):
    """Körperschaft. ``forms`` holds the grammatical forms of its name (``BodyForms``).

    ``invitation_period``, ``invitation_period_urgent``: the Ladungsfrist of its Geschäftsordnung;
    None: not known.
    """

    __tablename__ = "bodies"

    ags: Mapped[str] = mapped_column(unique=True)
    ars: Mapped[str | None]
    kind: Mapped[BodyKind] = mapped_column(stored(BodyKind))
    name: Mapped[str]
    official_name: Mapped[str]
    land: Mapped[str]
    government_district: Mapped[str | None]
    district_ags: Mapped[str | None] = mapped_column(index=True)
    forms: Mapped[Json]
    paper_number_pattern: Mapped[str]
    next_paper_number: Mapped[int] = mapped_column(default=1)
    invitation_period: Mapped[Json | None]
    invitation_period_urgent: Mapped[Json | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    sample: Mapped[bool] = mapped_column(default=False)

    populations: Mapped[list[Population]] = relationship(order_by="Population.as_of")
    committees: Mapped[list[Committee]] = relationship(order_by="Committee.position")


class Population(Identified, Base):
    """Einwohnerzahl with its date and census basis; series are never mixed."""

    __tablename__ = "populations"
    __table_args__ = (
        UniqueConstraint("body_id", "as_of", "census_basis"),
        CheckConstraint("count >= 0", name="count_not_negative"),
    )

    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    as_of: Mapped[date]
    census_basis: Mapped[str]
    count: Mapped[int]
    source: Mapped[str]


class Committee(Identified, Base):
    """Gremium. ``position`` and ``role`` are its place in the body's Beratungsfolge.

    Without a position a paper on an agreement does not pass it.
    """

    __tablename__ = "committees"
    __table_args__ = (UniqueConstraint("body_id", "name", "valid_from"),)

    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"), index=True)
    kind: Mapped[CommitteeKind] = mapped_column(stored(CommitteeKind))
    name: Mapped[str]
    genitive: Mapped[str]
    position: Mapped[int | None]
    role: Mapped[ConsultationRole] = mapped_column(stored(ConsultationRole))
    public: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    sample: Mapped[bool] = mapped_column(default=False)

    sizes: Mapped[list[CommitteeSize]] = relationship(order_by="CommitteeSize.valid_from")


class SessionFreePeriod(Identified, Base):
    """Sitzungsfreie Zeit of a body, first and last day included."""

    __tablename__ = "session_free_periods"
    __table_args__ = (
        UniqueConstraint("body_id", "first_day"),
        CheckConstraint("last_day >= first_day", name="in_order"),
    )

    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    name: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    source: Mapped[str]
    sample: Mapped[bool] = mapped_column(default=False)


class BodyChange(Identified, Base):
    """A change of a body's own settings; append-only. None as a person: the command line."""

    __tablename__ = "body_changes"
    __table_args__ = (Index("ix_body_changes_body_id", "body_id", "id"),)

    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"))
    kind: Mapped[str]  # BodyChangeKind
    before: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]


class CommitteeSize(Identified, Base):
    """How many may vote in a committee from a date on, head of administration included."""

    __tablename__ = "committee_sizes"
    __table_args__ = (
        UniqueConstraint("committee_id", "valid_from"),
        CheckConstraint("voting_members > 0", name="voting_members_positive"),
    )

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committees.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    voting_members: Mapped[int]
    source: Mapped[str]


class Signatory(Identified, Base):
    """Zeichnungsberechtigte Person of a body; None as a day: seit jeher, auf Weiteres.

    ``alone``: her signature is enough where the law asks for one; otherwise only together with
    another. ``basis``: Wahl, Hauptsatzung, Dienstanweisung.
    """

    __tablename__ = "signatories"
    __table_args__ = (
        UniqueConstraint("body_id", "name", "valid_from"),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
    )

    body_id: Mapped[UUID] = mapped_column(ForeignKey("bodies.id"), index=True)
    name: Mapped[str]
    function: Mapped[str]
    capacity: Mapped[SigningCapacity] = mapped_column(stored(SigningCapacity))
    alone: Mapped[bool] = mapped_column(default=True)
    basis: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    sample: Mapped[bool] = mapped_column(default=False)
