"""The way to the grant."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("funding_application", "Förderantrag",
             "Förderantrag.docx", data.FundingApplicationData,
             "Förderantrag {project}.docx",
             examples.funding_application),
)
# fmt: on
