"""Clerks record in the browser what was decided: enter, check, record; over HTTP, no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import httpx

from agreements.model.enums import Role
from api.auth import COOKIE
from tests.api.offices import away, join, resolution_task
from tests.api.web.conftest import signed_in
from tests.api.world import (
    AGREEMENT,
    BERGKAMEN,
    KAMEN,
    KREIS,
    SLUGS,
    TODAY,
    TOMORROW,
    World,
    finance_plan,
    ok,
)


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


ADOPTED = {"outcome": "adopted", "decided_on": TODAY, "votes__yes": "15"}


def test_a_changed_resolution_is_recorded_place_by_place_and_judged_by_the_lead(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        office.recorded(**ADOPTED)
    council = of_kind(world, "sb.kamen", "record_resolution")
    with at(world, "sb.kamen", council) as office:
        given = named({**ADOPTED, "outcome": "adopted_amended"})
        refused = office.client.post(office.path, data={**inputs(office.opened()), **given})
        assert refused.status_code == 422
        assert (
            '<a href="#f-amendments">Bitte angeben, was abweichend beschlossen wurde'
            in refused.text
        )
        given |= {
            "amendments.0.place": "§ 4 Abs. 2",
            "amendments.0.wording": "Zu <gleichen> Teilen.",
        }
        more = {**inputs(refused.text), **given, "schritt": "mehr:amendments"}
        again = office.client.post(office.path, data=more).text
        # What was entered is still there, and there is one more place.
        assert inputs(again)["amendments.0.wording"] == "Zu <gleichen> Teilen."
        assert inputs(again)["votes.yes"] == "15"
        second = {"amendments.1.place": "§ 5", "amendments.1.wording": "Entfällt."}
        assert second.keys() <= inputs(again).keys()
        checked = office.client.post(office.path, data={**inputs(again), **second})
        assert "Neue Aufgabe" not in shown(checked.text), "the lead's task is not Kamen's to see"
        done = office.client.get(office.record(checked).headers["location"]).text
        assert "Abweichung § 4 Abs. 2 Zu <gleichen> Teilen." in shown(done)
    assert len(of_kamen(world, reference)[-1]["amendments"]) == 2

    with at(world, "recht.schwerte", of_kind(world, "recht.schwerte", "judge_amendment")) as office:
        assert "Abweichung: § 5 Entfällt." in shown(office.opened())
        refused = office.check(materiality="material", reason="Andere Kosten.", judged_on=TODAY)
        assert "Angenommen wird: „neue Textfassung“ oder „erneute Beratung" in shown(refused.text)
        said = office.recorded(
            materiality="editorial", reason="Nur die Reihenfolge.", judged_on=TODAY
        )
    assert "Begründung Nur die Reihenfolge." in said


def test_a_reservation_is_settled_where_it_was_made(councils: tuple[World, str]) -> None:
    world, _ = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        office.recorded(**ADOPTED)
    with at(world, "sb.kamen", of_kind(world, "sb.kamen", "record_resolution")) as office:
        given = {**ADOPTED, "outcome": "adopted_conditionally"}
        missing = office.check(**given)
        assert "unter welchem Vorbehalt" in missing.text
        checked = office.check(**given, reservation="Haushalt 2027 ist genehmigt")
        assert "Neue Aufgabe: „Vorbehalt klären“ für die Stadt Kamen" in shown(checked.text)
        office.record(checked)
    with at(world, "sb.kamen", of_kind(world, "sb.kamen", "settle_reservation")) as office:
        assert "Vorbehalt Haushalt 2027 ist genehmigt" in shown(office.opened())
        checked = office.check(fulfilled="false", reason="Haushalt versagt.", settled_on=TODAY)
        assert "ausgefallen" in shown(checked.text)
        said = office.recorded(fulfilled="true", reason="Haushalt genehmigt.", settled_on=TODAY)
    assert "offen → erfüllt" in said


def test_a_deferred_item_comes_again_and_an_item_is_referred(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    first = resolution_task(world)
    with at(world, "sb.kamen", first) as office:
        wrong = office.check(outcome="deferred", decided_on=TODAY, next_meeting_on=TODAY)
        assert '<a href="#f-next_meeting_on">' in wrong.text
        office.recorded(outcome="deferred", decided_on=TODAY, next_meeting_on=TOMORROW)
    with at(world, "sb.kamen", resolution_task(world)) as office:
        unknown = office.check(outcome="referred", decided_on=TODAY, referred_to="Beirat")
        assert "Ein anderes Gremium „Beirat“ ist" in shown(unknown.text)
        checked = office.check(outcome="referred", decided_on=TODAY)
        assert "verwiesen" in shown(checked.text)
        office.record(checked)
    assert [taken["outcome"] for taken in of_kamen(world, reference)] == ["deferred", "referred"]


# What is entered beside or instead of ``ADOPTED``; where the page leads to, and what it says.
FAULTS = (
    ({"outcome": ""}, "f-outcome", "Bitte angeben: Wie ist entschieden worden?"),
    ({"decided_on": ""}, "f-decided_on", "Bitte angeben: Tag der Sitzung"),
    ({"decided_on": "31.02.2026"}, "f-decided_on", "ist kein gültiges Datum"),
    ({"decided_on": TOMORROW}, "f-decided_on", "liegt in der Zukunft"),
    ({"decided_on": "1.1.2026"}, "f-decided_on", "vor dem Datum der Beschlussvorlage"),
    ({"votes__yes": "viele"}, "f-votes-yes", "„Ja“ muss eine ganze Zahl sein."),
    ({"votes__yes": "30"}, "f-votes-yes", "übersteigt die Zahl der Stimmberechtigten"),
    ({"votes__yes": "2", "votes__no": "9"}, "f-outcome", "keine Mehrheit"),
    ({"reservation": "Haushalt"}, "f-outcome", "Ein Vorbehalt passt nur zu"),
    ({"members_present": "3"}, "f-quorum", "Beschlussunfähigkeit nicht festgestellt"),
    ({"remark": "x\x07y"}, "f-remark", "Steuerzeichen"),
)


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        for given, anchor, sentence in FAULTS:
            entered = {**ADOPTED, "agenda_item": "Ö 7 & <8>", **given}
            answer = office.check(**entered)
            assert answer.status_code == 422, given
            [link] = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', answer.text)
            assert (link[0], sentence in unescape(link[1])) == (anchor, True), link
            assert f'id="{anchor}"' in answer.text
            assert "<title>Fehler: " in answer.text
            assert "Es wurde noch nichts eingetragen." in answer.text
            kept = inputs(answer.text)
            assert {path: kept.get(path, "") for path in named(entered)} == named(entered)
    assert of_kamen(world, reference) == []


def test_a_second_click_records_once(councils: tuple[World, str]) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        checked = office.check(**ADOPTED)
        answers = [office.record(checked) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(of_kamen(world, reference)) == 1


def test_whoever_was_faster_is_named_with_what_they_recorded(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    task_id = resolution_task(world)
    with at(world, "sb.kamen", task_id) as slow, at(world, "sb2.kamen", task_id) as fast:
        entered = slow.check(**{**ADOPTED, "votes__yes": "11"})
        fast.recorded(**ADOPTED)
        for answer in (
            slow.record(entered),
            slow.client.post(slow.path, data=inputs(entered.text)),
        ):
            assert answer.status_code == 409
            said = shown(answer.text)
            assert "Lena Vogtsberg hat die Aufgabe bereits am 01.06.2026" in said
            assert "Ihre Angaben wurden nicht eingetragen." in said
            assert "Das ist eingetragen Eingetragen Beschluss erfasst, 01.06.2026" in said
            assert "Stimmen ja 15, nein –, Enthaltungen –" in said
            assert re.search("Das wollten Sie eintragen .* Ja 11", said)
        # The link in the mail still leads somewhere.
        link = slow.client.get(slow.path, follow_redirects=True)
        assert "Lena Vogtsberg hat die Aufgabe bereits" in shown(link.text)
    assert [taken["votes"]["yes"] for taken in of_kamen(world, reference)] == [15]


def test_a_task_that_somebody_has_taken_meanwhile_is_not_recorded_over_their_head(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    with at(world, "sb.kamen", resolution_task(world)) as office:
        checked = office.check(**ADOPTED)
        ok(world.as_("sb2.kamen").post(f"/tasks/{office.task_id}/claim"))
        answer = office.record(checked)
        assert answer.status_code == 409
        assert "Lena Vogtsberg hat die Aufgabe bereits übernommen." in shown(answer.text)
        assert re.search("Das wollten Sie eintragen .* Ja 15", shown(answer.text))
        # Said before anybody enters anything.
        page = office.client.get(office.path, follow_redirects=True).text
        assert "Lena Vogtsberg hat die Aufgabe bereits übernommen." in shown(page)
        assert "/erfassen" not in page
    assert of_kamen(world, reference) == []


def test_what_has_changed_meanwhile_is_looked_at_again_with_all_that_was_entered(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        checked = office.check(**ADOPTED)
        plan = {"priority": "high"}
        ok(world.as_("sb.kamen").post(f"/tasks/{office.task_id}/planning", json=plan))
        answer = office.record(checked)
        assert answer.status_code == 412
        assert "Die Aufgabe hat sich inzwischen geändert." in answer.text
        assert inputs(answer.text)["votes.yes"] == "15"
        again = office.client.post(office.path, data=inputs(answer.text))
        assert office.record(again).status_code == 303
    assert len(of_kamen(world, reference)) == 1


def test_others_cannot_record_it(councils: tuple[World, str]) -> None:
    world, reference = councils
    task_id = resolution_task(world)
    with at(world, "sb.kamen", task_id) as office:
        sent = inputs(office.check(**ADOPTED).text)
    with at(world, "sb.luenen", task_id) as office:
        assert office.client.get(office.path).status_code == 404
        for step in ("", "/eintragen"):
            assert office.client.post(office.path + step, data=sent).status_code == 404
    with at(world, "recht.kamen", task_id) as office:
        page = office.client.get(office.path, follow_redirects=True).text
        assert "Für diese Aufgabe sind andere zuständig." in page
        for step in ("", "/eintragen"):
            answer = office.client.post(office.path + step, data=sent)
            assert answer.status_code == 403
            assert "Erledigen kann sie nur, wer dort zuständig ist." in answer.text
    assert of_kamen(world, reference) == []


def test_a_form_of_another_kind_or_of_no_kind_is_refused(councils: tuple[World, str]) -> None:
    world, _ = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        other = {"art": "record_notice", "published_on": TODAY, "medium": "Amtsblatt"}
        answer = office.client.post(office.path, data=other)
        assert "Die Aufgabe verlangt: Beschluss erfassen." in answer.text
        for nothing in ({}, {"art": "unfug"}):
            answer = office.client.post(office.path, data={**other, "art": "", **nothing})
            assert answer.status_code == 422
            assert "Bitte von vorn beginnen." in answer.text


def test_whose_sign_in_has_ended_goes_on_with_what_was_entered(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        sent = inputs(office.check(**{**ADOPTED, "remark": "<b>Umlaut: ß</b>"}).text)
        office.client.cookies.clear()
        for secret in (None, "vb_gibt-es-nicht"):
            if secret is not None:
                office.client.cookies.set(COOKIE, secret)
            for step in ("", "/eintragen"):
                answer = office.client.post(office.path + step, data=sent)
                assert answer.status_code == 401
                assert "Ihre Anmeldung ist abgelaufen" in answer.text
                assert f"/anmeldung?weiter={office.path}" in answer.text
        assert of_kamen(world, reference) == []
        kept = inputs(answer.text)
        assert kept["remark"] == "<b>Umlaut: ß</b>"
        office.client.cookies.set(COOKIE, world.token("sb.kamen"))
        again = office.client.post(office.path, data=kept)
        assert office.record(again).status_code == 303
    assert of_kamen(world, reference)[0]["remark"] == "<b>Umlaut: ß</b>"


def test_a_form_of_another_site_is_neither_read_nor_shown(councils: tuple[World, str]) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        sent = inputs(office.check(**{**ADOPTED, "remark": "untergeschoben"}).text)
        foreign = {"Origin": "https://example.org"}
        for cookies in (True, False):
            if not cookies:
                office.client.cookies.clear()
            for step in ("", "/eintragen"):
                answer = office.client.post(office.path + step, data=sent, headers=foreign)
                assert answer.status_code == 403
                assert "untergeschoben" not in answer.text
    assert of_kamen(world, reference) == []


def test_a_substitute_records_for_the_one_who_is_away(councils: tuple[World, str]) -> None:
    world, _ = councils
    away(world, "sb.kamen", "recht.kamen")
    with at(world, "recht.kamen", resolution_task_of(world, "recht.kamen")) as office:
        assert "im Verlauf steht „Nadine Feldkötter für Sven Dierksmeier“" in shown(office.opened())
        said = office.recorded(**ADOPTED)
    assert "Von Nadine Feldkötter für Sven Dierksmeier, 01.06.2026" in said


def resolution_task_of(world: World, username: str) -> str:
    """The task of Kamen's clerks, as somebody sees it who stands in."""
    params: dict[str, str | bool] = {"kind": "record_resolution", "standing_in": True}
    return str(ok(world.as_(username).get("/tasks", params=params))["items"][0]["id"])


