"""A request for a decision that is read at once gets the answer that FastAPI's way gives it."""

from __future__ import annotations

import json
from typing import Any, Final

import httpx
import pytest

from tests.api.world import AGREEMENT, TODAY, TOMORROW, World, ok

# FastAPI reads both alike; at once only the first is read.
_PLAIN, _LESS_PLAIN = "application/json", "application/json; charset=utf-8"
_UNKNOWN: Final = "01a217d0-0000-7000-8000-000000000000"
_SUBMITTED: Final = {"kind": "submit_draft", "submitted_on": TODAY}


def _ask(
    client: httpx.Client, task: str, body: bytes, media_type: str, headers: dict[str, str]
) -> httpx.Response:
    return client.post(
        f"/tasks/{task}/complete", content=body, headers={"Content-Type": media_type, **headers}
    )


def _draft(world: World) -> str:
    """The task of handing in a draft that is written."""
    reference = world.start()
    ok(world.as_("recht.schwerte").post(f"/cases/{reference}/versions", json=AGREEMENT))
    return str(world.task("recht.schwerte", "submit_draft")["id"])


def _seen(response: httpx.Response) -> tuple[int, Any]:
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"{", {}),
        (b"null", {}),
        (b"[]", {}),
        (b"[" * 100_000, {}),
        (b'{"kind": "submit_draft", "submitted_on": "\xff"}', {}),
        (b'{"kind": "submit_draft"}', {}),
        (b'{"kind": "unheard-of", "submitted_on": "2026-06-01"}', {}),
        (json.dumps({**_SUBMITTED, "more": 1}).encode(), {}),
        (json.dumps({**_SUBMITTED, "submitted_on": TOMORROW}).encode(), {}),
        (json.dumps({"kind": "freeze_version", "version": 1, "frozen_on": TODAY}).encode(), {}),
        (json.dumps(_SUBMITTED).encode(), {"If-Match": "no etag"}),
        (json.dumps(_SUBMITTED).encode(), {"If-Match": '"7"'}),
        (json.dumps(_SUBMITTED).encode(), {"Idempotency-Key": ""}),
        (json.dumps(_SUBMITTED).encode(), {"Idempotency-Key": "k" * 101}),
    ],
)
def test_refusals_are_the_same(world: World, body: bytes, headers: dict[str, str]) -> None:
    task = _draft(world)
    client = world.as_("recht.schwerte")
    answers = [_ask(client, task, body, type_, headers) for type_ in (_PLAIN, _LESS_PLAIN)]
    assert answers[0].status_code >= 400
    assert _seen(answers[0]) == _seen(answers[1])


@pytest.mark.parametrize("task", ["not-an-id", _UNKNOWN, "{" + _UNKNOWN + "}"])
def test_what_is_no_task_of_theirs(world: World, task: str) -> None:
    body, client = json.dumps(_SUBMITTED).encode(), world.as_("recht.schwerte")
    answers = [_seen(_ask(client, task, body, type_, {})) for type_ in (_PLAIN, _LESS_PLAIN)]
    assert answers[0][0] in (404, 422)
    assert answers[0] == answers[1]


def test_nobody_is_not_signed_in(world: World) -> None:
    body, nobody = json.dumps(_SUBMITTED).encode(), world.client()
    stranger = world.client(Authorization="Bearer vb_unknown")
    for client in (nobody, stranger):
        answers = [_seen(_ask(client, _UNKNOWN, body, one, {})) for one in (_PLAIN, _LESS_PLAIN)]
        assert answers[0][0] == 401
        assert answers[0] == answers[1]


def test_a_key_is_the_same_key_either_way(world: World) -> None:
    task = _draft(world)
    body, client = json.dumps(_SUBMITTED).encode(), world.as_("recht.schwerte")
    first = _ask(client, task, body, _PLAIN, {"Idempotency-Key": "once"})
    again = _ask(client, task, body, _LESS_PLAIN, {"Idempotency-Key": "once"})
    assert ok(first) == ok(again)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["ETag"] == again.headers["ETag"]
