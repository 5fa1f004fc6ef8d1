"""The law tables and what follows from them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agreements.errors import Refusal
from agreements.law.instruments import Act, Instrument, TaskKind
from agreements.law.rules import (
    CooperationFacts,
    approval_clock,
    effective_on,
    form_required,
    law_of,
    meeting_clock,
    publication_required,
    supervisory_requirement,
    termination_clause_required,
    unverified,
)
from agreements.law.tables import (
    FormKind,
    LandLaw,
    Publisher,
    RequirementKind,
    known_lands,
    land_of_ags,
    read_table,
)

DAY = date(2022, 6, 1)
MANDATING = Instrument.MANDATING_AGREEMENT
DELEGATING = Instrument.DELEGATING_AGREEMENT


@pytest.fixture
def nw() -> LandLaw:
    return law_of("NW", DAY)


@pytest.mark.parametrize(
    ("land", "instrument", "facts", "kind"),
    [
        ("NW", MANDATING, CooperationFacts(), "approval"),
        ("NW", DELEGATING, CooperationFacts(), "approval"),
        ("NW", MANDATING, CooperationFacts(act=Act.ACCESSION), "approval"),
        ("NW", MANDATING, CooperationFacts(act=Act.TERMINATION), "filing"),
        ("NW", DELEGATING, CooperationFacts(act=Act.REPEAL), "filing"),
        ("NW", Instrument.WORKING_GROUP, CooperationFacts(), "none"),
        ("NW", Instrument.PUBLIC_LAW_CONTRACT, CooperationFacts(), "none"),
        # Mandating agreements: only NRW keeps the approval.
        ("HE", MANDATING, CooperationFacts(), "filing"),
        ("HE", DELEGATING, CooperationFacts(), "approval"),
        ("HE", DELEGATING, CooperationFacts(act=Act.CHANGE, essential_change=False), "filing"),
        ("HE", DELEGATING, CooperationFacts(act=Act.CHANGE, essential_change=True), "approval"),
        ("BY", MANDATING, CooperationFacts(transfers_powers=False), "filing"),
        ("BY", MANDATING, CooperationFacts(transfers_powers=True), "approval"),
        ("TH", MANDATING, CooperationFacts(), "filing"),
        ("RP", MANDATING, CooperationFacts(act=Act.CHANGE), "approval"),
        ("RP", MANDATING, CooperationFacts(act=Act.REPEAL), "filing"),
        ("ST", MANDATING, CooperationFacts(task_kind=TaskKind.VOLUNTARY), "filing"),
        ("ST", MANDATING, CooperationFacts(task_kind=TaskKind.DELEGATED), "approval"),
        ("SN", Instrument.PUBLIC_LAW_CONTRACT, CooperationFacts(), "none"),
    ],
)
def test_requirement(land: str, instrument: Instrument, facts: CooperationFacts, kind: str) -> None:
    found = supervisory_requirement(law_of(land, DAY), instrument, facts)
    assert found.kind is RequirementKind(kind)
    assert found.basis
    assert found.source


@pytest.mark.parametrize(
    ("land", "field"), [("BY", "facts.transfers_powers"), ("ST", "facts.task_kind")]
)
def test_a_deciding_fact_that_nobody_gave_is_asked_for(land: str, field: str) -> None:
    with pytest.raises(Refusal) as caught:
        supervisory_requirement(law_of(land, DAY), MANDATING)
    assert caught.value.code == "fact-missing"
    assert caught.value.field == field


def test_an_unknown_rule_is_refused_not_guessed() -> None:
    with pytest.raises(Refusal, match="Schleswig-Holstein") as caught:
        supervisory_requirement(law_of("SH", DAY), MANDATING)
    assert caught.value.code == "no-rule"


def test_a_land_without_table_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        law_of("XX", DAY)
    assert caught.value.code == "unknown-land"
    assert caught.value.accepted is not None
    assert "NW" in caught.value.accepted


def test_a_day_before_all_rules_is_refused() -> None:
    assert law_of("NW", date(2016, 1, 1)).on == date(2016, 1, 1)
    with pytest.raises(Refusal, match=r"1\. Januar 2016") as caught:
        law_of("NW", date(2015, 12, 31))
    assert caught.value.code == "no-law-for-date"


@pytest.mark.parametrize("land", known_lands())
def test_no_two_rules_of_a_table_contradict_each_other(land: str) -> None:
    law = read_table(land)
    for rules in (law.forms, law.publication, law.effect, law.clocks, law.termination):
        for number, rule in enumerate(rules):
            for other in rules[number + 1 :]:
                shared = set(rule.instruments) & set(other.instruments)
                apart = not any(rule.valid_on(d) for d in (other.valid_from, other.valid_to) if d)
                assert not shared or apart, (rule, other)


@pytest.mark.parametrize("land", known_lands())
def test_a_table_bears_its_lands_code_and_every_unverified_rule_says_why(land: str) -> None:
    law = read_table(land)
    assert law.land == land
    for rule in law.all_rules():
        assert rule.verified or rule.note, rule.basis


def test_a_misspelt_key_in_a_table_is_refused() -> None:
    data = read_table("NW").model_dump()
    data["forms"][0]["vaild_to"] = None
    with pytest.raises(ValidationError, match="vaild_to"):
        LandLaw.model_validate(data)


def test_a_rule_that_ends_before_it_begins_is_refused() -> None:
    data = read_table("NW").model_dump()
    data["forms"][0].update({"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)})
    with pytest.raises(ValidationError, match="valid_to"):
        LandLaw.model_validate(data)


def test_agreements_need_the_written_form_and_the_rule_of_the_day_counts(nw: LandLaw) -> None:
    before = form_required(nw, MANDATING, date(2025, 7, 9))
    after = form_required(nw, MANDATING, date(2025, 7, 10))
    assert (before.kind, after.kind) == (FormKind.WRITTEN, FormKind.WRITTEN)
    assert before.basis == "§ 24 Abs. 1 GkG NRW"
    assert before.verified
    # Whether the law of 10 July 2025 touched this form has not been read.
    assert not after.verified
    assert form_required(nw, Instrument.WORKING_GROUP).kind is FormKind.NONE


def test_until_july_2025_two_sign_for_each_party(nw: LandLaw) -> None:
    """§ 64 Abs. 1 GO NRW, as it stood before the law of 10 July 2025."""
    for instrument in (MANDATING, DELEGATING, Instrument.PUBLIC_LAW_CONTRACT):
        before = form_required(nw, instrument, date(2025, 7, 9))
        after = form_required(nw, instrument, date(2025, 7, 10))
        assert (before.signatures_needed, after.signatures_needed) == (2, 1)
        assert "§ 64" in before.signatures_basis
        for required in (before, after):
            assert required.signatures is not None
            # Neither the old nor the new wording has been read at an official source.
            assert not required.signatures.verified
            assert required.signatures.source
    # Where the table says nothing of it, one signature is enough.
    assert form_required(nw, Instrument.WORKING_GROUP).signatures_needed == 1


def test_publication(nw: LandLaw) -> None:
    found = publication_required(nw, MANDATING)
    assert found.publisher is Publisher.AUTHORITY
    assert found.notice_by_parties
    assert publication_required(law_of("BB", DAY), MANDATING).publisher is Publisher.EACH_PARTY


def test_an_agreement_takes_effect_the_day_after_publication(nw: LandLaw) -> None:
    assert effective_on(nw, date(2021, 12, 31)) == date(2022, 1, 1)


def test_a_later_date_may_be_agreed_an_earlier_one_not(nw: LandLaw) -> None:
    published = date(2022, 3, 5)
    assert effective_on(nw, published, date(2022, 7, 1)) == date(2022, 7, 1)
    assert effective_on(nw, published, date(2022, 3, 6)) == date(2022, 3, 6)
    with pytest.raises(Refusal, match=r"§ 24 Abs\. 4 GkG NRW") as caught:
        effective_on(nw, published, published)
    assert caught.value.field == "agreed_later"


def test_in_hesse_a_mandating_agreement_takes_effect_with_the_last_signature() -> None:
    assert effective_on(law_of("HE", DAY), DAY, instrument=MANDATING) == DAY


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-400, 400))
def test_effect_never_lies_before_the_day_after_publication(day: date, offset: int) -> None:
    law = law_of("NW", DAY)
    agreed = day + timedelta(days=offset)
    if offset < 1:
        with pytest.raises(Refusal):
            effective_on(law, day, agreed)
    else:
        assert effective_on(law, day, agreed) == agreed


def test_the_approval_clock_of_the_worked_example(nw: LandLaw) -> None:
    found = approval_clock(nw, date(2026, 11, 27))
    assert found.nominal_end == date(2026, 12, 25)
    assert found.end == date(2026, 12, 28)
    for words in ("§ 187 Abs. 1 BGB", "§ 188 Abs. 2 BGB", "§ 193 BGB", "§ 31 Abs. 3 VwVfG NRW"):
        assert words in found.derivation
    assert "§ 24 Abs. 2 GkG NRW" in found.derivation


def test_the_meeting_clock_runs_from_the_end_of_the_first(nw: LandLaw) -> None:
    first = approval_clock(nw, date(2026, 11, 27))
    assert meeting_clock(nw, first).end == date(2027, 1, 25)


def test_a_land_without_fiction_has_no_clock() -> None:
    with pytest.raises(Refusal, match="Genehmigungsfiktion"):
        approval_clock(law_of("HE", DAY), DAY)


@pytest.mark.parametrize(
    ("land", "years", "required"),
    [("NW", 20, False), ("NW", 21, True), ("NW", None, True), ("HE", 10, False), ("HE", 11, True)],
)
def test_termination_clause(land: str, years: int | None, required: bool) -> None:
    found = termination_clause_required(law_of(land, DAY), MANDATING, years)
    assert (found is not None) == required


def test_unverified_rules_are_named_with_their_open_question() -> None:
    warnings = unverified(read_table("NW").forms)
    assert any("10. Juli 2025" in warning for warning in warnings)
    assert unverified(read_table("RP").supervision) == ()


@pytest.mark.parametrize(("ags", "land"), [("05978020", "NW"), ("09162000", "BY"), ("01001", "SH")])
def test_the_key_tells_the_land(ags: str, land: str) -> None:
    assert land_of_ags(ags) == land
