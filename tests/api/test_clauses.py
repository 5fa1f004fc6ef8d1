"""The clause texts of a case's legal form, and a version with chosen variants, over the API."""

from __future__ import annotations

from tests.api.world import AGREEMENT, TODAY, World, ok, refused


def test_legal_staff_choose_among_what_is_offered(world: World) -> None:
    reference = world.start()
    path = f"/cases/{reference}"
    offer = ok(world.as_("recht.schwerte").get(f"{path}/clauses"))
    assert (offer["kind"], offer["offered_on"]) == ("mandating_nw", TODAY)
    assert offer["verified"] is False
    assert "GkG NRW" in offer["source"]
    keys = [clause["key"] for clause in offer["clauses"]]
    assert {"kosten", "laufzeit", "datenschutz"} <= set(keys)
    assert [c["key"] for c in offer["clauses"] if c["optional"]] == [
        "projektleitung", "personal", "beitritt"
    ]  # fmt: skip
    variants = {v["id"]: v for slot in offer["slots"] for v in slot["variants"]}
    assert variants["processor"]["default"]
    assert not variants["taker"]["allowed"]
    assert "delegierende Vereinbarung" in variants["taker"]["because"]
    assert variants["fixed"]["needs"] == ["fixed_years"]

    wanted = {
        **AGREEMENT,
        "choices": {"data_protection": "joint", "term": "fixed"},
        "details": {"fixed_years": 10},
        "edits": [
            {
                "act": "replace",
                "key": "haftung",
                "paragraphs": ['Es gilt {{ ref("kosten", "erstattung") }}.'],
            }
        ],
    }
    version = ok(world.as_("recht.schwerte").post(f"{path}/versions", json=wanted))
    clauses = {clause["title"]: clause["paragraphs"] for clause in version["content"]["clauses"]}
    assert clauses["Haftung"] == ["Es gilt § 8 Absatz 1."]
    assert "10 Jahren" in clauses["Laufzeit und ordentliche Kündigung"][0]
    assert "Artikel 26 DSGVO" in version["content"]["annexes"][3]

    wrong = {**AGREEMENT, "choices": {"data_protection": "taker"}}
    answer = world.as_("recht.schwerte").post(f"{path}/versions", json=wrong)
    refused(answer, 422, "variant-not-allowed")


def test_before_the_law_of_the_texts_nothing_is_offered(world: World) -> None:
    reference = world.start()
    answer = world.as_("recht.schwerte").get(
        f"/cases/{reference}/clauses", params={"on": "2014-12-31"}
    )
    refused(answer, 422, "no-clause-texts")
