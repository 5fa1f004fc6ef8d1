"""Names that Windows, macOS and every archive take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.bundles.names import Names, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Beschlussvorlage Fröndenberg/Ruhr.docx", "Beschlussvorlage Fröndenberg-Ruhr.docx"),
        ('Satzung: "neu" <3>?.pdf', "Satzung- -neu- -3-.pdf"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("  . ", "ohne Namen"),
        ("zwei\r\nZeilen.docx", "zwei-Zeilen.docx"),
        ("Mu\u0308ller.docx", "Müller.docx"),
        ("x" * 300 + ".docx", "x" * 110 + ".docx"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_any_text_becomes_a_name(text: str) -> None:
    name = safe_name(text)
    assert name
    assert len(name) <= 120
    assert not set(name) & set('\\/:*?"<>|\0\n')
    assert name.strip(" .") == name.rstrip(" .")
    assert safe_name(name) == name


def test_names_are_kept_apart_where_capitals_do_not_count() -> None:
    names = Names()
    assert [names.free("a", n) for n in ("Brief.docx", "BRIEF.docx", "brief.docx")] == [
        "a/Brief.docx",
        "a/BRIEF (2).docx",
        "a/brief (3).docx",
    ]
    assert names.free("", "Brief.docx") == "Brief.docx"
