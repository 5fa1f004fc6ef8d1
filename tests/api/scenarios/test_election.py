"""E14: an election in the middle of a case: other committees, another head of administration."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agreements import accounts
from agreements.accounts import NewAccount
from agreements.database.engine import transaction
from agreements.errors import Conflict, NotFound
from agreements.model.enums import Role
from tests.api.scenarios.play import LEAD, Json, Play
from tests.api.world import KAMEN, SCHWERTE, ok, refused

LAST, FIRST, LATER = date(2026, 6, 10), date(2026, 6, 11), date(2026, 6, 20)
OLD_MAIN, NEW_MAIN = "Haupt- und Finanzausschuss", "Haupt- und Digitalausschuss"
LEGAL, CLERK = "recht.kamen", "sb.kamen"
COUNCIL = {
    "name": "Rat",
    "genitive": "des Rates",
    "kind": "council",
    "position": 2,
    "role": "decision",
    "valid_from": FIRST.isoformat(),
    "voting_members": 47,
    "source": "Niederschrift der konstituierenden Sitzung",
}
MAIN = COUNCIL | {
    "name": NEW_MAIN,
    "genitive": "des Haupt- und Digitalausschusses",
    "kind": "main_committee",
    "position": 1,
    "role": "recommendation",
    "voting_members": 19,
}


def end(play: Play, *names: str) -> None:
    """The term of these committees of Kamen ends."""
    for name in names:
        wanted = {"name": name, "valid_to": LAST.isoformat()}
        ok(play.as_(LEGAL).post(f"/bodies/{KAMEN}/committees/ending", json=wanted))


def enter(play: Play, *committees: dict[str, Any]) -> None:
    """Kamen's new council forms these."""
    for wanted in committees:
        ok(play.as_(LEGAL).post(f"/bodies/{KAMEN}/committees", json=wanted))


def adapt(play: Play, username: str = CLERK) -> list[Json]:
    """Kamen's Beratungsfolge follows."""
    path = f"/bodies/{KAMEN}/committees/adaptation"
    wanted = {"valid_on": play.today, "reason": "Kommunalwahl"}
    items: list[Json] = play.post(username, path, **wanted)["items"]
    return items


def committees(play: Play) -> list[tuple[str, str, list[str]]]:
    """Kamen's consultations: committee, state, outcomes."""
    return [
        (c["committee"], c["state"], [r["outcome"] for r in c["resolutions"]])
        for paper in play.papers("kamen", CLERK)
        for c in paper["consultations"]
    ]


def test_the_case_goes_on_in_the_new_committees(before_councils: Play) -> None:
    play = before_councils
    with play.on(LATER):
        end(play, OLD_MAIN, "Rat")
        enter(play, MAIN, COUNCIL)
        act = {"outcome": "adopted", "decided_on": play.today, "text_hash": play.text_hash()}
        refusal = play.refuse(CLERK, "/resolutions", **act)
        assert (refusal["code"], refusal["field"]) == ("committee-no-longer", "decided_on")
        assert "an die neuen Gremien angepasst" in refusal["detail"]

        changed = adapt(play)
        assert [(c["predecessor"], c["successor"]) for c in changed] == [
            (OLD_MAIN, NEW_MAIN),
            ("Rat", "Rat"),
        ]
        assert play.task(CLERK, "record_resolution")["title"] == f"Empfehlung erfassen ({NEW_MAIN})"
        # Against the new numbers: 45 could vote in the old council, 47 in the new one.
        play.resolve("kamen")
        refusal = play.refuse(CLERK, "/resolutions", **act, votes={"yes": 48})
        assert refusal["code"] == "too-many-votes"
        assert "47" in refusal["detail"]
        play.resolve("kamen", votes={"yes": 46})
        assert committees(play) == [(NEW_MAIN, "held", ["adopted"]), ("Rat", "held", ["adopted"])]
        entry = play.entry("committees_changed")
        assert entry["before"] == {"committees": [OLD_MAIN, "Rat"]}
        assert entry["after"] == {"committees": [NEW_MAIN, "Rat"]}
        assert (entry["reason"], entry["legal_date"]) == ("Kommunalwahl", play.today)
    play.verify()


