"""Signing over the API: who may sign, the print set, signed copies that are checked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from agreements import print_set
from agreements.dossier.jobs import Purpose
from agreements.model.cases import Case, Stage
from agreements.model.enums import NoticeKind, Role, StageKind
from agreements.model.people import User
from agreements.model.records import Document
from agreements.people import actor_of
from tests.agreements.documents.pdf.office import need_office
from tests.agreements.documents.signatures.certificates import authority, person, sign, trust
from tests.agreements.documents.signatures.papers import (
    covered,
    images_of,
    scan,
    signed,
    text_pdf,
)
from tests.agreements.documents.signatures.papers import print_set as other_print_set
from tests.api.offices import away, join, told
from tests.api.world import BERGKAMEN, KAMEN, NOW, TODAY, YESTERDAY, World, ok, refused

LEGAL, CLERK, SIGNATORY, LEAD = "recht.kamen", "sb.kamen", "unterschrift.kamen", "recht.schwerte"
PDF = "application/pdf"


def signing(world: World, reference: str, who: str = LEGAL, **asked: str) -> dict[str, Any]:
    """The signing set as somebody sees it."""
    return ok(world.as_(who).get(f"/cases/{reference}/signing", params=asked))


def of_kamen(found: dict[str, Any]) -> dict[str, Any]:
    """Kamen's part of it."""
    [party] = [p for p in found["parties"] if p["body"]["ags"] == KAMEN]
    return dict(party)


def codes(found: dict[str, Any]) -> list[str]:
    """The codes of what stands against signing."""
    return [objection["code"] for objection in found["objections"]]


def upload(
    world: World,
    reference: str,
    content: bytes,
    who: str = CLERK,
    *,
    body: str = KAMEN,
    kind: str = "scan",
    media_type: str = PDF,
) -> httpx.Response:
    """Somebody sends a signed copy."""
    return world.as_(who).post(
        f"/cases/{reference}/signing/copies",
        params={"body": body, "kind": kind, "file_name": "Vereinbarung unterschrieben.pdf"},
        content=content,
        headers={"Content-Type": media_type},
    )


def record(world: World, reference: str, **changes: Any) -> httpx.Response:  # noqa: ANN401
    """Kamen's signature is recorded."""
    return world.as_(SIGNATORY).post(
        f"/cases/{reference}/signatures", json=world.signature(reference, **changes)
    )


def frozen_file(world: World, reference: str, content: bytes = b"PK frozen") -> None:
    """The frozen file, as the machine files it."""
    with world.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        stage = session.scalars(
            select(Stage).where(Stage.case_id == case.id, Stage.kind == StageKind.COORDINATION)
        ).one()
        session.add(
            Document(
                case_id=case.id,
                stage_id=stage.id,
                media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                purpose=Purpose.FROZEN_AGREEMENT.value,
                title="Endfassung",
                file_name="Endfassung.docx",
                content_hash=world.store.put(content),
                size=len(content),
                template="agreement",
                template_hash="0" * 64,
                data_hash="0" * 64,
                text_hash=world.text_hash(reference),
                dated_on=NOW.date(),
                written_at=NOW,
            )
        )


def make_print_set(world: World, reference: str, pages: int = 3) -> bytes:
    """The print set, its PDF made here instead of by LibreOffice."""
    frozen_file(world, reference)
    with world.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        user = session.scalars(select(User).where(User.username == LEAD)).one()
        made = print_set.make_print_set(
            session, actor_of(user), case, world.store, lambda docx: text_pdf(pages)
        )
        return world.store.read(made.content_hash)


@pytest.fixture
def ready(world: World) -> tuple[World, str, bytes]:
    """A case whose parties are asked to sign, with its print set."""
    reference = world.to_signing()
    return world, reference, make_print_set(world, reference)


def test_before_the_resolutions_nothing_is_printed(councils: tuple[World, str]) -> None:
    world, reference = councils
    found = codes(signing(world, reference))
    assert found.count("resolution-missing") == 3
    assert "signing-not-due" in found
    answer = world.as_(LEAD).post(f"/cases/{reference}/signing/print-set")
    problem = refused(answer, 409, "signing-not-possible")
    assert "Es fehlt ein wirksamer Beschluss des Rates der Stadt Kamen" in problem["detail"]
    refused(upload(world, reference, b"%PDF-1.7"), 409, "no-print-set")


