"""The demo, as anybody calls it: the real case, its votes, its documents."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from tests.demo.installation import Installation, Json

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


def kamen(result: Json, role: str) -> Json:
    """Kamen's resolution in the first round."""
    (found,) = [
        r
        for r in result["resolutions"]
        if (r["ags"], r["round"], r["role"]) == ("05978020", "principle", role)
    ]
    return dict(found)


def test_eleven_parties_come_to_an_agreement_in_force(calm: Json) -> None:
    assert len(calm["parties"]) == 11
    assert calm["signatures"] == 11
    assert calm["state"] == "done"
    assert {stage["state"] for stage in calm["stages"]} == {"done"}
    assert all(stage["opened_on"] <= stage["done_on"] for stage in calm["stages"])
    assert len({stage["flow_run_id"] for stage in calm["stages"]}) == len(calm["stages"]) == 14
    assert calm["authority"] == "Bezirksregierung Arnsberg"
    assert calm["effective_on"] == "2022-08-07"


def test_every_council_decides_in_both_rounds(calm: Json) -> None:
    decided = Counter(r["round"] for r in calm["resolutions"] if r["authoritative"])
    assert decided == {"principle": 11, "agreement": 11}
    for name in decided:
        own = [r for r in calm["resolutions"] if r["round"] == name and r["authoritative"]]
        assert len({r["ags"] for r in own}) == 11
        assert len({r["text_hash"] for r in own}) == 1
    kreistag = next(r for r in calm["resolutions"] if r["committee"] == "Kreistag")
    assert kreistag["decided_on"].startswith("2021-06-")


def test_kamens_votes_are_those_on_record(calm: Json) -> None:
    committee, council = kamen(calm, "recommendation"), kamen(calm, "decision")
    assert council["votes"] == {"yes": None, "no": 1, "abstained": 1}
    assert (council["unanimous"], council["sample"]) == (False, False)
    assert committee["votes"] == {"yes": None, "no": None, "abstained": 1}
    assert (committee["unanimous"], committee["sample"]) == (True, False)


def test_what_is_not_on_record_is_marked(calm: Json) -> None:
    second = [r for r in calm["resolutions"] if r["round"] == "agreement"]
    assert all(r["sample"] for r in second)
    first = [r for r in calm["resolutions"] if r["round"] == "principle"]
    unknown = [r for r in first if r["ags"] != "05978020"]
    assert all(set(r["votes"].values()) == {None} for r in unknown)


def test_the_grant_follows_from_the_guideline_of_its_day(calm: Json) -> None:
    assert calm["guideline"] == "ikz-nrw-2021"
    grants = {calm[name] for name in ("grant", "grant_derived", "grant_applied_for")}
    assert grants == {"490000.00"}
    assert calm["own_contribution"] == "54444.45"


def test_every_document_is_there_as_it_was_written(calm: Json) -> None:
    documents = calm["documents"]
    assert Counter(d["purpose"] for d in documents) == {
        "draft_agreement": 1, "frozen_agreement": 1, "paper": 22, "matrix": 2,
        "approval_application": 1, "publication_text": 1, "funding_application": 1,
        "signing_set": 1, "signing_sheet": 1, "publication_notice": 11,
        "finance_plan": 1, "funding_letter": 1,
    }  # fmt: skip
    assert len({d["path"] for d in documents}) == len(documents)
    for document in documents:
        content = Path(document["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == document["sha256"]


def test_an_unknown_stage_is_a_wrong_call(installation: Installation) -> None:
    result = installation.command("demo", "--until", "nirgends")
    assert result.exit_code == 2
    assert "signing" in result.stderr
    assert result.stdout == ""


def test_an_unknown_case_is_refused(installation: Installation, calm: Json) -> None:
    result = installation.command("demo", "--case", "IKZ-1999-0001")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Den Vorgang IKZ-1999-0001 gibt es nicht." in result.stderr


def test_the_sample_case_waits_for_the_councils(installation: Installation, calm: Json) -> None:
    first, second = installation.command("sample"), installation.command("sample")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert "wartet bei Beschlüsse der Räte" in first.stdout
    assert second.stdout == first.stdout
    with installation.session() as session:
        from agreements.cli.sample import sign_ins

        rows = sign_ins(session)
    assert sum(row.username.startswith("sb.") for row in rows) == 10
    assert {"admin", "recht.schwerte"} <= {row.username for row in rows}