def test_the_second_pair_of_eyes_is_another_person_and_that_is_said_at_once(world: World) -> None:
    world.to_coordination()
    join(world, "beides", "Mira Halsband", (Role.LEGAL, KREIS), (Role.TREASURER, KREIS))
    plan = finance_plan()
    with at(world, "beides", of_kind(world, "beides", "draft_finance_plan")) as office:
        item = plan["plan"]["items"][0]
        given = {
            **{key: plan[key] for key in ("description", "starts_on", "ends_on", "planned_on")},
            "plan__items__0__label": item["label"],
            "plan__items__0__kind": item["kind"],
            "plan__items__0__amount": item["amount"].replace(".", ","),
            "plan__grant": plan["plan"]["grant"].replace(".", ","),
        }
        short = office.check(**given)
        assert "deckt die Ausgaben von 400.000,00 Euro nicht genau" in shown(short.text)
        assert inputs(short.text)["plan.own_contributions.1.name"] == "Kreis Unna"
        own = plan["plan"]["own_contributions"][0]["amount"]
        said = office.recorded(**given, plan__own_contributions__1__amount=own)
    assert "Finanzierungsplan aufgestellt" in said
    checking = of_kind(world, "beides", "check_finance_plan")
    with at(world, "beides", checking) as office:
        page = shown(office.client.get(office.path, follow_redirects=True).text)
        assert "Vier-Augen-Prinzip: Wer den ersten Teil erledigt hat" in page
        sent = {"art": "check_finance_plan", "verdict": "agreed", "checked_on": TODAY}
        answer = office.client.post(f"{office.path}/eintragen", data=sent)
        assert answer.status_code == 409
        assert "Vier-Augen-Prinzip" in answer.text
    with at(world, "kaemmerer.kreis-unna", checking) as office:
        assert "Zuwendungsfähige Ausgaben 400.000,00 Euro" in shown(office.opened())
        assert "was am Plan zu ändern ist" in office.check(verdict="changes_wanted").text
        office.recorded(verdict="changes_wanted", remark="Bitte die Personalkosten trennen.")
    with at(world, "beides", of_kind(world, "beides", "draft_finance_plan")) as office:
        # It begins with the plan that came back.
        begun = office.opened()
        assert "Bemerkung der Prüfung Bitte die Personalkosten trennen." in shown(begun)
        assert inputs(begun)["plan.items.0.amount"] == "400000,00"
        assert inputs(begun)["ends_on"] == "31.12.2029"
        assert inputs(begun)["plan.own_contributions.1.amount"] == own.replace(".", ",")


