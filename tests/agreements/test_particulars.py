"""What an entry of the journal says in particular, as people read it in the document."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from agreements.dossier import particulars as words
from agreements.dossier.particulars import FIELDS, Words, particulars
from agreements.settings import PROJECT_ROOT

CASE = Words({"05978020": "Stadt Kamen"}, {"drafting": "Entwurf"})


def said(data: dict[str, Any]) -> list[str]:
    return particulars(CASE, None, None, data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"outcome": "adopted_amended"}, "Ergebnis: geändert beschlossen"),
        ({"verdict": "changes_wanted"}, "Urteil: Änderungen gewünscht"),
        ({"purpose": "paper"}, "Dokument: Beschlussvorlage"),
        ({"stage": "drafting"}, "Verfahrensschritt: Entwurf"),
        ({"stage": "unknown_stage"}, "Verfahrensschritt: unknown_stage"),
        ({"parties": ["05978020", "05999"]}, "Beteiligte: Stadt Kamen, 05999"),
        ({"effective_on": "2022-08-07"}, "wirksam am: 07.08.2022"),
        ({"effective_on": "2022-99-99"}, "wirksam am: 2022-99-99"),
        ({"seen_at": "2026-06-01T10:00:00Z"}, "zuletzt gesehen: 01.06.2026, 12:00:00 Uhr"),
        ({"grant": "490000.00"}, "Zuwendung: 490.000,00\u00a0€"),
        ({"grant": "viel"}, "Zuwendung: viel"),
        ({"text_hash": "ab" * 32}, "Prüfsumme des Textes: abababab…"),
        ({"sample": False}, "Beispielangabe: nein"),
        ({"version": 0}, "Textfassung: 0"),
        (
            {"votes": {"no": 0, "abstained": None, "yes": 38}},
            "Stimmen: ja 38, nein 0, Enthaltungen –",
        ),
        ({"never_heard_of": "a\x07b\r\nc"}, "never heard of: a\ufffdb\nc"),
    ],
)
def test_a_field_reads_in_german(data: dict[str, Any], sentence: str) -> None:
    assert said(data) == [sentence]


@pytest.mark.parametrize(
    "data", [{"remark": ""}, {"missed": []}, {"resolution_id": "x"}, {"data_hash": "ab" * 32}]
)
def test_what_says_nothing_to_a_reader_is_left_out(data: dict[str, Any]) -> None:
    assert said(data) == []


def test_only_what_changed_is_named_with_before_and_after() -> None:
    before = {"outcome": "rejected", "paper": "045/2026", "remark": "alt"}
    after = {"outcome": "adopted", "paper": "045/2026", "decided_on": "2026-06-01"}
    assert particulars(CASE, before, after, {}) == [
        "Ergebnis: abgelehnt → beschlossen",
        "Bemerkung: alt → –",
        "beschlossen am: – → 01.06.2026",
    ]


def _written() -> Iterator[tuple[str, str]]:
    """Every field that is written into a journal as a literal, with the file that does it."""
    for path in sorted((PROJECT_ROOT / "agreements").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                contents = [k.value for k in node.keywords if k.arg in ("before", "after", "data")]
                if isinstance(node.func, ast.Name) and node.func.id == "Recorded":
                    contents += node.args
                for content in contents:
                    if isinstance(content, ast.Dict):
                        yield from ((key, path.name) for key in _keys(content))


def _keys(content: ast.Dict) -> Iterator[str]:
    for key, value in zip(content.keys, content.values, strict=True):
        if isinstance(key, ast.Constant):
            yield str(key.value)
        if isinstance(value, ast.Dict):
            yield from _keys(value)


def test_every_field_that_is_written_has_a_german_name() -> None:
    """If not: add it to ``particulars.FIELDS``."""
    written = [(key, file) for key, file in _written() if not words._left_out(key)]
    assert ("stage", "automation.py") in written
    assert [(key, file) for key, file in written if key not in FIELDS] == []
