"""The official directory of Kreise and municipalities (GV100AD), read from CSV.

Keys are text: a leading zero is part of them. A kreisfreie Stadt stands in both files and
is taken once, as a municipality that bears both keys.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final

from agreements.errors import NotFound, Refusal

POPULATION_AS_OF: Final = date(2024, 12, 31)
POPULATION_BASIS: Final = "Zensus 2022"
SOURCE: Final = (
    "© Statistisches Bundesamt (Destatis), Gemeindeverzeichnis GV100AD, "
    "Gebietsstand 30. November 2025, Bevölkerung vermutlich 31. Dezember 2024"
)
_CITY_KINDS: Final = ("Kreisfreie Stadt", "Stadtkreis")
_UNINCORPORATED: Final = "gemeindefreies Gebiet"


@dataclass(frozen=True, slots=True)
class MunicipalityEntry:
    """Gemeinde. ``kreis_ags``: its Kreis; a kreisfreie Stadt's own five digits."""

    ags: str
    ars: str
    official_name: str
    kind: str
    kreis_ags: str
    population: int

    @property
    def independent(self) -> bool:
        """Whether it is a kreisfreie Stadt."""
        return self.kind in _CITY_KINDS


@dataclass(frozen=True, slots=True)
class KreisEntry:
    """Kreis, Landkreis, Städteregion, Regionalverband or kreisfreie Stadt."""

    ags: str
    official_name: str
    kind: str
    seat: str
    government_district: str | None
    land_name: str
    population: int

    @property
    def independent(self) -> bool:
        """Whether it is a kreisfreie Stadt, which is no body beside the municipality."""
        return self.kind in _CITY_KINDS


@dataclass(frozen=True, slots=True)
class Match:
    """One hit of a search by name."""

    ags: str
    official_name: str
    kind: str
    kreis: str
    population: int


def load_kreis(ags5: str) -> KreisEntry:
    """The Kreis with a five-digit key. Refusal: malformed or unknown."""
    if not (len(ags5) == 5 and ags5.isascii() and ags5.isdigit()):
        raise Refusal(
            "malformed-kreis-key",
            f"„{ags5}“ ist kein Kreisschlüssel; er hat fünf Ziffern, auch eine führende Null "
            "zählt mit, zum Beispiel 05978.",
            "ags",
            "fünf Ziffern",
        )
    found = _kreise().get(ags5)
    if found is None:
        raise NotFound(
            "unknown-kreis",
            f"Den Kreisschlüssel {ags5} gibt es im Gemeindeverzeichnis nicht; suchen Sie den "
            "Kreis nach seinem Namen.",
            "ags",
        )
    return found


def municipalities_of(ags5: str) -> tuple[MunicipalityEntry, ...]:
    """The municipalities of a Kreis by key, unincorporated areas left out."""
    load_kreis(ags5)
    return tuple(entry for entry in all_municipalities() if entry.kreis_ags == ags5)


def search(name: str) -> tuple[Match, ...]:
    """Kreise and municipalities whose official name contains ``name``; exact names first."""
    wanted = name.strip().casefold()
    if not wanted:
        raise Refusal("empty-search", "Bitte geben Sie einen Namen an.", "name")
    hits = [
        Match(k.ags, k.official_name, k.kind, k.land_name, k.population)
        for k in _kreise().values()
        if not k.independent and wanted in k.official_name.casefold()
    ]
    hits += [
        Match(m.ags, m.official_name, m.kind, _kreise()[m.kreis_ags].official_name, m.population)
        for m in all_municipalities()
        if wanted in m.official_name.casefold()
    ]
    return tuple(sorted(hits, key=lambda hit: (_distance(hit.official_name, wanted), hit.ags)))


def _distance(official_name: str, wanted: str) -> int:
    name = official_name.casefold()
    if name.split(",")[0] == wanted:
        return 0
    return 1 if name.startswith(wanted) else 2


@lru_cache
def all_municipalities() -> tuple[MunicipalityEntry, ...]:
    """All municipalities of Germany, unincorporated areas left out."""
    return tuple(
        MunicipalityEntry(
            row["ags"],
            row["ars"],
            row["name"],
            row["kind"],
            row["kreis_ags"],
            int(row["population"]),
        )
        for row in _rows("gemeinden.csv")
        if not row["kind"].startswith(_UNINCORPORATED)
    )


def all_kreise() -> tuple[KreisEntry, ...]:
    """All Kreise, kreisfreie Städte left out."""
    return tuple(entry for entry in _kreise().values() if not entry.independent)


@lru_cache
def _kreise() -> dict[str, KreisEntry]:
    return {
        row["kreis_ags"]: KreisEntry(
            ags=row["kreis_ags"],
            official_name=row["name"],
            kind=row["kind"],
            seat=row["seat"],
            government_district=row["regierungsbezirk"].removeprefix("Reg.-Bez. ") or None,
            land_name=row["land"],
            population=int(row["population"]),
        )
        for row in _rows("kreise.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    text = files("agreements.regions").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
