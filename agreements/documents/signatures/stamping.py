"""The print set: the frozen text as PDF, every page with the mark that it is recognised by.

The mark stands in the margin at the bottom right of the page as it is read, whatever its size and
rotation, and its code once more half-way up the right margin: a page that goes askew through the
scanner loses its corners first. It is an artifact (no content) to assistive technology.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import pikepdf
import segno
from pikepdf import Array, Dictionary, Name

from agreements.documents.signatures.marks import PageMark
from agreements.documents.signatures.pdfs import opened

_MM: Final = 72 / 25.4
# The edge of the code with its quiet zone, and its distance from the paper's edges, which most
# printers leave white.
CODE_SIDE: Final = 16 * _MM
EDGE: Final = 3 * _MM
_QUIET_MODULES: Final = 2
_FONT_SIZE: Final = 7
_FONT: Final = Name("/VereinbarStamp")


@dataclass(frozen=True, slots=True)
class PrintSet:
    """A stamped PDF and how many pages it has."""

    content: bytes
    pages: int


def stamp(pdf: bytes, reference: str, text_hash: str) -> PrintSet:
    """Put the mark on every page; the same input gives the same bytes. Unacceptable: no usable PDF.

    A claim to be PDF/A is withdrawn: the stamp's font is one of those that every reader has.
    """
    with opened(pdf) as document:
        pages = len(document.pages)
        font = document.make_indirect(_font())
        for number, page in enumerate(document.pages, 1):
            _stamp_page(document, page, font, PageMark(reference, text_hash, number, pages))
        _withdraw_archive_claim(document)
        # A form that is there from the start lets later signatures be told from other changes.
        if "/AcroForm" not in document.Root:
            document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array()))
        target = io.BytesIO()
        document.save(target, deterministic_id=True)
    return PrintSet(target.getvalue(), pages)


def _font() -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )


def _stamp_page(
    document: pikepdf.Pdf, page: pikepdf.Page, font: pikepdf.Object, mark: PageMark
) -> None:
    if "/Resources" not in page.obj:
        page.obj.Resources = Dictionary()
    # Pages often share their resources; a font of the same name means the same everywhere.
    fonts = page.obj.Resources.get("/Font")
    if fonts is None:
        page.obj.Resources.Font = fonts = Dictionary()
    fonts[_FONT] = font
    page.contents_add(document.make_stream(b"q\n"), prepend=True)
    page.contents_add(document.make_stream(b"\nQ\n" + _drawing(page, mark)))


def _drawing(page: pikepdf.Page, mark: PageMark) -> bytes:
    to_page, width, height = _as_read(page)
    left = width - EDGE - CODE_SIDE
    line = mark.line().encode("cp1252", "replace")
    text = line.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    parts = [
        b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC q",
        to_page,
        _code(mark, left, EDGE),
        _code(mark, left, (height - CODE_SIDE) / 2),
        b"0 g BT %s %d Tf %.2f %.2f Td (%s) Tj ET"
        % (bytes(str(_FONT), "ascii"), _FONT_SIZE, 25 * _MM, EDGE + 3 * _MM, text),
        b"Q EMC",
    ]
    return b"\n".join(parts) + b"\n"


def _as_read(page: pikepdf.Page) -> tuple[bytes, float, float]:
    """The matrix from a page that starts at its lower left as it is read; its width and height."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    left, right, bottom, top = (
        min(left, right),
        max(left, right),
        min(bottom, top),
        max(bottom, top),
    )
    width, height = right - left, top - bottom
    rotation = int(page.obj.get("/Rotate", _inherited_rotation(page))) % 360
    matrix = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, right, bottom),
        180: (-1, 0, 0, -1, right, top),
        270: (0, -1, 1, 0, left, top),
    }[rotation]
    if rotation in (90, 270):
        width, height = height, width
    return b"%g %g %g %g %.3f %.3f cm" % matrix, width, height


def _inherited_rotation(page: pikepdf.Page) -> int:
    node = page.obj.get("/Parent")
    # As deep as a sane page tree goes.
    for _ in range(50):
        if node is None:
            return 0
        if "/Rotate" in node:
            return int(node.Rotate)
        node = node.get("/Parent")
    return 0


def _code(mark: PageMark, x: float, y: float) -> bytes:
    code = segno.make_qr(mark.code(), error="m", boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    module = CODE_SIDE / (len(rows) + 2 * _QUIET_MODULES)
    origin_x, top = x + _QUIET_MODULES * module, y + CODE_SIDE - _QUIET_MODULES * module
    drawn = [b"1 g %.3f %.3f %.3f %.3f re f 0 g" % (x, y, CODE_SIDE, CODE_SIDE)]
    for number, row in enumerate(rows):
        for start, length in _runs(row):
            rectangle = (
                origin_x + start * module,
                top - (number + 1) * module,
                length * module,
                module,
            )
            drawn.append(b"%.3f %.3f %.3f %.3f re" % rectangle)
    drawn.append(b"f")
    return b"\n".join(drawn)


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Start and length of the dark stretches; one rectangle each leaves no hairlines."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs


def _withdraw_archive_claim(document: pikepdf.Pdf) -> None:
    with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
        for key in ("pdfaid:part", "pdfaid:conformance", "pdfaid:rev"):
            if key in metadata:
                del metadata[key]
