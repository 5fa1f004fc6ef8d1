"""What conversion needs on the machine: LibreOffice, and a Python that can talk to it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agreements.errors import Refusal

_OFFICE: Final = ("soffice", "libreoffice")
_PROBE_SECONDS: Final = 30
OFFICE_ADVICE: Final = "LibreOffice installieren (Debian, Ubuntu: apt install libreoffice-writer)"
UNO_ADVICE: Final = "die Python-Anbindung von LibreOffice installieren (apt install python3-uno)"


class PdfNotAvailable(Refusal):
    """This machine cannot make PDFs now; everything else works."""

    status = 503
    title = "Vorübergehend nicht verfügbar."

    def __init__(self, reason: str) -> None:
        super().__init__(
            "pdf-not-available",
            f"PDF-Dateien lassen sich hier zurzeit nicht erzeugen: {reason}. Das Word-Dokument "
            "steht zur Verfügung.",
        )
        self.args = (reason,)


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs that convert."""

    soffice: str
    python: str


def programs() -> Programs:
    """The programs of this machine, or a refusal that names what is missing."""
    soffice = next((found for name in _OFFICE if (found := shutil.which(name))), None)
    if soffice is None:
        raise PdfNotAvailable(f"LibreOffice fehlt. Bitte {OFFICE_ADVICE}")
    python = next((path for path in _pythons(soffice) if _speaks_uno(path)), None)
    if python is None:
        raise PdfNotAvailable(
            f"LibreOffice ist da, aber kein Python mit dem Modul „uno“. Bitte {UNO_ADVICE}"
        )
    return Programs(soffice, python)


def missing() -> str | None:
    """Why no PDF can be made here, as a sentence; None: nothing stands against it."""
    try:
        programs()
    except PdfNotAvailable as refusal:
        return refusal.message
    return None


def _pythons(soffice: str) -> list[str]:
    # LibreOffice's own packages bring a Python of theirs; Debian's use the system's.
    candidates = (
        str(Path(soffice).resolve().parent / "python"),
        "/usr/bin/python3",
        shutil.which("python3") or "",
    )
    return [path for path in dict.fromkeys(candidates) if Path(path).is_file()]


_SPEAKING: Final[set[str]] = set()


def _speaks_uno(python: str) -> bool:
    # What is missing may be installed meanwhile; what is there is not asked for twice.
    if python not in _SPEAKING and _probe(python):
        _SPEAKING.add(python)
    return python in _SPEAKING


def _probe(python: str) -> bool:
    try:
        asked = subprocess.run(
            [python, "-I", "-c", "import uno"],
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
