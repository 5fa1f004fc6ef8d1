"""A non-public Beratungsfolge stays with its body: nothing of it can be read anywhere else.

Kamen decides in private. Its committees, paper, votes and remarks carry marks that occur nowhere
else; everything that anybody can read is searched for them: every GET endpoint with every id
there is, the documents' bytes, and what goes to Prefect.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from agreements import automation, dossier, mail, overview, reminders
from agreements.documents.pdf import converter
from agreements.journal import Event
from agreements.model.bodies import Body, Committee, CommitteeSize
from agreements.model.cases import Case, Stage, Task
from agreements.model.councils import Confidant, Consultation, Exclusion, Paper, Resolution
from agreements.model.enums import MailRhythm, TaskState
from agreements.model.people import Absence, Token, User
from agreements.model.proposals import ProposalUpload
from agreements.model.records import Document, JournalEntry, OutboxEntry
from agreements.model.templates import TemplateVersion
from agreements.model.work import TaskAttachment
from api.app import app
from api.contract import operations
from tests.api.world import BERGKAMEN, KAMEN, KREIS, SCHWERTE, SLUGS, TODAY, World, ok, refused

MAIN, COUNCIL, NUMBER = "Quittenausschuss", "Zwetschgenrat", "MIRABELLE-7"
REMARK, SOURCE, BIASED = "Vermerk Holunder", "einmütig nach Schlehe", "Ottilie Befangen"
VOTES: Final = 8317
_ARCHIVE: Final = b"PK"
MARKS: Final = (MAIN, COUNCIL, NUMBER, REMARK, SOURCE, str(VOTES), BIASED)
# What its own people can read of it: without this the search could not find anything.
SHOWN: Final = tuple(mark for mark in MARKS if mark != SOURCE)
READERS: Final = (
    "recht.schwerte",
    "sb.schwerte",
    "recht.bergkamen",
    "sb.bergkamen",
    "unterschrift.bergkamen",
    "kaemmerer.kreis-unna",
    "recht.kreis-unna",
    "recht.luenen",
    "admin",
)
# Everything is read by everybody, which takes minutes beside other tests.
pytestmark = pytest.mark.timeout(900)

# Which committees a body has is public; what they deal with is not.
ELSEWHERE: Final = ("/api/v1/bodies/{ags}",)
_GETS: Final = [entry for entry in operations(app.openapi()) if entry[0] == "get"]


@pytest.fixture(autouse=True)
def _without_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every document is read as it was written: nothing is converted, which takes long."""
    converter().close()
    monkeypatch.setenv("PATH", str(tmp_path))


def _close_doors(world: World) -> None:
    """From now on Kamen consults in private, and everything of it carries a mark."""
    with world.sessions.begin() as session:
        kamen = session.scalars(select(Body).where(Body.ags == KAMEN)).one()
        kamen.paper_number_pattern, kamen.next_paper_number = "MIRABELLE-{seq}", 7
        committees = session.scalars(
            select(Committee)
            .where(Committee.body_id == kamen.id, Committee.position.is_not(None))
            .order_by(Committee.position)
        ).all()
        for committee, name in zip(committees, (MAIN, COUNCIL), strict=True):
            committee.public, committee.name, committee.genitive = False, name, f"des {name}s"
            session.execute(
                update(CommitteeSize)
                .where(CommitteeSize.committee_id == committee.id)
                .values(voting_members=VOTES + 1000)
            )


def _resolve(world: World, reference: str, **changes: Any) -> None:  # noqa: ANN401  (JSON)
    content = world.resolution(
        reference,
        votes={"yes": VOTES, "no": 0, "abstained": 0},
        remark=REMARK,
        source_text=SOURCE,
        **changes,
    )
    ok(world.as_("sb.kamen").post(f"/cases/{reference}/resolutions", json=content))


def _to_private_councils(world: World) -> str:
    _close_doors(world)
    reference = world.to_councils()
    biased = {"name": BIASED, "function": "Ratsmitglied", "reason": REMARK, "declared_on": TODAY}
    ok(world.as_("sb.kamen").post(f"/cases/{reference}/exclusions", json={"body": KAMEN, **biased}))
    return reference


def _read_everything(world: World, username: str, ids: dict[str, set[str]]) -> str:
    """All that the person can read over HTTP."""
    client = world.as_(username)
    ids = {**ids, "secret": _calendars(client, ids["reference"])}
    found: list[str] = []
    for _, path, operation in _GETS:
        if path in ELSEWHERE:
            continue
        names = re.findall(r"\{(\w+)\}", path)
        assert ids.keys() >= set(names), f"Neue Pfadparameter in {path}: bitte in _ids ergänzen."
        for values in product(*(sorted(ids[name]) for name in names)):
            filled = path
            for name, value in zip(names, values, strict=True):
                filled = filled.replace(f"{{{name}}}", value)
            for response in _answers(client, world.address + filled, operation):
                found.append(_text(response))
    return "\n".join(found)


