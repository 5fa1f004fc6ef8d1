"""Rendering within a request: one at a time, so that nobody else waits for a processor."""

from __future__ import annotations

import threading
from typing import Final

from fastapi import Request

from agreements.documents.rendering import RenderedDocument, render_job
from agreements.errors import Conflict

# Rendering needs a processor for seconds; two at a time would make everybody else wait.
_RENDERING: Final = threading.Lock()
_PATIENCE_SECONDS: Final = 20


def render_now(request: Request, template_id: str, data: dict[str, object]) -> RenderedDocument:
    """The document from the JSON form of its data. Refuses if others are being written."""
    if not _RENDERING.acquire(timeout=_PATIENCE_SECONDS):
        raise Conflict(
            "rendering-busy",
            "Zurzeit werden andere Dokumente erstellt. Bitte gleich noch einmal abrufen.",
        )
    try:
        templates = str(request.app.state.settings.templates_dir)
        return render_job(template_id, templates, data)
    finally:
        _RENDERING.release()
