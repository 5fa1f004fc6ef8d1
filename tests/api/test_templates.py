"""Changed templates: uploaded and checked, released by a second person, previewed, rolled back."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from agreements import accounts
from agreements.accounts import NewAccount
from agreements.documents.registry import template_by_id
from agreements.dossier.jobs import Purpose
from agreements.model.bodies import Body
from agreements.model.enums import Role
from agreements.model.people import User
from agreements.model.records import Document
from agreements.model.templates import TemplateRelease, TemplateVersion
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.inspection.making import changed, document, paragraph
from tests.agreements.documents.reading import text_of
from tests.api.world import KAMEN, World, ok, refused

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAPER = (PROJECT_ROOT / "templates" / template_by_id("paper").file_name).read_bytes()
HEADING = "Beratungsfolge"


def _changed(new: str) -> bytes:
    """The template of the Beschlussvorlage with another heading."""
    return changed(PAPER, "word/document.xml", HEADING, new)


def _upload(
    world: World, who: str, content: bytes, template: str = "paper", **query: str
) -> httpx.Response:
    return world.as_(who).post(
        f"/templates/{template}/versions",
        params={"file_name": "Beschlussvorlage.docx", **query},
        content=content,
        headers={"Content-Type": DOCX},
    )


def _release(world: World, who: str, version: dict[str, Any]) -> httpx.Response:
    path = f"/template-versions/{version['id']}/release"
    return world.as_(who).post(path, json={"reason": "Neuer Briefkopf"})


@pytest.fixture
def second(world: World) -> str:
    """A second person in Kamen's legal office."""
    with world.sessions.begin() as session:
        accounts.add(session, NewAccount("recht2.kamen", "Rita Recht", [(Role.LEGAL, KAMEN)]))
    return "recht2.kamen"


def _written(world: World) -> dict[str, str]:
    """The headings of the papers that are written now, by body."""
    found = {}
    with world.sessions() as session:
        for row in session.scalars(select(Document).where(Document.purpose == Purpose.PAPER)):
            ags = session.scalar(select(Body.ags).where(Body.id == row.body_id))
            text = text_of(world.store.read(row.content_hash))
            found[str(ags)] = next(
                line for line in text.split("\n") if HEADING in line or "Gremien" in line
            )
    return found


def test_the_fields_of_a_template_are_described(world: World) -> None:
    answer = ok(world.as_("sb.kamen").get("/templates/paper"))
    fields = {field["name"]: field for field in answer["data"]["fields"]}
    assert fields["file_reference"]["meaning"] == "Aktenzeichen"
    assert fields["body"]["inner"] == "BodyForms"
    assert "BodyForms" in [model["name"] for model in answer["inner"]]
    assert answer["versions"] == []
    refused(world.as_("sb.kamen").get("/templates/vertrag"), 404, "template-unknown")
    assert len(ok(world.as_("sb.kamen").get("/templates"))["items"]) >= 9


def test_the_shipped_file_is_downloaded(world: World) -> None:
    response = world.as_("recht.kamen").get("/templates/paper/file")
    assert response.content == PAPER
    assert response.headers["content-type"] == DOCX


def test_a_refused_template_is_stored_nowhere_and_its_findings_are_named(world: World) -> None:
    wrong = changed(PAPER, "word/document.xml", "{{ office }}", "{{ ofice }}")
    problem = refused(_upload(world, "recht.kamen", wrong, body=KAMEN), 422, "template-refused")
    [finding] = problem["findings"]
    assert (finding["code"], finding["part"]) == ("field-unknown", "Textkörper")
    assert "Gemeint ist vielleicht „office“." in finding["message"]
    assert not world.store.exists(hashlib.sha256(wrong).hexdigest())
    with world.sessions() as session:
        assert session.scalars(select(TemplateVersion)).all() == []
    for hostile in (b"%PDF-1.7", document(paragraph("{{ ''.__class__ }}"))):
        refused(_upload(world, "recht.kamen", hostile, body=KAMEN), 422, "template-refused")


def test_a_second_person_releases_and_the_body_writes_with_it(world: World, second: str) -> None:
    version = ok(_upload(world, "recht.kamen", _changed("Gremien in Kamen"), body=KAMEN))
    assert (version["number"], version["in_use"], version["body"]["ags"]) == (1, False, KAMEN)
    refused(_release(world, "recht.kamen", version), 403, "second-person-needed")
    refused(_release(world, "recht.bergkamen", version), 404, "template-version-unknown")
    released = ok(_release(world, second, version))
    assert (released["version"], released["number"]) == (1, 1)
    refused(_release(world, second, version), 409, "template-in-use")

    world.documents = True
    world.to_councils()
    written = _written(world)
    assert written[KAMEN] == "Gremien in Kamen"
    assert {heading for ags, heading in written.items() if ags != KAMEN} == {HEADING}
    with world.sessions() as session:
        kamen = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        row = session.scalars(
            select(Document).where(Document.purpose == Purpose.PAPER, Document.body_id == kamen)
        ).first()
        assert row is not None
        assert row.template_hash == version["content_hash"]


