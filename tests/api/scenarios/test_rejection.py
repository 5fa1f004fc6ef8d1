"""E1: a council rejects. Three ways on: negotiate anew, go on without the body, stop."""

from __future__ import annotations

from tests.api.scenarios.play import LEAD, Play
from tests.api.world import BERGKAMEN, KAMEN, SCHWERTE, finance_plan, refused

REJECTED = "Kamen: Rat hat abgelehnt."


def rejected(play: Play) -> None:
    """Schwerte and Bergkamen adopt, the council of Kamen rejects."""
    play.decide("schwerte")
    play.decide("bergkamen")
    play.decide("kamen", "rejected", votes={"yes": 12, "no": 25, "abstained": 1})


def test_a_rejection_stops_the_round_and_offers_the_ways_on(before_councils: Play) -> None:
    play = before_councils
    rejected(play)
    assert play.state("agreement_councils") == ("blocked", 1)
    missing = play.get("/missing")
    [councils] = [m for m in missing["items"] if m["kind"] == "council_resolutions"]
    assert councils["obstacle"] == REJECTED
    assert REJECTED in councils["sentences"]
    offered = {way["detour"] for way in missing["detours"]}
    assert {"decide_again", "reopen_text", "leave_party", "withdraw_case"} <= offered
    assert missing["decided_by"] == "Rechtsamt der Stadt Schwerte"
    assert offered == play.offered()
    # To the others the same ways are shown, with who decides on them.
    ways = play.get("/detours", "sb.kamen")["items"]
    assert not any(way["offered"] for way in ways)
    assert all("Rechtsamt der Stadt Schwerte" in way["objections"][0] for way in ways)
    refusal = play.refuse(
        "recht.kamen",
        "/detours/decide-again",
        body=KAMEN,
        round="agreement",
        reason="Wir wollen nicht",
        decided_on=play.today,
    )
    assert refusal["code"] == "not-permitted"


def test_negotiate_anew_only_who_is_touched_decides_again(before_councils: Play) -> None:
    play = before_councils
    rejected(play)
    first = play.text_hash()
    play.take("reopen-text", kind="agreement", reason="Kamen verlangt einen anderen Schlüssel")
    assert play.state("coordination") == ("open", 2)
    case = play.get()
    past = {(s["key"], s["number"]): s["superseded_because"] for s in case["past_rounds"]}
    assert past[("agreement_councils", 1)] == "Kamen verlangt einen anderen Schlüssel"

    play.write(staff="3.0")
    play.agree(
        2,
        # Bergkamen and the others are not touched; Kamen has no resolution that could hold.
        touched=[SCHWERTE],
        untouched_because="Die Stellenzahl trägt allein die Projektleitstelle in Schwerte.",
    )
    assert play.text_hash() != first
    assert play.state("agreement_kreistag") == ("done", 2)
    asked = [slug for slug in play.slugs() if play.tasks(f"sb.{slug}", "record_resolution")]
    assert sorted(asked) == ["kamen", "schwerte"]
    play.decide("kamen")
    play.decide("schwerte")
    play.confirm()
    assert play.state("resolutions_check")[0] == "done"
    carried = play.entry("resolution_carried")
    assert "Projektleitstelle" in carried["reason"]
    # What was resolved on the first version stays on record as such.
    kamen = [c for p in play.papers("kamen") for c in p["consultations"] if c["role"] == "decision"]
    assert [r["outcome"] for c in kamen for r in c["resolutions"]] == ["rejected", "adopted"]
    play.verify()


def test_the_same_text_once_more(before_councils: Play) -> None:
    play = before_councils
    rejected(play)
    play.take("decide-again", body=KAMEN, round="agreement", reason="Neue Mehrheit im Rat")
    assert play.state("agreement_councils") == ("open", 1)
    play.decide("kamen")
    assert play.state("agreement_councils") == ("done", 1)
    numbers = [paper["number"] for paper in play.papers("kamen")]
    assert len(set(numbers)) == 2
    entry = play.entry("paper_renewed")
    assert (entry["body"]["ags"], entry["reason"]) == (KAMEN, "Neue Mehrheit im Rat")


