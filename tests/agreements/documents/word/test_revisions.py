"""Tracked changes and comments as Word writes them: who, when, where, what; and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import pytest
from docx import Document
from hypothesis import given, settings
from lxml import etree

from agreements.documents.content import CanonicalContent, Clause
from agreements.documents.word.adopting import Collision, Wanted, adopt
from agreements.documents.word.edits import Edit, applied
from agreements.documents.word.lines import content_of, decoded, encoded, lines_of
from agreements.documents.word.names import Element, w
from agreements.documents.word.package import opened
from agreements.documents.word.proposing import Findings, Found, findings
from agreements.documents.word.reading import read
from agreements.documents.word.revisions import tracked
from agreements.documents.word.writing import Reviser, write_comparison
from agreements.errors import Refusal
from agreements.model.enums import ProposalKind
from tests.agreements.documents.word.making import (
    COMMENTS_EXTENDED,
    DATE,
    NAMESPACE,
    PARAGRAPH_ID,
    TEXT,
    Editing,
    about,
    body_with,
    changed_part,
    repacked,
    word,
)
from tests.agreements.documents.word.test_round_trip import similar

LINES: Final = lines_of(TEXT)
AT: Final = datetime(2026, 6, 2, 8, 30, tzinfo=UTC)


def found(editing: Editing) -> Findings:
    return findings(opened(editing.saved()), LINES)


def only(editing: Editing) -> Found:
    [proposal] = found(editing).proposals
    return proposal


def with_all(proposals: Sequence[Found]) -> CanonicalContent:
    """The text with all proposals."""
    text = applied(encoded(LINES), [edit for p in proposals for edit in p.edits])
    content = content_of(decoded(text), TEXT)
    assert isinstance(content, CanonicalContent)
    return content


def clause(number: int, *paragraphs: str, title: str | None = None) -> CanonicalContent:
    """The text with other paragraphs in a clause."""
    clauses = list(TEXT.clauses)
    old = clauses[number - 1]
    clauses[number - 1] = Clause(title=title or old.title, paragraphs=paragraphs)
    return TEXT.model_copy(update={"clauses": tuple(clauses)})


def test_a_replaced_word_has_author_date_place_and_both_wordings() -> None:
    editing = Editing(word())
    editing.replace("nach Einwohnern", "nach Nutzung & <Bedarf>")
    proposal = only(editing)
    assert proposal.kind is ProposalKind.REWORDING
    assert (proposal.author, proposal.authored_at) == ("Frau Kamen", AT)
    assert proposal.place == "§ 2 Absatz 1"
    assert proposal.old == "Die Kosten tragen alle nach Einwohnern."
    assert proposal.new == "Die Kosten tragen alle nach Nutzung & <Bedarf>."
    costs = TEXT.clauses[1].paragraphs
    assert with_all([proposal]) == clause(2, proposal.new, *costs[1:])


def test_changes_of_several_people_stay_apart_and_theirs() -> None:
    first = Editing(word())
    first.replace("tragen alle", "tragen gemeinsam alle")
    second = Editing(first.saved(), "Herr Bergkamen", "2026-06-03T10:00:00Z")
    second.replace("Die Kosten ", "Sämtliche Kosten ")
    second.replace("fünf Jahre", "zehn Jahre")
    proposals = found(second).proposals
    assert [(p.author, p.place) for p in proposals] == [
        ("Herr Bergkamen", "§ 2 Absatz 1"),
        ("Frau Kamen", "§ 2 Absatz 1"),
        ("Herr Bergkamen", "§ 3"),
    ]
    assert proposals[1].new == "Die Kosten tragen gemeinsam alle nach Einwohnern."


@pytest.mark.parametrize(
    ("after", "text", "style", "place"),
    [
        ("Personal,", "Strom,", "Buchstabe", "nach § 2 Absatz 2 Buchstabe a"),
        ("Die Kosten tragen", "Der Kreis zahlt vor.", "Absatz", "nach § 2 Absatz 1"),
        ("Aufgabenverzeichnis", "Karte", "Anlage", "nach Anlage 1"),
        ("wollen zusammen", "Sie wollen mehr.", "Präambel", "nach Präambel Absatz 1"),
    ],
)
def test_enter_at_the_end_and_new_words_are_an_added_unit(
    after: str, text: str, style: str, place: str
) -> None:
    editing = Editing(word())
    editing.append(after, text, style)
    proposal = only(editing)
    assert (proposal.kind, proposal.place) == (ProposalKind.ADDITION, place)
    assert (proposal.old, proposal.new) == (None, text)
    new = lines_of(with_all([proposal]))
    assert [line for line in new if line not in LINES] == [
        line for line in new if line.text == text
    ]
    assert len(new) == len(LINES) + 1


def test_words_and_enter_at_the_beginning_are_an_added_unit_too() -> None:
    editing = Editing(word())
    editing.insert_before("Technik,", "Strom,", "Buchstabe")
    editing.insert_before("Laufzeit", "Haftung", "Paragrafüberschrift")
    letter, heading = found(editing).proposals
    assert (letter.place, letter.new) == ("nach § 2 Absatz 2 Buchstabe a", "Strom,")
    assert (heading.place, heading.new) == ("nach § 2", "Haftung")
    # A heading alone is no clause: adopting it without words is refused.
    with pytest.raises(Refusal) as refusal:
        with_all([heading])
    assert refusal.value.code == "word-empty-clause"


def test_a_new_clause_with_its_paragraphs_is_one_proposal() -> None:
    editing = Editing(word())
    editing.insert_before("Laufzeit", "Haftung", "Paragrafüberschrift")
    editing.insert_before("Laufzeit", "Niemand haftet.", "Absatz")
    editing.insert_before("Laufzeit", "Außer bei Vorsatz.", "Absatz")
    proposal = only(editing)
    assert proposal.new == "Haftung\nNiemand haftet.\nAußer bei Vorsatz."
    added = Clause(title="Haftung", paragraphs=("Niemand haftet.", "Außer bei Vorsatz."))
    assert with_all([proposal]).clauses[2] == added


def test_removed_paragraphs_are_deletions_of_their_own() -> None:
    editing = Editing(word())
    editing.drop("Technik,")
    editing.drop("Reisen.")
    editing.drop("Sie fördern")
    proposals = found(editing).proposals
    assert [(p.kind, p.place, p.new) for p in proposals] == [
        (ProposalKind.DELETION, "Präambel Absatz 2", None),
        (ProposalKind.DELETION, "§ 2 Absatz 2 Buchstabe b", None),
        (ProposalKind.DELETION, "§ 2 Absatz 2 Buchstabe c", None),
    ]
    # Each can be accepted without the others.
    costs = TEXT.clauses[1].paragraphs
    assert with_all(proposals[1:2]) == clause(
        2, costs[0], "Dazu gehören:\nPersonal,\nReisen.", costs[2]
    )


def test_a_split_and_a_joined_paragraph() -> None:
    editing = Editing(word())
    editing.split("Gegenstand ist ", "die Datenplattform.")
    proposal = only(editing)
    assert proposal.place == "§ 1"
    assert with_all([proposal]) == clause(1, "Gegenstand ist", "die Datenplattform.")
    editing = Editing(word())
    editing.join("Personal,")
    proposal = only(editing)
    costs = TEXT.clauses[1].paragraphs
    assert with_all([proposal]) == clause(
        2, costs[0], "Dazu gehören:\nPersonal,Technik,\nReisen.", costs[2]
    )


def test_what_one_added_and_another_removed_is_in_neither_text() -> None:
    nested = (
        f'<w:ins {NAMESPACE} w:id="1" w:author="A" w:date="{DATE}"><w:r><w:t>neu </w:t></w:r>'
        f'<w:del w:id="2" w:author="B" w:date="{DATE}"><w:r><w:delText>weg </w:delText></w:r>'
        "</w:del></w:ins>"
    )
    file = changed_part(
        word(),
        "word/document.xml",
        lambda text: text.replace(
            '<w:r><w:t xml:space="preserve">Gegenstand ist',
            nested + '<w:r><w:t xml:space="preserve">Gegenstand ist',
            1,
        ),
    )
    [proposal] = findings(opened(file), LINES).proposals
    assert (proposal.author, proposal.new) == ("A", "neu Gegenstand ist die Datenplattform.")


def test_changes_inside_a_link_are_found() -> None:
    link = (
        f'<w:hyperlink {NAMESPACE} w:anchor="x"><w:ins w:id="1" w:author="A" w:date="{DATE}">'
        "<w:r><w:t>wirklich </w:t></w:r></w:ins></w:hyperlink>"
    )
    start = '<w:r><w:t xml:space="preserve">Gegenstand ist'
    file = changed_part(
        word(), "word/document.xml", lambda text: text.replace(start, link + start, 1)
    )
    [proposal] = findings(opened(file), LINES).proposals
    assert proposal.new == "wirklich Gegenstand ist die Datenplattform."


def _moved(paragraph: Element, kind: str, name: str, text: str) -> None:
    """A paragraph that was moved, as Word marks it."""
    properties = etree.SubElement(paragraph, w("pPr"))
    style = etree.SubElement(properties, w("pStyle"))
    style.set(w("val"), "Anlage")
    mark = etree.SubElement(etree.SubElement(properties, w("rPr")), w(kind))
    for number, element in (("40", mark),):
        element.set(w("id"), number)
        element.set(w("author"), "Frau Kamen")
        element.set(w("date"), DATE)
    start = etree.SubElement(paragraph, w(f"{kind}RangeStart"))
    start.set(w("id"), f"4{len(kind)}")
    start.set(w("name"), name)
    moved = etree.SubElement(paragraph, w(kind))
    moved.set(w("id"), "44")
    moved.set(w("author"), "Frau Kamen")
    moved.set(w("date"), DATE)
    run = etree.SubElement(moved, w("r"))
    etree.SubElement(run, w("delText" if kind == "moveFrom" else "t")).text = text
    end = etree.SubElement(paragraph, w(f"{kind}RangeEnd"))
    end.set(w("id"), f"4{len(kind)}")


def _gone(element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def test_a_moved_paragraph_is_one_proposal() -> None:
    editing = Editing(word())
    first, last = editing.find("Aufgabenverzeichnis"), editing.find("Kostenschlüssel")
    came = etree.Element(w("p"))
    _moved(came, "moveTo", "move1", "Kostenschlüssel")
    first._p.addprevious(came)
    went = etree.Element(w("p"))
    _moved(went, "moveFrom", "move1", "Kostenschlüssel")
    last._p.addprevious(went)
    _gone(last._p)
    proposal = only(editing)
    assert proposal.kind is ProposalKind.MOVE
    assert proposal.place == "Anlage 2 → nach § 3"
    assert with_all([proposal]).annexes == ("Kostenschlüssel", "Aufgabenverzeichnis")


def test_formatting_is_listed_and_changes_nothing() -> None:
    editing = Editing(word())
    run = editing.find("Fällig").runs[0]
    properties = run._r.get_or_add_rPr()
    etree.SubElement(properties, w("b"))
    change = editing.mark("rPrChange")
    etree.SubElement(change, w("rPr"))
    properties.append(change)
    proposal = only(editing)
    assert (proposal.kind, proposal.place) == (ProposalKind.FORMATTING, "§ 2 Absatz 3")
    assert (proposal.author, proposal.edits) == ("Frau Kamen", ())


def test_a_changed_style_that_changes_the_structure_is_a_proposal() -> None:
    editing = Editing(word())
    paragraph = editing.find("Fällig")
    paragraph.style = editing.document.styles["Buchstabe"]
    properties = paragraph._p.get_or_add_pPr()
    change = editing.mark("pPrChange")
    before = etree.SubElement(change, w("pPr"))
    etree.SubElement(before, w("pStyle")).set(w("val"), "Absatz")
    properties.append(change)
    proposal = only(editing)
    assert proposal.new == "[Buchstabe] Fällig sind sie am 1. Juli eines Jahres."
    assert proposal.author == "Frau Kamen"
    costs = TEXT.clauses[1].paragraphs
    assert with_all([proposal]) == clause(2, costs[0], f"{costs[1]}\n{costs[2]}")


def test_comments_have_author_text_place_and_the_words_they_are_about() -> None:
    editing = Editing(word())
    editing.comment("Fällig sind sie", "Warum nicht früher?\nBitte prüfen.")
    proposal = only(editing)
    assert proposal.kind is ProposalKind.COMMENT
    assert (proposal.author, proposal.comment) == (
        "Frau Kamen",
        "Warum nicht früher?\nBitte prüfen.",
    )
    assert proposal.place == "§ 2 Absatz 3"
    assert proposal.old == "Fällig sind sie am 1. Juli eines Jahres."
    assert proposal.edits == ()


def test_a_comment_on_an_empty_line_or_the_frame_is_no_obstacle() -> None:
    start, end = (f'<w:commentRange{what} w:id="0"/>' for what in ("Start", "End"))
    blank = f"<w:p><w:r><w:t> </w:t></w:r>{start}<w:r><w:t> </w:t></w:r>{end}</w:p>"
    comments = (
        f'<w:comments {NAMESPACE}><w:comment w:id="0" w:author="A" w:date="gestern"><w:p><w:r>'
        "<w:t>Hier fehlt etwas.</w:t></w:r></w:p></w:comment></w:comments>"
    ).encode()
    file = repacked(body_with(word(), blank), added={"word/comments.xml": comments})
    [proposal] = findings(opened(file), LINES).proposals
    assert (proposal.author, proposal.authored_at) == ("A", None)
    assert proposal.comment == "Hier fehlt etwas."


def test_an_answer_knows_what_it_answers() -> None:
    editing = Editing(word())
    editing.comment("Fällig sind sie", "Warum?")
    editing.author = "Herr Schwerte"
    editing.comment("Fällig sind sie", "Wegen des Haushalts.")

    def with_ids(part: bytes) -> bytes:
        root = etree.fromstring(part)
        for number, paragraph in enumerate(root.iter(w("p")), start=1):
            paragraph.set(PARAGRAPH_ID, f"0000000{number}")
        return etree.tostring(root)

    name = COMMENTS_EXTENDED.strip("{}")
    extended = (
        f'<w15:commentsEx xmlns:w15="{name}"><w15:commentEx w15:paraId="00000001" w15:done="0"/>'
        '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001" w15:done="0"/>'
        "</w15:commentsEx>"
    ).encode()
    file = repacked(
        editing.saved(),
        {"word/comments.xml": with_ids},
        {"word/commentsExtended.xml": extended},
    )
    question, answer = findings(opened(file), LINES).proposals
    assert (question.author, question.answers) == ("Frau Kamen", None)
    assert (answer.author, answer.answers) == ("Herr Schwerte", question.key)


def test_without_tracking_the_difference_is_found_unit_by_unit() -> None:
    editing = Editing(word())
    editing.replace("Die Kosten tragen alle", "Alle Beteiligten tragen die Kosten", tracked=False)
    editing.drop("Technik,", tracked=False)
    editing.find("Laufzeit").insert_paragraph_before("Haftung").style = "Paragrafüberschrift"
    editing.find("Laufzeit").insert_paragraph_before("Niemand haftet.").style = "Absatz"
    result = found(editing)
    assert [(p.kind, p.place, p.author) for p in result.proposals] == [
        (ProposalKind.REWORDING, "§ 2 Absatz 1", ""),
        (ProposalKind.DELETION, "§ 2 Absatz 2 Buchstabe b", ""),
        (ProposalKind.ADDITION, "nach § 2", ""),
    ]
    assert result.hints == ()
    assert with_all(result.proposals).clauses[2].title == "Haftung"


def test_a_paragraph_that_was_rewritten_is_known_by_its_bookmark() -> None:
    editing = Editing(word())
    editing.replace(
        "Die Vereinbarung gilt fünf Jahre.", "Unbefristet, mit Kündigung.", tracked=False
    )
    proposal = only(editing)
    assert (proposal.kind, proposal.place) == (ProposalKind.REWORDING, "§ 3")
    assert proposal.old == "Die Vereinbarung gilt fünf Jahre."


def test_where_only_some_changes_are_tracked_those_keep_their_authors() -> None:
    editing = Editing(word())
    editing.replace("nach Einwohnern", "nach Nutzung")
    editing.replace("fünf Jahre", "zehn Jahre", tracked=False)
    result = found(editing)
    assert [(p.place, p.author) for p in result.proposals] == [
        ("§ 2 Absatz 1", "Frau Kamen"),
        ("§ 3", ""),
    ]
    assert "nicht nachverfolgt" in result.hints[0]


def test_tables_and_pictures_of_a_party_are_hints() -> None:
    editing = Editing(body_with(word(), "<w:p><w:r><w:drawing/></w:r></w:p>"))
    editing.replace("fünf", "zehn")
    result = found(editing)
    assert len(result.proposals) == 1
    assert any("Bilder" in hint for hint in result.hints)


def _settled(file: bytes, *, accept: bool) -> list[tuple[str, str]]:
    """All changes accepted or rejected by plain rules of the format: style and text of what is
    left, read by python-docx.
    """
    document = Document(io.BytesIO(file))
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    body = document.element.body
    for paragraph in list(body.iter(w("p"))):
        mark = paragraph.find(f"{w('pPr')}/{w('rPr')}/{w(gone)}")
        if mark is not None:
            # Only whole paragraphs lose their end in what we write.
            body.remove(paragraph)
    for element in list(body.iter(w(gone))):
        element.getparent().remove(element)
    for element in list(body.iter(w(kept))):
        for child in list(element):
            element.addprevious(child)
        element.getparent().remove(element)
    for element in body.iter(w("delText")):
        element.tag = w("t")
    settled = io.BytesIO()
    document.save(settled)
    paragraphs = Document(settled).paragraphs
    return [(p.style.name or "", p.text) for p in paragraphs if p.text and p.style is not None]


def _plain(content: CanonicalContent) -> list[str]:
    return [text for _, text in _settled(word(content), accept=True)][1:-1]


@settings(max_examples=25, deadline=None)
@given(similar, similar)
def test_accepting_all_gives_the_new_text_and_rejecting_all_the_old(
    old: CanonicalContent, new: CanonicalContent
) -> None:
    file = write_comparison(old, new, about(old), Reviser("Müller & Söhne <GmbH>", AT))
    row = tracked(read(opened(file)).paragraphs)
    assert content_of(decoded(row.old), old) == old
    assert content_of(decoded(row.new), new) == new
    assert [text for _, text in _settled(file, accept=True)][1:-1] == _plain(new)
    assert [text for _, text in _settled(file, accept=False)][1:-1] == _plain(old)


@settings(max_examples=25, deadline=None)
@given(similar, similar)
def test_all_proposals_of_a_comparison_together_are_the_new_text(
    old: CanonicalContent, new: CanonicalContent
) -> None:
    base = lines_of(old)
    file = write_comparison(old, new, about(old), Reviser("Frau Kamen", AT))
    wanted = [Wanted(n, p.edits) for n, p in enumerate(findings(opened(file), base).proposals)]
    result = adopt(base, base, wanted)
    assert not isinstance(result, Collision)
    assert content_of(result, new) == new


@settings(max_examples=25, deadline=None)
@given(similar, similar)
def test_a_text_that_was_edited_untracked_is_found_whole(
    old: CanonicalContent, new: CanonicalContent
) -> None:
    base = lines_of(old)
    proposals = findings(opened(word(new)), base).proposals
    text = applied(encoded(base), [edit for p in proposals for edit in p.edits])
    assert content_of(decoded(text), new) == new


def test_two_who_change_the_same_words_collide_and_others_do_not() -> None:
    text = encoded(LINES)
    at = text.index("nach Einwohnern")

    def edit(old: str, new: str) -> Edit:
        start = text.index(old)
        return Edit(start, start + len(old), new)

    same = edit("Einwohnern", "Nutzung")
    first = Wanted(1, (same,), "Kamen")
    other = Wanted(2, (edit("Einwohnern", "Fläche"),), "Bergkamen")
    assert adopt(LINES, LINES, [first, other]) == Collision(1, 2)
    part = Wanted(2, (Edit(at + len("nach Einwohner"), at + len("nach Einwohnern"), "zahl"),), "")
    assert adopt(LINES, LINES, [first, part]) == Collision(1, 2)
    together = adopt(LINES, LINES, [first, Wanted(2, (same, edit("fünf", "zehn")), "other")])
    assert not isinstance(together, Collision)
    assert [line.text for line in together if line not in LINES] == [
        "Die Kosten tragen alle nach Nutzung.",
        "Die Vereinbarung gilt zehn Jahre.",
    ]


def test_a_proposal_on_an_older_text_is_carried_on_or_collides() -> None:
    editing = Editing(word())
    editing.replace("nach Einwohnern", "nach Nutzung")
    wanted = [Wanted(1, only(editing).edits)]
    newer = lines_of(clause(1, "Etwas anderes.", "Noch etwas.", title="Zweck"))
    carried = adopt(LINES, newer, wanted)
    assert not isinstance(carried, Collision)
    assert carried[5].text == "Zweck"
    assert [line.text for line in carried if "Nutzung" in line.text] == [
        "Die Kosten tragen alle nach Nutzung."
    ]
    costs = TEXT.clauses[1].paragraphs
    other = lines_of(clause(2, "Die Kosten tragen alle nach Fläche.", *costs[1:]))
    assert adopt(LINES, other, wanted) == Collision(1, None)
    done = lines_of(clause(2, "Die Kosten tragen alle nach Nutzung.", *costs[1:]))
    assert adopt(LINES, done, wanted) == done
