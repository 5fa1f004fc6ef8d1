"""What the documents of a case say, read back."""

from __future__ import annotations

from sqlalchemy import select

from agreements import dossier
from agreements.database.engine import transaction
from agreements.model.bodies import Body
from agreements.model.cases import Stage
from agreements.model.records import Document
from tests.agreements.documents.reading import text_of
from tests.story import Story


def texts(story: Story, purpose: dossier.Purpose) -> list[str]:
    """What the documents of a purpose say, in the order of writing."""
    with transaction(story.sessions) as session:
        return [
            text_of(dossier.read_document(session, document.id, story.store)[1])
            for document in dossier.documents_of(session, story.case_id)
            if document.purpose == purpose
        ]


def text(story: Story, purpose: dossier.Purpose) -> str:
    """What the only document of a purpose says."""
    (only,) = texts(story, purpose)
    return only


def paper_of(story: Story, ags: str, stage: str) -> str:
    """Kamen's (or another body's) Beschlussvorlage in a stage."""
    with transaction(story.sessions) as session:
        found = session.scalars(
            select(Document)
            .join(Stage, Stage.id == Document.stage_id)
            .join(Body, Body.id == Document.body_id)
            .where(Stage.key == stage, Body.ags == ags)
        ).one()
        return text_of(dossier.read_document(session, found.id, story.store)[1])
