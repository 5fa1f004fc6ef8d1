"""The catalogue of templates: which document exists, from which file, with which data."""

from __future__ import annotations

from functools import cache
from typing import Final

from agreements.documents.catalogue import agreements, conclusion, councils, funding, records
from agreements.documents.template import Template
from agreements.errors import NotFound

__all__ = ["TEMPLATES", "Template", "TemplateUnknown", "template_by_id"]


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


TEMPLATES: Final[tuple[Template, ...]] = (
    *agreements.TEMPLATES,
    *councils.TEMPLATES,
    *conclusion.TEMPLATES,
    *funding.TEMPLATES,
    *records.TEMPLATES,
)


@cache
def template_by_id(template_id: str) -> Template:
    """The template, or a refusal that lists those that exist."""
    for template in TEMPLATES:
        if template.id == template_id:
            return template
    raise TemplateUnknown(template_id)
