"""Migrations give what the models say, and what only the database can keep."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

import agreements.model.tables  # noqa: F401  (every table registers itself)
from agreements.database import schema
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import make_engine, session_factory
from agreements.model.base import Base
from agreements.model.cases import Case, Task
from agreements.model.councils import Paper, Resolution
from agreements.model.records import OutboxEntry

# PostgreSQL gives an index over an expression back in a spelling of its own, and Alembic
# cannot reflect the operator class. The comparison of definitions below covers this one.
NOT_COMPARED = "ix_cases_search"

ENTRY = """
INSERT INTO journal
    (case_id, number, event, recorded_at, actor, confidential, data, salt, previous_hash, hash)
VALUES (gen_random_uuid(), 1, 'case_started', now(), 'vereinbar', false, '{}', '', '', 'a')
"""
CHECKPOINT = """
INSERT INTO checkpoints (number, taken_at, cases, states, digest, previous_hash, hash)
VALUES (1, now(), 0, '[]', '', '', 'a')
"""


@pytest.fixture
def upgraded(empty_database_url: str) -> Iterator[Engine]:
    """An empty database, upgraded to the newest revision."""
    schema.upgrade(empty_database_url)
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def from_models(postgres: EmbeddedPostgres) -> Iterator[Engine]:
    """A database made from the models, without any migration."""
    postgres.ensure_database("from_models")
    engine = make_engine(postgres.url("from_models"))
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION pg_trgm"))
        Base.metadata.create_all(connection)
    yield engine
    engine.dispose()
    postgres.drop_database("from_models")


def test_an_upgraded_empty_database_equals_the_models(upgraded: Engine) -> None:
    options = {"compare_type": True, "compare_server_default": True}
    with upgraded.connect() as connection, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    # Not what the garbage collector says meanwhile of an earlier test's sockets.
    messages = [str(w.message) for w in said if not issubclass(w.category, ResourceWarning)]
    assert [NOT_COMPARED in message for message in messages] == [True]


INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
"""


@pytest.mark.parametrize("definitions", [INDEXES, CONSTRAINTS], ids=["indexes", "constraints"])
def test_indexes_and_constraints_are_those_of_the_models(
    upgraded: Engine, from_models: Engine, definitions: str
) -> None:
    def read(engine: Engine) -> set[tuple[str, ...]]:
        with engine.connect() as connection:
            return {tuple(row) for row in connection.execute(text(definitions))}

    ours = {row for row in read(upgraded) if row[0] != "alembic_version"}
    assert ours == read(from_models)
    assert (NOT_COMPARED in {row[1] for row in ours}) is (definitions is INDEXES)


# One body, one case and three tasks as the first revision knew them; nothing else matters here.
OF_BEFORE = """
INSERT INTO users (id, username, display_name, person_key, active, sample)
VALUES (gen_random_uuid(), 'recht.kamen', 'Sabine Nord', 'person-1', true, false);
INSERT INTO bodies (id, ags, kind, name, official_name, land, forms, paper_number_pattern,
    next_paper_number, sample)
VALUES (gen_random_uuid(), '05978020', 'town', 'Stadt Kamen', 'Kamen', 'NW',
    '{"short": "Kamen"}', '{number}', 1, false);
INSERT INTO cases (id, reference, title, subject, instrument, land, procedure, procedure_version,
    principle_round, kreistag_order, conditions, retrospective, state, started_on, started_at,
    started_by, version, journal_number, journal_hash)
SELECT gen_random_uuid(), 'IKZ-2026-0001', 'Smart Region', 'Gegenstand', 'mandating_agreement',
    'NW', 'cooperation-agreement', 1, false, 'before_councils', '{}', false, 'running', now(),
    now(), id, 1, 0, '' FROM users;
INSERT INTO stages (id, case_id, key, kind, number, position, state, awaits, reason, state_since,
    attempt, run_ended)
SELECT gen_random_uuid(), id, 'drafting', 'drafting', 1, 1, 'open', 'people', '', now(), 1, false
FROM cases;
INSERT INTO tasks (id, case_id, stage_id, body_id, role, kind, title, details, state, not_by,
    due_on, opened_at, version)
SELECT gen_random_uuid(), cases.id, stages.id, bodies.id, 'legal', t.kind, t.title, '',
    t.state, t.not_by, t.due_on, now(), 1
FROM cases, stages, bodies, (VALUES
    ('record_authority_answer', 'Antwort', 'open', NULL, date '2026-12-28'),
    ('check_finance_plan', 'Prüfen', 'open', 'person-1', date '2026-12-01'),
    ('submit_draft', 'Entwurf', 'done', NULL, NULL)
) AS t (kind, title, state, not_by, due_on);
"""


def test_tasks_of_before_keep_their_meaning(empty_database_url: str) -> None:
    schema.upgrade(empty_database_url, "0001")
    engine = make_engine(empty_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(OF_BEFORE)
    schema.upgrade(empty_database_url)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT own_title, due_kind, not_by, search_text FROM tasks ORDER BY own_title")
        ).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [
        ("Antwort", "statutory", None, "IKZ-2026-0001 Smart Region Antwort Kamen"),
        ("Entwurf", None, None, ""),
        ("Prüfen", "internal", ["person-1"], "IKZ-2026-0001 Smart Region Prüfen Kamen"),
    ]


