"""Council and funding documents read back: every value, both examples, many parties, odd names."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from docx import Document
from docx.oxml.ns import qn
from pydantic import BaseModel

from agreements.documents import data, examples
from agreements.documents.catalogue import councils, funding
from agreements.documents.data import DocumentData
from agreements.documents.examples import councils as first
from agreements.documents.examples import councils_second as second
from agreements.documents.examples import funding as grant
from agreements.documents.filters import datum, datum_kurz, eur
from agreements.documents.forms import committee_forms
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.documents.template import Template
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.reading import text_of

TEMPLATES_DIR = PROJECT_ROOT / "templates"
OURS = (*councils.TEMPLATES, *funding.TEMPLATES)
ODD = 'Müller & Söhne <GmbH> „Ä“ "ß" {{ x }}'
# Fields of forms that a document does not print: cases that its sentences do not need.
_SILENT = ("author", "variant", "stage", "digest", "public", "decides", "bias_basis")
_FORMS = ("BodyForms", "CommitteeForms", "AuthorityForms")

both = pytest.mark.parametrize(
    ("template", "example"),
    [
        pytest.param(template, example, id=f"{template.id}-{number}")
        for template in OURS
        for number, example in enumerate((template.example, template.second_example), start=1)
    ],
)


def said(template_id: str, document: DocumentData) -> str:
    """What the document says."""
    return text_of(render(template_by_id(template_id), document, TEMPLATES_DIR))


def printed(value: object) -> Iterator[tuple[str, ...]]:
    """How each value of the data may be printed."""
    if isinstance(value, BaseModel):
        if type(value).__name__ in _FORMS:
            return
        for name in type(value).model_fields:
            if name not in _SILENT:
                yield from printed(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from printed(item)
    elif isinstance(value, Decimal):
        yield (plain(eur(value)), f"{value.normalize():f}".replace(".", ","))
    elif isinstance(value, date):
        yield (plain(datum(value)), datum_kurz(value))
    elif isinstance(value, str) and value:
        yield tuple(plain(v) for v in (value, value[:1].upper() + value[1:]))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\n", "").strip()


@both
def test_every_value_that_goes_in_is_read_back(template: Template, example: object) -> None:
    assert callable(example)
    document = example()
    text = said(template.id, document)
    flat = text.replace("\n", "")
    missing = [ways for ways in printed(document) if not any(way in flat for way in ways)]
    assert missing == []


@both
def test_there_are_no_gaps(template: Template, example: object) -> None:
    assert callable(example)
    text = said(template.id, example())
    assert not re.search(r"None|\{\{|\}\}|\{%|%\}|Undefined", text)
    assert "  " not in text
    assert not re.search(r" [,.;:](?:\s|$)", text)


@both
def test_tables_repeat_their_head_and_keep_their_rows_whole(
    template: Template, example: object
) -> None:
    assert callable(example)
    opened = Document(io.BytesIO(render(template, example(), TEMPLATES_DIR)))
    for table in opened.tables:
        rows = table._tbl.tr_lst
        whole = [row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows]
        head = rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert whole[0]
        assert head or len(table.columns) == 2
        if template.id not in ("synopsis", "extract"):  # whole clauses may be longer than a page
            assert all(whole)


@both
def test_no_heading_stands_alone(template: Template, example: object) -> None:
    assert callable(example)
    opened = Document(io.BytesIO(render(template, example(), TEMPLATES_DIR)))
    blocks = [
        "heading"
        if block.style is not None and block.style.name in ("Heading 1", "Abschnitt")
        else "text"
        for block in opened.iter_inner_content()
        if getattr(block, "text", "table")
    ]
    assert ("heading", "heading") not in list(pairwise(blocks))
    assert blocks[-1] == "text"


# --- the Beschlussvorlage -------------------------------------------------------------------


def test_each_committee_recommends_and_the_council_decides() -> None:
    text = said("paper", second.paper())
    for committee in ("Der Ausschuss für Finanzen und Personal", "Der Hauptausschuss"):
        assert f"{committee} empfiehlt dem Rat der Gemeinde Auenfeld, den nachstehenden" in text
    assert "Der Rat der Gemeinde Auenfeld beschließt:" in text
    points = second.paper().points
    assert all(text.count(point) == 1 for point in points)


def test_the_kreisausschuss_recommends_to_the_kreistag() -> None:
    committee = committee_forms("Kreisausschuss", "des Kreisausschusses")
    row = data.ConsultationRow(committee="Kreisausschuss", role="Empfehlung", forms=committee)
    paper = first.paper().model_copy(update={"body": examples.COUNTY, "consultations": (row,)})
    text = said("paper", paper)
    assert "Der Kreisausschuss empfiehlt dem Kreistag des Kreises Unna, den" in text
    assert "Der Kreistag des Kreises Unna beschließt:" in text
    assert "Der Landrat\nMartin Muster" in text


@pytest.mark.parametrize(
    ("name", "genitive", "nominative", "dative"),
    [
        ("Hauptausschuss", "des Hauptausschusses", "der Hauptausschuss", "dem Hauptausschuss"),
        (
            "Ständiger Ausschuss",
            "des Ständigen Ausschusses",
            "der Ständige Ausschuss",
            "dem Ständigen Ausschuss",
        ),
        (
            "Verbandsversammlung",
            "der Verbandsversammlung",
            "die Verbandsversammlung",
            "der Verbandsversammlung",
        ),
        ("Jugendparlament", "des Jugendparlaments", "das Jugendparlament", "dem Jugendparlament"),
    ],
)
def test_the_genitive_tells_how_a_committee_is_inflected(
    name: str, genitive: str, nominative: str, dative: str
) -> None:
    forms = committee_forms(name, genitive)
    assert (forms.nominative, forms.genitive, forms.dative) == (nominative, genitive, dative)


def test_amounts_are_added_up_and_unknown_ones_left_out() -> None:
    text = said("paper", second.paper())
    assert "4.200,00 €" in text
    assert "38.750,50 €" in text
    without = said("paper", first.paper().model_copy(update={"financial_rows": ()}))
    assert "Produkt/Konto" not in without
    assert "0,00 €" not in said("paper", first.paper()).replace("4.680,80 €", "")


def test_many_changes_are_named_and_shown_in_the_annex() -> None:
    changes = data.PaperChanges(
        earlier=examples.text_mark(), places=("§ 5 (Kosten): geändert", "§ 9 (Haftung): neu")
    )
    text = said("paper", first.paper().model_copy(update={"changes": changes}))
    assert "§ 5 (Kosten): geändert" in text
    assert "stellt die Synopse in der Anlage gegenüber" in text
    assert "Durchgestrichen" not in text


@pytest.mark.parametrize("name", [ODD, "Gemeinde " + "Ä" * 300])
def test_odd_and_long_names_survive(name: str) -> None:
    body = second.AUENFELD.model_copy(update={"name": name})
    assert name in said("paper", second.paper().model_copy(update={"body": body, "author": name}))
    assert name in said("extract", second.extract().model_copy(update={"parties": (name, "B")}))
    letter = second.letter().model_copy(update={"enclosures": (name,)})
    assert name in said("funding_letter", letter)


def test_a_matrix_of_25_parties() -> None:
    row = examples.matrix().rows[0]
    rows = tuple(
        row.model_copy(update={"body": f"Gemeinde Nr{number}x", "committee": committee})
        for number in range(25)
        for committee in ("Ausschuss", "Rat")
    )
    text = said("matrix", examples.matrix().model_copy(update={"rows": rows}))
    assert [text.count(f"Nr{number}x") for number in range(25)] == [2] * 25


def test_votes_of_an_open_consultation_are_not_called_unknown() -> None:
    opened = Document(
        io.BytesIO(render(template_by_id("matrix"), second.matrix(), TEMPLATES_DIR))
    ).tables[0]
    votes = [[cell.text for cell in row.cells][6:9] for row in opened.rows[1:]]
    assert votes == [["36", "0", "2"], ["–", "–", "–"]]


# --- extract and urgent decision ------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "Der Rat der Stadt Kamen hat folgenden Beschluss gefasst:"),
        (
            {"decides": False},
            "Der Rat der Stadt Kamen hat empfohlen, folgenden Beschluss zu fassen:",
        ),
        ({"adopted": False}, "Zur Abstimmung stand folgender Beschlussvorschlag:"),
        ({"members_excluded": 2}, "2 Mitglieder haben wegen Befangenheit (§ 31 GO NRW) an"),
        ({"variant": "execution"}, "Er wird hiermit ausgefertigt. Er dient zur Vorlage bei"),
    ],
)
def test_an_extract_says_what_was_done(changed: dict[str, object], sentence: str) -> None:
    assert sentence in said("extract", first.extract().model_copy(update=changed))


def test_the_first_stage_of_urgency_names_the_main_committee() -> None:
    text = said("urgent_decision", second.urgent_decision())
    assert "Anstelle des Rates der Gemeinde Auenfeld entscheidet der Hauptausschuss:" in text
    assert "Vorsitz des Hauptausschusses" in text
    assert "wird dem Rat der Gemeinde Auenfeld in der nächsten Sitzung zur Genehmigung" in text
    assert "Erhebliche Nachteile" not in text


def test_a_revoked_urgent_decision_says_why() -> None:
    later = data.LaterDecision(confirmed=False, decided_on=date(2026, 5, 7), reason="Zu teuer.")
    changed = {"later": later}
    text = said("urgent_decision", first.urgent_decision().model_copy(update=changed))
    assert "am 7. Mai 2026 aufgehoben. Begründung: Zu teuer." in text


# --- funding --------------------------------------------------------------------------------


def test_the_years_of_a_plan_have_to_add_up() -> None:
    plan = grant.finance_plan()
    wrong = plan.model_dump() | {"years": plan.model_dump()["years"][:2]}
    with pytest.raises(ValueError, match="Jahre ergeben"):
        data.FinancePlanData.model_validate(wrong)


def test_a_plan_without_years_says_nothing_of_them() -> None:
    assert "Haushaltsjahre" not in said("finance_plan", second.finance_plan())
    assert "Haushaltsjahre" in said("finance_plan", grant.finance_plan())


def test_declarations_are_those_of_the_programme() -> None:
    assert "ANBest-G" in said("funding_application", grant.funding_application())
    other = said("funding_application", second.funding_application())
    assert "ANBest" not in other
    assert "Anteilfinanzierung" in other
    assert "Festbetrag" not in other


def test_the_letter_says_what_will_follow() -> None:
    text = said("funding_letter", second.letter())
    assert "Der Beschluss folgender Beteiligten wird nachgereicht: Gemeinde Auenfeld." in text
    assert "vorzeitigen Maßnahmebeginn" in text
    assert "nachgereicht" not in said("funding_letter", grant.letter())
