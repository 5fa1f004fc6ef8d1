"""A legal form without approval and publication: the Arbeitsgemeinschaft, until it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agreements import course
from agreements.database.engine import make_engine, session_factory
from agreements.documents.store import DocumentStore
from agreements.law.instruments import Instrument
from agreements.model.cases import Case
from agreements.model.enums import StageKind, StageState
from agreements.model.records import Document
from tests.agreements.documents.reading import text_of
from tests.story import START, Story


@pytest.fixture
def sessions(database_url: str) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(database_url)
    yield session_factory(engine)
    engine.dispose()


def test_a_working_group_holds_with_its_signatures(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    story = Story(sessions, DocumentStore(tmp_path))
    story.begin(START.model_copy(update={"instrument": Instrument.WORKING_GROUP}))
    story.draft()
    story.resolve_in_principle()
    story.agree_on_the_text()
    story.resolve_the_agreement()
    story.sign(date(2022, 6, 20))
    with sessions() as session:
        case = session.get_one(Case, story.case_id)
        states = {stage.kind: stage.state for stage in course.stages_of(session, case).values()}
        documents = {d.purpose: d for d in session.scalars(select(Document))}
    assert states[StageKind.SUPERVISORY_APPROVAL] is StageState.SKIPPED
    assert states[StageKind.PUBLICATION] is StageState.SKIPPED
    assert states[StageKind.ENTRY_INTO_FORCE] is StageState.DONE
    assert not {"approval_application", "filing", "publication_text"} & documents.keys()
    copy = text_of(story.store.read(documents["signing_set"].content_hash))
    assert "Bildung der kommunalen Arbeitsgemeinschaft „Smart Region Kreis Unna“" in copy
    assert "Genehmigung" not in copy
