"""Finance plan and funding application."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from agreements.model.base import Base, Identified, Json, stored
from agreements.model.enums import PlanState


class FinancePlanVersion(Identified, Base):
    """Kosten- und Finanzierungsplan: ``plan`` is the value model of ``agreements.funding.plan``."""

    __tablename__ = "finance_plans"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("eligible > 0", name="eligible_positive"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    number: Mapped[int]
    plan: Mapped[Json]
    description: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    eligible: Mapped[Decimal]
    grant: Mapped[Decimal]
    own_contribution: Mapped[Decimal]
    state: Mapped[PlanState] = mapped_column(stored(PlanState), default=PlanState.DRAFTED)
    planned_on: Mapped[date]
    drafted_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    drafted_at: Mapped[datetime]
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    checked_on: Mapped[date | None]
    check_remark: Mapped[str | None]


class Application(Identified, Base):
    """Förderantrag: what the rule gives on the legal date, and what was applied for."""

    __tablename__ = "applications"
    __table_args__ = (UniqueConstraint("stage_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("finance_plans.id"))
    programme: Mapped[str]
    guideline: Mapped[str]
    authority: Mapped[str]
    parties: Mapped[int]
    eligible: Mapped[Decimal]
    grant: Mapped[Decimal]
    own_contribution: Mapped[Decimal]
    reasons: Mapped[Json]
    prepared_on: Mapped[date]
    submitted_on: Mapped[date | None]
    receipt_reference: Mapped[str | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime | None]