# A case before its councils as revision 0003 knew it, one half of its outbox carried out.
IN_COUNCILS = """
UPDATE cases SET journal_number = 1, journal_hash = repeat('ab', 32),
    conditions = '{kreistag_first,funding_wanted}';
INSERT INTO parties (id, case_id, body_id, position, roles, joined_on)
SELECT gen_random_uuid(), cases.id, bodies.id, 1, '{lead,performing}', date '2026-01-02'
FROM cases, bodies;
INSERT INTO text_versions (id, case_id, kind, number, terms, content, text_hash, note, written_by,
    written_on, written_at)
SELECT gen_random_uuid(), cases.id, 'agreement', 1, '{}', '{}', repeat('cd', 32), '', started_by,
    date '2026-01-03', now()
FROM cases;
INSERT INTO statements (id, case_id, version_id, body_id, verdict, comment, given_on, given_by,
    given_at)
SELECT gen_random_uuid(), v.case_id, v.id, bodies.id, 'agreed', 'gut', date '2026-01-04',
    v.written_by, now()
FROM text_versions v, bodies;
INSERT INTO papers (id, case_id, stage_id, body_id, version_id, text_hash, number, dated_on,
    proposal)
SELECT gen_random_uuid(), v.case_id, stages.id, bodies.id, v.id, v.text_hash, 'IX/0312',
    date '2026-01-05', '{"points": ["Dem Abschluss wird zugestimmt."]}'
FROM text_versions v, stages, bodies;
INSERT INTO committees (id, body_id, kind, name, genitive, role, public, position,
    sample)
SELECT gen_random_uuid(), id, 'council', 'Rat', 'des Rates', 'decision', true, 1, false FROM bodies;
INSERT INTO consultations (id, paper_id, committee_id, position, role, public, state)
SELECT gen_random_uuid(), papers.id, committees.id, 1, 'decision', true, 'held'
FROM papers, committees;
INSERT INTO resolutions (id, consultation_id, outcome, votes_yes, members_excluded, decided_on,
    text_hash, wording, amendments, source_text, remark, sample, recorded_by, recorded_at)
SELECT gen_random_uuid(), consultations.id, 'adopted', 23, 0, date '2026-01-06',
    repeat('cd', 32), '', 'null', '', 'einstimmig', false, cases.started_by, now()
FROM consultations, cases;
INSERT INTO outbox (id, case_id, kind, payload, created_at, carried_out_at, failures)
SELECT gen_random_uuid(), cases.id, 'event', '{"event": "x"}', now(), o.carried_out_at, 0
FROM cases, (VALUES (now()), (NULL)) AS o (carried_out_at);
"""
KEPT = """
SELECT (SELECT concat(reference, title, instrument, conditions, state) FROM cases),
    (SELECT concat(position, roles, joined_on) FROM parties),
    (SELECT concat(kind, text_hash) FROM text_versions),
    (SELECT concat(verdict, comment) FROM statements),
    (SELECT concat(number, text_hash, dated_on) FROM papers),
    (SELECT concat(role, state, position) FROM consultations),
    (SELECT concat(outcome, votes_yes, text_hash, remark) FROM resolutions),
    (SELECT concat(key, kind, state, awaits, number, attempt) FROM stages),
    (SELECT string_agg(concat(title, kind, role, priority, state), ',' ORDER BY title) FROM tasks),
    (SELECT journal_hash FROM cases)
"""


def test_a_case_of_before_is_kept_whole(empty_database_url: str) -> None:
    schema.upgrade(empty_database_url, "0001")
    engine = make_engine(empty_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(OF_BEFORE)
    schema.upgrade(empty_database_url, "0003")
    with engine.begin() as connection:
        connection.exec_driver_sql(IN_COUNCILS)
        before = connection.execute(text(KEPT)).one()
    schema.upgrade(empty_database_url)
    with engine.connect() as connection:
        as_text = re.sub(r"\b(text_hash|journal_hash)\b", r"encode(\1, 'hex')", KEPT)
        as_text = re.sub(r"(?<=concat\()title(?=, kind)|(?<=BY )title", "own_title", as_text)
        assert connection.execute(text(as_text)).one() == before
    with session_factory(engine)() as session:
        paper = session.scalars(select(Paper)).one()
        assert paper.proposal == {"points": ["Dem Abschluss wird zugestimmt."]}
        assert paper.text_hash == "cd" * 32
        assert session.scalars(select(Case)).one().journal_hash == "ab" * 32
        assert session.scalars(select(Resolution)).one().amendments is None
        assert [task.not_by for task in session.scalars(select(Task).order_by(Task.own_title))] == [
            [], [], ["person-1"],
        ]  # fmt: skip
        assert len(session.scalars(select(OutboxEntry)).all()) == 1
    engine.dispose()


@pytest.fixture
def written(upgraded: Engine) -> Engine:
    """A database with one entry in the journal."""
    with upgraded.begin() as connection:
        # The entry's case does not matter here.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(ENTRY))
        connection.execute(text(CHECKPOINT))
    return upgraded


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET actor = 'jemand anders'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "TRUNCATE cases CASCADE",
        "UPDATE checkpoints SET states = '[{}]'",
        "DELETE FROM checkpoints",
        "TRUNCATE checkpoints",
        "DELETE FROM body_changes",
        "UPDATE absence_shortenings SET last_day = '2026-01-01'",
    ],
)
def test_journal_and_checkpoints_can_only_grow(written: Engine, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="the journal is append-only"),
        written.begin() as connection,
    ):
        connection.execute(text(change))
    with written.connect() as connection:
        assert connection.scalar(text("SELECT actor FROM journal")) == "vereinbar"
        assert connection.scalar(text("SELECT hash FROM checkpoints")) == "a"
