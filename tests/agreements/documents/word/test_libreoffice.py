"""LibreOffice reads what we write as real revisions, and we read what it writes."""

from __future__ import annotations

import pytest

from agreements.documents.content import Clause
from agreements.documents.word.lines import content_of, decoded, lines_of
from agreements.documents.word.package import opened
from agreements.documents.word.proposing import findings, lines_in
from agreements.documents.word.reading import read
from agreements.documents.word.revisions import tracked
from agreements.documents.word.writing import Reviser, write_comparison
from agreements.model.enums import ProposalKind
from tests.agreements.documents.word.making import MADE, TEXT, about, word
from tests.agreements.documents.word.office import Office

pytestmark = pytest.mark.office

NEW = TEXT.model_copy(
    update={
        "title": "Vereinbarung über die „Smart Region“ & mehr",
        "preamble": (),
        "clauses": (
            TEXT.clauses[2],
            TEXT.clauses[0],
            Clause(
                title="Finanzierung",
                paragraphs=(
                    "Die Kosten tragen gemeinsam alle nach Nutzung <und> Bedarf.",
                    "Dazu gehören:\nPersonal,\nStrom,\nReisen.",
                ),
            ),
            Clause(title="Haftung", paragraphs=("Niemand haftet.", "Außer bei Vorsatz.")),
        ),
        "annexes": (*TEXT.annexes, "Karte"),
    }
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


def test_accepting_all_gives_the_new_text_and_rejecting_all_the_old(office: Office) -> None:
    file = write_comparison(TEXT, NEW, about(), Reviser("Rechtsamt Schwerte", MADE))
    for command, content in (
        ("AcceptAllTrackedChanges", NEW),
        ("RejectAllTrackedChanges", TEXT),
    ):
        settled = office.run("Settle", file, command)
        assert content_of(lines_in(read(opened(settled))), TEXT) == content


def test_a_document_that_libreoffice_saved_is_the_same_text(office: Office) -> None:
    saved = read(opened(office.run("Resave", word())))
    assert content_of(lines_in(saved), TEXT) == TEXT
    assert saved.base is not None
    assert saved.base[:2] == ("agreement", 1)


def test_changes_and_comments_made_in_libreoffice_are_read(office: Office) -> None:
    file = office.run("Change", word())
    found = findings(opened(file), lines_of(TEXT))
    assert [(p.kind, p.place, p.new) for p in found.proposals] == [
        (ProposalKind.REWORDING, "§ 2 Absatz 1", "Die Kosten tragen alle nach Nutzung."),
        (ProposalKind.ADDITION, "nach § 2 Absatz 1", "Der Kreis zahlt vor."),
        (ProposalKind.DELETION, "§ 2 Absatz 2 Buchstabe b", None),
        (ProposalKind.COMMENT, "§ 2 Absatz 3", None),
    ]
    assert found.proposals[-1].author == "Herr Bergkamen"
    assert found.proposals[-1].old == "am 1. Juli"
    assert found.hints == ()
    assert all(p.authored_at for p in found.proposals[:3])
    accepted = decoded(tracked(read(opened(file)).paragraphs).new)
    assert "Technik," not in [line.text for line in accepted]
