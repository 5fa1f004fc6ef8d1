"""A council's resolution is recorded in a real browser, with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.offices import join, resolution_task
from tests.api.web.conftest import address
from tests.api.web.test_pages import sign_in
from tests.api.world import KAMEN, NOW, PASSWORD, World, ok

pytestmark = pytest.mark.browser


def go_to(tab: Page, place: Locator) -> None:
    """Press the tabulator until that place has the focus."""
    for _ in range(60):
        if place.evaluate("one => one === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"{place} cannot be reached with the keyboard")


def write(tab: Page, label: str, text: str) -> None:
    """Go to a field and write into it."""
    go_to(tab, tab.get_by_label(label, exact=True))
    tab.keyboard.type(text)


def press(tab: Page, name: str) -> None:
    """Go to a button or a link and press Enter."""
    button = tab.get_by_role("button", name=name, exact=True)
    go_to(tab, button.or_(tab.get_by_role("link", name=name, exact=True)).first)
    tab.keyboard.press("Enter")


def before_the_council(world: World, reference: str) -> str:
    """The committee of Kamen has recommended; the task of its council."""
    world.resolve(reference, KAMEN)
    return resolution_task(world)


def test_a_council_s_resolution_is_recorded_with_the_keyboard_alone(
    councils: tuple[World, str], tab: Page
) -> None:
    world, reference = councils
    task_id = before_the_council(world, reference)
    tab.goto(address(world, f"/aufgaben/{task_id}"))
    expect(tab.get_by_label("Benutzername")).to_be_focused()
    tab.keyboard.type("sb.kamen")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Beschluss erfassen (Rat)")).to_be_visible()
    press(tab, "Ergebnis eintragen")

    expect(tab.get_by_role("button", name="Weiter: prüfen")).to_be_visible()
    write(tab, "Ja", "40")
    tab.keyboard.press("Enter")
    # The summary has the focus; its links lead to the fields.
    expect(tab.get_by_role("alert")).to_be_focused()
    expect(tab.get_by_role("alert")).to_contain_text("Es wurde noch nichts eingetragen.")
    expect(tab.get_by_label("Ja", exact=True)).to_have_value("40")
    press(tab, "Bitte angeben: Wie ist entschieden worden?")
    adopted = tab.get_by_role("radio", name="beschlossen: ungeändert")
    go_to(tab, adopted)
    # Only what belongs to the choice is asked for.
    tab.keyboard.press("Space")
    expect(tab.get_by_label("Unter welchem Vorbehalt?")).to_be_hidden()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("radio", name="unter Vorbehalt beschlossen")).to_be_checked()
    expect(tab.get_by_label("Unter welchem Vorbehalt?")).to_be_visible()
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowUp")
    expect(adopted).to_be_checked()
    expect(tab.get_by_label("Unter welchem Vorbehalt?")).to_be_hidden()
    write(tab, "Tag der Sitzung", f"{NOW:%d.%m.%Y}")
    write(tab, "Enthaltungen", "1")
    tab.keyboard.press("Enter")

    expect(tab.get_by_role("heading", name="Bitte prüfen", exact=True)).to_be_visible()
    expect(tab.get_by_role("main")).to_contain_text(
        "Der Rat der Stadt Kamen hat die Vorlage 101/2026 am 01.06.2026 beschlossen "
        "(40 Ja, Nein nicht bekannt, 1 Enthaltung)."
    )
    press(tab, "Verbindlich eintragen")
    expect(tab.get_by_role("status")).to_contain_text("Eingetragen.")
    expect(tab.get_by_text("ja 40, nein –, Enthaltungen 1")).to_be_visible()
    found = ok(world.as_("sb.kamen").get(f"/cases/{reference}/resolutions"))["items"]
    kamen = next(paper for paper in found if paper["body"]["ags"] == KAMEN)
    assert len(kamen["consultations"][-1]["resolutions"]) == 1


def test_a_colleague_who_was_faster_is_named_with_what_they_recorded(
    councils: tuple[World, str], tab: Page
) -> None:
    world, reference = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    task_id = before_the_council(world, reference)
    tab.goto(address(world, f"/aufgaben/{task_id}/erfassen"))
    sign_in(tab, "sb.kamen")
    tab.get_by_label("beschlossen: ungeändert").check()
    tab.get_by_label("Tag der Sitzung").fill(NOW.date().isoformat())
    tab.get_by_label("Ja", exact=True).fill("39")
    tab.get_by_role("button", name="Weiter: prüfen").click()
    expect(tab.get_by_role("button", name="Verbindlich eintragen")).to_be_visible()
    taken = {"kind": "record_resolution", **world.resolution(reference), "votes": {"yes": 40}}
    ok(world.as_("sb2.kamen").post(f"/tasks/{task_id}/complete", json=taken))
    tab.get_by_role("button", name="Verbindlich eintragen").click()
    expect(tab.get_by_role("alert")).to_contain_text("Lena Vogtsberg hat die Aufgabe bereits")
    expect(tab.get_by_role("alert")).to_contain_text("Ihre Angaben wurden nicht eingetragen.")
    expect(tab.get_by_text("ja 40, nein –, Enthaltungen –")).to_be_visible()
    expect(tab.get_by_text("39", exact=True)).to_be_visible()
