"""The pages that a mail leads to, in a real browser: sign in, see what is to be done."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from agreements import mail, reminders
from agreements.model.enums import MailRhythm
from agreements.model.people import User
from tests.api.web.conftest import address
from tests.api.world import PASSWORD, World

pytestmark = pytest.mark.browser


def sign_in(tab: Page, username: str, password: str = PASSWORD) -> None:
    """Fill in the form that is shown."""
    tab.get_by_label("Benutzername").fill(username)
    tab.get_by_label("Kennwort").fill(password)
    tab.get_by_role("button", name="Anmelden").click()


def test_a_link_leads_through_the_sign_in_to_the_task(
    councils: tuple[World, str], tab: Page
) -> None:
    world, reference = councils
    task = world.task("sb.kamen", "record_resolution")
    tab.goto(address(world, f"/aufgaben/{task['id']}"))
    expect(tab.get_by_role("heading", name="Anmeldung")).to_be_visible()
    sign_in(tab, "sb.kamen")
    expect(tab).to_have_url(address(world, f"/aufgaben/{task['id']}"))
    expect(tab.get_by_role("heading", name=task["title"])).to_be_visible()
    expect(tab.get_by_text(reference)).to_be_visible()
    expect(tab.get_by_text("Stadt Kamen, Sachbearbeitung")).to_be_visible()
    # Nothing stands against completing it; that it is not claimed is nobody's trouble.
    expect(tab.locator(".problem")).to_have_count(0)


def test_the_list_shows_the_own_open_tasks_and_signing_out_ends_it(
    councils: tuple[World, str], tab: Page
) -> None:
    world, _ = councils
    task = world.task("sb.kamen", "record_resolution")
    tab.goto(address(world, "/"))
    sign_in(tab, "sb.kamen")
    expect(tab.get_by_role("heading", name="Meine Aufgaben")).to_be_visible()
    tab.get_by_role("link", name=task["title"]).first.click()
    expect(tab.get_by_role("heading", name=task["title"])).to_be_visible()
    tab.get_by_role("button", name="Abmelden").click()
    expect(tab.get_by_role("heading", name="Anmeldung")).to_be_visible()
    tab.goto(address(world, "/aufgaben"))
    expect(tab.get_by_role("heading", name="Anmeldung")).to_be_visible()


def test_a_wrong_password_is_said_and_the_name_stays(world: World, tab: Page) -> None:
    tab.goto(address(world, "/anmeldung"))
    sign_in(tab, "sb.kamen", "falsch-geraten")
    expect(tab.get_by_role("alert")).to_contain_text("Benutzername oder Kennwort stimmt nicht")
    expect(tab.get_by_label("Benutzername")).to_have_value("sb.kamen")


def test_tasks_of_others_do_not_exist(councils: tuple[World, str], tab: Page) -> None:
    world, _ = councils
    task = world.task("sb.kamen", "record_resolution")
    tab.goto(address(world, f"/aufgaben/{task['id']}"))
    sign_in(tab, "sb.luenen")
    expect(tab.get_by_text("Diese Aufgabe gibt es nicht.")).to_be_visible()
    tab.goto(address(world, "/aufgaben/keine-kennung"))
    expect(tab.get_by_text("Diese Seite gibt es nicht.")).to_be_visible()


def test_the_pages_can_be_used_with_the_keyboard_alone(
    councils: tuple[World, str], tab: Page
) -> None:
    world, _ = councils
    tab.goto(address(world, "/aufgaben"))
    expect(tab.get_by_label("Benutzername")).to_be_focused()
    tab.keyboard.type("sb.kamen")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Meine Aufgaben")).to_be_visible()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Zum Inhalt")).to_be_focused()


def test_how_often_mail_comes_is_set_where_the_mails_point_to(world: World, tab: Page) -> None:
    tab.goto(address(world, "/einstellungen"))
    sign_in(tab, "sb.kamen")
    tab.get_by_label("Nachrichten per E-Mail").select_option(label="wöchentlich")
    tab.get_by_label("Gesammelt um (Uhr)").fill("9")
    tab.get_by_label("Wochentag, wenn wöchentlich").select_option(label="Mittwoch")
    tab.get_by_role("button", name="Speichern").click()
    expect(tab.get_by_role("status")).to_have_text("Gespeichert.")
    expect(tab.get_by_text("mittwochs gesammelt um 9 Uhr")).to_be_visible()
    with world.sessions() as session:
        user = session.scalars(select(User).where(User.username == "sb.kamen")).one()
        assert (user.mail_rhythm, user.mail_hour, user.mail_weekday) == (MailRhythm.WEEKLY, 9, 3)


def test_messages_can_be_read_though_no_mail_server_is_there(
    councils: tuple[World, str], tab: Page
) -> None:
    world, _ = councils
    with world.sessions.begin() as session:
        session.execute(update(User).values(mail_rhythm=MailRhythm.IMMEDIATELY))
        reminders.run(session)
        assert mail.collect(session) > 0
    tab.goto(address(world, "/nachrichten"))
    sign_in(tab, "sb.kamen")
    expect(tab.get_by_role("heading", name="Meine Nachrichten")).to_be_visible()
    expect(tab.get_by_role("article")).to_have_count(1)
    expect(tab.get_by_role("article")).to_contain_text("Empfehlung erfassen")


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "/\\example.org"])
def test_nobody_is_led_to_another_server(world: World, target: str) -> None:
    form = {"username": "sb.kamen", "password": PASSWORD, "weiter": target}
    with httpx.Client(base_url=world.address, trust_env=False, timeout=60) as client:
        answer = client.post("/anmeldung", data=form, headers={"Origin": world.address})
    assert (answer.status_code, answer.headers["location"]) == (303, "/aufgaben")


def test_a_form_of_another_site_signs_nobody_in_or_out(world: World) -> None:
    form = {"username": "sb.kamen", "password": PASSWORD}
    with httpx.Client(base_url=world.address, trust_env=False, timeout=60) as client:
        foreign = client.post("/anmeldung", data=form, headers={"Origin": "https://example.org"})
        assert foreign.status_code == 403
        assert "set-cookie" not in foreign.headers
        own = {"Origin": world.address}
        assert client.post("/anmeldung", data=form, headers=own).status_code == 303
        assert (
            client.post("/abmeldung", headers={"Origin": "https://example.org"}).status_code == 403
        )
        assert client.get("/aufgaben").status_code == 200


def test_pages_load_nothing_from_elsewhere_and_are_not_kept(world: World) -> None:
    with httpx.Client(base_url=world.address, trust_env=False, timeout=60) as client:
        answer = client.get("/anmeldung")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert re.findall(r"(?:src|href)=\"(https?:[^\"]+)", answer.text) == []
