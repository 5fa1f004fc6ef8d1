"""What the IKZ guidelines grant: the published figures, and properties of every quote."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agreements.errors import Refusal
from agreements.funding.programme import Guideline, Programme
from agreements.funding.rules import guideline, load_programmes, quote
from agreements.model.enums import BodyKind

DAY = date(2022, 6, 30)
NOW = guideline("ikz-nrw", DAY)
BEFORE = guideline("ikz-nrw", date(2021, 6, 30))
SUMS = st.decimals(Decimal("0.01"), Decimal("999999999999.99"), places=2)
PARTIES = st.integers(2, 10_000)
GUIDELINES = st.sampled_from([NOW, BEFORE])


@pytest.mark.parametrize(
    ("on", "parties", "eligible", "grant", "own", "ceiling"),
    [
        # The case: Kreis Unna and its ten municipalities.
        ("2022-06-30", 11, "560000", "490000.00", "70000.00", "504000.00"),
        ("2022-06-30", 2, "1000000", "175000.00", "825000.00", "900000.00"),
        ("2022-06-30", 3, "1000000", "210000.00", "790000.00", "900000.00"),
        # The least eligible sum that carries the whole amount, and one cent less.
        ("2022-06-30", 11, "544444.45", "490000.00", "54444.45", "490000.00"),
        ("2022-06-30", 11, "544444.44", "489999.99", "54444.45", "489999.99"),
        ("2022-06-30", 2, "0.01", "0.00", "0.01", "0.00"),
        # The forerunner.
        ("2021-10-01", 11, "560000", "420000.00", "140000.00", "448000.00"),
        ("2021-06-30", 2, "100000", "80000.00", "20000.00", "80000.00"),
        # First and last day of the present guideline.
        ("2021-10-02", 11, "560000", "490000.00", "70000.00", "504000.00"),
        ("2026-12-31", 11, "560000", "490000.00", "70000.00", "504000.00"),
    ],
)
def test_quote(on: str, parties: int, eligible: str, grant: str, own: str, ceiling: str) -> None:
    day = date.fromisoformat(on)
    found = quote(guideline("ikz-nrw", day), parties, Decimal(eligible), day)
    assert (str(found.grant), str(found.own_contribution), str(found.ceiling)) == (
        grant,
        own,
        ceiling,
    )


def _quoted(rule: Guideline, parties: int, eligible: Decimal) -> tuple[Decimal, Decimal]:
    found = quote(rule, parties, eligible, rule.valid_from)
    return found.grant, found.own_contribution


@given(GUIDELINES, PARTIES, SUMS)
def test_grant_and_own_contribution_make_the_whole(
    rule: Guideline, parties: int, eligible: Decimal
) -> None:
    found = quote(rule, parties, eligible, rule.valid_from)
    assert found.grant + found.own_contribution == eligible
    assert Decimal(0) <= found.grant <= min(found.ceiling, found.amount)
    assert found.own_contribution >= found.minimum_own_contribution
    assert found.ceiling + found.minimum_own_contribution == eligible
    # Rounded down and up by less than a cent.
    assert Decimal(0) <= eligible * rule.max_rate - found.ceiling < Decimal("0.01")


@given(GUIDELINES, st.integers(2, 9_999), SUMS)
def test_a_further_partner_never_lowers_the_grant(
    rule: Guideline, parties: int, eligible: Decimal
) -> None:
    assert _quoted(rule, parties, eligible)[0] <= _quoted(rule, parties + 1, eligible)[0]


@given(GUIDELINES, PARTIES, SUMS, SUMS)
def test_higher_expenses_lower_neither_grant_nor_own_contribution(
    rule: Guideline, parties: int, one: Decimal, other: Decimal
) -> None:
    low, high = (_quoted(rule, parties, amount) for amount in sorted((one, other)))
    assert low[0] <= high[0]
    assert low[1] <= high[1]


@pytest.mark.parametrize(
    ("parties", "eligible", "field", "code"),
    [
        (1, "560000", "parties", "too-few-parties"),
        (0, "560000", "parties", "too-few-parties"),
        (-3, "560000", "parties", "too-few-parties"),
        (10_001, "560000", "parties", "too-many-parties"),
        (2, "0", "eligible", "eligible-not-positive"),
        (2, "-0.01", "eligible", "eligible-not-positive"),
        (2, "NaN", "eligible", "eligible-not-positive"),
        (2, "Infinity", "eligible", "eligible-not-positive"),
        (2, "0.001", "eligible", "eligible-too-many-decimals"),
        (2, "560000.000", "eligible", "eligible-too-many-decimals"),
        (2, "1E+40", "eligible", "eligible-too-large"),
    ],
)
def test_refusals(parties: int, eligible: str, field: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        quote(NOW, parties, Decimal(eligible), DAY)
    assert (caught.value.field, caught.value.code) == (field, code)
    assert caught.value.accepted


@pytest.mark.parametrize("on", [date(2019, 8, 8), date(2027, 1, 1)])
def test_a_day_outside_every_guideline_names_the_days_accepted(on: date) -> None:
    with pytest.raises(Refusal, match=r"31\.12\.2026") as caught:
        guideline("ikz-nrw", on)
    assert caught.value.field == "on"
    assert caught.value.accepted is not None
    assert "2021-10-02" in caught.value.accepted


def test_a_quote_keeps_to_the_guidelines_own_days() -> None:
    with pytest.raises(Refusal, match=r"02\.10\.2021"):
        quote(NOW, 2, Decimal(1), NOW.valid_from - timedelta(days=1))


def test_an_unknown_programme_names_the_known() -> None:
    with pytest.raises(Refusal, match="ikz-nrw") as caught:
        guideline("ikz-by", DAY)
    assert caught.value.field == "programme"


def test_reasons_say_which_limit_counts() -> None:
    by_amount = quote(NOW, 3, Decimal(560000), DAY).reasons
    assert any("eine weitere Beteiligte" in reason for reason in by_amount)
    assert any("überschreitet den Höchstsatz nicht" in reason for reason in by_amount)
    by_rate = quote(NOW, 11, Decimal(100000), DAY).reasons
    assert any("begrenzt die Zuwendung auf 90.000,00 Euro" in reason for reason in by_rate)
    assert all("IKZ-Richtlinie NRW vom 31. August 2021" in reason for reason in by_rate[:2])


def test_a_reason_names_the_guidelines_number_where_it_is_known() -> None:
    numbered = NOW.model_copy(update={"rate_section": "Nr. 9.9"})
    reasons = quote(numbered, 2, Decimal(100), DAY).reasons
    assert reasons[1].startswith("Nach Nr. 9.9 der IKZ-Richtlinie NRW")


def test_the_conditions_that_the_procedure_checks_are_there() -> None:
    for rule in load_programmes()["ikz-nrw"].guidelines:
        ids = [condition.id for condition in rule.conditions]
        assert len(ids) == len(set(ids))
        assert {"all_resolutions", "finance_plan", "not_begun", "at_least_five_years"} <= set(ids)
        assert {attachment.id for attachment in rule.attachments} >= {
            "finance_plan",
            "council_resolutions",
            "proof_of_gain",
        }
        assert set(rule.applicants.kinds) <= {kind.value for kind in BodyKind}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"min_own_rate": "0.2"}, "one whole"),
        ({"applications_until": "2019-01-01"}, "in order"),
        ({"max_rat": "0.9"}, "max_rat"),
    ],
)
def test_a_wrong_guideline_is_refused(change: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Guideline.model_validate(NOW.model_dump() | change)


def test_guidelines_that_overlap_are_refused() -> None:
    longer = BEFORE.model_copy(update={"valid_to": NOW.valid_from})
    with pytest.raises(ValidationError, match="before"):
        Programme(id="x", name="x", land="NW", guidelines=(longer, NOW))
