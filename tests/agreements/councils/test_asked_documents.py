"""Documents that people ask for around a body's own resolutions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from agreements.database.engine import transaction
from agreements.documents.data import (
    DocumentData,
    ExtractData,
    MatrixData,
    PaperData,
    UrgentDecisionData,
)
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.dossier.asked import Asked
from agreements.dossier.asked_councils import ASKED
from agreements.dossier.jobs import Purpose
from agreements.dossier.material import Material
from agreements.errors import NotFound, StepFailure
from agreements.model.bodies import Body
from agreements.model.cases import Case, Party
from agreements.model.councils import Consultation, Resolution
from agreements.model.enums import Outcome, TaskKind, Urgency
from tests.agreements.councils.deciding import SIGNED, Deciding
from tests.agreements.documents.reading import text_of
from tests.story import KAMEN, KREIS, SCHWERTE

KINDS: dict[Purpose, Asked] = {asked.purpose: asked for asked in ASKED}
DAY = date(2026, 11, 27)


def ask(case: Deciding, purpose: Purpose, ags: str = KAMEN, **given: Any) -> tuple[Any, str]:  # noqa: ANN401
    """The data of a document that a body asks for, and what the document says."""
    asked = KINDS[purpose]
    with transaction(case.sessions) as session:
        row = session.get_one(Case, case.case_id)
        party = session.scalars(
            select(Party)
            .join(Body, Body.id == Party.body_id)
            .where(Party.case_id == row.id, Body.ags == ags)
        ).one()
        look = Material(session, row, row.stages[0])
        particulars = asked.particulars.model_validate({"dated_on": DAY, **given})
        data: DocumentData = asked.build(look, party if asked.own else None, particulars)
    return data, text_of(render(template_by_id(asked.template_id), data))


def test_the_extract_of_a_resolution(case: Deciding) -> None:
    resolution = case.kamen_decided()
    data, text = ask(
        case, Purpose.RESOLUTION_EXTRACT, resolution_id=resolution, certified_by="Selma Schreib"
    )
    assert isinstance(data, ExtractData)
    assert not data.confidential
    assert "des Rates der Stadt Kamen" in text
    assert "Der Rat der Stadt Kamen hat folgenden Beschluss gefasst:" in text
    assert all(point in text for point in data.points)
    assert "Selma Schreib" in text


def test_an_extract_of_another_body_is_not_found(case: Deciding) -> None:
    resolution = case.kamen_decided()
    for ags, id_ in ((SCHWERTE, resolution), (KAMEN, uuid4())):
        with pytest.raises(NotFound):
            ask(case, Purpose.RESOLUTION_EXTRACT, ags, resolution_id=id_)


def test_what_was_decided_in_private_stays_confidential(case: Deciding) -> None:
    resolution = case.kamen_decided()
    with transaction(case.sessions) as session:
        consultation = session.get_one(
            Consultation, session.get_one(Resolution, resolution).consultation_id
        )
        consultation.public = False
    data, text = ask(case, Purpose.RESOLUTION_EXTRACT, resolution_id=resolution)
    assert data.confidential
    assert "nichtöffentlich" in text
    paper, _ = ask(case, Purpose.BODY_PAPER)
    assert paper.confidential


def test_an_urgent_decision_of_the_second_stage(case: Deciding) -> None:
    case.to_councils()
    resolution = case.decide_urgently(
        stage=Urgency.HEAD_AND_MEMBER,
        main_committee_prevented="Er kann bis dahin nicht geladen werden.",
        harm="Die Förderung verfällt.",
        signatories=SIGNED,
    )
    data, text = ask(case, Purpose.URGENT_DECISION, resolution_id=resolution)
    assert isinstance(data, UrgentDecisionData)
    assert "nach § 60 Abs. 1 GO NRW – zweite Stufe" in text
    assert "gemeinsam mit einem Mitglied dieser Vertretung" in text
    for said in ("Die Förderung verfällt.", "Elke Rappholt, Bürgermeisterin", "Uwe Beispiel"):
        assert said in text
    assert "wird dem Rat der Stadt Kamen in der nächsten Sitzung zur Genehmigung" in text
    with pytest.raises(StepFailure, match="keine Niederschrift"):
        ask(case, Purpose.RESOLUTION_EXTRACT, resolution_id=resolution)


def test_an_urgent_decision_of_the_main_committee_and_its_confirmation(case: Deciding) -> None:
    case.to_councils()
    resolution = case.decide_urgently(votes={"yes": 12, "no": 2, "abstained": 1})
    case.do_all(TaskKind.RECORD_RESOLUTION)
    case.do(TaskKind.CONFIRM_URGENT_DECISION, votes={"yes": 20, "no": 1, "abstained": 0})
    data, text = ask(case, Purpose.URGENT_DECISION, resolution_id=resolution)
    assert "entscheidet der Haupt- und Finanzausschuss:" in text
    assert data.later is not None
    assert (data.later.confirmed, data.later.votes.yes) == (True, 20)
    _, extract = ask(case, Purpose.RESOLUTION_EXTRACT, resolution_id=resolution)
    assert "des Haupt- und Finanzausschusses der Stadt Kamen" in extract


def test_an_urgent_decision_to_be_signed(case: Deciding) -> None:
    case.to_councils()
    given: dict[str, Any] = {
        "stage": "head_and_member",
        "reason": "Die Frist endet vor der nächsten Sitzung.",
        "main_committee_prevented": "Er kann nicht rechtzeitig geladen werden.",
        "harm": "Die Förderung verfällt.",
    }
    signed = [
        {"name": "Elke Rappholt", "function": "Bürgermeisterin"},
        {"name": "Uwe Beispiel", "function": "Mitglied des Rates"},
    ]
    data, text = ask(case, Purpose.URGENT_DRAFT, **given, signatures=signed)
    assert data.decided_on is None
    assert "Kamen, den _" in text
    assert "Uwe Beispiel, Mitglied des Rates" in text
    assert "Entschieden am" not in text
    with pytest.raises(ValidationError, match="zweite Stufe braucht"):
        ask(case, Purpose.URGENT_DRAFT, **given, signatures=signed[:1])


def test_a_resolution_of_the_council_is_no_urgent_decision(case: Deciding) -> None:
    resolution = case.kamen_decided()
    with pytest.raises(StepFailure, match="keine Dringlichkeitsentscheidung"):
        ask(case, Purpose.URGENT_DECISION, resolution_id=resolution)


def test_an_own_paper_adds_what_only_the_body_knows(case: Deciding) -> None:
    case.to_councils()
    data, text = ask(
        case,
        Purpose.BODY_PAPER,
        office="Stabsstelle Digitales",
        climate="Keine erheblichen Auswirkungen.",
        financial_rows=[
            {"year": "2027", "title": "Beitrag", "one_off": "1500.00", "account": "01.06/5313"}
        ],
        cosigners=["Kämmerei"],
        annexes=["Stellungnahme des Personalrates"],
    )
    assert isinstance(data, PaperData)
    assert "Stadt Kamen · Stabsstelle Digitales" in text
    assert "Der Haupt- und Finanzausschuss empfiehlt dem Rat der Stadt Kamen" in text
    for said in ("Auswirkungen auf das Klima", "1.500,00 €", "01.06/5313", "Kämmerei"):
        assert said in text
    assert data.financial_rows[0].one_off == Decimal("1500.00")
    schwerte, _ = ask(case, Purpose.BODY_PAPER, SCHWERTE)
    assert schwerte.points == data.points
    with pytest.raises(StepFailure, match="noch keine Vorlage vorgesehen"):
        ask(case, Purpose.BODY_PAPER, KREIS)  # the Kreistag decides after the councils


def test_the_matrix_as_it_stands(case: Deciding) -> None:
    case.kamen_decided()
    data, text = ask(case, Purpose.MATRIX_SO_FAR)
    assert isinstance(data, MatrixData)
    assert data.dated_on == DAY
    assert " Vertretungen ha" in text


def test_an_amended_resolution_shows_what_was_changed(case: Deciding) -> None:
    case.to_councils()
    case.resolve(
        KAMEN,
        Outcome.ADOPTED_AMENDED,
        amendments=[{"place": "§ 5 Abs. 1", "wording": "Der Vorsitz wechselt jährlich."}],
    )
    amended: UUID = case.last(KAMEN)
    data, text = ask(case, Purpose.RESOLUTION_EXTRACT, resolution_id=amended)
    assert data.changed[0].place == "§ 5 Abs. 1"
    assert "Der Vorsitz wechselt jährlich." in text
