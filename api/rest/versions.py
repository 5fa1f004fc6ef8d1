"""Text versions and the parties' statements on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import JSONResponse
from pydantic import Field

from agreements import clock, drafting, offering, wording
from agreements.documents.clauses.texts import ClauseText
from agreements.documents.content import CanonicalContent, PrincipleContent
from agreements.glossary import label
from agreements.model.enums import Verdict, VersionKind
from agreements.offering import OfferedVariant
from agreements.queries import contents as queries
from agreements.queries.contents import WrittenVersion
from agreements.wording import VersionInput
from api.dependencies import ContentsDep, OnceDep, Reply
from api.rest.schemas import BodyRef, Hash, Output

router = APIRouter(prefix="/cases/{reference}", tags=["Textfassungen"])


class VersionLine(Output):
    """Eine Textfassung in der Liste."""

    kind: VersionKind
    kind_label: str = Field(examples=["Vereinbarung"])
    number: int
    text_hash: Hash
    note: str
    written_by: str
    written_on: date
    written_at: datetime
    frozen_on: date | None = Field(description="ab diesem Tag liegt der Text fest")


class Versions(Output):
    """Die Textfassungen des Vorgangs."""

    items: list[VersionLine]


class VersionView(VersionLine):
    """Eine Textfassung mit ihrem Wortlaut."""

    content: CanonicalContent | PrincipleContent


class StatementView(Output):
    """Die Stellungnahme einer Beteiligten zu einer Fassung der Vereinbarung."""

    id: UUID
    body: BodyRef
    version: int
    verdict: Verdict
    verdict_label: str = Field(examples=["einverstanden"])
    comment: str
    given_on: date
    given_at: datetime


class Statements(Output):
    """Die Stellungnahmen, soweit sie einen angehen."""

    items: list[StatementView]


class ParagraphOffer(Output):
    """Ein Absatz des Mustertextes oder die Stelle, an der eine gewählte Variante steht."""

    key: str | None = Field(description="für Verweise auf diesen Absatz", examples=["erstattung"])
    text: str | None = Field(description="Wortlaut mit Platzhaltern")
    slot: str | None = Field(description="hier steht die gewählte Variante", examples=["vat"])


class ClauseOffer(Output):
    """Ein Paragraph des Mustertextes."""

    key: str = Field(examples=["kosten"], description="für edits und Verweise")
    title: str
    optional: bool = Field(description="darf im Einzelfall entfallen")
    when: str | None = Field(
        description="Angabe, ohne die der Paragraph entfällt", examples=["programme"]
    )
    paragraphs: list[ParagraphOffer]


class VariantOffer(Output):
    """Eine Variante mit Quelle und Prüfstand."""

    id: str = Field(examples=["small_amount"])
    title: str
    hint: str = Field(description="wann sie passt")
    default: bool
    allowed: bool = Field(description="bei dieser Rechtsform an diesem Tag")
    because: str = Field(description="warum sie nicht passt")
    needs: list[str] = Field(description="Angaben unter details, die sie braucht")
    source: str
    verified: bool = Field(description="von einem Rechtsamt geprüft")
    paragraphs: list[str]


class SlotOffer(Output):
    """Eine Stelle im Text mit ihren Varianten."""

    id: str = Field(examples=["vat"])
    title: str
    variants: list[VariantOffer]


class ClausesOffer(Output):
    """Der Mustertext der Rechtsform mit seinen Varianten."""

    kind: str = Field(examples=["mandating_nw"])
    form: str = Field(examples=["Öffentlich-rechtliche Vereinbarung"])
    offered_on: date
    valid_from: date
    source: str
    verified: bool = Field(description="von einem Rechtsamt geprüft")
    clauses: list[ClauseOffer]
    slots: list[SlotOffer]
    annexes: list[str]


def _clause_offer(clause: ClauseText) -> ClauseOffer:
    return ClauseOffer(
        key=clause.key,
        title=clause.title,
        optional=clause.optional,
        when=clause.when,
        paragraphs=[ParagraphOffer(key=p.key, text=p.text, slot=p.slot) for p in clause.paragraphs],
    )


def _variant_offer(offered: OfferedVariant) -> VariantOffer:
    variant = offered.variant
    return VariantOffer(
        id=variant.id,
        title=variant.title,
        hint=variant.hint,
        default=offered.default,
        allowed=not offered.objections,
        because=" ".join(offered.objections),
        needs=list(offered.needs),
        source=variant.source,
        verified=variant.verified,
        paragraphs=[p.text for part in variant.parts.values() for p in part if p.text],
    )


def _line(written: WrittenVersion) -> VersionLine:
    version = written.version
    return VersionLine(
        kind=version.kind,
        kind_label=label(version.kind),
        number=version.number,
        text_hash=version.text_hash,
        note=version.note,
        written_by=written.author,
        written_on=version.written_on,
        written_at=version.written_at,
        frozen_on=version.frozen_on,
    )


def view_of(written: WrittenVersion) -> VersionView:
    """A version with its text."""
    content = drafting.content_of(written.version)
    return VersionView(**_line(written).model_dump(), content=content)


_EXAMPLES = {
    "Grundsatzbeschluss": {
        "value": {
            "kind": "principle",
            "purpose": "die digitale Entwicklung der Region gemeinsam zu gestalten",
            "written_on": "2026-01-20",
        }
    },
    "Vereinbarung": {
        "value": {
            "kind": "agreement",
            "purpose": "die digitale Entwicklung der Region gemeinsam zu gestalten",
            "tasks": ["den Betrieb einer Projektleitstelle"],
            "chair": "05978",
            "cost_key": {
                "method": "inhabitants",
                "reference_date": "2024-12-31",
                "census": "Zensus 2022",
            },
            "staff": "2.5",
            "written_on": "2026-01-20",
        }
    },
    "Vereinbarung mit gewählten Varianten und eigenem Paragraphen": {
        "value": {
            "kind": "agreement",
            "purpose": "die digitale Entwicklung der Region gemeinsam zu gestalten",
            "tasks": ["den Betrieb einer Projektleitstelle"],
            "chair": "05978",
            "cost_key": {"method": "equal"},
            "staff": "2.5",
            "choices": {"data_protection": "joint", "term": "fixed"},
            "details": {"fixed_years": 10},
            "edits": [
                {
                    "act": "add",
                    "after": "kosten",
                    "key": "evaluation",
                    "title": "Evaluation",
                    "paragraphs": [
                        'Die Aufteilung der Kosten nach {{ ref("kostenschluessel") }} wird nach '
                        "drei Jahren überprüft."
                    ],
                }
            ],
            "written_on": "2026-01-20",
        }
    },
}


@router.get("/clauses", summary="Der Mustertext der Rechtsform mit seinen Varianten")
def clauses(
    found: ContentsDep,
    on: Annotated[
        date | None, Query(description="Tag, zu dem der Text geschrieben wird; sonst heute")
    ] = None,
) -> ClausesOffer:
    day = on or clock.today()
    offer = offering.offer(found.case, day)
    texts = offer.texts
    return ClausesOffer(
        kind=texts.kind,
        form=texts.form,
        offered_on=day,
        valid_from=texts.valid_from,
        source=texts.source,
        verified=texts.verified,
        clauses=[_clause_offer(clause) for clause in offer.clauses],
        slots=[
            SlotOffer(
                id=entry.slot.id,
                title=entry.slot.title,
                variants=[_variant_offer(variant) for variant in entry.variants],
            )
            for entry in offer.slots
        ],
        annexes=[annex.text for annex in texts.annexes if annex.text],
    )


@router.get("/versions", summary="Alle Textfassungen")
def versions(found: ContentsDep) -> Versions:
    return Versions(items=[_line(entry) for entry in queries.versions(found.session, found.case)])


@router.post(
    "/versions", summary="Eine Textfassung schreiben", status_code=201, response_model=VersionView
)
def write(
    found: ContentsDep,
    once: OnceDep,
    wanted: Annotated[VersionInput, Body(discriminator="kind", openapi_examples=_EXAMPLES)],
) -> JSONResponse:
    def work() -> Reply:
        version = wording.write(found.session, found.actor, found.case.id, wanted)
        path = f"/api/v1/cases/{found.case.reference}/versions/{version.kind}/{version.number}"
        return Reply(view_of(WrittenVersion(version, found.actor.name)), 201, location=path)

    return once.run(work)


@router.get("/versions/{kind}/{number}", summary="Eine Textfassung mit ihrem Wortlaut")
def version(
    found: ContentsDep,
    kind: VersionKind,
    number: Annotated[int, Path(ge=1, le=2_147_483_647)],
) -> VersionView:
    return view_of(queries.version(found.session, found.case, kind, number))


@router.get("/statements", summary="Stellungnahmen der Beteiligten")
def statements(found: ContentsDep) -> Statements:
    return Statements(
        items=[
            StatementView(
                id=given.statement.id,
                body=BodyRef.of(given.body),
                version=given.version.number,
                verdict=given.statement.verdict,
                verdict_label=label(given.statement.verdict),
                comment=given.statement.comment,
                given_on=given.statement.given_on,
                given_at=given.statement.given_at,
            )
            for given in queries.statements(found.session, found.case, found.sight)
        ]
    )
