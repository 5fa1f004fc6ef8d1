"""PDFs are made beside the stages, by one process at a time, and not where nobody wants them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from agreements.documents.pdf import converter
from agreements.documents.store import DocumentStore
from agreements.model.records import Document
from agreements.settings import get_settings
from flows import writing
from flows.domain import engine, held
from flows.domain import sessions as flow_sessions
from flows.writing import make_pdfs
from tests.agreements.documents.pdf.office import need_office
from tests.story import Story


@pytest.fixture
def drafted(
    sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[sessionmaker[Session]]:
    """A case with its first documents, and a process that works on its database."""
    story = Story(sessions, DocumentStore(tmp_path))
    story.begin()
    story.draft()
    with sessions() as session:
        url = session.get_bind().engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("VEREINBAR_DATABASE_URL", url)
    monkeypatch.setenv("VEREINBAR_DOCUMENTS_DIR", str(tmp_path))
    kept = (get_settings, engine, flow_sessions)
    for one in kept:
        one.cache_clear()
    yield sessions
    engine().dispose()
    converter().close()
    for one in kept:
        one.cache_clear()


def _made(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).where(Document.pdf_hash.is_not(None))) or 0


@pytest.mark.office
def test_a_few_at_a_time_until_none_is_due(
    drafted: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    need_office()
    monkeypatch.setattr(writing, "PDFS_AT_ONCE", 1)

    async def beside_another_process() -> int:
        async with held("vereinbar-pdf"):
            return await make_pdfs()

    assert asyncio.run(beside_another_process()) == 0
    # The draft and the first council's paper.
    assert [asyncio.run(make_pdfs()) for _ in range(3)] == [1, 1, 0]
    assert _made(drafted) == 2


def test_who_wants_them_on_demand_gets_none_before(
    drafted: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEREINBAR_PDF_AHEAD", "false")
    get_settings.cache_clear()
    assert asyncio.run(make_pdfs()) == 0
    assert _made(drafted) == 0
