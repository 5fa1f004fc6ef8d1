"""Files from outside are read in a process of their own, which is given up when it takes too long.

Whatever such a file does to the libraries that read it (loops, crashes, memory), the process that
serves people goes on and says why the file was not taken.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from agreements import clock
from agreements.documents.signatures.findings import Sheet
from agreements.documents.signatures.limits import MAX_SECONDS, Unacceptable
from agreements.documents.signatures.marks import PageMark
from agreements.documents.signatures.reports import ElectronicReport
from agreements.settings import PROJECT_ROOT

# Many who upload at once wait for each other; the server stays fit for everybody else.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


def read_scan(content: bytes, media_type: str) -> list[Sheet]:
    """What stands on each sheet. Unacceptable: with the reason."""
    answer = _ask({"kind": "scan", "media_type": media_type}, content)
    return [_sheet(entry) for entry in answer["sheets"]]


def verify(content: bytes, print_set: bytes, trust_folder: Path | None) -> ElectronicReport:
    """What the electronic signatures of a file are worth. Unacceptable: with the reason."""
    folder = str(trust_folder) if trust_folder is not None else ""
    # Tests set the clock; the child has one of its own.
    wanted = {"kind": "electronic", "trust_folder": folder, "now": clock.now().isoformat()}
    answer = _ask(wanted, content, print_set)
    return ElectronicReport.model_validate(answer["report"])


def _sheet(entry: dict[str, Any]) -> Sheet:
    entry["codes"], entry["lines"] = (
        tuple(PageMark(**mark) for mark in entry[key]) for key in ("codes", "lines")
    )
    return Sheet(**entry)


def _ask(wanted: dict[str, str], *files: bytes) -> dict[str, Any]:
    header = json.dumps({"wanted": wanted, "sizes": [len(file) for file in files]}).encode()
    try:
        with _AT_ONCE:
            done = subprocess.run(
                [sys.executable, "-m", "agreements.documents.signatures.worker"],
                input=b"".join((header, b"\n", *files)),
                capture_output=True,
                timeout=MAX_SECONDS,
                cwd=PROJECT_ROOT,
                # Threads of numeric libraries would each reserve memory of their own.
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise _too_heavy() from None
    if done.returncode != 0:
        raise _too_heavy()
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise Unacceptable(*answer["refused"])
    return answer


def _too_heavy() -> Unacceptable:
    return Unacceptable(
        "file-unreadable",
        "Die Datei ließ sich nicht in angemessener Zeit lesen. Bitte neu speichern oder mit "
        "höchstens 300 dpi scannen.",
    )
