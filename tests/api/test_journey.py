"""A case from start to notices over HTTP, every resource endpoint on the way."""

from __future__ import annotations

from tests.api.world import KAMEN, SLUGS, TODAY, World, finance_plan, ok, refused


def test_from_the_start_to_the_notices(world: World) -> None:
    reference = world.to_authority()
    lead = world.as_("recht.schwerte")
    case = f"/cases/{reference}"
    submission = {"applied_on": TODAY, "received_on": TODAY}
    answer = ok(lead.post(f"{case}/approval/submission", json=submission))
    assert [task["kind"] for task in answer["opened"]] == ["record_authority_answer"]
    ok(lead.post(f"{case}/approval/answer", json={"answer": "approved", "answered_on": TODAY}))
    world.drive()
    publication = {"gazette": "Amtsblatt", "issue": "22", "published_on": TODAY}
    ok(lead.post(f"{case}/publication", json=publication))
    world.drive()
    notice = {"published_on": TODAY, "medium": "Amtsblatt der Stadt Kamen"}
    ok(world.as_("sb.kamen").post(f"{case}/notices", json=notice))

    approval = ok(lead.get(f"{case}/approval"))
    assert approval["authority"] == "Bezirksregierung Arnsberg"
    assert approval["answer_label"] == "genehmigt"
    assert ok(lead.get(f"{case}/publication"))["published_on"] == TODAY
    assert len(ok(lead.get(f"{case}/signatures"))["items"]) == len(SLUGS)
    assert [n["body"]["ags"] for n in ok(lead.get(f"{case}/notices"))["items"]] == [KAMEN]
    papers = ok(lead.get(f"{case}/resolutions"))["items"]
    assert {paper["body"]["ags"] for paper in papers} == set(SLUGS)
    assert all(c["state"] == "held" for paper in papers for c in paper["consultations"])
    missing = ok(lead.get(f"{case}/missing"))["items"]
    notices = next(entry for entry in missing if entry["kind"] == "publication_notices")
    assert "Bergkamen: Hinweis auf die Bekanntmachung erfassen." in notices["sentences"]


def test_from_the_finance_plan_to_the_receipt(world: World) -> None:
    reference = world.to_confirmation()
    applicant = world.as_("recht.kreis-unna")
    case = f"/cases/{reference}"
    refused(applicant.get(f"{case}/finance-plan"), 404, "no-finance-plan")
    answer = ok(applicant.post(f"{case}/finance-plan", json=finance_plan()))
    assert [task["kind"] for task in answer["opened"]] == ["check_finance_plan"]
    check = {"verdict": "agreed", "checked_on": TODAY}
    refused(applicant.post(f"{case}/finance-plan/check", json=check), 403, "task-of-others")
    ok(world.as_("kaemmerer.kreis-unna").post(f"{case}/finance-plan/check", json=check))
    world.drive()
    receipt = {"submitted_on": TODAY, "receipt_reference": "33.7-IKZ-2026-118"}
    ok(applicant.post(f"{case}/application", json=receipt))

    plan = ok(applicant.get(f"{case}/finance-plan"))
    assert (plan["state_label"], plan["eligible"]) == ("geprüft", "400000.00")
    application = ok(applicant.get(f"{case}/application"))
    assert application["receipt_reference"] == "33.7-IKZ-2026-118"
    assert application["grant"] == plan["grant"] == plan["plan"]["grant"]
