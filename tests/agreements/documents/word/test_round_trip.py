"""Word out, Word in: what was not touched comes back as it was, what was edited exactly so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.documents.content import (
    CanonicalContent,
    Clause,
    Content,
    ContentParty,
    PrincipleContent,
    text_hash,
)
from agreements.documents.word.lines import content_of, decoded, encoded, lines_of, places
from agreements.documents.word.package import opened
from agreements.documents.word.proposing import findings, lines_in
from agreements.documents.word.reading import read
from agreements.documents.word.writing import About, write_text
from agreements.errors import Refusal
from tests.agreements.documents.word.making import (
    MADE,
    TEXT,
    Editing,
    about,
    body_with,
    changed_part,
    new_paragraph,
    word,
)


def again(file: bytes, base: Content = TEXT) -> Content:
    """The content that an edited document gives."""
    return content_of(lines_in(read(opened(file))), base)


_SIGNS = st.characters(exclude_categories=("Cc", "Cs", "Cn"))
_words = st.text(_SIGNS, min_size=1, max_size=60) | st.sampled_from(
    (
        "Müller & Söhne <GmbH>",
        "„Größe“ – ‚Maß‘",
        "§ 4 Abs. 2",
        "a  b\tc",
        "]]>",
        "{{ name }}",
        "x" * 300,
    )
)
_lines = _words.map(lambda text: " ".join(text.split(" "))).filter(lambda t: t.strip() != "")
_blocks = st.lists(_lines, min_size=1, max_size=4).map("\n".join)
_paragraphs = st.lists(_blocks, min_size=1, max_size=4).map(tuple)


def _agreement(
    title: str, preamble: list[str], clauses: list[tuple[str, tuple[str, ...]]], annexes: list[str]
) -> CanonicalContent:
    return CanonicalContent(
        title=title,
        parties=(ContentParty(name="Stadt Kamen"), ContentParty(name="Müller & Söhne <GmbH>")),
        preamble=tuple(preamble),
        clauses=tuple(Clause(title=t, paragraphs=p) for t, p in clauses),
        annexes=tuple(annexes),
    )


def _is_text(make: Callable[[], object]) -> bool:
    try:
        make()
    except ValueError:
        return False
    return True


_parts = st.tuples(
    _blocks,
    st.lists(_blocks, max_size=2),
    st.lists(st.tuples(_blocks, _paragraphs), min_size=1, max_size=4),
    st.lists(_blocks, max_size=3),
).filter(lambda parts: _is_text(lambda: _agreement(*parts)))
contents = _parts.map(lambda parts: _agreement(*parts))


_few = st.text("ab .0", min_size=1, max_size=8).filter(lambda text: text.strip() != "")
_short = st.lists(st.lists(_few, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=3)
# Short texts of few signs: much of two of them is the same.
similar = st.builds(
    _agreement,
    _few,
    st.lists(_few, max_size=2),
    st.lists(st.tuples(_few, _short.map(tuple)), min_size=1, max_size=4),
    st.lists(_few, max_size=2),
)


@settings(max_examples=30, deadline=None)
@given(contents)
def test_every_text_comes_back_from_word_as_it_was(content: CanonicalContent) -> None:
    file = word(content)
    assert again(file, content) == content
    assert text_hash(again(file, content)) == text_hash(content)
    assert findings(opened(file), lines_of(content)).proposals == ()


@given(contents)
def test_a_text_and_its_string_are_the_same(content: CanonicalContent) -> None:
    lines = lines_of(content)
    assert decoded(encoded(lines)) == lines
    assert content_of(lines, content) == content
    assert len(places(lines)) == len(lines)


def test_many_letters_and_a_principle_come_back_too() -> None:
    many = "\n".join(["Dazu gehören:", *(f"Aufgabe {n}," for n in range(60))])
    long = TEXT.model_copy(update={"clauses": (Clause(title="Aufgaben", paragraphs=(many,)),)})
    assert again(word(long), long) == long
    assert places(lines_of(long))[-3] == "§ 1 Buchstabe 60"
    principle = PrincipleContent(title="Grundsatz", points=("Teilnahme", "Antrag\nund Auftrag"))
    says = About("A-1", "principle", 2, text_hash(principle), "Kopf", "Fuß", "Kamen", MADE)
    assert again(write_text(principle, says), principle) == principle


def test_the_document_says_which_version_it_is_even_without_properties() -> None:
    file = word()
    assert read(opened(file)).base == ("agreement", 1, text_hash(TEXT))
    bare = changed_part(file, "docProps/custom.xml", lambda text: text.replace("vereinbar-", "x-"))
    found = read(opened(bare)).base
    assert found is not None
    assert found[:2] == ("agreement", 1)
    assert text_hash(TEXT).startswith(found[2])
    assert len(found[2]) == 8
    assert word() == file


def test_what_is_edited_in_word_is_the_new_text() -> None:
    editing = Editing(word())
    editing.replace("alle nach Einwohnern", "die Beteiligten & „andere“", tracked=False)
    editing.drop("Technik,", tracked=False)
    editing.drop("Sie fördern", tracked=False)
    new = editing.find("Fällig").insert_paragraph_before("Der Kreis zahlt vorab.")
    new.style = editing.document.styles["Absatz"]
    editing.find("Laufzeit").insert_paragraph_before("Haftung").style = "Paragrafüberschrift"
    liable = editing.find("Laufzeit").insert_paragraph_before("Niemand haftet.")
    liable.style = editing.document.styles["Absatz ohne Nummer"]
    editing.find("Kostenschlüssel").insert_paragraph_before("Karte").style = "Anlage"
    edited = again(editing.saved())
    assert edited == TEXT.model_copy(
        update={
            "preamble": TEXT.preamble[:1],
            "clauses": (
                TEXT.clauses[0],
                Clause(
                    title="Kosten",
                    paragraphs=(
                        "Die Kosten tragen die Beteiligten & „andere“.",
                        "Dazu gehören:\nPersonal,\nReisen.",
                        "Der Kreis zahlt vorab.",
                        "Fällig sind sie am 1. Juli eines Jahres.",
                    ),
                ),
                Clause(title="Haftung", paragraphs=("Niemand haftet.",)),
                TEXT.clauses[2],
            ),
            "annexes": ("Aufgabenverzeichnis", "Karte", "Kostenschlüssel"),
        }
    )


def test_runs_links_fields_and_content_controls_are_only_text() -> None:
    paragraph = (
        '<w:p><w:pPr><w:pStyle w:val="Absatz"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>Es </w:t>'
        '</w:r><w:hyperlink w:anchor="x"><w:r><w:t xml:space="preserve">gilt </w:t></w:r>'
        "</w:hyperlink><w:sdt><w:sdtContent><w:r><w:t>§</w:t></w:r></w:sdtContent></w:sdt>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>\u00a04</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:tab/><w:t>weiter.</w:t></w:r></w:p>'
    )
    file = body_with(
        word(),
        paragraph,
        before='<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r>'
        '<w:t xml:space="preserve">Anlagen',
    )
    edited = again(file)
    assert isinstance(edited, CanonicalContent)
    assert edited.clauses[-1].paragraphs[-1] == "Es gilt § 4\tweiter."


def test_styles_are_known_by_their_names_whatever_a_program_calls_them() -> None:
    def rename(text: str) -> str:
        return (
            text.replace('"Paragrafüberschrift"', '"Paragrafberschrift"')
            .replace('w:styleId="Title"', 'w:styleId="Titel"')
            .replace('w:pStyle w:val="Title"', 'w:pStyle w:val="Titel"')
        )

    file = changed_part(word(), "word/document.xml", rename)
    file = changed_part(
        file,
        "word/styles.xml",
        lambda text: text.replace(
            'w:styleId="Paragrafüberschrift"', 'w:styleId="Paragrafberschrift"'
        ).replace('w:styleId="Title"', 'w:styleId="Titel"'),
    )
    assert again(file) == TEXT


def _table(editing: Editing) -> None:
    editing.document.add_table(1, 1).cell(0, 0).text = "Zelle"


def _unknown_style(editing: Editing) -> None:
    editing.find("Fällig").style = editing.document.styles["Kleingedrucktes"]


def _empty_clause(editing: Editing) -> None:
    editing.drop("Die Vereinbarung gilt", tracked=False)


def _party(editing: Editing) -> None:
    editing.replace("Stadt Kamen", "Stadt Lünen", tracked=False)


def _two_titles(editing: Editing) -> None:
    editing.find("wollen zusammenarbeiten").insert_paragraph_before("Zweiter").style = "Title"


def _no_title(editing: Editing) -> None:
    editing.drop("Smart Region", tracked=False)


def _letter_first(editing: Editing) -> None:
    editing.drop("Die Vereinbarung gilt", tracked=False)
    editing.find("Aufgabenverzeichnis")
    heading = editing.find("Laufzeit")
    letter = new_paragraph(heading)
    heading._p.addnext(letter._p)
    letter.style = editing.document.styles["Buchstabe"]
    letter.add_run("allein")


def _open_changes(editing: Editing) -> None:
    editing.replace("fünf", "zehn")


def _empty_number(editing: Editing) -> None:
    editing.find("Fällig").insert_paragraph_before("").style = "Absatz"


def _hidden(editing: Editing) -> None:
    run = editing.find("Fällig").add_run("Geheim.")
    run.font.hidden = True


@pytest.mark.parametrize(
    ("break_it", "code", "names"),
    [
        (_table, "word-not-text", "Tabellen"),
        (_unknown_style, "word-not-text", "„Fällig sind sie"),
        (_empty_clause, "word-empty-clause", "§ 3 („Laufzeit“)"),
        (_party, "party-list-changed", "Beteiligten"),
        (_two_titles, "word-text-misplaced", "Titel"),
        (_no_title, "word-title", "genau einen"),
        (_letter_first, "word-text-misplaced", "§ 3 Buchstabe a"),
        (_open_changes, "word-open-changes", "von Frau Kamen"),
        (_empty_number, "word-not-text", "leerer Absatz"),
        (_hidden, "word-not-text", "verborgen"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    break_it: Callable[[Editing], None], code: str, names: str
) -> None:
    editing = Editing(word())
    break_it(editing)
    with pytest.raises(Refusal) as refusal:
        again(editing.saved())
    assert refusal.value.code == code
    assert names in refusal.value.message


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<w:p><w:r><w:drawing/></w:r></w:p>", "Bilder"),
        ('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>', "Fußnoten"),
        ('<w:p><w:r><w:sym w:char="F0A7"/></w:r></w:p>', "Symbol"),
        ('<w:altChunk xmlns:r="r" r:id="rId1"/>', "eingebettetes Dokument"),
    ],
)
def test_pictures_footnotes_and_the_like_are_refused(xml: str, what: str) -> None:
    with pytest.raises(Refusal) as refusal:
        again(body_with(word(), xml))
    assert (refusal.value.code, what in refusal.value.message) == ("word-not-text", True)


def test_blank_lines_and_what_is_printed_around_the_text_do_not_matter() -> None:
    editing = Editing(word())
    editing.find("Laufzeit").insert_paragraph_before("").style = "Normal"
    editing.replace("nachfolgend gemeinsam", "im Folgenden", tracked=False)
    assert again(editing.saved()) == TEXT
    assert about().version == 1
