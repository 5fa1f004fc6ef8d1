"""The application: its routes, its errors, its database. Run by ``uvicorn api.app:app``.

Importing builds the routes only; the database is met when the server starts.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from agreements.database.engine import make_engine, session_factory
from agreements.law.tables import known_lands, read_table
from agreements.procedures.definition import procedures
from agreements.settings import Settings, get_settings
from agreements.version import program_version
from api import contract, problems
from api.auth import Throttle
from api.rest import (
    absences,
    applying,
    asked_documents,
    bodies,
    body_calendar,
    bundles,
    calendars,
    cases,
    concluding,
    councils,
    detours,
    discretion,
    documents,
    duedates,
    health,
    inbox,
    journal,
    mails,
    proposals,
    remarks,
    resolutions,
    results,
    session,
    signatories,
    signing,
    synopsis,
    tasks,
    templates,
    urgent,
    versions,
    word,
)
from api.turns import Turns
from api.web import app as web

PREFIX = "/api/v1"
ROUTERS = (
    # Routes are tried one after the other: what is asked most comes first.
    tasks.deciding,
    inbox.router,
    tasks.router,
    health.router,
    session.router,
    bodies.router,
    signatories.router,
    body_calendar.router,
    cases.router,
    journal.router,
    versions.router,
    synopsis.router,
    word.router,
    proposals.router,
    duedates.router,
    absences.router,
    remarks.router,
    councils.router,
    resolutions.router,
    urgent.router,
    results.router,
    detours.router,
    discretion.router,
    concluding.router,
    signing.router,
    applying.router,
    documents.router,
    asked_documents.router,
    bundles.router,
    templates.router,
    mails.router,
    calendars.router,
)


# How many new objects the garbage collector lets come before it looks at them.
_NEW_OBJECTS: Final = 10_000


def _read_ahead(app: FastAPI) -> None:
    """Read and build before the first person comes what would otherwise be done on their time."""
    procedures()
    for land in known_lands():
        read_table(land)
    # FastAPI builds its routes when they are looked at for the first time.
    nowhere = {"type": "http", "method": "GET", "path": "/", "path_params": {}}
    for route in app.routes:
        route.matches(dict(nowhere))


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application for these settings, or for those of the environment at its start."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings or get_settings()
        url = app.state.settings.database_url
        if url is None:
            raise RuntimeError(
                "VEREINBAR_DATABASE_URL ist nicht gesetzt. „vereinbar up“ startet die "
                "Schnittstelle mit der eingebetteten Datenbank."
            )
        engine = make_engine(url, application_name="vereinbar-api")
        app.state.engine, app.state.sessions = engine, session_factory(engine)
        app.state.throttle = Throttle()
        app.state.turns = Turns()
        _read_ahead(app)
        # What the start has built stays for good: the garbage collector need not look at it again.
        gc.collect()
        gc.freeze()
        # A decision makes some thousand objects that end with it: seldom is often enough.
        gc.set_threshold(_NEW_OBJECTS, 10, 10)
        yield
        await asyncio.to_thread(app.state.turns.close)
        engine.dispose()

    app = FastAPI(
        title="vereinbar",
        version=program_version(),
        lifespan=lifespan,
        openapi_url=f"{PREFIX}/openapi.json",
        # FastAPI's own pages load scripts from a foreign server into our origin.
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: (
            f"{route.endpoint.__module__.rsplit('.', 1)[1]}_{route.name}"
        ),
    )
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    # Whoever watches the process asks here.
    app.include_router(health.router, include_in_schema=False)
    web.install(app)
    contract.install(app)
    return app


app = create_app()
