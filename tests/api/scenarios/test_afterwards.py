"""E4 to E7: reservation, objection and annulment, urgent decision, a deadline before the session.

And a wrong entry, which a second person corrects.
"""

from __future__ import annotations

from datetime import date

from tests.api.scenarios.play import LEAD, Json, Play
from tests.api.world import KAMEN, finance_plan

NEXT = date(2026, 6, 25)
CLERK = "sb.kamen"
RESERVATION = "vorbehaltlich der Genehmigung des Haushalts 2027"


def conditionally(play: Play) -> None:
    """Kamen adopts under a reservation, the others adopt."""
    play.decide("schwerte")
    play.decide("bergkamen")
    play.decide("kamen", "adopted_conditionally", reservation=RESERVATION)


def settle(play: Play, fulfilled: bool) -> Json:
    """Kamen says what has become of its reservation."""
    return play.post(
        CLERK,
        "/reservations/settlement",
        fulfilled=fulfilled,
        reason="Bescheid der Kommunalaufsicht zum Haushalt",
        settled_on=play.today,
    )


def decide_urgently(play: Play, **changes: object) -> Json:
    """Kamen's main committee decides instead of the council."""
    wanted = {
        "stage": "main_committee",
        "decided_on": play.today,
        "text_hash": play.text_hash(),
        "votes": {"yes": 14, "no": 1, "abstained": 0},
        "reason": "Die Antragsfrist endet, bevor der Rat wieder tagt.",
    }
    return play.post(CLERK, "/urgent-decisions", **{**wanted, **changes})


# --- E4 ------------------------------------------------------------------------------------


def test_no_signature_before_the_reservation_is_fulfilled(before_councils: Play) -> None:
    play = before_councils
    conditionally(play)
    assert play.state("agreement_councils") == ("done", 1)
    refusal = play.as_(LEAD).post(
        f"/tasks/{play.task(LEAD, 'confirm_resolutions')['id']}/complete",
        json={"kind": "confirm_resolutions", "confirmed_on": play.today},
    )
    assert refusal.json()["detail"] == (
        "Kamen: Der Vorbehalt des Beschlusses ist noch nicht geklärt."
    )
    settle(play, fulfilled=True)
    settled = play.entry("reservation_settled")
    assert (settled["before"]["reservation"], settled["after"]["reservation"]) == (
        "open",
        "fulfilled",
    )
    play.confirm()
    play.sign_all()
    play.to_force()
    play.verify()


def test_a_reservation_that_fails_leaves_no_resolution(before_councils: Play) -> None:
    play = before_councils
    conditionally(play)
    settle(play, fulfilled=False)
    assert play.state("agreement_councils") == ("open", 2)
    assert play.state("resolutions_check") == ("not_due", 2)
    asked = [slug for slug in play.slugs() if play.tasks(f"sb.{slug}", "record_resolution")]
    assert asked == ["kamen"]
    play.decide("kamen")
    play.confirm()
    assert play.state("signing")[0] == "open"
    play.verify()


# --- E5 ------------------------------------------------------------------------------------


def test_an_objection_suspends_and_the_council_decides_anew(before_councils: Play) -> None:
    play = before_councils
    play.decide_all()
    resolution = play.resolution("kamen")
    play.post(
        CLERK,
        f"/resolutions/{resolution['id']}/objection",
        happened_on=play.today,
        reason="Die Ausgabe ist nicht gedeckt (§ 75 GO NRW).",
    )
    objected = play.entry("resolution_objected")
    assert (objected["before"]["worth"], objected["after"]["worth"]) == ("holds", "suspended")
    assert "§ 54" in objected["legal_basis"]
    assert play.state("agreement_councils") == ("open", 2)
    with play.on(NEXT):
        play.decide("kamen", votes={"yes": 28, "no": 4, "abstained": 0})
        play.confirm()
        play.sign_all()
        play.to_force()
    # The old one's outcome has not changed; what happened to it stands beside it.
    old = [r for p in play.papers("kamen") for c in p["consultations"] for r in c["resolutions"]]
    [suspended] = [r for r in old if r["id"] == resolution["id"]]
    assert suspended["outcome"] == "adopted"
    play.verify()


