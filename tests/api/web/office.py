"""Somebody at a task, without a browser: what its pages show, and what its forms send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import httpx

from tests.api.web.conftest import signed_in
from tests.api.world import KAMEN, TODAY, World, ok

# A resolution as a clerk enters it.
ADOPTED = {"outcome": "adopted", "decided_on": TODAY, "votes__yes": "15"}


class Office:
    """Somebody at a task, with the forms of its pages."""

    def __init__(self, client: httpx.Client, task_id: str, way: str) -> None:
        self.client, self.task_id = client, task_id
        self.path = f"/aufgaben/{task_id}/{way}"

    def opened(self) -> str:
        """The form as it begins."""
        answer = self.client.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def check(self, **given: str | list[str]) -> httpx.Response:
        """Fill the form in and go on; what the form begins with is sent too."""
        begun = {**inputs(self.opened()), **named(given)}
        return self.client.post(self.path, data=begun)

    def record(self, checked: httpx.Response) -> httpx.Response:
        """Record what the page shows to be checked."""
        assert checked.status_code == 200, checked.text
        assert "<h1>Bitte prüfen</h1>" in checked.text
        return self.client.post(f"{self.path}/eintragen", data=inputs(checked.text))

    def recorded(self, **given: str | list[str]) -> str:
        """All three steps; the page that is shown at the end."""
        answer = self.record(self.check(**given))
        assert answer.status_code == 303, answer.text
        return shown(self.client.get(answer.headers["location"]).text)


def named(given: dict[str, Any]) -> dict[str, Any]:
    """``votes__yes`` is the input „votes.yes“."""
    return {name.replace("__", "."): value for name, value in given.items()}


def inputs(page: str) -> dict[str, Any]:
    """What a browser would send of a page's form without anybody touching it."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        said = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if said.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in said:
            found[said["name"]] = unescape(said.get("value", ""))
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?([^<]*)<', page):
        found[name] = unescape(text)
    return found


def shown(page: str) -> str:
    """What people read on a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@contextmanager
def at(world: World, username: str, task_id: str, way: str = "erfassen") -> Iterator[Office]:
    """Somebody opens a task, to record what it asks for or to correct what was recorded."""
    with signed_in(world, username) as client:
        yield Office(client, task_id, way)


def of_kind(world: World, username: str, kind: str) -> str:
    """The person's open task of that kind."""
    return str(world.task(username, kind)["id"])


def of_kamen(world: World, reference: str) -> list[dict[str, Any]]:
    """What the committees of Kamen have resolved, in the order of the Beratungsfolge."""
    found = ok(world.as_("sb.kamen").get(f"/cases/{reference}/resolutions"))["items"]
    own = next(paper for paper in found if paper["body"]["ags"] == KAMEN)
    return [taken for one in own["consultations"] for taken in one["resolutions"]]