def _calendars(client: httpx.Client, references: set[str]) -> set[str]:
    """The secrets of the calendars that the person can subscribe to, the own one and the cases'."""
    secrets = set()
    for case in (None, *references):
        answer = client.post("/calendars", json={"name": "Fristen", "case": case})
        if answer.is_success:
            secrets.add(answer.json()["url"].rpartition("/")[2].removesuffix(".ics"))
    return secrets


def _answers(client: httpx.Client, url: str, operation: dict[str, Any]) -> Iterator[httpx.Response]:
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    searches = [{"q": mark} for mark in MARKS] if "q" in names else []
    for arguments in ({}, *searches):
        cursor: str | None = None
        while True:
            response = client.get(url, params=arguments | ({"cursor": cursor} if cursor else {}))
            assert response.status_code in {200, 403, 404, 409, 422, 503}, response.text
            yield response
            is_json = response.headers["content-type"] == "application/json"
            cursor = response.json().get("next_cursor") if is_json else None
            if cursor is None:
                break


def _text(response: httpx.Response) -> str:
    """The answer in words; of a document also what stands in its parts."""
    # How many bytes something has says nothing, and may be the number by chance.
    headers = {name: said for name, said in response.headers.items() if name != "content-length"}
    if response.content.startswith(_ARCHIVE):
        return "\n".join([str(headers), *_texts_inside(response.content)])
    # Calendars break long lines, wherever that may be.
    said = re.sub(r'"(pdf_)?size":\d+', "", response.text.replace("\r\n ", ""))
    return f"{headers}\n{said}"


