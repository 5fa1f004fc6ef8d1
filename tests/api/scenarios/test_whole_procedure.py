"""The procedure from the idea to publication: steps 1 to 22 of the course of a cooperation.

One story over a year, through the API alone. Steps that have no stage of their own are ad-hoc
tasks of the stage in which they belong: that stage does not end before they are done.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.api.scenarios.play import LEAD, Json, Play
from tests.api.world import BERGKAMEN, KAMEN, KREIS, SCHWERTE, SLUGS, finance_plan, ok, signed_by

PRINCIPLE = {"kind": "principle", "purpose": "die digitale Entwicklung gemeinsam zu gestalten"}
HEADS = {slug: signed_by(slug, date(2026, 9, 14)) for slug in SLUGS.values()}


def asked(play: Play, stage: str, ags: str, role: str, title: str, result: str) -> None:
    """An ad-hoc task holds its stage open until it is done."""
    users = {"legal": "recht", "clerk": "sb", "signatory": "unterschrift", "treasurer": "kaemmerer"}
    task = play.ask(stage, ags, role, title)
    assert task["kind"] == "ad_hoc"
    [missing] = [m for m in play.get("/missing")["items"] if m["stage_id"] == task["stage_id"]]
    # Everybody reads who is waited for; what for is between the lead and that body.
    assert f"{task['body']['short']}: Zusätzliche Aufgabe." in missing["sentences"]
    play.answer(f"{users[role]}.{SLUGS[ags]}", task, result)


def prepare(play: Play) -> None:
    """Steps 1 to 5: idea, pre-talk, informing the Kreis, letter of intent, legal form."""
    with play.on(date(2026, 1, 12)):
        play.start(principle_round=True)
        asked(play, "drafting", KREIS, "legal", "Projektskizze", "Skizze vom 12.01.2026")  # 1
        talk = "Vorgespräch mit Bewilligungsbehörde und Aufsicht"
        asked(play, "drafting", SCHWERTE, "legal", talk, "Neue Kooperation, förderfähig")  # 2
        informed = "Kreis unterrichten (§ 24 Abs. 1 Satz 2 GkG NRW)"
        asked(play, "drafting", KAMEN, "clerk", informed, "Unterrichtet mit Schreiben")  # 3
    with play.on(date(2026, 1, 28)):
        for ags in SLUGS:  # 4
            asked(play, "drafting", ags, "signatory", "Absichtserklärung", "gezeichnet")
        for role, title in (  # 5
            ("legal", "Rechtsform und Genehmigung prüfen"),
            ("treasurer", "§ 2b UStG und § 108 GWB prüfen"),
        ):
            asked(play, "drafting", SCHWERTE, role, title, "Vermerk liegt vor")


def draft(play: Play) -> None:
    """Step 6, first part: the drafts; step 8: costs and financing."""
    with play.on(date(2026, 2, 2)):
        play.post(LEAD, "/versions", **PRINCIPLE, written_on=play.today)
        play.write()
        play.complete(LEAD, "submit_draft", submitted_on=play.today)
        plan = finance_plan() | {"planned_on": play.today}
        play.post("recht.kreis-unna", "/finance-plan", **plan)
        check = {"verdict": "agreed", "checked_on": play.today}
        play.post("kaemmerer.kreis-unna", "/finance-plan/check", **check)


def meeting(play: Play, slug: str, held: date, invited: date) -> Json:
    """Step 10: invitation and agenda."""
    [task] = play.tasks(f"sb.{slug}", "record_resolution")
    wanted = {
        "held_on": held.isoformat(),
        "invited_on": invited.isoformat(),
        "starts_at": "17:00:00",
        "agenda_item": "Ö 7",
    }
    return play.post(f"sb.{slug}", f"/consultations/{task['consultation_id']}/meeting", **wanted)


def principle_round(play: Play) -> None:
    """Steps 9 to 14: paper, co-signature, invitation, committee, resolution, extract."""
    with play.on(date(2026, 3, 10)):
        play.decide("kreis-unna")
        assert play.state("principle_councils") == ("open", 1)
        cosign = ("principle_councils", KAMEN, "treasurer", "Vorlage mitzeichnen")
        asked(play, *cosign, "mitgezeichnet")  # 9
        assert meeting(play, "kamen", date(2026, 3, 19), date(2026, 3, 11))["missed"] == []
    with play.on(date(2026, 3, 26)):
        play.resolve("kamen", votes={"yes": 16, "no": 0, "abstained": 1})  # 11
        votes = {"yes": None, "no": 1, "abstained": 1}
        play.resolve("kamen", votes=votes, unanimous=False, agenda_item="Ö 9")  # 12
        for slug in ("schwerte", "bergkamen"):
            play.decide(slug, unanimous=True)
        assert play.state("principle_councils") == ("done", 1)
    with play.on(date(2026, 4, 10)):
        for slug in HEADS:  # 14; nobody has objected (13)
            play.extract(slug)


def apply(play: Play) -> None:
    """Step 16: the application goes out before the agreement is concluded."""
    with play.on(date(2026, 4, 15)):
        receipt = {"submitted_on": play.today, "receipt_reference": "33.7-IKZ-2026-118"}
        play.post("recht.kreis-unna", "/application", **receipt)
        assert play.state("funding_application") == ("done", 1)


def coordinate(play: Play) -> None:
    """Steps 6 and 7: comments, a new version, the authority's informal remarks, the freeze."""
    with play.on(date(2026, 5, 4)):
        for slug in HEADS:
            wish = {"verdict": "agreed"}
            if slug == "bergkamen":
                wish = {"verdict": "changes_wanted", "comment": "Bitte drei Stellen."}
            act = {"version": 1, "given_on": play.today, **wish}
            play.complete(f"sb.{slug}", "give_statement", **act)
        remarks = "Vorprüfung durch die Bezirksregierung"
        asked(play, "coordination", SCHWERTE, "legal", remarks, "Keine Bedenken")  # 7
    with play.on(date(2026, 5, 29)):
        play.write(staff="3.0")
        play.agree(2)


