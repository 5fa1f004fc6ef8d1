"""Making a PDF of a .docx with LibreOffice, one process for each file."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from agreements.errors import Conflict

_SECONDS: Final = 120


def office_pdf(docx: bytes) -> bytes:
    """The PDF of a .docx. Conflict: LibreOffice is missing or has failed."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise Conflict(
            "office-missing",
            "Für das Druckexemplar wird LibreOffice gebraucht; es ist auf dem Server nicht "
            "installiert. Bitte wenden Sie sich an die Administration.",
        )
    with tempfile.TemporaryDirectory(prefix="vereinbar-pdf-") as folder:
        source = Path(folder, "text.docx")
        source.write_bytes(docx)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        try:
            subprocess.run(
                [*command, str(source)], check=True, capture_output=True, timeout=_SECONDS
            )
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError):
            raise Conflict(
                "pdf-failed",
                "LibreOffice konnte aus der festgeschriebenen Datei kein PDF machen. Bitte "
                "versuchen Sie es noch einmal oder wenden Sie sich an die Administration.",
            ) from None
