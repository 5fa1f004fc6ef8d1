"""Who may sign for a body: the register, kept by its legal staff or the administration."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import signatories as use_cases
from agreements.glossary import label
from agreements.model import bodies as rows
from agreements.model.enums import SigningCapacity
from agreements.queries import bodies as queries
from api.dependencies import ActorDep, OnceDep, Reply, SessionDep
from api.rest.bodies import Ags
from api.rest.schemas import Output

router = APIRouter(prefix="/bodies/{ags}/signatories", tags=["Körperschaften"])


class SignatoryView(Output):
    """Eine zeichnungsberechtigte Person."""

    id: UUID
    name: str = Field(examples=["Elke Rappholt"])
    function: str = Field(examples=["Bürgermeisterin"])
    capacity: SigningCapacity
    capacity_label: str = Field(examples=["allgemeine Vertretung"])
    alone: bool = Field(description="darf allein unterschreiben, wo eine Unterschrift genügt")
    basis: str = Field(examples=["Wahl vom 14.09.2025"])
    valid_from: date | None = Field(description="null: seit jeher")
    valid_to: date | None = Field(description="letzter Tag; null: auf Weiteres")
    sample: bool = Field(description="Beispieldaten, nicht amtlich")

    @classmethod
    def of(cls, row: rows.Signatory) -> SignatoryView:
        """The person of a row."""
        return cls(
            id=row.id,
            name=row.name,
            function=row.function,
            capacity=row.capacity,
            capacity_label=label(row.capacity),
            alone=row.alone,
            basis=row.basis,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            sample=row.sample,
        )


class Signatories(Output):
    """Wer für die Körperschaft unterschreiben darf, durfte oder dürfen wird."""

    items: list[SignatoryView]


_ENTER = {
    "Nach der Wahl": {
        "value": {
            "name": "Elke Rappholt",
            "function": "Bürgermeisterin",
            "capacity": "head",
            "alone": True,
            "basis": "Wahl vom 14.09.2025, Annahme am 17.09.2025",
            "valid_from": "2025-11-01",
        }
    },
    "Beigeordneter, nur gemeinsam": {
        "value": {
            "name": "Bernd Osthues",
            "function": "Beigeordneter",
            "capacity": "authorised",
            "alone": False,
            "basis": "Dienstanweisung vom 03.02.2025, Nr. 4",
            "valid_from": "2025-03-01",
        }
    },
}
_END = {"Ende der Amtszeit": {"value": {"name": "Elke Rappholt", "valid_to": "2025-10-31"}}}


@router.get("", summary="Wer für die Körperschaft unterschreiben darf")
def signatories(ags: Ags, session: SessionDep, actor: ActorDep) -> Signatories:
    body = queries.body(session, ags)
    found = use_cases.registers(session, [body.id])[body.id]
    return Signatories(items=[SignatoryView.of(row) for row in found])


@router.post(
    "",
    summary="Eine zeichnungsberechtigte Person eintragen",
    status_code=201,
    response_model=SignatoryView,
)
def enter_signatory(
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.EnterSignatory, Body(openapi_examples=_ENTER)],
) -> JSONResponse:
    def work() -> Reply:
        return Reply(SignatoryView.of(use_cases.enter(session, actor, ags, wanted)), 201)

    return once.run(work)


@router.post(
    "/ending",
    summary="Den letzten Tag einer Zeichnungsberechtigung eintragen",
    response_model=SignatoryView,
)
def end_signatory(
    ags: Ags,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[use_cases.EndSignatory, Body(openapi_examples=_END)],
) -> JSONResponse:
    def work() -> Reply:
        return Reply(SignatoryView.of(use_cases.end(session, actor, ags, wanted)))

    return once.run(work)
