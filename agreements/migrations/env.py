"""Alembic's environment; ``agreements.database.schema`` runs it and gives the connection."""

from __future__ import annotations

from alembic import context

import agreements.model.tables  # noqa: F401  (every table registers itself)
from agreements.model.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
