"""PDF files from outside: opened under limits, refused when they bring more than pages."""

from __future__ import annotations

import io
from typing import Final

import pikepdf

from agreements.documents.signatures.limits import MAX_PAGES, MAX_SIDE, Unacceptable

_EMBEDDING: Final = ("/EmbeddedFiles", "/EF")
_MAX_OBJECTS: Final = 500_000
_ACTIVE_KINDS: Final = frozenset(
    ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition")
)


def opened(content: bytes) -> pikepdf.Pdf:
    """The PDF, if it is one that may be looked at. Unacceptable: it is not."""
    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        raise Unacceptable(
            "pdf-encrypted",
            "Die Datei ist verschlüsselt. Bitte ohne Kennwort und ohne Beschränkungen speichern.",
        ) from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Unacceptable(
            "pdf-broken",
            "Die Datei lässt sich nicht als PDF lesen. Bitte öffnen und neu speichern.",
        ) from None
    if pdf.is_encrypted:
        raise Unacceptable(
            "pdf-encrypted",
            "Die Datei ist verschlüsselt. Bitte ohne Kennwort und ohne Beschränkungen speichern.",
        )
    _check_pages(pdf)
    return pdf


def _check_pages(pdf: pikepdf.Pdf) -> None:
    count = len(pdf.pages)
    if not 1 <= count <= MAX_PAGES:
        raise Unacceptable(
            "pdf-page-count",
            f"Die Datei hat {count} Seiten; angenommen werden 1 bis {MAX_PAGES}.",
        )
    for number, page in enumerate(pdf.pages, 1):
        try:
            left, bottom, right, top = (float(value) for value in page.mediabox)
        except (ValueError, TypeError, AttributeError):
            raise Unacceptable(
                "pdf-broken", f"Seite {number} hat keine lesbare Größe. Bitte neu speichern."
            ) from None
        if not 36 <= abs(right - left) <= MAX_SIDE or not 36 <= abs(top - bottom) <= MAX_SIDE:
            raise Unacceptable(
                "pdf-page-size",
                f"Seite {number} ist zu klein oder größer als DIN A0. Bitte in der Größe des "
                "Papiers speichern.",
            )


def check_passive(pdf: pikepdf.Pdf) -> None:
    """Refuse scripts, actions that start something, and embedded files in what people upload."""
    seen = 0
    for thing in pdf.objects:
        # What is written inside an object is no object of its own to the file.
        waiting = [thing]
        while waiting:
            seen += 1
            if seen > _MAX_OBJECTS:
                raise Unacceptable(
                    "pdf-broken", "Die Datei enthält ungewöhnlich viele Bestandteile."
                )
            waiting += _check_object(waiting.pop())


def _check_object(thing: pikepdf.Object) -> list[pikepdf.Object]:
    """Refuse what the object is or holds; returns what stands within it."""
    if isinstance(thing, pikepdf.Array):
        return [entry for entry in thing.as_list() if _nested(entry)]
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return []
    if "/JS" in thing or str(thing.get("/S", "")) in _ACTIVE_KINDS:
        raise Unacceptable(
            "pdf-active",
            "Die Datei enthält Skripte oder Aktionen. Bitte als einfaches PDF (etwa über "
            "„Drucken als PDF“ oder als neuen Scan) speichern.",
        )
    if any(key in thing for key in _EMBEDDING) or str(thing.get("/Type", "")) == "/EmbeddedFile":
        raise Unacceptable(
            "pdf-attachments",
            "In der Datei stecken weitere Dateien. Bitte ohne Anhänge speichern.",
        )
    return [entry for _, entry in thing.items() if _nested(entry)]


def _nested(entry: object) -> bool:
    return isinstance(entry, (pikepdf.Dictionary, pikepdf.Array)) and not entry.is_indirect
