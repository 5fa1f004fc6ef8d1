"""While the database is away nobody signs in, and nobody is locked out afterwards."""

from __future__ import annotations

from agreements.database.engine import make_engine, session_factory
from tests.api.world import PASSWORD, World, ok, refused
from tests.ports import nobody_listens


def test_failed_connections_are_no_wrong_passwords(world: World) -> None:
    client = world.client()
    credentials = {"username": "sb.kamen", "password": PASSWORD}
    with nobody_listens() as port:
        away = make_engine(f"postgresql://nobody@127.0.0.1:{port}/away")
        world.app.state.sessions = session_factory(away)
        for _ in range(6):
            refused(client.post("/session", json=credentials), 503, "database-unavailable")
    world.app.state.sessions = world.sessions
    away.dispose()
    ok(client.post("/session", json=credentials))
