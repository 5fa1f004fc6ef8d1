"""Whoever changes a journal in the database is found out, and what they changed is named."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from agreements import checkpoints, journal
from agreements.database.engine import transaction
from agreements.errors import NotFound
from agreements.ids import new_id
from agreements.journal import Event, Fault
from agreements.model.cases import Case
from agreements.model.records import Checkpoint, JournalEntry
from agreements.verification import Finding, Report, verify
from tests.agreements.journals import a_case, change, go_on, rewrite, without_triggers

FIRST, SECOND = "IKZ-2026-0001", "IKZ-2026-0002"
LENGTH = 9
COLUMNS = tuple(column.key for column in JournalEntry.__table__.columns)


@pytest.fixture
def cases(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Two cases, the first with nine entries."""
    with transaction(sessions) as session:
        a_case(session, FIRST, LENGTH)
        a_case(session, SECOND, 2)
    return sessions


def report_on(sessions: sessionmaker[Session], *references: str, known: str = "") -> Report:
    with transaction(sessions) as session:
        return verify(session, references, known=[known] if known else [])


def the_finding(report: Report) -> Finding:
    [found] = report.findings
    return found


def take(sessions: sessionmaker[Session]) -> Checkpoint | None:
    with transaction(sessions) as session:
        return checkpoints.take(session)


def test_untouched_journals_fit(cases: sessionmaker[Session]) -> None:
    assert report_on(cases) == Report(cases=2, entries=LENGTH + 2)
    assert report_on(cases, SECOND) == Report(cases=1, entries=2)


def test_a_case_that_nobody_knows_is_no_result(cases: sessionmaker[Session]) -> None:
    with pytest.raises(NotFound, match="IKZ-1999-0001 gibt es nicht"):
        report_on(cases, FIRST, "IKZ-1999-0001")


CHANGES = {
    "event": "'case_started'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "legal_date": "legal_date - 1",
    "actor": "'vereinbar'",
    "actor_id": "NULL",
    "on_behalf_of": "on_behalf_of || ' '",
    "body_id": "gen_random_uuid()",
    "reason": "replace(reason, E'\\n', ' ')",
    "legal_basis": "NULL",
    "before": """jsonb_set(before, '{votes,no}', '0')""",
    "after": """jsonb_set(after, '{votes,no}', 'null')""",
    "confidential": "NOT confidential",
    "data": """data || '{"list": [true, "ä", 1]}'""",
    "salt": "reverse(salt)",
    "previous_hash": "reverse(previous_hash)",
    "hash": "reverse(hash)",
}


def test_every_column_is_tried() -> None:
    assert set(CHANGES) == {column.key for column in JournalEntry.__table__.columns} - {
        "case_id",
        "number",
    }


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_field_names_its_entry(cases: sessionmaker[Session], column: str) -> None:
    with transaction(cases) as session:
        change(session, FIRST, 4, column, CHANGES[column])
    found = the_finding(report_on(cases))
    assert (found.reference, found.number, found.fault) == (FIRST, 4, Fault.CHANGED)
    assert "Eintrag 4 passt nicht zu seiner Prüfsumme" in found.sentence
    assert report_on(cases, SECOND).intact


def test_a_changed_entry_with_a_right_hash_no_longer_links(cases: sessionmaker[Session]) -> None:
    with transaction(cases) as session:
        without_triggers(session)
        case = session.scalars(select(Case).where(Case.reference == FIRST)).one()
        entry = journal.entries(session, case.id)[3]
        entry.reason = "nie gesagt"
        entry.hash = journal.hash_of(entry)
    found = the_finding(report_on(cases))
    assert (found.number, found.fault) == (5, Fault.LINK)
    assert "Eintrag 5 schließt nicht an Eintrag 4 an" in found.sentence


OF_FIRST = f"case_id = (SELECT id FROM cases WHERE reference = '{FIRST}')"


