"""The documents of a case, written and read back over the whole story of the Smart Region."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import docx
import pytest
from sqlalchemy import select

from agreements import dossier, drafting, journal
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory, transaction
from agreements.documents.clauses import AdvanceShare, CostKeyTerms
from agreements.documents.content import PrincipleContent
from agreements.documents.filters import eur
from agreements.documents.rendering import render_job
from agreements.documents.store import DocumentStore
from agreements.dossier.asking import asked_by
from agreements.dossier.councils import by_year
from agreements.dossier.funding import basis_of
from agreements.dossier.material import Material, forms_of
from agreements.errors import NotFound, Refusal, StepFailure
from agreements.ids import new_id
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage
from agreements.model.conclusion import Approval
from agreements.model.councils import Paper, Resolution
from agreements.model.enums import (
    Awaits,
    CaseState,
    StageState,
    VersionKind,
)
from agreements.model.funding import Application
from agreements.model.records import Document
from agreements.settings import get_settings
from tests import engines
from tests.agreements.documents.reading import text_of
from tests.agreements.written import paper_of, text, texts
from tests.story import (
    COUNCILS,
    GRANT,
    KAMEN,
    KREIS,
    OWN,
    PARTIES,
    SCHWERTE,
    Story,
    own_shares,
)


@pytest.fixture(scope="module")
def told(
    postgres: EmbeddedPostgres, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The whole story, told once for all tests of this module."""
    name = "told_story"
    postgres.ensure_database(name, template=migrated_template)
    engine = engines.borrow(postgres.url(name))
    story = Story(session_factory(engine), DocumentStore(tmp_path_factory.mktemp("documents")))
    story.play()
    yield story
    engines.give_back(engine)
    postgres.drop_database(name)


def test_every_stage_is_done_and_the_case_closed(told: Story) -> None:
    with transaction(told.sessions) as session:
        case = session.get_one(Case, told.case_id)
        assert {stage.state for stage in case.stages} == {StageState.DONE}
        assert case.state is CaseState.DONE
        in_force = next(stage for stage in case.stages if stage.key == "entry_into_force")
        assert in_force.done_on == date(2022, 8, 7)


def test_the_grant_is_that_of_the_guideline_of_its_day(told: Story) -> None:
    with transaction(told.sessions) as session:
        application = session.scalars(select(Application)).one()
    assert (application.grant, application.own_contribution) == (GRANT, OWN)
    assert application.guideline == "ikz-nrw-2021"
    assert application.submitted_on == date(2022, 1, 31)


def test_each_purpose_has_its_documents(told: Story) -> None:
    with transaction(told.sessions) as session:
        written = Counter(d.purpose for d in dossier.documents_of(session, told.case_id))
    assert written == {
        "draft_agreement": 1,
        "frozen_agreement": 1,
        "paper": 2 * len(PARTIES),
        "matrix": 2,
        "approval_application": 1,
        "publication_text": 1,
        "funding_application": 1,
        "signing_set": 1,
        "signing_sheet": 1,
        "publication_notice": len(PARTIES),
        "finance_plan": 1,
        "funding_letter": 1,
    }


def test_every_document_opens_and_is_complete(told: Story) -> None:
    with transaction(told.sessions) as session:
        documents = dossier.documents_of(session, told.case_id)
        for document in documents:
            _, content = dossier.read_document(session, document.id, told.store)
            opened = docx.Document(io.BytesIO(content))
            assert opened.core_properties.subject == "IKZ-2021-0001"
            assert len(content) == document.size
            said = text_of(content)
            for sign in ("None", "{{", "{%", "Undefined"):
                assert sign not in said, document.title
    assert len({document.file_name for document in documents}) == len(documents)