def test_what_is_missing_is_said_before_anybody_enters_anything(world: World) -> None:
    reference = world.start()
    lead = "recht.schwerte"
    with at(world, lead, of_kind(world, lead, "submit_draft")) as office:
        answer = office.client.get(office.path)
        assert answer.status_code == 409
        assert "Es gibt noch keine Fassung der Vereinbarung." in answer.text
        assert '<form method="post" action="/aufgaben' not in answer.text
        ok(world.as_(lead).post(f"/cases/{reference}/versions", json=AGREEMENT))
        office.recorded()
    world.drive()
    freezing = of_kind(world, lead, "freeze_version")
    with at(world, lead, freezing) as office:
        answer = office.client.get(office.path)
        assert "Es fehlt noch die Stellungnahme von: Kreis Unna, Bergkamen" in answer.text
    for slug in SLUGS.values():
        with at(world, f"sb.{slug}", of_kind(world, f"sb.{slug}", "give_statement")) as office:
            verdict = "changes_wanted" if slug == "kamen" else "agreed"
            said = office.recorded(verdict=verdict, comment="§ 5 bitte ergänzen.")
            assert "Stellungnahme abgegeben" in said
    with at(world, lead, freezing) as office:
        refused = office.check()
        assert "Änderungen wünschen noch: Kamen" in refused.text
        assert "Version" not in office.recorded(remark="Steht schon in § 6.")
    assert ok(world.as_(lead).get(f"/cases/{reference}/versions"))["items"][-1]["frozen_on"]


