"""Endpoints that find the open task themselves: one noun, one kind of act."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse

from agreements import decisions
from agreements.acts import Act
from agreements.queries import bodies as body_queries
from api.dependencies import InCase, Once, Reply
from api.rest.tasks import completed

OfBody = Annotated[
    str | None,
    Query(
        alias="body",
        description="AGS der Körperschaft, für die gehandelt wird; nötig, wenn die Person für "
        "mehrere zuständig ist",
        examples=["05978020"],
    ),
]
OfConsultation = Annotated[
    UUID | None,
    Query(description="die Beratung, um die es geht; nötig, wenn mehrere anstehen"),
]


def decide(
    found: InCase, once: Once, act: Act, body: str | None, consultation_id: UUID | None = None
) -> JSONResponse:
    """Decide in the open task of the act's kind."""

    def work() -> Reply:
        task = decisions.record(
            found.session,
            found.actor,
            found.case.id,
            act,
            body_id=body_queries.body_id(found.session, body),
            consultation_id=consultation_id,
        )
        return completed(found.session, task, found.sight, 201)

    return once.run(work)
