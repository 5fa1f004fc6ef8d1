"""Clerks record in the browser what their committees decided: enter, check, record; no script."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

from api.auth import COOKIE
from tests.api.offices import away, join, resolution_task
from tests.api.web.office import ADOPTED, at, inputs, named, of_kamen, of_kind, shown
from tests.api.world import AGREEMENT, TODAY, TOMORROW, World, ok


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
        # In the same instant, and once more later.
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(office.record, [checked] * 3))
        answers.append(office.record(checked))
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


def test_of_two_who_record_in_the_same_instant_one_is_told_of_the_other(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    join(world, "sb2.kamen", "Lena Vogtsberg")
    task_id = resolution_task(world)
    with at(world, "sb.kamen", task_id) as one, at(world, "sb2.kamen", task_id) as other:
        checked = [(office, office.check(**ADOPTED)) for office in (one, other)]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda pair: pair[0].record(pair[1]), checked))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    [late] = [answer for answer in answers if answer.status_code == 409]
    assert "hat die Aufgabe bereits am 01.06.2026" in late.text
    assert len(of_kamen(world, reference)) == 1


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
            # Also what could not be recorded as it is.
            faulty = office.client.post(office.path, data={**sent, "decided_on": "morgen"})
            assert (faulty.status_code, inputs(faulty.text)["decided_on"]) == (401, "morgen")
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


def test_a_statement_on_a_text_that_is_new_meanwhile_is_asked_for_again(world: World) -> None:
    reference = world.to_coordination()
    with at(world, "sb.kamen", of_kind(world, "sb.kamen", "give_statement")) as office:
        typed = {**inputs(office.opened()), "verdict": "agreed", "comment": "Wie besprochen."}
        changed = {**AGREEMENT, "tasks": [*AGREEMENT["tasks"], "Ein Datenraum"]}
        lead = world.as_("recht.schwerte")
        ok(lead.post(f"/cases/{reference}/versions", json=changed))
        again = office.client.post(office.path, data=typed)
        assert again.status_code == 409
        assert "Die neueste Fassung ist 2, nicht 1." in shown(again.text)
        # The comment is kept; whether one agrees with the new text is another question.
        given = inputs(again.text)
        assert (given["version"], given["comment"]) == ("2", "Wie besprochen.")
        assert "verdict" not in given
        page = office.client.post(office.path, data={**given, "verdict": "agreed"})
        assert page.status_code == 200


def test_a_result_that_was_corrected_says_so(councils: tuple[World, str]) -> None:
    world, reference = councils
    join(world, "zwei.kamen", "Lena Vogtsberg")
    with at(world, "sb.kamen", resolution_task(world)) as office:
        office.recorded(**ADOPTED)
        (resolution,) = of_kamen(world, reference)
        entry = {**world.resolution(reference), "votes": {"yes": 3, "no": 1, "abstained": 0}}
        ok(
            world.as_("zwei.kamen").post(
                f"/cases/{reference}/resolutions/{resolution['id']}/correction",
                json={"entry": entry, "reason": "Zahlendreher in der Niederschrift."},
            )
        )
        page = shown(office.client.get(f"/aufgaben/{office.task_id}").text)
    assert "Seitdem Eintrag berichtigt am 01.06.2026" in page


def test_a_next_meeting_of_another_age_is_a_slip(councils: tuple[World, str]) -> None:
    world, _ = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        deferred = {**ADOPTED, "outcome": "deferred", "next_meeting_on": "31.12.9999"}
        answer = office.check(**deferred)
    assert answer.status_code == 422
    assert "31.12.9999" in answer.text