def test_the_same_person_with_another_account_is_no_second_person(
    world: World, second: str
) -> None:
    version = ok(_upload(world, "recht.kamen", _changed("Gremien"), body=KAMEN))
    with world.sessions.begin() as session:
        first = session.scalars(select(User).where(User.username == "recht.kamen")).one()
        other = session.scalars(select(User).where(User.username == second)).one()
        other.person_key = first.person_key
    refused(_release(world, second, version), 403, "second-person-needed")


def test_a_template_for_all_is_released_by_another_body(world: World, second: str) -> None:
    version = ok(_upload(world, "recht.kamen", _changed("Gremien überall")))
    assert version["body"] is None
    refused(_release(world, second, version), 403, "second-body-needed")
    ok(_release(world, "recht.bergkamen", version))
    own = ok(_upload(world, "recht.kamen", _changed("Gremien in Kamen"), body=KAMEN))
    ok(_release(world, second, own))

    world.documents = True
    world.to_councils()
    written = _written(world)
    assert written.pop(KAMEN) == "Gremien in Kamen"
    assert set(written.values()) == {"Gremien überall"}


def test_one_goes_back_to_what_was_released_before(world: World, second: str) -> None:
    versions = [
        ok(_upload(world, "recht.kamen", _changed(f"Gremien {n}"), body=KAMEN)) for n in (1, 2, 3)
    ]
    for version in versions[:2]:
        ok(_release(world, second, version))

    def back(number: int) -> httpx.Response:
        return world.as_("recht.kamen").post(
            "/templates/paper/rollback",
            params={"body": KAMEN},
            json={"number": number, "reason": "Fußzeile fehlt"},
        )

    refused(back(3), 409, "template-never-released")
    refused(back(2), 409, "template-in-use")
    assert ok(back(1))["version"] == 1
    assert ok(back(0))["version"] == 0
    refused(back(0), 409, "template-in-use")
    answer = ok(world.as_("recht.kamen").get("/templates/paper"))
    assert [entry["version"] for entry in answer["releases"]] == [0, 1, 2, 1]
    assert [entry["in_use"] for entry in answer["versions"]] == [False] * 3
    assert ok(world.as_("recht.bergkamen").get("/templates/paper"))["versions"] == []


def test_the_preview_shows_what_would_change_in_running_cases(world: World) -> None:
    world.documents = True
    world.to_councils()
    version = ok(_upload(world, "recht.kamen", _changed("Gremien in Kamen"), body=KAMEN))
    preview = ok(world.as_("recht.kamen").get(f"/template-versions/{version['id']}/preview"))
    [item] = preview["items"]
    assert (item["title"], item["problem"], item["more"]) == ("Beschlussvorlage Kamen", None, 0)
    assert item["changes"] == [{"part": "Textkörper", "old": HEADING, "new": "Gremien in Kamen"}]
    assert preview["left_out"] == 0


def test_a_template_that_fails_with_a_running_case_is_refused(world: World) -> None:
    world.documents = True
    world.to_councils()
    # The example has a day for its first consultation; those of the case have none yet.
    old = "{{ row.planned_on|datum_kurz if row.planned_on else 'noch offen' }}"
    new = "{{ consultations[0].planned_on|datum_kurz }}"
    wrong = changed(PAPER, "word/document.xml", old, new)
    problem = refused(_upload(world, "recht.kamen", wrong, body=KAMEN), 422, "template-refused")
    assert [f["code"] for f in problem["findings"] if f["code"] != "field-unused"] == [
        "fails-in-case"
    ]


def test_of_two_who_release_at_once_one_is_told_so(world: World, second: str) -> None:
    with world.sessions.begin() as session:
        accounts.add(session, NewAccount("recht3.kamen", "Ria Recht", [(Role.LEGAL, KAMEN)]))
    version = ok(_upload(world, "recht.kamen", _changed("Gremien"), body=KAMEN))
    answers: list[int] = []
    clients = [world.as_(name) for name in (second, "recht3.kamen")]
    path = f"/template-versions/{version['id']}/release"
    threads = [
        threading.Thread(
            target=lambda client=client: answers.append(
                client.post(path, json={"reason": "Neuer Briefkopf"}).status_code
            )
        )
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]
    with world.sessions() as session:
        assert len(session.scalars(select(TemplateRelease)).all()) == 1


def test_who_has_no_legal_office_changes_nothing(world: World) -> None:
    refused(_upload(world, "sb.kamen", PAPER, body=KAMEN), 403, "not-permitted")
    refused(_upload(world, "recht.bergkamen", PAPER, body=KAMEN), 403, "not-permitted")
    refused(_upload(world, "admin", PAPER), 403, "not-permitted")
    refused(_upload(world, "recht.kamen", PAPER, template="vertrag"), 404, "template-unknown")
