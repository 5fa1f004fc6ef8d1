from __future__ import annotations

import io
import pickle
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from agreements.documents import examples
from agreements.documents.content import text_hash
from agreements.documents.data import DocumentData, MatrixData
from agreements.documents.registry import TEMPLATES, Template, TemplateUnknown, template_by_id
from agreements.documents.rendering import data_hash, render, render_job
from agreements.errors import StepFailure
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents import expected_conclusion
from tests.agreements.documents.reading import text_of

TEMPLATES_DIR = PROJECT_ROOT / "templates"
MARK = examples.text_mark()

# What a reader must find in the example of each document.
EXPECTED: dict[str, tuple[str, ...]] = {
    "agreement": (
        "der Stadt Schwerte, Rathausplatz 1, 58239 Schwerte, vertreten durch den Bürgermeister "
        "Jonas Beispiel – federführende und durchführende Körperschaft –,",
        "vertreten durch den Bürgermeister Dirk Richtwert und",
        "Kostenschlüssel",
        "Stichtag 31. Dezember 2024 auf der Grundlage des Zensus 2022",
        "Für den Kreis Unna",
        "Aufgabenverzeichnis",
        f"Textfassung 3 · Prüfsumme {MARK.short}…",
    ),
    "letter_of_intent": (
        "eine mandatierende öffentlich-rechtliche Vereinbarung (§ 23 Absatz 1 Alternative 2",
        "der Kreis Unna die Vorbereitung des Förderantrages und",
        "bis zu einem Gesamtbetrag von 22.000,00 €",
        "die Bestimmungen über die Kosten (§ 4) und die Vertraulichkeit (§ 5)",
        "mit Ablauf des 31. Dezember 2026",
        "§ 126b des Bürgerlichen Gesetzbuchs",
    ),
    "accession_agreement": (
        "Die Stadt Lindenbruch tritt der Vereinbarung mit allen Rechten und Pflichten",
        "zahlt die Stadt Lindenbruch einmalig 12.500,00 € an die Stadt Schwerte",
        "Genehmigung durch die Bezirksregierung Arnsberg (§ 24 Absatz 2",
    ),
    "amendment_agreement": (
        "Nach § 9 wird folgender § 10 eingefügt:",
        "„§ 10 Evaluation",
        "§ 14 Absatz 2 erhält folgende Fassung:",
        "Die bisherigen §§ 10 bis 20 werden die §§ 11 bis 21.",
    ),
    "exit_agreement": (
        "Die Stadt Kamen scheidet mit Ablauf des 31. Dezember 2028 aus der Vereinbarung aus.",
        "Mit der Erfüllung von § 2 Absatz 2 sind alle Ansprüche",
        "angezeigt und im Amtsblatt für den Regierungsbezirk Arnsberg bekannt gemacht",
    ),
    "repeal_agreement": (
        "Die Vereinbarung wird mit Ablauf des 31. Dezember 2031 aufgehoben.",
        "(§ 24 Absatz 5 GkG NRW)",
        "zu dem in § 1 Absatz 1 genannten Zeitpunkt",
    ),
    "service_catalogue": (
        "Anlage 1 zur Vereinbarung:",
        "Datenplattform",
        "Beiträge der übrigen Beteiligten: Bereitstellung der Daten",
        "Nicht umfasst",
    ),
    "cost_key": (
        "im Verhältnis der Einwohnerzahlen verteilt",
        "Stichtag 31. Dezember 2024, Grundlage: Zensus 2022",
        "Vorabanteil 20 v. H.",
        "37.000,00 €",
        "185.000,00 €",
        "Einen verbleibenden Rundungsunterschied trägt die Stadt Schwerte.",
        "Scheidet eine beteiligte Körperschaft aus",
    ),
    "rules_of_procedure": (
        "Mit beratender Stimme nehmen die Projektleitung und die Datenschutzbeauftragten",
        "mindestens 3-mal im Jahr",
        "Für den Vorsitz: Kreis Unna",
    ),
    "joint_controllers": (
        "Artikel 26 DSGVO",
        "Anlaufstelle für betroffene Personen ist die Stadt Schwerte, Rathausplatz 1",
        "wird erfüllt durch",
        "Datenschutz-Folgenabschätzung (Artikel 35 DSGVO)",
    ),
    "processing_contract": (
        *(f"Buchstabe {letter} DSGVO" for letter in "abcdefgh"),
        "spätestens 24 Stunden nach Bekanntwerden",
        "Technische und organisatorische Maßnahmen",
        "Müller & Söhne GmbH",
    ),
    "paper": (
        "Beschlussvorlage 045/2026",
        "Der Rat der Stadt Kamen beschließt:",
        "öffentlich",
        "14.04.2026",
        "noch offen",
        "4.680,80 €",
        "Die Bürgermeisterin",
        MARK.digest,
    ),
    "matrix": (
        "Beschlussmatrix Smart Region Kreis Unna",
        "11 von 11 Vertretungen",
        "nicht bekannt",
        "ungeändert beschlossen",
        "Kreisausschuss",
    ),
    "synopsis": (
        "Synopse Smart Region Kreis Unna",
        "Textfassung 2",
        f"Textfassung 3 · {MARK.short}…",
        "(1) Die Kosten werden nach Nutzung & Betrieb verteilt.",
        "§ 8 (bisher § 7)",
        "Der Rat der Stadt Kamen hat die Kostenverteilung geändert beschlossen.",
    ),
    "approval_application": (
        "Antrag auf Genehmigung nach § 24 Absatz 2 GkG NRW",
        "§ 29 Absatz 4 GkG NRW; die Aufgaben nimmt die Stadt Schwerte wahr",
        "Kreistag",
        "07.05.2026",
    ),
    "filing": (
        "Anzeige einer öffentlich-rechtlichen Vereinbarung",
        "zeige ich die am 30. Juni 2026",
    ),
    "publication": (
        "am 28. Juli 2026 gemäß § 24 Absatz 2 in Verbindung mit § 29 Absatz 4",
        "am Tag nach dieser Bekanntmachung wirksam (§ 24 Absatz 4 GkG NRW)",
        "gez. Erika Exempel, Bürgermeisterin",
    ),
    "funding_application": (
        "490.000,00 €",
        "54.444,45 €",
        "544.444,45 €",
        "90 v. H.",
        "Vorabanteil 20 v. H.",
        "an die Stadt Schwerte weitergeleitet",
        "bevor der Zuwendungsbescheid bekannt gegeben ist",
    ),
    "extract": (
        "Auszug aus der Niederschrift",
        "über die Sitzung des Rates der Stadt Kamen am 7. Mai 2026",
        "Der Rat der Stadt Kamen hat folgenden Beschluss gefasst:",
        "nicht bekannt",
        "(Dienstsiegel)",
    ),
    "urgent_decision": (
        "nach § 60 Abs. 1 GO NRW – zweite Stufe",
        "entscheidet die Bürgermeisterin gemeinsam mit einem Mitglied dieser Vertretung:",
        "am 7. Mai 2026 genehmigt",
    ),
    "funding_letter": ("der Kreis Unna beantragt", "Anlagen", "Förderantrag"),
    "finance_plan": ("Verteilung auf die Haushaltsjahre", "172.222,45 €", "54.444,45 €"),
    "journal": (
        "Einträge 1 bis 4 von 4",
        "11.05.2026, 10:02:00 Uhr",
        "im Namen: Bürgermeisterin",
        "Stimmen: ja 83, nein 1, Enthaltungen 1 → ja 38, nein 1, Enthaltungen 1",
        "Einzelheiten sind für die abrufende Person nicht einsehbar.",
        "Der Eintrag ist für die abrufende Person nicht einsehbar.",
        "b2b2b2b2b2b2…",
        "d4" * 32,
    ),
    "contents": (
        "Antragsmappe",
        "Achtung: Nr. 3 „Auszug aus der Niederschrift Kamen“ liegt nicht in der Dokumentenablage.",
        "Textfassung 3 · von vereinbar erstellt",
        "e5e5e5e5e5e5…",
        "07.05.2026",
    ),
}

