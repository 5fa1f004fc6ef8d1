"""E2: a council adopts another text than the common one; it is judged editorial or material."""

from __future__ import annotations

from typing import Any

from tests.api.scenarios.play import LEAD, Play
from tests.api.world import BERGKAMEN, KAMEN, KREIS, SCHWERTE, ok, refused

EDITORIAL = {"place": "§ 2 Abs. 1", "wording": "Die Beteiligten arbeiten vertrauensvoll zusammen."}
MATERIAL = {"place": "§ 5", "wording": "Die Kosten werden nach Nutzung geteilt."}


def amended(play: Play, amendment: dict[str, str]) -> dict[str, Any]:
    """Kamen amends, the others adopt; the answer to Kamen's resolution."""
    play.decide("schwerte")
    play.decide("bergkamen")
    return play.decide("kamen", "adopted_amended", amendments=[amendment])


def judge(play: Play, materiality: str, consequence: str | None, reason: str) -> dict[str, Any]:
    """The lead's legal staff judge Kamen's text."""
    return play.post(
        LEAD,
        "/reconciliations",
        materiality=materiality,
        consequence=consequence,
        reason=reason,
        judged_on=play.today,
    )


def test_an_editorial_difference_is_judged_and_the_round_ends(before_councils: Play) -> None:
    play = before_councils
    answer = amended(play, EDITORIAL)
    assert answer["opened"] == []  # Kamen's clerk does not see the lead's task
    assert play.state("agreement_councils") == ("open", 1)
    task = play.task(LEAD, "judge_amendment")
    assert task["title"] == "Abweichenden Beschluss beurteilen (Kamen)"
    common, own = play.text_hash(), play.resolution("kamen")["text_hash"]
    assert own != common

    judge(play, "editorial", None, "Nur anders formuliert")
    assert play.state("agreement_councils") == ("done", 1)
    judged = play.entry("amendment_judged")
    assert (judged["before"], judged["after"]) == ({"text_hash": common}, {"text_hash": own})
    assert judged["reason"] == "Nur anders formuliert"
    play.confirm()
    play.sign_all()
    play.to_force()
    play.verify()


def test_documents_name_the_amended_resolution(before_councils: Play) -> None:
    play = before_councils
    play.writing = True
    amended(play, EDITORIAL)
    judge(play, "editorial", None, "Nur anders formuliert")
    play.confirm()
    [matrix] = [d for d in play.documents() if d["purpose"] == "matrix"]
    text = play.text_of(matrix)
    assert "geändert beschlossen" in text
    assert "Abweichung redaktionell" in text
    assert "4 von 4 Vertretungen haben der Textfassung 1 der Vereinbarung zugestimmt." in text
    play.sign_all()
    letters = [d for d in play.documents() if d["purpose"] == "approval_application"]
    assert "Stadt Kamen" in play.text_of(letters[0])


def test_a_material_difference_opens_the_text_for_everybody(before_councils: Play) -> None:
    play = before_councils
    amended(play, MATERIAL)
    judge(play, "material", "new_version", "Ein anderer Kostenschlüssel")
    assert play.state("coordination") == ("open", 2)
    assert play.state("agreement_councils") == ("not_due", 2)
    play.write(cost_key={"method": "equal"})
    play.agree(2, touched=[KREIS, SCHWERTE, BERGKAMEN, KAMEN])
    play.decide_all()
    play.confirm()
    # Kamen's own text is no resolution on either version.
    versions = {v["number"]: v["text_hash"] for v in play.get("/versions")["items"]}
    hashes = [
        r["text_hash"]
        for p in play.papers("kamen")
        for c in p["consultations"]
        if c["role"] == "decision"
        for r in c["resolutions"]
    ]
    assert hashes[0] not in versions.values()
    assert hashes[1] == versions[2]
    play.verify()


