"""What the file keeps."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("journal", "Verlaufsakte",
             "Verlaufsakte.docx", data.JournalData,
             "Verlaufsakte {file_reference}.docx",
             examples.journal),
    Template("contents", "Inhaltsverzeichnis",
             "Inhaltsverzeichnis.docx", data.ContentsData,
             "Inhaltsverzeichnis {title} {file_reference}.docx",
             examples.contents),
)
# fmt: on
