"""Requests that are read at once: what decides is asked more often than all else together.

FastAPI looks at each parameter of each dependency anew in every request, which takes longer than
the sign-in. Here a request with which nothing is wrong is read in one go; any other goes FastAPI's
way, so that every refusal, every sentence and the description of the interface are FastAPI's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect

from agreements.errors import Refusal
from api.auth import bearer_scheme, cookie_scheme
from api.dependencies import Errand, errand_of, version_of

Content = TypeVar("Content")
Answer = Callable[[Request], Awaitable[Response | None]]

_JSON: Final = b"application/json"
_LONGEST_KEY: Final = 100
_ID: Final = TypeAdapter(UUID)
# ValueError is also what pydantic and JSON raise.
_AMISS: Final = (Refusal, ValueError, RecursionError, ClientDisconnect)


@dataclass(frozen=True, slots=True)
class Plain(Generic[Content]):
    """What a request asks for with which nothing is wrong."""

    errand: Errand
    version: int | None
    content: Content


async def plain(request: Request, content: TypeAdapter[Content]) -> Plain[Content] | None:
    """What ``ErrandDep``, ``IfMatch`` and a JSON body come to; None: ask FastAPI."""
    raw = request.scope["headers"]
    headers: dict[bytes, bytes] = dict(raw)
    key = headers.get(b"idempotency-key")
    if (
        len(headers) < len(raw)  # a header that comes twice
        or headers.get(b"content-type") != _JSON
        or (key is not None and not 1 <= len(key) <= _LONGEST_KEY)
    ):
        return None
    try:
        return Plain(
            await errand_of(
                request,
                await cookie_scheme(request),
                await bearer_scheme(request),
                key.decode("latin-1") if key is not None else None,
            ),
            version_of(request.headers.get("if-match")),
            content.validate_python(await request.json()),
        )
    except _AMISS:
        return None


def plain_id(request: Request, name: str) -> UUID | None:
    """The id in the request's path; None: ask FastAPI."""
    try:
        return _ID.validate_python(request.path_params[name])
    except ValidationError:
        return None


def answered_first_by(answer: Answer) -> type[APIRoute]:
    """A route whose requests are given to ``answer`` first, and to FastAPI if that has none."""

    class QuickRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            usual = super().get_route_handler()

            async def handle(request: Request) -> Response:
                response = await answer(request)
                return await usual(request) if response is None else response

            return handle

    return QuickRoute