def test_only_those_whose_resolution_is_touched_decide_again(before_councils: Play) -> None:
    play = before_councils
    play.writing = True
    amended(play, MATERIAL)
    judge(play, "material", "new_version", "Ein anderer Kostenschlüssel")
    play.write(cost_key={"method": "equal"})
    freezing = {"kind": "freeze_version", "version": 2, "frozen_on": play.today}
    for slug in play.slugs():
        play.complete(
            f"sb.{slug}", "give_statement", version=2, verdict="agreed", given_on=play.today
        )
    task = play.task(LEAD, "freeze_version")
    refusal = play.as_(LEAD).post(f"/tasks/{task['id']}/complete", json=freezing).json()
    assert (refusal["code"], refusal["field"]) == ("touched-missing", "touched")
    freezing["touched"] = [KAMEN, SCHWERTE]
    refusal = play.as_(LEAD).post(f"/tasks/{task['id']}/complete", json=freezing).json()
    assert refusal["code"] == "untouched-reason-missing"
    assert "Bergkamen" in refusal["detail"]
    play.finish(LEAD, task["id"], **freezing, untouched_because="Ihr Anteil ändert sich nicht.")

    asked = [slug for slug in play.slugs() if play.tasks(f"sb.{slug}", "record_resolution")]
    assert sorted(asked) == ["kamen", "schwerte"]
    the_new_papers_have_a_synopsis(play)
    play.decide_all()
    play.confirm()
    matrix = [d for d in play.documents() if d["purpose"] == "matrix"][-1]
    text = play.text_of(matrix)
    assert "gilt für Textfassung 2: von der Änderung nicht berührt" in text
    assert "4 von 4 Vertretungen haben der Textfassung 2 der Vereinbarung zugestimmt." in text


def the_new_papers_have_a_synopsis(play: Play) -> None:
    """What has changed since the round before is an annex of each paper."""
    documents = play.documents("sb.bergkamen")
    [synopsis] = [d for d in documents if d["purpose"] == "synopsis"]
    text = play.text_of(synopsis, "sb.bergkamen")
    assert "Grund der Änderung: Ein anderer Kostenschlüssel" in text
    assert "neu: Textfassung 2" in text
    assert "Zensus 2022" in text  # only in the first version's cost key
    paper = [d for d in play.documents("sb.kamen") if d["purpose"] == "paper"][-1]
    text = play.text_of(paper, "sb.kamen")
    assert "Synopse der Textfassungen 1 und 2" in text


def test_two_versions_side_by_side(before_councils: Play) -> None:
    play = before_councils
    amended(play, MATERIAL)
    judge(play, "material", "new_version", "Ein anderer Kostenschlüssel")
    play.write(cost_key={"method": "equal"})
    synopsis = play.get("/versions/agreement/1/compare/2", "sb.kamen")
    changed = [row for row in synopsis["items"] if row["changed"]]
    assert changed
    assert len(changed) < len(synopsis["items"])
    for row in synopsis["items"]:
        parts = row["segments"]
        assert "".join(p["text"] for p in parts if p["change"] != "added") == (row["old"] or "")
        assert "".join(p["text"] for p in parts if p["change"] != "removed") == (row["new"] or "")
    refused(
        play.as_(LEAD).get(f"{play.case}/versions/agreement/1/compare/9"), 404, "version-unknown"
    )


def test_an_amended_resolution_beside_the_proposal(before_councils: Play) -> None:
    play = before_councils
    wanted = {"place": "§ 99", "wording": "Es gilt das Recht des Landes."}
    play.decide("kamen", "adopted_amended", amendments=[MATERIAL, wanted])
    resolution = play.resolution("kamen")
    synopsis = play.get(f"/reconciliations/{resolution['id']}/synopsis")
    found, lost = synopsis["items"]
    content = play.get("/versions/agreement/1")["content"]
    assert found["old"] == "\n".join(content["clauses"][4]["paragraphs"])
    assert found["new"] == MATERIAL["wording"]
    assert {p["change"] for p in found["segments"]} >= {"removed", "added"}
    assert (lost["found"], lost["old"], lost["new"]) == (False, None, wanted["wording"])
    assert (synopsis["proposed"], synopsis["resolved"]) == (
        play.text_hash(),
        resolution["text_hash"],
    )
    # A clerk of another body sees no resolution of Kamen, nor what it changed.
    path = f"{play.case}/reconciliations/{resolution['id']}/synopsis"
    refused(play.as_("sb.bergkamen").get(path), 404, "resolution-unknown")
    play.decide("schwerte")
    path = f"/reconciliations/{play.resolution('schwerte')['id']}/synopsis"
    assert play.get(path)["items"] == []


