"""Documents that people ask for: what can be written now, and the writing of one."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field, JsonValue, ValidationError

from agreements.documents.store import DocumentStore
from agreements.dossier import asking
from agreements.dossier.asked import Asked, Particulars
from agreements.dossier.asking import Offer
from agreements.glossary import label
from agreements.model.enums import Role
from agreements.queries import contents as queries
from api.dependencies import ContentsDep, OnceDep, Reply
from api.rest.documents import DocumentView
from api.rest.rendering import render_now
from api.rest.schemas import BodyRef, Output

router = APIRouter(prefix="/cases/{reference}", tags=["Dokumente"])


class DocumentKindView(Output):
    """Ein Dokument, das sich anfordern lässt, und was man dazu angibt."""

    kind: str = Field(examples=["steering_minutes"])
    title: str = Field(examples=["Niederschrift des Lenkungskreises"])
    body: BodyRef = Field(description="für wen es geschrieben wird; sonst die federführende")
    own: bool = Field(description="nur für diese Körperschaft, nicht für den ganzen Vorgang")
    role: Role
    role_label: str = Field(examples=["Rechtsamt"])
    objection: str | None = Field(description="was jetzt entgegensteht; null: es geht")
    particulars: dict[str, Any] = Field(
        description="JSON-Schema der Angaben, die POST /documents/{document_kind} erwartet"
    )

    @classmethod
    def of(cls, offer: Offer) -> DocumentKindView:
        """The view of an offer."""
        return cls(
            kind=offer.asked.purpose.value,
            title=offer.title,
            body=BodyRef.of(offer.party.body),
            own=offer.asked.own,
            role=offer.asked.role,
            role_label=label(offer.asked.role),
            objection=offer.objection,
            particulars=_schema(offer.asked.particulars),
        )


@cache
def _schema(particulars: type[Particulars]) -> dict[str, Any]:
    return particulars.model_json_schema()


class DocumentKinds(Output):
    """Was sich anfordern lässt, in der Reihenfolge des Verfahrens."""

    items: list[DocumentKindView]


@router.get("/document-kinds", summary="Was sich an Dokumenten anfordern lässt, und warum nicht")
def document_kinds(found: ContentsDep) -> DocumentKinds:
    offers = asking.offered(found.session, found.actor, found.case)
    return DocumentKinds(items=[DocumentKindView.of(offer) for offer in offers])


_EXAMPLES: Any = {
    "Inhaltsverzeichnis der Vorgangsakte (case_file)": {"value": {"dated_on": "2026-06-01"}},
    "Hinweisbekanntmachung (publication_notice)": {"value": {"dated_on": "2026-08-10"}},
    "Ausfertigung zur Unterzeichnung (signing_set)": {
        "value": {"dated_on": "2026-06-15", "form": "qualified_electronic"}
    },
    "Niederschrift des Lenkungskreises (steering_minutes)": {
        "value": {
            "dated_on": "2027-03-12",
            "session_number": 3,
            "held_on": "2027-03-10",
            "starts_at": "14:00",
            "ends_at": "16:15",
            "place": "Kreishaus, Sitzungssaal 2",
            "chair": "Landrat Martin Muster",
            "minute_taker": "Selma Schreib",
            "attendance": [
                {"body": "05978028", "persons": ["Jonas Beispiel"]},
                {"body": "05978020"},
            ],
            "quorum": 1,
            "quorum_basis": "§ 6 Absatz 3 der Vereinbarung",
            "items": [{"title": "Bericht der Projektleitstelle"}],
        }
    },
    "Schlussvermerk (closing_note)": {
        "value": {
            "dated_on": "2026-09-01",
            "originals": [{"what": "Ausfertigung", "where": "Rechtsamt, Urkundensammlung Nr. 12"}],
            "retention_until": "2056-12-31",
            "retention_basis": "Aktenplan 10.24, 30 Jahre",
            "archive": "Stadtarchiv Schwerte",
        }
    },
}


@router.post(
    "/documents/{document_kind}",
    summary="Ein Dokument schreiben lassen",
    status_code=201,
    response_model=DocumentView,
)
def order_document(
    found: ContentsDep,
    once: OnceDep,
    request: Request,
    document_kind: str,
    particulars: Annotated[dict[str, JsonValue], Body(openapi_examples=_EXAMPLES)],
    body: Annotated[
        str | None,
        Query(
            description="AGS der Körperschaft; nötig, wenn die Person für mehrere zuständig ist",
            examples=["05978020"],
        ),
    ] = None,
) -> JSONResponse:
    asked = asking.asked_by(document_kind)
    given = _particulars(asked, particulars)

    def work() -> Reply:
        document = asking.order(
            found.session,
            found.actor,
            found.case,
            asked,
            body,
            given,
            lambda template_id, data, source: render_now(request, template_id, data, source),
            DocumentStore(request.app.state.settings.documents),
        )
        view = DocumentView.of(document, queries.bodies_of(found.session, [document]))
        return Reply(view, 201, location=f"/api/v1/documents/{document.id}/content")

    return once.run(work)


def _particulars(asked: Asked, given: dict[str, JsonValue]) -> Particulars:
    try:
        return asked.particulars.model_validate(given)
    except ValidationError as problem:
        found = [{**error, "loc": ("body", *error["loc"])} for error in problem.errors()]
        raise RequestValidationError(found) from None
