"""Word out and Word in over HTTP: proposals of the parties, what becomes of them, and the text."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
import pytest
from docx import Document

from tests.agreements.documents.word.making import Editing, body_with, repacked
from tests.api.world import AGREEMENT, KAMEN, TODAY, World, ok, refused

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADERS: Final = {"Content-Type": DOCX}


@pytest.fixture
def reference(world: World) -> str:
    """A case whose parties are asked for their statements on version 1."""
    return world.to_coordination()


def text(world: World, reference: str, number: int = 1, who: str = "sb.kamen") -> bytes:
    """A version as Word document."""
    answer = world.as_(who).get(f"/cases/{reference}/versions/agreement/{number}/word")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == DOCX
    return answer.content


def propose(
    world: World,
    reference: str,
    file: bytes,
    who: str = "sb.kamen",
    **arguments: Any,  # noqa: ANN401
) -> httpx.Response:
    """Send an edited document as proposals."""
    return world.as_(who).post(
        f"/cases/{reference}/proposals",
        params={"file_name": "Vorschläge Kamen.docx", **arguments},
        content=file,
        headers=HEADERS,
    )


def rewrite(world: World, reference: str, file: bytes, number: int = 1) -> httpx.Response:
    """Send an edited document as the new version."""
    return world.as_("recht.schwerte").post(
        f"/cases/{reference}/versions/agreement/{number}/word",
        params={"file_name": "Entwurf.docx", "written_on": TODAY, "note": "In Word bearbeitet"},
        content=file,
        headers=HEADERS,
    )


def decide(
    world: World, reference: str, number: int, verdict: str, **headers: str
) -> httpx.Response:
    """The lead's legal staff decides."""
    return world.as_("recht.schwerte").post(
        f"/cases/{reference}/proposals/{number}/decision",
        json={"verdict": verdict, "reason": "Wie im Lenkungskreis besprochen."},
        headers=headers,
    )


def adopt(world: World, reference: str) -> httpx.Response:
    """The lead's legal staff makes a new version of what is accepted."""
    return world.as_("recht.schwerte").post(
        f"/cases/{reference}/proposals/adoption", json={"written_on": TODAY, "note": "Stand 1"}
    )


def listed(world: World, reference: str, who: str = "recht.schwerte") -> list[dict[str, Any]]:
    """The proposals by party that somebody sees."""
    items: list[dict[str, Any]] = ok(world.as_(who).get(f"/cases/{reference}/proposals"))["items"]
    return items


def first_paragraph(world: World, reference: str, number: int = 1) -> str:
    path = f"/cases/{reference}/versions/agreement/{number}"
    content = ok(world.as_("recht.schwerte").get(path))["content"]
    return str(content["clauses"][0]["paragraphs"][0])


def beginning(world: World, reference: str) -> str:
    """The first words of the first paragraph; they stand nowhere else."""
    return " ".join(first_paragraph(world, reference).split()[:4])


def edited(file: bytes, old: str, new: str, author: str = "Frau Kamen") -> bytes:
    editing = Editing(file, author)
    editing.replace(old, new)
    return editing.saved()


def test_a_version_goes_to_word_and_comes_back_as_a_new_one(world: World, reference: str) -> None:
    file = text(world, reference, who="recht.schwerte")
    assert text(world, reference) == file
    refused(rewrite(world, reference, file), 409, "text-unchanged")
    document = Document(io.BytesIO(file))
    [paragraph, *_] = [p for p in document.paragraphs if p.style and p.style.name == "Absatz"]
    paragraph.add_run(" Näheres regelt „Anlage 1“ & mehr.")
    target = io.BytesIO()
    document.save(target)
    answer = rewrite(world, reference, target.getvalue())
    assert answer.status_code == 201, answer.text
    written = answer.json()
    assert (written["number"], written["note"]) == (2, "In Word bearbeitet")
    before = ok(world.as_("recht.schwerte").get(f"/cases/{reference}/versions/agreement/1"))
    changed = before["content"]["clauses"][0]["paragraphs"]
    changed[0] += " Näheres regelt „Anlage 1“ & mehr."
    assert written["content"] == before["content"]
    # Whoever downloaded the first version is told that there is a newer one.
    refused(rewrite(world, reference, target.getvalue()), 409, "version-not-newest")
    refused(rewrite(world, reference, target.getvalue(), 2), 422, "word-other-base")