@pytest.mark.parametrize(
    ("statements", "number", "fault", "sentence"),
    [
        pytest.param(
            [f"DELETE FROM journal WHERE number = {LENGTH} AND {OF_FIRST}"],
            *(LENGTH, Fault.TRUNCATED, "Das Ende des Verlaufs wurde entfernt"),
            id="the last entry is gone",
        ),
        pytest.param(
            [f"DELETE FROM journal WHERE number >= 4 AND {OF_FIRST}"],
            *(4, Fault.TRUNCATED, "der Vorgang verzeichnet 9 Einträge"),
            id="the last six are gone",
        ),
        pytest.param(
            [f"DELETE FROM journal WHERE {OF_FIRST}"],
            *(1, Fault.TRUNCATED, "Eintrag 1 fehlt"),
            id="all are gone",
        ),
        pytest.param(
            [f"DELETE FROM journal WHERE number = 4 AND {OF_FIRST}"],
            *(4, Fault.MISSING, "Eintrag 4 fehlt; es folgt Eintrag 5"),
            id="one in the middle is gone",
        ),
        pytest.param(
            [f"DELETE FROM journal WHERE number = 1 AND {OF_FIRST}"],
            *(1, Fault.MISSING, "Eintrag 1 fehlt; es folgt Eintrag 2"),
            id="the first is gone",
        ),
        pytest.param(
            [
                f"DELETE FROM journal WHERE number = 4 AND {OF_FIRST}",
                f"UPDATE journal SET number = number - 1 WHERE number > 4 AND {OF_FIRST}",
            ],
            *(4, Fault.CHANGED, "Eintrag 4 passt nicht"),
            id="one is gone and the others move up",
        ),
        pytest.param(
            [
                f"UPDATE journal SET number = 0 WHERE number = 3 AND {OF_FIRST}",
                f"UPDATE journal SET number = 3 WHERE number = 4 AND {OF_FIRST}",
                f"UPDATE journal SET number = 4 WHERE number = 0 AND {OF_FIRST}",
            ],
            *(3, Fault.CHANGED, "Eintrag 3 passt nicht"),
            id="two are swapped",
        ),
        pytest.param(
            [f"UPDATE cases SET journal_number = 8 WHERE reference = '{FIRST}'"],
            *(LENGTH, Fault.SURPLUS, "Eintrag 9 ist dem Vorgang nicht bekannt"),
            id="the case forgets an entry",
        ),
        pytest.param(
            [f"UPDATE cases SET journal_hash = reverse(journal_hash) WHERE reference = '{FIRST}'"],
            *(LENGTH, Fault.SURPLUS, "ein anderer als das Ende"),
            id="the case knows another end",
        ),
        pytest.param(
            [
                f"UPDATE journal SET case_id = (SELECT id FROM cases WHERE reference = '{SECOND}'),"
                f" number = 3 WHERE number = {LENGTH} AND {OF_FIRST}",
                f"UPDATE cases SET journal_number = {LENGTH - 1}, journal_hash = "
                f"(SELECT decode(hash, 'hex') FROM "
                f"journal WHERE number = {LENGTH - 1} AND {OF_FIRST}) WHERE reference = '{FIRST}'",
            ],
            *(3, Fault.CHANGED, "Eintrag 3 passt nicht"),
            id="an entry is put into another case",
        ),
    ],
)
def test_what_was_removed_or_moved_is_named(
    cases: sessionmaker[Session], statements: list[str], number: int, fault: Fault, sentence: str
) -> None:
    with transaction(cases) as session:
        without_triggers(session)
        for statement in statements:
            assert session.connection().exec_driver_sql(statement).rowcount
    found = the_finding(report_on(cases))
    assert (found.number, found.fault) == (number, fault)
    assert sentence in found.sentence


# --- checkpoints -----------------------------------------------------------------------------


def test_a_checkpoint_is_taken_only_when_something_has_happened(
    cases: sessionmaker[Session],
) -> None:
    first = take(cases)
    assert first is not None
    assert (first.number, first.cases, first.previous_hash) == (1, 2, "")
    assert take(cases) is None
    go_on(cases, SECOND, 1)
    second = take(cases)
    assert second is not None
    assert (second.number, second.previous_hash) == (2, first.hash)
    assert report_on(cases) == Report(cases=2, entries=LENGTH + 3, checkpoints=2)
    assert report_on(cases, known=first.hash).intact


def test_where_there_is_no_case_there_is_nothing_to_check(sessions: sessionmaker[Session]) -> None:
    assert take(sessions) is None
    assert report_on(sessions) == Report()