def test_the_set_says_what_is_needed_and_who_may_sign(world: World) -> None:
    reference = world.to_signing()
    found = signing(world, reference)
    assert codes(found) == []
    assert found["required"]["allowed"] == ["written", "qualified_electronic"]
    assert (found["required"]["signatures_needed"], found["required"]["signatures_verified"]) == (
        1,
        False,
    )
    party = of_kamen(found)
    assert [(p["capacity"], p["alone"]) for p in party["may_sign"]] == [
        ("head", True),
        ("authorised", False),
    ]
    assert party["missing"][0] == "Die Unterschrift ist zu erfassen."
    # Before the law of July 2025 two had to sign.
    assert of_kamen(signing(world, reference, on="2025-07-09"))["signatures_needed"] == 2
    assert codes(signing(world, reference, form="text")) == ["wrong-form"]


def test_a_set_that_cannot_be_valid_is_refused(world: World) -> None:
    reference = world.to_signing()
    register = f"/bodies/{KAMEN}/signatories"
    ending = {"name": "Elke Rappholt", "valid_to": YESTERDAY}
    refused(world.as_(CLERK).post(f"{register}/ending", json=ending), 403, "not-permitted")
    ok(world.as_(LEGAL).post(f"{register}/ending", json=ending))
    [objection] = signing(world, reference)["objections"]
    assert (objection["code"], objection["body"]["ags"]) == ("not-enough-signatories", KAMEN)
    answer = world.as_(LEAD).post(f"/cases/{reference}/signing/print-set")
    problem = refused(answer, 409, "signing-not-possible")
    assert "Für die Stadt Kamen kann am 01.06.2026 niemand wirksam" in problem["detail"]
    refused(record(world, reference), 422, "not-a-signatory")
    # Bergkamen's mayor as Kamen's: he would have to sign for both.
    stand_in = {"name": "Carsten Vossloh", "function": "Bürgermeister", "capacity": "head"}
    stand_in |= {"basis": "kommissarisch", "valid_from": TODAY}
    ok(world.as_("admin").post(register, json=stand_in))
    assert codes(signing(world, reference)) == ["one-for-two-parties"]


def test_one_person_does_not_sign_for_two_parties(world: World) -> None:
    reference = world.to_signing()
    register = f"/bodies/{BERGKAMEN}/signatories"
    deputy = {"name": "Dr. Elke Rappholt", "function": "Beigeordnete", "basis": "Wahl"}
    deputy |= {"capacity": "general_deputy", "valid_from": YESTERDAY}
    ok(world.as_("recht.bergkamen").post(register, json=deputy))
    ok(record(world, reference))
    twice = {"signatory_name": "Dr. Elke Rappholt", "signatory_function": "Beigeordnete"}
    path = f"/cases/{reference}/signatures"
    act = world.signature(reference, "bergkamen", **twice)
    of_bergkamen = world.as_("unterschrift.bergkamen")
    problem = refused(of_bergkamen.post(path, json=act), 422, "signatory-of-another-party")
    assert "schon für die Stadt Kamen unterschrieben" in problem["detail"]
    because = "Zwei Frauen gleichen Namens; Geburtsdaten verglichen."
    ok(of_bergkamen.post(path, json=act | {"namesake_because": because}))


def test_a_register_is_kept_without_overlaps(world: World) -> None:
    register = f"/bodies/{KAMEN}/signatories"
    legal = world.as_(LEGAL)
    entry = {"name": "Nadja Neu", "function": "Bürgermeisterin", "capacity": "head"}
    entry |= {"basis": "Wahl", "valid_from": TODAY}
    problem = refused(legal.post(register, json=entry), 409, "signatory-still-there")
    assert problem["field"] == "capacity"
    same = entry | {"name": "Elke Rappholt", "capacity": "authorised"}
    assert refused(legal.post(register, json=same), 409, "signatory-still-there")["field"] == "name"
    unknown = {"name": "Otto Fremd", "valid_to": TODAY}
    refused(legal.post(f"{register}/ending", json=unknown), 404, "signatory-unknown")
    ok(legal.post(register, json=entry | {"capacity": "general_deputy"}))
    names = [s["name"] for s in ok(world.as_(CLERK).get(register))["items"]]
    assert names[:2] == ["Elke Rappholt", "Nadja Neu"]