def test_an_objection_that_is_lifted_needs_no_new_resolution(before_councils: Play) -> None:
    play = before_councils
    play.decide_all()
    path = f"/resolutions/{play.resolution('kamen')['id']}/objection"
    play.post(CLERK, path, happened_on=play.today, reason="Deckung fehlt")
    lifted = {"happened_on": play.today, "reason": "Deckung durch Nachtrag"}
    play.post(CLERK, f"{path}/lifting", **lifted)
    assert play.tasks(CLERK, "record_resolution") == []
    play.confirm()
    assert play.state("signing")[0] == "open"


def test_an_annulment_after_the_signature_brings_the_case_back(before_councils: Play) -> None:
    play = before_councils
    play.decide_all()
    play.confirm()
    play.sign_all()
    assert play.state("supervisory_approval") == ("open", 1)
    play.post(
        LEAD,
        f"/resolutions/{play.resolution('kamen')['id']}/annulment",
        happened_on=play.today,
        authority="Landrat des Kreises Unna als untere staatliche Verwaltungsbehörde",
        reason="Die Ladungsfrist war nicht gewahrt.",
    )
    assert play.state("agreement_councils") == ("open", 2)
    assert play.state("signing") == ("not_due", 2)
    assert play.state("supervisory_approval") == ("not_due", 2)
    with play.on(NEXT):
        play.decide("kamen")
        play.confirm()
        # Only Kamen has signed on a resolution that was none: it signs again.
        asked = [
            slug for slug in play.slugs() if play.tasks(f"unterschrift.{slug}", "record_signature")
        ]
        assert asked == ["kamen"]
        play.sign("kamen")
        play.to_force()
    play.verify()


# --- E6, E7 --------------------------------------------------------------------------------


def test_a_cut_off_before_the_session_leads_to_an_urgent_decision(before_councils: Play) -> None:
    play = before_councils
    play.decide("schwerte")
    play.decide("bergkamen")
    with play.on(date(2026, 12, 15)):
        play.post("recht.kreis-unna", "/finance-plan", **finance_plan())
        check = {"verdict": "agreed", "checked_on": play.today}
        play.post("kaemmerer.kreis-unna", "/finance-plan/check", **check)
        assert play.state("funding_application")[0] == "not_due"
        play.resolve("kamen")
        rat = play.task(CLERK, "record_resolution")["consultation_id"]
        meeting = {"held_on": "2027-01-21", "invited_on": "2027-01-08", "agenda_item": "Ö 4"}
        scheduled = play.post(CLERK, f"/consultations/{rat}/meeting", **meeting)
        [missed] = scheduled["missed"]
        assert "31.12.2026" in missed
        assert "Dringlichkeitsentscheidung" in missed

        decide_urgently(play)
        assert play.state("agreement_councils") == ("done", 1)
        assert play.state("funding_application")[0] == "open"
        receipt = {"submitted_on": play.today, "receipt_reference": "33.7-IKZ-2026-118"}
        play.post("recht.kreis-unna", "/application", **receipt)
        urgent = play.entry("urgent_decision_recorded")
        assert "§ 60" in urgent["legal_basis"]
        assert urgent["reason"].startswith("Die Antragsfrist endet")
    with play.on(date(2027, 1, 21)):
        confirmed = {"confirmed": True, "decided_on": play.today, "votes": {"yes": 40, "no": 2}}
        play.post(CLERK, "/urgent-decisions/confirmation", **confirmed)
        play.confirm()
        play.sign_all()
        play.to_force()
    play.verify()


def test_an_urgent_decision_must_be_confirmed_before_signing(before_councils: Play) -> None:
    play = before_councils
    play.decide("schwerte")
    play.decide("bergkamen")
    decide_urgently(play)
    assert play.state("resolutions_check") == ("open", 1)
    assert any("Kamen" in s for s in _sentences(play, "resolutions_check"))
    task = play.task(LEAD, "confirm_resolutions")
    confirmation = {"kind": "confirm_resolutions", "confirmed_on": play.today}
    refusal = play.as_(LEAD).post(f"/tasks/{task['id']}/complete", json=confirmation).json()
    assert "Genehmigung der Dringlichkeitsentscheidung steht noch aus" in refusal["detail"]
    confirmed = {"confirmed": True, "decided_on": play.today}
    play.post(CLERK, "/urgent-decisions/confirmation", **confirmed)
    play.confirm()
    assert play.state("resolutions_check") == ("done", 1)


