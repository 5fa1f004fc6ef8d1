"""What every page shares: templates, headers, and refusals as pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agreements import clock
from agreements.errors import NotFound, NotSignedIn, Refusal
from agreements.glossary import label
from api.validation import input_errors

FOLDER: Final = Path(__file__).parent
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def _german(value: date | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.BERLIN):%d.%m.%Y, %H:%M} Uhr"
    return f"{value:%d.%m.%Y}"


_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
)
_templates.filters["german"] = _german
_templates.filters["label"] = label


def page(template: str, status: int = 200, **content: object) -> HTMLResponse:
    """A page made from a template."""
    return HTMLResponse(_templates.get_template(template).render(content), status, HEADERS)


def local(path: str) -> str:
    """The path if it stays on this server, else the list of tasks: nobody is led elsewhere."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/aufgaben"


class Page(APIRoute):
    """A route whose refusals people can read: as a page, or as the way to signing in."""

    def get_route_handler(self) -> Handler:
        """The handler of FastAPI, with refusals answered as pages."""
        handler = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handler(request)
            except NotSignedIn:
                target = quote(request.url.path, safe="/")
                return RedirectResponse(f"/anmeldung?weiter={target}", HTTPStatus.SEE_OTHER)
            except Refusal as refusal:
                return _refused(refusal)
            except RequestValidationError as error:
                return _refused(_invalid(request, error))

        return handled


def _invalid(request: Request, error: RequestValidationError) -> Refusal:
    if request.method == "GET":
        return NotFound("page-unknown", "Diese Seite gibt es nicht.")
    return Refusal("invalid-input", " ".join(e.message for e in input_errors(error.errors())))


def _refused(refusal: Refusal) -> HTMLResponse:
    return page("refused.html", refusal.status, title=refusal.title, sentence=refusal.message)