def test_from_the_last_resolution_to_the_notice_everything_is_recorded_on_pages(
    world: World,
) -> None:
    reference = world.to_confirmation()
    lead = "recht.schwerte"

    def record(username: str, kind: str, **given: str | list[str]) -> str:
        with at(world, username, of_kind(world, username, kind)) as office:
            said = office.recorded(**given)
        world.drive()
        return said

    record(lead, "confirm_resolutions")
    for slug in SLUGS.values():
        # Who signs for the body stands there already.
        record(f"unterschrift.{slug}", "record_signature", signed_on=TODAY)
    assert "Elke Rappholt" in str(ok(world.as_(lead).get(f"/cases/{reference}/signing")))
    record(lead, "submit_to_authority", applied_on=TODAY, received_on=TODAY)
    with at(world, lead, of_kind(world, lead, "record_authority_answer")) as office:
        page = shown(office.opened())
        assert "Ende der Frist 29.06.2026. Der Antrag ist eingegangen am Montag, 1. Juni" in page
        # Nobody files what has to be approved.
        assert "angezeigt" not in page
        early = office.check(answer="deemed_approved", answered_on=TODAY)
        assert "gilt erst nach Ablauf der Frist am 29.06.2026 als erteilt" in shown(early.text)
    record(lead, "record_authority_answer", answer="approved", answered_on=TODAY, reference="31.04")
    with at(world, lead, of_kind(world, lead, "record_publication")) as office:
        given = {"published_on": TODAY, "gazette": "Amtsblatt Arnsberg", "issue": "26/2026"}
        assert "Wirksam am 02.06.2026" in shown(office.check(**given).text)
    record(lead, "record_publication", **given)
    said = record("sb.kamen", "record_notice", published_on=TODAY, medium="Amtsblatt Kamen 14")
    assert "Medium Amtsblatt Kamen 14" in said


