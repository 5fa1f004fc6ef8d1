"""What every page shares: templates, headers, and refusals as pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from agreements import clock
from agreements.errors import NotFound, NotSignedIn, Refusal
from agreements.glossary import label
from agreements.people import Actor
from agreements.queries import colleagues
from api.validation import input_errors

FOLDER: Final = Path(__file__).parent
# What a page says after something was done, by the word in its address.
DONE: Final = {
    "uebernommen": "Sie haben die Aufgabe übernommen.",
    "zurueckgegeben": "Die Aufgabe ist zurückgegeben.",
    "gegeben": "Die Aufgabe ist zur Bearbeitung gegeben; danach kommt sie zu Ihnen zurück.",
    "zugewiesen": "Die Aufgabe ist zugewiesen.",
    "geplant": "Dringlichkeit und Wiedervorlage sind gespeichert.",
    "frist": "Die Frist ist geändert.",
    "vermerk": "Der Vermerk ist gespeichert.",
    "anlage": "Die Anlage ist abgelegt.",
    "anlage-weg": "Die Anlage ist entfernt.",
    "erledigt": "Die Aufgabe ist erledigt.",
    "filter": "Der Filter ist gespeichert.",
    "filter-weg": "Der Filter ist gelöscht.",
    "eingetragen": "Die Abwesenheit ist eingetragen.",
    "beendet": "Die Abwesenheit ist beendet.",
    "verkuerzt": "Die Abwesenheit ist verkürzt.",
    "vertretung": "Die Vertretung ist eingetragen.",
    "vertretung-weg": "Die Vertretung ist beendet.",
    "kalender-weg": "Der Kalender ist widerrufen; seine Adresse zeigt nichts mehr.",
    "erneut": "Die E-Mail wird noch einmal gesendet.",
    "gespeichert": "Gespeichert.",
}
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
_templates.globals["today"] = clock.today


def page(template: str, status: int = 200, **content: object) -> HTMLResponse:
    """A page made from a template."""
    return HTMLResponse(_templates.get_template(template).render(content), status, HEADERS)


def own_page(session: Session, actor: Actor, template: str, **content: object) -> HTMLResponse:
    """A page of somebody who is signed in, with the pages to which they may go."""
    leads = actor.is_admin or bool(colleagues.supervised(session, actor))
    return page(template, 200, name=actor.name, leads=leads, admin=actor.is_admin, **content)


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
                asked = request.url.path if request.method == "GET" else _page_of(request)
                target = quote(asked, safe="/")
                return RedirectResponse(f"/anmeldung?weiter={target}", HTTPStatus.SEE_OTHER)
            except Refusal as refusal:
                return _refused(refusal, request)
            except RequestValidationError as error:
                return _refused(_invalid(request, error), request)

        return handled


def _invalid(request: Request, error: RequestValidationError) -> Refusal:
    if request.method == "GET":
        return NotFound("page-unknown", "Diese Seite gibt es nicht.")
    return Refusal("invalid-input", " ".join(e.message for e in input_errors(error.errors())))


def is_for_people(request: Request) -> bool:
    """Whether somebody looks at the answer in a browser, outside of the programs' interface."""
    of_programs = request.url.path.startswith("/api/")
    return not of_programs and "text/html" in request.headers.get("accept", "")


def refused(
    request: Request,
    status: int,
    title: str,
    sentence: str,
    accepted: str | None = None,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """A page that says what is wrong, and leads back to where it can be mended."""
    about = {"title": title, "sentence": sentence, "accepted": accepted}
    answer = page("refused.html", status, back=_page_of(request), **about)
    answer.headers.update(headers or {})
    return answer


def _refused(refusal: Refusal, request: Request) -> HTMLResponse:
    return refused(request, refusal.status, refusal.title, refusal.message, refusal.accepted)


def _page_of(request: Request) -> str:
    """The page with the form that was refused; of what cannot be shown at all, the list."""
    where = urlsplit(request.headers.get("referer", ""))
    if request.method != "POST" or where.netloc != request.headers.get("host"):
        return "/aufgaben"
    return local(f"{where.path}?{where.query}" if where.query else where.path)
