"""Texts from terms by AGS: the right names, the right law, and refusals that name the field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from agreements import drafting, wording
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory, transaction
from agreements.documents.content import CanonicalContent, Clause, PrincipleContent, text_hash
from agreements.documents.store import DocumentStore
from agreements.errors import NotFound, NotPermitted, Refusal
from agreements.ids import new_id
from agreements.law.instruments import Instrument
from agreements.model.cases import Case
from agreements.model.drafting import TextVersion
from tests import engines
from tests.story import KREIS, PURPOSE, SCHWERTE, START, TITLE, Story, actor, agreement, principle

DORTMUND = "05913000"


@pytest.fixture
def story(sessions: sessionmaker[Session], tmp_path: Path) -> Story:
    """A case whose draft is being written."""
    story = Story(sessions, DocumentStore(tmp_path))
    story.begin()
    return story


@pytest.fixture(scope="module")
def started(
    postgres: EmbeddedPostgres, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The same for tests that write nothing."""
    name = "started_story"
    postgres.ensure_database(name, template=migrated_template)
    engine = engines.borrow(postgres.url(name))
    story = Story(session_factory(engine), DocumentStore(tmp_path_factory.mktemp("documents")))
    story.begin()
    yield story
    engines.give_back(engine)
    postgres.drop_database(name)


def written(story: Story, wanted: wording.PrincipleInput | wording.AgreementInput) -> TextVersion:
    story.write(wanted)
    with transaction(story.sessions) as session:
        return session.scalars(select(TextVersion).order_by(TextVersion.id.desc())).first() or (
            pytest.fail("no version")
        )


def count(story: Story) -> int:
    with transaction(story.sessions) as session:
        return session.scalar(select(func.count()).select_from(TextVersion)) or 0


def test_the_wording_of_a_principle_names_the_programme_not_its_guideline(story: Story) -> None:
    version = written(story, principle())
    content = drafting.content_of(version)
    assert isinstance(content, PrincipleContent)
    assert version.text_hash == text_hash(content)
    assert content.title == f"Interkommunale Zusammenarbeit „{TITLE}“ – Grundsatzbeschluss"
    assert "bei der Stadt Schwerte eingerichtet" in content.points[0]
    assert (
        "Förderung der interkommunalen Zusammenarbeit in Nordrhein-Westfalen" in (content.points[1])
    )
    assert "Den Antrag stellt der Kreis Unna" in content.points[1]
    assert "2019" not in "".join(content.points)


@pytest.mark.parametrize(
    ("written_on", "named"),
    [
        (date(2021, 10, 1), "Förderrichtlinie IKZ NRW vom 18. Juli 2019"),
        (date(2021, 10, 2), "IKZ-Richtlinie NRW vom 31. August 2021"),
        (date(2027, 1, 1), "Förderung der interkommunalen Zusammenarbeit in Nordrhein-Westfalen"),
    ],
)
def test_an_agreement_names_what_one_applies_under_on_its_day(
    started: Story, written_on: date, named: str
) -> None:
    with transaction(started.sessions) as session:
        case = session.get_one(Case, started.case_id)
        assert wording.terms_of(session, case, agreement(written_on)).programme == named


def test_an_agreement_has_the_parties_in_their_order_and_the_authority(story: Story) -> None:
    version = written(story, agreement())
    content = drafting.content_of(version)
    assert isinstance(content, CanonicalContent)
    names = [party.name for party in content.parties]
    assert names[:3] == ["Stadt Schwerte", "Kreis Unna", "Stadt Bergkamen"]
    assert len(names) == 11
    assert content.parties[0].designation == "federführende und durchführende Körperschaft"
    assert content.parties[1].designation == "antragstellende Körperschaft"
    whole = "\n".join(p for clause in content.clauses for p in clause.paragraphs)
    assert "der Genehmigung durch die Bezirksregierung Arnsberg" in whole
    assert "trägt der Kreis Unna vorab 20" in whole
    assert "Amtsblatt für den Regierungsbezirk Arnsberg" in whole


