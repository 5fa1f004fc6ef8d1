"""Reading a scan: which marks its sheets bear. Runs in a child process (``worker``)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps, ImageSequence

from agreements.documents.signatures.findings import Sheet
from agreements.documents.signatures.limits import MAX_PAGES, MAX_PIXELS, Unacceptable
from agreements.documents.signatures.marks import PageMark, read_codes, read_lines
from agreements.documents.signatures.pdfs import check_passive, opened

IMAGES: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF"}
# First what is quick, then what a poor scan needs.
_RESOLUTIONS: Final = (200, 300, 400)
_LARGEST_RENDERED: Final = 20_000_000
_POINTS_PER_INCH: Final = 72
# A share of dark pixels below which nothing is on a sheet but dust.
_DUST: Final = 0.0006
_DARK: Final = 140
_HALF_TURN: Final = range(135, 226)


def read_scan(content: bytes, media_type: str) -> list[Sheet]:
    """What stands on each sheet of a PDF or image. Unacceptable: it is not looked at."""
    if media_type in IMAGES:
        return list(_sheets_of_image(content, media_type))
    with opened(content) as pdf:
        check_passive(pdf)
    return list(_sheets_of_pdf(content))


def _sheets_of_pdf(content: bytes) -> Iterator[Sheet]:
    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            lines = read_lines(_text_of(page))
            images = (_rendered(page, dpi) for dpi in _RESOLUTIONS)
            yield _sheet(number, images, lines)
            page.close()
    finally:
        document.close()


def _text_of(page: pypdfium2.PdfPage) -> str:
    text = page.get_textpage()
    try:
        return str(text.get_text_bounded())
    finally:
        text.close()


def _rendered(page: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    width, height = page.get_size()
    scale = dpi / _POINTS_PER_INCH
    # A page may be as large as a table cloth; its image may not.
    scale = min(scale, (_LARGEST_RENDERED / (width * height)) ** 0.5)
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image.convert("L")


def _sheets_of_image(content: bytes, media_type: str) -> Iterator[Sheet]:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=[IMAGES[media_type]]) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                if number > MAX_PAGES:
                    raise Unacceptable(
                        "image-page-count", f"Die Datei hat mehr als {MAX_PAGES} Blätter."
                    )
                yield _sheet(number, _sizes(_checked(frame)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError):
        raise Unacceptable(
            "image-broken", "Die Datei lässt sich nicht als Bild lesen. Bitte neu scannen."
        ) from None


def _checked(frame: Image.Image) -> Image.Image:
    if frame.width * frame.height > MAX_PIXELS:
        raise _too_many_pixels()
    return ImageOps.exif_transpose(frame).convert("L")


def _too_many_pixels() -> Unacceptable:
    return Unacceptable(
        "image-too-large", "Das Bild hat zu viele Bildpunkte. Bitte mit 200 bis 300 dpi scannen."
    )


def _sizes(image: Image.Image) -> Iterator[Image.Image]:
    yield image
    if image.width * image.height * 4 <= _LARGEST_RENDERED * 2:
        yield image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)


def _sheet(number: int, images: Iterable[Image.Image], lines: tuple[PageMark, ...] = ()) -> Sheet:
    blank = False
    for position, image in enumerate(images):
        for variant in _variants(image):
            found = [b for b in _codes(variant) if b.text]
            marks = read_codes(b.text for b in found)
            if marks:
                turned = any(round(abs(b.orientation)) in _HALF_TURN for b in found)
                return Sheet(number, marks, lines, upside_down=turned)
        blank = blank or (position == 0 and _is_blank(image))
        # Nothing to be found on an empty page, and its text says it as well.
        if blank or lines:
            break
    return Sheet(number, lines=lines, blank=blank)


def _codes(image: Image.Image) -> list[zxingcpp.Barcode]:
    # Made here: the library complains of what lives until the process ends.
    qr = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return zxingcpp.read_barcodes(image, formats=qr)


def _variants(image: Image.Image) -> Iterator[Image.Image]:
    yield image
    # Grey paper, faint toner, dust.
    yield ImageOps.autocontrast(image.filter(ImageFilter.MedianFilter(3)), cutoff=2)
    yield image.filter(ImageFilter.GaussianBlur(1.2))


def _is_blank(image: Image.Image) -> bool:
    # The rims of a scan are often dark.
    inner = image.crop(
        (
            image.width // 20,
            image.height // 20,
            image.width - image.width // 20,
            image.height - image.height // 20,
        )
    )
    histogram = inner.histogram()
    return sum(histogram[:_DARK]) < _DUST * inner.width * inner.height
