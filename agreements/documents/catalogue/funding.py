"""The way to the grant."""

from __future__ import annotations

from typing import Final

from agreements.documents import data
from agreements.documents.examples import councils_second, funding
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("funding_application", "Förderantrag",
             "Förderantrag.docx", data.FundingApplicationData,
             "Förderantrag {project}.docx",
             funding.funding_application, councils_second.funding_application),
    Template("funding_letter", "Anschreiben zum Förderantrag",
             "Anschreiben zum Förderantrag.docx", data.FundingLetterData,
             "Anschreiben zum Förderantrag {project}.docx",
             funding.letter, councils_second.letter),
    Template("finance_plan", "Kosten- und Finanzierungsplan",
             "Kosten- und Finanzierungsplan.docx", data.FinancePlanData,
             "Kosten- und Finanzierungsplan {project}.docx",
             funding.finance_plan, councils_second.finance_plan),
)
# fmt: on
