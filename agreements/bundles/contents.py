"""What lists a bundle: for people as document and page, for programs as JSON and checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agreements.bundles.archive import File
from agreements.bundles.gathering import Bundle, Entry
from agreements.documents.data import ContentsData, ContentsRow
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.dossier.particulars import berlin
from agreements.version import program_version

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it lies in the bundle; problem: why it does not."""

    number: int
    entry: Entry
    path: str
    digest: str
    size: int
    pdf_path: str = ""
    pdf_digest: str = ""
    problem: str = ""
    note: str = ""

    @property
    def problem_in_words(self) -> str:
        """The problem as a sentence that names the document."""
        return f"Nr. {self.number} „{self.entry.title}“ {self.problem}."


def contents_data(
    bundle: Bundle,
    listed: Sequence[Listed],
    note: str,
    pages: Mapping[int, int] | None = None,
    problems: Sequence[str] = (),
) -> ContentsData:
    """The data of title page and contents. pages: number of the entry -> its first page."""
    return ContentsData(
        file_reference=bundle.reference,
        dated_on=bundle.made_on,
        author=bundle.lead,
        title=bundle.title,
        project=bundle.project,
        introduction=f"Zusammengestellt am {berlin(bundle.made_at)} für {bundle.made_for}.",
        parties=bundle.parties,
        problems=tuple(problems) or tuple(one.problem_in_words for one in listed if one.problem),
        rows=tuple(
            ContentsRow(
                number=one.number,
                heading=one.entry.section if _opens(listed, index) else "",
                title=one.entry.title,
                details=_details(one),
                dated_on=one.entry.dated_on,
                page=(pages or {}).get(one.number),
                digest=one.digest,
            )
            for index, one in enumerate(listed)
        ),
        note=note,
    )


def _opens(listed: Sequence[Listed], index: int) -> bool:
    return index == 0 or listed[index].entry.section != listed[index - 1].entry.section


def _details(one: Listed) -> str:
    entry = one.entry
    parts = (entry.body, entry.version, entry.source, one.note, "FEHLT" if one.problem else "")
    return " · ".join(part for part in parts if part)


def contents_document(data: ContentsData) -> bytes:
    """Title page and contents as .docx."""
    return render(template_by_id("contents"), data)


def manifest(bundle: Bundle, listed: Sequence[Listed], others: Sequence[File]) -> bytes:
    """The list for programs: every file with name, purpose, hash, version and source."""
    content = {
        "format": "vereinbar-bundle",
        "format_version": 1,
        "kind": bundle.kind.value,
        "title": bundle.title,
        "file_reference": bundle.reference,
        "project": bundle.project,
        "made_at": bundle.made_at.isoformat(),
        "made_for": bundle.made_for,
        "program": f"vereinbar {program_version()}",
        "complete": not any(one.problem for one in listed),
        "documents": [_described(one) for one in listed],
        "other_files": [
            {"path": file.path, "sha256": _sha256(file.content), "size": len(file.content)}
            for file in others
        ],
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def _described(one: Listed) -> dict[str, object]:
    entry = one.entry
    return {
        "number": one.number,
        "section": entry.section,
        "name": entry.title,
        "purpose": entry.purpose,
        "body": entry.body or None,
        "dated_on": entry.dated_on.isoformat(),
        "version": entry.number,
        "text_hash": entry.text_hash,
        "source": {
            "kind": "uploaded" if entry.source == "hochgeladen" else "generated",
            "template": entry.wanted.template,
            "template_hash": entry.template_hash or None,
        },
        "confidential": entry.confidential,
        "document_id": str(entry.wanted.id),
        "media_type": entry.wanted.media_type,
        "path": one.path,
        "sha256": one.digest or None,
        "expected_sha256": entry.wanted.content_hash,
        "size": one.size,
        "pdf": {"path": one.pdf_path, "sha256": one.pdf_digest} if one.pdf_path else None,
        "note": one.note or None,
        "problem": one.problem or None,
    }


def sums(files: Sequence[tuple[str, str]]) -> bytes:
    """The list that ``sha256sum -c`` checks: (path, digest)."""
    return "".join(f"{digest}  {path}\n" for path, digest in files).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
