"""The pages as part of the application."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.web import pages
from api.web.frame import FOLDER


def install(app: FastAPI) -> None:
    """Serve the pages and their style sheet beside the REST API."""
    app.include_router(pages.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
