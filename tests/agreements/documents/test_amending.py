"""The commands of an amendment agreement, from the difference of two texts."""

from __future__ import annotations

from agreements.documents.clauses import commands
from agreements.documents.content import CanonicalContent, Clause, ContentParty


def clause(title: str, *paragraphs: str) -> Clause:
    return Clause(title=title, paragraphs=paragraphs or (f"{title} ist geregelt.",))


OLD = CanonicalContent(
    title="Vereinbarung",
    parties=(ContentParty(name="Stadt A"), ContentParty(name="Stadt B")),
    preamble=("Die Beteiligten wollen zusammenarbeiten.",),
    clauses=(
        clause("Gegenstand"),
        clause("Aufgaben", "Erstens.", "Zweitens:\neins,\nzwei."),
        clause("Kosten", "Jeder zahlt.", "Zur Hälfte."),
        clause("Haftung"),
        clause("Laufzeit"),
    ),
    annexes=("Kostenplan",),
)


def to(**changes: object) -> list[tuple[str, tuple[str, ...]]]:
    new = OLD.model_copy(update=changes)
    return [(command.instruction, command.wording) for command in commands(OLD, new)]


def clauses(*new: Clause) -> list[tuple[str, tuple[str, ...]]]:
    return to(clauses=new)


def test_the_same_text_has_nothing_to_change() -> None:
    assert to() == []


def test_a_changed_paragraph_is_named_alone() -> None:
    changed = clause("Aufgaben", "Erstens.", "Zweitens:\neins,\ndrei.")
    assert clauses(OLD.clauses[0], changed, *OLD.clauses[2:]) == [
        (
            "§ 2 Absatz 2 erhält folgende Fassung:",
            ("(2) Zweitens:", "a) eins,", "b) drei."),
        )
    ]


def test_a_paragraph_at_the_end_is_added() -> None:
    more = clause("Kosten", "Jeder zahlt.", "Zur Hälfte.", "Jährlich.")
    assert clauses(*OLD.clauses[:2], more, *OLD.clauses[3:]) == [
        ("Dem § 3 wird folgender Absatz 3 angefügt:", ("(3) Jährlich.",))
    ]


def test_fewer_paragraphs_or_a_single_one_mean_the_whole_clause() -> None:
    assert clauses(*OLD.clauses[:2], clause("Kosten", "Einer zahlt."), *OLD.clauses[3:]) == [
        ("§ 3 erhält folgende Fassung:", ("§ 3 Kosten", "Einer zahlt."))
    ]


def test_an_inserted_clause_moves_those_behind_it() -> None:
    new = clause("Evaluation")
    assert clauses(*OLD.clauses[:3], new, *OLD.clauses[3:]) == [
        (
            "Nach § 3 wird folgender § 4 eingefügt:",
            ("§ 4 Evaluation", "Evaluation ist geregelt."),
        ),
        ("Die bisherigen §§ 4 bis 5 werden die §§ 5 bis 6.", ()),
    ]


def test_a_dropped_clause_closes_the_gap() -> None:
    assert clauses(*OLD.clauses[:3], OLD.clauses[4]) == [
        ("§ 4 wird aufgehoben.", ()),
        ("Der bisherige § 5 wird § 4.", ()),
    ]


def test_a_clause_with_another_title_takes_its_place() -> None:
    assert clauses(*OLD.clauses[:3], clause("Versicherung"), OLD.clauses[4]) == [
        (
            "§ 4 erhält folgende Fassung:",
            ("§ 4 Versicherung", "Versicherung ist geregelt."),
        )
    ]


def test_a_clause_before_the_first() -> None:
    found = clauses(clause("Name"), *OLD.clauses)
    assert found[0][0] == "Vor § 1 wird folgender § 1 eingefügt:"
    assert found[1][0] == "Die bisherigen §§ 1 bis 5 werden die §§ 2 bis 6."


def test_title_parties_preamble_and_annexes() -> None:
    assert to(title="Neu", preamble=(), annexes=("Kostenplan", "Schlüssel")) == [
        ("Der Titel erhält folgende Fassung:", ("Neu",)),
        ("Die Präambel wird aufgehoben.", ()),
        (
            "Das Verzeichnis der Anlagen erhält folgende Fassung:",
            ("Anlage 1: Kostenplan", "Anlage 2: Schlüssel"),
        ),
    ]
    three = (*OLD.parties, ContentParty(name="Stadt C", designation="beitretende Körperschaft"))
    assert to(parties=three)[0][1][-1] == "Stadt C – beitretende Körperschaft"
