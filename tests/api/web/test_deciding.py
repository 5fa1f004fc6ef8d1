"""Clerks record in the browser what was decided: enter, check, record; over HTTP, no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import httpx

from tests.api.offices import resolution_task
from tests.api.web.conftest import signed_in
from tests.api.world import KAMEN, TODAY, World, ok


class Office:
    """Somebody at a task, with the forms of its pages."""

    def __init__(self, client: httpx.Client, task_id: str) -> None:
        self.client, self.task_id = client, task_id
        self.path = f"/aufgaben/{task_id}/erfassen"

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
def at(world: World, username: str, task_id: str) -> Iterator[Office]:
    """Somebody opens a task."""
    with signed_in(world, username) as client:
        yield Office(client, task_id)


def of_kind(world: World, username: str, kind: str) -> str:
    """The person's open task of that kind."""
    return str(world.task(username, kind)["id"])


def test_a_committee_recommends_and_the_council_decides(councils: tuple[World, str]) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        votes = {"votes__yes": "15", "votes__no": "2", "votes__abstained": "1"}
        checked = office.check(outcome="adopted", decided_on=TODAY, **votes)
        said = shown(checked.text)
        assert (
            "Der Haupt- und Finanzausschuss der Stadt Kamen hat die Vorlage 101/2026 am 01.06.2026 "
            "beschlossen (15 Ja, 2 Nein, 1 Enthaltung). Das war die Empfehlung;"
        ) in said
        assert "Neue Aufgabe: „Beschluss erfassen (Rat)“ für die Stadt Kamen" in said
        # Nothing has happened yet.
        assert of_kamen(world, reference) == []
        answer = office.record(checked)
        assert answer.headers["location"] == f"/aufgaben/{office.task_id}?getan=erledigt"
        page = office.client.get(answer.headers["location"]).text
    said = shown(page)
    assert "Eingetragen. Die Aufgabe ist erledigt." in said
    assert "Ergebnis beschlossen Stimmen ja 15, nein 2, Enthaltungen 1" in said
    council = of_kind(world, "sb.kamen", "record_resolution")
    assert f'Ihre nächste Aufgabe: <a href="/aufgaben/{council}">' in page

    with at(world, "sb.kamen", council) as office:
        said = office.recorded(outcome="adopted", decided_on="1.6.2026", votes__yes="40")
    assert "Stimmen ja 40, nein –, Enthaltungen –" in said
    last = of_kamen(world, reference)[-1]
    assert last["votes"] == {"yes": 40, "no": None, "abstained": None}


def of_kamen(world: World, reference: str) -> list[dict[str, Any]]:
    """What the committees of Kamen have resolved, in the order of the Beratungsfolge."""
    found = ok(world.as_("sb.kamen").get(f"/cases/{reference}/resolutions"))["items"]
    own = next(paper for paper in found if paper["body"]["ags"] == KAMEN)
    return [taken for one in own["consultations"] for taken in one["resolutions"]]