def agreement_round(play: Play) -> None:
    """Steps 17 and 15: the councils resolve the text, the lead states that all is there."""
    with play.on(date(2026, 7, 2)):
        play.decide_all()
        assert play.state("agreement_councils") == ("done", 1)
        for slug in HEADS:
            play.extract(slug)
        play.confirm()


def conclude(play: Play) -> None:
    """Steps 18 to 22: signatures, approval by lapse of time, publication, notices."""
    with play.on(date(2026, 9, 14)):
        for slug in HEADS:
            play.sign(slug)
    with play.on(date(2026, 11, 27)):
        received = {"applied_on": play.today, "received_on": play.today}
        play.post(LEAD, "/approval/submission", **received)
        fiction = {"answer": "deemed_approved", "answered_on": play.today}
        assert play.refuse(LEAD, "/approval/answer", **fiction)["code"]
    with play.on(date(2026, 12, 29)):
        # Four weeks end on Christmas Day, so on the next working day, the 28th.
        assert play.get("/approval")["clock_end_on"] == "2026-12-28"
        play.post(LEAD, "/approval/answer", **fiction | {"answered_on": play.today})
    with play.on(date(2027, 1, 9)):
        gazette = "Amtsblatt für den Regierungsbezirk Arnsberg"
        published = {"gazette": gazette, "issue": "2/2027", "published_on": play.today}
        play.post(LEAD, "/publication", **published)
    with play.on(date(2027, 1, 10)):
        play.new_day()
        assert play.state("entry_into_force") == ("done", 1)
    with play.on(date(2027, 1, 20)):
        asked(play, "publication_notices", KAMEN, "clerk", "Anzeige beim Finanzamt", "angezeigt")
        for slug in HEADS:
            notice = {"published_on": play.today, "medium": f"Amtsblatt {slug}"}
            play.post(f"sb.{slug}", "/notices", **notice)


@pytest.fixture
def told(play: Play) -> Play:
    """The whole story."""
    play.writing = True
    for chapter in (
        prepare,
        draft,
        principle_round,
        apply,
        coordinate,
        agreement_round,
        conclude,
    ):
        chapter(play)
    return play


def test_the_whole_procedure_from_the_idea_to_publication(told: Play) -> None:
    play = told
    with play.on(date(2027, 1, 21)):
        case = play.get()
        assert (case["state"], case["ended_on"] is not None) == ("done", True)
        assert {s["state"] for s in case["stages"]} == {"done"}
        assert case["past_rounds"] == []
        assert play.get("/missing")["items"] == []

        # The programme's conditions were met by the Grundsatzbeschlüsse, long before the contract.
        assert play.get("/application", "recht.kreis-unna")["submitted_on"] == "2026-04-15"
        assert play.get("/publication")["effective_on"] == "2027-01-10"

        written = Counter(d["purpose"] for d in play.documents())
        assert written["paper"] == 8
        assert written["minutes_extract"] == 8
        assert written["matrix"] == 2
        for once in ("frozen_agreement", "approval_application", "publication_text"):
            assert written[once] == 1
        [first, second] = [play.text_of(d) for d in play.documents() if d["purpose"] == "matrix"]
        assert "4 von 4 Vertretungen haben demselben Wortlaut zugestimmt." in first
        assert "nicht bekannt" in first  # how many said yes in Kamen
        assert "4 von 4 Vertretungen haben der Textfassung 2" in second

        events = Counter(play.events())
        assert events["ad_hoc_task_opened"] == events["ad_hoc_task_done"] == 12
        assert events["resolution_recorded"] == 16
        assert events["case_completed"] == 1
        invited = play.entry("meeting_scheduled")
        assert invited["after"]["invited_on"] == "2026-03-11"
        # Each body's own paper number, of its own pattern.
        numbers = {p["body"]["ags"]: p["number"] for p in play.papers()}
        assert len(set(numbers)) == 4
        assert numbers[BERGKAMEN] != numbers[KAMEN]
        ok(play.as_(LEAD).get(f"{play.case}/journal/export"))
        play.verify()