def _sentences(play: Play, kind: str) -> list[str]:
    return [s for m in play.get("/missing")["items"] if m["kind"] == kind for s in m["sentences"]]


def test_the_second_stage_needs_two_signatures(before_councils: Play) -> None:
    play = before_councils
    head = {"name": "Elke Rappholt", "function": "Bürgermeisterin", "capacity": "head"}
    member = {"name": "Uwe Beispiel", "function": "Ratsmitglied", "capacity": "member"}
    wanted = {
        "stage": "head_and_member",
        "decided_on": play.today,
        "text_hash": play.text_hash(),
        "reason": "Der Rat tagt zu spät",
        "main_committee_prevented": "Nicht rechtzeitig zu laden",
        "harm": "Die Förderung verfällt",
        "signatories": [head, member | {"signed": False}],
    }
    refusal = play.refuse(CLERK, "/urgent-decisions", **wanted)
    assert refusal["field"] == "signatories"
    play.post(CLERK, "/urgent-decisions", **wanted | {"signatories": [head, member]})
    assert play.resolution("kamen")["outcome"] == "adopted"


def test_a_revoked_urgent_decision_asks_for_third_party_rights(before_councils: Play) -> None:
    play = before_councils
    play.post("recht.kreis-unna", "/finance-plan", **finance_plan())
    check = {"verdict": "agreed", "checked_on": play.today}
    play.post("kaemmerer.kreis-unna", "/finance-plan/check", **check)
    play.decide("schwerte")
    play.decide("bergkamen")
    decide_urgently(play)
    receipt = {"submitted_on": play.today, "receipt_reference": "33.7-IKZ-2026-118"}
    play.post("recht.kreis-unna", "/application", **receipt)
    with play.on(NEXT):
        revoked = {
            "confirmed": False,
            "decided_on": play.today,
            "reason": "Der Rat will die Kosten zuvor prüfen lassen.",
        }
        refusal = play.refuse(CLERK, "/urgent-decisions/confirmation", **revoked)
        assert refusal["field"] == "third_party_rights"
        assert "33.7-IKZ-2026-118" in refusal["detail"] or "Förderantrag" in refusal["detail"]
        revoked["third_party_rights"] = "Der Antrag kann zurückgenommen werden."
        play.post(CLERK, "/urgent-decisions/confirmation", **revoked)
        assert play.state("agreement_councils") == ("open", 2)
        assert play.task(CLERK, "record_resolution")["body"]["ags"] == KAMEN
        play.decide("kamen", "rejected")
        assert play.state("agreement_councils") == ("blocked", 2)
    play.verify()


# --- a wrong entry -------------------------------------------------------------------------


def test_a_wrong_entry_is_corrected_by_a_second_person(before_councils: Play) -> None:
    play = before_councils
    play.decide("kamen", "rejected", votes={"yes": 4, "no": 31, "abstained": 0})
    assert play.state("agreement_councils") == ("blocked", 1)
    right = {
        "outcome": "adopted",
        "votes": {"yes": 31, "no": 4, "abstained": 0},
        "decided_on": play.today,
        "text_hash": play.text_hash(),
    }
    path = f"/resolutions/{play.resolution('kamen')['id']}/correction"
    wanted = {"entry": right, "reason": "Ja und Nein waren vertauscht."}
    assert play.refuse(CLERK, path, **wanted)["code"] == "second-person-needed"
    play.post("recht.kamen", path, **wanted)
    assert play.state("agreement_councils") == ("open", 1)
    assert play.resolution("kamen")["outcome"] == "adopted"
    corrected = play.entry("resolution_corrected")
    assert corrected["before"] != corrected["after"]
    assert corrected["reason"] == "Ja und Nein waren vertauscht."
    play.decide_all()
    play.confirm()
    assert play.state("signing")[0] == "open"
    play.verify()
