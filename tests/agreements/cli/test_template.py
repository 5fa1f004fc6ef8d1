"""``vereinbar template check``: exit codes, one JSON object a file, one bad file stops none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agreements.documents.inspection.findings import accepted
from agreements.documents.inspection.guarded import Inspector
from agreements.documents.registry import TEMPLATES
from agreements.settings import PROJECT_ROOT
from tests.agreements.cli.conftest import call
from tests.agreements.documents.inspection.making import document, paragraph

MATRIX = str(PROJECT_ROOT / "templates" / "Beschlussmatrix.docx")
KEYS = ["code", "part", "place", "text", "message"]


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """A file with an escape in it."""
    file = tmp_path / "böse.docx"
    file.write_bytes(document(paragraph("{{ ''.__class__ }}")))
    return str(file)


def test_a_good_template_is_accepted_with_0() -> None:
    result = call("template", "check", MATRIX, "--template", "matrix")
    assert result.exit_code == 0
    assert result.stdout == f"{MATRIX}: annehmbar\n"


def test_all_shipped_templates_are_accepted_with_their_ids() -> None:
    """As the command does it, within its limits; one child process for all of them."""
    with Inspector() as inspector:
        for template in TEMPLATES:
            content = (PROJECT_ROOT / "templates" / template.file_name).read_bytes()
            assert accepted(inspector.inspect(content, template.file_name, template.id))


def test_the_id_decides_which_fields_there_are() -> None:
    found = call("template", "check", MATRIX, "--template", "paper", "--json")
    assert found.exit_code == 1
    assert "field-unknown" in found.stdout


def test_without_an_id_the_fields_are_listed() -> None:
    result = call("template", "check", MATRIX)
    assert result.exit_code == 0
    assert "Felder: project, round_label, " in result.stdout
    assert "rows[].committee" in result.stdout


def test_a_refused_one_ends_with_1_and_says_where(bad: str) -> None:
    result = call("template", "check", bad)
    assert result.exit_code == 1
    assert f"{bad}: nicht annehmbar" in result.stdout
    assert "unsafe-access – Textkörper, Absatz 1: „{{ ''.__class__ }}“" in result.stdout


def test_json_is_one_object_a_file_a_line(bad: str) -> None:
    result = call("template", "check", bad, MATRIX, "--json")
    assert result.exit_code == 1
    first, second = [json.loads(line) for line in result.stdout.splitlines()]
    assert list(first) == list(second) == ["file", "ok", "findings"]
    assert (first["file"], first["ok"]) == (bad, False)
    assert (second["file"], second["ok"]) == (MATRIX, True)
    assert [list(finding) for finding in first["findings"]] == [KEYS]
    assert first["findings"][0]["code"] == "unsafe-access"
    assert "böse" in result.stdout


def test_a_file_that_cannot_be_read_ends_with_2_after_all_others(tmp_path: Path) -> None:
    result = call(
        "template", "check", str(tmp_path / "fehlt.docx"), str(tmp_path), MATRIX, "--json"
    )
    assert result.exit_code == 2
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert answers[0]["findings"][0]["code"] == "file-unreadable"


def test_a_wrong_call_ends_with_2() -> None:
    assert call("template", "check").exit_code == 2
    unknown = call("template", "check", MATRIX, "--template", "vertrag")
    assert unknown.exit_code == 2
    assert "Eine Vorlage „vertrag“ gibt es nicht" in unknown.stderr
    assert call("template", "check", MATRIX, "--quatsch").exit_code == 2


def test_a_huge_file_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "groß.docx"
    with file.open("wb") as sparse:
        sparse.truncate(5_000_000_000)
    result = call("template", "check", str(file), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["findings"][0]["code"] == "file-too-large"


LOADED = """
import sys
from typer.testing import CliRunner
from agreements.cli.main import app
CliRunner().invoke(app, ["template", "check", sys.argv[1]])
print(sorted({"sqlalchemy", "docxtpl", "lxml", "jinja2"} & set(sys.modules)))
"""


def test_the_command_itself_loads_nothing_that_reads_documents(bad: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, bad],
        check=True,
        capture_output=True,
        text=True,
        cwd=PROJECT_ROOT,
    )
    assert done.stdout.strip() == "[]"
