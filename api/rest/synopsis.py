"""Texts side by side: what a committee changed, and what changed between two versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import Field

from agreements import drafting
from agreements import synopsis as domain
from agreements.acts import Amendment
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.documents.template import DOCX
from agreements.dossier import comparing
from agreements.errors import NotFound
from agreements.model.councils import Paper, Resolution
from agreements.model.drafting import TextVersion
from agreements.model.enums import Outcome, VersionKind
from agreements.queries import contents as queries
from agreements.synopsis import Change, Difference
from api.dependencies import ContentsDep, InCase
from api.rest.documents import attachment
from api.rest.schemas import BodyRef, Hash, Output

router = APIRouter(prefix="/cases/{reference}", tags=["Textfassungen"])

Number = Annotated[int, Path(ge=1, le=2_147_483_647)]


class SegmentView(Output):
    """Ein Stück Text, und was daraus geworden ist."""

    change: Change
    text: str


class DifferenceView(Output):
    """Eine Stelle in beiden Fassungen."""

    place: str = Field(examples=["§ 4 Abs. 2"])
    found: bool = Field(description="false: Stelle nicht gefunden; der Wortlaut steht für sich")
    changed: bool
    moved: bool = Field(description="true: steht jetzt an anderer Stelle")
    old: str | None = Field(description="null: vorher nicht vorhanden oder nicht gefunden")
    new: str | None = Field(description="null: ersatzlos")
    segments: list[SegmentView] = Field(description="der Unterschied Wort für Wort")


class AmendmentSynopsisView(Output):
    """Was ein Gremium abweichend beschlossen hat, neben dem Vorschlag."""

    resolution_id: UUID
    body: BodyRef
    committee: str
    version: int = Field(description="die vorgeschlagene Textfassung")
    proposed: Hash
    resolved: Hash
    items: list[DifferenceView] = Field(description="leer: beschlossen wie vorgeschlagen")


class VersionSynopsisView(Output):
    """Zwei Textfassungen nebeneinander."""

    kind: VersionKind
    earlier: int
    later: int
    items: list[DifferenceView]


def _differences(found: Iterable[Difference]) -> list[DifferenceView]:
    return [
        DifferenceView(
            place=difference.place,
            found=difference.found,
            changed=difference.changed,
            moved=difference.moved,
            old=difference.old,
            new=difference.new,
            segments=[SegmentView(change=s.change, text=s.text) for s in difference.segments],
        )
        for difference in found
    ]


@router.get(
    "/reconciliations/{resolution_id}/synopsis",
    summary="Ein abweichender Beschluss neben dem vorgeschlagenen Text",
    tags=["Beschlüsse"],
)
def of_amendment(found: ContentsDep, resolution_id: UUID) -> AmendmentSynopsisView:
    paper, committee, resolution = _visible(found, resolution_id)
    version = found.session.get_one(TextVersion, paper.version_id)
    stored = (resolution.amendments or {}).get("items", [])
    amendments = [Amendment.model_validate(item) for item in stored]
    rows = domain.of_amendments(
        drafting.content_of(version),
        amendments,
        alone=resolution.outcome is Outcome.PARTLY_ADOPTED,
    )
    return AmendmentSynopsisView(
        resolution_id=resolution.id,
        body=BodyRef.of(paper.body),
        committee=committee,
        version=version.number,
        proposed=paper.text_hash,
        resolved=resolution.text_hash,
        items=_differences(rows),
    )


def _visible(found: InCase, resolution_id: UUID) -> tuple[Paper, str, Resolution]:
    for paper, _ in queries.papers(found.session, found.case, found.sight):
        for consultation in paper.consultations:
            for resolution in consultation.resolutions:
                if resolution.id == resolution_id:
                    return paper, consultation.committee.name, resolution
    raise NotFound("resolution-unknown", "Diesen Beschluss gibt es nicht.")


@router.get(
    "/versions/{kind}/{number}/compare/{other}",
    summary="Zwei Textfassungen nebeneinander, Stelle für Stelle",
)
def of_versions(
    found: ContentsDep, kind: VersionKind, number: Number, other: Number
) -> VersionSynopsisView:
    earlier = queries.version(found.session, found.case, kind, number).version
    later = queries.version(found.session, found.case, kind, other).version
    rows = domain.compare(drafting.content_of(earlier), drafting.content_of(later))
    return VersionSynopsisView(
        kind=kind, earlier=earlier.number, later=later.number, items=_differences(rows)
    )


@router.get(
    "/versions/{kind}/{number}/compare/{other}/page",
    summary="Zwei Textfassungen nebeneinander als HTML-Seite",
    response_class=HTMLResponse,
)
def page_of_versions(
    found: ContentsDep, kind: VersionKind, number: Number, other: Number
) -> HTMLResponse:
    earlier = queries.version(found.session, found.case, kind, number).version
    later = queries.version(found.session, found.case, kind, other).version
    headers = {
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    return HTMLResponse(comparing.page(found.case, earlier, later), headers=headers)


@router.get(
    "/versions/{kind}/{number}/compare/{other}/table",
    summary="Zwei Textfassungen nebeneinander als Synopse (Word) für eine Vorlage",
    response_class=Response,
    responses={200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
)
def table_of_versions(
    request: Request, found: ContentsDep, kind: VersionKind, number: Number, other: Number
) -> Response:
    earlier = queries.version(found.session, found.case, kind, number).version
    later = queries.version(found.session, found.case, kind, other).version
    template = template_by_id("synopsis")
    data = comparing.table(found.case, earlier, later)
    content = render(template, data, request.app.state.settings.templates_dir)
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": attachment(template.output_name(data)),
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=DOCX, headers=headers)
