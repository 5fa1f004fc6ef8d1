"""While the database is away nobody signs in, and nobody is locked out afterwards."""

from __future__ import annotations

from agreements.cli.stack_supervisor import free_ports
from agreements.database.engine import make_engine, session_factory
from tests.api.world import PASSWORD, World, ok, refused


def test_failed_connections_are_no_wrong_passwords(world: World) -> None:
    client = world.client()
    credentials = {"username": "sb.kamen", "password": PASSWORD}
    away = make_engine(f"postgresql://nobody@127.0.0.1:{free_ports(1)[0]}/away")
    world.app.state.sessions = session_factory(away)
    for _ in range(6):
        refused(client.post("/session", json=credentials), 503, "database-unavailable")
    world.app.state.sessions = world.sessions
    away.dispose()
    ok(client.post("/session", json=credentials))
