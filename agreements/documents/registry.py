"""The catalogue of templates: which document exists, from which file, with which data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from agreements.documents import data, examples
from agreements.errors import NotFound

_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of document."""

    id: str
    title: str
    file_name: str
    model: type[data.DocumentData]
    # Fields of the data in braces: "Beschlussvorlage {body.short}.docx"
    output_pattern: str
    example: Callable[[], data.DocumentData]

    def output_name(self, document: data.DocumentData) -> str:
        """The document's file name: German, safe on every file system."""
        values = {name: getattr(document, name) for name in type(document).model_fields}
        stem = self.output_pattern.removesuffix(".docx").format_map(values)
        return f"{_NOT_IN_FILE_NAMES.sub('-', stem).strip(' .,')[:150]}.docx"


class TemplateUnknown(NotFound):
    """No template has this id."""

    def __init__(self, template_id: str) -> None:
        known = ", ".join(template.id for template in TEMPLATES)
        super().__init__(
            "template-unknown",
            f"Eine Vorlage „{template_id}“ gibt es nicht; vorhanden: {known}.",
            accepted=known,
        )
        self.args = (template_id,)


# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("agreement", "Öffentlich-rechtliche Vereinbarung",
             "Öffentlich-rechtliche Vereinbarung.docx", data.AgreementData,
             "Öffentlich-rechtliche Vereinbarung, Textfassung {text.version}, {status}.docx",
             examples.agreement),
    Template("paper", "Beschlussvorlage",
             "Beschlussvorlage.docx", data.PaperData,
             "Beschlussvorlage {body.short}, {round_label}.docx",
             examples.paper),
    Template("matrix", "Beschlussmatrix",
             "Beschlussmatrix.docx", data.MatrixData,
             "Beschlussmatrix {round_label}.docx",
             examples.matrix),
    Template("synopsis", "Synopse",
             "Synopse.docx", data.SynopsisData,
             "Synopse Textfassungen {earlier.version} und {text.version}.docx",
             examples.synopsis),
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
    Template("funding_application", "Förderantrag",
             "Förderantrag.docx", data.FundingApplicationData,
             "Förderantrag {project}.docx",
             examples.funding_application),
    Template("journal", "Verlaufsakte",
             "Verlaufsakte.docx", data.JournalData,
             "Verlaufsakte {file_reference}.docx",
             examples.journal),
)
# fmt: on


@cache
def template_by_id(template_id: str) -> Template:
    """The template, or a refusal that lists those that exist."""
    for template in TEMPLATES:
        if template.id == template_id:
            return template
    raise TemplateUnknown(template_id)