def test_the_authority_without_the_kreis_is_the_landrat(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    story = Story(sessions, DocumentStore(tmp_path))
    towns = tuple(ags for ags in START.parties if ags != KREIS)
    story.begin(START.model_copy(update={"parties": towns, "applicant": SCHWERTE}))
    key = {"method": "equal"}
    version = written(story, agreement(chair=SCHWERTE, cost_key=key))
    content = drafting.content_of(version)
    assert isinstance(content, CanonicalContent)
    last = content.clauses[-1].paragraphs
    assert "durch den Landrat des Kreises Unna als untere staatliche" in last[0]
    assert "im Veröffentlichungsblatt des Kreises Unna bekannt gemacht" in last[1]


def test_own_clauses_replace_those_of_the_clause_file(story: Story) -> None:
    own = (Clause(title="Gegenstand", paragraphs=("Alles Nähere folgt.",)),)
    content = drafting.content_of(written(story, agreement(clauses=own)))
    assert isinstance(content, CanonicalContent)
    assert content.clauses == own


def test_the_same_terms_again_are_no_new_version(story: Story) -> None:
    story.write(agreement())
    with pytest.raises(Refusal) as refused:
        story.write(agreement(date(2021, 5, 12)))
    assert refused.value.code == "text-unchanged"
    assert count(story) == 1


def series(**changes: object) -> dict[str, object]:
    return {"reference_date": "2020-12-31", "census": "Zensus 2011", **changes}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"chair": DORTMUND}, "not-a-party", "chair"),
        (
            {"cost_key": series(advance=[{"ags": DORTMUND, "percent": "20"}])},
            "not-a-party",
            "cost_key.advance.0.ags",
        ),
        (
            {"cost_key": series(advance=[{"ags": KREIS, "percent": "100"}])},
            "advance-too-high",
            "cost_key.advance",
        ),
        (
            {
                "cost_key": series(
                    advance=[
                        {"ags": KREIS, "percent": "60"},
                        {"ags": SCHWERTE, "percent": "40"},
                    ]
                )
            },
            "advance-too-high",
            "cost_key.advance",
        ),
        (
            {
                "cost_key": series(
                    advance=[{"ags": KREIS, "percent": "1"}, {"ags": KREIS, "percent": "2"}]
                )
            },
            "advance-doubled",
            "cost_key.advance",
        ),
        (
            {"cost_key": series(advance=[{"ags": a, "percent": "1"} for a in START.parties])},
            "advance-for-all",
            "cost_key.advance",
        ),
        ({"cost_key": {"census": "Zensus 2011"}}, "cost-key-incomplete", "cost_key.reference_date"),
        ({"cost_key": series(census=None)}, "cost-key-incomplete", "cost_key.census"),
        (
            {"cost_key": series(method="base_and_inhabitants")},
            "base-percent",
            "cost_key.base_percent",
        ),
        (
            {"cost_key": series(method="base_and_inhabitants", base_percent="100")},
            "base-percent",
            "cost_key.base_percent",
        ),
        ({"written_on": date(2014, 1, 1)}, "no-clause-texts", "kind"),
        ({"written_on": date(2099, 1, 1)}, "date-in-future", "written_on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refusal_names_the_field_and_writes_nothing(
    started: Story, changes: dict[str, Any], code: str, field: str
) -> None:
    written_on = changes.pop("written_on", date(2021, 5, 10))
    with pytest.raises(Refusal) as refused:
        started.write(agreement(written_on, **changes))
    assert (refused.value.code, refused.value.field) == (code, field)
    assert count(started) == 0


@pytest.mark.parametrize(
    ("instrument", "title"),
    [
        (Instrument.MANDATING_AGREEMENT, "Öffentlich-rechtliche Vereinbarung über die interkomm"),
        (Instrument.DELEGATING_AGREEMENT, "Öffentlich-rechtliche Vereinbarung über die Übertrag"),
        (Instrument.PUBLIC_LAW_CONTRACT, "Kooperationsvereinbarung über die Zusammenarbeit"),
        (Instrument.WORKING_GROUP, "Vereinbarung über die Bildung der kommunalen Arbeitsg"),
    ],
)
def test_every_legal_form_has_its_text(
    sessions: sessionmaker[Session], tmp_path: Path, instrument: Instrument, title: str
) -> None:
    story = Story(sessions, DocumentStore(tmp_path))
    story.begin(START.model_copy(update={"instrument": instrument}))
    content = drafting.content_of(written(story, agreement()))
    assert isinstance(content, CanonicalContent)
    assert content.title.startswith(title)


