"""What the case file holds besides documents: texts, resolutions, journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock
from agreements.bundles import pages
from agreements.bundles.making import Maker
from agreements.documents.content import canonical_json
from agreements.documents.data import JournalData
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.dossier.journal import MOST_ENTRIES, journal_data
from agreements.errors import Refusal, StepFailure
from agreements.glossary import label
from agreements.journal import canonical_of, instant
from agreements.model.base import Json
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage
from agreements.model.councils import Consultation, Paper, Resolution
from agreements.people import Actor
from agreements.queries import contents as queries
from agreements.queries.contents import WrittenVersion
from agreements.queries.journal import Line, Visibility, event_label, notice, whole
from agreements.sights import Sight

TEXTS: Final = "Textfassungen"
RESOLUTIONS: Final = "Beschlüsse"
JOURNAL: Final = "Verlaufsakte"


@dataclass(frozen=True, slots=True)
class Extra:
    """A file that is no stored document. make: its bytes; None: it cannot be made here."""

    heading: str
    path: str
    title: str
    make: Callable[[Maker], bytes | None]


def extras(session: Session, case: Case, actor: Actor, sight: Sight) -> Iterator[Extra]:
    """The extras of a case as the person may read them."""
    for written in queries.versions(session, case):
        yield from _text(written)
    names = {body.id: body.name for body in session.scalars(select(Body))}
    yield from _resolutions(queries.papers(session, case, sight), names)
    lines = whole(session, actor, case, sight)
    yield _fixed(
        JOURNAL, "Verlaufsakte.json", "alle Einträge, prüfbar", _export(case, actor, lines)
    )
    parts = range(1, len(lines) + 1, MOST_ENTRIES)
    for number, first in enumerate(parts, 1):
        data = journal_data(session, case, actor, lines, first, first + MOST_ENTRIES - 1)
        suffix = f" Teil {number}" if len(parts) > 1 else ""
        yield from _journal_document(data, suffix)


def _fixed(folder: str, name: str, title: str, content: bytes) -> Extra:
    return Extra(folder, f"{folder}/{name}", title, lambda maker: content)


def _text(written: WrittenVersion) -> Iterator[Extra]:
    version = written.version
    name = f"{label(version.kind)}, Fassung {version.number}"
    frozen = f", festgeschrieben am {version.frozen_on:%d.%m.%Y}" if version.frozen_on else ""
    title = f"{name} vom {version.written_on:%d.%m.%Y}{frozen}"
    head = f"{title}\nPrüfsumme des Textes (SHA-256): {version.text_hash}\n\n"
    text = head + "\n".join(_lines_of(version.content)) + "\n"
    yield _fixed(TEXTS, f"{name}.txt", title, text.encode())
    # The SHA-256 of this file is the hash of the text.
    canonical = canonical_json(version.content)
    yield _fixed(TEXTS, f"{name}.json", f"{name}, für Programme", canonical)


def _lines_of(content: Json) -> Iterator[str]:
    yield str(content["title"])
    for party in content.get("parties", ()):
        yield f"– {party['name']}" + (f" ({party['designation']})" if party["designation"] else "")
    yield ""
    yield from content.get("preamble", ())
    for number, point in enumerate(content.get("points", ()), 1):
        yield f"{number}. {point}"
    for number, clause in enumerate(content.get("clauses", ()), 1):
        yield f"\n§ {number} {clause['title']}"
        yield from clause["paragraphs"]
    for number, annex in enumerate(content.get("annexes", ()), 1):
        yield f"\nAnlage {number}: {annex}"


def _resolutions(
    papers: Sequence[tuple[Paper, Stage]], names: Mapping[UUID, str]
) -> Iterator[Extra]:
    rows = [
        {
            "body": names[paper.body_id],
            **_resolution(paper, consultation, resolution),
        }
        for paper, _ in papers
        for consultation in paper.consultations
        for resolution in consultation.resolutions
    ]
    content = f"{json.dumps(rows, ensure_ascii=False, indent=2)}\n".encode()
    yield _fixed(RESOLUTIONS, "Beschlüsse.html", "Beschlüsse zum Lesen", pages.resolutions(rows))
    yield _fixed(RESOLUTIONS, "Beschlüsse.json", "Beschlüsse für Programme", content)


def _resolution(paper: Paper, consultation: Consultation, resolution: Resolution) -> Json:
    reservation = resolution.reservation
    return {
        "committee": consultation.committee.name,
        "public": consultation.public,
        "role": label(consultation.role),
        "paper": paper.number,
        "decided_on": resolution.decided_on.isoformat(),
        "outcome": label(resolution.outcome),
        "votes_yes": resolution.votes_yes,
        "votes_no": resolution.votes_no,
        "votes_abstained": resolution.votes_abstained,
        "text_hash": resolution.text_hash,
        "wording": resolution.wording,
        "source_text": resolution.source_text,
        "reservation": reservation.wording if reservation is not None else None,
        "records": [
            {
                "kind": label(record.kind),
                "by": record.by,
                "happened_on": record.happened_on.isoformat(),
                "reason": record.reason,
                "legal_basis": record.legal_basis,
            }
            for record in resolution.records
        ],
        "remark": resolution.remark,
        "sample": resolution.sample,
    }


def _export(case: Case, actor: Actor, lines: Sequence[Line]) -> bytes:
    """The same as the API's export of the journal, which docs/journal.md says how to check."""
    content = {
        "format": "vereinbar-journal",
        "format_version": 1,
        "reference": case.reference,
        "title": case.title,
        "case_id": str(case.id),
        "retrieved_at": instant(clock.now()),
        "retrieved_by": actor.name,
        "notice": notice(lines),
        "bodies": {
            str(line.body.id): {
                "ags": line.body.ags,
                "name": line.body.name,
                "short": line.body.forms["short"],
            }
            for line in lines
            if line.body is not None and line.visibility is Visibility.FULL
        },
        "entry_count": case.journal_number,
        "last_hash": case.journal_hash,
        "entries": [_entry(line) for line in lines],
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()


def _entry(line: Line) -> dict[str, object]:
    entry, hidden = line.entry, line.visibility is Visibility.HIDDEN
    return {
        "number": entry.number,
        "visibility": line.visibility.value,
        "event": None if hidden else entry.event,
        "event_label": None if hidden else event_label(entry),
        "recorded_at": None if hidden else instant(entry.recorded_at),
        "canonical": canonical_of(entry) if line.visibility is Visibility.FULL else None,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def _journal_document(data: JournalData, suffix: str) -> Iterator[Extra]:
    def document(maker: Maker) -> bytes:
        return render(template_by_id("journal"), data)

    def as_pdf(maker: Maker) -> bytes | None:
        try:
            return maker.converter.convert(document(maker))
        except (Refusal, StepFailure):
            return None

    name = f"Verlaufsakte{suffix}"
    yield Extra(JOURNAL, f"{JOURNAL}/{name}.docx", f"{name} zum Lesen", document)
    yield Extra(JOURNAL, f"{JOURNAL}/{name}.pdf", f"{name} als PDF", as_pdf)
