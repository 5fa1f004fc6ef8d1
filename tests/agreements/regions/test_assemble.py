"""Regions from the directory, and the sample region."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from agreements.errors import Refusal
from agreements.model.enums import BodyKind, CommitteeKind, Role
from agreements.regions import directory
from agreements.regions.assemble import region_from_directory, sample_region
from agreements.regions.grammar import kreis_forms, municipality_forms
from agreements.regions.model import BodyData, CommitteeData, RegionData

FEMININE = ("die ", "der ", "der ", "die ")
MASCULINE = ("der ", "des ", "dem ", "den ")
CITY_STATES = {"04011", "04012", "02000", "11000"}


def articles_agree(body: BodyData) -> bool:
    forms = body.forms
    cases = (forms.nominative, forms.genitive, forms.dative, forms.accusative)
    return any(
        all(case.startswith(article) for case, article in zip(cases, articles, strict=True))
        for articles in (FEMININE, MASCULINE)
    )


def test_every_kreis_can_be_set_up() -> None:
    seen: set[str] = set()
    for kreis in directory.all_kreise():
        region = region_from_directory(kreis.ags)
        assert len(region.bodies) == 1 + len(directory.municipalities_of(kreis.ags))
        assert region.users == ()
        for body in region.bodies:
            forms = body.forms
            assert articles_agree(body), forms
            assert "," not in forms.name
            assert forms.council_nominative.endswith(forms.genitive)
            assert body.populations[0].census_basis == "Zensus 2022"
            assert [committee.sizes for committee in body.consultations] == [(), ()]
            assert body.consultations[-1].role.authoritative
        assert region.bodies[0].kind.is_district
        assert not any(body.kind.is_district for body in region.bodies[1:])
        seen.update(body.ags for body in region.bodies)
    assert len(seen) == 294 + 10_751 - 106


def test_every_kreisfreie_stadt_is_one_body_of_its_own() -> None:
    cities = [entry for entry in directory.all_municipalities() if entry.independent]
    for city in cities:
        if city.kreis_ags in CITY_STATES:
            continue
        (body,) = region_from_directory(city.kreis_ags).bodies
        assert (body.ags, body.district_ags) == (city.ags, city.kreis_ags)
        assert body.kind is BodyKind.INDEPENDENT_CITY
        assert body.forms.head_title == "Oberbürgermeister"


@pytest.mark.parametrize("ags", sorted(CITY_STATES))
def test_city_states_are_refused(ags: str) -> None:
    with pytest.raises(Refusal, match="Stadtstaaten"):
        region_from_directory(ags)


def test_kreis_unna_from_the_directory() -> None:
    region = region_from_directory("05978")
    assert region.name == "Kreis Unna"
    assert (region.directory_only, sample_region().directory_only) == (True, False)
    kreis = region.body("05978")
    assert [c.name for c in kreis.consultations] == ["Kreisausschuss", "Kreistag"]
    assert kreis.consultations[1].genitive == "des Kreistages"
    kamen = region.body("05978020")
    assert [c.genitive for c in kamen.consultations] == ["des Hauptausschusses", "des Rates"]
    assert (kamen.government_district, kamen.district_ags) == ("Arnsberg", "05978")
    assert kamen.consultations[1].voting_members_on(date(2026, 1, 1)) is None
    assert region_from_directory("05334").bodies[0].kind is BodyKind.CITY_REGION
    assert region_from_directory("05334").bodies[0].consultations[1].name == "Städteregionstag"


def test_the_sample_region_agrees_with_the_directory() -> None:
    sample, official = sample_region(), region_from_directory("05978")
    assert {body.ags for body in sample.bodies} == {body.ags for body in official.bodies}
    for body in sample.bodies:
        other = official.body(body.ags)
        assert (body.kind, body.official_name, body.ars) == (
            other.kind,
            other.official_name,
            other.ars,
        )
        assert body.populations[0].count == other.populations[0].count
        assert body.district_ags == other.district_ags
        personal = {"head_title", "head_name", "address"}
        assert body.forms.model_dump(exclude=personal) == other.forms.model_dump(exclude=personal)


def test_everything_invented_is_marked() -> None:
    sample = sample_region()
    assert sample.sample
    assert all(body.sample for body in sample.bodies)
    assert all(user.sample for user in sample.users)
    for body in sample.bodies:
        for committee in body.committees:
            assert committee.sample
            assert all(size.source == "Beispieldaten" for size in committee.sizes)


def test_every_body_has_its_people_and_its_head_signs() -> None:
    sample = sample_region()
    for body in sample.bodies:
        held = {
            duty.role: user
            for user in sample.users
            for duty in user.duties
            if duty.body == body.ags
        }
        assert set(held) == {
            Role.CLERK,
            Role.LEGAL,
            Role.TREASURER,
            Role.SIGNATORY,
            Role.SUPERVISOR,
        }
        assert held[Role.SIGNATORY].display_name == body.forms.head_name
        assert held[Role.SIGNATORY].function == body.forms.head_title
    admins = [u.username for u in sample.users if any(d.role is Role.ADMIN for d in u.duties)]
    assert admins == ["admin"]
    names = {user.username for user in sample.users}
    assert {"recht.schwerte", "sb.kamen", "unterschrift.kamen", "kaemmerer.kreis-unna"} <= names
    people = [user.display_name for user in sample.users]
    assert len(people) == len(set(people))


@pytest.mark.parametrize("day", [date(2021, 6, 22), date(2025, 10, 31), date(2025, 11, 1)])
def test_every_committee_of_the_sample_knows_how_many_may_vote(day: date) -> None:
    for body in sample_region().bodies:
        preparing, deciding = body.consultations
        few, many = preparing.voting_members_on(day), deciding.voting_members_on(day)
        assert few is not None
        assert many is not None
        assert few < many


def test_before_the_term_nobody_knows_how_many_may_vote() -> None:
    kreistag = sample_region().body("05978").consultations[1]
    assert kreistag.voting_members_on(date(2020, 10, 31)) is None


def test_what_is_on_record() -> None:
    sample = sample_region()
    assert sample.body("05978004").paper_number(474, 2021) == "12/0474"
    assert sample.body("05978004").next_paper_number == 474
    assert sample.body("05978028").paper_number(694, 2024) == "IX/0694"
    names = [c.name for c in sample.body("05978020").consultations]
    assert names == ["Haupt- und Finanzausschuss", "Rat"]
    schwerte = sample.body("05978028").consultations
    assert schwerte[0].name == "Haupt-, Personal- und Gleichstellungsausschuss"
    kinds = [c.kind for c in sample.body("05978").consultations]
    assert kinds == [CommitteeKind.DISTRICT_COMMITTEE, CommitteeKind.DISTRICT_COUNCIL]


def changed(**changes: object) -> dict[str, object]:
    return sample_region().body("05978020").model_dump() | changes


def test_a_number_pattern_must_count() -> None:
    with pytest.raises(ValidationError, match="does not count"):
        BodyData.model_validate(changed(paper_number_pattern="12/{year}"))


def test_exactly_the_last_committee_decides() -> None:
    committees = sample_region().body("05978020").committees
    with pytest.raises(ValidationError, match="last committee decides"):
        BodyData.model_validate(changed(committees=[committees[0].model_dump()]))


def test_two_committees_never_stand_at_one_place() -> None:
    committee = sample_region().body("05978020").committees[1].model_dump()
    with pytest.raises(ValidationError, match="position more than once"):
        BodyData.model_validate(changed(committees=[committee, committee]))


def test_sizes_never_overlap() -> None:
    committee = sample_region().body("05978020").committees[1].model_dump()
    committee["sizes"][0]["valid_to"] = date(2025, 11, 1)
    with pytest.raises(ValidationError, match="overlap"):
        CommitteeData.model_validate(committee)


@pytest.mark.parametrize(
    ("duties", "message"),
    [
        ([{"role": "clerk", "body": "05978999"}], "unknown body"),
        ([{"role": "clerk"}], "without a body"),
        ([{"role": "admin", "body": "05978020"}], "without a body"),
    ],
)
def test_a_duty_names_a_body_of_the_region(duties: list[dict[str, str]], message: str) -> None:
    data = sample_region().model_dump()
    data["users"][0]["duties"] = duties
    with pytest.raises(ValidationError, match=message):
        RegionData.model_validate(data)


def test_head_and_address_can_be_given() -> None:
    kreis = kreis_forms("05962", "Märkischer Kreis", "Kreis", "X", head_name="A", address="B")
    town = municipality_forms("05978004", "X", "Stadt", "NW", head_name="A", address="B")
    assert (kreis.head_name, kreis.address) == (town.head_name, town.address) == ("A", "B")
