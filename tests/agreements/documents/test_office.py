"""Every example opens in LibreOffice and shows what only a word processor computes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from agreements.documents.registry import TEMPLATES
from agreements.documents.rendering import render
from agreements.settings import PROJECT_ROOT

pytestmark = pytest.mark.office


def _needed(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        reason = f"{program} is not installed"
        if os.environ.get("VEREINBAR_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    office = _needed("soffice")
    folder = tmp_path_factory.mktemp("office")
    for template in TEMPLATES:
        content = render(template, template.example(), PROJECT_ROOT / "templates")
        (folder / f"{template.id}.docx").write_bytes(content)
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *(str(folder / f"{template.id}.docx") for template in TEMPLATES),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {template.id: folder / f"{template.id}.pdf" for template in TEMPLATES}


@pytest.mark.parametrize("template_id", [template.id for template in TEMPLATES])
def test_the_document_opens(pdfs: dict[str, Path], template_id: str) -> None:
    assert pdfs[template_id].read_bytes().startswith(b"%PDF-")
    assert pdfs[template_id].stat().st_size > 10_000


def test_word_numbers_the_sections_as_the_references_say(pdfs: dict[str, Path]) -> None:
    to_text = _needed("pdftotext")
    printed = subprocess.run(
        [to_text, "-layout", str(pdfs["agreement"]), "-"], check=True, capture_output=True
    ).stdout.decode()
    # How wide the gap after a number is belongs to the font, not to the text.
    squeezed = "".join(printed.split())
    for sentence in (
        "§ 9 Kostenschlüssel",
        "§ 16 Folgen des Ausscheidens",
        "§ 16 bleibt unberührt",
        "(2) Die Aufgaben können stufenweise",
        "e) die gemeinsame Öffentlichkeitsarbeit",
        "§ 12 Datenschutz § 13 Haftung § 14 Laufzeit",  # the table of contents
        "Seite 1 von 8",
        "Anlage 4: Vertrag zur Auftragsverarbeitung",
    ):
        assert "".join(sentence.split()) in squeezed