def test_an_additional_task_is_reported_as_done(councils: tuple[World, str]) -> None:
    world, reference = councils
    wanted = {
        "stage": "agreement_councils",
        "body": BERGKAMEN,
        "title": "Datenschutz",
        "reason": "Der Rat fragt danach.",
        "decided_on": TODAY,
    }
    ok(world.as_("recht.schwerte").post(f"/cases/{reference}/tasks", json=wanted))
    with at(world, "sb.bergkamen", of_kind(world, "sb.bergkamen", "ad_hoc")) as office:
        assert "ist zu kurz" in office.check(result="x").text
        said = office.recorded(result="Keine Bedenken.")
    assert "Keine Bedenken." in said


def test_the_minutes_are_read_into_the_form(councils: tuple[World, str]) -> None:
    world, reference = councils
    text = "Einstimmig bei 2 Enthaltungen beschlossen."
    with at(world, "sb.kamen", resolution_task(world)) as office:
        sent = {**inputs(office.opened()), "source_text": text, "schritt": "einlesen"}
        page = office.client.post(office.path, data=sent).text
        assert "Eingelesen: beschlossen. Bitte mit der Niederschrift vergleichen." in page
        read = inputs(page)
        assert (read["outcome"], read["votes.abstained"]) == ("adopted", "2")
        checked = office.client.post(office.path, data={**read, "decided_on": TODAY})
        assert "(einstimmig, Ja nicht bekannt, Nein nicht bekannt, 2 Enthaltungen)" in checked.text
        office.record(checked)
    [taken] = of_kamen(world, reference)
    assert taken["source_text"] == text
