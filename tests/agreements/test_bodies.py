"""How many may vote in a committee: dated, without gaps of doubt, never overlapping."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import bodies
from agreements.bodies import NewSize
from agreements.councils import voting_members
from agreements.database.engine import transaction
from agreements.errors import Conflict, Refusal
from agreements.model.bodies import BodyChange
from agreements.model.enums import BodyChangeKind
from agreements.queries import bodies as body_queries
from tests.story import KAMEN

FIRST, SECOND = date(2020, 11, 1), date(2025, 11, 1)


def enter(
    sessions: sessionmaker[Session],
    number: int,
    start: date,
    name: str = "Rat",
    source: str = "Niederschrift",
) -> None:
    with transaction(sessions) as session:
        bodies.set_size(session, KAMEN, name, NewSize(number, start, source))


def rows(sessions: sessionmaker[Session]) -> list[tuple[date, date | None, int]]:
    with transaction(sessions) as session:
        return [
            (size.valid_from, size.valid_to, size.voting_members)
            for committee in body_queries.body(session, KAMEN).committees
            for size in committee.sizes
        ]


def test_a_new_number_ends_the_one_before_it(kreis: sessionmaker[Session]) -> None:
    enter(kreis, 45, FIRST)
    enter(kreis, 47, SECOND)
    assert rows(kreis) == [(FIRST, date(2025, 10, 31), 45), (SECOND, None, 47)]
    with transaction(kreis) as session:
        [council] = [c for c in body_queries.body(session, KAMEN).committees if c.name == "Rat"]
        days = (date(2020, 10, 31), FIRST, date(2025, 10, 31), SECOND)
        assert [voting_members(council, day) for day in days] == [None, 45, 45, 47]


def test_a_new_number_is_on_record(kreis: sessionmaker[Session]) -> None:
    enter(kreis, 45, FIRST)
    enter(kreis, 47, SECOND)
    with transaction(kreis) as session:
        last, first = session.scalars(select(BodyChange).order_by(BodyChange.id.desc()))
    assert first.before is None
    assert last.kind == BodyChangeKind.COMMITTEE_SIZE_SET
    assert [change["voting_members"] for change in (last.before or {}, last.after or {})] == [
        45,
        47,
    ]


def test_committees_are_counted_apart(kreis: sessionmaker[Session]) -> None:
    enter(kreis, 45, FIRST)
    enter(kreis, 17, FIRST, name="Hauptausschuss")
    assert sorted(number for _, _, number in rows(kreis)) == [17, 45]


@pytest.mark.parametrize("start", [FIRST, date(2020, 1, 1), date(2025, 10, 31), SECOND])
def test_a_period_that_has_a_number_keeps_it(kreis: sessionmaker[Session], start: date) -> None:
    enter(kreis, 45, FIRST)
    enter(kreis, 47, SECOND)
    before = rows(kreis)
    with pytest.raises(Conflict, match="eine neue muss nach dem") as refused:
        enter(kreis, 99, start)
    assert refused.value.code == "sizes-overlap"
    assert rows(kreis) == before


def test_a_number_after_the_end_of_the_last_one_is_taken(kreis: sessionmaker[Session]) -> None:
    enter(kreis, 45, FIRST)
    with transaction(kreis) as session:
        [council] = [c for c in body_queries.body(session, KAMEN).committees if c.name == "Rat"]
        council.sizes[0].valid_to = date(2025, 9, 30)
    with pytest.raises(Conflict, match=r"bis 30\.09\.2025"):
        enter(kreis, 47, date(2025, 9, 30))
    enter(kreis, 47, SECOND)
    assert rows(kreis) == [(FIRST, date(2025, 9, 30), 45), (SECOND, None, 47)]


@pytest.mark.parametrize(
    ("number", "name", "source", "code"),
    [
        (0, "Rat", "Niederschrift", "size-out-of-range"),
        (-1, "Rat", "Niederschrift", "size-out-of-range"),
        (1001, "Rat", "Niederschrift", "size-out-of-range"),
        (45, "Rat", " ", "source-missing"),
        (45, "Rat", "zwei\nZeilen", "source-missing"),
        (45, "Kreistag", "Niederschrift", "committee-unknown"),
    ],
)
def test_a_wrong_entry_is_refused(
    kreis: sessionmaker[Session], number: int, name: str, source: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        enter(kreis, number, FIRST, name, source)
    assert refused.value.code == code
    assert rows(kreis) == []


def test_a_committee_has_no_number_outside_its_life(kreis: sessionmaker[Session]) -> None:
    with transaction(kreis) as session:
        [council] = [c for c in body_queries.body(session, KAMEN).committees if c.name == "Rat"]
        council.valid_from, council.valid_to = FIRST, date(2025, 10, 31)
    with pytest.raises(Refusal, match=r"01\.11\.2025 kein Gremium „Rat“"):
        enter(kreis, 45, SECOND)
    enter(kreis, 45, FIRST)
    assert len(rows(kreis)) == 1