def test_a_chain_that_was_rewritten_no_longer_fits_a_checkpoint(
    cases: sessionmaker[Session],
) -> None:
    with transaction(cases) as session:
        rewrite(session, FIRST, 5)
    assert report_on(cases).intact  # without a checkpoint nobody can tell
    take(cases)
    go_on(cases, FIRST, 3)
    take(cases)
    with transaction(cases) as session:
        rewrite(session, FIRST, 5)
    found = the_finding(report_on(cases))
    assert (found.reference, found.number, found.checkpoint) == (FIRST, 1, 1)
    assert "Einträge 1 bis 9: Bei Prüfpunkt 1" in found.sentence
    assert report_on(cases, SECOND).intact


def test_earlier_checkpoints_narrow_down_what_was_rewritten(cases: sessionmaker[Session]) -> None:
    take(cases)
    go_on(cases, FIRST, 3)
    take(cases)
    go_on(cases, FIRST, 3)
    take(cases)
    with transaction(cases) as session:
        rewrite(session, FIRST, 11)
    found = the_finding(report_on(cases))
    assert (found.number, found.checkpoint) == (10, 2)
    assert "Einträge 10 bis 12: Bei Prüfpunkt 2" in found.sentence


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param(
            [
                f"DELETE FROM journal WHERE number = {LENGTH} AND {OF_FIRST}",
                f"UPDATE cases SET journal_number = {LENGTH - 1}, journal_hash = "
                f"(SELECT decode(hash, 'hex') FROM "
                f"journal WHERE number = {LENGTH - 1} AND {OF_FIRST}) WHERE reference = '{FIRST}'",
            ],
            id="cut off where the case says so too",
        ),
        pytest.param(
            [
                f"DELETE FROM journal WHERE {OF_FIRST}",
                f"DELETE FROM cases WHERE reference = '{FIRST}'",
            ],
            id="the whole case is gone",
        ),
        pytest.param(
            [f"UPDATE cases SET reference = 'IKZ-2026-0009' WHERE reference = '{FIRST}'"],
            id="the case has another reference",
        ),
    ],
)
def test_a_checkpoint_remembers_what_is_gone(
    cases: sessionmaker[Session], statements: list[str]
) -> None:
    take(cases)
    with transaction(cases) as session:
        without_triggers(session)
        for statement in statements:
            session.connection().exec_driver_sql(statement)
    for references in ((), (FIRST,)):
        found = the_finding(report_on(cases, *references))
        assert (found.reference, found.checkpoint) == (FIRST, 1)
        assert "Bei Prüfpunkt 1" in found.sentence


@pytest.fixture
def three_checkpoints(cases: sessionmaker[Session]) -> list[str]:
    """Three checkpoints; their hashes."""
    hashes = []
    for _ in range(3):
        go_on(cases, SECOND, 1)
        taken = take(cases)
        assert taken is not None
        hashes.append(taken.hash)
    return hashes


@pytest.mark.parametrize(
    ("statement", "number", "sentence"),
    [
        ("UPDATE checkpoints SET states = states - 0 WHERE number = 2", 2, "geändert"),
        ("UPDATE checkpoints SET cases = 7 WHERE number = 2", 2, "geändert"),
        ("UPDATE checkpoints SET digest = reverse(digest) WHERE number = 2", 2, "geändert"),
        ("UPDATE checkpoints SET hash = reverse(hash) WHERE number = 2", 2, "geändert"),
        ("UPDATE checkpoints SET taken_at = taken_at + '1 s' WHERE number = 2", 2, "geändert"),
        ("UPDATE checkpoints SET previous_hash = '' WHERE number = 2", 2, "geändert"),
        ("UPDATE checkpoints SET number = 4 WHERE number = 3", 3, "Prüfpunkt 3 fehlt"),
        ("DELETE FROM checkpoints WHERE number = 1", 1, "Prüfpunkt 1 fehlt"),
        ("DELETE FROM checkpoints WHERE number = 2", 2, "Prüfpunkt 2 fehlt"),
    ],
)
def test_a_changed_checkpoint_is_named(
    cases: sessionmaker[Session],
    three_checkpoints: list[str],
    statement: str,
    number: int,
    sentence: str,
) -> None:
    with transaction(cases) as session:
        without_triggers(session)
        assert session.connection().exec_driver_sql(statement).rowcount
    found = the_finding(report_on(cases))
    assert (found.reference, found.checkpoint) == (None, number)
    assert sentence in found.sentence


