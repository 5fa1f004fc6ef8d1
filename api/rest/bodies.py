"""Bodies with their committees and population."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import access, councils
from agreements import bodies as use_cases
from agreements.glossary import label
from agreements.model import bodies as rows
from agreements.model.enums import BodyKind, CommitteeKind, ConsultationRole, ConsultationState
from agreements.queries import bodies as queries
from api.dependencies import ActorDep, OnceDep, Reply, SessionDep
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
    valid_from: date | None = Field(description="null: seit jeher")
    valid_to: date | None = Field(description="letzter Tag; null: besteht")
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
        valid_from=committee.valid_from,
        valid_to=committee.valid_to,
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


_ENTER = {
    "Nach der Wahl": {
        "value": {
            "name": "Rat",
            "genitive": "des Rates",
            "kind": "council",
            "position": 2,
            "role": "decision",
            "public": True,
            "valid_from": "2025-11-01",
            "voting_members": 45,
            "source": "Niederschrift der konstituierenden Sitzung vom 04.11.2025",
        }
    }
}
_END = {"Ende der Wahlperiode": {"value": {"name": "Rat", "valid_to": "2025-10-31"}}}


@router.post(
    "/bodies/{ags}/committees",
    summary="Ein Gremium eintragen, etwa nach einer Wahl",
    status_code=201,
    response_model=CommitteeView,
)
def enter_committee(
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.EnterCommittee, Body(openapi_examples=_ENTER)],
) -> JSONResponse:
    def work() -> Reply:
        return Reply(_committee(use_cases.enter_committee(session, actor, ags, wanted)), 201)

    return once.run(work)


@router.post(
    "/bodies/{ags}/committees/ending",
    summary="Den letzten Tag eines Gremiums eintragen",
    response_model=CommitteeView,
)
def end_committee(
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.EndCommittee, Body(openapi_examples=_END)],
) -> JSONResponse:
    def work() -> Reply:
        return Reply(_committee(use_cases.end_committee(session, actor, ags, wanted)))

    return once.run(work)


class SuccessionView(Output):
    """Eine Beratung, die auf ein anderes Gremium übergegangen ist."""

    consultation_id: UUID
    predecessor: str = Field(examples=["Haupt- und Finanzausschuss"])
    successor: str | None = Field(description="null: die Beratung entfällt")
    state: ConsultationState


class Adapted(Output):
    """Was sich an der Beratungsfolge geändert hat."""

    items: list[SuccessionView]


_ADAPT = {
    "Nach der Wahl": {
        "value": {
            "valid_on": "2025-11-05",
            "reason": "Kommunalwahl vom 14.09.2025; der Rat hat seine Ausschüsse neu gebildet.",
        }
    }
}


@router.post(
    "/cases/{reference}/bodies/{ags}/committees/adaptation",
    summary="Die Beratungsfolge eines Vorgangs an die bestehenden Gremien anpassen",
    response_model=Adapted,
    tags=["Umwege"],
)
def adapt_committees(
    reference: str,
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[councils.AdaptCommittees, Body(openapi_examples=_ADAPT)],
) -> JSONResponse:
    def work() -> Reply:
        case, sight = access.visible_case(session, actor, reference, lock=True)
        sight.require_contents()
        body = queries.body(session, ags)
        changed = councils.adapt(session, actor, case, body, wanted.valid_on, wanted.reason)
        return Reply(Adapted(items=[_succession(change) for change in changed]))

    return once.run(work)


def _succession(change: councils.Succession) -> SuccessionView:
    return SuccessionView(
        consultation_id=change.consultation.id,
        predecessor=change.predecessor,
        successor=change.successor.name if change.successor else None,
        state=change.consultation.state,
    )
