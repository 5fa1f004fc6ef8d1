"""What somebody had typed when their session was over: it is in the form again after the sign-in.

The server keeps nothing of a stranger: what was typed stands in the page for signing in and comes
back with it. The form is only filled in; sending it is a deed of the person.
"""

from __future__ import annotations

import re
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
_OWN_NAMES: Final = frozenset(("version", "zurueck", "einmal", "suche", "weiter"))
_VERSION: Final = "version"
# What a page cannot hold, though it was typed; it comes along when a text is copied from Word.
_UNPRINTABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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

    @property
    def says_something(self) -> bool:
        """Whether anything was filled in; a mere button sends nothing that could be lost."""
        return any(name not in _OWN_NAMES and value.strip() for name, value in self.fields)

    @classmethod
    def of_sign_in(cls, form: FormData) -> Typed | None:
        """What the form for signing in carries; None: nothing had been typed."""
        action = form.get(_ACTION)
        if not isinstance(action, str):
            return None
        fields = (
            (name.removeprefix(_PREFIX), _UNPRINTABLE.sub("", value))
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

    What has no place in it is shown to be copied: all of it, where the form is not there any more,
    or where somebody else has changed meanwhile what it is about.
    """
    status, content = await _seen(request, path, secret)
    page = html.document_fromstring(content)
    form, given = _form_of(page, typed.action), typed.by_name()
    changed = form is not None and _is_changed(form, given)
    placed = _fill(form, given) if form is not None and not changed else set()
    readable = (entry for entry in _readable(typed, labels) if entry not in placed)
    lost = [(labels[name], text) for name, text in readable]
    notice = fragment("again.html", lost=lost, found=form is not None, changed=changed)
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


def _is_changed(form: html.HtmlElement, typed: Mapping[str, Sequence[str]]) -> bool:
    """Whether the form was sent on another state of the task than the page shows."""
    now = (one.get("value") for one in form.iter("input") if one.get("name") == _VERSION)
    return any([version] != typed.get(_VERSION, [version]) for version in now)


def _fill(form: html.HtmlElement, typed: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
    """Fill in what was typed; returns what has found its place."""
    placed = set()
    for control in form.iter("input", "textarea", "select"):
        name = control.get("name", "")
        if name in typed and control.get("type") not in _OWN:
            placed |= {(name, value) for value in _fill_control(control, typed[name])}
    for folded in form.iterancestors("details"):
        folded.set("open", "")
    return placed


def _fill_control(control: html.HtmlElement, values: Sequence[str]) -> Sequence[str]:
    if control.tag == "select":
        options = list(control.iter("option"))
        for option in options:
            _mark(option, "selected", option.get("value") in values)
        return [option.get("value") for option in options if option.get("value") in values]
    if control.get("type") in ("checkbox", "radio"):
        _mark(control, "checked", control.get("value") in values)
        return [control.get("value")]
    if control.tag == "textarea":
        control.text = values[0]
    else:
        control.set("value", values[0])
    return values[:1]


def _mark(element: html.HtmlElement, name: str, marked: bool) -> None:
    element.attrib.pop(name, None)
    if marked:
        element.set(name, "")


def _readable(typed: Typed, labels: Mapping[str, str]) -> dict[tuple[str, str], None]:
    """What people read of it: what has no label, no person has typed."""
    return dict.fromkeys(
        (name, text) for name, text in typed.fields if name in labels and text.strip()
    )
