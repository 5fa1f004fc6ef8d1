"""Two texts side by side: every place that people name is found, no word is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.acts import Amendment
from agreements.documents.content import (
    CanonicalContent,
    Clause,
    ContentParty,
    PrincipleContent,
)
from agreements.synopsis import Change, compare, find, of_amendments, segments

AGREEMENT = CanonicalContent(
    title="Vereinbarung",
    parties=(ContentParty(name="Stadt Kamen"), ContentParty(name="Stadt Schwerte")),
    preamble=("Die Beteiligten wollen zusammenarbeiten.",),
    clauses=(
        Clause(title="Zweck", paragraphs=("Zweck ist die Digitalisierung.",)),
        Clause(title="Kosten", paragraphs=("Nach Einwohnern.", "Fällig am 1. Juli.")),
    ),
    annexes=("Aufgabenverzeichnis",),
)
PRINCIPLE = PrincipleContent(title="Grundsatz", points=("Teilnahme", "Antrag", "Auftrag"))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("§ 1", "Zweck ist die Digitalisierung."),
        ("§ 2", "Nach Einwohnern.\nFällig am 1. Juli."),
        ("§ 2 Abs. 2", "Fällig am 1. Juli."),
        ("§ 2, Absatz 1", "Nach Einwohnern."),
        ("§2 Abs.2", "Fällig am 1. Juli."),
        ("Präambel", "Die Beteiligten wollen zusammenarbeiten."),
        ("Anlage 1", "Aufgabenverzeichnis"),
        ("Titel", "Vereinbarung"),
        ("§ 3", None),
        ("§ 0", None),
        ("§ 2 Abs. 3", None),
        ("Nr. 1", None),
        ("§ 2 Abs. 2 Satz 1", None),
        ("Kostenregelung", None),
    ],
)
def test_a_place_of_the_agreement(place: str, text: str | None) -> None:
    assert find(AGREEMENT, place) == text


@pytest.mark.parametrize("place", ["Nr. 2", "Nummer 2", "Ziffer 2", "Ziff. 2", "Punkt 2", "Nr.2"])
def test_a_point_of_the_resolution_in_principle(place: str) -> None:
    assert find(PRINCIPLE, place) == "Antrag"
    assert find(PRINCIPLE, "§ 2") is None


def test_words_are_compared_not_letters() -> None:
    parts = segments("Die Kosten trägt der Kreis allein.", "Die Kosten tragen alle Beteiligten.")
    assert [(p.change, p.text) for p in parts] == [
        (Change.KEPT, "Die Kosten "),
        (Change.REMOVED, "trägt der Kreis allein"),
        (Change.ADDED, "tragen alle Beteiligten"),
        (Change.KEPT, "."),
    ]


texts = st.text(alphabet="ab .\n§1", max_size=40)


@given(texts, texts)
def test_no_word_is_lost_or_invented(old: str, new: str) -> None:
    parts = segments(old, new)
    assert "".join(p.text for p in parts if p.change is not Change.ADDED) == old
    assert "".join(p.text for p in parts if p.change is not Change.REMOVED) == new
    assert all(p.text for p in parts)


def test_a_place_that_is_not_there_is_said_to_be_so() -> None:
    [row] = of_amendments(AGREEMENT, [Amendment(place="§ 9", wording="Neu")])
    assert (row.found, row.old, row.new) == (False, None, "Neu")
    assert [p.change for p in row.segments] == [Change.ADDED]


def test_of_a_part_that_was_adopted_alone_the_rest_was_not() -> None:
    rows = of_amendments(PRINCIPLE, [Amendment(place="Ziffer 1", wording="Teilnahme")], alone=True)
    assert [(r.place, r.new, r.changed) for r in rows] == [
        ("Ziffer 1", "Teilnahme", False),
        ("Nr. 2", None, True),
        ("Nr. 3", None, True),
    ]


def test_versions_are_compared_clause_by_clause() -> None:
    term = Clause(title="Laufzeit", paragraphs=("Fünf Jahre.",))
    costs = Clause(title="Kosten", paragraphs=("Nach Nutzung.", "Fällig am 1. Juli."))
    new = AGREEMENT.model_copy(update={"clauses": (AGREEMENT.clauses[0], term, costs)})
    changed = [row for row in compare(AGREEMENT, new) if row.changed]
    assert [row.place for row in changed] == ["§ 2", "§ 3 (bisher § 2)"]
    assert changed[0].old is None
    assert (Change.REMOVED, "Einwohnern") in [(p.change, p.text) for p in changed[1].segments]
    assert not any(row.changed for row in compare(new, new))


def test_a_clause_with_a_new_title_is_recognised_by_its_words() -> None:
    costs = Clause(title="Finanzierung", paragraphs=AGREEMENT.clauses[1].paragraphs)
    new = AGREEMENT.model_copy(update={"clauses": (AGREEMENT.clauses[0], costs)})
    [row] = [row for row in compare(AGREEMENT, new) if row.changed]
    assert (row.place, row.moved) == ("§ 2", False)
    assert [(p.change, p.text) for p in row.segments if p.change is not Change.KEPT] == [
        (Change.REMOVED, "Kosten"),
        (Change.ADDED, "Finanzierung"),
    ]


def test_a_clause_that_stands_elsewhere_is_moved_and_the_others_are_not() -> None:
    term = Clause(title="Laufzeit", paragraphs=("Fünf Jahre.",))
    old = AGREEMENT.model_copy(update={"clauses": (*AGREEMENT.clauses, term)})
    new = AGREEMENT.model_copy(update={"clauses": (term, *AGREEMENT.clauses)})
    [row] = [row for row in compare(old, new) if row.changed]
    assert (row.place, row.moved, row.old == row.new) == (
        "§ 1 (verschoben, bisher § 3)",
        True,
        True,
    )


def test_clauses_with_the_same_title_are_kept_apart() -> None:
    twins = tuple(Clause(title="Schluss", paragraphs=(f"{word}.",)) for word in ("Eins", "Zwei"))
    old = AGREEMENT.model_copy(update={"clauses": twins})
    new = AGREEMENT.model_copy(update={"clauses": twins[1:]})
    [row] = [row for row in compare(old, new) if row.changed]
    assert (row.place, row.old, row.new) == ("§ 1", "Schluss\nEins.", None)


@pytest.mark.timeout(20)
def test_very_long_texts_are_compared_in_bounded_time() -> None:
    old, new = "a b " * 20_000, "a c " * 20_000
    parts = segments(old, new)
    assert "".join(p.text for p in parts if p.change is not Change.ADDED) == old
    assert "".join(p.text for p in parts if p.change is not Change.REMOVED) == new


def test_a_clause_that_is_dropped_has_no_successor() -> None:
    new = AGREEMENT.model_copy(update={"clauses": AGREEMENT.clauses[:1]})
    [dropped] = [row for row in compare(AGREEMENT, new) if row.changed]
    assert (dropped.place, dropped.new) == ("§ 2", None)


def test_paragraphs_and_letters_are_numbered_as_they_are_printed() -> None:
    tasks = Clause(title="Aufgaben", paragraphs=("Dazu gehören:\nPlattform\nBeratung", "Mehr."))
    new = AGREEMENT.model_copy(update={"clauses": (tasks,)})
    row = next(row for row in compare(AGREEMENT, new) if row.place == "§ 1" and row.new)
    assert row.new == "Aufgaben\n(1) Dazu gehören:\na) Plattform\nb) Beratung\n(2) Mehr."