def test_what_the_old_committees_did_stays_with_them(before_councils: Play) -> None:
    play = before_councils
    play.resolve("kamen")
    play.resolve("kamen", "deferred", next_meeting_on="2026-06-25")
    with play.on(LATER):
        end(play, OLD_MAIN, "Rat")
        enter(play, MAIN, COUNCIL)
        [change] = adapt(play)
        assert (change["predecessor"], change["successor"], change["state"]) == (
            "Rat",
            "Rat",
            "held",
        )
        assert committees(play) == [
            (OLD_MAIN, "held", ["adopted"]),
            ("Rat", "held", ["deferred"]),
            ("Rat", "open", []),
        ]
        assert len(play.tasks(CLERK, "record_resolution")) == 1
        play.resolve("kamen")
        play.decide("schwerte")
        play.decide("bergkamen")
        assert play.state("agreement_councils") == ("done", 1)
        play.confirm()


def test_a_committee_that_only_consults_may_be_left_out(before_councils: Play) -> None:
    play = before_councils
    with play.on(LATER):
        end(play, OLD_MAIN, "Rat")
        enter(play, COUNCIL)
        left_out, council = adapt(play)
        assert (left_out["successor"], left_out["state"]) == (None, "cancelled")
        assert (council["successor"], council["state"]) == ("Rat", "open")
        play.resolve("kamen")
        assert committees(play) == [(OLD_MAIN, "cancelled", []), ("Rat", "held", ["adopted"])]
        play.decide("schwerte")
        play.decide("bergkamen")
        assert play.state("agreement_councils") == ("done", 1)


def test_who_decides_must_have_a_successor(before_councils: Play) -> None:
    play = before_councils
    with play.on(LATER):
        end(play, OLD_MAIN, "Rat")
        enter(play, MAIN)
        refusal = play.refuse(
            CLERK,
            f"/bodies/{KAMEN}/committees/adaptation",
            valid_on=play.today,
            reason="Kommunalwahl",
        )
        assert refusal["code"] == "no-deciding-committee"
        assert committees(play)[0] == (OLD_MAIN, "open", [])


def test_nothing_is_adapted_where_all_committees_exist(before_councils: Play) -> None:
    play = before_councils
    wanted = {"valid_on": play.today, "reason": "Kommunalwahl"}
    path = f"/bodies/{KAMEN}/committees/adaptation"
    assert play.refuse(CLERK, path, **wanted)["code"] == "nothing-to-adapt"
    # Only the body itself says in which committees it consults.
    assert play.refuse(LEAD, path, **wanted)["code"] == "not-permitted"


def test_committees_are_kept_by_their_body_and_the_administration(before_councils: Play) -> None:
    play = before_councils
    path = f"/bodies/{KAMEN}/committees"
    wanted = COUNCIL | {"name": "Digitalausschuss", "position": None}
    for username in (CLERK, "recht.schwerte", "unterschrift.kamen"):
        refused(play.as_(username).post(path, json=wanted), 403, "not-permitted")
    assert ok(play.as_("admin").post(path, json=wanted))["sizes"][0]["voting_members"] == 47
    # Nobody sits twice: same name, or same place in the Beratungsfolge.
    problem = refused(play.as_(LEGAL).post(path, json=COUNCIL), 409, "committee-still-there")
    assert problem["field"] == "name"
    problem = refused(play.as_(LEGAL).post(path, json=MAIN), 409, "committee-still-there")
    assert (problem["field"], OLD_MAIN in problem["detail"]) == ("position", True)
    end(play, "Rat")
    ending = {"name": "Rat", "valid_to": LAST.isoformat()}
    refused(play.as_(LEGAL).post(f"{path}/ending", json=ending), 409, "committee-has-ended")
    ending["name"] = "Ältestenrat"
    refused(play.as_(LEGAL).post(f"{path}/ending", json=ending), 404, "committee-unknown")


