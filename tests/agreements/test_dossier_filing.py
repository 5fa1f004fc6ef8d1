"""Documents that are written in the middle of a story: filed once, and not before their time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from agreements import acts, course, dossier
from agreements.database.engine import transaction
from agreements.documents.rendering import render_job
from agreements.documents.store import DocumentStore
from agreements.dossier.agreement import answer_of
from agreements.dossier.councils import by_year
from agreements.errors import StepFailure
from agreements.funding.plan import CostItem, CostKind, OtherFunds
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import Approval
from agreements.model.enums import (
    AuthorityAnswer,
    Awaits,
    StageKind,
    Verdict,
    VersionKind,
)
from agreements.model.funding import Application
from agreements.model.records import Document, JournalEntry
from agreements.settings import get_settings
from tests.agreements.written import text
from tests.story import (
    COUNCILS,
    KREIS,
    Story,
    finance_plan,
)


@pytest.fixture
def story(sessions: sessionmaker[Session], tmp_path: Path) -> Story:
    """A story that the test tells itself."""
    return Story(sessions, DocumentStore(tmp_path))


def first_paper_job(story: Story) -> dossier.DocumentJob:
    """Stand where the Kreistag's paper is due: planned, but nothing written."""
    with transaction(story.sessions) as session:
        stage = session.scalars(select(Stage).where(Stage.key == "principle_kreistag")).one()
        stage.prepared_at, stage.awaits = None, Awaits.MACHINE
        for document in session.scalars(select(Document).where(Document.stage_id == stage.id)):
            session.delete(document)
        session.flush()
        (job,) = dossier.due(session, stage.id)
        return job


def test_filing_twice_has_the_effect_of_once(story: Story) -> None:
    story.begin()
    story.draft()
    job = first_paper_job(story)
    assert job.title == "Beschlussvorlage Kreis Unna"
    with transaction(story.sessions) as session:
        before = session.scalar(select(func.count()).select_from(JournalEntry)) or 0
        data = dossier.data_for(session, job)
        assert dossier.data_for(session, job) == data
    templates = str(get_settings().templates_dir)
    rendered = render_job(job.template_id, templates, data.model_dump(mode="json"))
    for _ in range(2):
        with transaction(story.sessions) as session:
            dossier.file(session, job, data, rendered, story.store)
    with transaction(story.sessions) as session:
        assert dossier.due(session, job.stage_id) == []
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == before + 1


