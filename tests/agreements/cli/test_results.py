"""``vereinbar results read``: one text a line in, one reading a line out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.agreements.cli.conftest import call

KEYS = ["text", "outcome", "yes", "no", "abstained", "unanimous", "certain"]


def readings(*arguments: str, stdin: str | bytes = "") -> list[dict[str, Any]]:
    """What comes out as JSON."""
    result = call("results", "read", *arguments, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_of_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "ergebnisse.txt"
    file.write_text(
        "ungeändert beschlossen (ja 14 nein 3)\r\n\n  zurückgestellt \n", encoding="utf-8"
    )
    adopted, blank, deferred = readings(str(file))
    assert list(adopted) == KEYS
    assert adopted == {
        "text": "ungeändert beschlossen (ja 14 nein 3)",
        "outcome": "adopted",
        "yes": 14,
        "no": 3,
        "abstained": None,
        "unanimous": False,
        "certain": True,
    }
    assert (blank["text"], blank["outcome"]) == ("", "no_result")
    assert (deferred["text"], deferred["outcome"]) == ("  zurückgestellt ", "deferred")


def test_umlauts_are_not_escaped() -> None:
    result = call("results", "read", "-", "--json", stdin="geändert beschlossen")
    assert "geändert" in result.stdout


def test_the_role_makes_a_recommendation() -> None:
    text = "einstimmig beschlossen\n"
    assert [r["outcome"] for r in readings("-", stdin=text)] == ["adopted"]
    [reading] = readings("-", "--role", "recommendation", stdin=text)
    assert reading["outcome"] == "recommendation"
    [reading] = readings("-", "--role", "unknown", stdin=text)
    assert (reading["outcome"], reading["unanimous"], reading["certain"]) == (
        "unclear",
        True,
        False,
    )


def test_people_read_it_in_german() -> None:
    text = "mehrheitlich abgelehnt, 2 Enthaltungen\nsiehe Anlage\nJa 14, Nein 3\n"
    result = call("results", "read", "-", stdin=text)
    assert result.exit_code == 0
    rejected, unclear, adopted, total = result.stdout.splitlines()
    assert rejected.split()[:4] == ["abgelehnt", "nicht", "einstimmig;", "2"]
    assert unclear.startswith("unklar")
    assert adopted.startswith("beschlossen (bitte prüfen)")
    assert total == "3 Texte gelesen, davon 1 unklar."


def test_an_empty_file_gives_nothing() -> None:
    assert readings("-", stdin="") == []


def test_a_missing_file_is_named_in_one_sentence(tmp_path: Path) -> None:
    result = call("results", "read", str(tmp_path / "fehlt.txt"))
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "fehlt.txt" in result.stderr


def test_what_is_not_utf_8_is_refused_whole() -> None:
    result = call(
        "results", "read", "-", "--json", stdin="beschlossen\nge\xe4ndert".encode("latin-1")
    )
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "UTF-8" in result.stderr


def test_a_wrong_call_ends_with_2() -> None:
    assert call("results", "read").exit_code == 2
    assert call("results", "read", "-", "--role", "sonst").exit_code == 2


def test_it_starts_without_database_and_server() -> None:
    program = (
        "import sys; from agreements.cli import results; "
        "print(sorted({'prefect', 'fastapi', 'sqlalchemy'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
