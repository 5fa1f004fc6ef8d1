"""A wrong result is corrected on its task's page, by a second person of the same body."""

from __future__ import annotations

from pydantic import BaseModel
from sqlalchemy import select, update

from agreements.corrections import CorrectResolution
from agreements.model.bodies import Body, Committee
from agreements.model.enums import Role
from api.web.deciding.correcting import CORRECTING
from tests.api.offices import join, resolution_task
from tests.api.web.office import ADOPTED, at, inputs, of_kamen, of_kind, shown
from tests.api.web.test_deciding_forms import NOT_ASKED, leaves
from tests.api.world import KAMEN, TODAY, World

REASON = "Ja und Nein waren vertauscht."


def kamen_has_voted(world: World) -> str:
    """The task in which the council of Kamen is said to have rejected, which it has not."""
    with at(world, "sb.kamen", resolution_task(world)) as office:
        office.recorded(**ADOPTED)
    task_id = of_kind(world, "sb.kamen", "record_resolution")
    votes = {"votes__yes": "4", "votes__no": "31", "votes__abstained": "2"}
    with at(world, "sb.kamen", task_id) as office:
        office.recorded(outcome="rejected", decided_on=TODAY, remark="TOP Ö 7", **votes)
    return task_id


def test_the_form_asks_for_everything_that_an_entry_knows() -> None:
    def all_of(model: type[BaseModel]) -> set[str]:
        return {path for path in leaves(model) if path.rpartition(".")[2] not in NOT_ASKED}

    assert set(CORRECTING.form({}).inputs) == all_of(CorrectResolution)


def test_a_second_person_corrects_what_the_first_has_mixed_up(councils: tuple[World, str]) -> None:
    world, reference = councils
    task_id = kamen_has_voted(world)
    with at(world, "sb.kamen", task_id, "berichtigen") as office:
        # Who made the entry is told who can correct it.
        answer = office.client.get(office.path)
        assert answer.headers["location"] == f"/aufgaben/{task_id}"
        page = office.client.get(f"/aufgaben/{task_id}").text
        assert "Eine zweite Person aus Sachbearbeitung oder Rechtsamt" in page
        assert "/berichtigen" not in page
    with at(world, "recht.kamen", task_id, "berichtigen") as office:
        page = office.client.get(f"/aufgaben/{task_id}").text
        assert "Beschlüsse der Räte: blockiert. Kamen: Rat hat abgelehnt." in shown(page)
        assert f'href="/aufgaben/{task_id}/berichtigen">Eintrag berichtigen' in page
        begun = inputs(office.opened())
        assert (begun["entry.outcome"], begun["entry.votes.no"]) == ("rejected", "31")
        assert (begun["entry.decided_on"], begun["entry.remark"]) == ("01.06.2026", "TOP Ö 7")
        right = {"entry__outcome": "adopted", "entry__votes__yes": "31", "entry__votes__no": "4"}
        without = office.check(**right)
        assert '<a href="#f-reason">Bitte angeben: Warum war der Eintrag falsch?' in without.text
        assert inputs(without.text)["entry.votes.yes"] == "31"
        checked = office.check(**right, reason=REASON)
        said = shown(checked.text)
        assert "Der Rat der Stadt Kamen hat die Vorlage 101/2026 am 01.06.2026 beschlossen" in said
        assert "beschlossen (bisher: abgelehnt) Tag der Sitzung 01.06.2026" in said
        assert "Ja 31 (bisher: 4) Nein 4 (bisher: 31) Enthaltungen 2 Bemerkung TOP Ö 7" in said
        assert "keine Angabe" not in said
        assert "Beschlüsse der Räte: läuft." in said
        # Nothing has happened yet.
        assert len(of_kamen(world, reference)) == 2
        answer = office.record(checked)
        assert answer.headers["location"] == f"/aufgaben/{task_id}?getan=berichtigt"
        said = shown(office.client.get(answer.headers["location"]).text)
    assert "Eingetragen. Der Eintrag ist berichtigt." in said
    assert "Ergebnis abgelehnt Stimmen ja 4, nein 31, Enthaltungen 2" in said
    assert "Seitdem Eintrag berichtigt am 01.06.2026" in said
    assert "Ergebnis abgelehnt → beschlossen" in said
    assert f"Begründung {REASON}" in said
    wrong, right_one = of_kamen(world, reference)[1:]
    assert (wrong["outcome"], wrong["worth"]) == ("rejected", "void")
    assert (right_one["outcome"], right_one["votes"]["yes"]) == ("adopted", 31)
    assert right_one["corrects_id"] == wrong["id"]