def test_the_file_of_a_document_about_a_text_says_which(told: Story) -> None:
    agreement = told.text_hash(VersionKind.AGREEMENT)
    with transaction(told.sessions) as session:
        hashes = {
            document.purpose: document.text_hash
            for document in dossier.documents_of(session, told.case_id)
        }
    for purpose in ("frozen_agreement", "paper", "approval_application", "publication_text"):
        assert hashes[purpose] == agreement
    assert hashes["draft_agreement"] not in (agreement, None)
    assert hashes["funding_application"] is None


def test_the_draft_and_the_frozen_text_differ_by_what_kamen_asked_for(told: Story) -> None:
    draft = text(told, dossier.Purpose.DRAFT_AGREEMENT)
    frozen = text(told, dossier.Purpose.FROZEN_AGREEMENT)
    assert "Entwurf" in draft
    assert "Endfassung zur Beschlussfassung" in frozen
    assert "Datenschutzkonzepts" in frozen
    assert "Datenschutzkonzepts" not in draft
    for name in ("der Stadt Schwerte", "dem Kreis Unna", "der Kreisstadt Unna"):
        assert name in frozen


def test_principle_papers_have_the_frozen_wording_and_nothing_else(told: Story) -> None:
    with transaction(told.sessions) as session:
        version = drafting.frozen_version(session, told.case_id, VersionKind.PRINCIPLE)
        assert version is not None
        content = drafting.content_of(version)
        assert isinstance(content, PrincipleContent)
        proposals = session.scalars(
            select(Paper.proposal["points"]).where(Paper.version_id == version.id)
        ).all()
    assert proposals == [list(content.points)] * len(PARTIES)
    for ags in COUNCILS:
        said = paper_of(told, ags, "principle_councils")
        for point in content.points:
            assert point in said


def test_agreement_papers_propose_the_same_text_to_every_body(told: Story) -> None:
    digest = told.text_hash(VersionKind.AGREEMENT)
    with transaction(told.sessions) as session:
        proposals = session.scalars(
            select(Paper.proposal["points"]).where(Paper.text_hash == digest)
        ).all()
    assert len(proposals) == len(PARTIES)
    assert all(points == proposals[0] for points in proposals)
    assert f"Textfassung 2 (Prüfsumme {digest[:8]})" in proposals[0][0]


def test_kamens_papers(told: Story) -> None:
    first = paper_of(told, KAMEN, "principle_councils")
    assert "Stadt Kamen · Die Bürgermeisterin" in first
    assert "Grundsatzbeschluss" in first
    assert "noch keine finanzielle Verpflichtung" in first
    assert "richtet sich nach dem Kostenschlüssel" in first
    second = paper_of(told, KAMEN, "agreement_councils")
    share = eur(own_shares()[KAMEN]).replace("\u00a0", " ")
    assert f"entfällt auf die Stadt Kamen ein Eigenanteil von {share}" in second
    assert "Haupt- und Finanzausschuss" in second
    kreis = paper_of(told, KREIS, "agreement_kreistag")
    assert "Der Kreistag des Kreises Unna beschließt:" in kreis


def matrix_rows(story: Story, number: int) -> list[tuple[str, ...]]:
    with transaction(story.sessions) as session:
        found = [
            document
            for document in dossier.documents_of(session, story.case_id)
            if document.purpose == dossier.Purpose.MATRIX
        ][number]
        _, content = dossier.read_document(session, found.id, story.store)
    (table,) = docx.Document(io.BytesIO(content)).tables
    return [tuple(cell.text for cell in row.cells) for row in table.rows[1:]]


def test_kamens_votes_stay_as_unknown_as_they_are(told: Story) -> None:
    rows = matrix_rows(told, 0)
    assert len(rows) == 2 * len(PARTIES)
    committee, council = (row for row in rows if row[0] == "Stadt Kamen")
    assert committee[1] == "Haupt- und Finanzausschuss"
    assert committee[5:9] == ("empfohlen", "nicht bekannt", "nicht bekannt", "1")
    assert committee[10] == "einstimmig"
    assert council[1] == "Rat"
    assert council[5:9] == ("beschlossen", "nicht bekannt", "1", "1")
    with transaction(told.sessions) as session:
        kept = session.scalars(select(Resolution).where(Resolution.votes_abstained == 1)).all()
    assert [r.votes_yes for r in kept] == [None, None]