def test_a_scan_of_the_print_set_is_taken_and_stands_behind_the_signature(
    ready: tuple[World, str, bytes],
) -> None:
    world, reference, printed = ready
    pages = images_of(printed)
    content = scan([*pages[:-1], signed(pages[-1])])
    copy = ok(upload(world, reference, content))
    assert (copy["state"], copy["findings"]) == ("accepted", [])
    # The same file once more is the same copy.
    again = ok(upload(world, reference, content))
    assert again["document"]["id"] == copy["document"]["id"]
    path = f"/documents/{copy['document']['id']}/content"
    assert world.as_(CLERK).get(path).content == content
    refused(world.as_("sb.bergkamen").get(path), 404, "document-unknown")
    # An electronic form does not go with paper.
    refused(record(world, reference, form="qualified_electronic"), 422, "copy-of-another-form")
    ok(record(world, reference, document_id=copy["document"]["id"]))
    party = of_kamen(signing(world, reference))
    assert party["missing"] == []
    assert party["signature"]["signatory_name"] == "Elke Rappholt"
    hidden = of_kamen(signing(world, reference, "sb.bergkamen"))
    assert (hidden["copies"], hidden["signature"], hidden["missing"]) == ([], None, [])


def test_what_the_scanner_lost_is_confirmed_by_a_second_person(
    ready: tuple[World, str, bytes],
) -> None:
    world, reference, printed = ready
    pages = images_of(printed)
    copy = ok(upload(world, reference, scan([pages[0], covered(pages[1]), pages[2]]), LEGAL))
    assert copy["state"] == "to_confirm"
    assert [f["code"] for f in copy["findings"]] == ["code-unreadable"]
    problem = refused(record(world, reference), 409, "copy-unconfirmed")
    assert "Blatt 2" in problem["detail"]
    path = f"/cases/{reference}/signing/copies/{copy['document']['id']}/confirmation"
    look = {"reason": "Blatt 2 angesehen: wortgleich mit dem Druckexemplar."}
    # Who filed it is not told, so it is for the lead to look.
    assert told(world, LEGAL, NoticeKind.COPY_TO_CONFIRM) == []
    [asked] = told(world, LEAD, NoticeKind.COPY_TO_CONFIRM)
    assert "müssen Sie ansehen und bestätigen" in asked
    refused(world.as_(LEGAL).post(path, json=look), 403, "second-person-needed")
    join(world, "zweitkonto.kamen", "Nadine Feldkötter", (Role.LEGAL, KAMEN))
    with world.sessions.begin() as session:
        key = session.scalars(select(User.person_key).where(User.username == LEGAL)).one()
        second = session.scalars(select(User).where(User.username == "zweitkonto.kamen")).one()
        second.person_key = key
    refused(world.as_("zweitkonto.kamen").post(path, json=look), 403, "second-person-needed")
    refused(world.as_(CLERK).post(path, json=look), 403, "not-permitted")
    # In place of the second account is in place of the person.
    away(world, "zweitkonto.kamen", CLERK)
    refused(world.as_(CLERK).post(path, json=look), 403, "second-person-needed")
    # Also for whom it is a duty of their own.
    join(world, "dritte.kamen", "Jo Abendroth", (Role.LEGAL, KAMEN))
    away(world, LEGAL, "dritte.kamen")
    refused(world.as_("dritte.kamen").post(path, json=look), 403, "second-person-needed")
    join(world, "befangen.kamen", "Ines Abendroth", (Role.LEGAL, KAMEN))
    biased = {"name": "Ines Abendroth", "function": "Juristin", "username": "befangen.kamen"}
    biased |= {"body": KAMEN, "reason": "Angehörige", "declared_on": TODAY}
    ok(world.as_(LEGAL).post(f"/cases/{reference}/exclusions", json=biased))
    refused(world.as_("befangen.kamen").post(path, json=look), 409, "excluded-for-bias")
    confirmed = ok(world.as_(LEAD).post(path, json=look))
    assert (confirmed["state"], confirmed["confirmed_because"]) == ("confirmed", look["reason"])
    refused(world.as_(LEAD).post(path, json=look), 409, "nothing-to-confirm")
    ok(record(world, reference))
    journal = ok(world.as_(LEGAL).get(f"/cases/{reference}/journal"))["items"]
    events = [entry["event"] for entry in journal]
    for event in ("print_set_made", "signed_copy_filed", "signed_copy_confirmed"):
        assert event in events


