"""A body's own Beschlussvorlage: the common one, with what only the body itself can say."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field
from sqlalchemy import select

from agreements.documents import data
from agreements.documents.content import FilledText, Text
from agreements.dossier.asked import Particulars
from agreements.dossier.councils import SPREAD, matrix_data, paper_data
from agreements.dossier.material import Material
from agreements.errors import StepFailure
from agreements.model.cases import Party, Stage
from agreements.model.councils import Paper
from agreements.model.enums import Round

Line = Annotated[FilledText, Field(max_length=300)]
Note = Annotated[Text, Field(max_length=4000)]

_SECTIONS: Final = (
    ("staff", "Personelle Auswirkungen"),
    ("climate", "Auswirkungen auf das Klima"),
    ("equality", "Gleichstellung und Inklusion"),
)


class PaperParticulars(Particulars):
    """Eigene Angaben zur Beschlussvorlage; der Beschlussvorschlag bleibt für alle gleich.

    Was leer bleibt, übernimmt die gemeinsame Vorlage oder entfällt.
    """

    office: Text = Field(default="", max_length=300, description="federführende Stelle")
    account: Text = Field(default="", max_length=100, description="Produkt und Konto")
    cover: Text = Field(default="", max_length=200, description="Deckung")
    financial_rows: tuple[data.FinancialRow, ...] = Field(
        default=(), max_length=50, description="eigene Beträge statt der berechneten"
    )
    local_reasons: Note = Field(default="", description="Ergänzung der Sachdarstellung vor Ort")
    staff: Note = Field(default="", description="personelle Auswirkungen")
    climate: Note = Field(default="", description="Auswirkungen auf das Klima")
    equality: Note = Field(default="", description="Gleichstellung und Inklusion")
    sections: tuple[data.PaperSection, ...] = Field(default=(), max_length=20)
    annexes: tuple[Line, ...] = Field(default=(), max_length=50, description="weitere Anlagen")
    cosigners: tuple[Line, ...] = Field(default=(), max_length=20, description="Mitzeichnung")


class MatrixParticulars(Particulars):
    """Beschlussmatrix zum Stand."""

    round: Round = Field(default=Round.AGREEMENT, description="welche Beschlussrunde")


def own_paper(look: Material, party: Party | None, given: Particulars) -> data.PaperData:
    """The newest paper of the party, with its own particulars."""
    assert isinstance(given, PaperParticulars)
    assert party is not None
    row = newest_paper(look, party)
    stage = look.session.get_one(Stage, row.stage_id)
    common = paper_data(Material(look.session, look.case, stage), row)
    changed = {
        "dated_on": given.dated_on,
        "office": given.office or common.office,
        "reasons": (*common.reasons, *_paragraphs(given.local_reasons)),
        "financial_effects": tuple(
            sentence
            for sentence in common.financial_effects
            if not given.financial_rows or sentence != SPREAD
        ),
        "financial_rows": _rows(common, given),
        "sections": _sections(common, given),
        "annexes": (*common.annexes, *given.annexes),
        "cosigners": given.cosigners or common.cosigners,
    }
    fields = {name: getattr(common, name) for name in type(common).model_fields}
    return data.PaperData.model_validate(fields | changed)


def newest_paper(look: Material, party: Party) -> Paper:
    """The paper on which the party decides now, or has decided last."""
    row = look.session.scalar(
        select(Paper)
        .where(
            Paper.case_id == look.case.id,
            Paper.body_id == party.body_id,
            Paper.superseded_because.is_(None),
        )
        .order_by(Paper.id.desc())
        .limit(1)
    )
    if row is None:
        raise StepFailure(
            "Für Ihre Körperschaft ist noch keine Vorlage vorgesehen. Bitte warten, bis die "
            "Beschlussrunde beginnt."
        )
    return row


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


def _rows(common: data.PaperData, given: PaperParticulars) -> tuple[data.FinancialRow, ...]:
    """The body's own amounts, else those of the plan with its account and cover."""
    named = {"account": given.account, "cover": given.cover}
    filled = {name: value for name, value in named.items() if value}
    return given.financial_rows or tuple(
        row.model_copy(update=filled) for row in common.financial_rows
    )


def _sections(common: data.PaperData, given: PaperParticulars) -> tuple[data.PaperSection, ...]:
    """The common sections, those that the body words itself in their place, then its own."""
    own = {title: _paragraphs(getattr(given, name)) for name, title in _SECTIONS}
    known = {section.title: section for section in common.sections}
    for title, paragraphs in own.items():
        if paragraphs:
            known[title] = data.PaperSection(title=title, paragraphs=paragraphs)
    return (*known.values(), *given.sections)


def matrix_so_far(look: Material, party: Party | None, given: Particulars) -> data.MatrixData:
    """The matrix of a round as it stands on the day on which it is asked for."""
    assert isinstance(given, MatrixParticulars)
    return matrix_data(look, given.round, given.dated_on)