def test_the_matrix_of_the_agreement_says_what_is_sample_data(told: Story) -> None:
    rows = matrix_rows(told, 1)
    assert len(rows) == 2 * len(PARTIES)
    assert {row[10] for row in rows} == {"Beispieldaten"}
    _, second = texts(told, dossier.Purpose.MATRIX)
    assert "11 von 11 Vertretungen haben der Textfassung 2 der Vereinbarung zugestimmt." in second


def test_the_letters_to_the_authorities(told: Story) -> None:
    approval = text(told, dossier.Purpose.APPROVAL_APPLICATION)
    assert "Bezirksregierung Arnsberg\nSeibertzstraße 1, 59821 Arnsberg" in approval
    assert "am 20. Juni 2022 von allen Beteiligten unterzeichnete" in approval
    published = text(told, dossier.Purpose.PUBLICATION_TEXT)
    assert "am 14. Juli 2022 gemäß § 24 Absatz 2" in published
    assert "31.03.02-011" in published
    funding = text(told, dossier.Purpose.FUNDING_APPLICATION)
    for said in (
        "490.000,00 €",
        "54.444,45 €",
        "544.444,45 €",
        "Vorabanteil 20 v. H.",
        "11 von 11 Beschlüssen liegen vor.",
        "IKZ-Richtlinie NRW vom 31. August 2021, in Kraft seit dem 2. Oktober 2021",
        "Personalausgaben",
    ):
        assert said in funding


def built(story: Story, purpose: dossier.Purpose, ags: str | None = None, **given: object) -> str:
    """What a document that is asked for says, without filing it."""
    asked = asked_by(purpose.value)
    with transaction(story.sessions) as session:
        case = session.get_one(Case, story.case_id)
        party = next((p for p in case.parties if p.body.ags == ags), None)
        look = Material(session, case, case.stages[-1])
        if asked.ready is not None:
            asked.ready(look, party)
        particulars = asked.particulars.model_validate({"dated_on": "2022-09-01", **given})
        data = asked.build(look, party, particulars)
    rendered = render_job(asked.template_id, str(get_settings().templates_dir), data.model_dump())
    return text_of(rendered.content)


def test_the_copies_to_sign_ask_for_what_the_law_of_that_day_asks(told: Story) -> None:
    copies = text(told, dossier.Purpose.SIGNING_SET)
    assert told.text_hash(VersionKind.AGREEMENT) in copies
    assert "schließen diese Vereinbarung in Schriftform (§ 24 Abs. 1 GkG NRW)" in copies
    assert "in 12 gleichlautenden Ausfertigungen" in copies
    # In 2022 two had to sign for each; today one is enough.
    assert "Martin Ebbers, Kämmerer" in copies
    today = built(told, dossier.Purpose.SIGNING_SET, dated_on="2026-06-01")
    assert "Martin Ebbers" not in today
    electronic = built(told, dossier.Purpose.SIGNING_SET, form="qualified_electronic")
    assert "Das elektronische Original liegt in einer Datei vor." in electronic
    with pytest.raises(Refusal, match="GkG NRW verlangt Schriftform"):
        built(told, dossier.Purpose.SIGNING_SET, form="text")
    sheet = text(told, dossier.Purpose.SIGNING_SHEET)
    assert "Kreistag, 08.03.2022" in sheet


def test_every_party_points_to_the_publication(told: Story) -> None:
    notices = texts(told, dossier.Purpose.PUBLICATION_NOTICE)
    assert len(notices) == len(PARTIES)
    (kamen,) = (said for said in notices if "Bekanntmachung der Stadt Kamen" in said)
    assert "vom 6. August 2022" in kamen
    assert "Tag des Wirksamwerdens der Vereinbarung ist der 7. August 2022" in kamen
    later = built(told, dossier.Purpose.PUBLICATION_NOTICE, KAMEN, dated_on="2022-08-10")
    assert "Kamen, den 10. August 2022" in later