def test_tracked_changes_of_parties_are_decided_and_become_a_version(
    world: World, reference: str
) -> None:
    file = text(world, reference)
    whole, start = first_paragraph(world, reference), beginning(world, reference)
    kamen = Editing(file)
    kamen.replace(start, f"Unverändert {start}")
    kamen.comment("Laufzeit", "Zu lang?")
    saved = kamen.saved()  # saving again may give other bytes: a package notes when it was made
    answer = propose(world, reference, saved)
    assert answer.status_code == 201, answer.text
    sent = answer.json()
    assert (sent["body"]["ags"], sent["based_on"], sent["outdated"]) == (KAMEN, 1, False)
    assert [(p["number"], p["kind"], p["author"]) for p in sent["proposals"]] == [
        (1, "rewording", "Frau Kamen"),
        (2, "comment", "Frau Kamen"),
    ]
    assert sent["proposals"][0]["authored_at"] == "2026-06-02T08:30:00Z"
    assert sent["proposals"][0]["place"].startswith("§ 1")
    # The same file again changes nothing.
    assert propose(world, reference, saved).json()["id"] == sent["id"]
    bergkamen = edited(file, whole[-20:], "Schluss.", "Herr Bergkamen")
    assert propose(world, reference, bergkamen, "recht.bergkamen").status_code == 201
    assert [(one["body"]["short"], len(one["proposals"])) for one in listed(world, reference)] == [
        ("Bergkamen", 1),
        ("Kamen", 2),
    ]
    # A clerk sees those of the own body, legal staff those of all.
    assert [one["body"]["short"] for one in listed(world, reference, "sb.kamen")] == ["Kamen"]
    assert ok(decide(world, reference, 1, "accepted"))["state"] == "accepted"
    assert ok(decide(world, reference, 3, "rejected"))["state"] == "rejected"
    refused(decide(world, reference, 1, "rejected"), 409, "proposal-decided")
    refused(decide(world, reference, 9, "rejected"), 404, "proposal-unknown")
    written = adopt(world, reference)
    assert written.status_code == 201, written.text
    version = written.json()
    assert version["number"] == 2
    assert "Nr. 1 (Kamen, Frau Kamen: § 1" in version["note"]
    assert version["content"]["clauses"][0]["paragraphs"][0] == f"Unverändert {whole}"
    # The party sees what became of it.
    [own] = listed(world, reference, "sb.kamen")
    assert own["outdated"] is True
    assert "inzwischen gibt es Fassung 2" in own["hints"][0]
    [change, comment] = own["proposals"]
    assert (change["state"], change["adopted_in"]) == ("accepted", 2)
    assert change["reason"] == "Wie im Lenkungskreis besprochen."
    assert (comment["state"], comment["adopted_in"]) == ("open", None)
    refused(decide(world, reference, 1, "rejected"), 409, "proposal-adopted")
    refused(adopt(world, reference), 409, "nothing-accepted")


def test_a_decision_is_changed_only_by_who_knows_it(world: World, reference: str) -> None:
    file = edited(text(world, reference), "Stadt", "Gemeinde")
    assert propose(world, reference, file).status_code == 201
    decided = decide(world, reference, 1, "accepted")
    assert decided.headers["etag"] == '"2"'
    refused(decide(world, reference, 1, "rejected", **{"If-Match": '"1"'}), 412, "proposal-changed")
    changed = ok(decide(world, reference, 1, "rejected", **{"If-Match": '"2"'}))
    assert (changed["state"], changed["version"]) == ("rejected", 3)
    entries = ok(world.as_("recht.schwerte").get(f"/cases/{reference}/journal"))["items"]
    events = [entry["event_label"] for entry in entries if entry["event"].startswith("proposal")]
    assert sorted(set(events)) == [
        "Änderungsvorschläge zum Text eingereicht",
        "über einen Änderungsvorschlag entschieden",
    ]


def test_without_tracking_the_uploader_is_the_author(world: World, reference: str) -> None:
    editing = Editing(text(world, reference))
    editing.replace(beginning(world, reference), "Dieses", tracked=False)
    sent = ok(propose(world, reference, editing.saved()))
    [proposal] = sent["proposals"]
    assert proposal["author"] == sent["uploaded_by"]
    assert proposal["authored_at"] is None
    assert proposal["new"].startswith("Dieses ")


def test_parties_that_want_different_words_at_one_place_are_told_so(
    world: World, reference: str
) -> None:
    file = text(world, reference)
    word = beginning(world, reference)
    for who, new in (("sb.kamen", "Erstens"), ("sb.bergkamen", "Zweitens")):
        assert propose(world, reference, edited(file, word, new, who), who).status_code == 201
    for number in (1, 2):
        ok(decide(world, reference, number, "accepted"))
    problem = refused(adopt(world, reference), 409, "proposals-collide")
    assert "Nr. 1 (Kamen) und Nr. 2 (Bergkamen)" in problem["detail"]
    ok(decide(world, reference, 2, "rejected", **{"If-Match": '"2"'}))
    assert adopt(world, reference).status_code == 201
    assert first_paragraph(world, reference, 2).startswith("Erstens ")


