"""A warm converter: soffice processes that wait for work, each with a profile of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import IO, Final

from lxml import etree

from agreements.documents.pdf.finishing import about, finish
from agreements.documents.pdf.programs import PdfNotAvailable, Programs, programs
from agreements.errors import Conflict, StepFailure

_CHILD: Final = Path(__file__).with_name("office_child.py")
AT_ONCE: Final = 2
LIMIT_SECONDS: Final = 60.0
_START_SECONDS: Final = 90.0
# soffice grows with every document that it opens.
_MOST_CONVERSIONS: Final = 200


class ConversionFailed(StepFailure):
    """LibreOffice could not make a PDF of this document."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Die Umwandlung in PDF ist fehlgeschlagen: {reason}")
        self.args = (reason,)


class PdfBusy(Conflict):
    """All converters have been busy for as long as the caller would wait."""

    def __init__(self) -> None:
        super().__init__(
            "pdf-busy",
            "Zurzeit werden andere Dokumente in PDF umgewandelt. Bitte gleich noch einmal abrufen.",
        )
        self.args = ()


class _OfficeGone(Exception):
    """The process died under a job."""


class _Office:
    """One soffice with the child that talks to it; both are one process group."""

    def __init__(self, needed: Programs) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="vereinbar-office-"))
        self._done = 0
        self._process = subprocess.Popen(
            [needed.python, "-I", str(_CHILD), needed.soffice, str(self._folder / "profile")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            # No display and no theme; numbers and dates come from the document's language.
            env=os.environ | {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
            text=True,
        )
        try:
            answer = self._answer(_START_SECONDS)
        except (_OfficeGone, ConversionFailed):
            answer = {"ok": False}
        if not answer["ok"]:
            self.close()
            raise PdfNotAvailable("LibreOffice startet nicht. Bitte „soffice --version“ versuchen")

    @property
    def fresh(self) -> bool:
        """Whether it may take another job."""
        return self._process.poll() is None and self._done < _MOST_CONVERSIONS

    def convert(self, document: bytes, seconds: float) -> bytes:
        """The PDF that LibreOffice makes of a .docx; killed if it takes longer."""
        source, target = self._folder / "source.docx", self._folder / "target.pdf"
        source.write_bytes(document)
        target.unlink(missing_ok=True)
        self._ask({"source": str(source), "target": str(target)})
        answer = self._answer(seconds)
        self._done += 1
        if not answer["ok"] or not target.is_file():
            raise ConversionFailed(
                f"LibreOffice meldet „{answer.get('problem', 'kein Ergebnis')}“."
            )
        return target.read_bytes()

    def close(self) -> None:
        """End it, whatever it is doing."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                _open(pipe).close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, job: dict[str, str]) -> None:
        try:
            _open(self._process.stdin).write(json.dumps(job) + "\n")
            _open(self._process.stdin).flush()
        except OSError as problem:
            raise _OfficeGone from problem

    def _answer(self, seconds: float) -> dict[str, object]:
        overdue = threading.Event()

        def kill() -> None:
            overdue.set()
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

        watchdog = threading.Timer(seconds, kill)
        watchdog.start()
        try:
            line = _open(self._process.stdout).readline()
        finally:
            watchdog.cancel()
        if overdue.is_set():
            raise ConversionFailed(f"LibreOffice war nach {seconds:g} Sekunden nicht fertig.")
        if not line:
            raise _OfficeGone
        answer: dict[str, object] = json.loads(line)
        return answer


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


class Converter:
    """Converts in a few soffice processes, which start when first needed and stay warm.

    Threads may share it. A process that dies is replaced and the document tried once more; one
    that takes too long is killed, and the document fails.
    """

    def __init__(self, workers: int = AT_ONCE, seconds: float = LIMIT_SECONDS) -> None:
        self._slots = threading.BoundedSemaphore(workers)
        self._seconds = seconds
        self._idle: list[_Office] = []
        self._lock = threading.Lock()

    def convert(self, document: bytes, patience: float | None = None) -> bytes:
        """The document as PDF/A-3b and PDF/UA-1; same .docx and same LibreOffice, same bytes.

        patience: seconds to wait for a free process, then ``PdfBusy``; None: as long as it takes.
        Raises PdfNotAvailable and ConversionFailed.
        """
        try:
            described = about(document)
        except (zipfile.BadZipFile, etree.XMLSyntaxError) as problem:
            raise ConversionFailed(f"Die Datei ist kein Word-Dokument ({problem}).") from None
        if not self._slots.acquire(timeout=patience):
            raise PdfBusy
        try:
            try:
                raw = self._once(document)
            except _OfficeGone:
                raw = self._once_more(document)
        finally:
            self._slots.release()
        return finish(raw, described)

    def close(self) -> None:
        """End the idle processes; a later ``convert`` starts new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for office in idle:
            office.close()

    def _once_more(self, document: bytes) -> bytes:
        try:
            return self._once(document)
        except _OfficeGone:
            raise ConversionFailed("LibreOffice ist dabei zweimal abgestürzt.") from None

    def _once(self, document: bytes) -> bytes:
        with self._office() as office:
            return office.convert(document, self._seconds)

    @contextmanager
    def _office(self) -> Iterator[_Office]:
        with self._lock:
            office = self._idle.pop() if self._idle else None
        if office is None or not office.fresh:
            if office is not None:
                office.close()
            office = _Office(programs())
        try:
            yield office
        except BaseException:
            office.close()
            raise
        with self._lock:
            self._idle.append(office)


@lru_cache
def converter() -> Converter:
    """This process's converter."""
    made = Converter()
    atexit.register(made.close)
    return made
