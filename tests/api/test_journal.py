"""The journal over HTTP: what each may read, and what they can prove with what they take away."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from sqlalchemy import select

from agreements import checkpoints, journal
from agreements.documents.template import DOCX
from agreements.journal import Event
from agreements.model.bodies import Body
from agreements.model.cases import Case
from agreements.settings import PROJECT_ROOT
from tests.api.world import BERGKAMEN, KAMEN, World, ok, refused

Json = dict[str, Any]
CORRECTION = "Zahlendreher \u0001 gegenüber der Niederschrift\nvom 1. Juni"


@pytest.fixture
def told(councils: tuple[World, str]) -> tuple[World, str]:
    """A case whose journal also holds what only Kamen and legal staff may read."""
    world, reference = councils
    with world.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        kamen = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        journal.append(
            session,
            case,
            Event.RESOLUTION_CORRECTED,
            None,
            body_id=kamen,
            on_behalf_of="Bürgermeisterin",
            reason=CORRECTION,
            legal_basis="§ 52 GO NRW",
            before={"votes": {"yes": 83, "no": 1}, "outcome": "rejected"},
            after={"votes": {"yes": 38, "no": 1}, "outcome": "adopted", "decided_on": "2026-06-01"},
            data={"body": KAMEN, "stage": "agreement_councils", "grant": "490000.00"},
        )
    return world, reference


def exported(world: World, reference: str, username: str) -> Json:
    return ok(world.as_(username).get(f"/cases/{reference}/journal/export"))


def counted(export: Json) -> dict[str, int]:
    seen = [entry["visibility"] for entry in export["entries"]]
    return {visibility: seen.count(visibility) for visibility in dict.fromkeys(seen)}


def test_the_pages_show_reason_basis_and_change(told: tuple[World, str]) -> None:
    world, reference = told
    path = f"/cases/{reference}/journal"
    entry = ok(world.as_("recht.kamen").get(path, params={"limit": 200}))["items"][-1]
    assert (entry["event_label"], entry["readable"]) == (
        "Eintrag eines Beschlusses berichtigt",
        True,
    )
    assert (entry["on_behalf_of"], entry["reason"]) == ("Bürgermeisterin", CORRECTION)
    assert (entry["legal_basis"], entry["confidential"]) == ("§ 52 GO NRW", False)
    assert entry["before"]["votes"] == {"yes": 83, "no": 1}
    assert entry["after"]["outcome"] == "adopted"
    masked = ok(world.as_("admin").get(path, params={"limit": 200}))["items"][-1]
    assert (masked["number"], masked["hash"]) == (entry["number"], entry["hash"])
    assert masked["readable"] is False
    hidden = ("on_behalf_of", "reason", "legal_basis", "before", "after")
    assert [masked[name] for name in hidden] == [None] * len(hidden)
    assert masked["data"] == {}


def test_legal_staff_take_the_whole_journal_away(told: tuple[World, str]) -> None:
    world, reference = told
    response = world.as_("recht.bergkamen").get(f"/cases/{reference}/journal/export")
    name = f'attachment; filename="Verlaufsakte {reference}.json"'
    assert response.headers["content-disposition"].startswith(name)
    assert response.headers["cache-control"] == "private, no-store"
    export = ok(response)
    assert (export["format"], export["format_version"]) == ("vereinbar-journal", 1)
    assert export["reference"] == reference
    assert counted(export) == {"full": export["entry_count"]}
    assert export["notice"] == "Dieser Auszug enthält alle Einträge mit ihrem ganzen Inhalt."
    assert export["last_hash"] == export["entries"][-1]["hash"]
    for entry in export["entries"]:
        assert hashlib.sha256(entry["canonical"].encode()).hexdigest() == entry["hash"]
    content = json.loads(export["entries"][-1]["canonical"])
    assert content["reason"] == CORRECTION
    assert export["bodies"][content["body_id"]] == {
        "ags": KAMEN, "name": "Stadt Kamen", "short": "Kamen",
    }  # fmt: skip


def test_a_clerk_of_another_body_gets_the_chain_without_what_is_not_theirs(
    told: tuple[World, str],
) -> None:
    world, reference = told
    export = exported(world, reference, "sb.bergkamen")
    assert set(counted(export)) == {"full", "hidden"}
    last = export["entries"][-1]
    assert last["visibility"] == "hidden"
    assert [last[name] for name in ("event", "event_label", "recorded_at", "canonical")] == [
        None
    ] * 4
    assert last["hash"] == export["last_hash"]
    whole = exported(world, reference, "recht.bergkamen")
    assert [e["hash"] for e in export["entries"]] == [e["hash"] for e in whole["entries"]]
    left_out = counted(export)["hidden"]
    assert export["notice"].startswith(
        f"Bei {left_out} von {len(export['entries'])} Einträgen fehlt"
    )
    with world.sessions() as session:
        bodies = {str(body.id): body.ags for body in session.scalars(select(Body))}
    for entry in export["entries"]:
        if entry["canonical"] is not None:
            owner = json.loads(entry["canonical"])["body_id"]
            assert owner is None or bodies[owner] == BERGKAMEN
    assert {body["ags"] for body in export["bodies"].values()} <= {BERGKAMEN}


def test_an_admin_gets_events_and_times_only(told: tuple[World, str]) -> None:
    world, reference = told
    export = exported(world, reference, "admin")
    assert counted(export) == {"masked": export["entry_count"]}
    last = export["entries"][-1]
    assert (last["event"], last["canonical"]) == ("resolution_corrected", None)
    assert last["recorded_at"].startswith("2026-06-01T12:00:00")
    assert export["bodies"] == {}
    assert "Niederschrift" not in json.dumps(export, ensure_ascii=False)


def test_what_is_non_public_leaves_no_trace_but_its_hash(told: tuple[World, str]) -> None:
    world, reference = told
    with world.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        kamen = session.scalars(select(Body.id).where(Body.ags == KAMEN)).one()
        journal.append(
            session, case, Event.RESOLUTION_RECORDED, None, body_id=kamen, confidential=True,
            reason="nichtöffentlich beraten",
        )  # fmt: skip
    assert exported(world, reference, "sb.kamen")["entries"][-1]["visibility"] == "full"
    for username in ("recht.bergkamen", "sb.bergkamen", "admin"):
        export = exported(world, reference, username)
        assert export["entries"][-1]["visibility"] == "hidden"
        assert "nichtöffentlich beraten" not in json.dumps(export, ensure_ascii=False)
        row = document(world, reference, username).tables[0].rows[-1]
        assert [cell.text for cell in row.cells[1:6]] == ["–"] * 5


@pytest.mark.parametrize("form", ["json", "docx"])
def test_strangers_do_not_learn_that_the_case_exists(told: tuple[World, str], form: str) -> None:
    world, reference = told
    path = f"/cases/{reference}/journal/export"
    refused(world.as_("sb.werne").get(path, params={"format": form}), 404, "case-unknown")
    refused(world.client().get(path, params={"format": form}), 401, "not-signed-in")


def document(world: World, reference: str, username: str, **part: int) -> Any:  # noqa: ANN401
    response = world.as_(username).get(
        f"/cases/{reference}/journal/export", params={"format": "docx", **part}
    )
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == DOCX
    assert f"Verlaufsakte%20{reference}.docx" in response.headers["content-disposition"]
    return docx.Document(io.BytesIO(response.content))


def test_the_document_reads_in_german(told: tuple[World, str]) -> None:
    world, reference = told
    read = document(world, reference, "recht.kamen")
    [table] = read.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    total = exported(world, reference, "recht.kamen")["entry_count"]
    assert len(table.rows) == total + 1
    cells = [cell.text.replace("\u00a0", " ") for cell in table.rows[-1].cells]
    number, recorded, who, legal, act, reason, change, digest = cells
    assert (number, recorded) == (str(total), "01.06.2026, 12:00:00 Uhr")
    assert who.split("\n") == ["vereinbar", "im Namen: Bürgermeisterin", "Stadt Kamen"]
    assert (legal, act) == ("–", "Eintrag eines Beschlusses berichtigt")
    assert reason.split("\n") == [
        "Zahlendreher \ufffd gegenüber der Niederschrift", "vom 1. Juni", "§ 52 GO NRW",
    ]  # fmt: skip
    assert change.split("\n") == [
        "Stimmen: ja 83, nein 1 → ja 38, nein 1",
        "Ergebnis: abgelehnt → beschlossen",
        "beschlossen am: – → 01.06.2026",
        "Körperschaft: Stadt Kamen",
        "Zuwendung: 490.000,00 €",
        "Verfahrensschritt: Beschlüsse der Räte",
    ]
    assert re.fullmatch(r"[0-9a-f]{12}…", digest)


def test_the_document_says_what_it_leaves_out(told: tuple[World, str]) -> None:
    world, reference = told
    masked = document(world, reference, "admin").tables[0].rows[-1].cells
    assert masked[4].text == "Eintrag eines Beschlusses berichtigt"
    assert masked[2].text == "–"
    assert masked[6].text == "Einzelheiten sind für die abrufende Person nicht einsehbar."
    read = document(world, reference, "sb.bergkamen")
    hidden = read.tables[0].rows[-1].cells
    assert [cell.text for cell in hidden[1:6]] == ["–"] * 5
    assert hidden[6].text == "Der Eintrag ist für die abrufende Person nicht einsehbar."
    assert any("fehlt der Inhalt" in paragraph.text for paragraph in read.paragraphs)


def test_a_long_journal_is_printed_in_parts(told: tuple[World, str]) -> None:
    world, reference = told
    read = document(world, reference, "recht.kamen", first=2, last=3)
    assert [row.cells[0].text for row in read.tables[0].rows[1:]] == ["2", "3"]
    assert any(p.text.startswith("Einträge 2 bis 3 von ") for p in read.paragraphs)
    with world.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        for _ in range(2000):
            journal.append(session, case, Event.STAGE_BEGUN, None, data={"stage": "drafting"})
    client, path = world.as_("recht.kamen"), f"/cases/{reference}/journal/export"
    answer = client.get(path, params={"format": "docx"})
    problem = refused(answer, 422, "too-many-entries")
    assert "höchstens 2000 Einträge" in problem["detail"]
    assert len(document(world, reference, "recht.kamen", last=2000).tables[0].rows) == 2001
    refused(client.get(path, params={"format": "docx", "first": 9999}), 422, "no-entries")
    assert len(ok(client.get(path))["entries"]) > 2000


# --- verified by somebody who has only the docs ----------------------------------------------


@pytest.fixture
def verify(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The program of the docs, run on exports and checkpoints by a bare Python."""
    text = (PROJECT_ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    [program] = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    (tmp_path / "pruefen.py").write_text(program, encoding="utf-8")

    def run(*files: Json) -> subprocess.CompletedProcess[str]:
        names = [f"{number}.json" for number, _ in enumerate(files)]
        for name, content in zip(names, files, strict=True):
            (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "-W", "ignore", "pruefen.py", *names],
            cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return run


Verify = Callable[..., "subprocess.CompletedProcess[str]"]


def checkpoint(world: World) -> Json:
    with world.sessions.begin() as session:
        taken = checkpoints.take(session)
        assert taken is not None
        return checkpoints.document(taken)


@pytest.mark.parametrize("username", ["recht.kamen", "sb.bergkamen", "admin"])
def test_the_program_of_the_docs_finds_a_real_export_in_order(
    told: tuple[World, str], verify: Verify, username: str
) -> None:
    world, reference = told
    export = exported(world, reference, username)
    done = verify(export, checkpoint(world))
    assert done.returncode == 0, done.stderr
    unread = sum(entry["canonical"] is None for entry in export["entries"])
    total = export["entry_count"]
    assert done.stdout == (
        f"In Ordnung: {total} Einträge, davon {unread} ohne Inhalt; 1 Prüfpunkte.\n"
    )


def _changed(export: Json) -> None:
    entry = export["entries"][3]
    entry["canonical"] = entry["canonical"].replace('"confidential":false', '"confidential":true')


def _rehashed(export: Json) -> None:
    _changed(export)
    entry = export["entries"][3]
    entry["hash"] = hashlib.sha256(entry["canonical"].encode()).hexdigest()


def _rewritten(export: Json) -> None:
    _changed(export)
    previous = export["entries"][2]["hash"]
    for entry in export["entries"][3:]:
        content = json.loads(entry["canonical"]) | {"previous_hash": previous}
        entry["canonical"], entry["previous_hash"] = journal.canonical(content), previous
        previous = entry["hash"] = hashlib.sha256(entry["canonical"].encode()).hexdigest()
    export["last_hash"] = previous


def _swapped(export: Json) -> None:
    entries = export["entries"]
    entries[3], entries[4] = entries[4], entries[3]


def _cut_off(export: Json) -> None:
    last = export["entries"].pop()
    export["entry_count"], export["last_hash"] = last["number"] - 1, last["previous_hash"]


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (_changed, "Eintrag 4 wurde geändert."),
        (_rehashed, "Eintrag 5 schließt nicht an den vorigen an."),
        (_swapped, "Eintrag 4 fehlt."),
        (lambda export: export["entries"].pop(3), "Eintrag 4 fehlt."),
        (lambda export: export["entries"].pop(), "Das Ende fehlt."),
        (lambda export: export["entries"][3].update(event="in_force"), "falsch beschriftet"),
        (lambda export: export["entries"][3].update(recorded_at="2020"), "falsch beschriftet"),
        (lambda export: export.update(case_id="anders"), "Eintrag 1 ist falsch beschriftet"),
        (lambda export: export.update(last_hash="0"), "Das Ende fehlt."),
        (_rewritten, "Prüfpunkt 1: Der Verlauf war ein anderer."),
        (_cut_off, "Prüfpunkt 1: Der Verlauf war ein anderer."),
    ],
)
def test_the_program_of_the_docs_names_what_was_tampered_with(
    told: tuple[World, str], verify: Verify, tamper: Callable[[Json], object], sentence: str
) -> None:
    world, reference = told
    export = exported(world, reference, "recht.kamen")
    tampered = copy.deepcopy(export)
    tamper(tampered)
    done = verify(tampered, checkpoint(world))
    assert done.returncode == 1
    assert done.stderr.startswith("FEHLER: ")
    assert sentence in done.stderr


def test_the_program_of_the_docs_finds_a_changed_checkpoint(
    told: tuple[World, str], verify: Verify
) -> None:
    world, reference = told
    export, point = exported(world, reference, "recht.kamen"), checkpoint(world)
    changes: tuple[Json, ...] = ({"states": []}, {"cases": 7}, {"digest": "0"}, {"hash": "0"})
    for changed in changes:
        done = verify(export, point | changed)
        assert (done.returncode, done.stderr) == (1, "FEHLER: Prüfpunkt 1 wurde geändert.\n")


def test_the_docs_name_every_field_that_is_hashed(told: tuple[World, str]) -> None:
    world, reference = told
    text = (PROJECT_ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    table = text.partition("## Den Auszug")[0]
    export = exported(world, reference, "recht.kamen")
    fields = json.loads(export["entries"][0]["canonical"])
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", table, re.M)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert named == set(fields)