EXPECTED |= expected_conclusion.EXPECTED

every_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)


@every_template
def test_the_full_example_renders_and_reads_right(template: Template) -> None:
    text = text_of(render(template, template.example(), TEMPLATES_DIR))
    for sentence in EXPECTED[template.id]:
        assert sentence in text
    assert not re.search(r"None|\{\{|\}\}|\{%|%\}|Undefined|<agreements", text)


@every_template
def test_every_body_of_the_case_is_named(template: Template) -> None:
    text = text_of(render(template, template.example(), TEMPLATES_DIR))
    named = [body.short for body in examples.BODIES if body.short not in text]
    assert named == []


def test_the_whole_text_of_the_version_is_in_the_agreement() -> None:
    template = template_by_id("agreement")
    text = text_of(render(template, template.example(), TEMPLATES_DIR))
    content = examples.content()
    for clause in content.clauses:
        for line in (clause.title, *(line for p in clause.paragraphs for line in p.split("\n"))):
            assert line in text
    assert len(content.clauses) >= 18
    assert MARK.digest == text_hash(content)


@every_template
def test_the_same_template_and_data_give_the_same_bytes(template: Template) -> None:
    first = render(template, template.example(), TEMPLATES_DIR)
    assert render(template, template.example(), TEMPLATES_DIR) == first


