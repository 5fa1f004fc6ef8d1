"""Documents as PDF: made when somebody asks, kept, and never in anybody's way."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from agreements import clock
from agreements.documents.pdf import Converter, converter, findings
from agreements.documents.registry import template_by_id
from agreements.documents.rendering import render
from agreements.documents.template import DOCX
from agreements.dossier import pdfs
from agreements.extracts import UPLOAD
from agreements.model.cases import Case, Stage
from agreements.model.records import Document
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.pdf.office import need_office
from tests.api.world import TODAY, World, ok, refused

LEGAL = "recht.kamen"


def _file(
    world: World, reference: str, content: bytes, *, media: str = DOCX, template: str = "paper"
) -> UUID:
    """A filed document of the case's first stage."""
    with world.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        stage = session.scalars(select(Stage).where(Stage.case_id == case.id)).first()
        assert stage is not None
        document = Document(
            case_id=case.id,
            stage_id=stage.id,
            purpose=f"matrix-{hashlib.sha256(content).hexdigest()[:6]}-{media}-{template}",
            title="Beschlussmatrix",
            file_name="Beschlussmatrix Kreis Unna.docx",
            content_hash=world.store.put(content),
            size=len(content),
            template=template,
            media_type=media,
            template_hash="0" * 64,
            data_hash="0" * 64,
            dated_on=date.fromisoformat(TODAY),
            written_at=clock.now(),
        )
        session.add(document)
        session.flush()
        return document.id


def _example() -> bytes:
    template = template_by_id("paper")
    return render(template, template.example(), PROJECT_ROOT / "templates")


def _view(world: World, reference: str) -> dict[str, Any]:
    [view] = ok(world.as_(LEGAL).get(f"/cases/{reference}/documents"))["items"]
    found: dict[str, Any] = view
    return found


@pytest.mark.office
def test_a_pdf_is_made_when_asked_for_and_kept(world: World) -> None:
    need_office()
    reference = world.start()
    document = _file(world, reference, _example())
    assert _view(world, reference)["pdf"] == "pending"
    client = world.as_(LEGAL)
    first = client.get(f"/documents/{document}/pdf")
    assert first.is_success
    assert first.headers["content-type"] == "application/pdf"
    assert "Beschlussmatrix%20Kreis%20Unna.pdf" in first.headers["content-disposition"]
    assert findings(first.content) == ()
    view = _view(world, reference)
    assert view["pdf"] == "ready"
    assert view["pdf_hash"] == hashlib.sha256(first.content).hexdigest()
    assert view["pdf_size"] == len(first.content)
    again = client.get(
        f"/documents/{document}/pdf", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    refused(world.as_("sb.luenen").get(f"/documents/{document}/pdf"), 404, "document-unknown")


@pytest.mark.office
def test_a_lost_pdf_is_made_again(world: World) -> None:
    need_office()
    document = _file(world, world.start(), _example())
    client = world.as_(LEGAL)
    first = client.get(f"/documents/{document}/pdf").content
    world.store.path(hashlib.sha256(first).hexdigest()).unlink()
    assert client.get(f"/documents/{document}/pdf").content == first


def test_without_libreoffice_the_word_document_is_still_there(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reference = world.start()
    document = _file(world, reference, _example())
    converter().close()  # the server is in this process, and may have one that is warm
    monkeypatch.setenv("PATH", str(tmp_path))
    pdfs_made = pdfs.make_due(world.sessions, world.store, Converter(1))
    assert pdfs_made == 0
    client = world.as_(LEGAL)
    problem = refused(client.get(f"/documents/{document}/pdf"), 503, "pdf-not-available")
    assert "LibreOffice fehlt" in problem["detail"]
    assert client.get(f"/documents/{document}/content").is_success
    assert _view(world, reference)["pdf"] == "pending"


@pytest.mark.office
def test_what_is_due_is_made_and_what_cannot_be_made_is_given_up(world: World) -> None:
    need_office()
    reference = world.start()
    good, broken = _file(world, reference, _example()), _file(world, reference, b"no document")
    made = [pdfs.make_due(world.sessions, world.store, converter()) for _ in range(5)]
    assert made == [1, 0, 0, 0, 0]
    with world.sessions() as session:
        assert session.get_one(Document, good).pdf_hash is not None
        failed = session.get_one(Document, broken)
        assert failed.pdf_failures == pdfs.MOST_FAILURES
        assert "kein Word-Dokument" in str(failed.pdf_problem)
    states = {
        entry["id"]: entry["pdf"]
        for entry in ok(world.as_(LEGAL).get(f"/cases/{reference}/documents"))["items"]
    }
    assert states == {str(good): "ready", str(broken): "failed"}
    refused(world.as_(LEGAL).get(f"/documents/{broken}/pdf"), 409, "pdf-failed")


def test_what_people_upload_stays_as_it_is(world: World) -> None:
    reference = world.start()
    scan = _file(world, reference, b"%PDF-1.4 scan", media=pdfs.PDF, template=UPLOAD)
    picture = _file(world, reference, b"\x89PNG", media="image/png", template=UPLOAD)
    client = world.as_(LEGAL)
    assert client.get(f"/documents/{scan}/pdf").content == b"%PDF-1.4 scan"
    refused(client.get(f"/documents/{picture}/pdf"), 409, "no-pdf")
    with world.sessions() as session:
        assert pdfs.due(session) == []


def test_a_case_file_streams_and_says_the_same_of_the_journal_as_the_api(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    converter().close()
    monkeypatch.setenv("PATH", str(tmp_path))  # without LibreOffice it is quick
    reference = world.start()
    _file(world, reference, _example())
    client = world.as_(LEGAL)
    answer = client.get(f"/cases/{reference}/bundles/case-file/zip")
    assert answer.is_success
    assert answer.headers["content-type"] == "application/zip"
    assert f"Vorgangsakte%20{reference}" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    journal = json.loads(files["Verlaufsakte/Verlaufsakte.json"])
    exported = ok(client.get(f"/cases/{reference}/journal/export"))
    for key in ("entries", "last_hash", "entry_count", "bodies", "case_id", "notice"):
        assert journal[key] == exported[key], key
    refused(client.get(f"/cases/{reference}/bundles/case-file/pdf"), 503, "pdf-not-available")
    refused(client.get(f"/cases/{reference}/bundles/signing/pdf"), 409, "nothing-to-bundle")
    refused(client.get(f"/cases/{reference}/bundles/everything/zip"), 422, "invalid-input")