def test_who_carries_out_the_tasks_need_not_lead(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    story = Story(sessions, DocumentStore(tmp_path))
    taken = {"instrument": Instrument.DELEGATING_AGREEMENT, "performing": KREIS}
    story.begin(START.model_copy(update=taken))
    content = drafting.content_of(written(story, agreement()))
    assert isinstance(content, CanonicalContent)
    roles = [party.designation for party in content.parties]
    assert roles[:2] == ["federführende Körperschaft", "übernehmende Körperschaft"]
    assert "Der Kreis Unna übernimmt die in § 2" in content.clauses[0].paragraphs[0]
    assert content.clauses[2].title == "Pflichten des Kreises Unna"
    assert "Die Stadt Schwerte beantragt sie" in content.clauses[-1].paragraphs[0]


def test_variants_and_own_clauses_are_written_and_kept(story: Story) -> None:
    wanted = agreement(
        choices={"term": "fixed", "governance": "weighted"},
        details={
            "fixed_years": 8,
            "votes": [{"ags": ags, "votes": 2 if ags == KREIS else 1} for ags in START.parties],
        },
        edits=[
            {
                "act": "add",
                "after": "kosten",
                "key": "evaluation",
                "title": "Evaluation",
                "paragraphs": ['Nach drei Jahren wird {{ ref("kostenschluessel") }} überprüft.'],
            }
        ],
    )
    version = written(story, wanted)
    content = drafting.content_of(version)
    assert isinstance(content, CanonicalContent)
    text = "\n".join(p for clause in content.clauses for p in clause.paragraphs)
    assert "für die Dauer von 8 Jahren" in text
    assert "der Kreis Unna 2 Stimmen," in text
    assert "Nach drei Jahren wird § 10 überprüft." in text
    kept = wording.stored_terms(version)
    assert kept.model_dump(mode="json")["choices"]["term"] == "fixed"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"choices": {"data_protection": "taker"}}, "variant-not-allowed", "data_protection"),
        ({"choices": {"statute": "granted"}}, "slot-not-offered", "statute"),
        ({"choices": {"term": "fixed"}}, "variant-not-allowed", "term"),
        ({"edits": [{"act": "drop", "key": "kosten"}]}, "clause-not-optional", None),
        ({"edits": [{"act": "drop", "key": "nichts"}]}, "clause-unknown", None),
        (
            {"choices": {"governance": "weighted"}, "details": {"votes": [{"ags": "05913000",
             "votes": 1}]}},
            "not-a-party",
            "votes.0.ags",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused_before_it_is_written(
    started: Story, changes: dict[str, Any], code: str, field: str | None
) -> None:
    with pytest.raises(Refusal) as refused:
        started.write(agreement(**changes))
    assert refused.value.code == code
    assert refused.value.field == "edits" or (field or "") in (refused.value.field or "")
    assert count(started) == 0


@pytest.mark.parametrize("username", ["recht.kreis-unna", "sb.schwerte", "admin"])
def test_only_legal_staff_of_the_lead_write(started: Story, username: str) -> None:
    with pytest.raises(NotPermitted), transaction(started.sessions) as session:
        wording.write(session, actor(session, username), started.case_id, agreement())


def test_an_unknown_case_is_not_found(started: Story) -> None:
    with pytest.raises(NotFound), transaction(started.sessions) as session:
        wording.write(session, actor(session, "recht.schwerte"), new_id(), principle())


@pytest.mark.parametrize(
    "broken",
    [
        lambda given: given | {"staff": 0},
        lambda given: given | {"tasks": []},
        lambda given: given | {"purpose": "   "},
        lambda given: given | {"purpose": "a\x01b"},
        lambda given: given | {"kind": "unknown"},
        lambda given: given | {"lead": SCHWERTE},
        lambda given: given | {"minimum_years": 0},
        lambda given: given | {"cost_key": {"advance": [{"ags": "Kreis Unna", "percent": 20}]}},
    ],
)
def test_malformed_input_is_refused_at_the_door(
    broken: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    given = agreement().model_dump(mode="json")
    adapter: TypeAdapter[Any] = TypeAdapter(wording.VersionInput)
    assert adapter.validate_python(given) == agreement()
    with pytest.raises(ValidationError):
        adapter.validate_python(broken(given))


def test_a_task_over_several_lines_stays_one_point() -> None:
    wanted = agreement(tasks=("die Erarbeitung\neiner   Strategie",), staff=Decimal(1))
    assert wanted.tasks == ("die Erarbeitung einer Strategie",)
    assert wanted.purpose == PURPOSE
