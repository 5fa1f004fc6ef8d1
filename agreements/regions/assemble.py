"""Regions ready to be loaded: any Kreis from the official directory, and the sample region."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from agreements.documents.forms import BodyForms
from agreements.law.tables import land_of_ags
from agreements.model.enums import BodyKind, CommitteeKind, ConsultationRole
from agreements.regions import directory, grammar
from agreements.regions.directory import KreisEntry, MunicipalityEntry
from agreements.regions.grammar import Noun
from agreements.regions.model import BodyData, CommitteeData, PopulationData, RegionData
from agreements.yaml_text import parsed

DEFAULT_PATTERN: Final = "{seq:03d}/{year}"
_HAUPTAUSSCHUSS: Final = ("Hauptausschuss", "des Hauptausschusses")
_KREISAUSSCHUSS: Final = ("Kreisausschuss", "des Kreisausschusses")


@lru_cache
def sample_region() -> RegionData:
    """Kreis Unna and its ten municipalities; people, sizes and most committees are invented."""
    text = files("agreements.regions").joinpath("sample_unna.yaml").read_text("utf-8")
    return RegionData.model_validate(parsed(text))


def region_from_directory(ags5: str) -> RegionData:
    """A Kreis with its municipalities, or one kreisfreie Stadt, as the directory knows them.

    Committees are the usual ones without sizes; people are not known to any directory.
    """
    kreis = directory.load_kreis(ags5)
    entries = directory.municipalities_of(ags5)
    bodies = [_municipality(entry, kreis) for entry in entries]
    if not kreis.independent:
        bodies.insert(0, _kreis(kreis))
    return RegionData(
        id=ags5,
        name=bodies[0].forms.name,
        source=directory.SOURCE,
        directory_only=True,
        bodies=tuple(bodies),
    )


def _kreis(kreis: KreisEntry) -> BodyData:
    forms = grammar.kreis_forms(kreis.ags, kreis.official_name, kreis.kind, kreis.seat)
    return BodyData(
        ags=kreis.ags,
        kind=_kreis_kind(forms),
        official_name=kreis.official_name,
        land=land_of_ags(kreis.ags),
        government_district=kreis.government_district,
        forms=forms,
        paper_number_pattern=DEFAULT_PATTERN,
        populations=_population(kreis.population),
        committees=_committees(
            (CommitteeKind.DISTRICT_COMMITTEE, _KREISAUSSCHUSS),
            (CommitteeKind.DISTRICT_COUNCIL, _council_noun(forms)),
        ),
    )


def _kreis_kind(forms: BodyForms) -> BodyKind:
    is_region = forms.name.startswith("Städteregion ")
    return BodyKind.CITY_REGION if is_region else BodyKind.DISTRICT


def _council_noun(forms: BodyForms) -> tuple[str, str]:
    """Name and genitive of the Kreistag, without the body that follows."""
    council = forms.council_nominative.removesuffix(f" {forms.genitive}").split(" ", 1)[1]
    return council, forms.council_genitive.removesuffix(f" {forms.genitive}")


def _municipality(entry: MunicipalityEntry, kreis: KreisEntry) -> BodyData:
    land = land_of_ags(entry.ags)
    council: Noun = grammar.municipal_council(land, entry.kind)
    return BodyData(
        ags=entry.ags,
        ars=entry.ars,
        kind=_municipality_kind(entry),
        official_name=entry.official_name,
        land=land,
        government_district=kreis.government_district,
        district_ags=entry.kreis_ags,
        forms=grammar.municipality_forms(entry.ags, entry.official_name, entry.kind, land),
        paper_number_pattern=DEFAULT_PATTERN,
        populations=_population(entry.population),
        committees=_committees(
            (CommitteeKind.MAIN_COMMITTEE, _HAUPTAUSSCHUSS),
            (CommitteeKind.COUNCIL, (council.word, council.cases().genitive)),
        ),
    )


def _municipality_kind(entry: MunicipalityEntry) -> BodyKind:
    if entry.independent:
        return BodyKind.INDEPENDENT_CITY
    return BodyKind.TOWN if grammar.is_town(entry.kind) else BodyKind.MUNICIPALITY


def _population(count: int) -> tuple[PopulationData, ...]:
    return (
        PopulationData(
            as_of=directory.POPULATION_AS_OF,
            census_basis=directory.POPULATION_BASIS,
            count=count,
            source=directory.SOURCE,
        ),
    )


def _committees(
    preparing: tuple[CommitteeKind, tuple[str, str]],
    deciding: tuple[CommitteeKind, tuple[str, str]],
) -> tuple[CommitteeData, ...]:
    return tuple(
        CommitteeData(kind=kind, name=name, genitive=genitive, position=position, role=role)
        for position, ((kind, (name, genitive)), role) in enumerate(
            (
                (preparing, ConsultationRole.RECOMMENDATION),
                (deciding, ConsultationRole.DECISION),
            ),
            start=1,
        )
    )
