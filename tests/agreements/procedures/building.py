"""Small procedures for tests, written the way the YAML files are."""

from __future__ import annotations

from typing import Any

from agreements.procedures.definition import Procedure


def stage(key: str, needs: list[Any] | None = None, **more: object) -> dict[str, Any]:
    """One stage as YAML gives it."""
    return {"key": key, "kind": "drafting", "title": key.upper(), "needs": needs or [], **more}


def procedure(*stages: dict[str, Any], **more: object) -> Procedure:
    """A procedure of these stages."""
    data = {"id": "test", "version": 1, "title": "Test", "source": "-", "stages": stages, **more}
    return Procedure.model_validate({"instruments": ["public_law_contract"], **data})