@pytest.fixture
def signing(before_councils: Play) -> Play:
    """A case whose parties are asked for their signatures."""
    play = before_councils
    play.decide_all()
    play.confirm()
    return play


def test_the_new_head_signs_and_the_old_one_cannot_any_more(signing: Play) -> None:
    play = signing
    task = play.task("unterschrift.kamen", "record_signature")
    # Taken by the old head, and left lying.
    ok(play.as_("unterschrift.kamen").post(f"/tasks/{task['id']}/claim"))
    new = NewAccount("neu.kamen", "Nadja Neu", ((Role.TREASURER, KAMEN),), "Bürgermeisterin")
    with transaction(play.world.sessions) as session:
        accounts.end_duty(session, "unterschrift.kamen", Role.SIGNATORY, KAMEN, LAST)
        accounts.add(session, new)
        accounts.begin_duty(session, "neu.kamen", Role.SIGNATORY, KAMEN, FIRST)
    entry = {"name": "Nadja Neu", "function": "Bürgermeisterin", "capacity": "head"}
    entry |= {"basis": "Wahl vom 14.09.2025", "valid_from": FIRST.isoformat()}
    register = f"/bodies/{KAMEN}/signatories"
    refused(play.as_(LEGAL).post(register, json=entry), 409, "signatory-still-there")
    ending = {"name": "Elke Rappholt", "valid_to": LAST.isoformat()}
    ok(play.as_(LEGAL).post(f"{register}/ending", json=ending))
    ok(play.as_(LEGAL).post(register, json=entry))
    with play.on(LAST):
        assert play.tasks("neu.kamen") == []
        assert len(play.tasks("unterschrift.kamen")) == 1
    with play.on(LATER):
        signature = {
            "signed_on": play.today,
            "signatory_name": "Nadja Neu",
            "signatory_function": "Bürgermeisterin",
            "text_hash": play.text_hash(),
        }
        complete = f"/tasks/{task['id']}/complete"
        act = {"kind": "record_signature", **signature}
        # With no duty left for any party the old account sees nothing of the case any more.
        refused(play.as_("unterschrift.kamen").post(complete, json=act), 404, "task-unknown")
        path = f"{play.case}/signatures"
        refused(play.as_("unterschrift.kamen").post(path, json=signature), 404, "case-unknown")
        answer = ok(play.as_("neu.kamen").post(path, json=signature))
        assert answer["task"]["state"] == "done"
        play.drive()
        play.sign_all()
        assert play.state("signing")[0] == "done"
        signed = {s["body"]["ags"]: s["signatory_name"] for s in play.get("/signatures")["items"]}
        assert signed[KAMEN] == "Nadja Neu"
        play.to_force()
    play.verify()


def test_a_role_begins_and_ends_once(signing: Play) -> None:
    play = signing
    with transaction(play.world.sessions) as session:
        day = FIRST - timedelta(days=1)
        with pytest.raises(Conflict):
            accounts.begin_duty(session, "unterschrift.kamen", Role.SIGNATORY, KAMEN, FIRST)
        accounts.end_duty(session, "unterschrift.kamen", Role.SIGNATORY, KAMEN, day)
        with pytest.raises(NotFound):
            accounts.end_duty(session, "unterschrift.kamen", Role.SIGNATORY, KAMEN, day)
        with pytest.raises(NotFound):
            accounts.end_duty(session, "unterschrift.kamen", Role.SIGNATORY, SCHWERTE, day)
        accounts.begin_duty(session, "unterschrift.kamen", Role.SIGNATORY, KAMEN, FIRST)