def test_what_is_asked_for_after_the_conclusion(told: Story) -> None:
    note = built(
        told,
        dossier.Purpose.CLOSING_NOTE,
        retention_until="2052-12-31",
        retention_basis="Aktenplan 10.24",
        originals=[{"what": "Ausfertigung", "where": "Rechtsamt"}],
    )
    assert "Tag ihres Wirksamwerdens ist der 7. August 2022 (§ 24 Abs. 4 GkG NRW)" in note
    for said in ("11 von 11 Vertretungen", "20.06.2022", "Bezirksregierung Arnsberg, 31.03.02-011"):
        assert said in note
    filed = built(
        told,
        dossier.Purpose.END_FILING,
        variant="termination",
        leaving=KAMEN,
        declared_on="2022-08-30",
        ends_on="2028-12-31",
        reasons=["Eigene Lösung."],
    )
    assert "dass die Stadt Kamen die öffentlich-rechtliche Vereinbarung" in filed
    assert "zum 31. Dezember 2028 gekündigt hat" in filed
    request = built(told, dossier.Purpose.PUBLICATION_REQUEST)
    assert "am 14. Juli 2022 (Aktenzeichen 31.03.02-011)" in request
    with pytest.raises(Refusal, match="hat entschieden"):
        built(told, dossier.Purpose.FICTION_NOTE)


def test_the_file_lists_what_it_holds(told: Story) -> None:
    listed = built(told, dossier.Purpose.CASE_FILE, SCHWERTE)
    with transaction(told.sessions) as session:
        titles = session.scalars(select(Document.title)).all()
    assert len(titles) > 30
    assert [title for title in titles if title not in listed] == []
    assert "nicht bekannt" not in listed
    assert "Haupt- und Finanzausschuss" in listed


def test_the_journal_is_unbroken_and_knows_every_document(told: Story) -> None:
    with transaction(told.sessions) as session:
        chain = journal.entries(session, told.case_id)
        documents = dossier.documents_of(session, told.case_id)
    assert journal.first_broken(chain) is None
    noted = [e.data["content_hash"] for e in chain if e.event == Event.DOCUMENT_WRITTEN]
    assert noted == [document.content_hash for document in documents]


def test_nothing_is_due_when_all_is_done(told: Story) -> None:
    with transaction(told.sessions) as session:
        for stage_id in session.scalars(select(Stage.id)):
            assert dossier.due(session, stage_id) == []
        assert dossier.due(session, new_id()) == []


def test_a_job_names_no_person(told: Story) -> None:
    with transaction(told.sessions) as session:
        heads = [body.forms["head_name"] for body in session.scalars(select(Body))]
        titles = session.scalars(select(Document.title)).all()
    assert not [title for title in titles for head in heads if head in title]


def test_what_is_missing_is_said_in_a_sentence(told: Story) -> None:
    with transaction(told.sessions) as session:
        stages = {stage.key: stage.id for stage in session.scalars(select(Stage))}
        kamen = session.scalars(select(Body).where(Body.ags == KAMEN)).one()
        kamen.forms = kamen.forms | {"name": "Stadt Kamen am Wald"}
        session.flush()
        job = dossier.DocumentJob(
            stages["publication"],
            dossier.Purpose.PUBLICATION_TEXT,
            None,
            "Bekanntmachungstext",
            "publication",
        )
        with pytest.raises(StepFailure, match="nennt Stadt Kamen; unter diesem Namen"):
            dossier.data_for(session, job)
        kamen.forms = kamen.forms | {"name": "Stadt Kamen", "head_title": "Häuptling"}
        session.flush()
        with pytest.raises(StepFailure, match="unbekannte Amtsbezeichnung"):
            dossier.data_for(session, job)
        session.rollback()


