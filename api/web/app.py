"""The pages as part of the application."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.web import absences, calendars, cases, inbox, mails, pages, task, team
from api.web.deciding import signing
from api.web.deciding.correcting import CORRECTING
from api.web.deciding.pages import pages_of
from api.web.deciding.ways import DECIDING
from api.web.frame import FOLDER

# The list before the single task: its paths are the more particular ones.
ROUTERS: Final = (
    pages.router,
    inbox.router,
    task.router,
    pages_of(DECIDING),
    pages_of(CORRECTING),
    signing.router,
    cases.router,
    absences.router,
    team.router,
    calendars.router,
    mails.router,
)


def install(app: FastAPI) -> None:
    """Serve the pages and their style sheet beside the REST API."""
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
