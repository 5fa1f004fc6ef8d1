"""What documents cost: rendering against bare docxtpl, the whole set, PDFs, a bundle.

The agreement of the example is lengthened by its own clauses to twelve pages or more, for eleven
parties. Bare docxtpl gets the same template, data and filters, in an environment of its own for
each document, as its manual shows it.
"""

from __future__ import annotations

import asyncio
import io
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import jinja2
import pikepdf
from docxtpl import DocxTemplate
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from agreements.bundles.joining import Joined
from agreements.documents import examples
from agreements.documents.data import AgreementData, DocumentData
from agreements.documents.filters import FILTERS
from agreements.documents.pdf import Converter, missing
from agreements.documents.pdf.finishing import about, saved
from agreements.documents.pool import RenderPool
from agreements.documents.registry import TEMPLATES, template_by_id
from agreements.documents.rendering import render
from agreements.documents.sandbox import context_of
from agreements.settings import PROJECT_ROOT

TEMPLATES_DIR: Final = PROJECT_ROOT / "templates"
RUNS: Final = 15
PAGES: Final = 12
AT_LEAST: Final = 0.8
SET_SECONDS: Final = 20.0
CORES: Final = 2
# Documents that every party has of its own in each round.
_OF_EACH_BODY: Final = ("paper",)
_ROUNDS: Final = 2
_SET: Final = 60


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds of each run, in pairs."""

    pages: int
    ours: tuple[float, ...]
    bare: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times as fast as bare docxtpl: the median over the pairs."""
        return median(b / o for o, b in zip(self.ours, self.bare, strict=True))


def long_agreement() -> AgreementData:
    """The example's agreement with its clauses twice: some 12 pages for 11 parties."""
    data = template_by_id("agreement").example()
    assert isinstance(data, AgreementData)
    return data.model_copy(update={"clauses": data.clauses * 2})


def bare(data: DocumentData, path: Path) -> bytes:
    """What docxtpl does by itself."""
    document = DocxTemplate(str(path))
    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(FILTERS)
    document.render(context_of(data), environment)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def compare(progress: Progress, pages: int, runs: int = RUNS) -> Compared:
    """Render by turns, so that whatever else the machine does meets both."""
    template, data = template_by_id("agreement"), long_agreement()
    path = TEMPLATES_DIR / template.file_name
    render(template, data, TEMPLATES_DIR)
    bare(data, path)
    ours, others = [], []
    task = progress.add_task("Rendern im Vergleich", total=runs)
    for _ in range(runs):
        others.append(_timed(lambda: bare(data, path)))
        ours.append(_timed(lambda: render(template, data, TEMPLATES_DIR)))
        progress.advance(task)
    return Compared(pages, tuple(ours), tuple(others))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def whole_set() -> list[tuple[str, DocumentData]]:
    """The documents of the Smart Region: one of each kind, papers of each body and round.

    Filled with the agreement, the longest, to as many as the real case has.
    """
    documents: list[tuple[str, DocumentData]] = []
    for template in TEMPLATES:
        if template.id not in _OF_EACH_BODY:
            documents.append((template.id, template.example()))
            continue
        for body in examples.BODIES:
            data = template.example().model_copy(update={"body": body})
            documents += [(template.id, data)] * _ROUNDS
    while len(documents) < _SET:
        documents.append(("agreement", long_agreement()))
    return documents


async def render_set(
    pool: RenderPool, documents: Sequence[tuple[str, DocumentData]], progress: Progress
) -> list[bytes]:
    """Render them all in the pool, as the flows do."""
    task = progress.add_task("Dokumente eines Vorgangs", total=len(documents))

    async def one(template_id: str, data: DocumentData) -> bytes:
        rendered = await pool.render(template_id, data.model_dump(mode="json"))
        progress.advance(task)
        return rendered.content

    return list(await asyncio.gather(*(one(*document) for document in documents)))


