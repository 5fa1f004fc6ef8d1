"""The OpenAPI document: valid, German, complete; and every endpoint asks who is there."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate
from pydantic import TypeAdapter

from agreements.acts import Act
from api.app import app
from api.contract import PUBLIC, operations
from api.rest.examples import ACT_EXAMPLES
from tests.api.world import World, ok

DOCUMENT: dict[str, Any] = app.openapi()
OPERATIONS = list(operations(DOCUMENT))
IDS = [f"{method.upper()} {path}" for method, path, _ in OPERATIONS]
each = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)


def test_the_document_validates() -> None:
    validate(DOCUMENT)


def test_the_document_is_served_to_everybody(world: World) -> None:
    assert ok(world.client().get("/openapi.json")) == DOCUMENT


@each
def test_an_endpoint_is_described(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    # A description would be a docstring that speaks to programmers.
    assert "description" not in operation
    body = operation.get("requestBody")
    if body is not None and not _is_file(body):
        assert body["content"]["application/json"]["examples"]


def _is_file(body: dict[str, Any]) -> bool:
    """Whether a file is sent as it is; there is no example of one."""
    return all(content["schema"].get("format") == "binary" for content in body["content"].values())


@each
def test_every_error_is_a_problem(method: str, path: str, operation: dict[str, Any]) -> None:
    errors = {s: r for s, r in operation["responses"].items() if int(s) >= 400}
    assert {"500", "503"} <= errors.keys()
    for response in errors.values():
        reference = {"$ref": "#/components/schemas/Problem"}
        assert response["content"] == {"application/problem+json": {"schema": reference}}


@each
def test_security_is_declared(method: str, path: str, operation: dict[str, Any]) -> None:
    declared = [name for entry in operation.get("security", []) for name in entry]
    expected = [] if (method, path) in PUBLIC else ["Sitzung", "Zugangsschluessel"]
    assert declared == expected


@each
def test_nothing_is_answered_without_sign_in(
    served: tuple[FastAPI, str], method: str, path: str, operation: dict[str, Any]
) -> None:
    if (method, path) in PUBLIC:
        return
    filled = re.sub(r"\{(\w+)\}", lambda found: _value(found[1]), path)
    response = httpx.request(method, served[1] + filled, trust_env=False, timeout=60)
    assert response.status_code == 401, response.text
    assert response.json()["code"] == "not-signed-in"


def _value(name: str) -> str:
    known = {"reference": "IKZ-2026-0001", "ags": "05978020", "kind": "agreement", "number": "1"}
    return known.get(name, str(uuid4()))


def test_the_kind_of_an_act_tells_the_variants_apart() -> None:
    schema = DOCUMENT["paths"]["/api/v1/tasks/{task_id}/complete"]["post"]["requestBody"]
    assert (
        schema["content"]["application/json"]["schema"]["discriminator"]["propertyName"] == "kind"
    )


def test_answers_have_no_defaults() -> None:
    outputs = {
        name: schema
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if name.endswith("View") or name.startswith("Page_")
    }
    assert outputs
    for name, schema in outputs.items():
        assert set(schema["required"]) == set(schema["properties"]), name


def test_examples_are_accepted_by_their_own_models() -> None:
    for example in ACT_EXAMPLES.values():
        TypeAdapter(Act).validate_python(example.get("value"))


def test_the_health_is_public_and_asks_the_database(world: World) -> None:
    assert ok(world.client().get("/health"))["status"] == "ok"
    assert ok(world.client().get(f"{world.address}/health"))["status"] == "ok"
