"""A decision takes few round trips to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.api.world import World, ok

# One of them asks whether the person is excluded for bias: it may be recorded at any moment.
CEILING = 15


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


def test_a_resolution_takes_few_statements(councils: tuple[World, str]) -> None:
    world, reference = councils
    resolution = world.resolution(reference)
    clerk = world.as_("sb.kamen")
    # The committee's recommendation opens the council's task as well.
    for ceiling in (CEILING + 1, CEILING):
        with counted(world) as seen:
            ok(clerk.post(f"/cases/{reference}/resolutions", json=resolution))
        assert len(seen) <= ceiling, "\n\n".join(seen)


def test_completing_a_task_takes_few_statements(councils: tuple[World, str]) -> None:
    world, reference = councils
    act = {"kind": "record_resolution", **world.resolution(reference)}
    for ceiling in (CEILING + 1, CEILING):
        task = world.task("sb.kamen", "record_resolution")
        with counted(world) as seen:
            ok(world.as_("sb.kamen").post(f"/tasks/{task['id']}/complete", json=act))
        assert len(seen) <= ceiling, "\n\n".join(seen)