def test_a_copy_of_another_version_is_refused_and_nothing_kept(
    ready: tuple[World, str, bytes],
) -> None:
    world, reference, printed = ready
    pages = images_of(printed)
    strange = images_of(other_print_set(3, reference=reference))
    before = ok(world.as_(LEGAL).get(f"/cases/{reference}/documents"))
    answer = upload(world, reference, scan([pages[0], strange[1], pages[2]]))
    problem = refused(answer, 422, "copy-refused")
    assert "Blatt 2 (Seite 2) gehört zu einer anderen Textfassung" in problem["detail"]
    problem = refused(upload(world, reference, scan([pages[0], pages[2]])), 422, "copy-refused")
    assert problem["detail"].endswith("Seite 2 fehlt.")
    refused(upload(world, reference, b"%PDF-1.7 nothing"), 422, "pdf-broken")
    refused(upload(world, reference, b"GIF89a", media_type="image/gif"), 422, "file-type")
    refused(upload(world, reference, scan(pages), "sb.bergkamen"), 403, "not-permitted")
    refused(upload(world, reference, scan(pages), body="05978032"), 403, "not-permitted")
    assert ok(world.as_(LEGAL).get(f"/cases/{reference}/documents")) == before


def test_an_electronically_signed_print_set(
    ready: tuple[World, str, bytes], tmp_path: Path
) -> None:
    world, reference, printed = ready
    settings = world.app.state.settings
    folder = trust(tmp_path / "anker", authority())
    world.app.state.settings = settings.model_copy(update={"signature_trust_dir": folder})
    refused(upload(world, reference, printed, kind="electronic"), 422, "copy-refused")
    # Stamped with the tests' day; the computer's own clock is another.
    content = sign(printed, person("Elke Rappholt"), stamped=True, at=NOW - timedelta(hours=1))
    copy = ok(upload(world, reference, content, kind="electronic"))
    assert (copy["state"], copy["findings"]) == ("accepted", [])
    [signer] = copy["signers"]
    assert signer["summary"] == (
        "Elke Rappholt (Stadt Kamen), 01.06.2026 11:00 Uhr laut Zeitstempel, "
        "qualifiziert laut Zertifikat, Herkunft geprüft"
    )
    electronic = {"form": "qualified_electronic"}
    other = {"signatory_name": "Bernd Osthues", "signatory_function": "Kämmerer"}
    register = f"/bodies/{KAMEN}/signatories"
    entry = {"name": "Bernd Osthues", "function": "Kämmerer", "capacity": "general_deputy"}
    ok(world.as_("admin").post(register, json=entry | {"basis": "Wahl", "valid_from": YESTERDAY}))
    problem = refused(record(world, reference, **electronic, **other), 422, "not-among-signers")
    assert "sondern von: Elke Rappholt" in problem["detail"]
    refused(record(world, reference), 422, "copy-of-another-form")
    ok(record(world, reference, **electronic))


def test_without_trust_anchors_a_person_has_to_confirm(ready: tuple[World, str, bytes]) -> None:
    world, reference, printed = ready
    content = sign(printed, person("Elke Rappholt"), stamped=True, at=NOW - timedelta(hours=1))
    copy = ok(upload(world, reference, content, kind="electronic"))
    assert copy["state"] == "to_confirm"
    assert "nicht geprüft" in copy["findings"][0]["sentence"]
    refused(record(world, reference, form="qualified_electronic"), 409, "copy-unconfirmed")


def test_two_who_file_the_same_copy_at_once_file_it_once(ready: tuple[World, str, bytes]) -> None:
    world, reference, printed = ready
    content = scan(images_of(printed))
    # Both signed in beforehand.
    for who in (CLERK, LEGAL):
        world.as_(who)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: upload(world, reference, content, who), (CLERK, LEGAL)))
    assert len({ok(answer)["document"]["id"] for answer in answers}) == 1
    assert len(of_kamen(signing(world, reference))["copies"]) == 1


@pytest.mark.office
def test_the_real_agreement_is_printed_stamped_and_recognised(world: World) -> None:
    need_office()
    world.documents = True
    reference = world.to_signing()
    path = f"/cases/{reference}/signing/print-set"
    made = ok(world.as_(CLERK).post(path))
    assert ok(world.as_(LEGAL).post(path))["id"] == made["id"]
    printed = world.as_("sb.bergkamen").get(f"/documents/{made['id']}/content")
    assert printed.content.startswith(b"%PDF-")
    copy = ok(upload(world, reference, scan(images_of(printed.content))))
    assert (copy["state"], copy["findings"]) == ("accepted", [])
