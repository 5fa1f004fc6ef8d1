"""Who may sign for a body: pure judgement, by the register of that day."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.errors import Refusal
from agreements.model.bodies import Body, Signatory
from agreements.model.enums import SigningCapacity
from agreements.regions.assemble import sample_region
from agreements.signatories import (
    Asked,
    Entitled,
    can_sign,
    enough,
    entitled_on,
    judge,
    same_person,
)

DAY = date(2026, 5, 4)
BASIS = "§ 64 Abs. 1 GO NRW"
HEAD = Entitled("Elke Rappholt", "Bürgermeisterin", SigningCapacity.HEAD, True, "Wahl")
DEPUTY = Entitled(
    "Dr. Udo Vertreter", "Erster Beigeordneter", SigningCapacity.GENERAL_DEPUTY, True, "§ 68 GO NRW"
)
OFFICER = Entitled("Bernd Osthues", "Kämmerer", SigningCapacity.AUTHORISED, True, "Dienstanweisung")
JOINTLY = Entitled("Ute Spieker", "Amtsleiterin", SigningCapacity.AUTHORISED, False, "Vollmacht")
ALL = (HEAD, DEPUTY, OFFICER, JOINTLY)


def kamen() -> Body:
    return Body(name="Stadt Kamen", forms=sample_region().body("05978020").forms.model_dump())


def asked(needed: int) -> Asked:
    return Asked(kamen(), DAY, needed, BASIS)


@pytest.mark.parametrize(
    ("signed", "one", "two"),
    [
        ((HEAD,), True, False),
        ((DEPUTY,), True, False),
        ((OFFICER,), True, False),
        ((JOINTLY,), False, False),
        ((HEAD, DEPUTY), True, True),
        ((HEAD, JOINTLY), True, True),
        ((DEPUTY, OFFICER), True, True),
        ((OFFICER, JOINTLY), True, False),
        ((), False, False),
    ],
)
def test_who_represents_the_body(signed: tuple[Entitled, ...], one: bool, two: bool) -> None:
    """Two: one of them the head or the general deputy, as § 64 Abs. 1 GO NRW asked for."""
    assert (enough(signed, 1), enough(signed, 2)) == (one, two)


@pytest.mark.parametrize(
    ("entitled", "one", "two"),
    [
        (ALL, True, True),
        ((HEAD,), True, False),
        ((JOINTLY,), False, False),
        ((OFFICER, JOINTLY), True, False),
        ((), False, False),
    ],
)
def test_whether_anybody_can(entitled: tuple[Entitled, ...], one: bool, two: bool) -> None:
    assert (can_sign(entitled, 1), can_sign(entitled, 2)) == (one, two)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Elke Rappholt", "elke  rappholt", True),
        ("Dr. Udo Vertreter", "Udo Vertreter", True),
        ("Prof. Dr. h.c. Udo Vertreter", "Dr. Udo Vertreter", True),
        ("Jürgen Groß", "Jürgen Gross", True),
        ("Elke Rappholt", "Elke Rapphold", False),
        ("Udo Drechsler", "Udo Rechsler", False),
    ],
)
def test_two_spellings_of_one_name(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


def refused(needed: int, *names: str, entitled: tuple[Entitled, ...] = ALL) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        judge(asked(needed), entitled, names)
    return refusal.value


def test_a_stranger_is_refused_with_those_who_could_sign() -> None:
    refusal = refused(1, "Otto Fremd")
    assert refusal.code == "not-a-signatory"
    assert refusal.message == (
        "Otto Fremd ist am 04.05.2026 für die Stadt Kamen nicht als zeichnungsberechtigt "
        "eingetragen. Unterschreiben können: Elke Rappholt (Bürgermeisterin), Dr. Udo Vertreter "
        "(Erster Beigeordneter), Bernd Osthues (Kämmerer), Ute Spieker (Amtsleiterin, nur "
        "gemeinsam)."
    )
    assert refused(1, "Elke Rappholt", "Otto Fremd").field == "co_signatory_name"


def test_an_empty_register_says_who_can_enter_somebody() -> None:
    assert "das Rechtsamt der Stadt Kamen" in refused(1, "Otto Fremd", entitled=()).message


def test_one_signature_where_two_are_needed() -> None:
    refusal = refused(2, "Elke Rappholt")
    assert refusal.code == "second-signature-missing"
    assert refusal.message == (
        "Für die Stadt Kamen sind am 04.05.2026 zwei Unterschriften nötig (§ 64 Abs. 1 GO NRW). "
        "Außerdem unterschreiben können: Dr. Udo Vertreter (Erster Beigeordneter), Bernd Osthues "
        "(Kämmerer), Ute Spieker (Amtsleiterin, nur gemeinsam)."
    )
    # Beside an officer it is for the head or the deputy.
    assert refused(2, "Bernd Osthues").accepted == "Elke Rappholt, Dr. Udo Vertreter"


def test_who_signs_only_jointly_does_not_sign_alone() -> None:
    refusal = refused(1, "Ute Spieker")
    assert "nur gemeinsam mit einer weiteren Person" in refusal.message
    assert judge(asked(1), ALL, ["Bernd Osthues", "Ute Spieker"]) == [OFFICER, JOINTLY]


def test_two_officers_are_not_enough_where_the_head_has_to_sign() -> None:
    assert refused(2, "Bernd Osthues", "Ute Spieker").code == "no-leading-signatory"


def test_nobody_signs_twice() -> None:
    assert refused(2, "Elke Rappholt", "Elke Rappholt").code == "signatory-twice"


@pytest.mark.parametrize(
    ("start", "end", "may"),
    [
        (None, None, True),
        (DAY, None, True),
        (None, DAY, True),
        (date(2026, 5, 5), None, False),
        (None, date(2026, 5, 3), False),
    ],
)
def test_the_register_counts_as_it_stands_on_the_day(
    start: date | None, end: date | None, may: bool
) -> None:
    row = Signatory(
        name="Elke Rappholt",
        function="Bürgermeisterin",
        capacity=SigningCapacity.HEAD,
        alone=True,
        basis="Wahl",
        valid_from=start,
        valid_to=end,
    )
    assert bool(entitled_on([row], kamen(), DAY)) is may


def test_without_any_entry_the_head_that_the_body_names_may_sign() -> None:
    [head] = entitled_on([], kamen(), DAY)
    assert (head.name, head.function, head.leads) == ("Elke Rappholt", "Bürgermeisterin", True)
    unknown = Body(name="Stadt Kamen", forms=kamen().forms | {"head_name": ""})
    assert entitled_on([], unknown, DAY) == []
