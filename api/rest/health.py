"""Whether this process can serve."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import text

from agreements.version import program_version
from api.dependencies import SessionDep
from api.rest.schemas import Output

router = APIRouter(tags=["Betrieb"])


class Health(Output):
    """Die Schnittstelle und ihre Datenbank antworten."""

    status: str = Field(examples=["ok"])
    version: str = Field(examples=["0.1.0"])


@router.get("/health", summary="Antwortet die Schnittstelle mit ihrer Datenbank?")
def health(session: SessionDep) -> Health:
    session.execute(text("SELECT 1"))
    return Health(status="ok", version=program_version())
