"""A case's page: who has decided what, what is waited for; nothing that is for other eyes."""

from __future__ import annotations

from sqlalchemy import select, update

from agreements.model.bodies import Body, Committee
from tests.api.offices import resolution_task
from tests.api.web.conftest import signed_in
from tests.api.web.office import ADOPTED, at, of_kind, shown
from tests.api.world import KAMEN, TODAY, World

REASON = "Ja und Nein waren vertauscht."


def page_of(world: World, username: str, path: str) -> tuple[int, str]:
    """The status of a page, and what people read on it."""
    with signed_in(world, username) as client:
        answer = client.get(path)
        return answer.status_code, shown(answer.text)


def test_cases_are_found_by_what_people_remember_of_them(councils: tuple[World, str]) -> None:
    world, reference = councils
    status, page = page_of(world, "sb.kamen", "/vorgaenge")
    assert status == 200
    assert f"{reference} Smart Region Kreis Unna" in page
    assert "Stadt Schwerte 01.06.2026 läuft" in page
    assert reference in page_of(world, "sb.kamen", "/vorgaenge?suche=Smart+Region")[1]
    assert "Dazu gibt es keinen Vorgang." in page_of(world, "sb.kamen", "/vorgaenge?suche=Bad")[1]
    status, page = page_of(world, "sb.kamen", "/vorgaenge?ab=unsinn")
    assert status == 422
    assert "Diese Fortsetzungsmarke ist ungültig." in page


def test_the_page_says_who_has_decided_what_and_what_is_waited_for(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        office.recorded(**ADOPTED)
    council = of_kind(world, "sb.kamen", "record_resolution")
    with at(world, "sb.kamen", council) as office:
        office.recorded(outcome="rejected", decided_on=TODAY, votes__yes="4", votes__no="31")
        assert (
            f'<a href="/vorgaenge/{reference}">' in office.client.get(f"/aufgaben/{council}").text
        )
    status, page = page_of(world, "recht.schwerte", f"/vorgaenge/{reference}")
    assert status == 200
    assert "Beschlüsse der Räte: blockiert. Kamen: Rat hat abgelehnt." in page
    assert "Stadt Kamen Rat Entscheidung, Beschlüsse der Räte abgelehnt am 01.06.2026" in page
    assert "Stadt Bergkamen Haupt- und Finanzausschuss Empfehlung" in page
    # A clerk sees what concerns the own body; where the others stand, everybody sees.
    status, page = page_of(world, "sb.bergkamen", f"/vorgaenge/{reference}")
    assert "Beschlüsse der Räte: blockiert." in page
    assert "Stadt Bergkamen Haupt- und Finanzausschuss Empfehlung" in page
    assert "Stadt Kamen Rat Entscheidung" not in page
    with at(world, "recht.kamen", council, "berichtigen") as office:
        right = {"entry__outcome": "adopted", "entry__votes__yes": "31", "entry__votes__no": "4"}
        office.recorded(**right, reason=REASON)
    page = page_of(world, "recht.bergkamen", f"/vorgaenge/{reference}")[1]
    assert "abgelehnt am 01.06.2026 gilt nicht mehr, Eintrag berichtigt" in page
    assert "beschlossen am 01.06.2026 gilt" in page
    assert REASON not in page


def test_nobody_sees_a_case_of_others_and_the_administration_its_course_alone(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    with at(world, "sb.kamen", resolution_task(world)) as office:
        office.recorded(**ADOPTED)
    assert page_of(world, "sb.kamen", "/vorgaenge/IKZ-2026-9999")[0] == 404
    assert page_of(world, "sb.luenen", f"/vorgaenge/{reference}")[0] == 404
    assert reference not in page_of(world, "sb.luenen", "/vorgaenge")[1]
    status, page = page_of(world, "admin", f"/vorgaenge/{reference}")
    assert (status, "Beschlüsse der Räte: läuft." in page) == (200, True)
    assert "Wer was entschieden hat" not in page
    assert "Dokumente" not in page


def test_what_was_decided_in_private_is_on_the_page_of_those_alone_who_may_know(
    world: World,
) -> None:
    with world.sessions.begin() as session:
        kamen = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        session.execute(update(Committee).where(Committee.body_id == kamen).values(public=False))
    reference = world.to_councils()
    with at(world, "sb.kamen", resolution_task(world)) as office:
        office.recorded(outcome="rejected", decided_on=TODAY)
    said = "Empfehlung, nichtöffentlich, Beschlüsse der Räte abgelehnt"
    assert said in page_of(world, "sb.kamen", f"/vorgaenge/{reference}")[1]
    for username in ("sb.bergkamen", "recht.schwerte"):
        page = page_of(world, username, f"/vorgaenge/{reference}")[1]
        # That it takes place is no secret.
        assert "Kamen: Ergebnis der nichtöffentlichen Beratung erfassen." in page
        assert said not in page
        assert "abgelehnt" not in page
