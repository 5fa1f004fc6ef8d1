"""What is wrong in a template is named with its part, its paragraph and the tag."""

from __future__ import annotations

import pytest

from agreements.documents.inspection.findings import Finding
from agreements.documents.inspection.template import inspect
from agreements.documents.registry import template_by_id
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.inspection.making import (
    changed,
    document,
    paragraph,
    split,
    table,
    text_box,
)

_NOTE = "<w:{0}note w:id='2'>{1}</w:{0}note>"
WRONG = "Betrag: {{ sumary }}"


def only_refusal(content: bytes, template_id: str | None = None) -> Finding:
    """The one finding that refuses the file."""
    [finding] = [f for f in inspect(content, "Vorlage.docx", template_id) if f.refuses]
    return finding


PLACES = {
    "Textkörper": lambda: document(paragraph("eins"), paragraph(WRONG)),
    "Tabelle": lambda: document(table(("eins", WRONG))),
    "Textfeld": lambda: document(text_box("eins"), text_box(WRONG)),
    "Kopfzeile": lambda: document(paragraph("x"), header=paragraph("eins") + paragraph(WRONG)),
    "Fußzeile": lambda: document(paragraph("x"), footer=paragraph("eins") + paragraph(WRONG)),
    "Fußnote": lambda: document(
        paragraph("x"), footnotes=_NOTE.format("foot", paragraph("eins") + paragraph(WRONG))
    ),
    "Endnote": lambda: document(
        paragraph("x"), endnotes=_NOTE.format("end", paragraph("eins") + paragraph(WRONG))
    ),
}


@pytest.mark.parametrize("part", PLACES)
def test_an_unknown_field_is_named_in_every_part(part: str) -> None:
    finding = only_refusal(PLACES[part](), "matrix")
    assert (finding.code, finding.part) == ("field-unknown", part)
    assert finding.text == "{{ sumary }}"
    assert finding.place.startswith("Absatz ")
    assert finding.place.endswith("„Betrag: {{ sumary }}“")
    assert "„sumary“ gibt es nicht. Gemeint ist vielleicht „summary“." in finding.message


def test_an_unknown_field_in_a_property_is_named() -> None:
    template = template_by_id("matrix")
    source = (PROJECT_ROOT / "templates" / template.file_name).read_bytes()
    wrong = changed(source, "docProps/app.xml", "<Company/>", "<Company>{{ firma }}</Company>")
    finding = only_refusal(wrong, "matrix")
    assert (finding.code, finding.part) == ("field-unknown", "Dokumenteigenschaften")
    assert (finding.place, finding.text) == ("Eigenschaft „Company“", "{{ firma }}")


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("{% for row in rows %}{{ row.bodi }}{% endfor %}", "{{ row.bodi }}"),
        ("{% for row in rows %}{{ row.text.nummer }}{% endfor %}", "{{ row.text.nummer }}"),
        ("{{ rows|map(attribute='bodi')|join }}", "{{ rows|map(attribute='bodi')|join }}"),
        ("{{ rows[0].bodi }}", "{{ rows[0].bodi }}"),
        ("{{ (rows|first).bodi }}", "{{ (rows|first).bodi }}"),
        ("{% if public %}{{ summary }}{% endif %}", "{% if public %}"),
        ("{% for row in rows %}{{ loop.nummer }}{% endfor %}", "{{ loop.nummer }}"),
        ("{% for row in rovs %}{{ row }}{% endfor %}", "{% for row in rovs %}"),
        ("{% set x = rows[0] %}{{ x.bodi }}", "{{ x.bodi }}"),
    ],
)
def test_fields_are_judged_against_the_typed_model(tag: str, text: str) -> None:
    finding = only_refusal(document(paragraph(tag)), "matrix")
    assert (finding.code, finding.text) == ("field-unknown", text)


def test_a_text_is_no_list() -> None:
    finding = only_refusal(document(paragraph("{% for r in dated_on %}x{% endfor %}")), "matrix")
    assert finding.code == "not-a-list"


def test_a_branch_that_no_example_takes_is_judged_too() -> None:
    never = "{% if false %}{{ gibtesnicht }}{% endif %}"
    assert only_refusal(document(paragraph(never)), "matrix").text == "{{ gibtesnicht }}"


@pytest.mark.parametrize(
    "pieces",
    [
        ("{{ summary|default(„offen“) }}",),
        ("{{ summary|default(“offen”) }}",),
        ("{{ summary|de", "fault(„of", "fen“) }}"),
        ("{% if summary == ‚x‘ %}x{% endif %}",),
        ("{% if summary == »x« %}x{% endif %}",),
        ("{{ summary|default('Müller’s') }}",),
    ],
)
def test_typographic_quotes_get_exactly_that_hint(pieces: tuple[str, ...]) -> None:
    finding = only_refusal(document(split(*pieces)), "matrix")
    assert finding.code == "typographic-quotes"
    assert finding.message == (
        "Im Platzhalter stehen typographische Anführungszeichen; Word setzt sie beim Tippen. "
        'Ersetzen Sie sie durch gerade ("…").'
    )


def test_quotes_of_the_text_around_a_tag_are_no_offence() -> None:
    found = inspect(document(paragraph("„{{ summary }}“ ‚{{ author }}‘")), "x.docx", "matrix")
    assert [finding for finding in found if finding.refuses] == []


def test_every_wrong_part_is_named_at_once() -> None:
    content = document(
        paragraph("{{ eins }}"),
        paragraph("{{ summary|euro }}"),
        header=paragraph("{{ zwei"),
        footer=paragraph("{{ drei|default(„x“) }}"),
    )
    found = {(f.part, f.code) for f in inspect(content, "x.docx", "matrix") if f.refuses}
    assert found == {
        ("Textkörper", "field-unknown"),
        ("Textkörper", "filter-unknown"),
        ("Kopfzeile", "tag-unclosed"),
        ("Fußzeile", "typographic-quotes"),
    }


def test_unused_fields_are_only_mentioned() -> None:
    found = inspect(document(paragraph("{{ summary }}")), "x.docx", "matrix")
    assert [(f.code, f.text, f.refuses) for f in found] == [("field-unused", "rows", False)]


def test_a_field_that_a_used_property_reads_is_used() -> None:
    found = inspect(document(paragraph("{{ sections|length }}")), "x.docx", "agreement")
    assert "clauses" not in [finding.text for finding in found]


def test_tracked_changes_ask_to_settle_them() -> None:
    inserted = "<w:p><w:ins w:id='1' w:author='A'><w:r><w:t>neu</w:t></w:r></w:ins></w:p>"
    finding = only_refusal(document(paragraph("alt"), inserted), "matrix")
    assert (finding.code, finding.place) == ("tracked-changes", "Absatz 2: „neu“")
    assert "Nehmen Sie zuerst alle Änderungen an oder lehnen Sie sie ab" in finding.message


def test_what_the_trial_finds_has_a_place() -> None:
    finding = only_refusal(document(paragraph("Summe: {{ summary|eur }}")), "matrix")
    assert (finding.code, finding.part, finding.text) == (
        "rendering-failed",
        "Textkörper",
        "{{ summary|eur }}",
    )


def test_text_beside_a_tag_of_a_paragraph_would_be_lost() -> None:
    lost = document(paragraph("Wichtig {%p if summary %}"), paragraph("{%p endif %}"))
    assert only_refusal(lost, "matrix").code == "tag-not-alone"
