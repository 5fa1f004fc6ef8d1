"""Runs beside one soffice process and converts what its parent names on standard input.

Started by path under a Python that can ``import uno``, which is usually the system's and not ours:
it knows the standard library and ``uno`` alone. One line of JSON each way: ``source`` and
``target`` are paths; the answer says ``ok`` and, if not, ``problem``. It ends, and soffice with
it, when standard input ends: then its parent has gone.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Protocol

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

START_SECONDS = 60.0
# PDF/A-3b and PDF/UA; the outline is what the reader sees first.
EXPORT = {
    "SelectPdfVersion": 3,
    "PDFUACompliance": True,
    "UseTaggedPDF": True,
    "ExportBookmarks": True,
    "ExportNotes": False,
    "ExportFormFields": False,
    "DisplayPDFDocumentTitle": True,
    "InitialView": 1,
    "ReduceImageResolution": False,
    "UseLosslessCompression": True,
}
# MacroExecutionMode and UpdateDocMode 0: no macro runs, no link is followed. With the filter named,
# a file that is something else is refused instead of being taken for plain text.
OPEN = {
    "FilterName": "MS Word 2007 XML",
    "Hidden": True,
    "ReadOnly": True,
    "MacroExecutionMode": 0,
    "UpdateDocMode": 0,
}


class Fields(Protocol):
    def refresh(self) -> None: ...


class Document(Protocol):
    """What is used of LibreOffice's text document."""

    def refresh(self) -> None: ...

    def getTextFields(self) -> Fields: ...  # noqa: N802

    def storeToURL(self, url: str, properties: tuple[object, ...]) -> None: ...  # noqa: N802

    def close(self, deliver: bool) -> None: ...


class Desktop(Protocol):
    """LibreOffice's desktop, which opens documents."""

    def loadComponentFromURL(  # noqa: N802
        self, url: str, frame: str, flags: int, properties: tuple[object, ...]
    ) -> Document | None: ...


def main() -> None:
    """Start soffice, say that it is there, convert until standard input ends."""
    soffice, profile = sys.argv[1:3]
    os.nice(10)  # people's decisions go first
    jobs: queue.Queue[dict[str, str]] = queue.Queue()
    # A thread of its own: soffice may be hanging in a call when the parent goes.
    threading.Thread(target=_read, args=(jobs, profile), daemon=True).start()
    desktop = _started(soffice, profile)
    _answer({"ok": True})
    while True:
        job = jobs.get()
        try:
            _convert(desktop, job["source"], job["target"])
        except Exception as problem:  # noqa: BLE001  (uno's errors have no common base)
            _answer({"ok": False, "problem": f"{type(problem).__name__}: {problem}"})
        else:
            _answer({"ok": True})


def _read(jobs: queue.Queue[dict[str, str]], profile: str) -> None:
    for line in sys.stdin:
        jobs.put(json.loads(line))
    shutil.rmtree(os.path.dirname(profile), ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _answer(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201  (the way back to the parent)


def _started(soffice: str, profile: str) -> Desktop:
    # A pipe of this user's and not a port, which everybody on the machine could talk to.
    channel = f"pipe,name=vereinbar-{os.getpid()};urp;StarOffice.ComponentContext"
    process = subprocess.Popen(
        [soffice, f"-env:UserInstallation={uno.systemPathToFileUrl(profile)}",
         "--headless", "--invisible", "--nodefault", "--nologo", "--nofirststartwizard",
         "--norestore", f"--accept={channel}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return _desktop(channel)
        except NoConnectException:
            if process.poll() is not None or time.monotonic() > end:
                _answer({"ok": False, "problem": f"soffice: {process.returncode}"})
                sys.exit(1)
            time.sleep(0.05)


def _desktop(channel: str) -> Desktop:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    context = resolver.resolve(f"uno:{channel}")
    desktop: Desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    return desktop


def _convert(desktop: Desktop, source: str, target: str) -> None:
    url = uno.systemPathToFileUrl(source)
    document = desktop.loadComponentFromURL(url, "_blank", 0, _properties(OPEN))
    if document is None:
        raise ValueError("not a document that LibreOffice can open")
    try:
        _compute(document)
        options = uno.Any("[]com.sun.star.beans.PropertyValue", _properties(EXPORT))
        saving = {"FilterName": "writer_pdf_Export", "FilterData": options, "Overwrite": True}
        document.storeToURL(uno.systemPathToFileUrl(target), _properties(saving))
    finally:
        document.close(True)


def _compute(document: Document) -> None:
    """Fields such as page numbers. Tables of contents are right as they were written: making them
    anew would need headings that LibreOffice finds by the separators of its own language.
    """
    document.refresh()
    document.getTextFields().refresh()


def _properties(values: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


if __name__ == "__main__":
    main()
