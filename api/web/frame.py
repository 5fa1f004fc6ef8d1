"""What every page shares: templates, headers, and refusals as pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from agreements import clock
from agreements.errors import NotFound, NotSignedIn, Refusal
from agreements.glossary import label
from agreements.people import Actor
from agreements.queries import colleagues

FOLDER: Final = Path(__file__).parent
SIGN_IN: Final = "/anmeldung"
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
    "erledigt": "Eingetragen. Die Aufgabe ist erledigt.",
    "berichtigt": "Eingetragen. Der Eintrag ist berichtigt.",
    "druckexemplar": "Das Druckexemplar ist erstellt.",
    "ausfertigung": "Die unterschriebene Ausfertigung ist geprüft und abgelegt.",
    "bestaetigt": "Die Ausfertigung ist bestätigt.",
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

# In the scope of a request for a page.
_MARK: Final = "vereinbar.page"
_CARRIED: Final = "vereinbar.carried"

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
    return HTMLResponse(fragment(template, **content), status, HEADERS)


def sign_in_page(
    target: str,
    *,
    status: int = HTTPStatus.OK,
    username: str = "",
    sentence: str | None = None,
    carried: Sequence[tuple[str, str]] = (),
) -> HTMLResponse:
    """The page for signing in. carried: hidden fields, of a form that was sent in vain."""
    about = {"target": local(target), "username": username, "sentence": sentence}
    return page("sign_in.html", status, carried=carried, **about)


def fragment(template: str, **content: object) -> str:
    """A part of a page made from a template."""
    return _templates.get_template(template).render(content)


def own_page(session: Session, actor: Actor, template: str, **content: object) -> HTMLResponse:
    """A page of somebody who is signed in, with the pages to which they may go."""
    leads = actor.is_admin or bool(colleagues.supervised(session, actor))
    return page(template, 200, name=actor.name, leads=leads, admin=actor.is_admin, **content)


def local(path: str) -> str:
    """The path if it stays on this server, else the list of tasks: nobody is led elsewhere."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/aufgaben"


class Page(APIRoute):
    """A route whose refusals people can read: as a page, or as the way to signing in.

    It only says so: whoever answered a refusal here would end the transaction as if all were well.
    """

    def get_route_handler(self) -> Handler:
        """The handler of FastAPI, for a request that is marked."""
        handler = super().get_route_handler()

        async def marked(request: Request) -> Response:
            request.scope[_MARK] = True
            return await handler(request)

        return marked


def is_for_people(request: Request) -> bool:
    """Whether a person looks at the answer: of a page, or of an address that no page has."""
    of_programs = request.url.path.startswith("/api/")
    wants_page = not of_programs and "text/html" in request.headers.get("accept", "")
    return wants_page or _MARK in request.scope


def answer_refusal(request: Request, refusal: Refusal) -> Response:
    """The page that says why not; who is not signed in is led there, and back."""
    if isinstance(refusal, NotSignedIn):
        return _to_sign_in(request, refusal)
    # How a cursor comes about is of no use to people.
    accepted = refusal.accepted if refusal.field != "cursor" else None
    return refused(request, refusal.status, refusal.title, refusal.message, accepted)


def carry(request: Request, fields: Sequence[tuple[str, str]]) -> None:
    """Let the page for signing in carry these hidden fields, if one is the answer."""
    request.scope[_CARRIED] = fields


def _to_sign_in(request: Request, refusal: NotSignedIn) -> Response:
    asked = _asked(request) if request.method == "GET" else _page_of(request)
    carried = request.scope.get(_CARRIED, ())
    if carried:
        return sign_in_page(asked, status=refusal.status, sentence=refusal.message, carried=carried)
    return RedirectResponse(f"{SIGN_IN}?weiter={quote(asked, safe='/')}", HTTPStatus.SEE_OTHER)


def _asked(request: Request) -> str:
    """The page that was asked for, with what was searched for on it."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def answer_invalid(request: Request, sentences: str) -> Response:
    """The page for what no form sends: of an address made by hand there is no page."""
    if request.method == "GET":
        return answer_refusal(request, NotFound("page-unknown", "Diese Seite gibt es nicht."))
    return answer_refusal(request, Refusal("invalid-input", sentences))


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
    tried = request.method == "POST"
    answer = page("refused.html", status, back=_page_of(request), tried=tried, **about)
    answer.headers.update(headers or {})
    return answer


def _page_of(request: Request) -> str:
    """The page with the form that was refused; of what cannot be shown at all, the list."""
    where = urlsplit(request.headers.get("referer", ""))
    if request.method != "POST" or where.netloc != request.headers.get("host"):
        return "/aufgaben"
    if where.path == SIGN_IN:
        # There it was filled in again.
        return local(parse_qs(where.query).get("weiter", ["/aufgaben"])[0])
    return local(f"{where.path}?{where.query}" if where.query else where.path)
