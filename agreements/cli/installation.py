"""The database of this installation, for commands that set it up: running or stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agreements.settings import get_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker


@contextmanager
def installation_transaction() -> Iterator[Session]:
    """One transaction on the installation's database, committed at the end."""
    with installation_sessions() as sessions, sessions.begin() as session:
        yield session


@contextmanager
def installation_sessions() -> Iterator[sessionmaker[Session]]:
    """Sessions on the installation's database, for work of several transactions."""
    # Slow imports: a command that refuses its input does not wait for them.
    from agreements.database.engine import make_engine, session_factory

    with _database() as url:
        engine = make_engine(url, pool_size=1)
        try:
            yield session_factory(engine)
        finally:
            engine.dispose()


@contextmanager
def _database() -> Iterator[str]:
    """The migrated database: the one that is set, the running stack's, or the embedded one."""
    from agreements.cli.stack_environment import embedded_server
    from agreements.cli.stack_state import exclusive, running_stack_state
    from agreements.database import schema

    settings = get_settings()
    running = running_stack_state(settings.data_dir)
    url = settings.database_url or (running.database_url if running else None)
    if url is not None:
        schema.upgrade(url)
        yield url
        return
    with exclusive(settings.data_dir), embedded_server(settings) as server:
        server.ensure_database("vereinbar")
        schema.upgrade(server.url("vereinbar"))
        yield server.url("vereinbar")
