"""Comments, attachments, planning, and the same for many tasks at once."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, update

from agreements.model.cases import Task
from agreements.model.councils import Consultation
from agreements.model.notices import Notice
from agreements.model.people import User
from agreements.model.work import TaskAttachment
from tests.api.world import KAMEN, NOW, TODAY, TOMORROW, YESTERDAY, World, ok, refused

PDF = b"%PDF-1.7 Stellungnahme"
REMARK = "Vermerk Holunder"


def _task(world: World) -> str:
    return str(world.task("sb.kamen", "record_resolution")["id"])


def _events(world: World, username: str, reference: str) -> list[dict[str, Any]]:
    journal = world.as_(username).get(f"/cases/{reference}/journal", params={"limit": 200})
    return [e for e in ok(journal)["items"] if e["event"].startswith(("task_", "attachment_"))]


def _attach(
    client: httpx.Client,
    task: str,
    content: bytes = PDF,
    media_type: str = "application/pdf",
    file_name: str = "Stellungnahme.pdf",
) -> httpx.Response:
    return client.post(
        f"/tasks/{task}/attachments",
        content=content,
        params={"file_name": file_name},
        headers={"Content-Type": media_type},
    )


def _make_private(world: World) -> None:
    with world.sessions.begin() as session:
        session.execute(update(Consultation).values(public=False))


def _office(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


def test_a_comment_is_read_by_whoever_sees_the_task(councils: tuple[World, str]) -> None:
    world, reference = councils
    task, path = _task(world), f"/tasks/{_task(world)}/comments"
    clerk, legal = world.as_("sb.kamen"), world.as_("recht.schwerte")
    ok(clerk.post(f"/tasks/{task}/claim"))
    first = ok(clerk.post(path, json={"text": " Mit dem Sitzungsdienst\nabgestimmt. "}))
    assert first["text"] == "Mit dem Sitzungsdienst\nabgestimmt."
    second = ok(legal.post(path, json={"text": "Bitte bis Freitag."}))
    assert ok(clerk.get(path))["items"] == ok(legal.get(path))["items"] == [first, second]
    refused(world.as_("sb.bergkamen").get(path), 404, "task-unknown")
    refused(world.as_("sb.bergkamen").post(path, json={"text": "?"}), 404, "task-unknown")
    noted = _events(world, "recht.schwerte", reference)[-1]
    assert (noted["event"], noted["data"]["comment"]) == ("task_commented", "Bitte bis Freitag.")
    with world.sessions() as session:
        # Whoever works on it is told of the other's comment, not of the own one.
        [notice] = session.scalars(select(Notice).where(Notice.kind == "task_commented"))
        assert (notice.key, str(notice.task_id)) == (f"comment:{second['id']}", task)
        assert "Freitag" not in repr(notice.data)


def test_a_comment_sent_twice_is_written_once(councils: tuple[World, str]) -> None:
    world, _ = councils
    path = f"/tasks/{_task(world)}/comments"
    key = {"Idempotency-Key": "vermerk-1"}
    for _ in range(2):
        ok(world.as_("sb.kamen").post(path, json={"text": "Einmal."}, headers=key))
    assert len(ok(world.as_("sb.kamen").get(path))["items"]) == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "a\x00b", "\x1b[31m"])
def test_a_comment_is_a_text(councils: tuple[World, str], text: str) -> None:
    world, _ = councils
    answer = world.as_("sb.kamen").post(f"/tasks/{_task(world)}/comments", json={"text": text})
    assert refused(answer, 422, "invalid-input")["field"] == "text"


def test_remarks_on_a_private_consultation_stay_with_its_body(councils: tuple[World, str]) -> None:
    world, reference = councils
    task, clerk, legal = _task(world), world.as_("sb.kamen"), world.as_("recht.schwerte")

    def listed() -> bool:
        items = ok(legal.get(f"/cases/{reference}/tasks"))["items"]
        return task in [entry["id"] for entry in items]

    assert listed()
    _make_private(world)
    assert not listed()
    ok(clerk.post(f"/tasks/{task}/comments", json={"text": REMARK}))
    filed = ok(_attach(clerk, task, file_name="Holunder.pdf"))
    ok(clerk.post(f"/tasks/{task}/planning", json={"priority": "high"}))
    for answer in (
        legal.get(f"/tasks/{task}/comments"),
        legal.post(f"/tasks/{task}/comments", json={"text": "?"}),
        legal.get(f"/tasks/{task}/attachments"),
        _attach(legal, task),
    ):
        refused(answer, 404, "task-unknown")
    refused(legal.get(f"/attachments/{filed['id']}/content"), 404, "attachment-unknown")
    assert _events(world, "recht.schwerte", reference) == []
    own = _events(world, "sb.kamen", reference)
    assert [e["event"] for e in own] == ["task_commented", "attachment_filed", "task_planned"]
    assert "Holunder" not in repr(own)


def test_who_acts_on_a_private_consultation_of_others_reads_no_remarks(
    councils: tuple[World, str],
) -> None:
    """The task is theirs, the consultation is not."""
    world, _ = councils
    task = _task(world)
    _make_private(world)
    with world.sessions.begin() as session:
        other = session.scalars(select(Task.body_id).where(Task.kind == "draft_finance_plan")).one()
        session.execute(update(Task).where(Task.id == task).values(body_id=other))
    answer = world.as_("recht.kreis-unna").get(f"/tasks/{task}/comments")
    refused(answer, 403, "in-confidence")


def test_an_attachment_is_filed_read_and_hidden(councils: tuple[World, str]) -> None:
    world, reference = councils
    task, clerk = _task(world), world.as_("sb.kamen")
    filed = ok(_attach(clerk, task, file_name="..\\Ordner/Stellungnahme Bäder.pdf"))
    assert filed["file_name"] == "Stellungnahme Bäder.pdf"
    # The same file once more changes nothing.
    assert ok(_attach(clerk, task, file_name="Stellungnahme Bäder.pdf"))["id"] == filed["id"]
    path = f"/attachments/{filed['id']}/content"
    for reader in ("sb.kamen", "recht.schwerte"):
        read = world.as_(reader).get(path)
        assert read.content == PDF
        assert read.headers["x-content-type-options"] == "nosniff"
        assert read.headers["content-disposition"].startswith("attachment; ")
        assert "sandbox" in read.headers["content-security-policy"]
    refused(world.as_("sb.bergkamen").get(path), 404, "attachment-unknown")
    hidden = f"/tasks/{task}/attachments/{filed['id']}"
    refused(world.as_("recht.schwerte").delete(hidden), 403, "not-permitted")
    refused(clerk.delete(f"/tasks/{task}/attachments/{uuid4()}"), 404, "attachment-unknown")
    assert clerk.delete(hidden).status_code == 204
    refused(clerk.delete(hidden), 404, "attachment-unknown")
    refused(clerk.get(path), 404, "attachment-unknown")
    assert ok(clerk.get(f"/tasks/{task}/attachments"))["items"] == []
    events = [e["event"] for e in _events(world, "sb.kamen", reference)]
    assert events == ["attachment_filed", "attachment_removed"]
    with world.sessions() as session:
        row = session.scalars(select(TaskAttachment)).one()
    assert world.store.read(row.content_hash) == PDF


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (PDF, "application/pdf", ".pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg", ".jpg"),
        (
            _office("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ".xlsx",
        ),
        ("Straße\r\n".encode(), "text/plain", ".txt"),
    ],
)
def test_usual_files_are_taken(
    councils: tuple[World, str], content: bytes, media_type: str, ending: str
) -> None:
    world, _ = councils
    filed = ok(_attach(world.as_("sb.kamen"), _task(world), content, media_type, "Anlage"))
    assert filed["file_name"] == f"Anlage{ending}"


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"<script>", "text/html", "file-type"),
        (b"MZ", "application/pdf", "file-not-as-claimed"),
        (b"MZ\x00\x01", "text/plain", "file-not-as-claimed"),
        ("Straße".encode("latin-1"), "text/plain", "file-not-as-claimed"),
        (
            _office("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "file-not-as-claimed",
        ),
        (b"", "application/pdf", "file-empty"),
    ],
)
def test_other_files_are_refused(
    councils: tuple[World, str], content: bytes, media_type: str, code: str
) -> None:
    world, _ = councils
    task, clerk = _task(world), world.as_("sb.kamen")
    refused(_attach(clerk, task, content, media_type), 422, code)
    assert ok(clerk.get(f"/tasks/{task}/attachments"))["items"] == []


def test_a_task_is_planned(councils: tuple[World, str]) -> None:
    world, reference = councils
    task, clerk = world.task("sb.kamen", "record_resolution"), world.as_("sb.kamen")
    path, stand = f"/tasks/{task['id']}/planning", {"If-Match": f'"{task["version"]}"'}
    planned = clerk.post(path, json={"priority": "high", "follow_up_on": TOMORROW}, headers=stand)
    seen = ok(planned)
    assert (seen["priority_label"], seen["follow_up_on"]) == ("hoch", TOMORROW)
    assert planned.headers["etag"] == f'"{seen["version"]}"'
    refused(clerk.post(path, json={"priority": "low"}, headers=stand), 412, "task-changed")
    assert ok(clerk.post(path, json={"follow_up_on": None}))["priority"] == "high"
    assert ok(clerk.post(path, json={"follow_up_on": TODAY}))["follow_up_on"] == TODAY
    # Nothing new is no event.
    ok(clerk.post(path, json={"priority": "high"}))
    changes = [(e["before"], e["after"]) for e in _events(world, "sb.kamen", reference)]
    assert changes == [
        (
            {"priority": "normal", "follow_up_on": None},
            {"priority": "high", "follow_up_on": TOMORROW},
        ),
        ({"follow_up_on": TOMORROW}, {"follow_up_on": None}),
        ({"follow_up_on": None}, {"follow_up_on": TODAY}),
    ]


def test_what_cannot_be_planned_is_refused(councils: tuple[World, str]) -> None:
    world, reference = councils
    path = f"/tasks/{_task(world)}/planning"
    clerk = world.as_("sb.kamen")
    past = refused(clerk.post(path, json={"follow_up_on": YESTERDAY}), 422, "follow-up-in-past")
    assert past["field"] == "follow_up_on"
    refused(clerk.post(path, json={}), 422, "invalid-input")
    refused(clerk.post(path, json={"due_on": TODAY}), 422, "invalid-input")
    refused(world.as_("recht.kamen").post(path, json={"priority": "low"}), 403, "task-of-others")
    refused(world.as_("sb.bergkamen").post(path, json={"priority": "low"}), 404, "task-unknown")
    world.resolve(reference, KAMEN)
    refused(clerk.post(path, json={"priority": "low"}), 409, "task-not-open")


def test_many_tasks_at_once_are_judged_one_by_one(councils: tuple[World, str]) -> None:
    world, reference = councils
    mine, foreign, unknown = _task(world), world.task("sb.bergkamen", "record_resolution"), uuid4()
    ids = [str(unknown), mine, foreign["id"], mine]
    clerk = world.as_("sb.kamen")
    answer = ok(clerk.post("/tasks/bulk", json={"action": "claim", "task_ids": ids}))
    assert answer["done"] == 1
    results = [(r["task_id"], r["done"], r["code"]) for r in answer["items"]]
    assert results == [
        (str(unknown), False, "task-unknown"),
        (mine, True, None),
        (foreign["id"], False, "task-unknown"),
    ]
    assert answer["items"][1]["version"] == world.task("sb.kamen", "record_resolution")["version"]
    plan = {"action": "plan", "task_ids": ids, "plan": {"follow_up_on": TOMORROW}}
    assert ok(clerk.post("/tasks/bulk", json=plan))["done"] == 1
    late = {"action": "plan", "task_ids": [mine], "plan": {"follow_up_on": YESTERDAY}}
    [refusal] = ok(clerk.post("/tasks/bulk", json=late))["items"]
    assert refusal["code"] == "follow-up-in-past"
    assert "Vergangenheit" in refusal["detail"]
    release = {"action": "release", "task_ids": ids}
    assert ok(clerk.post("/tasks/bulk", json=release))["done"] == 1
    # Nothing of the refused ones stays.
    assert ok(clerk.post("/tasks/bulk", json=release))["items"][1]["code"] == "not-yet-possible"
    events = [e["event"] for e in _events(world, "recht.schwerte", reference)]
    assert events == ["task_claimed", "task_planned", "task_released"]
    assert ok(clerk.get(f"/cases/{reference}"))


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"action": "complete", "task_ids": [str(uuid4())]}, "action"),
        ({"task_ids": [str(uuid4())]}, "action"),
        ({"action": "claim", "task_ids": []}, "task_ids"),
        ({"action": "claim", "task_ids": [str(uuid4())] * 201}, "task_ids"),
        ({"action": "plan", "task_ids": [str(uuid4())]}, None),
        ({"action": "claim", "task_ids": [str(uuid4())], "plan": {"priority": "low"}}, None),
        ({"action": "plan", "task_ids": [str(uuid4())], "plan": {}}, "plan"),
    ],
)
def test_a_bulk_action_that_cannot_be_meant_is_refused(
    world: World, content: dict[str, Any], field: str | None
) -> None:
    answer = world.as_("sb.kamen").post("/tasks/bulk", json=content)
    assert refused(answer, 422, "invalid-input")["field"] == field


def test_two_bulk_actions_on_the_same_cases_both_end(world: World) -> None:
    """Each names the tasks in another order; neither waits for the other for ever."""
    for number in range(3):
        world.start(title=f"Vorgang {number}")
    items = ok(world.as_("recht.schwerte").get("/tasks"))["items"]
    ids = [task["id"] for task in items]
    assert len(ids) >= 3

    def act(order: list[str], priority: str) -> httpx.Response:
        content = {"action": "plan", "task_ids": order, "plan": {"priority": priority}}
        return world.as_("recht.schwerte").post("/tasks/bulk", json=content)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            both = [pool.submit(act, ids, "high"), pool.submit(act, ids[::-1], "low")]
            for answer in both:
                assert ok(answer.result())["done"] == len(ids)
    ends = {t["priority"] for t in ok(world.as_("recht.schwerte").get("/tasks"))["items"]}
    assert len(ends) == 1


def test_the_supervisor_assigns_many_at_once(councils: tuple[World, str]) -> None:
    world, _ = councils
    task, other = _task(world), world.task("sb.bergkamen", "record_resolution")["id"]
    wanted = {"action": "assign", "task_ids": [other, task], "assign": {"to": "sb.kamen"}}
    answer = ok(world.as_("leitung.kamen").post("/tasks/bulk", json=wanted))
    assert [(r["task_id"], r["done"]) for r in answer["items"]] == [(other, False), (task, True)]
    shown = world.task("sb.kamen", "record_resolution")
    assert shown["claimed_by"] != shown["assigned_by"] is not None
    # Whoever does not distribute cannot do so in bulk either.
    [refusal] = ok(world.as_("sb.kamen").post("/tasks/bulk", json={**wanted, "task_ids": [task]}))[
        "items"
    ]
    assert not refusal["done"]


def test_a_bulk_action_sent_twice_is_carried_out_once(councils: tuple[World, str]) -> None:
    world, reference = councils
    content = {"action": "claim", "task_ids": [_task(world)]}
    key = {"Idempotency-Key": "stapel-1"}
    first, second = (
        world.as_("sb.kamen").post("/tasks/bulk", json=content, headers=key) for _ in range(2)
    )
    assert ok(first) == ok(second)
    assert second.headers["idempotency-replayed"] == "true"
    assert len(_events(world, "sb.kamen", reference)) == 1


def test_the_limit_of_attachments_is_told(councils: tuple[World, str]) -> None:
    world, _ = councils
    task = _task(world)
    with world.sessions.begin() as session:
        row = session.get_one(Task, task)
        author = session.scalars(select(User.id).where(User.username == "sb.kamen")).one()
        session.add_all(
            TaskAttachment(
                task_id=row.id,
                case_id=row.case_id,
                author_id=author,
                file_name=f"{number}.pdf",
                media_type="application/pdf",
                size=1,
                content_hash="0" * 64,
                filed_at=NOW + timedelta(seconds=number),
            )
            for number in range(50)
        )
    refused(_attach(world.as_("sb.kamen"), task), 409, "too-many-attachments")
