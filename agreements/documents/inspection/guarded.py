"""Inspection in a child process with limits: the only way in which foreign files are read."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

from agreements.documents.inspection.findings import Finding, of_package
from agreements.documents.worker import MEGABYTE, LimitBroken, Limits, Worker, WorkerLost

# A real template takes 0.1 to 0.4 s of computing, without what is loaded for it, and less than
# 90 MB; a hostile one has to be refused within 2 s and 300 MB with both processes.
INSPECTION: Final = Limits(cpu_seconds=0.9, wall_seconds=20, memory=200 * MEGABYTE)

_STOPPED: Final = {
    "time": (
        "time-limit",
        "Die Prüfung wurde nach {seconds:g} s Rechenzeit abgebrochen: Die Datei ist zu "
        "umfangreich, oder ein Platzhalter läuft ohne Ende. Kürzen Sie die Vorlage.",
    ),
    "memory": (
        "memory-limit",
        "Die Prüfung wurde abgebrochen, weil die Datei mehr als {memory} MB Speicher brauchte. "
        "Kürzen Sie die Vorlage oder verkleinern Sie ihre Bilder.",
    ),
}


class Inspector:
    """Inspects one file after the other; use it as a context. Not for several threads."""

    def __init__(self, limits: Limits = INSPECTION) -> None:
        self._limits = limits
        self._worker: Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._worker is not None and self._worker.alive:
            self._worker.kill()

    def inspect(
        self, content: bytes, file_name: str, template_id: str | None = None
    ) -> list[Finding]:
        """The findings; raises TemplateUnknown, and whatever is our own fault."""
        if self._worker is None or not self._worker.alive:
            self._worker = Worker()
        try:
            return self._worker.run(self._limits, _inspect, content, file_name, template_id)
        except LimitBroken as broken:
            code, sentence = _STOPPED[broken.what]
            message = sentence.format(
                seconds=self._limits.cpu_seconds, memory=self._limits.memory // MEGABYTE
            )
            return [of_package(code, file_name, "", message)]
        except WorkerLost:
            return [_crashed(file_name)]


def _inspect(content: bytes, file_name: str, template_id: str | None) -> list[Finding]:
    """In the child: imports there what reading needs."""
    from agreements.documents.inspection.template import inspect

    return inspect(content, file_name, template_id)


def _crashed(file_name: str) -> Finding:
    return of_package(
        "inspection-crashed",
        file_name,
        "",
        "Die Datei brachte das Programm zum Absturz, das sie liest. Verwenden Sie sie nicht.",
    )