def test_a_filed_document_is_in_the_store_even_if_its_row_is_rolled_back(story: Story) -> None:
    story.begin()
    story.draft()
    job = first_paper_job(story)
    with transaction(story.sessions) as session:
        data = dossier.data_for(session, job)
    rendered = render_job(job.template_id, str(get_settings().templates_dir), data.model_dump())
    empty = DocumentStore(story.store.root / "other")
    with pytest.raises(RuntimeError), transaction(story.sessions) as session:  # noqa: PT012 (one transaction)
        dossier.file(session, job, data, rendered, empty)
        raise RuntimeError
    with transaction(story.sessions) as session:
        assert [j.title for j in dossier.due(session, job.stage_id)] == [job.title]
    assert len([path for path in empty.root.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("purpose", "key", "sentence"),
    [
        (dossier.Purpose.DRAFT_AGREEMENT, "drafting", "noch keine Fassung der Vereinbarung"),
        (dossier.Purpose.FROZEN_AGREEMENT, "coordination", "noch keine festgeschriebene"),
        (dossier.Purpose.PAPER, "principle_kreistag", "keine Vorlage vorgesehen"),
        (dossier.Purpose.PUBLICATION_TEXT, "publication", "Antwort der Aufsichtsbehörde fehlt"),
        (dossier.Purpose.FUNDING_APPLICATION, "funding_application", "noch nicht berechnet"),
    ],
)
def test_a_document_before_its_time(
    story: Story, purpose: dossier.Purpose, key: str, sentence: str
) -> None:
    story.begin()
    with transaction(story.sessions) as session:
        stage = course.stages_of(session, session.get_one(Case, story.case_id))[key]
        session.add(stage)
        session.flush()
        job = dossier.DocumentJob(stage.id, purpose, None, "Dokument", "agreement")
        with pytest.raises(StepFailure, match=sentence):
            dossier.data_for(session, job)


@pytest.mark.parametrize(
    ("answer", "kind", "since"),
    [
        (AuthorityAnswer.APPROVED, "approved", date(2022, 7, 28)),
        (AuthorityAnswer.DEEMED_APPROVED, "deemed_approved", date(2022, 7, 26)),
        (AuthorityAnswer.FILED, "filed", date(2022, 6, 27)),
    ],
)
def test_since_when_the_authoritys_answer_holds(
    answer: AuthorityAnswer, kind: str, since: date
) -> None:
    proceeding = Approval(
        received_on=date(2022, 6, 27),
        clock_end_on=date(2022, 7, 25),
        answer=answer,
        answered_on=date(2022, 7, 28),
    )
    assert answer_of(proceeding) == (kind, since)


def test_after_a_refusal_there_is_nothing_to_publish() -> None:
    refused = Approval(answer=AuthorityAnswer.REFUSED, answered_on=date(2022, 7, 28))
    with pytest.raises(StepFailure, match="versagt"):
        answer_of(refused)


def test_costs_that_are_not_eligible_and_funds_of_others_are_shown(story: Story) -> None:
    plan = finance_plan()
    plan = plan.model_copy(
        update={
            "items": (
                *plan.items,
                CostItem(
                    label="Bewirtung",
                    kind=CostKind.OTHER,
                    amount=Decimal("3000.00"),
                    eligible=False,
                ),
            ),
            "other": (OtherFunds(label="Spende der Sparkasse", amount=Decimal("3000.00")),),
        }
    )
    story.begin()
    story.draft()
    story.resolve_in_principle()
    act = acts.DraftFinancePlan(
        plan=plan,
        description="Aufbau der Projektleitstelle.",
        starts_on=date(2023, 1, 1),
        ends_on=date(2025, 12, 31),
        planned_on=date(2021, 10, 4),
    )
    story.act("recht.kreis-unna", act)
    checked = acts.CheckFinancePlan(verdict=Verdict.AGREED, checked_on=date(2021, 10, 5))
    story.act("kaemmerer.kreis-unna", checked)
    said = text(story, dossier.Purpose.FUNDING_APPLICATION)
    for part in (
        "Bewirtung (nicht zuwendungsfähig)",
        "Gesamtausgaben\n547.444,45 €",
        "Spende der Sparkasse",
        "3.000,00 €",
    ):
        assert part in said.replace("\n\n", "\n")


def test_an_application_is_not_dated_before_the_last_resolution(story: Story) -> None:
    story.begin()
    story.draft()
    act = acts.DraftFinancePlan(
        plan=finance_plan(),
        description="Aufbau der Projektleitstelle.",
        starts_on=date(2023, 1, 1),
        ends_on=date(2025, 12, 31),
        planned_on=date(2021, 10, 4),
    )
    story.act("recht.kreis-unna", act)
    checked = acts.CheckFinancePlan(verdict=Verdict.AGREED, checked_on=date(2021, 10, 5))
    story.act("kaemmerer.kreis-unna", checked)
    principle = story.text_hash(VersionKind.PRINCIPLE)
    for day in (date(2021, 11, 2), date(2021, 11, 16)):
        story.resolve(KREIS, principle, day)
    for ags in COUNCILS:
        for day in (date(2021, 11, 23), date(2021, 12, 7)):
            story.resolve(ags, principle, day)
    with transaction(story.sessions) as session:
        application = session.scalars(select(Application)).one()
        stage = session.get_one(Stage, application.stage_id)
    assert stage.kind is StageKind.FUNDING_APPLICATION
    assert application.prepared_on == date(2021, 12, 7)


def test_an_amount_is_spread_by_the_months_of_each_year() -> None:
    shares = by_year(Decimal("100.00"), date(2026, 7, 1), date(2027, 12, 31))
    assert shares == ((2026, Decimal("33.33")), (2027, Decimal("66.67")))
