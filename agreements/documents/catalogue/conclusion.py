"""From the signatures to the entry into force."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("approval_application", "Antrag auf Genehmigung",
             "Antrag auf Genehmigung.docx", data.ApprovalData,
             "Antrag auf Genehmigung an {authority.name}.docx",
             examples.approval),
    Template("filing", "Anzeige der Vereinbarung",
             "Antrag auf Genehmigung.docx", data.ApprovalData,
             "Anzeige an {authority.name}.docx",
             examples.filing),
    Template("publication", "Bekanntmachungstext",
             "Bekanntmachung.docx", data.PublicationData,
             "Bekanntmachung {authority.gazette}.docx",
             examples.publication),
)
# fmt: on