@every_template
def test_the_file_says_what_it_is(template: Template) -> None:
    data = template.example()
    document = Document(io.BytesIO(render(template, data, TEMPLATES_DIR)))
    properties = document.core_properties
    assert properties.title == data.document_title
    assert properties.author == data.author
    assert properties.language == "de-DE"
    assert properties.created is not None
    assert properties.created.date() == data.dated_on
    assert 'w:lang w:val="de-DE"' in document.styles.element.xml


@every_template
def test_no_run_is_formatted_by_hand(template: Template) -> None:
    with zipfile.ZipFile(TEMPLATES_DIR / template.file_name) as package:
        body = package.read("word/document.xml").decode()
    by_hand = re.findall(r"<w:rPr>(?!<w:rStyle w:val=\"[^\"]+\"/></w:rPr>).*?</w:rPr>", body)
    assert by_hand == []


@every_template
def test_every_list_of_the_data_may_be_short(template: Template) -> None:
    """A loop that only the full example feeds would hide a broken tag."""
    data = template.example()
    for name, field in type(data).model_fields.items():
        if isinstance(getattr(data, name), tuple) and not field.is_required():
            text_of(render(template, data.model_copy(update={name: ()}), TEMPLATES_DIR))


@pytest.mark.parametrize("value", ["Müller & Söhne <GmbH>", "„Ä“ \"ß\" 'é' > < &amp;", "{{ x }}"])
def test_what_people_write_survives(value: str) -> None:
    data = examples.matrix().model_copy(update={"project": value, "summary": f"{value} – Ende"})
    text = text_of(render(template_by_id("matrix"), data, TEMPLATES_DIR))
    assert f"{value} – Ende" in text
    assert text.count(value) >= 3  # header, title, summary


def test_unknown_votes_are_not_invented() -> None:
    rows = (examples.matrix().rows[0].model_copy(update={"yes": None, "no": 1, "abstained": 1}),)
    data = examples.matrix().model_copy(update={"rows": rows})
    document = Document(io.BytesIO(render(template_by_id("matrix"), data, TEMPLATES_DIR)))
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert cells[6:9] == ["nicht bekannt", "1", "1"]


def test_an_output_name_is_german_and_safe() -> None:
    template = template_by_id("paper")
    froendenberg = next(body for body in examples.BODIES if "/" in body.short)
    data = examples.paper()
    assert template.output_name(data) == "Beschlussvorlage Kamen, Beschluss zur Vereinbarung.docx"
    there = data.model_copy(update={"body": froendenberg})
    name = "Beschlussvorlage Fröndenberg-Ruhr, Beschluss zur Vereinbarung.docx"
    assert template.output_name(there) == name


def test_the_catalogue_knows_its_templates_and_no_others() -> None:
    assert {template.file_name for template in TEMPLATES} == {
        path.name for path in TEMPLATES_DIR.glob("*.docx")
    }
    with pytest.raises(TemplateUnknown, match="„vertrag“ gibt es nicht; vorhanden: agreement"):
        template_by_id("vertrag")


# --- templates that somebody broke ---------------------------------------------------------

Mend = Callable[[str], None]


