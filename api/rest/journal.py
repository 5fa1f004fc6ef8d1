"""The journal of a case: page by page, and as a whole to take away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from agreements import clock, sights
from agreements.documents.registry import template_by_id
from agreements.documents.template import DOCX
from agreements.dossier.journal import MOST_ENTRIES, journal_data
from agreements.glossary import label
from agreements.journal import Event, canonical_of, instant
from agreements.model import bodies as body_rows
from agreements.model.cases import Case
from agreements.model.records import JournalEntry
from agreements.people import Actor
from agreements.queries import cases as queries
from agreements.queries.journal import Line, Visibility, event_label, notice, whole
from api.dependencies import Cursor, InCase, InCaseDep, Limit
from api.rest.documents import attachment
from api.rest.rendering import render_now
from api.rest.schemas import BodyRef, Hash, Output, Page, Reference

router = APIRouter(prefix="/cases", tags=["Vorgänge"])


class JournalView(Output):
    """Ein Eintrag der Verlaufsakte; jeder ist mit dem vorigen verkettet.

    `readable` sagt, ob die Einzelheiten sichtbar sind; sonst sind sie leer.
    """

    number: int
    event: Event
    event_label: str = Field(examples=["Beschluss erfasst"])
    recorded_at: datetime
    legal_date: date | None
    actor: str = Field(description="wer gehandelt hat; vereinbar: die Automatik")
    on_behalf_of: str | None = Field(description="in wessen Namen, wenn nicht im eigenen")
    body: BodyRef | None
    reason: str | None
    legal_basis: str | None
    before: dict[str, Any] | None = Field(description="was galt")
    after: dict[str, Any] | None = Field(description="was seitdem gilt")
    confidential: bool = Field(description="gehört zu einer nichtöffentlichen Beratung")
    readable: bool
    data: dict[str, Any]
    previous_hash: str
    hash: str

    @classmethod
    def of(cls, entry: JournalEntry, body: body_rows.Body | None, readable: bool) -> JournalView:
        """The entry of a row; without its particulars if they may not be read."""
        event = Event(entry.event)
        return cls(
            number=entry.number,
            event=event,
            event_label=label(event),
            recorded_at=entry.recorded_at,
            legal_date=entry.legal_date,
            actor=entry.actor,
            on_behalf_of=entry.on_behalf_of if readable else None,
            body=BodyRef.of(body) if body is not None else None,
            reason=entry.reason if readable else None,
            legal_basis=entry.legal_basis if readable else None,
            before=entry.before if readable else None,
            after=entry.after if readable else None,
            confidential=entry.confidential,
            readable=readable,
            data=entry.data if readable else {},
            previous_hash=entry.previous_hash,
            hash=entry.hash,
        )


@router.get("/{reference}/journal", summary="Was im Vorgang geschehen ist, das Älteste zuerst")
def journal(found: InCaseDep, cursor: Cursor = None, limit: Limit = 100) -> Page[JournalView]:
    page = queries.journal(
        found.session, found.actor, found.case, found.sight, cursor=cursor, limit=limit
    )
    return Page(
        items=[
            JournalView.of(entry, body, sights.may_read_entry(found.sight, entry))
            for entry, body in page.items
        ],
        next_cursor=page.next_cursor,
    )


class ExportedEntry(Output):
    """Ein Eintrag im Auszug.

    `visibility` sagt, wie viel die abrufende Person davon sehen darf. `full`: `canonical` ist der
    Inhalt, aus dem die Prüfsumme gebildet ist (SHA-256 über UTF-8). `masked`: nur Art, Zeitpunkt
    und Prüfsummen. `hidden`: nur Nummer und Prüfsummen.
    """

    number: int
    visibility: Visibility
    event: str | None = Field(examples=["resolution_recorded"])
    event_label: str | None = Field(examples=["Beschluss erfasst"])
    recorded_at: str | None = Field(examples=["2026-06-01T12:00:05.123456+02:00"])
    canonical: str | None
    previous_hash: str = Field(description="Prüfsumme des vorigen Eintrags; leer beim ersten")
    hash: Hash

    @classmethod
    def of(cls, line: Line) -> ExportedEntry:
        """What may leave of an entry."""
        entry, hidden = line.entry, line.visibility is Visibility.HIDDEN
        return cls(
            number=entry.number,
            visibility=line.visibility,
            event=None if hidden else entry.event,
            event_label=None if hidden else event_label(entry),
            recorded_at=None if hidden else instant(entry.recorded_at),
            canonical=canonical_of(entry) if line.visibility is Visibility.FULL else None,
            previous_hash=entry.previous_hash,
            hash=entry.hash,
        )


class JournalExport(Output):
    """Die Verlaufsakte eines Vorgangs zum Mitnehmen und Nachprüfen ohne dieses Programm.

    Wie geprüft wird, steht in `docs/journal.md`.
    """

    format: Literal["vereinbar-journal"]
    format_version: Literal[1]
    reference: Reference
    title: str
    case_id: str
    retrieved_at: str
    retrieved_by: str
    notice: str = Field(description="was der Auszug enthält und was sich daran prüfen lässt")
    bodies: dict[str, BodyRef] = Field(description="Körperschaften zu den `body_id` der Einträge")
    entry_count: int = Field(description="Zahl aller Einträge nach dem Stand des Vorgangs")
    last_hash: str = Field(description="Prüfsumme des letzten Eintrags nach dem Stand des Vorgangs")
    entries: list[ExportedEntry]

    @classmethod
    def of(cls, case: Case, actor: Actor, lines: Sequence[Line]) -> JournalExport:
        """The journal of a case as the actor may take it away."""
        return cls(
            format="vereinbar-journal",
            format_version=1,
            reference=case.reference,
            title=case.title,
            case_id=str(case.id),
            retrieved_at=instant(clock.now()),
            retrieved_by=actor.name,
            notice=notice(lines),
            bodies={
                str(line.body.id): BodyRef.of(line.body)
                for line in lines
                if line.body is not None and line.visibility is Visibility.FULL
            },
            entry_count=case.journal_number,
            last_hash=case.journal_hash,
            entries=[ExportedEntry.of(line) for line in lines],
        )


class Format(StrEnum):
    """In which form the journal leaves."""

    JSON = "json"
    DOCX = "docx"


@router.get(
    "/{reference}/journal/export",
    summary="Die ganze Verlaufsakte zum Mitnehmen: als JSON zum Nachprüfen, als Dokument zum Lesen",
    response_model=JournalExport,
    responses={200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
)
def export(
    found: InCaseDep,
    request: Request,
    response: Response,
    form: Annotated[
        Format, Query(alias="format", description="json: vollständig und prüfbar; docx: lesbar")
    ] = Format.JSON,
    first: Annotated[int, Query(ge=1, le=2**31 - 1, description="nur docx: ab Eintrag")] = 1,
    last: Annotated[
        int | None,
        Query(
            ge=1,
            le=2**31 - 1,
            description=f"nur docx: bis Eintrag; höchstens {MOST_ENTRIES} auf einmal",
        ),
    ] = None,
) -> JournalExport | Response:
    lines = whole(found.session, found.actor, found.case, found.sight)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    if form is Format.DOCX:
        content, file_name = _document(found, request, lines, first, last)
        headers["Content-Disposition"] = attachment(file_name)
        return Response(content, media_type=DOCX, headers=headers)
    headers["Content-Disposition"] = attachment(f"Verlaufsakte {found.case.reference}.json")
    response.headers.update(headers)
    return JournalExport.of(found.case, found.actor, lines)


def _document(
    found: InCase, request: Request, lines: Sequence[Line], first: int, last: int | None
) -> tuple[bytes, str]:
    data = journal_data(found.session, found.case, found.actor, lines, first, last)
    rendered = render_now(request, "journal", data.model_dump(mode="json"))
    return rendered.content, template_by_id("journal").output_name(data)
