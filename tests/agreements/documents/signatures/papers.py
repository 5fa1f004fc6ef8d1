"""Small PDFs, print sets and scans of them, made without any word processor."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Sequence

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFilter

from agreements.documents.signatures.findings import Expected
from agreements.documents.signatures.stamping import stamp

REFERENCE = "IKZ-2026-0001"
TEXT = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
OTHER_TEXT = "0ac3" + TEXT[4:]
A4 = (595.28, 841.89)


def text_pdf(pages: int = 4, size: tuple[float, float] = A4, rotate: int = 0) -> bytes:
    """A PDF with some lines of text on each page."""
    pdf = pikepdf.new()
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=size)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        lines = "".join(
            f"BT /F1 11 Tf 70 {size[1] - 70 - 18 * line:.1f} Td "
            f"(Page {number}, line {line}: the parties agree as follows.) Tj ET\n"
            for line in range(1, 30)
        )
        page.obj.Contents = pdf.make_stream(lines.encode())
        if rotate:
            page.obj.Rotate = rotate
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def print_set(pages: int = 4, text_hash: str = TEXT, reference: str = REFERENCE) -> bytes:
    """A stamped PDF of so many pages."""
    return stamp(text_pdf(pages), reference, text_hash).content


def expected(pages: int = 4) -> Expected:
    """The print set that the scans should be of."""
    return Expected(REFERENCE, TEXT, pages)


def images_of(pdf: bytes, dpi: int = 150) -> list[Image.Image]:
    """The pages as a scanner with that resolution sees them."""
    document = pypdfium2.PdfDocument(pdf)
    found = [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    document.close()
    return found


def worn(image: Image.Image, degrees: float = 0.0, noise: int = 0, seed: int = 1) -> Image.Image:
    """As an office scanner gives it: slightly turned, greyish, with dust."""
    turned = image.rotate(degrees, expand=False, fillcolor=(240, 240, 236))
    chance = random.Random(seed)
    draw = ImageDraw.Draw(turned)
    for _ in range(noise):
        x, y = chance.randrange(turned.width), chance.randrange(turned.height)
        shade = chance.randrange(90, 256)
        draw.point((x, y), (shade, shade, shade))
    return turned.filter(ImageFilter.GaussianBlur(0.6))


def signed(image: Image.Image) -> Image.Image:
    """With a scrawl of blue ink on the page."""
    copy = image.copy()
    draw = ImageDraw.Draw(copy)
    draw.line([(300, 900), (420, 820), (460, 960), (640, 840)], (20, 30, 160), 6)
    return copy


def scan(images: Sequence[Image.Image], dpi: int = 150) -> bytes:
    """A PDF of images only, compressed as scanners do."""
    target = io.BytesIO()
    first, *rest = images
    quality = {} if first.mode == "1" else {"quality": 60}
    first.save(target, "PDF", save_all=True, append_images=rest, resolution=dpi, **quality)
    return target.getvalue()


def tiff(images: Sequence[Image.Image]) -> bytes:
    """A TIFF of several pages."""
    target = io.BytesIO()
    # Pillow keeps with an image how it was saved before.
    first, *rest = (image.copy() for image in images)
    first.save(target, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw")
    return target.getvalue()


def torn(image: Image.Image) -> Image.Image:
    """With the lower right corner torn off."""
    copy = image.copy()
    box = (copy.width * 4 // 5, copy.height * 9 // 10, copy.width, copy.height)
    ImageDraw.Draw(copy).rectangle(box, (225, 225, 225))
    return copy


def covered(image: Image.Image) -> Image.Image:
    """With the right margin cut off, as by a scanner that was set to a smaller format."""
    copy = image.copy()
    box = (copy.width * 9 // 10, 0, copy.width, copy.height)
    ImageDraw.Draw(copy).rectangle(box, (225, 225, 225))
    return copy


def with_attachment(pdf: bytes) -> bytes:
    """The PDF with a file embedded in it."""
    document = pikepdf.open(io.BytesIO(pdf))
    document.attachments["note.txt"] = b"hello"
    return saved(document)


def with_script(pdf: bytes) -> bytes:
    """The PDF with JavaScript that runs when it is opened."""
    document = pikepdf.open(io.BytesIO(pdf))
    script = pikepdf.String("app.alert('x')")
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=script)
    return saved(document)


def with_huge_page(pdf: bytes) -> bytes:
    """The PDF with a page of some hundred metres."""
    document = pikepdf.open(io.BytesIO(pdf))
    document.pages[0].obj.MediaBox = Array([0, 0, 1_000_000, 1_000_000])
    return saved(document)


def encrypted(pdf: bytes) -> bytes:
    """The PDF, to be opened with a password only."""
    document = pikepdf.open(io.BytesIO(pdf))
    target = io.BytesIO()
    document.save(target, encryption=pikepdf.Encryption(owner="geheim", user="geheim"))
    return target.getvalue()


def saved(document: pikepdf.Pdf) -> bytes:
    """The bytes of a document."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def codes(findings: Iterable[object]) -> list[str]:
    """The codes of findings."""
    return [str(getattr(finding, "code", "")) for finding in findings]
