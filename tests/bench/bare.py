"""What a decision is held against: the least that FastAPI and psycopg can do for an answer.

One UPDATE and one INSERT in a transaction, committed before the answer; no sign-in, no rules,
no journal. Run by ``uvicorn tests.bench.bare:app`` like the API, on the same server.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import FastAPI, Request
from psycopg import Connection
from psycopg_pool import ConnectionPool
from pydantic import BaseModel

TABLES = """
CREATE TABLE items (id uuid PRIMARY KEY, state text NOT NULL, version int NOT NULL);
CREATE TABLE decided (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES items, remark text NOT NULL, at timestamptz NOT NULL
);
"""


class Decision(BaseModel):
    """What somebody decides."""

    state: str
    remark: str


class Decided(BaseModel):
    """What is answered."""

    id: UUID
    version: int


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # As many connections as the API may open.
    with ConnectionPool(os.environ["BARE_DATABASE"], min_size=10, max_size=30) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_lifespan)


@app.post("/items/{item_id}/decide")
def decide(item_id: UUID, decision: Decision, request: Request) -> Decided:
    """Write the new state and a line about it."""
    pool: ConnectionPool[Connection] = request.app.state.pool
    with pool.connection() as connection:
        row = connection.execute(
            "UPDATE items SET state = %s, version = version + 1 WHERE id = %s RETURNING version",
            (decision.state, item_id),
        ).fetchone()
        assert row is not None
        connection.execute(
            "INSERT INTO decided (item_id, remark, at) VALUES (%s, %s, now())",
            (item_id, decision.remark),
        )
    return Decided(id=item_id, version=row[0])