def test_what_is_wrong_in_the_right_entry_is_said_beside_its_field(
    councils: tuple[World, str],
) -> None:
    world, _ = councils
    task_id = kamen_has_voted(world)
    with at(world, "recht.kamen", task_id, "berichtigen") as office:
        unchanged = office.check(reason=REASON)
        assert unchanged.status_code == 422
        assert "Der neue Eintrag unterscheidet sich nicht" in unchanged.text
        early = office.check(reason=REASON, entry__decided_on="1.6.2027")
        assert '<a href="#f-entry-decided_on">' in early.text
        changed = {"entry__outcome": "adopted_amended", "entry__amendments__0__place": "§ 4"}
        half = office.check(reason=REASON, **changed)
        assert '<a href="#f-entry-amendments-0-wording">Bitte angeben: Abweichung 1' in half.text
        many = office.check(reason=REASON, entry__votes__yes="400")
        assert "f-entry-votes-yes" in many.text
        assert "übersteigt die Zahl der Stimmberechtigten des Rates (43)" in shown(many.text)


def test_of_two_who_correct_at_once_the_second_is_told_and_loses_nothing(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    task_id = kamen_has_voted(world)
    join(world, "zweite.kamen", "Ines Abendroth", (Role.CLERK, KAMEN))
    with at(world, "zweite.kamen", task_id, "berichtigen") as late:
        checked = late.check(entry__votes__yes="5", reason="Ja laut Niederschrift 5.")
        with at(world, "recht.kamen", task_id, "berichtigen") as office:
            office.recorded(entry__votes__no="30", reason="Nein laut Niederschrift 30.")
        answer = late.client.post(f"{late.path}/eintragen", data=inputs(checked.text))
        assert answer.status_code == 409
        assert "inzwischen von jemand anderem berichtigt worden" in shown(answer.text)
        begun = inputs(answer.text)
        assert (begun["entry.votes.yes"], begun["entry.votes.no"]) == ("5", "31")
        again = late.client.post(late.path, data=begun)
        assert "Nein 31 (bisher: 30)" in shown(again.text)
        begun["entry.votes.no"] = "30"
        assert late.record(late.client.post(late.path, data=begun)).status_code == 303
    said = of_kamen(world, reference)[-1]
    assert (said["votes"]["yes"], said["votes"]["no"]) == (5, 30)


def test_whoever_may_not_correct_sees_nothing_of_it(councils: tuple[World, str]) -> None:
    world, reference = councils
    task_id = kamen_has_voted(world)
    sent = {
        "entry.outcome": "adopted",
        "entry.decided_on": TODAY,
        "entry.text_hash": world.text_hash(reference),
        "reason": REASON,
    }
    with at(world, "sb.bergkamen", task_id, "berichtigen") as office:
        assert office.client.get(office.path).status_code == 404
        assert office.client.post(office.path, data=sent).status_code == 404
    with at(world, "recht.schwerte", task_id, "berichtigen") as office:
        assert "berichtigen" not in office.client.get(f"/aufgaben/{task_id}").text
        assert office.client.get(office.path).status_code == 303
        assert office.client.post(f"{office.path}/eintragen", data=sent).status_code == 409
        assert office.client.post(office.path, data=sent).status_code >= 400
    assert len(of_kamen(world, reference)) == 2


def test_of_a_private_consultation_the_lead_learns_nothing_here_either(world: World) -> None:
    with world.sessions.begin() as session:
        kamen = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        session.execute(update(Committee).where(Committee.body_id == kamen).values(public=False))
    world.to_councils()
    task_id = kamen_has_voted(world)
    with at(world, "recht.schwerte", task_id, "berichtigen") as office:
        for answer in (
            office.client.get(office.path, follow_redirects=True),
            office.client.get(f"/aufgaben/{task_id}"),
            office.client.post(office.path, data={"reason": REASON}),
        ):
            assert "TOP Ö 7" not in answer.text
            assert "abgelehnt" not in answer.text


def test_before_anything_is_recorded_there_is_nothing_to_correct(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    task_id = resolution_task(world)
    with at(world, "recht.kamen", task_id, "berichtigen") as office:
        assert office.client.get(office.path).status_code == 303
        data = {"reason": REASON, "entry.outcome": "adopted", "entry.decided_on": TODAY}
        data["entry.text_hash"] = world.text_hash(reference)
        assert office.client.post(office.path, data=data).status_code == 409
        refused = office.client.post(f"{office.path}/eintragen", data=data)
        assert refused.status_code == 409
        assert "Berichtigen lässt sich nur ein Eintrag, der gemacht ist." in refused.text
    assert resolution_task(world) == task_id