def _texts_inside(content: bytes) -> Iterator[str]:
    """What stands in the files of an archive, also of one that lies in another."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inside = archive.read(name)
            yield name
            if inside.startswith(_ARCHIVE):
                yield from _texts_inside(inside)
            else:
                words = inside.decode("utf-8", "replace")
                # Words may be broken by what formats them; numbers of two cells are two.
                yield re.sub(r"<[^>]+>", "", words)
                yield re.sub(r"<[^>]+>", " ", words)


def _ids(world: World) -> dict[str, set[str]]:
    """Every id that an address can name."""

    def all_of(session: Session, column: Any) -> set[str]:  # noqa: ANN401
        return {str(value) for value in session.scalars(select(column))}

    with world.sessions() as session:
        return {
            "reference": all_of(session, Case.reference),
            "task_id": all_of(session, Task.id),
            "document_id": all_of(session, Document.id),
            "stage_id": all_of(session, Stage.id),
            "consultation_id": all_of(session, Consultation.id),
            "resolution_id": all_of(session, Resolution.id),
            "paper_id": all_of(session, Paper.id),
            "confidant_id": all_of(session, Confidant.id),
            "exclusion_id": all_of(session, Exclusion.id),
            "token_id": all_of(session, Token.id),
            "ags": {KAMEN},
            "attachment_id": all_of(session, TaskAttachment.id),
            "absence_id": all_of(session, Absence.id),
            "kind": {"agreement", "principle"},
            "bundle": {"case-file"},
            "form": {"zip"},
            "number": {"1"},
            "other": {"1"},
            "template_id": {"paper", "matrix"},
            "version_id": all_of(session, TemplateVersion.id),
            "entry": all_of(session, JournalEntry.number),
            "upload_id": all_of(session, ProposalUpload.id),
        }


def _outside(world: World) -> str:
    """What Prefect and its users get to see."""
    with world.sessions() as session:
        stages = session.scalars(select(Stage.id)).all()
        shown: list[object] = [
            overview.case_overview(session, c) for c in session.scalars(select(Case.id))
        ]
        shown += [overview.stage_overview(session, stage) for stage in stages]
        shown += [automation.view(session, stage) for stage in stages]
        shown += [dossier.due(session, stage) for stage in stages]
        shown += [(entry.kind, entry.payload) for entry in session.scalars(select(OutboxEntry))]
    return repr(shown)


def _says(text: str, mark: str) -> bool:
    """Whether the mark is to be read; in a hash, an id or a token a number says nothing."""
    if not mark.isdigit():
        return mark in text
    return re.search(rf"(?<![\w.-]){mark}(?![\w-])", text) is not None


def _assert_nothing_leaks(world: World, marks: tuple[str, ...], readers: tuple[str, ...]) -> None:
    with world.sessions.begin() as session:
        # What people are told by mail, they also read over HTTP.
        session.execute(update(User).values(mail_rhythm=MailRhythm.IMMEDIATELY))
        reminders.run(session)
        mail.collect(session)
    ids = _ids(world)
    leaks = {
        username: [mark for mark in marks if _says(text, mark)]
        for username in readers
        for text in [_read_everything(world, username, ids)]
    }
    assert not {name: found for name, found in leaks.items() if found}
    outside = _outside(world)
    assert not [mark for mark in marks if _says(outside, mark)]


def test_nothing_of_a_non_public_decision_gets_out(world: World) -> None:
    world.documents = True
    reference = _to_private_councils(world)
    # The committee has recommended, the council is on turn.
    _resolve(world, reference)
    _assert_nothing_leaks(world, MARKS, READERS)
    _resolve(world, reference)
    for ags in (SCHWERTE, BERGKAMEN):
        while world.task(f"sb.{SLUGS[ags]}", "record_resolution"):
            world.resolve(reference, ags)
    world.drive()
    # The matrix, which everybody gets, is written; the case goes on.
    assert world.task("recht.schwerte", "confirm_resolutions")
    # Nor is anything private in the list of all documents and resolutions.
    for username in ("recht.schwerte", "recht.bergkamen"):
        path = f"/cases/{reference}/documents/case_file"
        ok(world.as_(username).post(path, json={"dated_on": TODAY}))
    _assert_nothing_leaks(world, MARKS, READERS)
    own = _read_everything(world, "sb.kamen", _ids(world))
    assert not [mark for mark in SHOWN if not _says(own, mark)]


def test_the_application_for_approval_names_no_private_committee(world: World) -> None:
    reference = _to_private_councils(world)
    for _ in range(2):
        _resolve(world, reference)
    for ags in (SCHWERTE, BERGKAMEN):
        while world.task(f"sb.{SLUGS[ags]}", "record_resolution"):
            world.resolve(reference, ags)
    world.drive()
    world.complete("recht.schwerte", "confirm_resolutions", confirmed_on=TODAY)
    for slug in SLUGS.values():
        signing = world.as_(f"unterschrift.{slug}")
        ok(signing.post(f"/cases/{reference}/signatures", json=world.signature(reference, slug)))
    world.documents = True
    world.drive()
    documents = ok(world.as_("recht.schwerte").get(f"/cases/{reference}/documents"))["items"]
    assert "approval_application" in {document["purpose"] for document in documents}
    _assert_nothing_leaks(world, MARKS, ("recht.schwerte", "sb.bergkamen"))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("rejected", ('"abgelehnt"', "rejected")), ("deferred", ('"vertagt"', "deferred"))],
)
def test_how_a_private_committee_decided_is_nowhere_to_be_read(
    world: World, outcome: str, words: tuple[str, ...]
) -> None:
    reference = _to_private_councils(world)
    _resolve(world, reference)
    content = world.resolution(reference, outcome=outcome, remark=REMARK)
    ok(world.as_("sb.kamen").post(f"/cases/{reference}/resolutions", json=content))
    world.drive()
    _assert_nothing_leaks(world, (*MARKS, *words), READERS)
    own = _read_everything(world, "recht.kamen", _ids(world))
    assert all(word in own for word in words)


def test_what_the_procedure_needs_is_said_neutrally(world: World) -> None:
    reference = _to_private_councils(world)
    sentence = "Kamen: Ergebnis der nichtöffentlichen Beratung erfassen."
    missing = ok(world.as_("sb.bergkamen").get(f"/cases/{reference}/missing"))["items"]
    assert sentence in [s for stage in missing for s in stage["sentences"]]
    _resolve(world, reference)
    ok(
        world.as_("sb.kamen").post(
            f"/cases/{reference}/resolutions",
            json=world.resolution(reference, outcome="rejected"),
        )
    )
    for reader in ("recht.schwerte", "admin"):
        missing = ok(world.as_(reader).get(f"/cases/{reference}/missing"))["items"]
        obstacles = " ".join(stage["obstacle"] or "" for stage in missing)
        assert "Kamen: Nach der nichtöffentlichen Beratung ist zu klären" in obstacles
    with world.sessions() as session:
        case_id = session.scalars(select(Case.id)).one()
        lines = [
            c for c in overview.case_overview(session, case_id).consultations if c.body == "Kamen"
        ]
        events = {entry.payload["event"] for entry in session.scalars(select(OutboxEntry))}
    assert [(c.committee, c.state, c.outcome, c.decided_on) for c in lines] == [
        ("nichtöffentliche Beratung", "beraten", None, None)
    ]
    assert "private_consultation_advanced" in events


def test_a_named_person_sees_what_the_body_sees_until_it_ends(world: World) -> None:
    reference = _to_private_councils(world)
    _resolve(world, reference)
    case, clerk, legal = f"/cases/{reference}", world.as_("sb.kamen"), world.as_("recht.schwerte")
    wanted = {"body": KAMEN, "username": "recht.schwerte"}
    task = world.task("sb.kamen", "record_resolution")["id"]
    refused(legal.get(f"/tasks/{task}"), 404, "task-unknown")
    named = ok(clerk.post(f"{case}/confidants", json=wanted))
    assert ok(clerk.post(f"{case}/confidants", json=wanted))["id"] == named["id"]
    seen = _read_everything(world, "recht.schwerte", _ids(world))
    assert not [mark for mark in SHOWN if mark not in seen]
    assert ok(legal.get(f"/tasks/{task}"))["basis"]["consultation"]["committee"] == COUNCIL
    # Somebody else of the same party is not named.
    _assert_nothing_leaks(world, MARKS, ("sb.schwerte", "recht.bergkamen"))
    ended = ok(legal.delete(f"{case}/confidants/{named['id']}"))
    assert ended["ended_at"]
    _assert_nothing_leaks(world, MARKS, ("recht.schwerte",))
    again = ok(clerk.post(f"{case}/confidants", json=wanted))
    assert (again["id"], again["ended_at"]) == (named["id"], None)
    entries = ok(clerk.get(f"{case}/journal", params={"limit": 200}))["items"]
    events = [e["event"] for e in entries if e["event"].startswith("confidant")]
    assert events == ["confidant_named", "confidant_ended", "confidant_named"]


def test_only_legal_staff_of_other_parties_can_be_named_by_the_body_itself(world: World) -> None:
    reference = world.start()
    path = f"/cases/{reference}/confidants"
    for nobody in ("sb.schwerte", "recht.luenen", "unbekannt", "admin"):
        wanted = {"body": KAMEN, "username": nobody}
        refused(world.as_("recht.kamen").post(path, json=wanted), 422, "not-legal-staff")
    wanted = {"body": KAMEN, "username": "recht.kamen"}
    refused(world.as_("sb.kamen").post(path, json=wanted), 422, "of-the-own-body")
    wanted = {"body": KAMEN, "username": "recht.schwerte"}
    for other in ("recht.schwerte", "sb.bergkamen", "unterschrift.kamen"):
        refused(world.as_(other).post(path, json=wanted), 403, "not-permitted")
    named = ok(world.as_("recht.kamen").post(path, json=wanted))
    refused(world.as_("sb.bergkamen").delete(f"{path}/{named['id']}"), 404, "confidant-unknown")
    refused(world.as_("unterschrift.kamen").delete(f"{path}/{named['id']}"), 403, "not-permitted")
    assert [c["username"] for c in ok(world.as_("recht.schwerte").get(path))["items"]] == [
        "recht.schwerte"
    ]
    assert ok(world.as_("recht.bergkamen").get(path))["items"] == []
    other_case = world.start(title="Ein zweiter Vorgang")
    elsewhere = f"/cases/{other_case}/confidants/{named['id']}"
    refused(world.as_("recht.kamen").delete(elsewhere), 404, "confidant-unknown")
    refused(
        world.as_("recht.luenen").post(path, json={"body": KREIS, "username": "recht.kamen"}),
        404,
        "case-unknown",
    )


def test_a_private_act_tells_its_event_to_its_own_body_alone(world: World) -> None:
    reference = _to_private_councils(world)
    world.as_("sb.kamen").post(f"/tasks/{world.task('sb.kamen', 'record_resolution')['id']}/claim")
    _resolve(world, reference)
    with world.sessions() as session:
        private = {
            entry.number
            for entry in session.scalars(select(JournalEntry).where(JournalEntry.confidential))
        }
        kamen = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        for number in private:
            entry = session.scalars(select(JournalEntry).where(JournalEntry.number == number)).one()
            assert entry.body_id == kamen
        events = {
            entry.event
            for entry in session.scalars(select(JournalEntry).where(JournalEntry.confidential))
        }
        open_titles = session.scalars(
            select(Task.own_title).where(Task.body_id == kamen, Task.state == TaskState.OPEN)
        ).all()
    assert {Event.TASK_CLAIMED, Event.RESOLUTION_RECORDED, Event.EXCLUSION_RECORDED} <= events
    assert "Ergebnis der nichtöffentlichen Beratung erfassen" in open_titles
    path = f"/cases/{reference}/journal"
    for reader in ("recht.schwerte", "admin", "sb.bergkamen"):
        seen = {
            e["number"] for e in ok(world.as_(reader).get(path, params={"limit": 200}))["items"]
        }
        assert not seen & private
    seen = {
        e["number"] for e in ok(world.as_("sb.kamen").get(path, params={"limit": 200}))["items"]
    }
    assert private <= seen
