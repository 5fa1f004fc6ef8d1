"""Good templates are accepted, whatever Word and LibreOffice put into them."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from agreements.documents import examples
from agreements.documents.inspection.findings import Finding
from agreements.documents.inspection.placeholder import lenient_sandbox
from agreements.documents.inspection.template import inspect
from agreements.documents.registry import TEMPLATES, Template, template_by_id
from agreements.documents.rendering import fill, render
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.inspection.making import (
    PNG,
    changed,
    document,
    field,
    packed,
    paragraph,
    parts,
    relations,
    split,
    table,
    text_box,
)
from tests.agreements.documents.reading import text_of
from tests.agreements.documents.test_office import _needed

FOLDER = PROJECT_ROOT / "templates"


def _linked() -> bytes:
    made = parts(
        paragraph("{{ name }}"),
        '<w:p><w:hyperlink r:id="rId5"><w:r><w:t>Rathaus</w:t></w:r></w:hyperlink></w:p>',
    )
    made["word/_rels/document.xml.rels"] = relations(
        ("rId5", "hyperlink", "https://www.kreis-unna.de/", True),
        ("rId6", "hyperlink", "mailto:rathaus@example.org", True),
        ("rId7", "hyperlink", "#Anlage", True),
    )
    return packed(made)


def _illustrated() -> bytes:
    drawing = (
        '<w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="1" name="Wappen"/>'
        '<a:graphic><a:graphicData uri="x"><pic:pic><pic:blipFill><a:blip r:embed="rId5"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    made = parts(f"<w:p><w:r>{drawing}</w:r></w:p>", paragraph("{{ name }}"))
    made["word/_rels/document.xml.rels"] = relations(("rId5", "image", "media/image1.png", False))
    made["word/media/image1.png"] = PNG
    return packed(made)


def _controls() -> bytes:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('{{ name }}')}</w:sdtContent></w:sdt>"
    return document(control, paragraph("{{ other }}"))


def _properties() -> bytes:
    made = parts(paragraph("{{ name }}"))
    made["docProps/core.xml"] = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties"><cp:keywords>Vorgang {{ name }}</cp:keywords></cp:coreProperties>'
    )
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    made["_rels/.rels"] = relations(
        ("rId1", "officeDocument", "word/document.xml", False),
        ("rId2", core, "docProps/core.xml", False),
    )
    made["[Content_Types].xml"] = str(made["[Content_Types].xml"]).replace(
        "</Types>",
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-'
        'package.core-properties+xml"/></Types>',
    )
    return packed(made)


def _from_a_word_processor() -> bytes:
    made = Document()
    made.add_heading("Übersicht {{ title }}", 1)
    made.add_paragraph("{% for row in rows %}{{ row.amount|eur }} {% endfor %}")
    made.add_paragraph("Straße, Ärger, „Zitat“ – § 24 { kein Platzhalter }")
    made.sections[0].header.paragraphs[0].text = "{{ title }}"
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


_NOTE = "<w:footnote w:id='2'>{0}</w:footnote>"
_FIELDS = ("PAGE", "NUMPAGES", 'TOC \\o "1-3"', "REF _Ref1 \\r", "SEQ Anlage", 'DATE \\@ "d.M."')
GOOD: dict[str, Callable[[], bytes]] = {
    "links": _linked,
    "images": _illustrated,
    "content controls": _controls,
    "text boxes": lambda: document(text_box("{{ name }}"), paragraph("{{ other }}")),
    "many fields": lambda: document(
        *(field(code) for code in _FIELDS),
        field('HYPERLINK "https://example.org/" \\o "Tipp"'),
        field('HYPERLINK \\l "Anlage"'),
        paragraph("{{ name }}"),
    ),
    "links that are filled": lambda: document(
        table(
            ("{%tr for row in rows %}",),
            ("{{ row.title }}",),
            ("{%tr endfor %}",),
        ),
        field('HYPERLINK "https://ziel.invalid/{{ number }}"'),
        field(' HYPERLINK "mailto:{{ address }}" '),
    ),
    "footnotes": lambda: document(
        paragraph("{{ name }}"), footnotes=_NOTE.format(paragraph("Nach {{ source.title }}"))
    ),
    "endnotes": lambda: document(
        paragraph("{{ name }}"),
        endnotes=_NOTE.format(paragraph("{{ source }}")).replace("footnote", "endnote"),
    ),
    "a table with rows that repeat": lambda: document(
        table(
            ("Betrag", "Tag"),
            ("{%tr for row in rows %}", ""),
            ("{{ row.cost.amount|eur }}", "{{ row.on|datum }}"),
            ("{%tr endfor %}", ""),
        )
    ),
    "paragraphs that repeat": lambda: document(
        paragraph("{%p for point in points if point.shown %}"),
        paragraph("{{ loop.index }}. {{ point.text|satzanfang }}"),
        paragraph("{%p for line in point.lines %}"),
        paragraph("{{ line|prozent }} {{ line|zahl }} {{ line|bekannt }}"),
        paragraph("{%p endfor %}"),
        paragraph("{%p else %}"),
        paragraph("nichts"),
        paragraph("{%p endfor %}"),
    ),
    "conditions": lambda: document(
        paragraph("{% if a.b == 'x' and not c %}A{% elif d is defined %}B{% else %}C{% endif %}")
    ),
    "umlauts and marks": lambda: document(
        paragraph("Straße „Ä“ & <b> {{ größe|default('„offen') }} {# Merkzettel #}")
    ),
    "a tag that Word has split": lambda: document(
        split("Guten Tag {", "{ na", "me|sat", "zanfang }", "}")
    ),
    "tags in header and footer": lambda: document(
        paragraph("x"), header=paragraph("{{ a.b.c|eur }}"), footer=paragraph("{{ d|datum_kurz }}")
    ),
    "properties": _properties,
    "a comment": lambda: document(
        paragraph("{{ name }}"), comments=f"<w:comment w:id='0'>{paragraph('Frage')}</w:comment>"
    ),
    "lists joined": lambda: document(
        paragraph("{{ parties|map(attribute='forms.name')|aufzaehlung }} {{ names|length }}")
    ),
    "from a word processor": _from_a_word_processor,
}


def refusals(found: list[Finding]) -> list[Finding]:
    """Those that refuse the file."""
    return [finding for finding in found if finding.refuses]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_template_is_accepted(name: str) -> None:
    assert refusals(inspect(GOOD[name](), "Vorlage.docx")) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)
def test_the_shipped_templates_are_accepted(template: Template) -> None:
    content = (FOLDER / template.file_name).read_bytes()
    assert refusals(inspect(content, template.file_name, template.id)) == []
    assert refusals(inspect(content, template.file_name)) == []


@pytest.mark.office
def test_a_template_saved_by_libreoffice_is_accepted(tmp_path: Path) -> None:
    office = _needed("soffice")
    source = tmp_path / "Vorlage.docx"
    shutil.copy(FOLDER / template_by_id("paper").file_name, source)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    kind = ("--convert-to", "docx:Office Open XML Text", "--outdir", str(tmp_path / "out"))
    subprocess.run(
        [office, profile, "--headless", *kind, str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    saved = (tmp_path / "out" / "Vorlage.docx").read_bytes()
    assert refusals(inspect(saved, "Vorlage.docx", "paper")) == []


def test_fields_are_listed_when_no_template_is_named() -> None:
    found = inspect(GOOD["a table with rows that repeat"](), "x.docx")
    listed = [finding.text for finding in found if finding.code == "field-listed"]
    assert listed == ["rows", "rows[].cost", "rows[].cost.amount", "rows[].on"]


def test_notes_and_properties_are_filled_once() -> None:
    template = template_by_id("matrix")
    source = (FOLDER / template.file_name).read_bytes()
    source = changed(source, "docProps/app.xml", "<Company/>", "<Company>{{ author }}</Company>")
    core = "<cp:keywords>{{ project }} {{ rows|length }}</cp:keywords>"
    source = changed(source, "docProps/core.xml", "<cp:keywords/>", core)
    assert refusals(inspect(source, template.file_name, "matrix")) == []
    data = examples.matrix().model_copy(update={"project": "Müller & {{ 7 * 7 }}"})
    made = render(template, data, source=source)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert f"<Company>{data.author}</Company>" in package.read("docProps/app.xml").decode()
        kept = package.read("docProps/core.xml").decode()
    assert f"Müller &amp; {{{{ 7 * 7 }}}} {len(data.rows)}" in kept


def test_footnotes_of_several_sections_are_filled_once() -> None:
    section = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"
    note = _NOTE.format(paragraph("{{ text }}"))
    source = document(section, section, paragraph("x"), footnotes=note)
    made = fill(source, "x.docx", None, {"text": "{{ 7 * 7 }}"}, lenient_sandbox())
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert "{{ 7 * 7 }}" in package.read("word/footnotes1.xml").decode()
    assert "49" not in text_of(made)
