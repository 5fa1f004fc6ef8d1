"""Word out, Word in: a text version is edited in Word and comes back as a new version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, course, drafting, extracts, wording
from agreements.documents.content import short_hash
from agreements.documents.template import DOCX
from agreements.documents.word.lines import content_of
from agreements.documents.word.package import Package, opened
from agreements.documents.word.proposing import lines_in
from agreements.documents.word.reading import Reading, read
from agreements.documents.word.writing import About, Reviser, write_comparison, write_text
from agreements.errors import Conflict, Refusal
from agreements.extracts import FileType
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.drafting import TextVersion
from agreements.model.enums import PartyRole
from agreements.model.people import User
from agreements.people import Actor

ACCEPTED: Final[Mapping[str, FileType]] = {DOCX: extracts.ACCEPTED[DOCX]}


def text_as_word(session: Session, case: Case, version: TextVersion) -> bytes:
    """A version as a document to edit; the same bytes each time."""
    heading = f"Arbeitsfassung zu Textfassung {version.number}"
    return write_text(drafting.content_of(version), _about(session, case, version, heading))


def comparison_as_word(
    session: Session, case: Case, earlier: TextVersion, later: TextVersion
) -> bytes:
    """Two versions in one document, the difference as tracked changes of who wrote the later."""
    heading = f"Änderungen von Textfassung {earlier.number} zu {later.number}"
    author = session.get_one(User, later.written_by).display_name
    return write_comparison(
        drafting.content_of(earlier),
        drafting.content_of(later),
        _about(session, case, earlier, heading),
        Reviser(author, later.written_at),
    )


def file_name_of(case: Case, version: TextVersion, against: TextVersion | None = None) -> str:
    """What the document is called when it is downloaded."""
    number = f"{version.number} mit {against.number}" if against else f"{version.number}"
    return f"{case.reference} {label(version.kind)} Textfassung {number}.docx"


def note_of(file_name: str, base: TextVersion) -> str:
    """What is noted of a version that comes from a document without a word about it."""
    name = extracts.safe_name(file_name, ".docx", "Textfassung")
    return f"Aus dem Word-Dokument „{name}“ zu Textfassung {base.number}"


def _about(session: Session, case: Case, version: TextVersion, heading: str) -> About:
    lead = session.scalars(
        select(Body)
        .join(Party, Party.body_id == Body.id)
        .where(Party.case_id == case.id, Party.roles.contains([PartyRole.LEAD]))
        .order_by(Party.position)
        .limit(1)
    ).first()
    return About(
        reference=case.reference,
        kind=version.kind.value,
        version=version.number,
        digest=version.text_hash,
        heading=heading,
        footer=f"Textfassung {version.number} · Prüfsumme {short_hash(version.text_hash)}…",
        author=lead.name if lead else case.reference,
        made_at=version.written_at,
    )


def write_from_word(
    session: Session,
    actor: Actor,
    case: Case,
    base: TextVersion,
    content: bytes,
    media_type: str,
    *,
    note: str,
    written_on: date | None = None,
) -> TextVersion:
    """A new version from the edited document of ``base``, which must be the newest one.

    written_on: today if it is not given.
    """
    drafting.as_author(session, actor, case)
    drafting.writable_stage(session, case, base.kind)
    reading = read(opened_docx(content, media_type))
    check_base(reading, base)
    edited = content_of(lines_in(reading), drafting.content_of(base))
    _require_newest(session, case, base)
    return drafting.write_version(
        session,
        actor,
        case.id,
        wording.stored_terms(base),
        edited,
        note=note,
        written_on=written_on or clock.today(),
    )


def opened_docx(content: bytes, media_type: str) -> Package:
    """A judged document; refuses other types of files."""
    extracts.check(content, media_type, ACCEPTED)
    return opened(content)


def check_base(reading: Reading, base: TextVersion) -> None:
    """Refuse a document that was made from another version than is claimed."""
    if reading.base is None:
        return
    kind, number, digest = reading.base
    if (kind, number) != (base.kind, base.number) or not base.text_hash.startswith(digest):
        raise Refusal(
            "word-other-base",
            f"Das Dokument entstand nicht aus Textfassung {base.number} dieses Vorgangs, sondern "
            f"aus Fassung {number} (Prüfsumme {short_hash(digest)}…). Bitte die Fassung angeben, "
            "die heruntergeladen wurde.",
            "number",
        )


def _require_newest(session: Session, case: Case, base: TextVersion) -> None:
    # Under the lock that ``write_version`` takes: who was faster has written the newest one.
    course.locked_case(session, case.id)
    newest = drafting.latest_version(session, case.id, base.kind)
    if newest is not None and newest.id != base.id:
        raise Conflict(
            "version-not-newest",
            f"Inzwischen gibt es Textfassung {newest.number}; das Dokument beruht auf Fassung "
            f"{base.number}. Bitte die neueste herunterladen und die Änderungen dort eintragen, "
            "oder das Dokument als Vorschläge einreichen.",
            "number",
        )
