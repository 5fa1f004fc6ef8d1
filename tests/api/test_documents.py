"""Documents: who may list and download them, under which name, and only whole."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import docx
import pytest
from sqlalchemy import select

from agreements import clock
from agreements.documents.template import DOCX
from agreements.model.bodies import Body
from agreements.model.cases import Case, Stage
from agreements.model.records import Document
from api.rest.documents import attachment
from tests import machine
from tests.api.world import AGREEMENT, BERGKAMEN, KAMEN, TODAY, World, ok, refused


def _file(world: World, reference: str, purpose: str, ags: str | None, name: str) -> UUID:
    """A filed document of the case's first stage."""
    content = f"{purpose} {ags}".encode()
    with world.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        stage = session.scalars(select(Stage).where(Stage.case_id == case.id)).first()
        assert stage is not None
        body = session.scalar(select(Body.id).where(Body.ags == ags)) if ags else None
        document = Document(
            case_id=case.id,
            stage_id=stage.id,
            body_id=body,
            purpose=purpose,
            title=name,
            file_name=f"{name}.docx",
            content_hash=world.store.put(content),
            size=len(content),
            template="test",
            media_type=DOCX,
            template_hash="0" * 64,
            data_hash="0" * 64,
            dated_on=date.fromisoformat(TODAY),
            written_at=clock.now(),
        )
        session.add(document)
        session.flush()
        return document.id


@pytest.fixture
def filed(world: World) -> tuple[World, str, dict[str, UUID]]:
    """A case with one document of each sort."""
    reference = world.start()
    documents = {
        "own": _file(world, reference, "paper", KAMEN, "Beschlussvorlage Kamen"),
        "others": _file(world, reference, "paper", BERGKAMEN, "Beschlussvorlage Bergkamen"),
        "all": _file(world, reference, "matrix", None, "Beschlussmatrix"),
        "applicant": _file(world, reference, "funding_application", None, "Förderantrag"),
    }
    return world, reference, documents


@pytest.mark.parametrize(
    ("username", "visible"),
    [
        ("sb.kamen", {"own", "all"}),
        ("sb.bergkamen", {"others", "all"}),
        ("kaemmerer.kreis-unna", {"all", "applicant"}),
        ("recht.kamen", {"own", "others", "all", "applicant"}),
        ("sb.luenen", set()),
        ("admin", set()),
    ],
)
def test_who_reads_which_documents(
    filed: tuple[World, str, dict[str, UUID]], username: str, visible: set[str]
) -> None:
    world, reference, documents = filed
    client = world.as_(username)
    if visible:
        listed = ok(client.get(f"/cases/{reference}/documents"))["items"]
        assert {entry["id"] for entry in listed} == {str(documents[name]) for name in visible}
    for name, document_id in documents.items():
        response = client.get(f"/documents/{document_id}/content")
        if name in visible:
            assert response.is_success
            tag = hashlib.sha256(response.content).hexdigest()
            assert response.headers["etag"] == f'"{tag}"'
        else:
            refused(response, 404, "document-unknown")


def test_a_download_has_its_german_name(filed: tuple[World, str, dict[str, UUID]]) -> None:
    world, _, documents = filed
    response = world.as_("recht.kamen").get(f"/documents/{documents['applicant']}/content")
    assert response.headers["content-type"] == DOCX
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"Foerderantrag.docx\"; filename*=UTF-8''F%C3%B6rderantrag.docx"
    )


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Anhänge ß.docx", "Anhaenge ss.docx"),
        ('Satzung "neu"; 100%.docx', "Satzung _neu_; 100_.docx"),
        ("Brač – é.docx", "Brac _ e.docx"),
        ("zwei\r\nZeilen.docx", "zwei__Zeilen.docx"),
    ],
)
def test_names_for_old_and_new_clients(name: str, plain: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert f'filename="{plain}"' in header
    assert unquote(header.split("filename*=UTF-8''")[1]) == name


def test_an_unchanged_document_is_not_sent_again(
    filed: tuple[World, str, dict[str, UUID]],
) -> None:
    world, _, documents = filed
    client = world.as_("sb.kamen")
    path = f"/documents/{documents['own']}/content"
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"anders"'}).status_code == 200


def _path_of(world: World, document_id: UUID) -> Any:  # noqa: ANN401  (a path)
    with world.sessions() as session:
        return world.store.path(session.get_one(Document, document_id).content_hash)


def test_a_document_that_was_changed_is_not_served(
    filed: tuple[World, str, dict[str, UUID]],
) -> None:
    world, _, documents = filed
    path = _path_of(world, documents["own"])
    path.write_bytes(b"gefaelscht")
    response = world.as_("sb.kamen").get(f"/documents/{documents['own']}/content")
    assert str(path) not in str(refused(response, 500, "needs-mending"))


def test_a_document_whose_file_is_lost_is_said_to_be(
    filed: tuple[World, str, dict[str, UUID]],
) -> None:
    world, _, documents = filed
    _path_of(world, documents["own"]).unlink()
    response = world.as_("sb.kamen").get(f"/documents/{documents['own']}/content")
    refused(response, 404, "document-missing")


def test_the_machines_documents_open_in_word(world: World) -> None:
    reference = world.start()
    ok(world.as_("recht.schwerte").post(f"/cases/{reference}/versions", json=AGREEMENT))
    task = world.task("recht.schwerte", "submit_draft")
    act = {"kind": "submit_draft", "submitted_on": TODAY}
    ok(world.as_("recht.schwerte").post(f"/tasks/{task['id']}/complete", json=act))
    machine.drive(world.sessions, world.store)
    client = world.as_("sb.kamen")
    (draft,) = ok(client.get(f"/cases/{reference}/documents"))["items"]
    assert draft["purpose"] == "draft_agreement"
    response = client.get(f"/documents/{draft['id']}/content")
    assert len(response.content) == draft["size"]
    assert hashlib.sha256(response.content).hexdigest() == draft["content_hash"]
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(response.content)).paragraphs]
    assert any("Datenplattform" in text for text in texts)
