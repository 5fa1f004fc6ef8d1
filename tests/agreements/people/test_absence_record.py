"""What was done with an absence stays on record, for the person and whoever leads."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from agreements import absences
from agreements.absences import AddSubstitution, EndAbsence
from agreements.errors import NotFound
from agreements.model.bodies import Body
from agreements.queries import absence_record
from agreements.queries import absences as queries
from tests.agreements.people.office import KAMEN, Office, day


def said(office: Office, absence_id: UUID, who: str) -> list[tuple[str | None, str]]:
    """The record as somebody reads it: who, and what."""
    found = office.run(lambda s: absence_record.record(s, office.actor(s, who), absence_id))
    return [(entry.by, entry.sentence) for entry in found]


def test_who_shortened_or_cancelled_it_is_seen_by_the_person_and_whoever_leads(
    office: Office,
) -> None:
    absence_id = office.away("anna", "bernd", last=20)
    office.today = 1
    shorter, over = EndAbsence(last_day=day(9)), EndAbsence()
    office.run(lambda s: absences.end(s, office.actor(s, "doris"), absence_id, shorter))
    office.today = 2
    clara = AddSubstitution(substitute="clara", body=KAMEN)
    office.run(lambda s: absences.add_substitution(s, office.actor(s, "anna"), absence_id, clara))
    office.today = 3
    office.run(lambda s: absences.end(s, office.actor(s, "technik"), absence_id, over))
    expected = [
        ("Anna", "Abwesenheit ab dem 01.06.2026 bis zum 21.06.2026 eingetragen."),
        ("Anna", "Vertretung durch Bernd eingetragen."),
        ("Doris", "Letzter Tag vorgezogen: bisher bis zum 21.06.2026, jetzt bis zum 10.06.2026."),
        ("Anna", "Vertretung durch Clara (Stadt Kamen) eingetragen."),
        ("Technik", "Abwesenheit sofort beendet; vorgesehen war sie bis zum 10.06.2026."),
    ]
    for reader in ("anna", "doris", "technik"):
        assert said(office, absence_id, reader) == expected
    with pytest.raises(NotFound):
        said(office, absence_id, "bernd")


def test_the_same_last_day_once_more_is_no_change(office: Office) -> None:
    absence_id = office.away("anna", last=9)
    for _ in range(2):
        office.run(
            lambda s: absences.end(
                s, office.actor(s, "anna"), absence_id, EndAbsence(last_day=day(4))
            )
        )
    assert [sentence for _, sentence in said(office, absence_id, "anna")][1:] == [
        "Letzter Tag vorgezogen: bisher bis zum 10.06.2026, jetzt bis zum 05.06.2026."
    ]


def test_what_is_over_is_shown_for_a_quarter_of_a_year(office: Office) -> None:
    absence_id = office.away("anna", last=4)

    def shown(today: int) -> tuple[int, int]:
        office.today = today
        return office.run(
            lambda s: (
                len(queries.past_of_person(s, office.actor(s, "anna"))),
                len(
                    queries.past_of_body(
                        s, s.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
                    )
                ),
            )
        )

    assert [shown(today) for today in (4, 5, 94, 95)] == [(0, 0), (1, 1), (1, 1), (0, 0)]
    office.today = 2
    office.run(lambda s: absences.end(s, office.actor(s, "anna"), absence_id, EndAbsence()))
    assert [shown(today) for today in (2, 92, 93)] == [(1, 1), (1, 1), (0, 0)]