def convert_set(
    converter: Converter, documents: Sequence[bytes], progress: Progress
) -> list[bytes]:
    """Make PDFs of them, two at once."""
    task = progress.add_task("Umwandlung in PDF", total=len(documents))

    def one(document: bytes) -> bytes:
        made = converter.convert(document)
        progress.advance(task)
        return made

    with ThreadPoolExecutor(CORES) as threads:
        return list(threads.map(one, documents))


def join(pdfs: Sequence[bytes], document: bytes) -> bytes:
    """All of them as one file."""
    with Joined() as joined:
        for number, pdf in enumerate(pdfs, 1):
            joined.append(pdf, f"Dokument {number}")
        joined.complete(about(document))
        return saved(joined.document)


def measure(console: Console) -> tuple[Table, bool]:
    """Everything; the table, and whether both limits hold."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    table = Table("Was", "Wie viel", "Zeit", "Ziel", title=f"Dokumente, {os.cpu_count()} Kerne")
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        without_office = missing()
        converter = Converter(CORES)
        try:
            pages = PAGES
            if without_office is None:
                pages = _pages(converter.convert(_long()))
            fine = _compared(table, compare(progress, pages))
            documents = whole_set()
            seconds, rendered = _set(documents, progress)
            what = "Dokumente eines Vorgangs als .docx"
            fine = _row(table, what, len(documents), seconds, SET_SECONDS) and fine
            if without_office is None:
                _pdfs(table, converter, rendered, progress)
            else:
                table.add_row("PDF", "–", without_office, "")
        finally:
            converter.close()
    return table, fine


def _long() -> bytes:
    return render(template_by_id("agreement"), long_agreement(), TEMPLATES_DIR)


def _pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _compared(table: Table, compared: Compared) -> bool:
    parties = len(examples.BODIES)
    what = f"Vereinbarung, {compared.pages} Seiten, {parties} Beteiligte"
    runs = f"{len(compared.ours)} Läufe"
    table.add_row(what, runs, f"{median(compared.ours) * 1000:.0f} ms", "")
    table.add_row("dasselbe mit bloßem docxtpl", runs, f"{median(compared.bare) * 1000:.0f} ms", "")
    ratio = f"{compared.ratio:.2f}-fach"
    table.add_row("so schnell wie bloßes docxtpl", "", ratio, f"≥ {AT_LEAST}")
    return compared.ratio >= AT_LEAST and compared.pages >= PAGES


def _set(
    documents: Sequence[tuple[str, DocumentData]], progress: Progress
) -> tuple[float, list[bytes]]:
    async def rendered() -> tuple[float, list[bytes]]:
        pool = RenderPool(TEMPLATES_DIR, CORES)
        try:
            began = time.perf_counter()
            made = await render_set(pool, documents, progress)
            return time.perf_counter() - began, made
        finally:
            pool.close()

    return asyncio.run(rendered())


def _pdfs(
    table: Table, converter: Converter, documents: Sequence[bytes], progress: Progress
) -> None:
    convert_set(converter, documents[:CORES], progress)  # both are warm now
    began = time.perf_counter()
    pdfs = convert_set(converter, documents, progress)
    seconds = time.perf_counter() - began
    _row(table, "Umwandlungen in PDF/A-3 und PDF/UA", len(pdfs), seconds, None)
    table.add_row("Umwandlungen je Sekunde", "", f"{len(pdfs) / seconds:.1f}", "")
    began = time.perf_counter()
    joined = join(pdfs, documents[0])
    _row(
        table, f"eine Gesamtdatei daraus, {_pages(joined)} Seiten", len(pdfs),
        time.perf_counter() - began, None,
    )  # fmt: skip


def _row(table: Table, what: str, count: int, seconds: float, limit: float | None) -> bool:
    table.add_row(what, str(count), f"{seconds:.1f} s", f"< {limit:g} s" if limit else "")
    return limit is None or seconds < limit
