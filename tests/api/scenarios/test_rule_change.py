"""E15: a rule changes in the middle of a case; each step uses the rule of its own date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agreements.funding.rules import guideline, quote
from tests.api.scenarios.play import LEAD, Play
from tests.api.world import ELIGIBLE, KREIS, SLUGS, finance_plan

OLD, NEW = date(2021, 9, 20), date(2021, 10, 4)


def plan_of(day: date) -> dict[str, object]:
    """A finance plan by the guideline of that day."""
    granted = quote(guideline("ikz-nrw", day), len(SLUGS), ELIGIBLE, day)
    own = {"ags": KREIS, "name": "Kreis Unna", "amount": str(granted.own_contribution)}
    changes = {"grant": str(granted.grant), "own_contributions": [own]}
    return finance_plan(**changes) | {
        "planned_on": day.isoformat(),
        "starts_on": "2022-01-01",
        "ends_on": "2026-12-31",
    }


def planned(play: Play, day: date) -> None:
    """The Kreis draws up its plan, the treasurer checks it."""
    play.post("recht.kreis-unna", "/finance-plan", **plan_of(day))
    check = {"verdict": "agreed", "checked_on": play.today}
    play.post("kaemmerer.kreis-unna", "/finance-plan/check", **check)


def test_a_new_guideline_before_the_submission_asks_for_a_new_plan(play: Play) -> None:
    with play.on(OLD):
        play.start(started_on=OLD.isoformat())
        play.to_councils()
        play.decide_all()
        planned(play, OLD)
        assert play.state("funding_application") == ("open", 1)
        first = play.get("/application", "recht.kreis-unna")
        assert (first["guideline"], Decimal(first["grant"])) == (
            "ikz-nrw-2019",
            Decimal("210000.00"),
        )
    with play.on(NEW):
        receipt = {"submitted_on": play.today, "receipt_reference": "33.7-IKZ-2021-118"}
        refusal = play.refuse("recht.kreis-unna", "/application", **receipt)
        assert refusal["code"] == "guideline-changed"
        assert "IKZ-Richtlinie NRW vom 31. August 2021" in refusal["detail"]
        assert "wiederholen" in refusal["detail"]
        play.take("repeat-stage", stage="finance_plan", reason="Die Richtlinie hat sich geändert.")
        assert play.state("finance_plan") == ("open", 2)
        planned(play, NEW)
        second = play.get("/application", "recht.kreis-unna")
        assert (second["guideline"], Decimal(second["grant"])) == (
            "ikz-nrw-2021",
            Decimal("245000.00"),
        )
        play.post("recht.kreis-unna", "/application", **receipt)
        assert play.state("funding_application") == ("done", 2)
        assert play.entry("stage_superseded")["reason"] == "Die Richtlinie hat sich geändert."
    play.verify()


def test_a_signature_has_the_form_of_its_own_day(play: Play) -> None:
    """§ 24 Abs. 1 GkG NRW asks for the written form, whatever § 64 GO NRW says since 2025."""
    with play.on(date(2025, 3, 3)):
        play.start(started_on=play.today)
        play.to_councils()
        play.decide_all()
        play.confirm()
        form = {
            "signed_on": play.today,
            "signatory_name": "Elke Rappholt",
            "signatory_function": "Bürgermeisterin",
            "text_hash": play.text_hash(),
            "form": "text",
        }
        assert play.refuse("unterschrift.kamen", "/signatures", **form)["code"] == "wrong-form"
        play.sign("kamen", form="qualified_electronic")
    with play.on(date(2025, 9, 1)):
        late = form | {"signed_on": play.today}
        assert play.refuse("unterschrift.schwerte", "/signatures", **late)["code"] == "wrong-form"
        play.sign_all()
        assert play.state("signing")[0] == "done"


def test_the_procedure_stays_as_the_case_began_with_it(before_councils: Play) -> None:
    play = before_councils
    before = play.get()
    play.take("reopen-text", kind="agreement", reason="Neues Recht")
    after = play.get()
    assert (after["procedure"], after["procedure_version"]) == (
        before["procedure"],
        before["procedure_version"],
    )
    assert [s["key"] for s in after["stages"]] == [s["key"] for s in before["stages"]]
    assert play.tasks(LEAD)
