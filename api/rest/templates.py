"""Templates of the documents: what may stand in them, and their changed versions."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from agreements import template_preview, template_versions
from agreements.documents import reference, rendering
from agreements.documents.inspection.findings import Finding
from agreements.documents.inspection.guarded import Inspector
from agreements.documents.pool import RenderPool
from agreements.documents.registry import TEMPLATES, Template, template_by_id
from agreements.documents.store import DocumentStore
from agreements.documents.template import DOCX
from agreements.documents.worker import MEGABYTE, Limits
from agreements.model.templates import TemplateRelease, TemplateVersion
from agreements.queries import bodies as body_queries
from agreements.queries import templates as queries
from agreements.template_preview import Compared
from agreements.template_versions import ReleaseTemplate, RollBackTemplate, Scope
from api.dependencies import ActorDep, OnceDep, Reply, SessionDep
from api.rest.documents import attachment
from api.rest.schemas import BodyRef, Hash, Output
from api.rest.uploads import FileContent, FileName, LimitedLength, file_body

router = APIRouter(tags=["Vorlagen"])

# A person waits for the answer; a template that needs longer would stop every document.
_INSPECTION: Final = Limits(cpu_seconds=5, wall_seconds=60, memory=300 * MEGABYTE)
_RENDERING: Final = Limits(cpu_seconds=20, wall_seconds=60, memory=512 * MEGABYTE)
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_RELEASE: Final = {"Freigabe": {"value": {"reason": "Neuer Briefkopf, mit der Hauptverwaltung"}}}
_BACK: Final = {
    "Zur mitgelieferten Datei": {"value": {"number": 0, "reason": "Fußzeile war unvollständig"}}
}
Ags = Annotated[
    str | None,
    Query(
        pattern=r"^\d{5,8}$",
        description="AGS: nur für Dokumente dieser Körperschaft; ohne Angabe für alle",
        examples=["05978020"],
    ),
]
Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=1000),
    Query(description="was sich ändert", examples=["Neuer Briefkopf"]),
]


class TemplateFieldView(Output):
    """Ein Feld, das in Platzhaltern stehen darf."""

    name: str = Field(examples=["file_reference"])
    kind: str = Field(examples=["Text"])
    meaning: str = Field(examples=["Aktenzeichen"])
    example: str = Field(examples=["IKZ-2026-0001"])
    optional: bool = Field(description="kann in einem Dokument fehlen")
    inner: str = Field(description="Name der Angaben darin, sonst leer", examples=["BodyForms"])


class TemplateDataView(Output):
    """Angaben mit ihren Feldern."""

    name: str = Field(examples=["PaperData"])
    meaning: str
    fields: list[TemplateFieldView]

    @classmethod
    def of(cls, found: reference.ModelDescription) -> TemplateDataView:
        """The description of a model."""
        fields = [
            TemplateFieldView(
                name=field.name,
                kind=field.kind,
                meaning=field.meaning,
                example=field.example,
                optional=field.optional,
                inner=field.inner,
            )
            for field in found.fields
        ]
        return cls(name=found.name, meaning=found.meaning, fields=fields)


class TemplateFindingView(Output):
    """Ein Befund der Prüfung."""

    code: str = Field(examples=["field-unused"])
    part: str = Field(examples=["Kopfzeile"])
    place: str
    text: str
    message: str

    @classmethod
    def of(cls, finding: Finding) -> TemplateFindingView:
        """The finding of an inspection."""
        return cls(
            code=finding.code,
            part=finding.part,
            place=finding.place,
            text=finding.text,
            message=finding.message,
        )


class TemplateVersionView(Output):
    """Eine hochgeladene Fassung einer Vorlage."""

    id: UUID
    template: str = Field(examples=["paper"])
    body: BodyRef | None = Field(description="nur für diese Körperschaft; null: für alle")
    number: int
    file_name: str
    content_hash: Hash
    size: int = Field(description="Bytes")
    note: str
    uploaded_by: str
    uploaded_at: datetime
    in_use: bool = Field(description="wird jetzt für neue Dokumente verwendet")


class UploadedTemplateView(TemplateVersionView):
    """Eine angenommene Fassung mit den Hinweisen der Prüfung."""

    findings: list[TemplateFindingView]


class TemplateReleaseView(Output):
    """Seit wann welche Fassung verwendet wird."""

    template: str = Field(examples=["paper"])
    body: BodyRef | None = Field(description="nur für diese Körperschaft; null: für alle")
    number: int = Field(description="zählt die Freigaben")
    version: int = Field(description="Fassung; 0 ist die mitgelieferte Datei")
    reason: str
    released_by: str
    released_at: datetime


class TemplateLine(Output):
    """Eine Vorlage in der Liste."""

    id: str = Field(examples=["paper"])
    title: str = Field(examples=["Beschlussvorlage"])
    file_name: str = Field(examples=["Beschlussvorlage.docx"])


class TemplateList(Output):
    """Alle Vorlagen."""

    items: list[TemplateLine]


class TemplateView(TemplateLine):
    """Eine Vorlage: ihre Felder und ihre Fassungen, soweit sie einen angehen."""

    data: TemplateDataView
    inner: list[TemplateDataView] = Field(description="die Angaben, die in den Feldern stecken")
    versions: list[TemplateVersionView]
    releases: list[TemplateReleaseView]


class ChangedParagraphView(Output):
    """Ein Absatz, der anders würde; leer heißt: dort stünde nichts."""

    part: str = Field(examples=["Fußzeile"])
    old: str
    new: str


class ComparedDocumentView(Output):
    """Ein Dokument eines laufenden Vorgangs mit der bisherigen und der neuen Fassung."""

    document_id: UUID
    reference: str = Field(examples=["IKZ-2026-0001"])
    title: str = Field(examples=["Beschlussvorlage Kamen"])
    changes: list[ChangedParagraphView]
    more: int = Field(description="weitere geänderte Absätze")
    problem: str | None = Field(description="warum es sich nicht vergleichen lässt")

    @classmethod
    def of(cls, compared: Compared) -> ComparedDocumentView:
        """One document of a preview."""
        return cls(
            document_id=compared.document.id,
            reference=compared.reference,
            title=compared.document.title,
            changes=[
                ChangedParagraphView(part=change.part, old=change.old, new=change.new)
                for change in compared.changes
            ],
            more=compared.more,
            problem=compared.problem,
        )


class TemplatePreview(Output):
    """Was die Fassung in laufenden Vorgängen ändern würde."""

    items: list[ComparedDocumentView]
    left_out: int = Field(description="weitere Dokumente, die nicht verglichen wurden")


@router.get("/templates", summary="Alle Vorlagen")
def templates(actor: ActorDep) -> TemplateList:
    return TemplateList(items=[TemplateLine(**_line(template)) for template in TEMPLATES])


@router.get("/templates/{template_id}", summary="Eine Vorlage: Felder, Fassungen, Freigaben")
def template(template_id: str, session: SessionDep, actor: ActorDep) -> TemplateView:
    found = template_by_id(template_id)
    versions = template_versions.versions(session, actor, found.id)
    scopes = dict.fromkeys([None, *(version.body_id for version in versions)])
    return TemplateView(
        **_line(found),
        data=TemplateDataView.of(reference.described(found)),
        inner=[TemplateDataView.of(model) for model in reference.inner_models(found)],
        versions=_views(session, versions),
        releases=[
            _release(session, row)
            for body_id in (scopes if versions else ())
            for row in template_versions.releases(session, Scope(found.id, body_id))
        ],
    )


@router.get(
    "/templates/{template_id}/file",
    summary="Die mitgelieferte Datei einer Vorlage herunterladen",
    response_class=Response,
    responses={200: {"content": {DOCX: _BINARY}}},
)
def shipped_file(template_id: str, request: Request, actor: ActorDep) -> Response:
    found = template_by_id(template_id)
    content = rendering.shipped(found, request.app.state.settings.templates_dir)
    return _download(found.file_name, content)


@router.post(
    "/templates/{template_id}/versions",
    summary="Eine geänderte Vorlage hochladen",
    status_code=201,
    response_model=UploadedTemplateView,
    dependencies=[LimitedLength],
    openapi_extra=file_body((DOCX,)),
)
def upload(
    template_id: str,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    content: FileContent,
    file_name: FileName,
    body: Ags = None,
    note: Note = "",
) -> JSONResponse:
    def work() -> Reply:
        scope = template_versions.scope_of(session, template_id, body)
        template_versions.require_legal(actor, scope)
        with Inspector(_INSPECTION) as inspector, closing(_pool(request)) as pool:
            uploaded = template_versions.upload(
                session,
                actor,
                scope,
                file_name,
                note,
                content,
                inspect=inspector.inspect,
                trial=template_preview.trial(session, scope, pool.render_now),
                store=_store(request),
            )
        [view] = _views(session, [uploaded.version])
        hints = [TemplateFindingView.of(finding) for finding in uploaded.hints]
        path = f"/api/v1/template-versions/{view.id}/content"
        answer = UploadedTemplateView(**view.model_dump(), findings=hints)
        return Reply(answer, 201, location=path)

    return once.run(work)


@router.get(
    "/template-versions/{version_id}/content",
    summary="Eine hochgeladene Fassung herunterladen",
    response_class=Response,
    responses={200: {"content": {DOCX: _BINARY}}},
)
def content(version_id: UUID, request: Request, session: SessionDep, actor: ActorDep) -> Response:
    version = template_versions.visible_version(session, actor, version_id)
    return _download(version.file_name, _store(request).read(version.content_hash))


@router.get(
    "/template-versions/{version_id}/preview",
    summary="Was eine Fassung in laufenden Vorgängen ändern würde",
)
def preview(
    version_id: UUID, request: Request, session: SessionDep, actor: ActorDep
) -> TemplatePreview:
    version = template_versions.visible_version(session, actor, version_id)
    with closing(_pool(request)) as pool:
        found = template_preview.preview(session, actor, version, pool.render_now, _store(request))
    items = [ComparedDocumentView.of(compared) for compared in found.compared]
    return TemplatePreview(items=items, left_out=found.left_out)


@router.post(
    "/template-versions/{version_id}/release",
    summary="Eine Fassung freigeben (zweite Person)",
    response_model=TemplateReleaseView,
)
def release(
    version_id: UUID,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[ReleaseTemplate, Body(openapi_examples=_RELEASE)],
) -> JSONResponse:
    def work() -> Reply:
        row = template_versions.release(session, actor, version_id, wanted)
        return Reply(_release(session, row))

    return once.run(work)


@router.post(
    "/templates/{template_id}/rollback",
    summary="Zu einer früheren Fassung zurückkehren",
    response_model=TemplateReleaseView,
)
def roll_back(
    template_id: str,
    session: SessionDep,
    actor: ActorDep,
    once: OnceDep,
    wanted: Annotated[RollBackTemplate, Body(openapi_examples=_BACK)],
    body: Ags = None,
) -> JSONResponse:
    def work() -> Reply:
        scope = template_versions.scope_of(session, template_id, body)
        return Reply(_release(session, template_versions.roll_back(session, actor, scope, wanted)))

    return once.run(work)


def _line(template: Template) -> dict[str, str]:
    return {"id": template.id, "title": template.title, "file_name": template.file_name}


def _views(session: Session, rows: Iterable[TemplateVersion]) -> list[TemplateVersionView]:
    rows = list(rows)
    bodies = body_queries.by_id(session, (row.body_id for row in rows if row.body_id))
    used = queries.in_use(session, rows)
    return [
        TemplateVersionView(
            id=row.id,
            template=row.template,
            body=BodyRef.of(bodies[row.body_id]) if row.body_id else None,
            number=row.number,
            file_name=row.file_name,
            content_hash=row.content_hash,
            size=row.size,
            note=row.note,
            uploaded_by=queries.name_of(session, row.uploaded_by),
            uploaded_at=row.uploaded_at,
            in_use=row.id in used,
        )
        for row in rows
    ]


def _release(session: Session, row: TemplateRelease) -> TemplateReleaseView:
    bodies = body_queries.by_id(session, [row.body_id] if row.body_id else [])
    return TemplateReleaseView(
        template=row.template,
        body=BodyRef.of(bodies[row.body_id]) if row.body_id else None,
        number=row.number,
        version=queries.number_of(session, row.version_id),
        reason=row.reason,
        released_by=queries.name_of(session, row.released_by),
        released_at=row.released_at,
    )


def _store(request: Request) -> DocumentStore:
    return DocumentStore(request.app.state.settings.documents)


def _pool(request: Request) -> RenderPool:
    """Children for this request alone: changing a template is rare, and nobody else waits."""
    return RenderPool(request.app.state.settings.templates_dir, workers=1, limits=_RENDERING)


def _download(file_name: str, content: bytes) -> Response:
    headers = {
        "Content-Disposition": attachment(file_name),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }
    return Response(content, media_type=DOCX, headers=headers)
