"""Extracts of the minutes as files: what is taken, what is kept, what they are called."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements import course, extracts
from agreements.database.engine import transaction
from agreements.errors import NotPermitted, Refusal
from agreements.model.records import Document
from tests.agreements.councils.deciding import Deciding
from tests.story import KAMEN, actor

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def _archive(files: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


FILES = {
    PDF: b"%PDF-1.7\n...",
    PNG: b"\x89PNG\r\n\x1a\n....",
    JPEG: b"\xff\xd8\xff\xe0....",
    DOCX: _archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}),
    ODT: _archive({"mimetype": ODT, "content.xml": "<content/>"}),
}


def _file(
    case: Deciding,
    content: bytes = FILES[PDF],
    media_type: str = PDF,
    file_name: str = "Auszug.pdf",
    username: str = "sb.kamen",
) -> Document:
    with transaction(case.sessions) as session:
        return extracts.file_extract(
            session,
            actor(session, username),
            course.locked_case(session, case.case_id),
            case.last(KAMEN),
            content,
            media_type,
            file_name,
            case.store,
        )


def test_every_accepted_type_is_kept_as_it_is(decided: Deciding) -> None:
    for media_type, content in FILES.items():
        document = _file(decided, content, media_type, "Auszug")
        assert decided.store.read(document.content_hash) == content
        assert (document.media_type, document.size) == (media_type, len(content))
        assert document.file_name == "Auszug" + extracts.ACCEPTED[media_type].ending


def test_it_says_that_it_was_not_rendered_here(decided: Deciding) -> None:
    document = _file(decided)
    assert (document.template, document.purpose) == ("upload", "minutes_extract")
    assert document.title.startswith("Kamen: Auszug aus der Niederschrift des Rates vom")


def test_another_one_replaces_it_and_both_are_kept(decided: Deciding) -> None:
    first = _file(decided)
    second = _file(decided, b"%PDF-1.7 besiegelt")
    assert (first.number, second.number) == (1, 2)
    entry = decided.entry("extract_filed")
    assert entry.before == {"content_hash": first.content_hash}
    assert entry.after == {"content_hash": second.content_hash}
    with transaction(decided.sessions) as session:
        filed = extracts.extracts_of(session, [decided.last(KAMEN)])
    assert [d.number for d in filed[decided.last(KAMEN)]] == [1, 2]


def test_the_same_file_again_changes_nothing(decided: Deciding) -> None:
    first = _file(decided)
    events = decided.events()
    assert _file(decided).id == first.id
    assert decided.events() == events


def test_an_extract_of_a_private_consultation_is_confidential(case: Deciding) -> None:
    case.to_coordination()
    case.consult_in_private(KAMEN)
    case.agree()
    case.resolve(KAMEN)
    document = _file(case)
    assert document.confidential
    assert "Rat" not in document.title
    assert case.entry("extract_filed").confidential


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", PDF, "file-empty"),
        (b"%PDF-" + b" " * extracts.LARGEST, PDF, "file-too-large"),
        (b"MZ....", PDF, "file-not-as-claimed"),
        (FILES[PNG], JPEG, "file-not-as-claimed"),
        (FILES[ODT], DOCX, "file-not-as-claimed"),
        (FILES[DOCX], ODT, "file-not-as-claimed"),
        (b"PK\x03\x04 broken", DOCX, "file-not-as-claimed"),
        (b"<html><script>", "text/html", "file-type"),
        (b"<svg/>", "image/svg+xml", "file-type"),
        (b"%PDF-", "", "file-type"),
    ],
)
def test_what_is_not_taken(decided: Deciding, content: bytes, media_type: str, code: str) -> None:
    events = decided.events()
    with pytest.raises(Refusal) as refused:
        _file(decided, content, media_type)
    assert refused.value.code == code
    assert decided.events() == events


@pytest.mark.parametrize("username", ["recht.schwerte", "sb.schwerte", "unterschrift.kamen"])
def test_only_the_body_files_it(decided: Deciding, username: str) -> None:
    with pytest.raises(NotPermitted):
        _file(decided, username=username)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Auszug Rat 26.03.2026.pdf", "Auszug Rat 26.03.2026.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\Auszug.PDF", "Auszug.pdf"),
        ('a"b<c>\r\nd.pdf', "a b c d.pdf"),
        ("auszug.pdf.exe", "auszug.pdf.exe.pdf"),
        ("gnp.\u202efdp.exe", "gnp.fdp.exe.pdf"),
        ("...", "Auszug.pdf"),
        ("Ä" * 300, "Ä" * 120 + ".pdf"),
    ],
)
def test_names_are_made_safe(given_name: str, kept: str) -> None:
    assert extracts.safe_name(given_name, ".pdf") == kept


@given(st.text(max_size=400))
def test_a_safe_name_is_always_one(name: str) -> None:
    safe = extracts.safe_name(name, ".pdf")
    assert safe.endswith(".pdf")
    assert len(safe) > len(".pdf")
    assert not set(safe) & set('/\\<>:"|?*\r\n\t\x00')
    assert not safe.startswith(".")
    assert len(safe) <= 130


@given(st.binary(max_size=300))
def test_strange_bytes_are_judged_never_fatal(content: bytes) -> None:
    for kind in extracts.ACCEPTED.values():
        assert kind.looks_right(content) in (True, False)
        assert kind.looks_right(b"PK\x03\x04" + content) in (True, False)
