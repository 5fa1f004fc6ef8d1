"""Texts that the parties agree on."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("agreement", "Öffentlich-rechtliche Vereinbarung",
             "Öffentlich-rechtliche Vereinbarung.docx", data.AgreementData,
             "Öffentlich-rechtliche Vereinbarung, Textfassung {text.version}, {status}.docx",
             examples.agreement),
)
# fmt: on
