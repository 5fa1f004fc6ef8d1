"""Whose duties somebody has on a day, and what nobody covers."""

from __future__ import annotations

import pytest

from agreements import absences, accounts, coverage
from agreements.absences import EndAbsence
from agreements.accounts import NewAccount
from agreements.errors import NotPermitted, Refusal
from agreements.model.enums import NoticeKind, Role
from agreements.model.people import Absence
from agreements.queries import absences as queries
from tests.agreements.people.office import KAMEN, Office, day

ANNAS = {("anna", Role.CLERK), ("anna", Role.LEGAL)}


def test_a_substitute_has_the_duties_on_the_days_of_the_absence_alone(office: Office) -> None:
    office.away("anna", "bernd", first=1, last=3)
    seen = []
    for office.today in range(5):
        seen.append(office.stands_in("bernd"))
    assert seen == [set(), ANNAS, ANNAS, ANNAS, set()]
    assert office.stands_in("clara") == set()


def test_without_a_last_day_it_lasts_until_it_is_ended(office: Office) -> None:
    absence_id = office.away("anna", "bernd")
    office.today = 400
    assert office.stands_in("bernd") == ANNAS
    office.run(lambda s: absences.end(s, office.actor(s, "anna"), absence_id, EndAbsence()))
    assert office.stands_in("bernd") == set()


def test_an_earlier_last_day_counts_to_its_end(office: Office) -> None:
    absence_id = office.away("anna", "bernd", last=9)
    wanted = EndAbsence(last_day=day(2))
    office.run(lambda s: absences.end(s, office.actor(s, "doris"), absence_id, wanted))
    office.today = 2
    assert office.stands_in("bernd") == ANNAS
    office.today = 3
    assert office.stands_in("bernd") == set()


def test_what_somebody_stands_in_for_does_not_pass_on(office: Office) -> None:
    office.away("anna", "bernd")
    office.away("bernd", "clara")
    assert office.stands_in("clara") == {("bernd", Role.TREASURER)}
    # Who is away and comes in all the same may act.
    assert office.stands_in("bernd") == ANNAS


def test_whoever_leaves_the_body_stands_in_no_longer(office: Office) -> None:
    office.away("anna", "bernd")
    office.run(lambda s: accounts.end_duty(s, "bernd", Role.TREASURER, KAMEN, day(1)))
    office.today = 1
    assert office.stands_in("bernd") == ANNAS
    office.today = 2
    assert office.stands_in("bernd") == set()


def test_nobody_stands_in_for_a_role_that_has_ended(office: Office) -> None:
    office.away("anna", "bernd")
    office.run(lambda s: accounts.end_duty(s, "anna", Role.LEGAL, KAMEN, day(0)))
    office.today = 1
    assert office.stands_in("bernd") == {("anna", Role.CLERK)}


def test_a_closed_account_stands_in_for_nobody_and_the_supervisor_is_told(office: Office) -> None:
    office.away("anna", "bernd")
    assert office.told("doris", NoticeKind.SUBSTITUTION_GAP) == []
    office.run(lambda s: accounts.deactivate(s, "bernd"))
    assert office.stands_in("bernd") == set()
    [sentence] = office.told("doris", NoticeKind.SUBSTITUTION_GAP)
    assert sentence == (
        "Anna ist ab dem 01.06.2026 bis auf Weiteres abwesend; Sachbearbeitung Kamen: Niemand "
        "vertritt. Anna ist ab dem 01.06.2026 bis auf Weiteres abwesend; Rechtsamt Kamen: Niemand "
        "vertritt."
    )


def gaps(office: Office, absence_id: object) -> list[str]:
    return office.run(
        lambda s: [gap.sentence for gap in coverage.gaps(s, s.get_one(Absence, absence_id))]
    )


def test_a_substitute_who_is_away_too_is_a_gap(office: Office) -> None:
    absence_id = office.away("bernd", "clara", last=9)
    assert gaps(office, absence_id) == []
    office.away("clara", "anna", first=5, last=6)
    [sentence] = gaps(office, absence_id)
    assert sentence.endswith(
        "Kämmerei Kamen: Clara vertritt, ist aber vom 06.06.2026 bis zum 07.06.2026 ebenfalls "
        "abwesend."
    )
    # What is past is no gap any more.
    office.today = 7
    assert gaps(office, absence_id) == []


def test_a_second_substitute_closes_the_gap(office: Office) -> None:
    absence_id = office.away("bernd", "clara", "anna", last=9)
    office.away("clara", "anna", first=5, last=6)
    assert gaps(office, absence_id) == []


def test_a_colleague_closes_it_unless_away_too(office: Office) -> None:
    office.run(lambda s: accounts.add(s, NewAccount("emil", "Emil", [(Role.TREASURER, KAMEN)])))
    absence_id = office.away("bernd", last=9)
    assert gaps(office, absence_id) == []
    office.away("emil", first=9)
    assert len(gaps(office, absence_id)) == 1


def test_where_the_supervisor_is_the_one_who_is_away_the_admins_are_told(office: Office) -> None:
    office.away("doris")
    [sentence] = office.told("technik", NoticeKind.SUBSTITUTION_GAP)
    assert sentence.endswith("Leitung Kamen: Niemand vertritt.")


def test_colleagues_do_not_enter_each_others_absences(office: Office) -> None:
    for by in ("anna", "clara"):
        with pytest.raises(NotPermitted):
            office.away("bernd", by=by)
    for by in ("doris", "technik"):
        office.away(
            "bernd", first=20 if by == "doris" else 30, last=20 if by == "doris" else 30, by=by
        )


def test_an_admin_learns_that_there_is_no_such_account(office: Office) -> None:
    with pytest.raises(Refusal) as refusal:
        office.away("nie.gewesen", by="technik")
    assert refusal.value.code == "account-unknown"


def test_the_state_authority_is_none_of_a_partys_business(office: Office) -> None:
    office.run(
        lambda s: accounts.add(s, NewAccount("aufsicht", "Aufsicht", [(Role.AUTHORITY, KAMEN)]))
    )
    with pytest.raises(NotPermitted):
        office.away("aufsicht", by="doris")
    office.away("aufsicht")
    assert office.told("doris", NoticeKind.SUBSTITUTION_GAP) == []
    assert len(office.told("technik", NoticeKind.SUBSTITUTION_GAP)) == 1
    shown = office.run(
        lambda s: queries.of_body(s, next(iter(office.actor(s, "doris").party_bodies())))
    )
    assert shown == []
