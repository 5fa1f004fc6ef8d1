"""The page on the templates' fields is written from the models, and it is up to date."""

from __future__ import annotations

import pytest

from agreements.documents import reference
from agreements.documents.registry import TEMPLATES, Template, template_by_id
from agreements.documents.sandbox import readable_names


def test_the_page_is_up_to_date() -> None:
    """If not: ``python -m agreements.documents.reference``."""
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)
def test_every_field_that_a_template_may_use_is_described(template: Template) -> None:
    described = {field.name for field in reference.described(template).fields}
    assert described == readable_names(template.model)


def test_what_is_inside_a_field_is_described_too() -> None:
    models = {model.name: model for model in reference.inner_models(template_by_id("agreement"))}
    assert {"AgreementParty", "BodyForms", "Clause", "Section", "TextMark"} <= models.keys()
    forms = {field.name: field for field in models["BodyForms"].fields}
    assert forms["genitive"].example
    assert forms["head_accusative"].meaning == 'Nach "vertreten durch": "den Landrat".'


def test_kinds_are_named_in_german() -> None:
    kinds = {
        field.name: field.kind for field in reference.described(template_by_id("paper")).fields
    }
    assert kinds["dated_on"] == "Datum"
    assert kinds["points"] == "Liste: Text"
    assert kinds["consultations"] == "Liste von Angaben"
    assert kinds["public"] == "ja oder nein"