def test_proposals_on_an_older_text_are_carried_on_unless_it_changed_there(
    world: World, reference: str
) -> None:
    old = text(world, reference)
    word = beginning(world, reference)
    editing = Editing(text(world, reference, who="recht.schwerte"))
    editing.replace(word, "Jetzt", tracked=False)
    assert rewrite(world, reference, editing.saved()).status_code == 201
    late = Editing(old)
    late.replace(word, "Später")
    late.replace("Laufzeit", "Dauer")
    sent = ok(propose(world, reference, late.saved()))
    assert sent["outdated"] is True
    places = {p["new"].split()[0]: p["number"] for p in sent["proposals"]}
    for number in places.values():
        ok(decide(world, reference, number, "accepted"))
    problem = refused(adopt(world, reference), 409, "proposal-outdated")
    assert f"Nr. {places['Später']} (Kamen" in problem["detail"]
    ok(decide(world, reference, places["Später"], "rejected", **{"If-Match": '"2"'}))
    version = ok(adopt(world, reference))
    assert version["content"]["clauses"][0]["paragraphs"][0].startswith("Jetzt ")
    assert any("Dauer" in clause["title"] for clause in version["content"]["clauses"])


def test_two_who_decide_at_once_do_not_overwrite_each_other(world: World, reference: str) -> None:
    file = edited(text(world, reference), "Stadt", "Gemeinde")
    assert propose(world, reference, file).status_code == 201
    world.as_("recht.schwerte")
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda verdict: decide(world, reference, 1, verdict),
                ["accepted", "rejected", "accepted", "rejected"],
            )
        )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 409, 409, 409]
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    [own] = listed(world, reference)
    assert own["proposals"][0]["state"] == winner["state"]


def test_two_uploads_at_once_make_one_version_and_keep_their_numbers_apart(
    world: World, reference: str
) -> None:
    file = text(world, reference)
    start = beginning(world, reference)
    people = ["sb.kamen", "sb.bergkamen", "recht.kreis-unna"]
    for who in (*people, "recht.schwerte"):
        world.as_(who)
    with ThreadPoolExecutor(4) as pool:
        sent = list(
            pool.map(
                lambda who: propose(world, reference, edited(file, start, who, who), who),
                people,
            )
        )
        assert [answer.status_code for answer in sent] == [201, 201, 201]
        new = [Editing(file) for _ in range(2)]
        for number, editing in enumerate(new):
            editing.replace(start, f"Fassung{number}", tracked=False)
        written = list(pool.map(lambda editing: rewrite(world, reference, editing.saved()), new))
    numbers = [p["number"] for answer in sent for p in answer.json()["proposals"]]
    assert sorted(numbers) == [1, 2, 3]
    assert sorted(answer.status_code for answer in written) == [201, 409]


def test_who_may_send_read_and_decide(world: World, reference: str) -> None:
    file = edited(text(world, reference), "Stadt", "Gemeinde")
    refused(propose(world, reference, file, "unterschrift.kamen"), 403, "not-permitted")
    refused(propose(world, reference, file, "sb.luenen"), 404, "case-unknown")
    refused(propose(world, reference, file, body="05978004"), 403, "not-permitted")
    sent = ok(propose(world, reference, file))
    path = f"/cases/{reference}/proposals"
    download = f"{path}/uploads/{sent['id']}/content"
    assert world.as_("sb.kamen").get(download).content == file
    assert world.as_("recht.bergkamen").get(download).content == file
    refused(world.as_("sb.bergkamen").get(download), 404, "upload-unknown")
    decision = {"verdict": "accepted", "reason": "Gut."}
    for who in ("recht.kamen", "sb.schwerte"):
        answer = world.as_(who).post(f"{path}/1/decision", json=decision)
        refused(answer, 403, "not-permitted")
        answer = world.as_(who).post(f"{path}/adoption", json={"written_on": TODAY})
        refused(answer, 403, "not-permitted")
    blank = {"verdict": "accepted", "reason": "  "}
    refused(
        world.as_("recht.schwerte").post(f"{path}/1/decision", json=blank), 422, "invalid-input"
    )


