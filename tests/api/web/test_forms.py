"""What forms are answered, and what a page costs; without a browser."""

from __future__ import annotations

import socket
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import html

from api.auth import COOKIE
from tests.api.offices import away, has, join, resolution_task
from tests.api.test_statement_count import counted
from tests.api.web.conftest import signed_in
from tests.api.world import KAMEN, NOW, PASSWORD, TODAY, World, ok

TOMORROW, IN_A_WEEK = ((NOW + timedelta(days=days)).date().isoformat() for days in (1, 7))


def test_a_refusal_says_that_nothing_was_changed_also_on_the_way_to_the_list(world: World) -> None:
    with signed_in(world, "sb.kamen") as client:
        back = {"Referer": f"{world.address}/aufgaben"}
        refused = client.post("/aufgaben/mehrere", data={"tun": "plan"}, headers=back)
        assert refused.status_code == 422
        assert "Es wurde nichts geändert." in refused.text
        # Whoever only looked did not try to change anything.
        assert "Es wurde nichts geändert." not in client.get(f"/leitung/{KAMEN}").text


def test_who_gave_a_task_away_is_known_by_the_account_not_by_the_name(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    join(world, "sb2.kamen", "Sven Dierksmeier")
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/claim"))
    given = {"to": "sb2.kamen", "note": "Bitte prüfen."}
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/delegate", json=given))
    for username, words in (
        ("sb.kamen", "Von Sven Dierksmeier zurückholen"),
        ("sb2.kamen", "An Sven Dierksmeier zurückgeben"),
    ):
        with signed_in(world, username) as client:
            assert words in client.get(f"/aufgaben/{task_id}").text


def test_those_who_may_get_a_task_are_offered_and_judged_when_they_are_to_get_it(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    join(world, "sb2.kamen", "Lena Vogtsberg")
    away(world, "sb2.kamen", "kaemmerer.kamen")
    with signed_in(world, "leitung.kamen") as client:
        page = client.get(f"/aufgaben/{task_id}").text
        for username, offered in (
            ("sb.kamen", True),
            ("sb2.kamen", True),
            ("kaemmerer.kamen", True),
            ("recht.kamen", False),
        ):
            assert (f'<option value="{username}">' in page) == offered
        with counted(world) as few:
            client.get(f"/aufgaben/{task_id}")
        for number in range(3, 9):
            join(world, f"sb{number}.kamen", f"Person {number}")
        with counted(world) as seen:
            client.get(f"/aufgaben/{task_id}")
        assert len(seen) == len(few), "\n\n".join(seen)
        answer = client.post(f"/aufgaben/{task_id}/zuweisen", data={"to": "sb2.kamen"})
        assert answer.status_code == 409
        assert "Lena Vogtsberg ist heute abwesend." in answer.text
        answer = client.post(f"/aufgaben/{task_id}/zuweisen", data={"to": "kaemmerer.kamen"})
        assert answer.status_code == 303
    assert has(world, task_id) == "kaemmerer.kamen"


def test_a_form_is_read_before_a_connection_is_taken(councils: tuple[World, str]) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    sent = {"files": {"datei": ("riesig.pdf", b"%PDF-" + bytes(21 * 1024 * 1024))}}
    for where, content in (("anlage", sent), ("vermerk", {"data": {"text": "x" * 300_000}})):
        path = f"/aufgaben/{task_id}/{where}"
        with signed_in(world, "sb.kamen") as client, counted(world) as seen:
            assert client.post(path, **content).status_code == 422
            assert seen == []
            # Whoever is not signed in is led there as before.
            client.cookies.clear()
            answer = client.post(path, **content)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/anmeldung")


def form_on(page: str, action: str) -> html.HtmlElement:
    """The form of a page that is sent there."""
    document: html.HtmlElement = html.document_fromstring(page)
    (found,) = (form for form in document.forms if form.get("action").split("?")[0] == action)
    return found


def hidden_fields(page: str) -> dict[str, str]:
    """What the form for signing in would send of its own."""
    form = form_on(page, "/anmeldung")
    return {field.get("name"): field.get("value") for field in form.xpath(".//input[@value]")}


def typed_in_vain(world: World, task_id: str, where: str, **content: str) -> httpx.Response:
    """What is answered to a form that comes when the session is over: the cookie is gone."""
    came_from = {"Origin": world.address, "Referer": f"{world.address}/aufgaben/{task_id}"}
    with httpx.Client(
        base_url=world.address, headers=came_from, trust_env=False, timeout=60
    ) as client:
        return client.post(f"/aufgaben/{task_id}/{where}", data=content)


def sign_in_again(world: World, page: str, username: str = "sb.kamen") -> httpx.Response:
    """Sign in on the page that was shown."""
    fields = {**hidden_fields(page), "username": username, "password": PASSWORD}
    own = {"Origin": world.address}
    with httpx.Client(base_url=world.address, headers=own, trust_env=False, timeout=60) as client:
        return client.post("/anmeldung", data=fields)


@pytest.mark.parametrize("session", ["missing", "expired"])
def test_what_was_typed_when_the_session_was_over_stands_in_the_form_after_the_sign_in(
    councils: tuple[World, str], session: str
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    typed = "Mit Frau Ebbers besprochen:\r\nTOP 7 <nicht öffentlich> & „vertraulich“."
    with signed_in(world, "sb.kamen") as client:
        client.headers["Referer"] = f"{world.address}/aufgaben/{task_id}"
        client.cookies.clear()
        if session == "expired":
            client.cookies.set(COOKIE, "vb_abgelaufen")
        answer = client.post(f"/aufgaben/{task_id}/vermerk", data={"text": typed, "einmal": "1"})
    assert answer.status_code == 401
    assert "Ihre Eingabe ist noch da" in answer.text

    back = sign_in_again(world, answer.text)
    assert back.status_code == 200
    assert COOKIE in back.cookies
    assert "Sie ist noch nicht gesendet" in back.text
    form = form_on(back.text, f"/aufgaben/{task_id}/vermerk")
    assert form.fields["text"] == typed.replace("\r\n", "\n")
    # Of a page's own fields the new ones hold.
    assert form.fields["einmal"] != "1"
    # Signing in has carried nothing out.
    with signed_in(world, "sb.kamen") as client:
        assert "Frau Ebbers" not in client.get(f"/aufgaben/{task_id}").text


def test_choices_are_made_again_and_what_is_folded_is_opened(councils: tuple[World, str]) -> None:
    world, _ = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    task_id = resolution_task(world)
    version = str(ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/claim"))["version"])
    given = {"to": "sb2.kamen", "note": "Bitte prüfen.", "version": version}
    page = typed_in_vain(world, task_id, "zur-bearbeitung", **given).text
    form = form_on(sign_in_again(world, page).text, f"/aufgaben/{task_id}/zur-bearbeitung")
    assert (form.fields["to"], form.fields["note"]) == ("sb2.kamen", "Bitte prüfen.")
    assert form.getparent().get("open") == ""


def test_who_signs_in_again_overwrites_nothing_that_has_changed_meanwhile(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    with signed_in(world, "sb.kamen") as client:
        plan = form_on(client.get(f"/aufgaben/{task_id}").text, f"/aufgaben/{task_id}/planung")
    page = typed_in_vain(world, task_id, "planung", **dict(plan.fields)).text
    ok(world.as_("leitung.kamen").post(f"/tasks/{task_id}/planning", json={"priority": "high"}))
    back = sign_in_again(world, page)
    assert "Die Aufgabe wurde inzwischen geändert." in back.text
    form = form_on(back.text, f"/aufgaben/{task_id}/planung")
    assert form.fields["priority"] == "high"


def test_a_choice_that_is_gone_is_shown(councils: tuple[World, str]) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    ok(world.as_("sb.kamen").post(f"/tasks/{task_id}/claim"))
    given = {"to": "weg.kamen", "note": "Bitte prüfen."}
    page = typed_in_vain(world, task_id, "zur-bearbeitung", **given).text
    back = sign_in_again(world, page).text
    form = form_on(back, f"/aufgaben/{task_id}/zur-bearbeitung")
    assert (form.fields["to"], form.fields["note"]) == ("", "Bitte prüfen.")
    notice = back.partition("Sie sind wieder angemeldet")[2].partition("</section>")[0]
    assert "weg.kamen" in notice
    assert "Bitte prüfen." not in notice


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x0c", "\ufffe"])
def test_signs_that_no_page_can_hold_are_left_out(councils: tuple[World, str], sign: str) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    page = typed_in_vain(world, task_id, "vermerk", text=f"Aus Word{sign}kopiert").text
    back = sign_in_again(world, page)
    assert back.status_code == 200
    form = form_on(back.text, f"/aufgaben/{task_id}/vermerk")
    assert form.fields["text"] in ("Aus Wordkopiert", "Aus Word\ufffdkopiert")


def test_a_mere_button_leaves_nothing_to_give_back(councils: tuple[World, str]) -> None:
    world, _ = councils
    answer = typed_in_vain(world, resolution_task(world), "uebernehmen")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/anmeldung?weiter=")


def test_a_wrong_password_loses_nothing_of_it(councils: tuple[World, str]) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    page = typed_in_vain(world, task_id, "vermerk", text="Rückruf am Montag").text
    fields = {**hidden_fields(page), "username": "sb.kamen", "password": "falsch"}
    own = {"Origin": world.address}
    with httpx.Client(base_url=world.address, headers=own, trust_env=False, timeout=60) as client:
        again = client.post("/anmeldung", data=fields)
    assert again.status_code == 401
    assert "Rückruf am Montag" in sign_in_again(world, again.text).text


def test_where_the_form_is_gone_the_text_is_shown_to_be_copied(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    page = typed_in_vain(world, task_id, "vermerk", text="Nur für Kamen", einmal="geheim").text
    # The page is none of that person's business: it is refused, and the text is not lost.
    back = sign_in_again(world, page, "sb.luenen")
    assert back.status_code == 404
    assert "Nur für Kamen" in back.text
    assert "geheim" not in back.text


def test_nobody_is_given_to_send_what_another_site_has_made_up(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    foreign = {"Origin": "https://example.org"}
    with httpx.Client(
        base_url=world.address, headers=foreign, trust_env=False, timeout=60
    ) as client:
        path = f"/aufgaben/{resolution_task(world)}/vermerk"
        answer = client.post(path, data={"text": "Untergeschoben"})
    assert answer.status_code == 303
    assert "Untergeschoben" not in answer.text


def test_files_are_not_read_of_somebody_whose_session_is_over(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    own = f"Host: {urlsplit(world.address).netloc}\r\nOrigin: {world.address}\r\n"
    head = (
        f"POST /aufgaben/{task_id}/anlage HTTP/1.1\r\n{own}Cookie: {COOKIE}=vb_abgelaufen\r\n"
        "Content-Type: multipart/form-data; boundary=grenze\r\nContent-Length: 20000000\r\n\r\n"
    )
    where = urlsplit(world.address)
    with socket.create_connection((where.hostname, where.port), timeout=60) as line:
        # Not a byte of the file is sent, and still the answer comes.
        line.sendall(head.encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 303")


def test_a_search_is_not_lost_either(councils: tuple[World, str]) -> None:
    world, _ = councils
    with httpx.Client(base_url=world.address, trust_env=False, timeout=60) as client:
        answer = client.get("/aufgaben", params={"suche": "Satzung & Plan"})
    (weiter,) = parse_qs(urlsplit(answer.headers["location"]).query)["weiter"]
    assert parse_qs(urlsplit(weiter).query) == {"suche": ["Satzung & Plan"]}


def test_a_refusal_of_what_was_filled_in_again_leads_back_to_its_page(world: World) -> None:
    with signed_in(world, "sb.kamen") as client:
        back = {"Referer": f"{world.address}/anmeldung?weiter=%2Fabwesenheit"}
        refused = client.post("/abwesenheit", data={"first_day": "morgen"}, headers=back)
    assert refused.status_code == 422
    assert '<a href="/abwesenheit">Zurück</a>' in refused.text


def test_who_shortened_an_absence_is_read_where_it_stands(councils: tuple[World, str]) -> None:
    world, _ = councils
    absence = away(world, "sb.kamen", "recht.kamen", last_day=IN_A_WEEK)
    head = world.as_("leitung.kamen")
    ok(head.post(f"/absences/{absence['id']}/end", json={"last_day": TOMORROW}))
    said = f"Letzter Tag vorgezogen: bisher bis zum {german(IN_A_WEEK)}, jetzt bis zum "
    for username, path in (("sb.kamen", "/abwesenheit"), ("leitung.kamen", f"/leitung/{KAMEN}")):
        with signed_in(world, username) as client:
            assert f"{said}{german(TOMORROW)}." in client.get(path).text
    # Whoever stands in sees when, but not what became of it.
    with signed_in(world, "recht.kamen") as client:
        page = client.get("/abwesenheit").text
        assert f"bis {german(TOMORROW)}" in page
        assert said not in page
    ok(head.post(f"/absences/{absence['id']}/end", json={}))
    for username, path in (("sb.kamen", "/abwesenheit"), ("leitung.kamen", f"/leitung/{KAMEN}")):
        with signed_in(world, username) as client:
            assert "vorzeitig beendet" in client.get(path).text


def german(day: str) -> str:
    """A day as pages show it."""
    return f"{date.fromisoformat(day):%d.%m.%Y}"


def test_a_substitution_is_limited_on_the_page_as_it_is_over_the_interface(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    here = f"/leitung/{KAMEN}"
    wanted = {
        "username": "sb.kamen",
        "first_day": TODAY,
        "substitute": "recht.kamen",
        "body": KAMEN,
        "role": "clerk",
        "case": reference,
        "zurueck": here,
    }
    with signed_in(world, "leitung.kamen") as client:
        form = form_on(client.get(here).text, "/abwesenheit")
        assert {*wanted} <= {*form.fields} | {"last_day"}
        assert "clerk" in form.inputs["role"].value_options
        unknown = client.post("/abwesenheit", data=wanted | {"case": "IKZ-1999-0001"})
        assert unknown.status_code == 422
        assert "IKZ-1999-0001" in unknown.text
        assert client.post("/abwesenheit", data=wanted).status_code == 303
    [entered] = ok(world.as_("sb.kamen").get("/absences"))["own"]
    [entry] = entered["substitutions"]
    assert (entry["role"], entry["body"]["ags"], entry["case"]) == ("clerk", KAMEN, reference)

    # What is added later can be limited likewise.
    added = f"/abwesenheit/{entered['id']}/vertretung"
    with signed_in(world, "sb.kamen") as client:
        assert "case" in form_on(client.get("/abwesenheit").text, added).fields
        limited = {"substitute": "kaemmerer.kamen", "case": reference}
        assert client.post(added, data=limited).status_code == 303
        assert client.get("/abwesenheit").text.count(f"nur Vorgang {reference}") == 2


def test_a_task_comes_into_other_hands_only_in_the_ways_there_are(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = resolution_task(world)
    join(world, "sb2.kamen", "Lena Vogtsberg")

    def sent(client: httpx.Client, how: str, **content: str) -> tuple[int, str | None]:
        answer = client.post(f"/aufgaben/{task_id}/{how}", data=content)
        return answer.status_code, has(world, task_id)

    with signed_in(world, "sb.kamen") as clerk, signed_in(world, "leitung.kamen") as head:
        assert sent(clerk, "verschenken", to="sb2.kamen") == (404, None)
        assert sent(clerk, "uebernehmen") == (303, "sb.kamen")
        assert sent(clerk, "zur-bearbeitung", to="sb2.kamen") == (422, "sb.kamen")
        given = {"to": "sb2.kamen", "note": "Bitte prüfen."}
        assert sent(clerk, "zur-bearbeitung", version="1", **given) == (412, "sb.kamen")
        assert sent(clerk, "zur-bearbeitung", **given) == (303, "sb2.kamen")
        assert sent(clerk, "zurueck", note="Erledigt sich.") == (303, "sb.kamen")
        assert sent(clerk, "zurueckgeben") == (303, None)
        assert sent(head, "zuweisen", to="sb.kamen") == (303, "sb.kamen")
        taken = {"to": "sb2.kamen", "reason": "Krankheit"}
        assert sent(clerk, "neu-zuweisen", **taken) == (403, "sb.kamen")
        assert sent(head, "neu-zuweisen", **taken) == (303, "sb2.kamen")
    with signed_in(world, "sb.luenen") as stranger:
        assert sent(stranger, "uebernehmen") == (404, "sb2.kamen")
