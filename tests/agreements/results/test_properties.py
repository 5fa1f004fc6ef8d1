"""What holds for every text, whatever a council system sends."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.results import ReadOutcome, ResultRole, read_result
from agreements.results.lexicon import lexicon
from tests.agreements.results.wordings import wordings

PHRASES = sorted({" ".join(words) for words in lexicon().phrases})
SIGNS = [",", ".", ";", ":", "-", "(", ")", "/", "14", "3", "0", "14:3", "eine", "Ziffer 1", "§ 4"]
roles = st.sampled_from(ResultRole)
council_words = st.lists(st.sampled_from([*PHRASES, *SIGNS]), max_size=12).map(" ".join)
known = st.sampled_from([wording.text for wording in wordings()])
_PARTICIPLE = re.compile(r"\b(beschlossen|angenommen|zugestimmt|genehmigt|gebilligt)\b", re.I)


@given(text=st.text(max_size=300) | council_words, role=roles)
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader(text: str, role: ResultRole) -> None:
    reading = read_result(text, role)
    assert reading.text == text
    assert isinstance(reading.outcome, ReadOutcome)
    assert not (reading.certain and reading.outcome is ReadOutcome.UNCLEAR)
    assert all(n is None or n >= 0 for n in (reading.yes, reading.no, reading.abstained))


@given(text=known | council_words, role=roles, around=st.text(" \t\r\n\u00a0", max_size=5))
@settings(max_examples=200, deadline=None)
def test_space_around_a_text_changes_nothing(text: str, role: ResultRole, around: str) -> None:
    plain, wide = read_result(text, role), read_result(around + text + around, role)
    assert (wide.outcome, wide.yes, wide.no, wide.abstained, wide.unanimous, wide.certain) == (
        plain.outcome,
        plain.yes,
        plain.no,
        plain.abstained,
        plain.unanimous,
        plain.certain,
    )


def test_with_nicht_before_its_participle_nothing_stays_adopted() -> None:
    """Of every wording, except where the participle belongs to what the decision depends on."""
    adopted = []
    for text in sorted({wording.text for wording in wordings()}):
        denied = _PARTICIPLE.sub(lambda found: f"nicht {found[0]}", text)
        if denied != text and read_result(denied).outcome.startswith("adopted"):
            adopted.append(text)
    [conditional] = adopted
    assert conditional.startswith("Die Stadt stimmt unter dem Vorbehalt zu, dass")


@given(before=known | st.just(""), after=known | st.just(""))
@settings(max_examples=200, deadline=None)
def test_a_rejection_beside_it_leaves_nothing_adopted(before: str, after: str) -> None:
    text = f"{before}. Die Vorlage wird abgelehnt. {after}"
    assert not read_result(text).outcome.startswith("adopted")


@given(text=council_words)
@settings(max_examples=300, deadline=None)
def test_adopted_never_against_its_own_numbers(text: str) -> None:
    reading = read_result(text)
    if reading.outcome.startswith("adopted") and None not in (reading.yes, reading.no):
        assert (reading.yes or 0) > (reading.no or 0)


@given(text=council_words)
@settings(max_examples=300, deadline=None)
def test_only_a_deciding_body_adopts(text: str) -> None:
    for role in (ResultRole.RECOMMENDATION, ResultRole.UNKNOWN):
        assert not read_result(text, role).outcome.startswith("adopted")


@given(count=st.integers(3000, 20000))
@settings(max_examples=3, deadline=None)
def test_long_texts_are_unclear(count: int) -> None:
    assert read_result("beschlossen " * count).outcome is ReadOutcome.UNCLEAR