def test_after_the_freeze_nothing_is_proposed_any_more(world: World) -> None:
    reference = world.to_kreistag()
    file = edited(text(world, reference), "Stadt", "Gemeinde")
    refused(propose(world, reference, file), 409, "text-not-open")
    refused(rewrite(world, reference, file), 409, "text-not-open")


_EXTERNAL: Final = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/>'
    b"</Relationships>"
)


def _entities(part: bytes) -> bytes:
    head = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return part.replace(b"<w:document", head + b"<w:document", 1)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda file: b"", "file-empty"),
        (lambda file: b"PK\x03\x04 kein Archiv", "file-not-as-claimed"),
        (lambda file: file[:4000], "file-not-as-claimed"),
        (lambda file: repacked(file, {"word/document.xml": _entities}), "xml-doctype"),
        (lambda file: repacked(file, added={"word/vbaProject.bin": b"x"}), "macros"),
        (lambda file: repacked(file, added={"word/embeddings/a.bin": b"x"}), "embedded-object"),
        (lambda file: repacked(file, added={"../../etc/cron": b"x"}), "path-trick"),
        (
            lambda file: repacked(file, added={"word/_rels/settings.xml.rels": _EXTERNAL}),
            "external-relationship",
        ),
        (
            lambda file: repacked(file, added={"word/bomb.xml": b" " * 30_000_000}),
            "zip-entry-too-large",
        ),
        (
            lambda file: repacked(file, added={f"word/x{n}.xml": b"<a/>" for n in range(1100)}),
            "zip-too-many-entries",
        ),
        (lambda file: repacked(file, {"word/document.xml": lambda _: b"<w"}), "xml-broken"),
        (lambda file: body_with(file, "<w:sdt>" * 100 + "</w:sdt>" * 100), "word-unreadable"),
        (lambda file: body_with(file, "<w:p/>" * 4000), "word-too-long"),
    ],
)
def test_hostile_files_are_refused_and_leave_nothing(
    world: World,
    reference: str,
    spoil: Callable[[bytes], bytes],
    code: str,
) -> None:
    file = spoil(text(world, reference))
    refused(propose(world, reference, file), 422, code)
    refused(rewrite(world, reference, file), 422, code)
    assert listed(world, reference) == []
    assert len(ok(world.as_("sb.kamen").get(f"/cases/{reference}/versions"))["items"]) == 1


def test_what_proposes_nothing_or_comes_from_elsewhere_is_refused(
    world: World, reference: str
) -> None:
    file = text(world, reference)
    refused(propose(world, reference, file), 422, "no-proposals")
    other = world.start(title="Ein anderer Vorgang")
    ok(world.as_("recht.schwerte").post(f"/cases/{other}/versions", json=AGREEMENT))
    foreign = edited(text(world, other), "Stadt", "Gemeinde")
    refused(propose(world, reference, foreign), 422, "word-other-base")
    bare = Editing(repacked(foreign, {"docProps/custom.xml": lambda _: b"<a/>"}))
    for bookmark in list(bare.document.element.body.iter()):
        if str(bookmark.tag).endswith(("bookmarkStart", "bookmarkEnd")):
            bookmark.getparent().remove(bookmark)
    refused(propose(world, reference, bare.saved()), 422, "word-base-unknown")
    refused(propose(world, reference, bare.saved(), version=7), 404, "version-unknown")


def test_two_versions_are_compared_as_page_word_and_table(world: World, reference: str) -> None:
    editing = Editing(text(world, reference))
    word = beginning(world, reference)
    editing.replace(word, "Müller & <Söhne>", tracked=False)
    assert rewrite(world, reference, editing.saved()).status_code == 201
    path = f"/cases/{reference}/versions/agreement/1/compare/2"
    client = world.as_("sb.kamen")
    page = client.get(f"{path}/page")
    assert page.headers["content-type"].startswith("text/html")
    assert "Müller &amp; &lt;Söhne&gt;</ins>" in page.text
    assert f"<del>{word}</del>" in page.text
    assert "script" not in page.text
    tracked = client.get(f"{path}/word")
    proposals = ok(propose(world, reference, tracked.content))["proposals"]
    assert [p["author"] for p in proposals] == [
        ok(client.get(f"/cases/{reference}/versions"))["items"][1]["written_by"]
    ]
    table = Document(io.BytesIO(client.get(f"{path}/table").content))
    assert "Müller & <Söhne>" in "".join(
        cell.text for t in table.tables for row in t.rows for cell in row.cells
    )
    rows = ok(client.get(path))["items"]
    assert [row["moved"] for row in rows if row["changed"]] == [False]
