"""What is recorded of the finance plan and the funding application: the views."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from agreements.funding.plan import FinancePlan
from agreements.glossary import label
from agreements.model import funding as rows
from agreements.model.enums import PlanState
from api.rest.schemas import Output


class FinancePlanView(Output):
    """Die neueste Fassung des Kosten- und Finanzierungsplans."""

    number: int
    state: PlanState
    state_label: str = Field(examples=["geprüft"])
    plan: FinancePlan
    description: str
    starts_on: date
    ends_on: date
    eligible: Decimal = Field(examples=["560000.00"])
    grant: Decimal = Field(examples=["490000.00"])
    own_contribution: Decimal = Field(examples=["70000.00"])
    planned_on: date
    checked_on: date | None
    check_remark: str | None

    @classmethod
    def of(cls, plan: rows.FinancePlanVersion) -> FinancePlanView:
        """The plan of a row."""
        return cls(
            number=plan.number,
            state=plan.state,
            state_label=label(plan.state),
            plan=FinancePlan.model_validate(plan.plan),
            description=plan.description,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            eligible=plan.eligible,
            grant=plan.grant,
            own_contribution=plan.own_contribution,
            planned_on=plan.planned_on,
            checked_on=plan.checked_on,
            check_remark=plan.check_remark,
        )


class ApplicationView(Output):
    """Der Förderantrag: was die Richtlinie ergibt und was beantragt wird."""

    programme: str = Field(examples=["ikz-nrw"])
    guideline: str
    authority: str = Field(examples=["Bezirksregierung Arnsberg"])
    parties: int
    eligible: Decimal = Field(examples=["560000.00"])
    grant: Decimal = Field(examples=["490000.00"])
    own_contribution: Decimal = Field(examples=["70000.00"])
    reasons: list[str]
    prepared_on: date
    submitted_on: date | None
    receipt_reference: str | None
    recorded_at: datetime | None

    @classmethod
    def of(cls, application: rows.Application) -> ApplicationView:
        """The application of a row."""
        return cls(
            programme=application.programme,
            guideline=application.guideline,
            authority=application.authority,
            parties=application.parties,
            eligible=application.eligible,
            grant=application.grant,
            own_contribution=application.own_contribution,
            reasons=application.reasons["reasons"],
            prepared_on=application.prepared_on,
            submitted_on=application.submitted_on,
            receipt_reference=application.receipt_reference,
            recorded_at=application.recorded_at,
        )
