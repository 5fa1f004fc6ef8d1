"""Scans of a print set: whatever an office scanner makes of it is recognised, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from time import thread_time

import pytest
from PIL import Image, ImageOps

from agreements.documents.signatures.child import read_scan
from agreements.documents.signatures.findings import judge_sheets
from agreements.documents.signatures.limits import Unacceptable
from tests.agreements.documents.signatures.papers import (
    OTHER_TEXT,
    codes,
    covered,
    encrypted,
    expected,
    images_of,
    print_set,
    scan,
    signed,
    text_pdf,
    tiff,
    torn,
    with_attachment,
    with_huge_page,
    with_script,
    worn,
)

PDF = "application/pdf"
Images = list[Image.Image]


def found(content: bytes, media_type: str = PDF, pages: int = 4) -> list[str]:
    """The codes of what the check finds in a file."""
    return codes(judge_sheets(read_scan(content, media_type), expected(pages)))


@pytest.fixture(scope="module")
def pages() -> Images:
    return images_of(print_set())


def _upside_down(images: Images) -> Images:
    return [images[0], images[1].rotate(180), *images[2:]]


def _sideways(images: Images) -> Images:
    return [image.rotate(90, expand=True) for image in images]


def _skewed(images: Images) -> Images:
    return [
        worn(image, degrees=(-1) ** n * 2.5, noise=4000, seed=n) for n, image in enumerate(images)
    ]


def _grey(images: Images) -> Images:
    return [ImageOps.grayscale(image).point(lambda p: 70 + p * 0.6) for image in images]


def _fax(images: Images) -> Images:
    return [image.convert("1") for image in images]


def _signed(images: Images) -> Images:
    return [*images[:-1], signed(images[-1])]


@pytest.mark.parametrize(
    ("treat", "notes"),
    [
        (list, []),
        (_signed, []),
        (_upside_down, ["upside-down"]),
        (_sideways, []),
        (_skewed, []),
        (_grey, []),
        (_fax, []),
    ],
)
def test_a_poor_scan_of_the_right_pages_is_recognised(
    pages: Images, treat: Callable[[Images], Images], notes: list[str]
) -> None:
    assert found(scan(treat(pages))) == notes


def test_also_as_images_of_a_scanner(pages: Images) -> None:
    assert found(tiff(pages), "image/tiff") == []
    [single] = images_of(print_set(1))
    for media_type, kind in (("image/png", "PNG"), ("image/jpeg", "JPEG")):
        target = io.BytesIO()
        single.save(target, kind)
        assert found(target.getvalue(), media_type, pages=1) == []


def test_the_digital_print_set_itself_is_read_as_well() -> None:
    assert found(print_set()) == []


def test_its_text_is_a_second_way(pages: Images) -> None:
    """A file that still has its text, its codes blackened."""
    assert found(print_set(1), pages=1) == []
    [sheet] = read_scan(print_set(1), PDF)
    assert sheet.codes[0].line() == sheet.lines[0].line()


def _without(images: Images) -> Images:
    return [images[0], images[1], images[3]]


def _twice(images: Images) -> Images:
    return [images[0], images[1], images[1], images[2], images[3]]


def _swapped(images: Images) -> Images:
    return [images[0], images[2], images[1], images[3]]


def _of_another_version(images: Images) -> Images:
    return [*images[:2], images_of(print_set(text_hash=OTHER_TEXT))[2], images[3]]


def _of_another_case(images: Images) -> Images:
    return [*images[:3], images_of(print_set(reference="IKZ-2025-0099"))[3]]


def _of_a_shorter_print(images: Images) -> Images:
    return [*images[:3], images_of(print_set(5))[3]]


def _torn(images: Images) -> Images:
    return [images[0], torn(images[1]), *images[2:]]


def _cut(images: Images) -> Images:
    return [images[0], covered(images[1]), *images[2:]]


def _strange(images: Images) -> Images:
    return [*images, images_of(text_pdf(1))[0]]


def _with_backs(images: Images) -> Images:
    back = Image.new("RGB", images[0].size, (250, 250, 248))
    return [sheet for image in images for sheet in (image, back)]


@pytest.mark.parametrize(
    ("treat", "codes_found"),
    [
        (_without, ["page-missing"]),
        (_twice, ["page-twice"]),
        (_swapped, ["page-out-of-order"]),
        (_of_another_version, ["page-of-another-version", "page-missing"]),
        (_of_another_case, ["page-of-another-case", "page-missing"]),
        (_of_a_shorter_print, ["page-of-another-print", "page-missing"]),
        (_torn, []),
        (_cut, ["code-unreadable"]),
        (_strange, ["sheet-too-many"]),
        (_with_backs, ["blank-sheet"] * 4),
    ],
)
def test_what_is_wrong_is_said_of_each_page(
    pages: Images, treat: Callable[[Images], Images], codes_found: list[str]
) -> None:
    assert found(scan(treat(pages))) == codes_found


def test_a_foreign_document_of_as_many_pages_is_not_taken_for_unreadable() -> None:
    assert found(scan(images_of(text_pdf(4)))) == ["nothing-readable"]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (encrypted, "pdf-encrypted"),
        (with_script, "pdf-active"),
        (with_attachment, "pdf-attachments"),
        (with_huge_page, "pdf-page-size"),
        (lambda pdf: pdf[:200], "pdf-broken"),
        (lambda pdf: b"%PDF-1.7 nothing", "pdf-broken"),
        (lambda pdf: text_pdf(301), "pdf-page-count"),
    ],
)
def test_hostile_files_are_refused_with_the_reason(
    spoil: Callable[[bytes], bytes], code: str
) -> None:
    content = spoil(print_set())
    begun = thread_time()
    with pytest.raises(Unacceptable) as refusal:
        read_scan(content, PDF)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")
    assert thread_time() - begun < 10


def test_an_image_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    assert len(target.getvalue()) < 100_000
    with pytest.raises(Unacceptable) as refusal:
        read_scan(target.getvalue(), "image/png")
    assert refusal.value.code == "image-too-large"


def test_what_only_claims_to_be_an_image_is_refused() -> None:
    with pytest.raises(Unacceptable) as refusal:
        read_scan(b"\x89PNG\r\n\x1a\nnothing", "image/png")
    assert refusal.value.code == "image-broken"
