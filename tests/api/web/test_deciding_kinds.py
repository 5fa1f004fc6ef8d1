"""What else is recorded on the pages: from the draft to the notice, with a second pair of eyes."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Final

from sqlalchemy import select, update

from agreements import clock
from agreements.model.bodies import Body, Committee
from agreements.model.enums import NoticeKind, Role
from tests.agreements.documents.signatures.papers import covered, images_of, scan
from tests.api.offices import join, told
from tests.api.test_signing_copies import make_print_set
from tests.api.web.office import ADOPTED, at, inputs, of_kind, shown
from tests.api.world import (
    AGREEMENT,
    BERGKAMEN,
    KAMEN,
    KREIS,
    NOW,
    SLUGS,
    TODAY,
    TOMORROW,
    World,
    finance_plan,
    ok,
)

KIND: Final = "draft_finance_plan"


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


def test_no_entry_of_a_long_list_is_lost_and_every_fault_leads_to_its_place(world: World) -> None:
    world.to_coordination()
    plan = finance_plan()
    with at(world, "recht.kreis-unna", of_kind(world, "recht.kreis-unna", KIND)) as office:
        item = plan["plan"]["items"][0]
        given = {
            **{key: plan[key] for key in ("description", "starts_on", "ends_on", "planned_on")},
            **{f"plan__items__0__{key}": item[key] for key in ("label", "kind", "amount")},
            "plan__items__120__label": "Bewirtung",
            "plan__items__120__kind": item["kind"],
            "plan__items__120__amount": "5",
            "plan__grant": plan["plan"]["grant"],
        }
        own = Decimal(plan["plan"]["own_contributions"][0]["amount"])
        long = office.check(**given)
        assert "deckt die Ausgaben von 400.005,00 Euro nicht genau" in shown(long.text)
        assert inputs(long.text)["plan.items.120.label"] == "Bewirtung"
        stranger = office.check(
            **given,
            plan__own_contributions__1__ags="05999999",
            plan__own_contributions__1__amount=str(own + 5),
        )
    assert stranger.status_code == 422
    places = re.findall(r'<li><a href="#([^"]+)"', stranger.text)
    assert "f-plan-own_contributions-1" in places
    assert all(f'id="{place}"' in stranger.text for place in places)


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
            # The task's version is no longer that of the text.
            ok(world.as_(f"sb.{slug}").post(f"/tasks/{office.task_id}/claim"))
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

    planning = ok(world.as_("recht.kreis-unna").get("/tasks", params={"kind": KIND}))["items"]
    plan = {"kind": KIND, **finance_plan()}
    path = f"/tasks/{planning[0]['id']}/complete"
    ok(world.as_("recht.kreis-unna").post(path, json=plan))
    record("kaemmerer.kreis-unna", "check_finance_plan", verdict="agreed")
    # The next morning: in force, and still signed in.
    with clock.fixed(NOW + timedelta(hours=20)):
        world.drive()
        applicant = "recht.kreis-unna"
        applying = of_kind(world, applicant, "submit_application")
        with at(world, applicant, applying) as office:
            assert "Beantragte Zuwendung" in shown(office.opened())
            without = office.check(submitted_on=TOMORROW)
            assert "Bitte angeben: Eingangsbestätigung" in without.text
            given = {"submitted_on": TOMORROW, "receipt_reference": "34.02-17/2026"}
            said = shown(office.check(**given).text)
            assert "am 02.06.2026 eingereicht worden (Eingangsbestätigung: 34.02-17/2026)" in said
            assert "34.02-17/2026" in office.recorded(**given)


def test_an_additional_task_is_reported_as_done(councils: tuple[World, str]) -> None:
    world, reference = councils
    wanted = {
        "stage": "agreement_councils",
        "body": BERGKAMEN,
        "title": "Datenschutz",
        "details": "Bitte die Vereinbarung nach Art. 26 DSGVO ansehen.",
        "reason": "Der Rat fragt danach.",
        "decided_on": TODAY,
    }
    ok(world.as_("recht.schwerte").post(f"/cases/{reference}/tasks", json=wanted))
    with at(world, "sb.bergkamen", of_kind(world, "sb.bergkamen", "ad_hoc")) as office:
        assert "Art. 26 DSGVO ansehen." in office.opened()
        assert "ist zu kurz" in office.check(result="x").text
        said = office.recorded(result="Keine Bedenken.")
    assert "Keine Bedenken." in said


def test_an_urgent_decision_is_confirmed_or_annulled_by_the_council(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    signatories = [
        {"name": "Elke Rappholt", "function": "Bürgermeisterin", "capacity": "head"},
        {"name": "Uwe Beispiel", "function": "Ratsmitglied", "capacity": "member"},
    ]
    wanted = {
        "stage": "head_and_member",
        "decided_on": TODAY,
        "text_hash": world.text_hash(reference),
        "reason": "Die Antragsfrist endet morgen.",
        "main_committee_prevented": "Er kann nicht geladen werden.",
        "harm": "Die Förderung verfällt.",
        "signatories": signatories,
    }
    ok(world.as_("sb.kamen").post(f"/cases/{reference}/urgent-decisions", json=wanted))
    task_id = of_kind(world, "sb.kamen", "confirm_urgent_decision")
    with at(world, "sb.kamen", task_id) as office:
        assert "Begründung der Dringlichkeit Die Antragsfrist endet morgen." in shown(
            office.opened()
        )
        why = office.check(confirmed="false", decided_on=TODAY)
        assert '<a href="#f-reason">Bitte angeben, warum' in why.text
        given = {"confirmed": "true", "decided_on": TODAY, "votes__yes": "20", "votes__no": "1"}
        assert (
            "Der Rat der Stadt Kamen hat die Dringlichkeitsentscheidung am 01.06.2026 genehmigt "
            "(20 Ja, 1 Nein, Enthaltungen nicht bekannt)."
        ) in shown(office.check(**given).text)
        assert "Dringlichkeitsentscheidung genehmigt" in office.recorded(**given)


def test_whoever_was_not_named_reads_nothing_of_a_private_consultation(world: World) -> None:
    with world.sessions.begin() as session:
        kamen = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        session.execute(update(Committee).where(Committee.body_id == kamen).values(public=False))
    world.to_councils()
    secret = "Nur für die Augen des Rates."
    for _ in range(2):
        with at(world, "sb.kamen", of_kind(world, "sb.kamen", "record_resolution")) as office:
            assert "nichtöffentliche Beratung" in office.opened()
            given = {**ADOPTED, "outcome": "adopted_amended"}
            given |= {"amendments__0__place": "§ 4", "amendments__0__wording": secret}
            assert secret in office.recorded(**given)
    with at(world, "recht.schwerte", of_kind(world, "recht.schwerte", "judge_amendment")) as office:
        sent = {"art": "judge_amendment", "materiality": "editorial", "reason": "Ungesehen."}
        sent |= {"judged_on": TODAY}
        for answer in (
            office.client.get(office.path, follow_redirects=True),
            office.client.post(office.path, data=sent),
            office.client.post(office.path, data={**sent, "reason": ""}),
            office.client.post(office.path, data={**sent, "schritt": "aendern"}),
            office.client.post(f"{office.path}/eintragen", data=sent),
        ):
            assert "muss Sie zuerst für die nichtöffentlichen Beratungen benennen" in answer.text
            assert secret not in answer.text
            assert "Haupt- und Finanzausschuss" not in answer.text


def test_a_scan_of_the_signed_paper_is_filed_beside_the_signature(world: World) -> None:
    reference = world.to_signing()
    who = "unterschrift.kamen"
    with at(world, who, of_kind(world, who, "record_signature")) as office:
        page = shown(office.opened())
        assert "Unterschreiben können heute: Elke Rappholt (Bürgermeisterin), Martin" in page
        assert "Druckexemplar erstellen" in page
        where = f"{office.path}/ausfertigung"
        early = office.client.post(where, files={"datei": ("Scan.pdf", b"%PDF-1.7")})
        assert "gibt es noch kein Druckexemplar" in early.text
        printed = make_print_set(world, reference)
        assert "Druckexemplar zur Unterzeichnung" in office.opened()
        broken = office.client.post(where, files={"datei": ("Scan.exe", b"MZ")})
        assert broken.status_code == 422
        content = BytesIO(scan(images_of(printed)))
        filed = office.client.post(where, files={"datei": ("Scan Kamen.pdf", content)})
        assert filed.status_code == 303, filed.text
        page = shown(office.client.get(filed.headers["location"]).text)
        assert "Die unterschriebene Ausfertigung ist geprüft und abgelegt." in page
        assert "Scan Kamen.pdf (geprüft" in page
        wrong = office.check(signed_on=TODAY, form="qualified_electronic")
        assert "Dazu passt nicht: qualifizierte elektronische Signatur" in shown(wrong.text)
        checked = shown(office.check(signed_on=TODAY).text)
        assert "steht auf der abgelegten Ausfertigung „Scan Kamen.pdf“." in checked
        said = office.recorded(signed_on=TODAY)
        assert "Unterschrieben von Elke Rappholt (Bürgermeisterin)" in said
        assert "Ausfertigung Scan Kamen.pdf" in said
    found = ok(world.as_("recht.kamen").get(f"/cases/{reference}/signing"))["parties"]
    [kamen] = [party for party in found if party["body"]["ags"] == KAMEN]
    assert kamen["missing"] == []


def test_what_the_scanner_lost_is_looked_at_by_the_legal_office_on_the_same_page(
    world: World,
) -> None:
    reference = world.to_signing()
    who = "unterschrift.kamen"
    task_id = of_kind(world, who, "record_signature")
    pages = images_of(make_print_set(world, reference))
    content = BytesIO(scan([pages[0], covered(pages[1]), pages[2]]))
    with at(world, who, task_id) as office:
        where = f"{office.path}/ausfertigung"
        office.client.post(where, files={"datei": ("Scan Kamen.pdf", content)})
        assert "muss sie ansehen und bestätigen" in shown(office.opened())
        assert "muss erst eine zweite Person bestätigen" in office.check(signed_on=TODAY).text
        assert "Ausfertigung bestätigen" not in office.client.get(f"/aufgaben/{task_id}").text
    assert "Scan Kamen.pdf" in told(world, "recht.kamen", NoticeKind.COPY_TO_CONFIRM)[0]
    with at(world, "recht.kamen", task_id) as office:
        page = office.client.get(f"/aufgaben/{task_id}").text
        assert "Blatt 2" in shown(page)
        [action] = re.findall(r'action="([^"]+/bestaetigen)"', page)
        short = office.client.post(action, data={"reason": ""})
        assert short.status_code == 422
        looked = office.client.post(action, data={"reason": "Blatt 2 ist wortgleich."})
        assert "ist bestätigt" in office.client.get(looked.headers["location"]).text
        assert office.client.post(action, data={"reason": "Noch einmal."}).status_code == 409
    with at(world, who, task_id) as office:
        assert "Scan Kamen.pdf" in office.recorded(signed_on=TODAY)
