"""The documents from the signatures to the end of a case, for the second, different case."""

from __future__ import annotations

import io
import re

import docx
import pytest
from docx.oxml.ns import qn

from agreements.documents import data
from agreements.documents.catalogue import conclusion, records
from agreements.documents.examples import conclusion as examples
from agreements.documents.examples import records as record_examples
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.documents.template import Template
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.expected_conclusion import SECOND
from tests.agreements.documents.reading import text_of

TEMPLATES = tuple(t for t in (*conclusion.TEMPLATES, *records.TEMPLATES) if t.id in SECOND)
TEMPLATES_DIR = PROJECT_ROOT / "templates"
HARD = ("Müller & Söhne <GmbH>", "„Ä“ \"ß\" 'é' &amp;", "Wort " * 59 + "Ende")

each = pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)


def _text(template_id: str, document: data.DocumentData) -> str:
    return text_of(render(template_by_id(template_id), document, TEMPLATES_DIR))


@each
def test_the_second_example_renders_and_reads_right(template: Template) -> None:
    assert template.second_example is not None
    text = _text(template.id, template.second_example())
    for sentence in SECOND[template.id]:
        assert sentence in text
    for name in ("Birkenstein", "Erlmoor"):
        assert name in text
    assert not re.search(r"None|\{\{|\}\}|\{%|%\}|Undefined|<agreements", text)


@each
def test_no_gap_and_no_double_blank(template: Template) -> None:
    for example in (template.example, template.second_example):
        assert example is not None
        text = _text(template.id, example())
        found = re.findall(r"[^\n]* {2,}[^\n]*| [,.;:](?=\s)|\(\)|““|„„", text)
        assert found == []


@each
def test_rows_hold_together_and_heads_repeat(template: Template) -> None:
    rendered = render(template, template.example(), TEMPLATES_DIR)
    for table in docx.Document(io.BytesIO(rendered)).tables:
        for row in table.rows:
            assert row._tr.find(f".//{qn('w:cantSplit')}") is not None
        if len(table.rows) > 12:
            assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


@pytest.mark.parametrize("value", HARD)
def test_what_people_write_survives_in_minutes_and_notes(value: str) -> None:
    minutes = record_examples.steering_minutes()
    items = (data.MinutesItem(title=value, resolution=value, report=(value,)),)
    tasks = (data.MinutesTask(what=value, who=value),)
    changed = minutes.model_copy(update={"items": items, "tasks": tasks, "chair": value})
    assert _text("steering_minutes", changed).count(value) >= 6
    note = record_examples.closing_note()
    originals = (data.Original(what=value, where=value),)
    changed_note = note.model_copy(update={"originals": originals, "open_points": (value,)})
    assert _text("closing_note", changed_note).count(value) == 3


def test_twenty_five_parties_sign_on_pages_of_their_own() -> None:
    example = examples.signing_set()
    many = tuple(
        data.SigningParty(
            forms=example.signing[place % 11].forms.model_copy(
                update={"accusative": f"die Stadt Nummer {place}"}
            ),
            signatories=(data.Signatory(name=f"Person {place}", capacity="Bürgermeister"),),
        )
        for place in range(25)
    )
    text = _text("signing_set", example.model_copy(update={"signing": many}))
    for place in range(25):
        assert f"Für die Stadt Nummer {place}\n" in text
        assert f"Person {place}, Bürgermeister" in text
    assert text.count("Unterschriften: ") == 1


def test_in_text_form_nobody_is_asked_to_sign() -> None:
    text = _text("signing_set", examples.signing_set().model_copy(update={"form": "text"}))
    assert "in Textform (§ 126b BGB; § 24 Abs. 1 GkG NRW)" in text
    assert "gez. Jonas Beispiel, Bürgermeister" in text
    assert "Dienstsiegel" not in text
    assert "Tag der Erklärung" in text


def test_one_copy_is_said_to_be_one() -> None:
    text = _text("signing_set", examples.signing_set().model_copy(update={"copies": 1}))
    assert "wird in einer Ausfertigung gefertigt" in text


def test_votes_that_are_not_known_stay_so() -> None:
    item = data.MinutesItem(title="Antrag", resolution="So.", yes=5, adopted=False)
    minutes = record_examples.steering_minutes().model_copy(update={"items": (item,)})
    text = _text("steering_minutes", minutes)
    assert "5 Ja, nicht bekannt Nein, nicht bekannt Enthaltungen. Der Antrag ist abgelehnt." in text
