"""The everyday work of clerks and their supervisor, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from agreements.ids import new_id
from agreements.model.cases import Task
from agreements.model.enums import TaskKind
from tests.api.offices import away, has, join, resolution_task
from tests.api.web.conftest import address
from tests.api.web.test_pages import sign_in
from tests.api.world import KAMEN, NOW, PASSWORD, TODAY, World, ok

pytestmark = pytest.mark.browser


def open_as(tab: Page, world: World, username: str, path: str) -> None:
    """Sign in as somebody and stand on that page."""
    tab.context.clear_cookies()
    tab.goto(address(world, path))
    sign_in(tab, username)
    expect(tab.get_by_role("button", name="Anmelden")).to_have_count(0)


def said(tab: Page, text: str) -> None:
    """The page says that it is done."""
    expect(tab.get_by_role("status")).to_contain_text(text)


def test_a_clerk_takes_a_task_notes_something_and_gives_it_to_a_colleague(
    councils: tuple[World, str], tab: Page, tmp_path: Path
) -> None:
    world, _ = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    task_id = resolution_task(world)
    open_as(tab, world, "sb.kamen", f"/aufgaben/{task_id}")
    tab.get_by_role("button", name="Übernehmen").click()
    said(tab, "Sie haben die Aufgabe übernommen.")
    assert has(world, task_id) == "sb.kamen"

    tab.get_by_label("Neuer Vermerk").fill("TOP 7 am 26. März.\nBitte <b>nicht</b> vergessen.")
    tab.get_by_role("button", name="Vermerk speichern").click()
    expect(tab.get_by_role("article")).to_contain_text("Bitte <b>nicht</b> vergessen.")
    expect(tab.get_by_role("article")).to_contain_text("Sven Dierksmeier")

    note = tmp_path / "Notiz & Skizze.txt"
    note.write_text("Grüße", encoding="utf-8")
    tab.get_by_label("Neue Anlage").set_input_files(note)
    tab.get_by_role("button", name="Anlage ablegen").click()
    said(tab, "Die Anlage ist abgelegt.")
    expect(tab.get_by_role("link", name="Notiz & Skizze.txt")).to_be_visible()
    tab.get_by_role("button", name="Notiz & Skizze.txt entfernen").click()
    said(tab, "Die Anlage ist entfernt.")

    tab.get_by_text("Zur Bearbeitung geben", exact=True).first.click()
    tab.get_by_label("An wen").select_option("Lena Vogtsberg")
    tab.get_by_label("Was ist zu tun?").fill("Bitte die Niederschrift prüfen.")
    tab.get_by_role("button", name="Zur Bearbeitung geben").click()
    said(tab, "danach kommt sie zu Ihnen zurück")
    assert has(world, task_id) == "sb2.kamen"
    tab.get_by_role("button", name="Von Lena Vogtsberg zurückholen").click()
    said(tab, "Die Aufgabe ist zurückgegeben.")
    tab.get_by_role("button", name="Zurückgeben").click()
    expect(tab.get_by_role("button", name="Übernehmen")).to_be_visible()
    assert has(world, task_id) is None


def test_what_is_typed_outlives_the_session(councils: tuple[World, str], tab: Page) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    open_as(tab, world, "sb.kamen", f"/aufgaben/{task_id}")
    tab.get_by_text("Wiedervorlage und Dringlichkeit").click()
    tab.get_by_label("Wiedervorlage am").fill((NOW + timedelta(days=9)).date().isoformat())
    tab.get_by_label("Dringlichkeit").select_option("hoch")
    tab.context.clear_cookies()
    tab.get_by_role("button", name="Speichern", exact=True).click()
    expect(tab.get_by_text("Ihre Eingabe ist noch da")).to_be_visible()
    sign_in(tab, "sb.kamen")
    said(tab, "Ihre Eingabe steht wieder im Formular.")
    expect(tab.get_by_label("Dringlichkeit")).to_have_value("high")
    tab.get_by_role("button", name="Speichern", exact=True).click()
    said(tab, "Dringlichkeit und Wiedervorlage sind gespeichert.")
    expect(tab).to_have_url(address(world, f"/aufgaben/{task_id}?getan=geplant"))

    tab.get_by_label("Neuer Vermerk").fill("Zeile 1\nZeile 2 <b>&")
    tab.context.clear_cookies()
    tab.get_by_role("button", name="Vermerk speichern").click()
    sign_in(tab, "sb.kamen")
    expect(tab.get_by_label("Neuer Vermerk")).to_have_value("Zeile 1\nZeile 2 <b>&")


def test_two_at_once_are_told_who_was_faster(councils: tuple[World, str], tab: Page) -> None:
    world, _ = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    task_id = resolution_task(world)
    open_as(tab, world, "sb.kamen", f"/aufgaben/{task_id}")
    ok(world.as_("sb2.kamen").post(f"/tasks/{task_id}/claim"))
    tab.get_by_role("button", name="Übernehmen").click()
    expect(tab.get_by_role("alert")).to_contain_text("Lena Vogtsberg")
    expect(tab.get_by_text("Es wurde nichts geändert.")).to_be_visible()
    assert has(world, task_id) == "sb2.kamen"
    tab.get_by_role("link", name="Zurück", exact=True).click()
    expect(tab).to_have_url(address(world, f"/aufgaben/{task_id}"))


def test_the_list_is_searched_and_a_search_is_kept(councils: tuple[World, str], tab: Page) -> None:
    world, reference = councils
    task = world.task("sb.kamen", "record_resolution")
    open_as(tab, world, "sb.kamen", "/aufgaben")
    row = tab.get_by_role("link", name=task["title"])
    tab.get_by_label("Suche", exact=True).fill("smart kamen")
    tab.get_by_role("button", name="Anzeigen").click()
    expect(row).to_be_visible()
    tab.get_by_label("Suche", exact=True).fill("%_' OR 1=1 --")
    tab.get_by_role("button", name="Anzeigen").click()
    expect(tab.get_by_text("Dazu gibt es keine offenen Aufgaben.")).to_be_visible()
    expect(tab.get_by_label("Suche", exact=True)).to_have_value("%_' OR 1=1 --")

    tab.get_by_label("Suche", exact=True).fill(reference)
    tab.get_by_label("Auswahl").select_option("nur freie")
    tab.get_by_role("button", name="Anzeigen").click()
    tab.get_by_label("Diese Suche behalten als").fill("Frei & <neu>")
    tab.get_by_role("button", name="Als Filter speichern").click()
    said(tab, "Der Filter ist gespeichert.")
    tab.get_by_role("link", name="Aufgaben", exact=True).click()
    tab.get_by_role("link", name="Frei & <neu>").click()
    expect(row).to_be_visible()
    expect(tab.get_by_label("Auswahl")).to_have_value("freie")
    ok(world.as_("sb.kamen").post(f"/tasks/{task['id']}/claim"))
    tab.reload()
    expect(row).to_have_count(0)
    tab.get_by_role("button", name="Filter „Frei & <neu>“ löschen").click()
    said(tab, "Der Filter ist gelöscht.")


def test_many_tasks_are_put_away_at_once_and_come_back(
    councils: tuple[World, str], tab: Page
) -> None:
    world, _ = councils
    task = world.task("sb.kamen", "record_resolution")
    open_as(tab, world, "sb.kamen", "/aufgaben")
    tab.get_by_label(f"{task['title']}, {task['case']}, auswählen").check()
    tab.get_by_label("Wiedervorlage am").fill((NOW + timedelta(days=30)).date().isoformat())
    tab.get_by_role("button", name="Weglegen").click()
    said(tab, "Bei 1 von 1 Aufgabe ausgeführt.")
    tab.get_by_role("link", name="Zurück zur Liste").click()
    expect(tab.get_by_role("link", name=task["title"])).to_have_count(0)
    tab.get_by_label("Wiedervorlage", exact=True).select_option("nur Weggelegtes")
    tab.get_by_role("button", name="Anzeigen").click()
    expect(tab.get_by_role("link", name=task["title"])).to_be_visible()


def test_enter_in_the_field_for_the_day_puts_away_and_an_empty_day_is_refused(
    councils: tuple[World, str], tab: Page
) -> None:
    world, _ = councils
    task = world.task("sb.kamen", "record_resolution")
    later = (NOW + timedelta(days=30)).date().isoformat()
    open_as(tab, world, "sb.kamen", "/aufgaben")
    tab.get_by_label(f"{task['title']}, {task['case']}, auswählen").check()
    tab.get_by_label("Wiedervorlage am").fill(later)
    tab.get_by_label("Wiedervorlage am").press("Enter")
    said(tab, "Bei 1 von 1 Aufgabe ausgeführt.")
    assert has(world, task["id"]) is None

    tab.goto(address(world, "/aufgaben?wiedervorlage=weggelegt"))
    tab.get_by_label(f"{task['title']}, {task['case']}, auswählen").check()
    tab.get_by_role("button", name="Weglegen").click()
    expect(tab.get_by_role("alert")).to_have_text("Bitte den Tag der Wiedervorlage angeben.")
    detail = ok(world.as_("sb.kamen").get(f"/tasks/{task['id']}"))
    assert detail["task"]["follow_up_on"] == later


def test_long_lists_come_in_pages(councils: tuple[World, str], tab: Page) -> None:
    world, _ = councils
    with world.sessions.begin() as session:
        known = session.scalars(select(Task).where(Task.id == resolution_task(world))).one()
        columns = {c.key: getattr(known, c.key) for c in Task.__table__.columns if c.key != "id"}
        for number in range(60):
            other = {"own_title": f"Übung {number:02}", "kind": TaskKind.AD_HOC}
            about = {"subject_id": new_id(), "consultation_id": None}
            session.add(Task(id=new_id(), **columns | other | about))
    open_as(tab, world, "sb.kamen", "/aufgaben?sortierung=aelteste")
    expect(tab.get_by_role("row")).to_have_count(51)
    tab.get_by_role("link", name="Weitere Aufgaben").click()
    expect(tab.get_by_role("link", name="Übung 59")).to_be_visible()
    tab.get_by_role("link", name="Erste Seite").click()
    expect(tab.get_by_role("row")).to_have_count(51)
    tab.goto(address(world, "/aufgaben?ab=verfälscht"))
    expect(tab.get_by_role("alert")).to_contain_text("Diese Fortsetzungsmarke ist ungültig.")


def test_a_clerk_enters_a_leave_and_the_substitute_sees_for_whom(
    councils: tuple[World, str], tab: Page
) -> None:
    world, _ = councils
    task = world.task("sb.kamen", "record_resolution")
    open_as(tab, world, "sb.kamen", "/abwesenheit")
    tab.get_by_label("Erster Tag").fill(TODAY)
    tab.get_by_label("Letzter Tag").fill((NOW + timedelta(days=10)).date().isoformat())
    tab.get_by_label("Vertretung", exact=True).select_option("Nadine Feldkötter")
    tab.get_by_role("button", name="Eintragen", exact=True).click()
    said(tab, "Die Abwesenheit ist eingetragen.")
    expect(tab.get_by_role("article")).to_contain_text("Nadine Feldkötter")
    open_as(tab, world, "recht.kamen", "/aufgaben?auswahl=vertretung")
    expect(tab.get_by_text("in Vertretung für Sven Dierksmeier").first).to_be_visible()
    tab.get_by_role("link", name=task["title"]).click()
    expect(tab.get_by_text("Sie handeln hier in Vertretung für Sven Dierksmeier.")).to_be_visible()
    tab.get_by_role("link", name="Abwesenheit").click()
    expect(tab.get_by_role("article")).to_contain_text("Sven Dierksmeier")

    open_as(tab, world, "sb.kamen", "/abwesenheit")
    tab.get_by_text("Ändern", exact=True).click()
    tab.get_by_role("button", name="Abwesenheit beenden").click()
    said(tab, "Die Abwesenheit ist beendet.")
    expect(tab.get_by_text("Es ist keine eingetragen.")).to_be_visible()


def test_an_absence_that_ends_before_it_begins_is_refused_with_what_would_do(
    world: World, tab: Page
) -> None:
    open_as(tab, world, "sb.kamen", "/abwesenheit")
    tab.get_by_label("Erster Tag").fill("2026-07-10")
    tab.get_by_label("Letzter Tag").fill("2026-07-09")
    tab.get_by_role("button", name="Eintragen", exact=True).click()
    expect(tab.get_by_role("alert")).to_have_text("Die Abwesenheit endet, bevor sie beginnt.")
    expect(tab.get_by_text("Angenommen wird: der 10.07.2026")).to_be_visible()
    tab.get_by_role("link", name="Zurück", exact=True).click()
    expect(tab.get_by_text("Es ist keine eingetragen.")).to_be_visible()


def test_the_supervisor_sees_a_gap_closes_it_assigns_and_hands_over(
    councils: tuple[World, str], tab: Page
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    title = world.task("sb.kamen", "record_resolution")["title"]
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/claim"))
    away(world, "sb.kamen")
    open_as(tab, world, "leitung.kamen", "/leitung")
    expect(tab).to_have_url(address(world, f"/leitung/{KAMEN}"))
    expect(tab.locator(".problem").first).to_contain_text("Niemand vertritt.")
    tab.get_by_text("Ändern", exact=True).click()
    tab.get_by_label("Weitere Vertretung").select_option("Nadine Feldkötter")
    tab.get_by_role("button", name="Vertretung eintragen").click()
    said(tab, "Die Vertretung ist eingetragen.")
    expect(tab.locator(".problem")).to_have_count(0)

    tab.get_by_label(f"{title}, ", exact=False).check()
    tab.get_by_label("Grund oder Hinweis").fill("Krankheit")
    tab.locator("select[name=to]").first.select_option("Nadine Feldkötter")
    tab.get_by_role("button", name="Vergebene neu zuweisen").click()
    said(tab, "1 von 1 Aufgabe")
    assert has(world, task_id) == "recht.kamen"

    tab.get_by_role("link", name="Zurück zur Liste").click()
    tab.get_by_text("Jemand scheidet aus oder wechselt").click()
    tab.get_by_label("Wer gibt ab").select_option("Nadine Feldkötter")
    tab.get_by_label("Grund", exact=True).fill("Versetzung")
    tab.get_by_role("button", name="Übergeben").click()
    said(tab, "1 Aufgabe übergeben")
    assert has(world, task_id) is None


def test_clerks_do_not_see_the_supervisors_page(world: World, tab: Page) -> None:
    open_as(tab, world, "sb.kamen", f"/leitung/{KAMEN}")
    expect(tab.get_by_role("alert")).to_contain_text("nur die Leitung")
    tab.goto(address(world, "/aufgaben"))
    expect(tab.get_by_role("link", name="Leitung")).to_have_count(0)
    tab.goto(address(world, "/versand"))
    expect(tab.get_by_role("alert")).to_contain_text("nur die Administration")


def test_a_due_date_is_moved_with_its_reason(councils: tuple[World, str], tab: Page) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    open_as(tab, world, "sb.kamen", f"/aufgaben/{task_id}")
    tab.get_by_text("Frist verlegen", exact=True).click()
    tab.get_by_label("Neues Ende der Frist").fill("2026-12-17")
    tab.get_by_label("Grund").fill("Der Rat tagt erst am 15. Dezember.")
    tab.get_by_role("button", name="Frist ändern").click()
    said(tab, "Die Frist ist geändert.")
    expect(tab.get_by_text("auf den 17.12.2026 (Sven Dierksmeier)")).to_be_visible()


def test_a_calendar_shows_its_address_once_and_is_revoked(world: World, tab: Page) -> None:
    open_as(tab, world, "sb.kamen", "/kalender")
    tab.get_by_label("Name").fill("Diensttelefon")
    tab.get_by_role("button", name="Anlegen").click()
    where = tab.get_by_label("Adresse").input_value()
    path = "/api/v1/calendars/" + where.rsplit("/", 1)[1]
    assert httpx.get(address(world, path), trust_env=False, timeout=60).text.startswith(
        "BEGIN:VCALENDAR"
    )
    tab.goto(address(world, "/kalender"))
    expect(tab.get_by_label("Adresse")).to_have_count(0)
    tab.get_by_role("button", name="Kalender Diensttelefon widerrufen").click()
    said(tab, "widerrufen")
    assert httpx.get(address(world, path), trust_env=False, timeout=60).status_code == 404


def test_the_administration_sees_what_became_of_the_mails(world: World, tab: Page) -> None:
    open_as(tab, world, "admin", "/versand")
    expect(tab.get_by_role("heading", name="Versand der E-Mails")).to_be_visible()
    expect(tab.get_by_text("Dazu gibt es keine E-Mails.")).to_be_visible()


def test_what_is_refused_half_way_leaves_nothing(world: World) -> None:
    with httpx.Client(base_url=world.address, trust_env=False, timeout=60) as client:
        headers = {"Origin": world.address}
        client.post(
            "/anmeldung", data={"username": "sb.kamen", "password": PASSWORD}, headers=headers
        )
        form = {"first_day": TODAY, "substitute": "sb.luenen"}
        answer = client.post("/abwesenheit", data=form, headers=headers)
    assert answer.status_code == 422
    assert "gehört nicht zu der Stadt Kamen" in answer.text
    # The absence itself had been written when its substitute was refused.
    assert ok(world.as_("sb.kamen").get("/absences"))["own"] == []


def test_a_second_click_writes_no_second_comment(councils: tuple[World, str]) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    with httpx.Client(base_url=world.address, trust_env=False, timeout=60) as client:
        headers = {"Origin": world.address}
        client.post(
            "/anmeldung", data={"username": "sb.kamen", "password": PASSWORD}, headers=headers
        )
        for _ in range(2):
            form = {"text": "TOP 7", "einmal": "0199c1de-7d6a"}
            answer = client.post(f"/aufgaben/{task_id}/vermerk", data=form, headers=headers)
            assert answer.status_code == 303
    comments = ok(world.as_("sb.kamen").get(f"/tasks/{task_id}/comments"))["items"]
    assert [comment["text"] for comment in comments] == ["TOP 7"]


def test_what_was_changed_meanwhile_is_not_overwritten(
    councils: tuple[World, str], tab: Page
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    open_as(tab, world, "sb.kamen", f"/aufgaben/{task_id}")
    plan = {"follow_up_on": "2026-06-20"}
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/planning", json=plan))
    tab.get_by_text("Wiedervorlage und Dringlichkeit", exact=True).click()
    tab.get_by_role("button", name="Speichern", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("hat sich inzwischen geändert")


FORMS = ("uebernehmen", "vermerk", "frist", "planung", "anlage", "zur-bearbeitung")


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_another_site_changes_nothing(councils: tuple[World, str], form: str) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    with httpx.Client(base_url=world.address, trust_env=False, timeout=60) as client:
        own = {"Origin": world.address}
        client.post("/anmeldung", data={"username": "sb.kamen", "password": PASSWORD}, headers=own)
        answer = client.post(
            f"/aufgaben/{task_id}/{form}",
            data={"text": "x"},
            headers={"Origin": "https://example.org"},
        )
    assert answer.status_code == 403
    assert has(world, task_id) is None


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("leer.pdf", b"", "Die Datei ist leer."),
        ("bild.exe", b"MZ", "nicht angenommen"),
        ("falsch.pdf", b"kein PDF", "ist kein PDF"),
        ("groß.pdf", b"%PDF-" + bytes(20 * 1024 * 1024), "größer als 20 MB"),
        ("riesig.pdf", b"%PDF-" + bytes(21 * 1024 * 1024), "größer als 20 MB"),
    ],
)
def test_files_that_are_not_taken_are_refused_in_words(
    councils: tuple[World, str], name: str, content: bytes, sentence: str
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    with httpx.Client(base_url=world.address, trust_env=False, timeout=60) as client:
        headers = {"Origin": world.address}
        client.post(
            "/anmeldung", data={"username": "sb.kamen", "password": PASSWORD}, headers=headers
        )
        answer = client.post(
            f"/aufgaben/{task_id}/anlage", files={"datei": (name, content)}, headers=headers
        )
        assert answer.status_code == 422
        assert sentence in answer.text
        assert ok(world.as_("sb.kamen").get(f"/tasks/{task_id}/attachments"))["items"] == []
