"""Rendering within a request: in a child process with limits, one document at a time."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import Request

from agreements.documents.pool import RenderPool
from agreements.documents.rendering import RenderedDocument
from agreements.errors import Conflict

# Rendering needs a processor for seconds; two at a time would make everybody else wait.
_RENDERING: Final = threading.Lock()
_PATIENCE_SECONDS: Final = 20


def render_now(
    request: Request, template_id: str, data: dict[str, object], source: bytes | None = None
) -> RenderedDocument:
    """The document from the JSON form of its data. Refuses if others are being written.

    source: the template's file, if a released version takes the place of the shipped one.
    """
    if not _RENDERING.acquire(timeout=_PATIENCE_SECONDS):
        raise Conflict(
            "rendering-busy",
            "Zurzeit werden andere Dokumente erstellt. Bitte gleich noch einmal abrufen.",
        )
    try:
        return _pool(request.app.state.settings.templates_dir).render_now(template_id, data, source)
    finally:
        _RENDERING.release()


@lru_cache(maxsize=1)
def _pool(templates_dir: Path) -> RenderPool:
    """The child of this process, kept warm; it ends with it."""
    return RenderPool(templates_dir, workers=1)
