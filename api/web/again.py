"""What somebody had typed when their session was over: it is in the form again after the sign-in.

The server keeps nothing of a stranger: what was typed stands in the page for signing in and comes
back with it. The form is only filled in; sending it is a deed of the person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import httpx
from fastapi import Request
from fastapi.responses import HTMLResponse
from lxml import html
from starlette.datastructures import FormData

from api.auth import COOKIE
from api.web.frame import HEADERS, fragment

# What the fields of the other form are called in the one for signing in.
_PREFIX: Final = "eingabe."
_ACTION: Final = "eingabe"
# What a page writes into its forms itself: it knows better than the page of before.
_OWN: Final = frozenset(("hidden", "file", "password", "submit"))
# Nothing is fetched over a network by this name.
_HERE: Final = "http://hier"


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form as they were sent, and where to."""

    action: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of_request(cls, request: Request, form: FormData) -> Typed:
        """What was sent by somebody who turns out not to be signed in."""
        fields = ((name, value) for name, value in form.multi_items() if isinstance(value, str))
        return cls(request.url.path, tuple(fields))

    @classmethod
    def of_sign_in(cls, form: FormData) -> Typed | None:
        """What the form for signing in carries; None: nothing had been typed."""
        action = form.get(_ACTION)
        if not isinstance(action, str):
            return None
        fields = (
            (name.removeprefix(_PREFIX), value)
            for name, value in form.multi_items()
            if name.startswith(_PREFIX) and isinstance(value, str)
        )
        return cls(action, tuple(fields))

    def carried(self) -> tuple[tuple[str, str], ...]:
        """The hidden fields of the form for signing in."""
        return (_ACTION, self.action), *((_PREFIX + name, value) for name, value in self.fields)

    def by_name(self) -> dict[str, list[str]]:
        """All that was typed, ticked or selected under each name."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found


async def page_again(
    request: Request, path: str, secret: str, typed: Typed, labels: Mapping[str, str]
) -> HTMLResponse:
    """The page with the form, seen by whoever has just signed in, with what they had typed.

    Where the form is not there any more, the page shows what was typed, to be copied.
    """
    status, content = await _seen(request, path, secret)
    page = html.document_fromstring(content)
    form = _form_of(page, typed.action)
    if form is not None:
        _fill(form, typed.by_name())
    lost = [] if form is not None else _to_copy(typed, labels)
    notice = fragment("again.html", lost=lost, found=form is not None)
    for main in page.iter("main"):
        main.insert(0, html.fragment_fromstring(notice))
    text = html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>")
    return HTMLResponse(text, status, HEADERS)


async def _seen(request: Request, path: str, secret: str) -> tuple[int, str]:
    """What the application answers to the person who asks for that page now."""
    transport = httpx.ASGITransport(app=request.app)
    headers = {"Cookie": f"{COOKIE}={secret}", "Accept": "text/html"}
    async with httpx.AsyncClient(transport=transport, base_url=_HERE, headers=headers) as client:
        answer = await client.get(path)
    of_people = answer.headers.get("content-type", "").startswith("text/html")
    # An address that was made by hand need not be that of a page.
    return answer.status_code, answer.text if of_people else fragment("layout.html")


def _form_of(page: html.HtmlElement, action: str) -> html.HtmlElement | None:
    found = (form for form in page.forms if form.get("action") == action)
    return next((form for form in found if form.get("method") == "post"), None)


def _fill(form: html.HtmlElement, typed: Mapping[str, Sequence[str]]) -> None:
    for control in form.iter("input", "textarea", "select"):
        values = typed.get(control.get("name", ""))
        if values is not None and control.get("type") not in _OWN:
            _fill_control(control, values)
    for folded in form.iterancestors("details"):
        folded.set("open", "")


def _fill_control(control: html.HtmlElement, values: Sequence[str]) -> None:
    if control.tag == "textarea":
        control.text = values[0]
    elif control.tag == "select":
        for option in control.iter("option"):
            _mark(option, "selected", option.get("value") in values)
    elif control.get("type") in ("checkbox", "radio"):
        _mark(control, "checked", control.get("value") in values)
    else:
        control.set("value", values[0])


def _mark(element: html.HtmlElement, name: str, marked: bool) -> None:
    element.attrib.pop(name, None)
    if marked:
        element.set(name, "")


def _to_copy(typed: Typed, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """What people read of it: what has no label, no person has typed."""
    return [(labels[name], text) for name, text in typed.fields if name in labels and text.strip()]
