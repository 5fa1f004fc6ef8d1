"""§ 29 Abs. 4 GkG NRW: who takes part decides, and where the performing body lies."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.errors import Refusal
from agreements.law.authorities import PartyFacts, competent_authority
from agreements.law.rules import law_of
from agreements.model.enums import BodyKind

NW = law_of("NW", date(2022, 6, 1))


def town(ags: str, name: str, kreis: str = "Unna", district: str = "Arnsberg") -> PartyFacts:
    return PartyFacts(
        ags=ags,
        name=f"Stadt {name}",
        kind=BodyKind.TOWN,
        land="NW",
        government_district=district,
        district_ags=ags[:5],
        district_genitive=f"des Kreises {kreis}",
    )


KAMEN = town("05978020", "Kamen")
SCHWERTE = town("05978028", "Schwerte")
HERFORD = town("05758012", "Herford", "Herford", "Detmold")
KREIS_UNNA = PartyFacts("05978", "Kreis Unna", BodyKind.DISTRICT, "NW", "Arnsberg")
DORTMUND = PartyFacts("05913000", "Stadt Dortmund", BodyKind.INDEPENDENT_CITY, "NW", "Arnsberg")
AACHEN = PartyFacts("05334", "Städteregion Aachen", BodyKind.CITY_REGION, "NW", "Köln")
OSNABRUECK = PartyFacts("03459000", "Gemeinde Bad Laer", BodyKind.MUNICIPALITY, "NI")
LANDRAT_UNNA = "Landrat des Kreises Unna als untere staatliche Verwaltungsbehörde"


@pytest.mark.parametrize(
    ("parties", "performing", "name"),
    [
        ([KREIS_UNNA, KAMEN, SCHWERTE], SCHWERTE, "Bezirksregierung Arnsberg"),
        ([KREIS_UNNA, KAMEN], KREIS_UNNA, "Bezirksregierung Arnsberg"),
        ([KAMEN, SCHWERTE], SCHWERTE, LANDRAT_UNNA),
        ([KAMEN, DORTMUND], KAMEN, "Bezirksregierung Arnsberg"),
        ([KAMEN, AACHEN], AACHEN, "Bezirksregierung Köln"),
        ([KAMEN, AACHEN], KAMEN, "Bezirksregierung Arnsberg"),
        ([KAMEN, OSNABRUECK], KAMEN, "Bezirksregierung Arnsberg"),
        ([KAMEN, HERFORD], KAMEN, LANDRAT_UNNA),
        (
            [KAMEN, HERFORD],
            HERFORD,
            "Landrat des Kreises Herford als untere staatliche Verwaltungsbehörde",
        ),
        ([KREIS_UNNA, HERFORD], HERFORD, "Bezirksregierung Detmold"),
    ],
)
def test_authority(parties: list[PartyFacts], performing: PartyFacts, name: str) -> None:
    assert competent_authority(NW, parties, performing).name == name


def test_forms_of_the_names() -> None:
    state = competent_authority(NW, [KREIS_UNNA, KAMEN], KAMEN)
    assert (state.dative, state.accusative) == (
        "der Bezirksregierung Arnsberg",
        "die Bezirksregierung Arnsberg",
    )
    assert state.address == "Seibertzstraße 1, 59821 Arnsberg"
    assert state.basis == "§ 29 Abs. 4 GkG NRW"
    local = competent_authority(NW, [SCHWERTE, KAMEN], KAMEN)
    assert local.dative == (
        "dem Landrat des Kreises Unna als unterer staatlicher Verwaltungsbehörde"
    )
    assert local.accusative.startswith("den Landrat des Kreises Unna")


@pytest.mark.parametrize(
    ("parties", "performing", "code"),
    [
        ([KAMEN, SCHWERTE], KREIS_UNNA, "performing-not-a-party"),
        ([KAMEN, OSNABRUECK], OSNABRUECK, "performing-outside-land"),
    ],
)
def test_refusals(parties: list[PartyFacts], performing: PartyFacts, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        competent_authority(NW, parties, performing)
    assert caught.value.code == code
    assert caught.value.field == "performing"


def test_a_land_without_rule_is_refused() -> None:
    with pytest.raises(Refusal, match="Hessen"):
        competent_authority(law_of("HE", date(2022, 6, 1)), [KAMEN], KAMEN)


@pytest.mark.parametrize(
    ("party", "code"),
    [
        (PartyFacts("05978", "Kreis X", BodyKind.DISTRICT, "NW"), "government-district-unknown"),
        (PartyFacts("05978004", "Stadt X", BodyKind.TOWN, "NW"), "district-unknown"),
    ],
)
def test_what_is_not_known_is_not_guessed(party: PartyFacts, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        competent_authority(NW, [party], party)
    assert caught.value.code == code