def test_a_checkpoint_that_was_written_anew_no_longer_links(
    cases: sessionmaker[Session], three_checkpoints: list[str]
) -> None:
    with transaction(cases) as session:
        without_triggers(session)
        second = session.get_one(Checkpoint, 2)
        second.states = second.states[:1]
        second.cases = 1
        second.digest = checkpoints.digest_of(second.states)
        second.hash = checkpoints.hash_of(second)
    found = the_finding(report_on(cases))
    assert (found.checkpoint, found.fault) == (3, Fault.LINK)


def test_a_hash_that_was_kept_elsewhere_shows_that_all_was_rewritten(
    cases: sessionmaker[Session], three_checkpoints: list[str]
) -> None:
    with transaction(cases) as session:
        without_triggers(session)
        session.execute(text("DELETE FROM checkpoints"))
        rewrite(session, FIRST, 5)
        checkpoints.take(session)
    assert report_on(cases).intact
    found = the_finding(report_on(cases, known=three_checkpoints[-1]))
    assert three_checkpoints[-1] in found.sentence


# --- any change at all -----------------------------------------------------------------------


def _memory() -> list[JournalEntry]:
    case = Case(id=new_id(), journal_number=0, journal_hash="")
    added: list[JournalEntry] = []

    class Nowhere(Session):
        def add(self, instance: object, _warn: bool = True) -> None:
            assert isinstance(instance, JournalEntry)
            added.append(instance)

    for number in range(6):
        journal.append(Nowhere(), case, Event.CASE_STARTED, None, data={"n": number, "x": "ä"})
    return added


CHAIN = _memory()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
OBJECT = st.dictionaries(st.text(), JSON)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "case_id": st.uuids(),
    "number": st.integers(0, 9),
    "event": st.text(),
    "recorded_at": st.integers(0, 4 * 10**9).map(lambda s: datetime.fromtimestamp(s, UTC)),
    "legal_date": st.dates(),
    "actor": st.text(),
    "actor_id": st.uuids(),
    "on_behalf_of": st.text(),
    "body_id": st.uuids(),
    "reason": st.text(),
    "legal_basis": st.text(),
    "before": OBJECT,
    "after": OBJECT,
    "confidential": st.just(True),
    "data": OBJECT,
    "salt": st.text(),
    "previous_hash": st.text(),
    "hash": st.text(),
}


def _copied(entry: JournalEntry, **changes: object) -> JournalEntry:
    values = {name: getattr(entry, name) for name in COLUMNS}
    return JournalEntry(**copy.deepcopy(values) | changes)


@given(st.data(), st.integers(0, len(CHAIN) - 1), st.sampled_from(sorted(VALUES)))
def test_any_single_change_is_found(data: st.DataObject, index: int, column: str) -> None:
    value = data.draw(VALUES[column])
    assume(value != getattr(CHAIN[index], column))
    chain = [*CHAIN[:index], _copied(CHAIN[index], **{column: value}), *CHAIN[index + 1 :]]
    found = journal.first_broken(chain)
    assert found is not None
    assert found.number == index + 1


@given(st.lists(st.integers(0, len(CHAIN) - 1)))
def test_any_other_order_or_selection_is_found(order: list[int]) -> None:
    end = journal.End(CHAIN[-1].number, CHAIN[-1].hash)
    found = journal.first_broken([CHAIN[index] for index in order], end)
    assert (found is None) is (order == list(range(len(CHAIN))))


@given(OBJECT)
def test_what_is_written_is_what_is_read_back(value: dict[str, Any]) -> None:
    assert journal.canonical(journal._plain(value)) == journal.canonical(value)


@pytest.mark.parametrize("number", [0.5, 1.0, float("nan"), float("inf")])
def test_fractions_have_too_many_spellings(number: float) -> None:
    case = Case(id=new_id(), journal_number=0, journal_hash="")
    with pytest.raises(ValueError, match="no fractions"):
        journal.append(Session(), case, Event.CASE_STARTED, None, data={"share": number})
