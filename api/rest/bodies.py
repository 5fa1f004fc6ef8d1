"""Bodies with their committees and population."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from agreements.glossary import label
from agreements.model import bodies as rows
from agreements.model.enums import BodyKind, CommitteeKind, ConsultationRole
from agreements.queries import bodies as queries
from api.dependencies import ActorDep, SessionDep
from api.rest.schemas import BodyRef, Output

router = APIRouter(tags=["Körperschaften"])

Ags = Annotated[
    str,
    Path(
        pattern=r"^(\d{5}|\d{8})$",
        description="Amtlicher Gemeindeschlüssel; fünf Stellen für einen Kreis",
        examples=["05978020"],
    ),
]


class BodyLine(BodyRef):
    """Eine Körperschaft in der Liste."""

    kind: BodyKind
    kind_label: str = Field(examples=["Stadt"])
    official_name: str = Field(examples=["Kamen, Stadt"])
    district_ags: str | None = Field(description="der Kreis, zu dem sie gehört")


class Bodies(Output):
    """Alle Körperschaften der Anlage."""

    items: list[BodyLine]


class PopulationView(Output):
    """Einwohnerzahl; ohne Stichtag und Zensusbasis sagt sie nichts."""

    as_of: date
    census_basis: str = Field(examples=["Zensus 2022"])
    count: int
    source: str


class SizeView(Output):
    """Wie viele ab einem Tag stimmberechtigt sind."""

    valid_from: date
    valid_to: date | None
    voting_members: int
    source: str


class CommitteeView(Output):
    """Ein Gremium; `position` ist sein Platz in der Beratungsfolge."""

    name: str = Field(examples=["Rat"])
    kind: CommitteeKind
    position: int | None
    role: ConsultationRole
    role_label: str = Field(examples=["Entscheidung"])
    public: bool
    sizes: list[SizeView]
    sample: bool = Field(description="Beispieldaten, nicht amtlich")


class BodyView(BodyLine):
    """Eine Körperschaft mit Gremien und Einwohnerzahlen."""

    ars: str | None
    land: str
    government_district: str | None
    head_title: str = Field(examples=["Bürgermeisterin"])
    head_name: str
    committees: list[CommitteeView]
    populations: list[PopulationView]
    sample: bool = Field(description="Teile sind Beispieldaten")


def _line(body: rows.Body) -> dict[str, object]:
    return {
        **BodyRef.of(body).model_dump(),
        "kind": body.kind,
        "kind_label": label(body.kind),
        "official_name": body.official_name,
        "district_ags": body.district_ags,
    }


def _committee(committee: rows.Committee) -> CommitteeView:
    return CommitteeView(
        name=committee.name,
        kind=committee.kind,
        position=committee.position,
        role=committee.role,
        role_label=label(committee.role),
        public=committee.public,
        sizes=[
            SizeView(
                valid_from=size.valid_from,
                valid_to=size.valid_to,
                voting_members=size.voting_members,
                source=size.source,
            )
            for size in committee.sizes
        ],
        sample=committee.sample,
    )


@router.get("/bodies", summary="Alle Körperschaften")
def bodies(session: SessionDep, actor: ActorDep) -> Bodies:
    return Bodies(items=[BodyLine.model_validate(_line(b)) for b in queries.bodies(session)])


@router.get("/bodies/{ags}", summary="Eine Körperschaft mit Gremien und Einwohnerzahlen")
def body(ags: Ags, session: SessionDep, actor: ActorDep) -> BodyView:
    found = queries.body(session, ags)
    return BodyView.model_validate(
        {
            **_line(found),
            "ars": found.ars,
            "land": found.land,
            "government_district": found.government_district,
            "head_title": found.forms["head_title"],
            "head_name": found.forms["head_name"],
            "committees": [_committee(committee) for committee in found.committees],
            "populations": [
                PopulationView(
                    as_of=p.as_of, census_basis=p.census_basis, count=p.count, source=p.source
                )
                for p in found.populations
            ],
            "sample": found.sample,
        }
    )