@pytest.fixture
def matrix_with(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A folder with the matrix template in which one text of a part was replaced."""

    def broken(part: str, old: str, new: str) -> Path:
        name = template_by_id("matrix").file_name
        with (
            zipfile.ZipFile(TEMPLATES_DIR / name) as source,
            zipfile.ZipFile(tmp_path / name, "w") as target,
        ):
            for entry in source.namelist():
                content = source.read(entry)
                if entry == f"word/{part}.xml":
                    assert old.encode() in content
                    content = content.replace(old.encode(), new.encode(), 1)
                target.writestr(entry, content)
        return tmp_path

    return broken


BROKEN = [
    pytest.param(
        ("document", "{{ summary }}", "Ergebnis: {{ sumary }}"),
        ("„sumary“ gibt es nicht", "Textkörper", "„Ergebnis: {{ sumary }}“", "„summary“"),
        id="misspelt field in the body",
    ),
    pytest.param(
        ("document", "{{ row.body }}", "{{ row.bodi }}"),
        ("„bodi“ gibt es nicht", "Tabelle", "{{ row.bodi }}", "vielleicht „body“"),
        id="misspelt field of a row",
    ),
    pytest.param(
        ("document", "in rows %}", "in rovs %}"),
        ("„rovs“ gibt es nicht", "Tabelle", "vielleicht „rows“"),
        id="misspelt list",
    ),
    pytest.param(
        ("header1", "{{ project }}", "{{ projekt }}"),
        ("„projekt“ gibt es nicht", "Kopfzeile", "Beschlussmatrix {{ projekt }}"),
        id="misspelt field in the header",
    ),
    pytest.param(
        ("footer1", "{{ dated_on|datum }}", "{{ dated|datum }}"),
        ("„dated“ gibt es nicht", "Fußzeile"),
        id="misspelt field in the footer",
    ),
    pytest.param(
        ("document", "{{ summary }}", "{{ summary|default(„offen“) }}"),
        ("fehlerhaft geschrieben", "Textkörper", "typographische Anführungszeichen"),
        id="typographic quotes",
    ),
    pytest.param(
        ("document", "{{ summary }}", "{{ summary|euro }}"),
        ("fehlerhaft geschrieben", "euro", "Textkörper"),
        id="unknown filter",
    ),
    pytest.param(
        ("document", "{{ summary }}", "{{ summary|eur }}"),
        ("passt nicht zu seinem Wert", "{{ summary|eur }}"),
        id="filter on the wrong kind of value",
    ),
    pytest.param(
        ("document", "{{ summary }}", "{{ ''.__class__.__mro__ }}"),
        ("„__class__“", "aus Sicherheitsgründen"),
        id="escape through a string",
    ),
    pytest.param(
        ("document", "{{ summary }}", "{{ rows[0].model_dump() }}"),
        ("„model_dump“", "aus Sicherheitsgründen"),
        id="escape through a model",
    ),
    pytest.param(
        ("document", "{%tr endfor %}", ""),
        ("fehlerhaft geschrieben", "Beschlussmatrix.docx"),
        id="unclosed loop",
    ),
]


@pytest.mark.parametrize(("damage", "sentences"), BROKEN)
def test_a_broken_template_fails_with_name_and_place(
    matrix_with: Callable[[str, str, str], Path],
    damage: tuple[str, str, str],
    sentences: tuple[str, ...],
) -> None:
    folder = matrix_with(*damage)
    with pytest.raises(StepFailure) as failure:
        render(template_by_id("matrix"), examples.matrix(), folder)
    for sentence in ("Beschlussmatrix.docx", *sentences):
        assert sentence in str(failure.value)
    assert str(pickle.loads(pickle.dumps(failure.value))) == str(failure.value)


def test_a_mended_template_is_used_without_a_restart(
    matrix_with: Callable[[str, str, str], Path],
) -> None:
    template, data = template_by_id("matrix"), examples.matrix()
    folder = matrix_with("document", "{{ summary }}", "{{ sumary }}")
    with pytest.raises(StepFailure):
        render(template, data, folder)
    shutil.copy(TEMPLATES_DIR / template.file_name, folder)
    assert render(template, data, folder) == render(template, data, TEMPLATES_DIR)


def test_a_missing_or_unreadable_template_is_named(tmp_path: Path) -> None:
    template = template_by_id("matrix")
    with pytest.raises(StepFailure, match=r"„Beschlussmatrix\.docx“ fehlt im Ordner"):
        render(template, examples.matrix(), tmp_path)
    (tmp_path / template.file_name).write_bytes(b"kein Word")
    with pytest.raises(StepFailure, match="keine lesbare Word-Datei"):
        render(template, examples.matrix(), tmp_path)


# --- jobs ----------------------------------------------------------------------------------


@every_template
def test_a_job_gives_the_document_and_what_it_was_made_from(template: Template) -> None:
    data: DocumentData = template.example()
    made = render_job(template.id, str(TEMPLATES_DIR), data.model_dump(mode="json"))
    assert made.content == render(template, data, TEMPLATES_DIR)
    assert made.data_hash == data_hash(data)
    assert (made.template_id, len(made.template_hash)) == (template.id, 64)


def test_data_that_does_not_fit_is_named() -> None:
    data = examples.matrix().model_dump(mode="json") | {"runde": 1, "summary": ""}
    with pytest.raises(StepFailure, match=r"„Beschlussmatrix“ .*summary: .*runde: "):
        render_job("matrix", str(TEMPLATES_DIR), data)


def test_other_data_have_another_hash() -> None:
    data: MatrixData = examples.matrix()
    assert data_hash(data) != data_hash(data.model_copy(update={"summary": "offen"}))
