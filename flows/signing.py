"""Unterzeichnung: the copies to sign, then every party signs the frozen text."""

from __future__ import annotations

from uuid import UUID

from agreements import signing as signatures
from flows.people import people
from flows.preparation import open_with
from flows.steps import close, stage_flow
from flows.writing import write_documents


@stage_flow("signing")
async def signing(stage_id: UUID) -> None:
    await write_documents(stage_id)
    await open_with(stage_id, signatures.open_signing)
    await people(stage_id)
    await close(stage_id)
