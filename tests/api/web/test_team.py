"""The page of whoever leads, and who is offered to stand in: nothing is shown that then fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from agreements.model.enums import Role
from api.auth import COOKIE
from tests.api.offices import away, has, join, resolution_task, take_on
from tests.api.web.conftest import address, signed_in
from tests.api.web.test_work import open_as, said
from tests.api.world import BERGKAMEN, KAMEN, KREIS, NOW, TODAY, World, ok

pytestmark = pytest.mark.browser
Councils = tuple[World, str]


def test_admins_see_who_has_what_and_are_offered_only_what_they_may_do(
    councils: Councils, tab: Page
) -> None:
    world, _ = councils
    title = world.task("sb.kamen", "record_resolution")["title"]
    ok(world.as_("sb.kamen").post(f"/tasks/{resolution_task(world)}/claim"))
    open_as(tab, world, "admin", f"/leitung/{KAMEN}")
    expect(tab.get_by_role("cell", name=title).first).to_be_visible()
    expect(tab.get_by_role("link", name=title)).to_have_count(0)
    expect(tab.get_by_role("checkbox")).to_have_count(0)
    expect(tab.get_by_role("button", name="Vergebene neu zuweisen")).to_have_count(0)

    tab.get_by_text("Abwesenheit für jemanden eintragen").click()
    tab.get_by_label("Wer", exact=True).select_option("Sven Dierksmeier")
    tab.get_by_role("button", name="Eintragen", exact=True).click()
    said(tab, "Die Abwesenheit ist eingetragen.")
    tab.get_by_text("Jemand scheidet aus oder wechselt").click()
    tab.get_by_label("Wer gibt ab").select_option("Sven Dierksmeier")
    # The treasurer cannot do it, so it stays; admins read which one it is.
    tab.get_by_label("An wen (leer").select_option("Martin Ebbers")
    tab.get_by_label("Grund", exact=True).fill("Versetzung")
    tab.get_by_role("button", name="Übergeben").click()
    expect(tab.get_by_role("listitem").filter(has_text=title)).to_be_visible()
    expect(tab.get_by_role("link", name=title)).to_have_count(0)


def test_enter_in_the_field_for_the_reason_does_what_needs_it(
    councils: Councils, tab: Page
) -> None:
    world, _ = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    task_id = resolution_task(world)
    title = world.task("sb.kamen", "record_resolution")["title"]
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/claim"))
    open_as(tab, world, "leitung.kamen", f"/leitung/{KAMEN}")
    tab.get_by_label(f"{title}, ", exact=False).check()
    tab.locator("select[name=to]").first.select_option("Lena Vogtsberg")
    tab.get_by_label("Grund oder Hinweis").fill("Krankheit")
    tab.get_by_label("Grund oder Hinweis").press("Enter")
    said(tab, "Bei 1 von 1 Aufgabe ausgeführt.")
    assert has(world, task_id) == "sb2.kamen"


def test_the_supervisor_limits_a_substitution_to_the_own_body(
    councils: Councils, tab: Page
) -> None:
    world, _ = councils
    take_on(world, "sb.kamen", Role.CLERK, BERGKAMEN)
    join(world, "sb2.kamen", "Lena Vogtsberg")
    open_as(tab, world, "leitung.kamen", f"/leitung/{KAMEN}")
    for limit in ("alles", "nur Stadt Kamen"):
        tab.get_by_text("Abwesenheit für jemanden eintragen").click()
        tab.get_by_label("Wer", exact=True).select_option("Sven Dierksmeier")
        tab.get_by_label("Vertretung", exact=True).select_option("Nadine Feldkötter")
        tab.locator("#body").select_option(limit)
        tab.get_by_role("button", name="Eintragen", exact=True).click()
        if limit == "alles":
            expect(tab.get_by_role("alert")).to_contain_text("auf eine beschränken")
            tab.goto(address(world, f"/leitung/{KAMEN}"))
    said(tab, "Die Abwesenheit ist eingetragen.")
    entry = tab.get_by_role("article").filter(has_text="Sven Dierksmeier")
    expect(entry.get_by_role("listitem")).to_contain_text("Nadine Feldkötter, nur Stadt Kamen")

    entry.get_by_text("Ändern", exact=True).click()
    entry.get_by_label("Weitere Vertretung").select_option("Lena Vogtsberg")
    entry.get_by_label("Für", exact=True).select_option("nur Stadt Kamen")
    entry.get_by_role("button", name="Vertretung eintragen").click()
    said(tab, "Die Vertretung ist eingetragen.")
    expect(entry).to_contain_text("Lena Vogtsberg, nur Stadt Kamen")


def test_the_page_is_offered_to_those_to_whom_it_opens(councils: Councils) -> None:
    world, reference = councils
    away(world, "leitung.kamen", "recht.kamen", case=reference)
    away(world, "leitung.bergkamen", "recht.bergkamen")
    for username, ags, status in (("recht.kamen", KAMEN, 403), ("recht.bergkamen", BERGKAMEN, 200)):
        with signed_in(world, username) as client:
            assert client.get(f"/leitung/{ags}").status_code == status
            offered = 'href="/leitung"' in client.get("/aufgaben").text
            assert offered == (status == 200)


def test_the_state_authority_is_offered_its_own_people(councils: Councils, tab: Page) -> None:
    world, _ = councils
    join(world, "aufsicht", "Antje Aufsicht", (Role.AUTHORITY, KREIS))
    join(world, "aufsicht2", "Zoe Zweite", (Role.AUTHORITY, KREIS))
    # New accounts have no password.
    tab.context.add_cookies(
        [{"name": COOKIE, "value": world.token("aufsicht"), "url": world.address}]
    )
    tab.goto(address(world, "/abwesenheit"))
    choice = tab.get_by_label("Vertretung", exact=True)
    expect(choice.get_by_role("option")).to_have_text(["noch niemand", "Zoe Zweite"])
    tab.get_by_label("Erster Tag").fill(TODAY)
    tab.get_by_label("Letzter Tag").fill((NOW + timedelta(days=3)).date().isoformat())
    choice.select_option("Zoe Zweite")
    tab.get_by_role("button", name="Eintragen", exact=True).click()
    said(tab, "Die Abwesenheit ist eingetragen.")
    open_as(tab, world, "sb.kreis-unna", "/abwesenheit")
    offered = tab.get_by_label("Vertretung", exact=True).get_by_role("option").all_text_contents()
    assert len(offered) > 1
    assert not {"Antje Aufsicht", "Zoe Zweite"} & set(offered)