def test_go_on_without_the_body(before_councils: Play) -> None:
    play = before_councils
    play.post("recht.kreis-unna", "/finance-plan", **finance_plan())
    play.complete(
        "kaemmerer.kreis-unna", "check_finance_plan", verdict="agreed", checked_on=play.today
    )
    assert play.state("finance_plan") == ("done", 1)
    rejected(play)
    answer = play.take("leave-party", body=KAMEN, reason="Der Rat der Stadt Kamen lehnt ab.")
    [left] = [p for p in answer["parties"] if p["body"]["ags"] == KAMEN]
    assert (left["left_on"], left["left_because"]) == (
        play.today,
        "Der Rat der Stadt Kamen lehnt ab.",
    )
    # The text names the parties, and the programme pays by their number: both begin anew.
    assert play.state("coordination") == ("open", 2)
    assert play.state("finance_plan") == ("open", 2)
    assert play.tasks("sb.kamen") == []

    # Who is not named any more cannot stand in the text.
    refused(
        play.as_("sb.bergkamen").post(
            f"/tasks/{play.task('sb.bergkamen', 'give_statement')['id']}/complete",
            json={
                "kind": "give_statement",
                "version": 2,
                "verdict": "agreed",
                "given_on": play.today,
            },
        ),
        409,
        "version-not-newest",
    )
    written = play.write()
    assert "Stadt Kamen" not in [p["name"] for p in written["content"]["parties"]]
    play.agree(2, touched=["05978", BERGKAMEN, SCHWERTE], untouched_because="")
    play.decide_all()
    assert play.state("agreement_councils") == ("done", 2)
    play.confirm()
    play.sign_all()
    play.to_force()
    assert play.get("/approval")["authority"] == "Bezirksregierung Arnsberg"
    play.verify()


def test_without_the_kreis_another_authority_is_competent(before_councils: Play) -> None:
    play = before_councils
    rejected(play)
    play.take("decide-again", body=KAMEN, round="agreement")
    play.take("leave-party", body="05978", successor=SCHWERTE, reason="Der Kreis zieht sich zurück")
    play.write(chair=SCHWERTE)
    play.agree(2, touched=[BERGKAMEN, SCHWERTE], untouched_because="")
    assert play.state("agreement_kreistag")[0] == "skipped"
    play.decide_all()
    play.confirm()
    play.sign_all()
    play.to_force()
    # § 29 Abs. 4 GkG NRW: only municipalities of one Kreis take part.
    assert "Landrat" in play.get("/approval")["authority"]
    roles = {p["body"]["ags"]: p["roles"] for p in play.get()["parties"]}
    assert "applicant" in roles[SCHWERTE]


def test_stop(before_councils: Play) -> None:
    play = before_councils
    rejected(play)
    answer = play.take("withdraw-case", reason="Ohne Kamen trägt das Vorhaben nicht.")
    assert (answer["state"], answer["ended_on"]) == ("withdrawn", play.today)
    assert answer["ended_because"] == "Ohne Kamen trägt das Vorhaben nicht."
    for slug in ("schwerte", "kreis-unna", "kamen", "bergkamen"):
        assert play.tasks(f"sb.{slug}") == play.tasks(f"recht.{slug}") == []
    assert play.offered() == set()
    assert play.entry("case_withdrawn")["reason"] == answer["ended_because"]
    # What was resolved stays on record.
    assert play.resolution("kamen")["outcome"] == "rejected"
    refusal = play.refuse(
        LEAD,
        "/detours/reopen-text",
        kind="agreement",
        reason="Doch noch einmal",
        decided_on=play.today,
    )
    assert refusal["code"] == "detour-not-possible"
    play.verify()
