"""Later agreements and annexes, asked for in a case: the right parties, law and figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from agreements import clock, drafting, wording
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory, transaction
from agreements.documents import data
from agreements.documents.data import DocumentData
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render_job
from agreements.documents.store import DocumentStore
from agreements.dossier.asked_agreements import ASKED
from agreements.dossier.jobs import Purpose
from agreements.dossier.material import Material
from agreements.errors import Refusal, StepFailure
from agreements.law.instruments import Instrument
from agreements.model.cases import Case, Stage
from agreements.model.enums import VersionKind
from agreements.settings import PROJECT_ROOT
from tests import engines
from tests.agreements.documents.reading import text_of
from tests.story import KAMEN, KREIS, START, Story, agreement

ON, LUENEN = "2021-06-01", "05978024"
WISHES: dict[Purpose, dict[str, Any]] = {
    Purpose.LETTER_OF_INTENT: {
        "purpose": "gemeinsam zu handeln",
        "roles": [{"ags": KREIS, "role": "den Förderantrag"}],
        "steps": [{"text": "Entwurf der Vereinbarung", "due_on": "2021-12-31"}],
        "expires_on": "2022-12-31",
    },
    Purpose.SERVICE_CATALOGUE: {
        "annex_label": "Anlage 1",
        "services": [{"title": "Strategie", "description": "Erarbeitung"}],
    },
    Purpose.COST_KEY: {"total": "185000.00", "occasion": "Kosten des Jahres 2022"},
    Purpose.RULES_OF_PROCEDURE: {"meetings": 3},
    Purpose.JOINT_CONTROLLERS: {
        "purposes": ["die Anmeldung"],
        "data_categories": ["Stammdaten"],
        "subjects": ["Bürgerinnen und Bürger"],
        "legal_basis": "Artikel 6 Absatz 1 Buchstabe e DSGVO",
        "storage": "Die Daten werden nach zwei Jahren gelöscht.",
    },
    Purpose.PROCESSING_CONTRACT: {
        "subject": "der Betrieb der Plattform",
        "purpose": "Speichern",
        "data_categories": ["Stammdaten"],
        "subjects": ["Bürgerinnen und Bürger"],
    },
    Purpose.AMENDMENT_AGREEMENT: {
        "reason": "Die Kosten haben sich geändert.",
        "edits": [{"act": "replace", "key": "haftung", "paragraphs": ["Es gilt das Gesetz."]}],
    },
    Purpose.EXIT_AGREEMENT: {"leaving": LUENEN, "leaves_on": "2030-12-31"},
    Purpose.REPEAL_AGREEMENT: {"ends_on": "2030-12-31", "reason": "Das Vorhaben ist beendet."},
}
ACCESSION: dict[str, Any] = {"joining": "05978004"}
NEEDS_FROZEN = (
    Purpose.AMENDMENT_AGREEMENT,
    Purpose.EXIT_AGREEMENT,
    Purpose.REPEAL_AGREEMENT,
)


def begun(
    postgres: EmbeddedPostgres,
    template: str,
    folder: Path,
    name: str,
    changes: dict[str, object],
    wanted: wording.AgreementInput,
) -> Iterator[Story]:
    postgres.ensure_database(name, template=template)
    engine = engines.borrow(postgres.url(name))
    story = Story(session_factory(engine), DocumentStore(folder))
    story.begin(START.model_copy(update=changes))
    story.write(wanted)
    yield story
    engines.give_back(engine)
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def story(
    postgres: EmbeddedPostgres, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """Eleven parties, the agreement written; nothing is frozen yet."""
    folder = tmp_path_factory.mktemp("documents")
    key = {
        "reference_date": "2024-12-31",
        "census": "Zensus 2022",
        "advance": [{"ags": KREIS, "percent": "20"}],
    }
    wanted = agreement(cost_key=key)
    yield from begun(postgres, migrated_template, folder, "asked_story", {}, wanted)


@pytest.fixture(scope="module")
def frozen(
    postgres: EmbeddedPostgres, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """Without Bergkamen and the Kreis, delegating; the text is frozen."""
    folder = tmp_path_factory.mktemp("documents")
    towns = tuple(ags for ags in START.parties if ags not in (KREIS, "05978004"))
    changes: dict[str, object] = {
        "parties": towns,
        "applicant": towns[0],
        "performing": KAMEN,
        "instrument": Instrument.DELEGATING_AGREEMENT,
    }
    wanted = agreement(chair=KAMEN, cost_key={"method": "equal"})
    for story in begun(postgres, migrated_template, folder, "asked_frozen_story", changes, wanted):
        with transaction(story.sessions) as session:
            freeze(session, story)
        yield story


def freeze(session: Session, story: Story) -> None:
    version = drafting.latest_version(session, story.case_id, VersionKind.AGREEMENT)
    assert version is not None
    version.frozen_on, version.frozen_at = date(2021, 5, 20), clock.now()


def asked(story: Story, purpose: Purpose, **changes: object) -> DocumentData:
    [kind] = [entry for entry in ASKED if entry.purpose is purpose]
    wishes = ACCESSION if purpose is Purpose.ACCESSION_AGREEMENT else WISHES[purpose]
    given = kind.particulars.model_validate({"dated_on": ON, **wishes, **changes})
    with transaction(story.sessions) as session:
        case = session.get_one(Case, story.case_id)
        stage = session.scalars(select(Stage).where(Stage.case_id == case.id)).first()
        assert stage is not None
        return kind.build(Material(session, case, stage), None, given)


def test_every_kind_has_a_template_and_something_to_say() -> None:
    assert {kind.purpose for kind in ASKED} == {*WISHES, Purpose.ACCESSION_AGREEMENT}
    for kind in ASKED:
        assert template_by_id(kind.template_id).id == kind.purpose.value


@pytest.mark.parametrize("purpose", [p for p in WISHES if p not in NEEDS_FROZEN])
def test_it_is_written_from_the_case_and_names_every_party(story: Story, purpose: Purpose) -> None:
    made = asked(story, purpose)
    job = render_job(purpose.value, str(PROJECT_ROOT / "templates"), made.model_dump(mode="json"))
    text = text_of(job.content)
    assert "None" not in text
    for short in ("Schwerte", "Kreis Unna", "Bönen", "Fröndenberg", "Werne"):
        assert short in text


def test_the_shares_come_from_the_series_that_the_agreement_names(story: Story) -> None:
    made = asked(story, Purpose.COST_KEY)
    assert isinstance(made, data.CostKeyData)
    assert made.rows[1].basis.replace("\u00a0", " ") == "Vorabanteil 20 v. H."
    assert made.rows[1].amount == Decimal("37000.00")
    assert sum(row.amount for row in made.rows) == Decimal("185000.00")


def test_a_later_agreement_needs_a_frozen_text(story: Story) -> None:
    for purpose in NEEDS_FROZEN:
        with pytest.raises(StepFailure, match="festgeschriebene Textfassung"):
            asked(story, purpose)


@pytest.mark.parametrize("purpose", NEEDS_FROZEN)
def test_later_agreements_are_written_for_all_who_take_part(
    frozen: Story, purpose: Purpose
) -> None:
    made = asked(frozen, purpose)
    assert isinstance(made, data.FollowUpData)
    assert len(made.parties) == 9
    last = " ".join(made.clauses[-1].paragraphs)
    assert "den Landrat des Kreises Unna" in last or "dem Landrat des Kreises Unna" in last
    assert "§ 24 Absatz" in last


def test_what_changes_stands_as_a_command(frozen: Story) -> None:
    made = asked(frozen, Purpose.AMENDMENT_AGREEMENT)
    assert isinstance(made, data.FollowUpData)
    [change] = made.changes
    assert change.instruction == "§ 12 erhält folgende Fassung:"
    assert change.wording == ("§ 12 Haftung", "Es gilt das Gesetz.")
    assert made.clauses[0].paragraphs == ("Die Vereinbarung wird wie folgt geändert:",)


def test_tasks_that_were_taken_over_fall_back(frozen: Story) -> None:
    made = asked(frozen, Purpose.REPEAL_AGREEMENT)
    assert isinstance(made, data.FollowUpData)
    assert "fallen Recht und Pflicht" in made.clauses[0].paragraphs[1]
    assert made.clauses[1].paragraphs[0].startswith("Die Stadt Kamen erstellt")


def test_a_kreis_that_joins_brings_another_authority(frozen: Story) -> None:
    town = asked(frozen, Purpose.ACCESSION_AGREEMENT)
    kreis = asked(frozen, Purpose.ACCESSION_AGREEMENT, joining=KREIS)
    assert isinstance(town, data.FollowUpData)
    assert isinstance(kreis, data.FollowUpData)
    assert "durch den Landrat des Kreises Unna" in town.clauses[-1].paragraphs[0]
    assert "durch die Bezirksregierung Arnsberg" in kreis.clauses[-1].paragraphs[0]
    assert kreis.parties[-1].designation == "beitretende Körperschaft"
    assert len(kreis.parties) == 10


@pytest.mark.parametrize(
    ("purpose", "changes", "code"),
    [
        (Purpose.ACCESSION_AGREEMENT, {"joining": KAMEN}, "already-a-party"),
        (Purpose.ACCESSION_AGREEMENT, {"joining": "05913000"}, "body-unknown"),
        (Purpose.EXIT_AGREEMENT, {"leaving": KREIS}, "not-a-party"),
        (Purpose.EXIT_AGREEMENT, {"leaving": KAMEN}, "performing-cannot-leave"),
        (Purpose.AMENDMENT_AGREEMENT, {"edits": []}, "one-way-of-changing"),
        (Purpose.AMENDMENT_AGREEMENT, {"edits": [], "to_version": 7}, "version-unknown"),
        (Purpose.AMENDMENT_AGREEMENT, {"edits": [], "to_version": 1}, "nothing-changes"),
        (
            Purpose.AMENDMENT_AGREEMENT,
            {"edits": [], "choices": {"data_protection": "joint"}},
            "variant-not-allowed",
        ),
        (Purpose.JOINT_CONTROLLERS, {}, "not-with-delegation"),
        (Purpose.PROCESSING_CONTRACT, {}, "not-with-delegation"),
    ],
)
def test_what_does_not_fit_the_case_is_refused(
    frozen: Story, purpose: Purpose, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        asked(frozen, purpose, **changes)
    assert refused.value.code == code
