"""Variants of clauses, own clauses, and the references that follow by themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest
from pydantic import ValidationError

from agreements.documents import clauses, examples
from agreements.documents.clauses import (
    AddClause,
    AgreementTerms,
    ClauseChoices,
    ClauseDetails,
    ClauseEdit,
    DropClause,
    ReplaceClause,
    Votes,
    assemble,
    objections,
)
from agreements.documents.clauses.choices import ClauseWishes, CostKeyMethod
from agreements.documents.clauses.texts import ClauseSet, slots_of
from agreements.documents.content import CanonicalContent, text_hash
from agreements.errors import Refusal
from agreements.law.instruments import Instrument

TERMS = examples.terms()
ON = date(2026, 9, 1)
SETS = tuple(texts for texts in clauses.clause_sets() if texts.text == "agreement")
ENOUGH = ClauseDetails(
    fixed_years=10,
    votes=tuple(Votes(body=body, votes=1) for body in TERMS.parties),
    usage_unit="der im Vorjahr bearbeiteten Anträge",
    yearly_supplies=Decimal("12000.00"),
    controlled_entity="die Regionale IT-Dienste AöR",
)


def terms(**changes: object) -> AgreementTerms:
    return TERMS.model_copy(update=changes)


def chosen(**choices: object) -> AgreementTerms:
    return terms(choices=ClauseChoices.model_validate(choices), details=ENOUGH)


def section(content: CanonicalContent, title: str) -> tuple[int, str]:
    for number, clause in enumerate(content.clauses, start=1):
        if clause.title == title:
            return number, "\n".join(clause.paragraphs)
    raise LookupError(title)


def test_the_text_of_the_default_variants_is_that_of_stored_versions() -> None:
    # The text before there were variants: versions that were resolved then keep their hash.
    assert text_hash(examples.content()) == (
        "c61ee424c268aebc6fdeb20da9bbf438de852f1a853223021c8e889f80893ca8"
    )


def test_terms_that_were_stored_before_variants_still_assemble() -> None:
    stored = TERMS.model_dump(mode="json")
    for name in ("choices", "details", "edits", "performing"):
        del stored[name]
    assert assemble("mandating_nw", AgreementTerms.model_validate(stored)) == examples.content()


def test_the_choices_are_exactly_the_variants_that_are_kept() -> None:
    slots = slots_of("NW")
    assert set(ClauseChoices.model_fields) | {"cost_key"} == set(slots)
    for name, field in ClauseChoices.model_fields.items():
        offered = {value for part in get_args(field.annotation) for value in get_args(part)}
        assert offered == {variant.id for variant in slots[name].variants}
    assert set(get_args(CostKeyMethod)) == {v.id for v in slots["cost_key"].variants}


@pytest.mark.parametrize("texts", SETS, ids=lambda texts: texts.kind)
def test_every_legal_form_has_a_default_that_is_allowed(texts: ClauseSet) -> None:
    assert set(texts.defaults) == {slot.id for slot in texts.slots}
    for instrument in texts.instruments:
        assert objections(texts, TERMS, instrument, ON) == ()


@pytest.mark.parametrize("texts", SETS, ids=lambda texts: texts.kind)
def test_every_variant_reads_without_gaps_or_says_why_it_does_not_fit(texts: ClauseSet) -> None:
    tried = 0
    for slot in texts.slots:
        for variant in slot.variants:
            data = with_variant(slot.id, variant.id)
            if found := objections(texts, data, texts.instruments[0], ON):
                assert all(objection.message.endswith(".") for objection in found)
                continue
            content = assemble(texts.kind, data)
            text = "\n".join(p for c in content.clauses for p in c.paragraphs)
            assert not any(gap in text for gap in ("None", "{{", "{%", "  ", " ,", "()", ".."))
            tried += 1
    assert tried > len(texts.slots)


def with_variant(slot: str, variant: str) -> AgreementTerms:
    if slot == "cost_key":
        key = TERMS.cost_key.model_dump() | {"method": variant, "base_percent": "10"}
        if variant == "lead":
            key["advance"] = ()
        return terms(cost_key=clauses.CostKeyTerms.model_validate(key), details=ENOUGH)
    details = ENOUGH
    if variant == "long":
        details = ENOUGH.model_copy(update={"fixed_years": 30})
    return terms(choices=ClauseChoices.model_validate({slot: variant}), details=details)


DELEGATING, MANDATING = Instrument.DELEGATING_AGREEMENT, Instrument.MANDATING_AGREEMENT


@pytest.mark.parametrize(
    ("instrument", "data", "sentence"),
    [
        (DELEGATING, chosen(data_protection="joint"), "Art. 26 DSGVO) passt nicht zu einer deleg"),
        (DELEGATING, chosen(data_protection="processor"), "geht die Aufgabe mit der datenschutz"),
        (MANDATING, chosen(data_protection="taker"), "bleiben die übrigen Beteiligten Verantwor"),
        (DELEGATING, chosen(procurement="cooperation"), "sondern eine Zuständigkeit"),
        (MANDATING, chosen(procurement="transfer"), "nur bei einer delegierenden Vereinbarung"),
        (
            MANDATING,
            terms(choices=ClauseChoices(procurement="inhouse")),
            "die die Beteiligten gemeinsam kontrollieren; bitte sie nennen",
        ),
        (
            MANDATING,
            terms(choices=ClauseChoices(term="fixed"), details=ClauseDetails(fixed_years=21)),
            "zwingend zu regeln (§ 23 GkG NRW)",
        ),
        (MANDATING, chosen(term="long"), "von mehr als 20 Jahren bestimmt"),
        (
            MANDATING,
            terms(
                choices=ClauseChoices(vat="small_amount"),
                details=ClauseDetails(yearly_supplies=Decimal("17500.01")),
            ),
            "17.500 Euro nicht übersteigen",
        ),
        (
            MANDATING,
            terms(
                choices=ClauseChoices(governance="weighted"),
                details=ClauseDetails(votes=ENOUGH.votes[:10]),
            ),
            "das stimmt nicht für: Stadt Werne",
        ),
    ],
)
def test_a_combination_that_does_not_fit_is_refused_with_the_reason(
    instrument: Instrument, data: AgreementTerms, sentence: str
) -> None:
    [texts] = [texts for texts in SETS if instrument in texts.instruments]
    [objection] = objections(texts, data, instrument, ON)
    assert sentence in objection.message


@pytest.mark.parametrize(("on", "allowed"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)])
def test_the_old_vat_law_ends_with_2026(on: date, allowed: bool) -> None:
    data = chosen(vat="old_law")
    assert (objections(clauses.clause_set("mandating_nw"), data, MANDATING, on) == ()) is allowed


@pytest.mark.parametrize("years", [1, 20])
def test_a_fixed_term_needs_no_notice(years: int) -> None:
    data = terms(choices=ClauseChoices(term="fixed"), details=ClauseDetails(fixed_years=years))
    _, text = section(assemble("mandating_nw", data), "Laufzeit und ordentliche Kündigung")
    assert ("1 Jahr ab" if years == 1 else "20 Jahren ab") in text
    assert "ordentliche Kündigung ist während der Laufzeit ausgeschlossen" in text


def test_no_sum_is_asked_of_anybody_when_one_bears_all() -> None:
    content = assemble("mandating_nw", with_variant("cost_key", "lead"))
    text = "\n".join(p for c in content.clauses for p in c.paragraphs)
    assert "trägt die Stadt Schwerte allein" in text
    assert "Abschläge" not in text
    assert "kaufmännisch gerundet" not in text


# --- own clauses ---------------------------------------------------------------------------


def edited(*edits: ClauseEdit) -> CanonicalContent:
    return assemble("mandating_nw", terms(edits=edits))


def test_an_own_clause_moves_the_numbers_and_all_references_follow() -> None:
    own = AddClause(
        after="gegenstand",
        key="ziele",
        title="Ziele",
        paragraphs=(
            'Einzelheiten: {{ ref("kosten") }}, {{ ref("kosten", 3) }} und '
            '{{ref( "kosten" , "erstattung" )}}, {{ anlage("kostenplan") }}.',
        ),
    )
    content = edited(own)
    number, text = section(content, "Ziele")
    assert number == 2
    assert text == "Einzelheiten: § 9, § 9 Absatz 3 und § 9 Absatz 1, Anlage 2."
    assert (
        "Die nach § 9" in section(content, "Kostenschlüssel")[1]
        or "Von den nach § 9" in (section(content, "Kostenschlüssel")[1])
    )


def test_a_clause_keeps_its_place_and_title_when_only_its_text_is_replaced() -> None:
    content = edited(ReplaceClause(key="haftung", paragraphs=("Es gilt das Gesetz.",)))
    assert content.clauses[12].title == "Haftung"
    assert content.clauses[12].paragraphs == ("Es gilt das Gesetz.",)
    titled = edited(ReplaceClause(key="haftung", title="Eigenes", paragraphs=("a", "b")))
    assert titled.clauses[12].title == "Eigenes"


def test_an_optional_clause_may_be_dropped_and_numbers_close_up() -> None:
    content = edited(DropClause(key="personal"))
    assert len(content.clauses) == len(examples.content().clauses) - 1
    assert section(content, "Kosten und Abrechnung")[0] == 7


@pytest.mark.parametrize(
    ("edits", "code", "sentence"),
    [
        ((DropClause(key="kosten"),), "clause-not-optional", "gehört zum notwendigen Inhalt"),
        ((DropClause(key="foo"),), "clause-unknown", "kommt in diesem Text nicht vor"),
        (
            (ReplaceClause(key="haftung", paragraphs=('{{ ref("weg") }}',)),),
            "clause-reference",
            "unbekannten Paragraphen „weg“",
        ),
        (
            (
                ReplaceClause(key="haftung", paragraphs=('Siehe {{ ref("personal") }}.',)),
                DropClause(key="personal"),
            ),
            "clause-reference",
            "„personal“ soll entfallen, aber „Haftung“ verweist auf ihn",
        ),
        (
            (ReplaceClause(key="haftung", paragraphs=('{{ ref("kosten", 9) }}',)),),
            "clause-reference",
            "hat keinen Absatz 9",
        ),
        (
            (ReplaceClause(key="haftung", paragraphs=('{{ ref("kosten", "x") }}',)),),
            "clause-reference",
            "hat keinen Absatz „x“",
        ),
        (
            (ReplaceClause(key="haftung", paragraphs=("{{ lead.name }}",)),),
            "clause-placeholder",
            "werden nur Verweise ausgefüllt",
        ),
        (
            (ReplaceClause(key="haftung", paragraphs=("{% for x in 'a' %}b{% endfor %}",)),),
            "clause-placeholder",
            "werden nur Verweise ausgefüllt",
        ),
        (
            (AddClause(after="kosten", key="haftung", title="x", paragraphs=("y",)),),
            "clause-key-taken",
            "gibt es schon",
        ),
        (
            (AddClause(after="weg", key="neu", title="x", paragraphs=("y",)),),
            "clause-unknown",
            "„weg“ kommt in diesem Text nicht vor",
        ),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused_with_a_sentence(
    edits: tuple[ClauseEdit, ...], code: str, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        edited(*edits)
    assert refused.value.code == code
    assert sentence in refused.value.message


def test_a_clause_that_falls_away_anyhow_says_so() -> None:
    data = terms(programme=None, edits=(DropClause(key="foerderung"),))
    with pytest.raises(Refusal, match="entfällt bei diesen Angaben ohnehin"):
        assemble("mandating_nw", data)


def test_two_edits_of_one_clause_are_refused() -> None:
    with pytest.raises(ValidationError, match="mehrere Änderungen desselben Paragraphen: haftung"):
        ClauseWishes(
            edits=(
                DropClause(key="haftung"),
                ReplaceClause(key="haftung", paragraphs=("x",)),
            )
        )


def test_typographic_quotes_in_a_reference_are_read_as_meant() -> None:
    content = edited(ReplaceClause(key="haftung", paragraphs=("Siehe {{ ref(„kosten“, 2) }}.",)))
    assert content.clauses[12].paragraphs == ("Siehe § 8 Absatz 2.",)


def test_all_variants_of_two_slots_combine() -> None:
    for vat, governance in product(("public_law_cooperation", "taxable"), ("one_vote", "weighted")):
        content = assemble("mandating_nw", chosen(vat=vat, governance=governance))
        assert len(content.clauses) == 20
