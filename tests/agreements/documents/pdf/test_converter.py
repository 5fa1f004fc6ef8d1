"""Documents become PDF: warm, two at once, within a limit, and the same each time."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest

from agreements.documents.pdf import (
    ConversionFailed,
    Converter,
    PdfBusy,
    PdfNotAvailable,
    missing,
)
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.pdf.office import need_office
from tests.waiting import until

TEMPLATES_DIR = PROJECT_ROOT / "templates"


def _example(template_id: str) -> bytes:
    template = template_by_id(template_id)
    return render(template, template.example(), TEMPLATES_DIR)


def _text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


@pytest.mark.office
def test_the_same_document_gives_the_same_bytes(office: Converter) -> None:
    document = _example("paper")
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(office.convert, (document, document))
    assert first == second


@pytest.mark.office
def test_another_office_gives_the_same_bytes(office: Converter) -> None:
    document, other = _example("matrix"), Converter(1)
    try:
        assert other.convert(document) == office.convert(document)
    finally:
        other.close()


@pytest.mark.office
def test_the_contents_stand_before_the_text_as_they_were_written(
    examples_as_pdf: dict[str, bytes],
) -> None:
    before, _, _ = _text(examples_as_pdf["agreement"]).partition("Präambel")
    assert "§ 20 Genehmigung, Bekanntmachung und Inkrafttreten" in " ".join(before.split())
    with pikepdf.open(io.BytesIO(examples_as_pdf["agreement"])) as pdf, pdf.open_outline() as marks:
        titles = [mark.title for mark in marks.root]
    assert titles[0] == "Präambel"
    assert "§ 9 Kostenschlüssel" in titles


@pytest.mark.office
def test_what_a_document_says_of_itself_stays() -> None:
    need_office()
    document = docx.Document()
    document.add_paragraph("Müller & Söhne <GmbH>")
    document.core_properties.title = "Vertrag „Müller & Söhne <GmbH>“"
    document.core_properties.author = "Stadt Kamen"
    source = io.BytesIO()
    document.save(source)
    converter = Converter(1)
    try:
        made = converter.convert(source.getvalue())
    finally:
        converter.close()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.docinfo.Title) == "Vertrag „Müller & Söhne <GmbH>“"
        assert pdf.open_metadata()["dc:title"] == "Vertrag „Müller & Söhne <GmbH>“"
        assert str(pdf.Root.Lang) == "de-DE"
    assert "Müller & Söhne <GmbH>" in _text(made)


@pytest.mark.office
def test_one_that_takes_too_long_is_ended_and_the_next_one_is_served() -> None:
    need_office()
    converter, document = Converter(1, seconds=0.001), _example("paper")
    try:
        with pytest.raises(ConversionFailed, match=r"nach 0\.001 Sekunden nicht fertig"):
            converter.convert(document)
        converter._seconds = 60.0
        assert converter.convert(document).startswith(b"%PDF-")
    finally:
        converter.close()


@pytest.mark.office
def test_a_killed_office_is_replaced() -> None:
    need_office()
    converter, document = Converter(1), _example("paper")
    try:
        expected = converter.convert(document)
        [office] = converter._idle
        os.killpg(office._process.pid, signal.SIGKILL)
        office._process.wait()
        assert converter.convert(document) == expected
    finally:
        converter.close()


@pytest.mark.office
def test_what_is_no_document_is_refused_with_what_the_office_says(office: Converter) -> None:
    with pytest.raises(ConversionFailed, match="kein Word-Dokument"):
        office.convert(b"no archive at all")
    with pytest.raises(ConversionFailed, match="LibreOffice meldet"):
        office.convert(_archive_without_text())
    assert office.convert(_example("paper")).startswith(b"%PDF-")


def _archive_without_text() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<nothing/>")
    return target.getvalue()


def test_who_would_wait_too_long_is_told() -> None:
    converter = Converter(1)
    with converter._slots, pytest.raises(PdfBusy) as refused:
        converter.convert(_example("paper"), patience=0.01)
    assert refused.value.code == "pdf-busy"


def test_without_libreoffice_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PdfNotAvailable, match="LibreOffice fehlt") as refused:
        Converter(1).convert(_example("paper"))
    assert refused.value.code == "pdf-not-available"
    assert "apt install libreoffice-writer" in str(missing())


KILLED_PARENT = """
import os, signal
from agreements.documents.pdf import Converter

converter = Converter(1)
try:
    converter.convert(open(sys.argv[1], "rb").read())
finally:
    print(converter._idle[0]._process.pid, converter._idle[0]._folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.office
def test_no_office_outlives_a_killed_parent(tmp_path: Path) -> None:
    need_office()
    document, script = tmp_path / "paper.docx", tmp_path / "parent.py"
    document.write_bytes(_example("paper"))
    script.write_text("import sys\n" + KILLED_PARENT)
    read, write = os.pipe()
    # soffice inherits the pipe: it ends only when the last of them has ended.
    parent = subprocess.Popen(
        [sys.executable, str(script), str(document)],
        stdout=write,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
    )
    os.close(write)
    with os.fdopen(read, "rb") as output:
        group, folder = output.read().decode().split()
    assert parent.wait(timeout=240) == -signal.SIGKILL
    assert group.isdigit()
    _ends(int(group))
    assert not Path(folder).exists()


def _ends(group: int) -> None:
    """Wait, for as long as a test may take, until no process of the group is left."""
    until(lambda: not _alive(group), "every process of the office has ended")


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
