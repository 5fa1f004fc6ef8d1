"""What a file is by its content, whatever it is called."""

from __future__ import annotations

from typing import Final

from agreements.documents.inspection.findings import Finding, of_package

_SAVE: Final = "Speichern Sie sie in Word als „Word-Dokument (*.docx)“."
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_KINDS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "eine PDF-Datei"),
    (b"{\\rtf", "eine RTF-Datei"),
    (b"MZ", "ein Programm"),
    (b"\x7fELF", "ein Programm"),
    (b"#!", "ein Skript"),
    (b"Rar!", "ein RAR-Archiv"),
    (b"7z\xbc\xaf", "ein 7-Zip-Archiv"),
    (b"\x1f\x8b", "ein gzip-Archiv"),
    (b"\x89PNG", "ein Bild (PNG)"),
    (b"\xff\xd8\xff", "ein Bild (JPEG)"),
    (b"PK\x05\x06", "ein leeres ZIP-Archiv"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK\x03\x04"


def not_a_zip(content: bytes) -> Finding | None:
    """The refusal of a file that does not begin like a .docx; None if it does."""
    if not content:
        return of_package("file-empty", "", "", f"Die Datei ist leer. {_SAVE}")
    if content.startswith(ZIP):
        return None
    if content.startswith(_OLE):
        return _compound(content)
    return of_package("not-a-docx", "", _beginning(content), _sentence(content))


def _compound(content: bytes) -> Finding:
    if _ENCRYPTED in content:
        return of_package(
            "encrypted",
            "",
            "EncryptedPackage",
            "Die Datei ist mit einem Kennwort verschlüsselt. Heben Sie den Kennwortschutz in Word "
            "auf (Datei, Informationen, Dokument schützen) und speichern Sie sie erneut.",
        )
    return of_package(
        "not-a-docx",
        "",
        "OLE",
        f"Die Datei ist ein Dokument im alten Word-Format (.doc). {_SAVE}",
    )


def _sentence(content: bytes) -> str:
    for magic, kind in _KINDS:
        if content.startswith(magic):
            return f"Die Datei ist {kind}, kein Word-Dokument. {_SAVE}"
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return f"Die Datei ist eine HTML-Seite, kein Word-Dokument. {_SAVE}"
    if start.startswith(b"<"):
        return f"Die Datei ist eine XML-Datei, kein Word-Dokument. {_SAVE}"
    if b"mime-version:" in start:
        return f"Die Datei ist eine Webseite (MHTML), kein Word-Dokument. {_SAVE}"
    return f"Die Datei ist kein Word-Dokument (.docx). {_SAVE}"


def _beginning(content: bytes) -> str:
    return content[:16].decode("latin-1")
