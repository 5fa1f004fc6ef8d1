"""Results as councils word them: right, or unclear, and never adopted when they were not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agreements.results import ReadOutcome, ReadResult, ResultRole, read_result
from tests.agreements.results.wordings import Wording, wordings

WORDINGS = wordings()
NOT_ADOPTED = Path(__file__).with_name("not_adopted.txt").read_text(encoding="utf-8").splitlines()
_FOLD = str.maketrans("äöüÄÖÜ", "aouAOU")


def of(wording: Wording) -> str:
    """A row's name in the test report."""
    return f"{wording.role}: {wording.text[:60]}"


def read(wording: Wording) -> ReadResult:
    return read_result(wording.text, wording.role)


def test_the_table_is_large_and_mostly_different() -> None:
    seen = {(wording.text.casefold(), wording.role) for wording in WORDINGS}
    assert len(seen) == len(WORDINGS)
    assert len({text for text, _ in seen}) >= 160
    assert len({w.text for w in WORDINGS if w.seen != "gebildet"}) >= 80
    assert {wording.outcome for wording in WORDINGS} == set(ReadOutcome)


def test_most_are_read_exactly_and_nearly_all_are_right_or_unclear() -> None:
    exact = [wording for wording in WORDINGS if wording.exact(read(wording))]
    right_or_unclear = [
        wording
        for wording in WORDINGS
        if read(wording).outcome in (wording.outcome, ReadOutcome.UNCLEAR)
    ]
    assert len(exact) >= 0.85 * len(WORDINGS)
    assert len(right_or_unclear) >= 0.95 * len(WORDINGS)


@pytest.mark.parametrize("wording", WORDINGS, ids=of)
def test_a_wording_is_read_as_it_is_meant_or_left_to_the_clerk(wording: Wording) -> None:
    reading = read(wording)
    assert reading.text == wording.text
    if wording.left_unclear:
        assert (reading.outcome, reading.certain) == (ReadOutcome.UNCLEAR, False)
    else:
        assert wording.exact(reading), reading


@pytest.mark.parametrize(
    "wording", [w for w in WORDINGS if not w.adopted and w.role is ResultRole.DECISION], ids=of
)
def test_what_was_not_adopted_is_never_read_as_adopted(wording: Wording) -> None:
    for role in ResultRole:
        assert not read_result(wording.text, role).outcome.startswith("adopted")


@pytest.mark.parametrize("text", NOT_ADOPTED)
def test_traps_are_not_read_as_adopted(text: str) -> None:
    assert not read_result(text).outcome.startswith("adopted")


@pytest.mark.parametrize(
    "text",
    [
        "Mit den in der Sitzung vorgetragenen Änderungen einstimmig beschlossen",
        "mit den vom Ausschuss empfohlenen Ergänzungen beschlossen",
        "unter Berücksichtigung der in der Sitzung besprochenen Punkte beschlossen",
        "Einstimmig in der korrigierten Fassung beschlossen",
        "in der überarbeiteten Version mehrheitlich angenommen",
        "in erweiterter Form beschlossen",
        "Mit Zusatz einstimmig beschlossen",
        "einstimmig beschlossen, § 4 entfällt",
    ],
)
def test_another_text_is_never_read_as_the_one_submitted(text: str) -> None:
    assert read_result(text).outcome in (ReadOutcome.ADOPTED_AMENDED, ReadOutcome.UNCLEAR)


def test_only_a_deciding_body_adopts() -> None:
    for wording in WORDINGS:
        for role in (ResultRole.RECOMMENDATION, ResultRole.UNKNOWN):
            assert not read_result(wording.text, role).outcome.startswith("adopted"), wording


def test_what_is_certain_is_right() -> None:
    certain = [wording for wording in WORDINGS if read(wording).certain]
    assert len(certain) > len(WORDINGS) / 2
    assert [wording for wording in certain if not wording.exact(read(wording))] == []


DISTORTIONS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "umlauts lost": lambda text: text.translate(_FOLD),
    "umlauts spelt out": lambda text: text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"),
    "no spaces after signs": lambda text: re.sub(r"([.,;:]) ", r"\1", text),
    "words stuck to numbers": lambda text: re.sub(r"(\d) (\w)", r"\1\2", text),
    "signs lost": lambda text: re.sub(r"[.,;:]", " ", text),
    "protected spaces": lambda text: text.replace(" ", "\u00a0"),
    "broken lines": lambda text: text.replace(", ", ",\r\n"),
    "a heading before": lambda text: f"Beschluss: {text}",
    "an item number before": lambda text: f"TOP 4: {text}",
    "a sentence before": lambda text: f"Der Bürgermeister erläutert die Vorlage. {text}",
    "quotation marks": lambda text: f"„{text}“",
}


@pytest.mark.parametrize("name", DISTORTIONS)
def test_distorted_texts_stay_right_or_become_unclear(name: str) -> None:
    wrong = []
    for wording in WORDINGS:
        reading = read_result(DISTORTIONS[name](wording.text), wording.role)
        if reading.outcome.startswith("adopted") and not wording.adopted:
            pytest.fail(f"{wording.text!r} is read as {reading.outcome}")
        if reading.outcome not in (wording.outcome, ReadOutcome.UNCLEAR):
            wrong.append(wording.text)
    assert len(wrong) <= 0.02 * len(WORDINGS), wrong


@pytest.mark.parametrize(
    ("text", "yes", "no", "abstained"),
    [
        ("Ja 14, Nein 3, Enthaltung 1", 14, 3, 1),
        ("14 Ja-Stimmen, 3 Nein-Stimmen", 14, 3, None),
        ("J: 14 N: 3 E: 1", 14, 3, 1),
        ("(14/3/1)", 14, 3, 1),
        ("14:3", 14, 3, None),
        ("mit vierzehn gegen drei Stimmen", 14, 3, None),
        ("Ja: vierzehn; Nein: keine", 14, 0, None),
        ("Ja 14. Nein 3.", 14, 3, None),
    ],
)
def test_votes_are_found_however_they_are_written(
    text: str, yes: int, no: int, abstained: int | None
) -> None:
    reading = read_result(text)
    assert (reading.yes, reading.no, reading.abstained) == (yes, no, abstained)
    assert reading.outcome is ReadOutcome.ADOPTED
    assert not reading.certain


@pytest.mark.parametrize(
    "text",
    [
        "Vorlage 12/0474 beschlossen",
        "beschlossen am 14.03.2021",
        "TOP 5.2 beschlossen",
        "beschlossen gem. § 24 Abs. 1 KrO NRW",
        "3. Nachtrag beschlossen",
        "um 18:10 Uhr beschlossen",
        "beschlossen (Drucksache Nr. 16242-09)",
        "Zuwendung von 14.000 Euro beschlossen",
    ],
)
def test_other_numbers_are_no_votes(text: str) -> None:
    reading = read_result(text)
    assert reading.outcome is ReadOutcome.ADOPTED
    assert (reading.yes, reading.no, reading.abstained) == (None, None, None)


def test_minutes_of_many_pages_are_no_result() -> None:
    reading = read_result("einstimmig beschlossen. " * 400)
    assert reading.outcome is ReadOutcome.UNCLEAR
