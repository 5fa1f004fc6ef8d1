"""The synopsis as a page: escaped, readable without colours, with headers for screen readers."""

from __future__ import annotations

import re
from typing import Final

from lxml import html

from agreements.documents.content import Clause
from agreements.documents.synopsis_page import synopsis_fragment, synopsis_page
from agreements.documents.word.names import Element
from agreements.dossier.comparing import table_rows
from agreements.synopsis import compare
from tests.agreements.documents.word.making import TEXT

NEW: Final = TEXT.model_copy(
    update={
        "clauses": (
            Clause(title="Gegenstand", paragraphs=("Gegenstand ist <b>alles</b> & mehr.",)),
            TEXT.clauses[2],
            TEXT.clauses[1],
        ),
        "annexes": TEXT.annexes[:1],
    }
)
LABELS: Final = ("Textfassung 1", "Textfassung 2")


def _words(element: Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _page() -> str:
    return synopsis_page("Smart <Region>", "Aktenzeichen A-1", LABELS, compare(TEXT, NEW))


def test_nothing_from_the_text_becomes_markup_and_nothing_is_fetched() -> None:
    page = _page()
    assert "<b>" not in page
    assert "&lt;b&gt;alles&lt;/b&gt; &amp; mehr" in page
    assert "<title>Smart &lt;Region&gt;</title>" in page
    assert not re.search(r"<(script|link|img|iframe)|https?:|url\(|@import", page)


def test_the_page_speaks_german_and_its_table_has_headers() -> None:
    root = html.document_fromstring(_page().encode())
    assert root.get("lang") == "de"
    [table] = root.iter("table")
    assert [_words(th) for th in table.iter("th") if th.get("scope") == "col"] == [
        "Stelle",
        *LABELS,
    ]
    places = [_words(th) for th in table.iter("th") if th.get("scope") == "row"]
    assert places == [
        "Titelunverändert",
        "Beteiligteunverändert",
        "Präambelunverändert",
        "§ 1",
        "§ 2 (verschoben, bisher § 3)",
        "§ 3 (bisher § 2)unverändert",
        "Anlage 1unverändert",
        "Anlage 2entfällt",
    ]
    assert table.find("caption") is not None


def test_each_column_shows_its_own_text_with_what_is_special_in_it() -> None:
    root = html.fragment_fromstring(
        synopsis_fragment(LABELS, compare(TEXT, NEW)), create_parent="div"
    )
    row = list(root.iter("tr"))[4]
    old, new = (cell for cell in row.iter("td"))
    assert _words(old) == "Gegenstand\nGegenstand ist die Datenplattform."
    assert _words(new) == "Gegenstand\nGegenstand ist <b>alles</b> & mehr."
    assert [e.text for e in old.iter("del")] == ["die Datenplattform"]
    assert not list(old.iter("ins"))
    assert "".join(e.text or "" for e in new.iter("ins")) == "<b>alles</b> & mehr"


def test_two_equal_texts_have_no_row_in_the_table_for_a_paper() -> None:
    assert table_rows(TEXT, TEXT) == ()
    rows = table_rows(TEXT, NEW)
    assert [row.place for row in rows] == ["§ 1", "§ 2 (verschoben, bisher § 3)", "Anlage 2"]
    assert "".join(part.text for part in rows[2].old) == "Kostenschlüssel"
    assert rows[2].new == ()
