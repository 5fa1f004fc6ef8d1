"""Smart Region Kreis Unna: the application's annexes and the letter that goes with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agreements.documents import data, examples


def funding_application() -> data.FundingApplicationData:
    """The application, with what the programme wants to have declared."""
    return examples.funding_application().model_copy(
        update={
            "declarations": (
                "Die Allgemeinen Nebenbestimmungen für Zuwendungen zur Projektförderung an "
                "Gemeinden (ANBest-G) sind bekannt und werden anerkannt.",
                "Für dasselbe Vorhaben sind weitere öffentliche Mittel weder bewilligt noch "
                "beantragt.",
            ),
        }
    )


def finance_plan() -> data.FinancePlanData:
    """The plan of the application as an annex, spread over its three years."""
    given = examples.funding_application()
    common = {name: getattr(given, name) for name in data.FinancingData.model_fields}
    return data.FinancePlanData.model_validate(
        common
        | {
            "planned_on": date(2026, 8, 3),
            "checked_on": date(2026, 8, 10),
            "years": (
                data.YearRow(year=2027, expenses=Decimal("200000.00"), grant=Decimal("180000.00")),
                data.YearRow(year=2028, expenses=Decimal("172222.45"), grant=Decimal("155000.00")),
                data.YearRow(year=2029, expenses=Decimal("172222.00"), grant=Decimal("155000.00")),
            ),
        }
    )


def letter() -> data.FundingLetterData:
    """The letter to Arnsberg."""
    given = examples.funding_application()
    names = ("authority", "applicant", "performing", "programme", "guideline", "project")
    more = ("parties", "starts_on", "ends_on", "eligible", "grant", "file_reference", "author")
    return data.FundingLetterData.model_validate(
        {name: getattr(given, name) for name in (*names, *more, "dated_on")}
        | {"enclosures": ("Förderantrag", *given.attachments)}
    )
