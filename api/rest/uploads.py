"""Files that are sent as they are: their length, their type, their name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request

from agreements import extracts
from agreements.errors import Refusal


def _require_length(request: Request) -> None:
    """Refuse a file that is too large before anything of it is read."""
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit():
        raise Refusal(
            "length-missing",
            "Bitte die Länge der Datei in der Kopfzeile Content-Length angeben.",
            "Content-Length",
            "höchstens 20 MB",
        )
    if int(length) > extracts.LARGEST:
        raise extracts.too_large()


async def _file(request: Request) -> bytes:
    return await request.body()


LimitedLength: Final = Depends(_require_length)
FileContent = Annotated[bytes, Depends(_file)]
FileName = Annotated[
    str,
    Query(
        min_length=1,
        max_length=300,
        description="Name der Datei",
        examples=["Auszug Rat 26.03.2026.pdf"],
    ),
]


def media_type_of(request: Request) -> str:
    """The media type that the sender claims, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def file_body(media_types: Iterable[str]) -> dict[str, Any]:
    """How the OpenAPI document describes an endpoint that takes such files."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"requestBody": {"required": True, "content": dict.fromkeys(media_types, binary)}}