def test_the_body_is_asked_once_more_about_the_common_text(before_councils: Play) -> None:
    play = before_councils
    amended(play, MATERIAL)
    judge(play, "material", "decide_again", "Die anderen tragen die Änderung nicht mit")
    assert play.state("agreement_councils") == ("open", 1)
    assert [p["number"] for p in play.papers("kamen")] != []
    play.decide("kamen")
    assert play.state("agreement_councils") == ("done", 1)
    assert play.resolution("kamen")["text_hash"] == play.text_hash()
    play.verify()


def test_what_a_committee_recommends_to_change_binds_nobody(before_councils: Play) -> None:
    play = before_councils
    play.resolve("kamen", "adopted_amended", amendments=[MATERIAL])
    assert play.tasks(LEAD, "judge_amendment") == []
    play.decide_all()
    assert play.state("agreement_councils") == ("done", 1)


def test_a_judgement_says_what_follows(before_councils: Play) -> None:
    play = before_councils
    amended(play, MATERIAL)
    common = {"reason": "Kostenschlüssel", "judged_on": play.today}
    refusal = play.refuse(LEAD, "/reconciliations", materiality="material", **common)
    assert (refusal["code"], refusal["field"]) == ("consequence-missing", "consequence")
    refusal = play.refuse(
        LEAD,
        "/reconciliations",
        materiality="editorial",
        consequence="new_version",
        **common,
    )
    assert refusal["code"] == "consequence-without-difference"
    refusal = play.refuse("recht.kamen", "/reconciliations", materiality="editorial", **common)
    assert refusal["code"] == "task-of-others"
    assert play.state("agreement_councils") == ("open", 1)


def test_why_a_private_council_changed_the_text_is_told_to_nobody_else(play: Play) -> None:
    path = f"/bodies/{KAMEN}/committees"
    legal = play.as_("recht.kamen")
    ok(legal.post(f"{path}/ending", json={"name": "Rat", "valid_to": "2026-04-30"}))
    council = {"name": "Rat", "genitive": "des Rates", "kind": "council", "role": "decision"}
    term = {"position": 2, "public": False, "valid_from": "2026-05-01"}
    numbers = {"voting_members": 45, "source": "Niederschrift"}
    ok(legal.post(path, json=council | term | numbers))
    play.to_councils()
    amended(play, MATERIAL)
    named = {"body": KAMEN, "username": LEAD}
    ok(legal.post(f"{play.case}/confidants", json=named))
    play.writing = True
    secret = "Kamen misstraut dem Betreiber der Plattform"
    judge(play, "material", "new_version", secret)
    assert play.state("coordination") == ("open", 2)
    play.write(cost_key={"method": "equal"})
    play.agree(2, touched=[KREIS, SCHWERTE, BERGKAMEN, KAMEN])
    for username in ("sb.bergkamen", "recht.bergkamen", "admin"):
        seen = play.as_(username)
        for address in ("", "/missing", "/journal?limit=200", "/detours"):
            assert secret not in seen.get(play.case + address).text
    [synopsis] = [d for d in play.documents("sb.bergkamen") if d["purpose"] == "synopsis"]
    text = play.text_of(synopsis, "sb.bergkamen")
    assert "Nach einer nichtöffentlichen Beratung wird der Text neu abgestimmt." in text
    assert secret not in text
    # The body and those whom it has named read why.
    for username in ("sb.kamen", LEAD):
        assert secret in play.as_(username).get(f"{play.case}/journal?limit=200").text
