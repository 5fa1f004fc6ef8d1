"""Auszug aus der Niederschrift: the certified extract of a resolution, filed as a file.

Whoever files another one keeps the earlier: each has its number, the highest counts.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, resolutions
from agreements.documents.store import DocumentStore
from agreements.documents.template import DOCX
from agreements.dossier.jobs import Purpose
from agreements.errors import Refusal
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.cases import Case
from agreements.model.records import Document
from agreements.people import Actor
from agreements.resolutions import Matter

LARGEST: Final = 20 * 1024 * 1024
# In the place of a template: nothing was rendered.
UPLOAD: Final = "upload"
_LONGEST_NAME: Final = 120
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_BLANKS: Final = re.compile(r"\s+")
_LARGEST_ENTRY: Final = 4096


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken: its name for people, its ending, how its bytes look."""

    name: str
    ending: str
    looks_right: Callable[[bytes], bool]


def _starts_with(magic: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(magic)


def _is_docx(content: bytes) -> bool:
    names = names_in(content)
    return "[Content_Types].xml" in names and "word/document.xml" in names


def _is_odt(content: bytes) -> bool:
    if "mimetype" not in names_in(content):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("mimetype") as entry:
        return entry.read(_LARGEST_ENTRY).strip() == _ODT.encode()


def names_in(content: bytes) -> frozenset[str]:
    """The files in a ZIP archive, which all office documents are; none if it is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return frozenset()


_ODT: Final = "application/vnd.oasis.opendocument.text"
ACCEPTED: Final[Mapping[str, FileType]] = {
    "application/pdf": FileType("PDF", ".pdf", _starts_with(b"%PDF-")),
    DOCX: FileType("Word (DOCX)", ".docx", _is_docx),
    _ODT: FileType("OpenDocument (ODT)", ".odt", _is_odt),
    "image/png": FileType("PNG", ".png", _starts_with(b"\x89PNG\r\n\x1a\n")),
    "image/jpeg": FileType("JPEG", ".jpg", _starts_with(b"\xff\xd8\xff")),
}


def file_extract(
    session: Session,
    actor: Actor,
    case: Case,
    resolution_id: UUID,
    content: bytes,
    media_type: str,
    file_name: str,
    store: DocumentStore,
) -> Document:
    """Keep the extract of a resolution; the same file once more changes nothing.

    Clerks and legal staff of the body. The case is locked. A file without a row is only litter,
    a row without a file would be a loss: hence the order.
    """
    matter = resolutions.find(session, actor, case, resolution_id)
    actor = resolutions.require_staff(session, actor, matter)
    kind = check(content, media_type, ACCEPTED)
    content_hash = store.put(content)
    latest = _latest(session, matter)
    if latest is not None and latest.content_hash == content_hash:
        return latest
    document = _document(matter, kind, media_type, file_name, content_hash, len(content))
    document.number = latest.number + 1 if latest is not None else 1
    session.add(document)
    session.flush()
    resolutions.leave_trace(
        session,
        actor,
        matter,
        Event.EXTRACT_FILED,
        clock.today(),
        reason=None,
        legal_basis=None,
        before={"content_hash": latest.content_hash} if latest is not None else None,
        after={"content_hash": content_hash},
        data={"media_type": media_type, "size": len(content), "document_id": str(document.id)},
    )
    return document


def check(content: bytes, media_type: str, types: Mapping[str, FileType]) -> FileType:
    """The type of a file that is to be taken; refuses other types and what only claims to be one.

    types: what is taken, by media type.
    """
    accepted = ", ".join(kind.name for kind in types.values())
    kind = types.get(media_type)
    if kind is None:
        raise Refusal(
            "file-type",
            f"Dateien der Art „{media_type[:80]}“ werden nicht angenommen.",
            "file",
            accepted,
        )
    if not content:
        raise Refusal("file-empty", "Die Datei ist leer.", "file", accepted)
    if len(content) > LARGEST:
        raise too_large()
    if not kind.looks_right(content):
        raise Refusal(
            "file-not-as-claimed",
            f"Die Datei ist kein {kind.name}, obwohl sie so bezeichnet ist. Bitte die Datei öffnen "
            "und neu speichern.",
            "file",
            accepted,
        )
    return kind


def too_large() -> Refusal:
    """A file is larger than what is taken."""
    return Refusal("file-too-large", "Die Datei ist größer als 20 MB.", "file", "höchstens 20 MB")


def safe_name(file_name: str, ending: str, unnamed: str = "Auszug") -> str:
    """The file's name without folders and signs that programs misunderstand, with its ending.

    unnamed: what it is called if nothing is left.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", file_name))[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cf", "Co", "Cs"))
    plain = _BLANKS.sub(" ", _UNSAFE.sub(" ", visible)).strip(" .")
    stem = plain[: -len(ending)] if plain.lower().endswith(ending) else plain
    if ending == ".jpg":
        stem = re.sub(r"\.jpe?g$", "", stem, flags=re.IGNORECASE)
    return (stem[:_LONGEST_NAME].strip(" .") or unnamed) + ending


def _latest(session: Session, matter: Matter) -> Document | None:
    return session.scalar(
        select(Document)
        .where(
            Document.subject_id == matter.resolution.id,
            Document.purpose == Purpose.MINUTES_EXTRACT.value,
        )
        .order_by(Document.number.desc())
        .limit(1)
    )


def _document(
    matter: Matter, kind: FileType, media_type: str, file_name: str, content_hash: str, size: int
) -> Document:
    committee, on = matter.consultation.committee, matter.resolution.decided_on
    short = matter.paper.body.forms["short"]
    return Document(
        id=new_id(),
        case_id=matter.case.id,
        stage_id=matter.stage.id,
        body_id=matter.paper.body_id,
        subject_id=matter.resolution.id,
        confidential=matter.confidential,
        media_type=media_type,
        purpose=Purpose.MINUTES_EXTRACT.value,
        title=_title(short, committee.genitive, on, private=matter.confidential),
        file_name=safe_name(file_name, kind.ending),
        content_hash=content_hash,
        size=size,
        template=UPLOAD,
        template_hash="",
        data_hash="",
        text_hash=matter.resolution.text_hash,
        dated_on=on,
        written_at=clock.now(),
    )


def _title(short: str, genitive: str, on: date, *, private: bool) -> str:
    of = "der nichtöffentlichen Beratung" if private else genitive
    return f"{short}: Auszug aus der Niederschrift {of} vom {on:%d.%m.%Y}"


def extracts_of(session: Session, resolution_ids: list[UUID]) -> dict[UUID, list[Document]]:
    """The extracts of resolutions, of each the oldest first."""
    found: dict[UUID, list[Document]] = {}
    for document in session.scalars(
        select(Document)
        .where(
            Document.subject_id.in_(resolution_ids),
            Document.purpose == Purpose.MINUTES_EXTRACT.value,
        )
        .order_by(Document.number)
    ):
        assert document.subject_id is not None, "found by it"
        found.setdefault(document.subject_id, []).append(document)
    return found
