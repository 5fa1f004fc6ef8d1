"""The whole story of the Smart Region, told once, with what bundles are made with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from agreements.bundles import Asker, BundleKind, Maker, gather
from agreements.bundles.gathering import Bundle
from agreements.database.embedded import EmbeddedPostgres
from agreements.database.engine import session_factory
from agreements.documents.pdf import Converter
from agreements.documents.store import DocumentStore
from agreements.model.cases import Case
from tests import engines
from tests.story import Story


@pytest.fixture(scope="package")
def told(
    postgres: EmbeddedPostgres, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The whole story, told once for all tests of this folder."""
    name = "bundled_story"
    postgres.ensure_database(name, template=migrated_template)
    engine = engines.borrow(postgres.url(name))
    story = Story(session_factory(engine), DocumentStore(tmp_path_factory.mktemp("documents")))
    story.play()
    yield story
    engines.give_back(engine)
    postgres.drop_database(name)


@pytest.fixture(scope="package")
def maker(told: Story) -> Iterator[Maker]:
    """What bundles of the story are made with."""
    converter = Converter()
    yield Maker(told.sessions, told.store, converter)
    converter.close()


def whole(told: Story, kind: BundleKind) -> Bundle:
    """The bundle of the story's case as whoever has the machine gets it."""
    with told.sessions() as session:
        case = session.scalars(select(Case)).one()
        return gather(session, case, Asker.installation(case), kind)
