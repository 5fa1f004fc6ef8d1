"""A decision takes few statements: all from the sign-in on, but for BEGIN and COMMIT."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import event

from tests.api.world import KAMEN, TODAY, World, ok

CEILING = 10


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that the block sends."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: Any) -> None:  # noqa: ANN401
        seen.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(world.engine, "before_cursor_execute", note)


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def test_a_resolution_takes_few_statements(councils: tuple[World, str]) -> None:
    world, reference = councils
    resolution = world.resolution(reference)
    clerk = world.as_("sb.kamen")
    # The committee's recommendation opens the council's task as well.
    for _ in range(2):
        with counted(world) as seen:
            ok(clerk.post(f"/cases/{reference}/resolutions", json=resolution, headers=_key()))
        assert len(seen) <= CEILING, "\n\n".join(seen)


def test_completing_a_task_takes_few_statements(councils: tuple[World, str]) -> None:
    world, reference = councils
    act = {"kind": "record_resolution", **world.resolution(reference)}
    for _ in range(2):
        task = world.task("sb.kamen", "record_resolution")
        with counted(world) as seen:
            path = f"/tasks/{task['id']}/complete"
            ok(world.as_("sb.kamen").post(path, json=act, headers=_key()))
        assert len(seen) <= CEILING, "\n\n".join(seen)


def test_also_where_somebody_is_excluded(
    councils: tuple[World, str],
) -> None:
    world, reference = councils
    clerk = world.as_("sb.kamen")
    biased = {"name": "Ottilie Befangen", "function": "Ratsmitglied", "reason": "Angehörige"}
    exclusion = {"body": KAMEN, **biased, "declared_on": TODAY}
    ok(clerk.post(f"/cases/{reference}/exclusions", json=exclusion))
    resolution = world.resolution(reference)
    with counted(world) as seen:
        ok(clerk.post(f"/cases/{reference}/resolutions", json=resolution, headers=_key()))
    assert len(seen) <= CEILING, "\n\n".join(seen)


def test_a_signature_takes_few_statements(world: World) -> None:
    reference = world.to_signing()
    signature = world.signature(reference)
    signatory = world.as_("unterschrift.kamen")
    with counted(world) as seen:
        ok(signatory.post(f"/cases/{reference}/signatures", json=signature, headers=_key()))
    assert len(seen) <= CEILING, "\n\n".join(seen)
