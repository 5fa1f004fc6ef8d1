"""A bundle as one PDF: title page and contents, then every document with its bookmarks.

PDF/A-3 and PDF/UA hold for the whole where they hold for every part. What people have uploaded
may be neither: then the file does not claim it, and its first page says because of what.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from agreements.bundles.contents import Listed, contents_data, contents_document
from agreements.bundles.gathering import Bundle, Entry, NothingToBundle
from agreements.bundles.joining import Joined
from agreements.bundles.making import Maker, Unreadable
from agreements.documents.pdf import findings
from agreements.documents.pdf.finishing import About, about, saved

# What the template „Inhaltsverzeichnis“ puts before a number; the links are bent afterwards.
_PLACEHOLDER: Final = "https://ziel.invalid/"
_MOST_PASSES: Final = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """A document of the file; without content ``listed`` says why."""

    listed: Listed
    content: bytes | None
    pages: int
    archival: bool
    tagged: bool


def one_pdf(bundle: Bundle, maker: Maker) -> bytes:
    """The bundle as one ordered PDF. Raises PdfNotAvailable if this machine makes none."""
    if not bundle.entries:
        raise NothingToBundle(bundle.title)
    total = len(bundle.entries)
    parts = []
    for number, entry in enumerate(bundle.entries, 1):
        maker.progress(number - 1, total, entry.title)
        parts.append(_part(maker, number, entry))
    maker.progress(total, total, "Inhaltsverzeichnis")
    front, document = _front(bundle, parts, maker)
    described = about(document)
    claims = About(
        described.title, described.author, described.subject, described.made,
        tagged=all(part.tagged for part in parts if part.content is not None),
        archival=all(part.archival for part in parts if part.content is not None),
    )  # fmt: skip
    with Joined() as joined:
        first_pages = _pages(parts, joined.append(front, bundle.title))
        for part in parts:
            if part.content is not None:
                joined.append(part.content, part.listed.entry.title)
        _lead_to_pages(joined.document, first_pages)
        joined.complete(claims)
        return saved(joined.document)


def _part(maker: Maker, number: int, entry: Entry) -> _Part:
    try:
        pdf = maker.pdf(entry.wanted)
    except Unreadable as problem:
        return _Part(Listed(number, entry, "", "", 0, problem=str(problem)), None, 0, True, True)
    digest, size = entry.wanted.content_hash, entry.size
    if pdf.content is None:
        reason = pdf.reason or "keine PDF-Datei; liegt nur der ZIP-Fassung bei"
        listed = Listed(number, entry, "", digest, size, problem=f"fehlt hier: {reason}")
        return _Part(listed, None, 0, True, True)
    try:
        with pikepdf.open(io.BytesIO(pdf.content)) as document:
            pages, note = len(document.pages), _signed(document)
    except pikepdf.PdfError:
        listed = Listed(
            number, entry, "", digest, size,
            problem="fehlt hier: Die PDF-Datei ist beschädigt oder mit einem Kennwort geschützt; "
            "sie liegt der ZIP-Fassung bei",
        )  # fmt: skip
        return _Part(listed, None, 0, True, True)
    return _Part(
        Listed(number, entry, "", digest, size, note=note),
        pdf.content,
        pages,
        archival=not findings(pdf.content, tagged=False),
        tagged=not findings(pdf.content),
    )


def _signed(document: pikepdf.Pdf) -> str:
    form = document.Root.get("/AcroForm", Dictionary())
    if int(form.get("/SigFlags", 0)) & 1:
        return "elektronische Signaturen lassen sich nur an der einzelnen Datei prüfen"
    return ""


def _front(bundle: Bundle, parts: Sequence[_Part], maker: Maker) -> tuple[bytes, bytes]:
    """Title page and contents as PDF and .docx; again if they are longer than they thought."""
    listed = [part.listed for part in parts]
    length = 1
    for _ in range(_MOST_PASSES):
        data = contents_data(bundle, listed, _note(bundle, parts), _pages(parts, length))
        document = contents_document(data)
        front = maker.converter.convert(document)
        with pikepdf.open(io.BytesIO(front)) as made:
            if len(made.pages) == length:
                break
            length = len(made.pages)
    return front, document


def _pages(parts: Sequence[_Part], before: int) -> dict[int, int]:
    """Number of the entry -> its first page, if so many pages come before all of them."""
    first: dict[int, int] = {}
    page = before + 1
    for part in parts:
        if part.content is not None:
            first[part.listed.number] = page
            page += part.pages
    return first


def _note(bundle: Bundle, parts: Sequence[_Part]) -> str:
    sums = (
        "Die Prüfsumme (SHA-256) gehört zur Datei, wie sie in vereinbar liegt; hier stehen ihre "
        "ersten zwölf Stellen."
    )
    if bundle.extras:
        sums += " Verlaufsakte, Textfassungen und Beschlüsse liegen der ZIP-Fassung bei."
    loose = [str(p.listed.number) for p in parts if p.content and not p.archival]
    closed = [str(p.listed.number) for p in parts if p.content and not p.tagged]
    if loose:
        return (
            f"{sums} Diese Gesamtdatei ist nicht PDF/A, weil hochgeladene Dateien es nicht sind: "
            f"Nr. {', '.join(loose)}."
        )
    if closed:
        return (
            f"{sums} Diese Gesamtdatei ist PDF/A-3b, aber nicht PDF/UA; nicht barrierefrei: "
            f"Nr. {', '.join(closed)}."
        )
    return f"{sums} Diese Gesamtdatei ist PDF/A-3b und PDF/UA-1."


def _lead_to_pages(document: pikepdf.Pdf, first_pages: Mapping[int, int]) -> None:
    for link, number in _placeholders(document):
        if number in first_pages:
            page = document.pages[first_pages[number] - 1]
            del link["/A"]
            link.Dest = Array([page.obj, Name.Fit])
            link.Contents = String(f"Zu Seite {first_pages[number]}")
        else:
            _lead_nowhere(link)


def with_links(pdf: bytes, targets: Mapping[int, str]) -> bytes:
    """The contents with links to files beside it. targets: number -> path, with slashes."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for link, number in _placeholders(document):
            path = targets.get(number)
            if path is None:
                _lead_nowhere(link)
                continue
            link.Contents = String(path)
            if path.endswith(".pdf"):
                file = Dictionary(Type=Name.Filespec, F=String(path), UF=String(path))
                link.A = Dictionary(S=Name.GoToR, F=file, D=Array([0, Name.Fit]))
            else:
                link.A = Dictionary(S=Name.URI, URI=String(quote(path)))
        return saved(document)


def _placeholders(document: pikepdf.Pdf) -> list[tuple[Object, int]]:
    found = []
    for page in document.pages:
        for annotation in page.obj.get("/Annots", Array()):
            uri = str(annotation.get("/A", Dictionary()).get("/URI", ""))
            if uri.startswith(_PLACEHOLDER) and uri.removeprefix(_PLACEHOLDER).isdigit():
                found.append((annotation, int(uri.removeprefix(_PLACEHOLDER))))
    return found


def _lead_nowhere(link: Object) -> None:
    """A link stays on its page: taken out, the structure would point to nothing."""
    link.A = Dictionary(S=Name.GoTo, D=Array([link.get("/P"), Name.Fit]))
    link.Contents = String("Nicht in dieser Datei")
