from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from agreements.documents import clauses, examples
from agreements.documents.clauses import assemble, assemble_principle, clause_set
from agreements.documents.content import text_hash
from agreements.documents.forms import BodyForms
from agreements.errors import StepFailure

TERMS = examples.terms()


def whole_text(terms: clauses.AgreementTerms) -> str:
    content = assemble("mandating_nw", terms)
    return "\n".join(
        [
            content.title,
            *content.preamble,
            *(line for c in content.clauses for line in (c.title, *c.paragraphs)),
            *content.annexes,
        ]
    )


def section(terms: clauses.AgreementTerms, title: str) -> tuple[int, str]:
    content = assemble("mandating_nw", terms)
    for number, clause in enumerate(content.clauses, start=1):
        if clause.title == title:
            return number, "\n".join(clause.paragraphs)
    raise LookupError(title)


def test_the_usual_sections_of_such_an_agreement_are_there() -> None:
    text = whole_text(TERMS)
    for word in (
        "§ 23 Absatz 1 Alternative 2, Absatz 2 Satz 2",
        "Lenkungskreis",
        "Projektleitung",
        "Kostenschlüssel",
        "§ 2b Absatz 3 Nummer 2",
        "§ 108 Absatz 6",
        "Artikel 28 DSGVO",
        "Haftung",
        "ordentliche Kündigung",
        "wichtigem Grund",
        "Beitritt",
        "§ 30 GkG NRW",
        "Schriftform",
        "§ 24 Absatz 4 GkG NRW",
    ):
        assert word in text
    assert not re.search(r"\{\{|\}\}|\{%|None| {2}| ,|\.\.", text)


def test_a_reference_names_the_section_that_it_means_even_when_one_falls_away() -> None:
    for terms in (TERMS, TERMS.model_copy(update={"programme": None})):
        key_number, _ = section(terms, "Folgen des Ausscheidens und der Beendigung")
        _, key = section(terms, "Kostenschlüssel")
        assert f"§ {key_number} bleibt unberührt" in key
    with pytest.raises(LookupError):
        section(TERMS.model_copy(update={"programme": None}), "Zuwendungen")


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ({"method": "equal"}, "werden auf alle Beteiligten zu gleichen Teilen verteilt."),
        (
            {"reference_date": "2024-12-31", "census": "Zensus 2022"},
            "werden auf alle Beteiligten im Verhältnis ihrer Einwohnerzahlen verteilt.",
        ),
        (
            {
                "method": "base_and_inhabitants",
                "base_percent": "12.5",
                "reference_date": "2024-12-31",
                "census": "Zensus 2022",
            },
            "zu 12,5 v. H. zu gleichen Teilen (Sockel) und im Übrigen im Verhältnis ihrer "
            "Einwohnerzahlen verteilt.",
        ),
    ],
)
def test_each_cost_key_reads_as_one_sentence(key: dict[str, object], sentence: str) -> None:
    cost_key = clauses.CostKeyTerms.model_validate(key)
    text = section(TERMS.model_copy(update={"cost_key": cost_key}), "Kostenschlüssel")[1]
    assert sentence in text
    assert ("Stichtag 31. Dezember 2024" in text) == (cost_key.method != "equal")


def test_a_key_by_population_without_date_and_census_is_refused() -> None:
    with pytest.raises(ValidationError, match="Stichtag und Zensusbasis"):
        clauses.CostKeyTerms(method="inhabitants")


def test_a_lead_that_is_no_party_is_refused() -> None:
    with pytest.raises(ValidationError, match="lead: Stadt Schwerte gehört nicht"):
        clauses.AgreementTerms.model_validate(
            TERMS.model_dump() | {"parties": [body.model_dump() for body in examples.BODIES[1:]]}
        )


def test_a_kreis_as_lead_is_declined_rightly() -> None:
    text = whole_text(
        TERMS.model_copy(update={"lead": examples.COUNTY, "applicant": examples.COUNTY})
    )
    assert "Der Kreis Unna führt die in § 2 beschriebenen Aufgaben" in text
    assert "Pflichten des Kreises Unna" in text
    assert "erstatten dem Kreis Unna" in text
    assert "weitergeleitet" not in text


def test_terms_are_text_and_never_run() -> None:
    text = whole_text(TERMS.model_copy(update={"project": "{{ 7 * 7 }} Müller & Söhne"}))
    assert "„{{ 7 * 7 }} Müller & Söhne“" in text


def test_two_assemblies_are_the_same_text_and_a_changed_term_is_another() -> None:
    first = text_hash(assemble("mandating_nw", TERMS))
    assert text_hash(assemble("mandating_nw", TERMS)) == first
    changed = TERMS.model_copy(update={"notice_months": 24})
    assert text_hash(assemble("mandating_nw", changed)) != first


def test_a_new_head_of_administration_leaves_the_text_as_it_was_resolved() -> None:
    def renamed(body: BodyForms) -> BodyForms:
        return body.model_copy(update={"head_name": "Neu Gewählt", "head_title": "Bürgermeisterin"})

    after = TERMS.model_copy(
        update={
            "parties": tuple(renamed(body) for body in TERMS.parties),
            "lead": renamed(TERMS.lead),
            "applicant": renamed(TERMS.applicant),
            "chair": renamed(TERMS.chair),
        }
    )
    assert assemble("mandating_nw", after) == assemble("mandating_nw", TERMS)


def test_a_grundsatzbeschluss_has_its_three_parts() -> None:
    terms = clauses.PrincipleTerms.model_validate(
        {name: getattr(TERMS, name) for name in clauses.PrincipleTerms.model_fields}
    )
    content = assemble_principle("principle_nw", terms)
    assert len(content.points) == 3
    assert "Projektleitstelle wird bei der Stadt Schwerte eingerichtet" in content.points[0]
    assert "Den Antrag stellt der Kreis Unna" in content.points[1]
    assert "gesondert zur Beschlussfassung vorgelegt" in content.points[2]
    assert len(clauses.reasons("principle_nw", terms)) == 4
    without = terms.model_copy(update={"programme": None})
    assert len(assemble_principle("principle_nw", without).points) == 2


def test_the_resolution_on_the_agreement_names_version_and_hash() -> None:
    points = clauses.resolution_points("mandating_nw", TERMS, 3, "ab12cd34")
    assert "Textfassung 3 (Prüfsumme ab12cd34)" in points[0]


def test_an_unknown_kind_is_named_with_those_that_exist() -> None:
    with pytest.raises(StepFailure, match=r"mandating_nw.*principle_nw"):
        clause_set("../secrets")


@pytest.mark.parametrize("kind", [texts.kind for texts in clauses.clause_sets()])
def test_every_clause_file_says_from_when_where_from_and_whether_verified(kind: str) -> None:
    texts = clause_set(kind)
    assert texts.kind == kind
    assert texts.source
    assert texts.valid_from.year >= 2015
    keys = [clause.key for clause in texts.clauses]
    assert len(keys) == len(set(keys))