def test_where_the_law_asks_for_a_filing_the_letter_is_one(told: Story) -> None:
    with transaction(told.sessions) as session:
        stage = session.scalars(select(Stage).where(Stage.key == "supervisory_approval")).one()
        session.scalars(select(Approval)).one().requirement = "filing"
        stage.prepared_at, stage.awaits = None, Awaits.MACHINE
        session.flush()
        (job,) = dossier.due(session, stage.id)
        assert (job.purpose, job.template_id) == (dossier.Purpose.FILING, "filing")
        data = dossier.data_for(session, job)
        session.rollback()
    rendered = render_job(job.template_id, str(get_settings().templates_dir), data.model_dump())
    said = text_of(rendered.content)
    assert "zeige ich die am 20. Juni 2022 von allen Beteiligten unterzeichnete" in said
    assert "beantrage ich" not in said


def test_an_unknown_document_is_not_found(told: Story) -> None:
    with pytest.raises(NotFound), transaction(told.sessions) as session:
        dossier.read_document(session, new_id(), told.store)


def test_the_basis_of_a_share_is_what_the_cost_key_looks_at(told: Story) -> None:
    with transaction(told.sessions) as session:
        kamen = session.scalars(select(Body).where(Body.ags == KAMEN)).one()
        kreis = session.scalars(select(Body).where(Body.ags == KREIS)).one()
        schwerte = session.scalars(select(Body).where(Body.ags == SCHWERTE)).one()
        key = CostKeyTerms(
            reference_date=date(2024, 12, 31),
            census="Zensus 2022",
            advance=(AdvanceShare(body=forms_of(kreis), percent=Decimal("12.5")),),
        )
        assert basis_of(kamen, key) == "42.319 Einwohner"
        assert basis_of(kreis, key).replace("\u00a0", " ") == "Vorabanteil 12,5 v. H."
        other_series = key.model_copy(update={"census": "Zensus 2011"})
        assert basis_of(kamen, other_series) == "nach Einwohnern"
        assert basis_of(schwerte, CostKeyTerms(method="equal")) == "gleicher Anteil"


def test_the_application_comes_with_its_annex_and_a_letter(told: Story) -> None:
    letter = text(told, dossier.Purpose.FUNDING_LETTER)
    assert "der Kreis Unna beantragt für das Vorhaben „Smart Region Kreis Unna“" in letter
    assert "490.000,00 €" in letter
    assert "Nachweis des Effizienzgewinns oder der Verbesserung" in letter
    plan = text(told, dossier.Purpose.FINANCE_PLAN)
    assert "Festbetragsfinanzierung" in plan
    assert "(zweite Person)" in plan
    application = text(told, dossier.Purpose.FUNDING_APPLICATION)
    assert "ANBest-G" in application


def test_a_paper_says_who_recommends_and_what_it_costs_each_year(told: Story) -> None:
    paper = paper_of(told, KAMEN, "agreement_councils")
    assert "Der Haupt- und Finanzausschuss empfiehlt dem Rat der Stadt Kamen" in paper
    assert "Personelle Auswirkungen" in paper
    assert "Im Stellenplan der Stadt Kamen sind dafür keine Stellen auszuweisen." in paper
    assert "Mitzeichnung" in paper
    shares = by_year(own_shares()[KAMEN], date(2023, 1, 1), date(2025, 12, 31))
    assert sum(amount for _, amount in shares) == own_shares()[KAMEN]
    for year, amount in shares:
        assert f"{year}\nAnteil am Eigenanteil\n–\n{eur(amount)}".replace("\u00a0", " ") in paper
    kreis = paper_of(told, KREIS, "agreement_kreistag")
    assert "Der Kreisausschuss empfiehlt dem Kreistag des Kreises Unna" in kreis
