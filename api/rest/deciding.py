"""Endpoints that find the open task themselves: one noun, one kind of act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from agreements import access, decisions
from agreements.acts import Act
from agreements.people import Actor
from agreements.queries import bodies as body_queries
from api.dependencies import Errand, ErrandDep, Reply
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


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides in which case, once.

    The case is read and locked in one statement, after the request's key has been taken:
    all requests take their locks in that order.
    """

    reference: str
    errand: Errand

    async def decide(
        self, act: Act, body: str | None, consultation_id: UUID | None = None
    ) -> JSONResponse:
        """Decide in the open task of the act's kind."""

        def work(session: Session, actor: Actor) -> Reply:
            case, sight = access.visible_case(
                session, actor, self.reference, lock=True, in_a_task=True
            )
            sight.require_contents()
            decided = decisions.record_in(
                session,
                actor,
                case,
                act,
                body_id=body_queries.body_id(session, body),
                consultation_id=consultation_id,
            )
            return completed(session, case, decided, sight, 201)

        return await self.errand.run(work)


async def _deciding(reference: str, errand: ErrandDep) -> Deciding:
    return Deciding(reference, errand)


DecidingDep = Annotated[Deciding, Depends(_deciding)]
