"""A template tried out: filled with its full example or with placeholders, opened and read."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from docx import Document

from agreements.documents.inspection.findings import (
    BODY,
    Finding,
    Refused,
    hint,
    shortened,
)
from agreements.documents.inspection.package import open_package
from agreements.documents.inspection.placeholder import lenient_sandbox
from agreements.documents.inspection.stories import Story, label_of
from agreements.documents.inspection.xml_reading import listen
from agreements.documents.rendering import fill, render
from agreements.errors import StepFailure

if TYPE_CHECKING:
    from agreements.documents.data import DocumentData
    from agreements.documents.template import Template

_PLACE: Final = re.compile(
    r"\(?(?:[^(]*; )?Vorlage „[^“]*“, (?P<part>[^,]+), (?P<place>Absatz: .*)"
)
_LEFT: Final = re.compile(r"\{[{%].*?[}%]\}", re.S)


def tried(
    content: bytes, file_name: str, template: Template | None, example: DocumentData | None
) -> list[Finding]:
    """What goes wrong when the template is filled with its example, or with placeholders."""
    try:
        made = _filled(content, file_name, template, example)
    except StepFailure as failure:
        return [of_failure(failure)]
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001  (whatever a stranger's file causes refuses it)
        return [_unfit("rendering-failed", f"{type(problem).__name__}: {problem}")]
    return read_again(made)


def _filled(
    content: bytes, file_name: str, template: Template | None, example: DocumentData | None
) -> bytes:
    if template is None or example is None:
        return fill(content, file_name, None, {}, lenient_sandbox())
    return render(template, example, source=content)


def read_again(made: bytes) -> list[Finding]:
    """Open the result as any reader would; nothing of the template may be left in it."""
    try:
        package = open_package(made)
        paragraphs = len(Document(io.BytesIO(made)).paragraphs)
    except Refused as refused:
        return [_unfit("result-broken", refused.finding.message)]
    except Exception as problem:  # noqa: BLE001  (python-docx raises what its parsers raise)
        return [_unfit("result-broken", str(problem))]
    found = [] if paragraphs else [_empty()]
    for entry, data in package.xml.items():
        if label_of(entry) != "Paket" and b"{" in data and not entry.startswith("docProps/"):
            found += _left(entry, data)
    return found


def _left(entry: str, data: bytes) -> list[Finding]:
    story = Story(entry)
    listen(entry, data, story)
    return [
        Finding(
            "tag-left",
            paragraph.part,
            paragraph.place,
            shortened(left[0]),
            "Beim Ausfüllen blieb dieser Platzhalter stehen. Schreiben Sie ihn neu, am Stück und "
            "ohne Formatwechsel darin.",
        )
        for paragraph in story.paragraphs
        if (left := _LEFT.search(paragraph.text))
    ]


def of_failure(failure: StepFailure) -> Finding:
    """A failed rendering as a finding, with the place that its sentence names."""
    place = _PLACE.search(failure.message)
    if place is None:
        return _unfit("rendering-failed", failure.message)
    tag = _LEFT.search(place["place"])
    return Finding(
        "rendering-failed",
        place["part"],
        shortened(place["place"].rstrip(").")),
        shortened(tag[0]) if tag else "",
        f"Beim Ausfüllen mit Beispieldaten: {failure.message}",
    )


def _unfit(code: str, message: str) -> Finding:
    return Finding(
        code,
        BODY,
        "",
        "",
        f"Beim Ausfüllen mit Beispieldaten entsteht kein lesbares Dokument: {shortened(message)}",
    )


def _empty() -> Finding:
    return hint("result-empty", BODY, "", "", "Das ausgefüllte Dokument hat keinen Absatz.")
