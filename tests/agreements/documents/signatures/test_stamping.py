"""The print set: a valid PDF, its text readable, its marks at the foot of the page as read."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest

from agreements.documents.signatures.limits import Unacceptable
from agreements.documents.signatures.marks import PageMark, read_code, read_codes, read_lines
from agreements.documents.signatures.scans import read_scan
from agreements.documents.signatures.stamping import stamp
from tests.agreements.documents.signatures.papers import (
    A4,
    REFERENCE,
    TEXT,
    encrypted,
    images_of,
    saved,
    scan,
    text_pdf,
)

PDF = "application/pdf"


def text_of(pdf: bytes, number: int = 0) -> str:
    """The text of a page."""
    document = pypdfium2.PdfDocument(pdf)
    text = str(document[number].get_textpage().get_text_bounded())
    document.close()
    return text


@pytest.mark.parametrize("size", [A4, (A4[1], A4[0]), (420.9, 595.3)])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_whatever_the_page_the_mark_is_read_at_its_foot(
    size: tuple[float, float], rotate: int
) -> None:
    made = stamp(text_pdf(2, size, rotate), REFERENCE, TEXT)
    assert made.pages == 2
    sheets = read_scan(scan(images_of(made.content)), PDF)
    assert [sheet.codes[0].page for sheet in sheets] == [1, 2]
    # As it is read, not as it lies in the file.
    assert not any(sheet.upside_down for sheet in sheets)


def test_a_page_that_begins_elsewhere_than_at_nought() -> None:
    document = pikepdf.open(io.BytesIO(text_pdf(1)))
    document.pages[0].obj.MediaBox = pikepdf.Array([-100, -50, 495.28, 791.89])
    made = stamp(saved(document), REFERENCE, TEXT)
    [sheet] = read_scan(scan(images_of(made.content)), PDF)
    assert sheet.codes[0].page == 1


def test_the_text_stays_and_the_line_is_added() -> None:
    made = stamp(text_pdf(2), REFERENCE, TEXT)
    text = text_of(made.content, 1)
    assert "Page 2, line 1: the parties agree as follows." in text
    assert "Vorgang IKZ-2026-0001 · Textprüfsumme 3f79bb7b · Seite 2 von 2" in text
    assert read_lines(text) == (PageMark(REFERENCE, TEXT[:8], 2, 2),)


def test_the_result_is_a_sound_pdf_and_the_same_each_time() -> None:
    first, second = (stamp(text_pdf(3), REFERENCE, TEXT).content for _ in range(2))
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as document:
        assert document.check_pdf_syntax() == []
        drawn = document.pages[0].Contents
        content = b"".join(stream.read_bytes() for stream in drawn.as_list())
    # No content to assistive technology; the page's own drawing cannot disturb it.
    assert b"/Artifact <</Type /Pagination" in content
    assert content.startswith(b"q")


def test_a_claim_to_be_an_archive_file_is_withdrawn() -> None:
    document = pikepdf.open(io.BytesIO(text_pdf(1)))
    with document.open_metadata() as metadata:
        metadata["pdfaid:part"] = "3"
        metadata["pdfaid:conformance"] = "A"
        metadata["dc:title"] = "Vereinbarung"
    made = stamp(saved(document), REFERENCE, TEXT)
    with pikepdf.open(io.BytesIO(made.content)) as stamped, stamped.open_metadata() as metadata:
        assert "pdfaid:part" not in metadata
        assert metadata["dc:title"] == "Vereinbarung"


@pytest.mark.parametrize("content", [b"", b"PK", encrypted(text_pdf(1))])
def test_what_is_no_plain_pdf_is_not_stamped(content: bytes) -> None:
    with pytest.raises(Unacceptable):
        stamp(content, REFERENCE, TEXT)


def test_codes_of_other_things_are_no_marks() -> None:
    mark = PageMark(REFERENCE, TEXT, 3, 12)
    assert read_code(mark.code()) == PageMark(REFERENCE, TEXT[:32], 3, 12)
    assert read_codes(["https://kamen.de", mark.code(), mark.code(), "VEREINBAR1:x"]) == (
        PageMark(REFERENCE, TEXT[:32], 3, 12),
    )
    assert mark.belongs_to("ikz-2026-0001", TEXT)
    assert not mark.belongs_to("IKZ-2026-0002", TEXT)
